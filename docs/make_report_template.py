"""Make the template of Word reports again, ``resources/templates/report.docx``: page, fonts, styles, header and footer.

Run it from the root of the repository, ``python docs/make_report_template.py [FILE]``; the template can be changed in Word
too, as long as its styles keep their names.
"""

# ruff: noqa: ANN401 - python-docx is untyped

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor, Twips

TEMPLATE = Path("pipeline/osce_commitments/resources/templates/report.docx")
_INK, _MUTED, _BLUE, _LINE = "1F2933", "616E7C", "0B3766", "D9E2EC"
_FONT = "Arial"
_TEXT_WIDTH = 9_070


def make_template(path: Path) -> None:
    """Write the template; what a report puts in is its title, in the header, and its edition, in the footers."""
    document = Document()
    _set_page(document)
    _set_properties(document)
    styles = document.styles
    normal = styles["Normal"]
    _font(normal, 10, _INK)
    _space(normal, after=4, line=1.15)
    _use_language(normal)
    for name, size, before in (("Heading 1", 18, 24), ("Heading 2", 13.5, 16), ("Heading 3", 11.5, 12)):
        _heading(styles[name], size, before)
    _heading(styles["Heading 4"], 10.5, 10)
    _title(styles)
    for name in ("Header", "Footer"):
        _font(styles[name], 8.5, _MUTED)
    _lists(styles)
    _entries(styles)
    _tables(document)
    document.save(path)


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.3), Cm(2.2)
    section.different_first_page_header_footer = True
    _line(section.header.paragraphs[0], "Title", has_number=False)
    _line(section.footer.paragraphs[0], "Edition", has_number=True)
    _line(section.first_page_footer.paragraphs[0], "Edition", has_number=True)


def _line(paragraph: Any, text: str, *, has_number: bool) -> None:
    stops = paragraph.paragraph_format.tab_stops
    # The style has a stop in the middle of the page, which would catch the tab.
    for position in (4320, 4680):
        stops.add_tab_stop(Twips(position), WD_TAB_ALIGNMENT.CLEAR)
    stops.add_tab_stop(Twips(_TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(text)
    if has_number:
        paragraph.add_run("\t")
        _field(paragraph, "PAGE")
        paragraph.add_run(" / ")
        _field(paragraph, "NUMPAGES")


def _field(paragraph: Any, name: str) -> None:
    run = paragraph.add_run()
    for kind in ("begin", "instruction", "separate", "text", "end"):
        element = OxmlElement({"instruction": "w:instrText", "text": "w:t"}.get(kind, "w:fldChar"))
        if kind == "instruction":
            element.text = f" {name} "
        elif kind == "text":
            element.text = "1"
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001 - the library knows no fields


def _set_properties(document: Any) -> None:
    properties = document.core_properties
    properties.title, properties.subject, properties.comments = "Report", "", ""
    properties.author = properties.last_modified_by = "osce-commitments"
    properties.keywords, properties.language, properties.revision = "OSCE, commitments", "en-GB", 1
    properties.created = properties.modified = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - of no zone in the format


def _font(style: Any, size: float, colour: str, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        # A font of the theme would win over the one that is named.
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), _FONT)


def _space(style: Any, *, before: float = 0, after: float = 0, line: float = 1.1) -> None:
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), line
    layout.widow_control = True


def _use_language(style: Any) -> None:
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    style.element.get_or_add_rPr().append(language)


def _heading(style: Any, size: float, before: float) -> None:
    _font(style, size, _BLUE, bold=True)
    _space(style, before=before, after=4)
    style.paragraph_format.keep_with_next = True


def _new(styles: Any, name: str, *, is_known: bool = False) -> Any:
    """A new style; ``is_known`` if Word has one of that name itself."""
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=is_known)
    style.base_style = styles["Normal"]
    return style


def _title(styles: Any) -> None:
    _font(styles["Title"], 28, _BLUE, bold=True)
    _space(styles["Title"], before=40, after=8, line=1.0)
    borders = styles["Title"].element.pPr.find("{*}pBdr")
    if borders is not None:
        styles["Title"].element.pPr.remove(borders)
    _font(styles["Subtitle"], 13, _INK)
    _space(styles["Subtitle"], after=4)
    edition = _new(styles, "Edition")
    _font(edition, 10.5, _MUTED)
    _space(edition, after=18)
    contents = _new(styles, "Contents Heading")
    _font(contents, 13.5, _BLUE, bold=True)
    _space(contents, before=6, after=4)


def _lists(styles: Any) -> None:
    for level in (1, 2, 3):
        style = _new(styles, f"toc {level}", is_known=True)
        style.element.set(qn("w:styleId"), f"TOC{level}")
        _font(style, 10, _INK, bold=level == 1)
        _space(style, before=3 if level == 1 else 0, after=1)
        style.paragraph_format.left_indent = Cm(0.6 * (level - 1))
        style.paragraph_format.tab_stops.add_tab_stop(Twips(_TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    _space(styles["List Bullet"], after=3)
    _font(styles["Body Text"], 10, _INK)
    _space(styles["Body Text"], after=6, line=1.15)
    _hyperlink(styles)


def _hyperlink(styles: Any) -> None:
    style = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER, builtin=True)
    style.font.color.rgb = RGBColor.from_string("1F5FA8")


def _entries(styles: Any) -> None:
    provision, source = _new(styles, "Provision"), _new(styles, "Source")
    _font(provision, 10, _INK)
    _space(provision, before=6, after=1, line=1.12)
    provision.paragraph_format.keep_with_next = provision.paragraph_format.keep_together = True
    _font(source, 8, _MUTED)
    _space(source, after=5)
    source.paragraph_format.left_indent = provision.paragraph_format.left_indent = Cm(0.4)
    picture, after = _new(styles, "Picture"), _new(styles, "After Table")
    _space(picture, before=8, after=2, line=1.0)
    picture.paragraph_format.keep_with_next = True
    _font(after, 4, _INK)
    _space(after, after=4)
    _font(styles["Caption"], 9, _MUTED)
    _space(styles["Caption"], before=6, after=4)


def _tables(document: Any) -> None:
    styles = document.styles
    for name in ("Table Text", "Table Figure"):
        style = _new(styles, name)
        _font(style, 8.5, _INK)
        _space(style, before=1.5, after=1.5, line=1.05)
    styles["Table Figure"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line = f'w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"'
    styles.element.append(
        parse_xml(
            '<w:style xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" w:type="table" '
            'w:customStyle="1" w:styleId="ReportTable"><w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/>'
            f"<w:tblPr><w:tblBorders><w:top {line}/><w:bottom {line}/><w:insideH {line}/></w:tblBorders>"
            '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="110" w:type="dxa"/></w:tblCellMar></w:tblPr>'
            f'<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="{_MUTED}"/></w:rPr></w:tblStylePr></w:style>'
        )
    )


if __name__ == "__main__":
    make_template(Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATE)

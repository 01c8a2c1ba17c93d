"""The Word file that a report is written into: ours, or an organisation's own with its letterhead, fonts and styles.

Of a template of one's own, header, footer, page and styles stay. The report takes the place of the paragraph ``{{report}}``, or
follows the text of the template. ``{{title}}``, ``{{for}}``, ``{{by}}``, ``{{date}}``, ``{{marking}}`` and ``{{edition}}`` are
filled in anywhere, headers and footers included. Styles that the template lacks come from ours.
"""

# ruff: noqa: ANN401 - python-docx is untyped

from __future__ import annotations

import copy
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from osce_commitments.errors import ConfigError
from osce_commitments.files import read_regular_bytes
from osce_commitments.phrases import shorten
from osce_commitments.report.model import Report
from osce_commitments.resources import template_file

_DOCUMENT, _TYPES = "word/document.xml", "[Content_Types].xml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_PLACE = "{{report}}"
_MARK = "<!--report-->"
_AS_TEMPLATE = b"wordprocessingml.template.main+xml"
_AS_DOCUMENT = b"wordprocessingml.document.main+xml"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_PROPERTY = 255  # characters that the format allows
_STYLE = re.compile(r'(?<=<w:pStyle w:val=")[^"]+')


def in_xml(text: str) -> str:
    """A text in one line, without the characters that XML does not allow."""
    return _NOT_XML.sub("", text).replace("\n", " ").replace("\t", " ")


def open_template() -> Any:
    """Our own template."""
    from docx import Document

    with template_file("report.docx").open("rb") as source:
        return Document(source)


def own_template(path: Path, report: Report) -> Any:
    """An organisation's Word file (.docx or .dotx), ready for a report.

    Raises:
        ConfigError: If it cannot be read as a Word file.
    """
    document = _opened(path)
    _add_styles(document)
    values = {"title": report.title, "edition": report.edition, "marking": report.cover.marking}
    values |= {"for": report.cover.audience, "by": report.cover.author, "date": report.cover.day}
    for paragraph in _paragraphs(document):
        _fill(paragraph, values)
    set_properties(document, report)
    return document


def set_properties(document: Any, report: Report) -> None:
    """Title, subject and day of a document; a longer text is cut, in the properties alone."""
    properties = document.core_properties
    properties.title, properties.subject, properties.comments = (
        shorten(in_xml(text), _LONGEST_PROPERTY, between_words=False)
        for text in (report.title, report.subtitle, report.edition)
    )
    properties.created = properties.modified = _moment(report.written_at)


def saved(document: Any, body: str, written_at: dt.datetime) -> bytes:
    """The archive with the body in its place, and without the time of writing."""
    document.core_properties.modified = _moment(written_at)
    mark = _place(document)
    target, out = io.BytesIO(), io.BytesIO()
    document.save(target)
    # Word in another language gives its styles other ids, but keeps their names.
    ids = {style.name.replace(" ", "").casefold(): style.style_id for style in document.styles}
    body = _STYLE.sub(lambda match: ids.get(match[0].casefold(), match[0]), body)
    with zipfile.ZipFile(target) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = before.read(name)
            after.writestr(entry, content.replace(mark, body.encode(), 1) if name == _DOCUMENT else content)
    return out.getvalue()


def _moment(written_at: dt.datetime) -> dt.datetime:
    return written_at.astimezone(dt.UTC).replace(tzinfo=None, microsecond=0)


def _place(document: Any) -> bytes:
    """Mark where the report goes: in place of the paragraph that says so, else at the end."""
    from lxml import etree

    mark = etree.Comment("report")
    for paragraph in document.paragraphs:
        if paragraph.text.strip() == _PLACE:
            paragraph._p.getparent().replace(paragraph._p, mark)  # noqa: SLF001 - the library cannot replace
            return _MARK.encode()
    document.element.body.append(mark)
    last = document.element.body.find("{*}sectPr")
    if last is not None:
        last.addprevious(mark)
    return _MARK.encode()


def _opened(path: Path) -> Any:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        return Document(io.BytesIO(_as_document(read_regular_bytes(path))))
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise ConfigError(msg, "give --cover template=FILE a Word file (.docx or .dotx)") from error
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError) as error:
        msg = f"{path} is not a Word file"
        raise ConfigError(msg, "give --cover template=FILE a Word file (.docx or .dotx)") from error


def _as_document(content: bytes) -> bytes:
    """The archive of a document; that of a template (.dotx) differs in one line."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(_AS_TEMPLATE, _AS_DOCUMENT) if name == _TYPES else part)
    return target.getvalue()


def _add_styles(document: Any) -> None:
    ours = open_template()
    known = {style.name.casefold() for style in document.styles}
    for style in ours.styles:
        if style.name.casefold() in known:
            continue
        element = copy.deepcopy(style.element)
        for numbering in element.findall(".//{*}numPr"):
            # It points to a list of our template.
            numbering.getparent().remove(numbering)
        document.styles.element.append(element)


def _paragraphs(document: Any) -> Iterator[Any]:
    yield from document.paragraphs
    for table in document.tables:
        yield from (paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs)
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            yield from part.paragraphs
            for table in part.tables:
                yield from (paragraph for row in table.rows for cell in row.cells for paragraph in cell.paragraphs)


def _fill(paragraph: Any, values: dict[str, str]) -> None:
    text = paragraph.text
    filled = text
    for name, value in values.items():
        filled = filled.replace("{{" + name + "}}", in_xml(value))
    if filled == text or not paragraph.runs:
        return
    # Word may split a mark over several runs: the first run gets the whole text and keeps its look.
    paragraph.runs[0].text = filled
    for run in paragraph.runs[1:]:
        run.text = ""

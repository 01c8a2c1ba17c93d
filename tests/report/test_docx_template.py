from __future__ import annotations

import importlib.util
import io
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from docx import Document

from osce_commitments.resources import template_file

SCRIPT = Path(__file__).parents[2] / "docs" / "make_report_template.py"
CONTENT = template_file("report.docx").read_bytes()


def _script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_report_template", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_has_room_for_a_header_and_two_footers() -> None:
    (section,) = Document(io.BytesIO(CONTENT)).sections
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert section.different_first_page_header_footer
    assert section.header.paragraphs[0].text == "Title"
    for footer in (section.footer, section.first_page_footer):
        assert footer.paragraphs[0].runs[0].text == "Edition"
        assert [field.text for field in footer._element.iter("{*}instrText")] == [" PAGE ", " NUMPAGES "]


@pytest.mark.parametrize(
    ("style", "size", "colour"),
    [
        ("Title", 28, "0B3766"),
        ("Subtitle", 13, "1F2933"),
        ("Edition", 10.5, "616E7C"),
        ("Contents Heading", 13.5, "0B3766"),
        ("toc 1", 10, "1F2933"),
        ("toc 2", 10, "1F2933"),
        ("toc 3", 10, "1F2933"),
        ("Heading 1", 18, "0B3766"),
        ("Heading 2", 13.5, "0B3766"),
        ("Heading 3", 11.5, "0B3766"),
        ("Heading 4", 10.5, "0B3766"),
        ("Body Text", 10, "1F2933"),
        ("Provision", 10, "1F2933"),
        ("Source", 8, "616E7C"),
        ("Caption", 9, "616E7C"),
        ("Table Text", 8.5, "1F2933"),
        ("Table Figure", 8.5, "1F2933"),
        ("After Table", 4, "1F2933"),
    ],
)
def test_every_style_of_the_text_is_there(style: str, size: float, colour: str) -> None:
    font = Document(io.BytesIO(CONTENT)).styles[style].font
    assert (font.name, font.size.pt, str(font.color.rgb)) == ("Arial", size, colour)


@pytest.mark.parametrize("style", ["List Bullet", "Picture", "Hyperlink", "Report Table"])
def test_the_other_styles_are_there(style: str) -> None:
    assert style in Document(io.BytesIO(CONTENT)).styles


def test_the_script_makes_the_template_again(tmp_path: Path) -> None:
    _script().make_template(tmp_path / "again.docx")
    with zipfile.ZipFile(tmp_path / "again.docx") as again, zipfile.ZipFile(io.BytesIO(CONTENT)) as shipped:
        assert {name: again.read(name) for name in again.namelist()} == {
            name: shipped.read(name) for name in shipped.namelist()
        }

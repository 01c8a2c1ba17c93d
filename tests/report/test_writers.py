"""What the reports look like as files."""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from typing import TYPE_CHECKING

import docx
import pytest
from lxml import etree
from lxml import html as markup

from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, ObligationStrength
from osce_commitments.query import Selection
from osce_commitments.report import FORMATS, digest, gaps, overview, render, write_report
from osce_commitments.report.charts import stacked_bars, stacked_years
from osce_commitments.report.model import Table, plain_runs
from osce_commitments.report.writers.markdown import escape

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from osce_commitments.query import Reader
    from osce_commitments.report import Report
    from tests.support.cli import Answer

_TRAP = "the mark \\<script>alert(1)</script> | & <i> stays;"


@pytest.fixture(scope="module")
def made(versions: dict[int, Reader]) -> Report:
    return overview(versions[3], Selection(), since_version="2", base="https://page.example")


@pytest.fixture(scope="module")
def made_twice(held: Reader) -> list[tuple[Report, ...]]:
    first, second = ((overview(held, Selection()), digest(held, "MC 2018"), gaps(held, Selection())) for _ in "ab")
    return list(zip(first, second, strict=True))


@pytest.mark.parametrize("file_format", sorted(set(FORMATS) - {"ics"}))
def test_the_same_version_gives_the_same_bytes(file_format: str, made_twice: list[tuple[Report, ...]]) -> None:
    for first, second in made_twice:
        assert render(first, file_format) == render(second, file_format)


def test_a_page_stands_alone(made: Report) -> None:
    page = markup.document_fromstring(render(made, "html"))
    assert not page.xpath("//script | //link | //img | //iframe | //object | //@onclick")
    style = page.xpath("string(//style)")
    assert "url(" not in style
    assert "@import" not in style
    assert "@page" in style
    outside = [one for one in page.xpath("//a/@href") if not one.startswith("#")]
    assert outside
    assert all(one.startswith("https://page.example/provision/p") for one in outside)


def test_a_chart_names_the_strengths_that_it_shows() -> None:
    counts = {ObligationStrength.URGING: 2, ObligationStrength.MANDATING: 1}
    for figure in (stacked_years({2091: counts}, "years"), stacked_bars({"Arms": counts}, "themes")):
        drawn = figure.drawn("svg").decode()
        assert [one.value for one in STRENGTHS[1:] if one.value in drawn] == ["urging", "mandating"]


def test_a_page_has_every_colour_for_dark_screens_too(made: Report) -> None:
    light, dark = (
        set(re.findall(r"--[a-z-]+(?=:)", one)) for one in re.findall(r":root {[^}]*}", render(made, "html").decode())
    )
    assert light == dark


def test_links_inside_a_page_lead_somewhere(held: Reader) -> None:
    for report in (overview(held, Selection()), digest(held, "MC 2015"), gaps(held, Selection())):
        page = markup.document_fromstring(render(report, "html"))
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {one[1:] for one in page.xpath("//a/@href") if one.startswith("#")} <= set(ids)


def test_headings_go_down_step_by_step(made: Report) -> None:
    page = markup.document_fromstring(render(made, "html"))
    levels = [int(one.tag[1]) for one in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.xpath("//html/@lang") == ["en"]
    assert all(one.strip() for one in page.xpath("//*[@role='img']/@aria-label"))


def test_text_from_documents_is_no_markup(made: Report) -> None:
    page = markup.document_fromstring(render(made, "html"))
    texts = [article.text_content() for article in page.xpath("//article")]
    assert any(_TRAP in text for text in texts), texts
    assert not page.xpath("//article//b | //article//script")
    text = render(made, "md").decode()
    assert r"\<script\>alert(1)\</script\> \| \& \<i\> stays;" in text
    document = docx.Document(io.BytesIO(render(made, "docx")))
    assert any(_TRAP in paragraph.text for paragraph in document.paragraphs)
    rows = list(csv.DictReader(io.StringIO(render(made, "csv").decode())))
    assert any(_TRAP in row["text"] for row in rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# heading", r"\# heading"),
        ("1. item", r"1\. item"),
        ("- item", r"\- item"),
        ("a [link](x) `code`", r"a \[link\](x) \`code\`"),
        ("&lt; &amp;", r"\&lt; \&amp;"),
        ("see https://a.example and www.b.example", r"see https\://a.example and www\.b.example"),
        ("2012-2015", "2012-2015"),
        ("two\nlines", "two lines"),
    ],
)
def test_markdown_is_escaped(text: str, expected: str) -> None:
    assert escape(text) == expected


def test_changes_are_marked_in_words_not_by_colour_alone(made: Report) -> None:
    page = markup.document_fromstring(render(made, "html"))
    assert {one.text_content() for one in page.xpath("//*[@class='mark']")} == {"changed", "withdrawn"}
    assert [one.text_content() for one in page.xpath("//del")] == ["Encourages"]
    assert "<del>Encourages</del> <ins>Urges all</ins> participating" in render(made, "md").decode()


def test_a_document_has_headings_tables_and_pictures_with_words(held: Reader) -> None:
    content = render(overview(held, Selection.of(area=["terrorism"])), "docx")
    document = docx.Document(io.BytesIO(content))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles[0] == "Title"
    assert {"Heading 1", "Heading 2", "Heading 3", "toc 1", "toc 2", "List Bullet", "Provision"} <= set(styles)
    assert len(document.tables) == 1  # what is due
    assert all(table._tbl.xpath(".//w:tblHeader") for table in document.tables)
    pictures = document.element.body.xpath(".//wp:docPr")
    assert len(pictures) == 2
    assert all("Commitments by" in picture.get("descr") for picture in pictures)
    assert document.core_properties.title == "Commitments on terrorism"
    assert document.core_properties.created.date() == held.info.created_at.date()


def test_links_inside_a_document_lead_somewhere(held: Reader) -> None:
    with zipfile.ZipFile(io.BytesIO(render(digest(held, "MC 2015"), "docx"))) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    space = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
    names = root.xpath("//w:bookmarkStart/@w:name", namespaces=space)
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for name in names)
    assert set(root.xpath("//w:hyperlink/@w:anchor", namespaces=space)) <= set(names)
    numbers = root.xpath("//w:bookmarkStart/@w:id", namespaces=space)
    assert len(numbers) == len(set(numbers))


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.html"
    target.write_bytes(b"before")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(ConfigError, match="No space left"):
            write_report(b"after", target)
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]
    write_report(b"after", target)
    assert target.read_bytes() == b"after"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["overview", "--area", "piracy"], "unknown threat area 'piracy'"),
        (["overview", "--area", "none"], "there is no report on the area 'none'"),
        (["overview", "-o", "report.odt"], "unknown report format 'odt'"),
        (["overview", "-o", "report"], "no report format given"),
        (["overview", "-o", "nowhere/report.md"], "cannot be written"),
        (["overview", "--links", "javascript:alert(1)"], "is not a web address"),
        (["overview", "--since-version", "3"], "not earlier"),
        (["overview", "--since-version", "77"], "there is no version 77"),
        (["digest", "--since", "Atlantis"], "neither a version nor a meeting"),
        (["gaps", "--on", "soon"], "is not a date"),
        (["gaps", "-o", "gaps.ics"], "has no calendar"),
    ],
)
def test_bad_input_is_one_line(  # noqa: PLR0913, PLR0917 - fixtures
    arguments: list[str],
    message: str,
    data: Path,
    tmp_path: Path,
    cli: Callable[..., Answer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = cli("report", *arguments, "--data", data)
    assert answer.code == 2
    assert message in answer.err
    assert answer.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_report_is_printed_or_written(data: Path, tmp_path: Path, cli: Callable[..., Answer]) -> None:
    printed = cli("report", "overview", "--area", "border_security", "--data", data)
    assert printed.code == 0
    assert printed.out.startswith("# Commitments on border security\n")
    written = cli("report", "overview", "--area", "border_security", "--data", data, "-o", tmp_path / "o.md")
    assert written.code == 0
    assert (tmp_path / "o.md").read_text(encoding="utf-8") == printed.out
    assert "o.md" in written.err


def test_a_column_of_long_texts_gets_most_of_the_width() -> None:
    cells = (
        "30\u00a0September\u00a02015",
        "Asks participating States to confirm their focal points. " * 2,
        "participating States",
    )
    table = Table("Due", ("due", "commitment", "addressee"), tuple(tuple(map(plain_runs, cells)) for _ in range(3)))
    for line in (88, 112):
        due, commitment, addressee = table.column_shares(line)
        assert commitment > 0.5
        assert due * line >= len(cells[0])  # a date is on one line
        assert addressee * line >= len("participating")


def test_the_words_of_a_heading_are_whole() -> None:
    names = ("theme", "participating States", "Ministerial Council", "OSCE Secretariat", "not specified")
    table = Table("Addressees", names, (tuple(map(plain_runs, ("Transnational threats", "1", "22", "0", "3"))),))
    for share, name in zip(table.column_shares(88), names, strict=True):
        assert share * 88 >= max(map(len, name.split())) + 1

"""Papers for a reader: cover, summary of one page, every commitment once, PDF, an organisation's Word template."""

from __future__ import annotations

import datetime as dt
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
import pypdfium2
import pytest
from docx import Document

from osce_commitments.classify import classifier_id
from osce_commitments.classify.quality import Quality, quality_of
from osce_commitments.errors import ConfigError
from osce_commitments.query import Selection
from osce_commitments.report import Cover, gaps, overview, quality_lines, render, statements
from osce_commitments.report.kinds import title_of
from osce_commitments.report.model import ReportEntry, ReportParagraph, ReportSection, plain_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from osce_commitments.query import Reader
    from osce_commitments.report import Report
    from tests.support.cli import Cli

COVER = Cover("Passports <b> & papers", "The Minister", "Desk 4", "1 May 2031", "RESTRICTED")


def sections(of: tuple[ReportSection, ...]) -> Iterator[ReportSection]:
    for one in of:
        yield one
        yield from sections(one.sections)


def entries(report: Report) -> list[ReportEntry]:
    return [block for one in sections(report.sections) for block in one.blocks if isinstance(block, ReportEntry)]


def pages(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def test_every_commitment_is_printed_once_with_its_other_themes(held: Reader) -> None:
    made = overview(held, Selection())
    printed = [one.provision for one in entries(made)]
    assert len(printed) == len(set(printed))
    also = [dict(one.facts)["Also on"][0].text for one in entries(made) if "Also on" in dict(one.facts)]
    assert also
    assert sum(one.count or 0 for one in made.sections) == len(printed)
    by_theme = [row["provision"] for row in made.rows]
    assert len(by_theme) > len(set(by_theme)) == len(printed)


@pytest.mark.parametrize("order", ["newest", "oldest", "firmest", "due"])
def test_a_long_paper_has_the_first_commitments_of_an_order_and_counts_all(held: Reader, order: str) -> None:
    selection = Selection.of(area=["border_security", "arms"])
    whole = overview(held, selection)
    cut = overview(held, selection, order=order, most=7)
    conditions = {"area": ["border_security", "arms"], "strength": ">=permissive", "commitments": True}
    first = held.search(order=order, limit=7, **conditions)  # type: ignore[arg-type]
    assert {one.provision for one in entries(cut)} == {hit.id for hit in first.hits}
    total = len(entries(whole))
    assert cut.left_out == total - 7 > 0
    told = "".join(run.text for run in cut.sections[0].blocks[0].runs)  # type: ignore[union-attr] # a paragraph
    assert told.startswith(f"Printed here: 7 of {total} commitments, the ")
    assert {row["provision"] for row in cut.rows} == {hit.id for hit in first.hits}
    assert set(cut.events) <= set(whole.events)
    themes = [one for one in cut.sections if one.count]
    assert sum(one.printed or 0 for one in themes) == 7
    assert {one.counted for one in themes} == {f"{one.printed} of {one.count}" for one in themes}
    empty = [one for one in sections(cut.sections) if one.count and not one.printed]
    assert not empty
    assert "Not printed: " in render(cut, "md").decode()


def test_a_short_paper_is_whole_and_a_cut_one_keeps_what_changed(versions: dict[int, Reader], held: Reader) -> None:
    selection = Selection()
    whole = overview(held, selection)
    paper = overview(held, selection, most=len(entries(whole)))
    assert (entries(paper), paper.left_out, whole.left_out) == (entries(whole), 0, 0)
    marked = overview(versions[2], selection, since_version="1")
    kept = {one.provision for one in entries(marked) if one.mark}
    assert kept
    cut = overview(versions[2], selection, since_version="1", most=1)
    assert kept <= {one.provision for one in entries(cut)}


def test_a_cut_paper_reads_the_words_only_of_what_it_prints(held: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    made, real = [], statements.Statement

    def making(**values: object) -> statements.Statement:
        made.append(values["id"])
        return real(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(statements, "Statement", making)
    cut = overview(held, Selection(), order="oldest", most=5)
    shown = {one.provision for one in entries(cut)}
    highlights = 4 * 3
    assert shown < set(made)
    assert len(made) <= len(shown) + highlights < cut.left_out


def test_the_words_of_a_few_are_those_of_all(held: Reader) -> None:
    every = statements.select(held, Selection())
    some = [one.id for one in every[::3]]
    assert statements.select(held, Selection(), reversed(some)) == every[::3]


def test_commitments_that_are_counted_alike_are_counted_together(held: Reader) -> None:
    every = statements.select(held, Selection())
    printed, documents = statements.loaded(held, Selection(), "oldest", 5, dt.date(2091, 1, 1))
    groups = [one for one in printed if not one.id]
    left = [one for one in every if one.id not in {shown.id for shown in printed}]
    assert statements.total(groups) == len(left) > len(groups)
    assert documents == len({one.document for one in every})
    for name in ("strength", "year", "addressee", "model_id", "area_basis", "subthemes"):
        by_group = statements.tally((getattr(one, name), one.times) for one in groups)
        assert by_group == statements.tally((getattr(one, name), 1) for one in left)


def test_a_cut_paper_has_no_link_without_a_target(held: Reader) -> None:
    selection = Selection()
    cut = overview(held, selection, order="oldest", most=5)
    xml = Document(io.BytesIO(render(cut, "docx"))).element.xml
    led = set(re.findall(r'w:anchor="([^"]+)"', xml))
    assert led
    assert led <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', xml))


def test_a_heading_and_the_words_below_it_are_on_the_page_of_the_first_part(held: Reader) -> None:
    selection = Selection()
    cut = overview(held, selection, order="oldest", most=30)
    for page in pages(render(cut, "pdf")):
        lines = [line for line in page.splitlines() if line.strip()]
        assert not lines[-3].startswith("Not printed")


def test_the_first_section_fits_on_a_page_and_names_the_firmest_newest_and_next(held: Reader) -> None:
    made = overview(held, Selection(conditions={"adopted": ("yes",)}))  # type: ignore[arg-type] # labels are texts
    summary = made.sections[0]
    assert [one.title for one in summary.sections][:2] == ["Firmest", "Newest"]
    text = pages(render(made, "pdf"))
    number = next(at for at, page in enumerate(text) if at and "Newest" in page)
    assert "Newest" in text[number]
    assert not re.search(r"\nFigures\b", text[number])
    assert text[number + 1].lstrip().startswith(("Figures", made.title))


def test_what_is_due_next_counts_from_the_day_of_the_version(versions: dict[int, Reader]) -> None:
    due = [one for one in sections(overview(versions[2], Selection()).sections) if one.id == "summary-due"]
    assert due == []  # both deadlines are before the version


def test_nothing_in_a_paper_is_an_id_or_query_syntax(held: Reader) -> None:
    selection = Selection.of(text='"travel document*" OR passport*', since="2001", strength=">=urging")
    made = overview(held, selection)
    assert made.title == "Commitments on “travel document” or “passport”"
    assert made.subtitle == "Adopted since 2001; at least urging; with the words “travel document…” or “passport…”."
    for name in ("html", "md"):
        text = re.sub(r'(id|href)="[^"]*"|\]\(#[^)]*\)|<a id="[^"]*">', "", render(made, name).decode())
        assert not re.search(r"\bp[0-9a-f]{16}\b", text), name
    for content in ("\n".join(pages(render(made, "pdf"))), words_of(render(made, "docx"))):
        assert not re.search(r"\bp[0-9a-f]{16}\b|>=|\*\"", content)


def words_of(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize(
    ("conditions", "title"),
    [
        ({}, "All commitments"),
        ({"strength": ">=permissive"}, "All commitments"),
        ({"since": "2001"}, "Selected commitments"),
        ({"area": ["arms"]}, "Commitments on arms"),
        ({"area": ["ict_security", "terrorism"]}, "Commitments on ICT security and terrorism"),
        ({"text": "visa NOT passport"}, "Selected commitments"),
        ({"text": "title:visa"}, "Commitments on “visa” in the title"),
    ],
)
def test_a_title_says_what_was_selected(conditions: dict[str, object], title: str) -> None:
    assert title_of(Selection.of(**conditions)) == title  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["html", "docx", "pdf", "md"])
def test_a_cover_is_on_the_paper_as_text(name: str, versions: dict[int, Reader]) -> None:
    content = render(overview(versions[2], Selection()).under(COVER), name)
    if name == "pdf":
        text = pages(content)
        assert all("RESTRICTED" in page for page in text)
        shown = text[0]
    else:
        shown = words_of(content) if name == "docx" else content.decode()
    if name in {"pdf", "docx"}:
        assert "Passports <b> & papers" in shown
    assert "<h1>Passports <b>" not in shown
    for words in ("The Minister", "Desk 4", "1 May 2031", "RESTRICTED"):
        assert words in shown


def test_a_note_of_a_person_is_printed_with_its_provision(versions: dict[int, Reader]) -> None:
    first = versions[2].search(commitments=True, limit=1).hits[0].id
    made = overview(versions[2], Selection.of(id=[first]), notes={first: "Ask <i>the capital</i>"})
    (entry,) = entries(made)
    assert dict(entry.facts)["Note"][0].text == "Ask <i>the capital</i>"
    assert made.subtitle == "1 selected provision."
    assert "Ask &lt;i&gt;the capital" in render(made, "html").decode()


def test_a_pdf_has_bookmarks_links_letters_and_the_same_bytes(held: Reader) -> None:
    made = overview(held, Selection.of(area=["terrorism"]), base="https://page.example").under(
        Cover("Łódź, Chişinău, Ta\u2019 Qali")
    )
    content = render(made, "pdf")
    assert content == render(made, "pdf")
    document = pypdfium2.PdfDocument(content)
    titles = [one.get_title() for one in document.get_toc()]
    assert titles[:2] == ["In brief", "Figures"]
    assert "About this report" in titles
    assert b"https://page.example/provision/p" in content or len(list(document)) > 2
    assert "Łódź, Chişinău, Ta\u2019 Qali" in pages(content)[0]
    # The contents have the page of each section.
    assert re.search(r"About this report[ .]*\d", pages(content)[0])


def test_the_contents_of_a_pdf_give_the_page_of_each_section(held: Reader) -> None:
    made = overview(held, Selection.of(area=["terrorism"]))
    text = pages(render(made, "pdf"))
    numbers = dict(re.findall(r"^(.+?)[ .]+ (\d+)\r?$", text[0], re.MULTILINE))
    for section in made.sections:
        assert section.title in text[int(numbers[section.title]) - 1], section.title


def test_a_long_entry_leaves_no_page_half_empty(held: Reader) -> None:
    made = overview(held, Selection.of(area=["terrorism"]))
    long = replace(entries(made)[0], anchor="", reading=plain_runs(f"{'word ' * 600} the end"))
    years = tuple(ReportSection(f"s{year}", str(year), (long,)) for year in (2091, 2092))
    parts = (made.sections[0], ReportSection("s", "A theme", sections=(ReportSection("t", "A part", sections=years),)))
    text = pages(render(replace(made, sections=parts), "pdf"))
    # The heading of the second is on the page on which the first one ends, with some of its own words.
    (at,) = (number for number, page in enumerate(text) if "the end" in page and "2092" in page)
    assert text[at].split("2092")[1].count("word") > 20


def test_a_long_pdf_is_whole(held: Reader) -> None:
    made = gaps(held, Selection())
    text = "\n".join(pages(render(made, "pdf")))
    assert made.sections[-1].title in text


@pytest.fixture
def letterhead(tmp_path: Path) -> Path:
    """A Word file of an organisation: its own header, fonts, and marks to be filled in, one of them in two runs."""
    document = Document()
    document.styles["Normal"].font.name = "Georgia"
    document.sections[0].header.paragraphs[0].text = "Ministry of Lamps · {{marking}}"
    document.add_paragraph("To {{for}} from {{by}}")
    split = document.add_paragraph("On {{da")
    split.add_run("te}}")
    document.add_paragraph("{{report}}")
    document.add_paragraph("End of the letter")
    path = tmp_path / "letterhead.docx"
    document.save(str(path))
    return path


def test_a_template_of_ones_own_keeps_its_look_and_gets_the_report(
    letterhead: Path, versions: dict[int, Reader]
) -> None:
    made = overview(versions[2], Selection()).under(COVER)
    content = render(made, "docx", letterhead)
    assert content == render(made, "docx", letterhead)
    document = docx.Document(io.BytesIO(content))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == ["To The Minister from Desk 4", "On 1 May 2031"]
    assert texts[-1] == "End of the letter"
    assert "In brief" in texts
    assert document.sections[0].header.paragraphs[0].text == "Ministry of Lamps · RESTRICTED"
    assert document.styles["Normal"].font.name == "Georgia"
    used = {paragraph.style.name for paragraph in document.paragraphs}
    assert {"Title", "Heading 1", "Provision", "Source", "toc 1"} <= used


def test_styles_of_word_in_another_language_are_used(tmp_path: Path, versions: dict[int, Reader]) -> None:
    from docx.oxml.ns import qn

    document = Document()
    document.styles["Heading 1"].element.set(qn("w:styleId"), "berschrift1")
    path = tmp_path / "deutsch.docx"
    document.save(str(path))
    made = docx.Document(io.BytesIO(render(overview(versions[2], Selection()), "docx", path)))
    (heading,) = [one for one in made.paragraphs if one.text == "In brief" and one.style.style_id == "berschrift1"]
    assert heading.style.name == "Heading 1"


def test_a_template_without_a_place_gets_the_report_at_its_end(tmp_path: Path, versions: dict[int, Reader]) -> None:
    path = tmp_path / "plain.docx"
    Document().save(str(path))
    texts = words_of(render(overview(versions[2], Selection()), "docx", path))
    assert texts.startswith("All commitments")


def test_a_word_template_file_is_read_too(letterhead: Path, tmp_path: Path, versions: dict[int, Reader]) -> None:
    import zipfile

    path = tmp_path / "letterhead.dotx"
    with zipfile.ZipFile(letterhead) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, part.replace(b"document.main+xml", b"template.main+xml"))
    assert "In brief" in words_of(render(overview(versions[2], Selection()), "docx", path))


@pytest.mark.parametrize(
    ("title", "property_text"), [("lamp " * 80, "lamp " * 50 + "lamp…"), ("Lamps\x01 and posts", "Lamps and posts")]
)
def test_a_title_that_a_word_property_cannot_hold_is_cut_there_alone(
    title: str, property_text: str, letterhead: Path, versions: dict[int, Reader]
) -> None:
    paper = overview(versions[2], Selection.of(area=["terrorism"])).under(Cover(title=title, audience="Desk\x02 4"))
    for template in (None, letterhead):
        document = docx.Document(io.BytesIO(render(paper, "docx", template)))
        assert document.core_properties.title == property_text
    assert " ".join(title.replace("\x01", "").split()) in words_of(render(paper, "docx"))


@pytest.mark.parametrize("content", [b"not a Word file", b""])
def test_a_wrong_template_is_told_in_one_line(content: bytes, tmp_path: Path, versions: dict[int, Reader]) -> None:
    path = tmp_path / "wrong.docx"
    path.write_bytes(content)
    made = overview(versions[2], Selection())
    with pytest.raises(ConfigError, match=r"wrong.docx is not a Word file\. Give --cover template=FILE a Word file"):
        render(made, "docx", path)
    with pytest.raises(ConfigError, match="cannot be read"):
        render(made, "docx", tmp_path / "none.docx")
    with pytest.raises(ConfigError, match="a template is a Word file, not for the format 'pdf'"):
        render(made, "pdf", path)


def test_a_calendar_keeps_to_the_asked_days(versions: dict[int, Reader]) -> None:
    found = overview(versions[2], Selection.of(due_since="2016", due_until="2016"))
    assert [one.last for one in found.events] == [dt.date(2016, 6, 30)]
    every = overview(versions[2], Selection())
    assert len(every.events) == 2


def test_the_quality_of_the_promoted_classifier_is_quoted_for_real_and_authored_documents() -> None:
    """Whoever promotes another classifier describes it before: ``models describe``."""
    name = classifier_id("tnt")
    measured = quality_of(name)
    assert [one.kind.split()[0] for one in measured] == ["real", "authored", "authored"]
    said = quality_lines([name], has_marks=True)
    for line, kind in zip(said, measured, strict=False):
        assert line == f"{kind.heading}: {' '.join(kind.sentences)}"
    assert said[3:] == ("Check what you quote, first the provisions marked “needs review”.",)


def test_classifiers_without_figures_are_named() -> None:
    said = quality_lines(["rules-4", "other@1"], has_marks=True)
    assert said == (
        "No figures on quality are known for labels by other@1, rules-4: check what you quote against the cited document.",
    )
    assert quality_lines([], has_marks=False) == ()
    both = quality_lines(["tnt@9", "other@1", "tnt@9:transformer"], has_marks=False)
    assert both[0].startswith("tnt@9. Real documents")
    assert "labels by other@1, tnt@9:transformer:" in both[-2]
    assert both[-1] == "Check what you quote."


def _said(wrong: int) -> tuple[str, str]:
    levels = f"Of 100 levels of strength, about {wrong} are wrong."
    return levels, f"Of 100 threat areas that it gives, about {wrong - 2} {'is' if wrong == 3 else 'are'} wrong."


def test_first_page_and_note_on_method_quote_one_file(
    versions: dict[int, Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = [
        Quality(kind=kind, provisions=5, documents=2, sentences=_said(wrong))
        for wrong, kind in enumerate(("real documents", "authored documents", "other documents"), start=3)
    ]
    monkeypatch.setattr("osce_commitments.report.method.quality_of", lambda _model: tuple(kinds))
    found = {one.id: one for one in overview(versions[1], Selection()).sections}
    words = {
        name: ["".join(run.text for run in block.runs) for block in one.blocks if isinstance(block, ReportParagraph)]
        for name, one in found.items()
    }
    quoted = [f"{one.heading}: {' '.join(one.sentences)}" for one in kinds]
    brief = "About 3 of 100 levels of strength and about 1 of 100 threat areas are wrong in real documents; about 4 and about 2 in authored documents. "
    assert [line.partition("Check")[0] for line in words["summary"] if "100" in line] == [brief]
    assert [line for line in words["method"] if line in quoted] == quoted


def test_query_writes_the_report_that_the_page_writes(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "paper.md"
    asked = ["border*", "--since", "2001", "--data", str(sample_dataset), "-o", str(out)]
    answer = cli("query", *asked, "--cover", "title=Borders", "--cover", "audience=The Minister", "--commitments")
    assert answer.code == 0
    text = out.read_text(encoding="utf-8")
    assert text.startswith("# Borders\n")
    assert "For: The Minister" in text
    wrong = cli("query", "border*", "--data", str(sample_dataset), "--cover", "title=Borders")
    assert (wrong.code, "a cover is for reports" in wrong.err) == (2, True)
    wrong = cli("query", "border*", "--role", "annex", "--data", str(sample_dataset), "-o", str(out))
    assert (wrong.code, "reports have no condition 'role'" in wrong.err) == (2, True)


def test_query_prints_the_first_of_a_long_paper_and_says_so(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "paper.docx"
    asked = ["--commitments", "--data", str(sample_dataset), "-o", str(out), "--print", "3", "--order", "firmest"]
    answer = cli("query", *asked)
    assert answer.code == 0
    assert "commitments are counted but not printed; --print 0 prints all" in answer.err
    assert ", the firmest. Numbers and charts" in words_of(out.read_bytes())
    assert "not printed" not in cli("report", "overview", "--data", str(sample_dataset), "-o", str(out)).err


def test_quality_in_brief_is_one_sentence_for_both_kinds() -> None:
    sentence, check = quality_lines([classifier_id("tnt")], has_marks=False, is_brief=True)
    assert re.fullmatch(r"About \d+ of .+ in real .+; about \d+ and about \d+ in authored .+\.", sentence)
    assert check == "Check what you quote."

"""What the reports say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import osce_commitments
from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.labels import Adopted, Basis
from osce_commitments.query import CONDITIONS, Selection
from osce_commitments.report import digest, gaps, overview
from osce_commitments.report.entries import EntryMaker
from osce_commitments.report.model import NoveltyMark, Report, ReportEntry, ReportSection, Style, Table
from osce_commitments.report.scope import compare_editions, scope
from osce_commitments.report.statements import commitments_of, select, selection_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from osce_commitments.query import Reader


def _sections(sections: tuple[ReportSection, ...]) -> Iterator[ReportSection]:
    for section in sections:
        yield section
        yield from _sections(section.sections)


def _entries(report: Report, inside: str = "") -> list[ReportEntry]:
    return [
        block
        for section in _sections(report.sections)
        if section.id.startswith(inside)
        for block in section.blocks
        if isinstance(block, ReportEntry)
    ]


def _words(report: Report, inside: str) -> str:
    (section,) = (one for one in _sections(report.sections) if one.id == inside)
    runs = [
        run
        for block in section.blocks
        if not isinstance(block, Table | ReportEntry)
        for run in getattr(block, "runs", ())
    ]
    return "".join(run.text for run in runs)


def test_an_overview_goes_by_theme_sub_theme_year(versions: dict[int, Reader]) -> None:
    made = overview(versions[2], Selection.of(area=["border security"]))
    (theme,) = (one for one in made.sections if one.id == "border_security")
    assert theme.count == 5
    titles = [(part.title, part.count, [year.title for year in part.sections]) for part in theme.sections]
    assert titles == [
        ("Travel documents and identity", 4, ["2012", "2015"]),
        ("Customs, cargo and container security", 1, ["2015"]),
    ]
    assert made.title == "Commitments on border security"
    assert "5 commitments in 2 instruments, 2012\u20132015." in _words(made, "summary")


def test_every_entry_names_its_provision_and_is_anchored_once(held: Reader) -> None:
    made = overview(held, Selection())
    entries, known = _entries(made), {one.id: one for one in select(held, Selection())}
    assert {entry.provision for entry in entries} == set(known)
    assert all(entry.citation.text == known[entry.provision].citation for entry in entries)
    anchors = [entry.anchor for entry in entries if entry.anchor]
    assert sorted(anchors) == sorted(known)
    ids = [section.id for section in _sections(made.sections)]
    assert len(ids) == len(set(ids))


def test_weaker_commitments_are_left_out(versions: dict[int, Reader]) -> None:
    strong = overview(versions[2], Selection.of(strength=">=committing"))
    assert [row["strength"] for row in strong.rows] == ["mandating"] * 2
    assert strong.subtitle == "At least committing."


def test_areas_that_no_word_names_are_counted_and_can_be_left_out(held: Reader) -> None:
    bases = [basis for one in select(held, Selection()) for basis in one.area_basis]
    said = f"Of {len(bases)} threat areas given to these commitments, {bases.count(Basis.IMPLIED)} are implied: no word"
    assert bases.count(Basis.IMPLIED) > 1
    assert said in _words(overview(held, Selection()), "method")
    titled = overview(held, Selection.of(basis="title"))
    assert titled.subtitle == "Areas named in the title."
    every = select(held, Selection())
    expected = {one.id for one in every if Basis.TITLE in one.area_basis}
    assert {row["provision"] for row in titled.rows} == expected
    assert all(set(one.area_basis) == {Basis.TITLE} for one in select(held, Selection.of(basis="title")))
    assert selection_in_words(Selection.of(basis="named")) == "Areas that a word names."


def test_an_edition_is_compared_with_an_earlier_one(versions: dict[int, Reader]) -> None:
    made = overview(versions[3], Selection(), since_version="2")
    marks = {row["text"][:30]: row["mark"] for row in made.rows}
    assert marks == {
        "Urges all participating States": "changed",
        "Urges participating States to ": "",
        "Decides that participating Sta": "",
        "Encourages participating State": "",
        "Requests the Secretariat to re": "withdrawn",
    }
    (changed,) = (entry for entry in _entries(made) if entry.mark is NoveltyMark.CHANGED)
    assert [run.text.strip() for run in changed.reading if run.style is Style.REMOVED] == ["Encourages"]
    assert "strength was encouraging" in dict(changed.facts)["Changed"][0].text
    assert "0 new, 1 changed, 1 withdrawn" in _words(made, "summary")


def test_the_same_words_read_anew_are_the_same(versions: dict[int, Reader]) -> None:
    before, after = (select(versions[number], Selection()) for number in (2, 3))
    found = compare_editions(before, after)
    assert len(found.pairs) == 4
    assert not found.new


def test_a_digest_tells_new_from_restated(versions: dict[int, Reader]) -> None:
    made = digest(versions[2], "1")
    assert [(row["mark"], row["text"][:30]) for row in made.rows] == [
        ("new", "Encourages participating State"),
        ("firmer", "Decides that participating Sta"),
    ]
    (firmer,) = _entries(made, "firmer")
    assert firmer.mark is NoveltyMark.FIRMER
    assert "because of" in dict(firmer.facts)["Now"][0].text
    assert dict(firmer.facts)["Earlier"][0].text.startswith("MC.DEC/9401/12, para. 1")
    assert any(run.style is Style.ADDED and "visas" in run.text for run in firmer.reading)


def test_a_digest_names_topics_and_deadlines(versions: dict[int, Reader]) -> None:
    made = digest(versions[2], "MC 2015")
    tables = {section.id: block for section in made.sections for block in section.blocks if isinstance(block, Table)}
    assert "Customs, cargo and container security" in {row[0][0].text for row in tables["topics"].rows}
    assert [row[0][0].text for row in tables["calendar"].rows] == ["30\u00a0June\u00a02016"]


def test_a_title_without_the_area_has_it_below(versions: dict[int, Reader]) -> None:
    chosen = Selection.of(area="border_security", since="2001")
    assert gaps(versions[2], chosen).subtitle == "On border security; adopted since 2001."
    assert digest(versions[2], "MC 2015", chosen).subtitle.endswith(" 2015). On border security; adopted since 2001.")
    assert gaps(versions[2], Selection()).subtitle == ""


def test_a_digest_without_anything_new_says_what_is_newest(versions: dict[int, Reader]) -> None:
    found = _words(digest(versions[2], "MC 2019", Selection()), "summary")
    assert "No commitments were added since the 26th meeting" in found
    assert "The newest one before is MC.DEC/" in found


def test_what_was_withdrawn_is_told(versions: dict[int, Reader]) -> None:
    made = digest(versions[3], "2")
    assert [entry.provision for entry in _entries(made, "withdrawn")]
    assert "No commitments were added" in _words(made, "summary")


@pytest.mark.parametrize("since", ["MC 2015", "22nd", "MC(22)", "Belgrade", "belgrade 2015", "MC"])
def test_a_meeting_has_several_names(since: str, versions: dict[int, Reader]) -> None:
    found = scope(versions[2], since, Selection())
    assert found.words == "since the 22nd meeting of the Ministerial Council (Belgrade, 3\u20134 December 2015)"
    assert len(found.new) == 2
    assert len(found.earlier) == 3


@pytest.mark.parametrize(
    ("since", "message"),
    [
        ("Atlantis", "neither a version nor a meeting"),
        ("99th", "neither a version nor a meeting"),
        ("2011", "there is no version 2011"),
        ("Vienna", "several meetings"),
        ("2", "not earlier"),
    ],
)
def test_what_is_no_time_is_told(since: str, message: str, versions: dict[int, Reader]) -> None:
    with pytest.raises(ConfigError, match=message):
        digest(versions[2], since)
    with pytest.raises(DatasetError):
        digest(versions[2], "77")


def test_an_instrument_that_is_not_held_has_symbol_and_title_in_one_cell(sample_dataset: Path) -> None:
    made = gaps(osce_commitments.open(sample_dataset), Selection(), on=dt.date(2021, 1, 1))
    blocks = [block for section in _sections(made.sections) for block in section.blocks]
    (table,) = [one for one in blocks if isinstance(one, Table) and one.columns[0] == "instrument"]
    names = ["".join(run.text for run in row[0]) for row in table.rows]
    assert any(name.startswith("MC.DEC/9/11 Strengthening") for name in names)


def test_a_deadline_is_open_until_a_later_document_takes_it_up(versions: dict[int, Reader]) -> None:
    made = gaps(versions[2], Selection(), on=dt.date(2016, 7, 1))
    assert [row["due"] for row in made.rows if row["gap"] == "deadline passed"] == ["2013-03-31", "2016-06-30"]
    early = gaps(versions[2], Selection(), on=dt.date(2016, 6, 30))
    assert [row["due"] for row in early.rows if row["gap"] == "deadline passed"] == ["2013-03-31"]


def test_without_any_report_nothing_is_said_about_duties_to_report(versions: dict[int, Reader]) -> None:
    made = gaps(versions[2], Selection())
    assert "duty without report" not in {row["gap"] for row in made.rows}
    assert "1 duty to report: the dataset holds no report to look in." in _words(made, "summary")


def test_a_meeting_means_what_its_body_adopted(versions: dict[int, Reader]) -> None:
    assert len(scope(versions[2], "MC", Selection.of(body="PC")).new) == 0
    assert len(scope(versions[2], "MC", Selection()).new) == 2
    found = digest(versions[2], "MC", Selection.of(strength=">=mandating"))
    assert {row["mark"] for row in found.rows} == {"firmer"}


def test_coverage_traces_to_provisions(held: Reader) -> None:
    made = gaps(held, Selection())
    known = {one.id: one for one in select(held, Selection())}
    rows = [row for row in made.rows if row["gap"] == "coverage"]
    assert all(set(row["provision"].split("; ")) <= set(known) for row in rows)
    assert all(len(row["provision"].split("; ")) == row["count"] for row in rows)
    assert {row["gap"] for row in made.rows} == {
        "coverage",
        "deadline passed",
        "duty without report",
        "instrument not held",
        "sub-theme without commitment",
    }


def test_cited_instruments_that_are_not_held_are_counted(held: Reader) -> None:
    from osce_commitments.report.coverage import not_held

    found = not_held(held, held.citations())
    symbols = {row["symbol"] for row in held.documents()}
    assert found
    assert not {one.symbol for one in found} & symbols
    assert [one.documents for one in found] == sorted((one.documents for one in found), reverse=True)


def test_a_theme_with_nothing_firm_is_told(versions: dict[int, Reader]) -> None:
    made = gaps(versions[3], Selection.of(area=["border_security"], until="2012"))
    (section,) = (one for one in made.sections if one.id == "low")
    (table,) = section.blocks
    assert isinstance(table, Table)
    assert [[cell[0].text for cell in row[:4]] for row in table.rows] == [["Border security", "all", "2", "urging"]]


def test_nothing_found_is_a_report_too(versions: dict[int, Reader]) -> None:
    selection = Selection.of(area=["ict_security"])
    assert "No commitments match this selection" in _words(overview(versions[1], selection), "summary")
    assert "0 commitments in 0 instruments" in _words(gaps(versions[1], selection), "summary")


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        ({"area": ["piracy"]}, "piracy"),
        ({"area": ["none"]}, "no report on the area 'none'"),
        ({"strength": "strong"}, "strong"),
        ({"strength": ">=>=urging"}, "not a condition on strength"),
        ({"since": "soon"}, "soon"),
        ({"since": "2015", "until": "2012"}, "after"),
        ({"text": '"open'}, "open|quot"),
    ],
)
def test_wrong_conditions_are_told(conditions: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        commitments_of(Selection.of(**conditions))  # type: ignore[arg-type]


def test_conditions_in_words() -> None:
    found = Selection.of(since="2001", strength=">=encouraging", addressee="ODIHR", body=["MC"], text="passports")
    assert selection_in_words(found) == (
        "Adopted since 2001; adopted by the Ministerial Council; at least encouraging; addressed to “ODIHR”; with the words “passports”."
    )
    assert selection_in_words(Selection(), "all") == "all"
    assert selection_in_words(Selection.of(strength=">=permissive"), "all") == "all"
    assert selection_in_words(Selection.of(area=["arms"]), "all") == "On arms."


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"since": "2001", "until": "2005-06-30"}, "Adopted from 2001 to 2005-06-30."),
        ({"until": "2005"}, "Adopted until 2005."),
        ({"due_since": "2001", "due_until": "2005"}, "Due from 2001 to 2005."),
        ({"strength": "mandating"}, "At least mandating."),
        ({"strength": "urging"}, "Strength urging."),
        ({"strength": "<=urging"}, "At most urging."),
        ({"strength": "encouraging..committing"}, "Strength encouraging to committing."),
        (
            {"body": ["mc", "pc"], "until": "2005"},
            "Adopted until 2005; adopted by the Ministerial Council, the Permanent Council.",
        ),
        ({"qualifier": ["national_law"]}, "Qualified by national law."),
        ({"has_deadline": True, "needs_review": False}, "With a deadline; not needing review."),
        ({"cites": "MC.DEC/91/07"}, "Citing MC.DEC/91/07."),
    ],
)
def test_every_condition_has_words(given: dict[str, Any], words: str) -> None:
    assert selection_in_words(Selection.of(**given)) == words


@pytest.mark.parametrize("given", [{"role": ["preamble"]}, {"role": ["annex"]}])
def test_reports_are_on_operative_text_only(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"reports have no condition 'role'"):
        commitments_of(Selection.of(**given))


def test_reports_take_in_unadopted_documents_if_asked() -> None:
    assert commitments_of(Selection()).values["adopted"] == (Adopted.YES,)
    asked = Selection.of(adopted=["yes", "unknown"])
    assert commitments_of(asked).values["adopted"] == (Adopted.YES, Adopted.UNKNOWN)
    assert selection_in_words(asked) == "Adopted: yes, unknown."


def test_entries_of_a_document_that_is_not_adopted_say_so(versions: dict[int, Reader]) -> None:
    one = select(versions[1], Selection())[0]
    assert [state.doubt for state in (one, replace(one, adopted=Adopted.NO))] == ["", "not adopted"]
    (fact, *_) = EntryMaker().entry(replace(one, adopted=Adopted.UNKNOWN)).facts
    assert (fact[0], fact[1][0].text) == ("Document", "adoption unknown")


def test_the_conditions_that_reports_fix_are_no_options_of_theirs() -> None:
    assert {condition.name for condition in CONDITIONS if not condition.in_reports} == {"commitments", "role"}


def test_rules_that_are_no_release_have_no_figures(versions: dict[int, Reader]) -> None:
    words = _words(overview(versions[1], Selection()), "method")
    assert "Labelled by: rules-" in words
    assert "No figures on quality are known for labels by rules-" in words
    assert "Dataset version 1 of " in words

"""What is found: words, fields, every condition, facets, pages, frames."""

from __future__ import annotations

import builtins
import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import osce_commitments
from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.labels import Basis, ThreatArea
from osce_commitments.provisions.segment import segment
from osce_commitments.query import Count, Reader, SearchResult, store
from osce_commitments.query.store import Store
from osce_commitments.schema import BatchResult, ClassifiedProvision, TaggedProvision
from tests.support.makers import LINES, batch, document, labels

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TASKS, CALLS, RECALLING = "Tasks the Secretary General to report", "Calls upon the participating", "Recalling"
AGAIN, ARTICLE, UNDATED = "Tasks the Secretary General (again)", "Calls upon B", "Encourages"


@pytest.fixture(scope="module")
def reader(dataset: Dataset) -> Reader:
    return osce_commitments.open(dataset.path)


CASES: list[tuple[dict[str, Any], list[str]]] = [
    ({}, [RECALLING, CALLS, TASKS, ARTICLE, AGAIN, UNDATED]),
    ({"area": ["border_security", "arms"], "strength": "mandating"}, [TASKS, AGAIN]),
    ({"area": ["arms"]}, []),
    ({"basis": "named"}, [CALLS, TASKS, ARTICLE, AGAIN]),
    ({"basis": ["heading", "title"], "area": "border_security"}, [TASKS, AGAIN]),
    ({"basis": "implied"}, [RECALLING, UNDATED]),
    ({"basis": "implied", "area": ["arms", "none"]}, []),
    ({"strength": ">mandating"}, []),
    ({"addressee": "PARTICIPATING states"}, [CALLS]),
    ({"addressee": "any States"}, [CALLS]),
    ({"addressee": "secretary"}, [TASKS, AGAIN]),
    ({"addressee": "%"}, []),
    ({"body": ["MC"], "until": "2094"}, [RECALLING, CALLS, TASKS, ARTICLE]),
    ({"body": ["PC"]}, []),
    ({"since": "2091-12-01"}, [AGAIN]),
    ({"since": "2095-05-05", "until": "2095-05-05"}, [AGAIN]),
    ({"until": "2091-11-29"}, []),
    ({"text": "TRAVEL documents"}, [CALLS]),
    ({"text": "travel document"}, [CALLS]),
    ({"text": "travelling document"}, [CALLS]),
    ({"text": "travel doc"}, []),
    ({"text": "travel doc*"}, [CALLS]),
    ({"text": '"stolen travel"'}, [CALLS]),
    ({"text": '"travel stolen"'}, []),
    ({"text": '"stolen trav*"'}, [CALLS]),
    ({"text": "stolen OR again"}, [CALLS, AGAIN]),
    ({"text": "tasks NOT again"}, [TASKS]),
    ({"text": "tasks -again"}, [TASKS]),
    ({"text": "NOT tasks", "strength": ">=encouraging"}, [CALLS, ARTICLE, UNDATED]),
    ({"text": "(stolen OR report) AND (share OR nothing)"}, [CALLS]),
    ({"text": "(again)"}, [AGAIN]),
    ({"text": "états-unis"}, [UNDATED]),
    ({"text": "etats unis"}, [UNDATED]),
    ({"text": "ODIHR\u2019s"}, [UNDATED]),
    ({"text": "title:border recalling"}, [RECALLING]),
    ({"text": "border"}, []),
    ({"text": "heading:documents again"}, [AGAIN]),
    ({"text": "lead_in:report"}, []),
    ({"text": "text:(report OR share)"}, [CALLS, TASKS]),
    ({"role": ["preamble"]}, [RECALLING]),
    ({"document": "in/later.pdf"}, [AGAIN]),
    ({"document": "later.pdf"}, [AGAIN]),
    ({"document": "ter.pdf"}, []),
    ({"document": "mc.dec/90/91", "text": "follow"}, [ARTICLE]),
    ({"qualifier": ["as_appropriate", "voluntary"]}, [CALLS]),
    ({"needs_review": True}, [TASKS, AGAIN]),
    ({"adopted": "no"}, [ARTICLE]),
    ({"adopted": "unknown"}, []),
    ({"adopted": ["no", "any"]}, [RECALLING, CALLS, TASKS, ARTICLE, AGAIN, UNDATED]),
    ({"cites": "mc.dec/91/07"}, [RECALLING]),
    ({"cites": "MC.DEC/1/01"}, []),
    ({"model": "rules"}, [RECALLING, CALLS, TASKS, ARTICLE, AGAIN, UNDATED]),
    ({"model": "other"}, []),
    ({"has_deadline": True}, [TASKS]),
    ({"has_deadline": False, "strength": "mandating"}, [AGAIN]),
    ({"due_since": "2092-06-30", "due_until": "2092"}, [TASKS]),
    ({"due_until": "2092-06-29"}, []),
    ({"commitments": True}, [CALLS, TASKS, AGAIN, UNDATED]),
    ({"commitments": False}, [RECALLING, ARTICLE]),
    ({"type": "article"}, [ARTICLE]),
    ({"type": ["Decision"], "since": "2095"}, [AGAIN]),
    ({"dated": False}, [UNDATED]),
    ({"dated": True, "strength": "encouraging"}, []),
    ({"since": "2091-11", "until": "2091-11"}, [RECALLING, CALLS, TASKS, ARTICLE]),
    ({"id": ["nothing"]}, []),
]


@pytest.mark.parametrize(("given", "beginnings"), CASES, ids=lambda value: str(value)[:60])
def test_conditions(reader: Reader, given: dict[str, Any], beginnings: list[str]) -> None:
    found = reader.search(**given)
    texts = [one.text for one in found.hits]
    assert found.total == len(texts) == len(beginnings)
    assert all(any(text.startswith(one) for text in texts) for one in beginnings)


HOSTILE = [
    "x' OR 1=1; DROP TABLE provisions",
    'a" OR "b',
    "reading : x",
    "NEAR(a b, 2)",
    "^a + b",
    "{title} : x",
    "a\x00b",
    "\udc80x",
    "rowid MATCH 1",
    "\ufdf2 OR \U0001d54f AND \u6f22\u5b57",
    "a" * 300,
    " OR ".join(["word"] * 100),
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:40])
def test_no_text_reaches_the_engine_as_syntax(reader: Reader, text: str) -> None:
    answer = _answer(reader, text)
    assert "\n" not in answer
    assert "fts5" not in answer
    assert reader.search().total == 6


def _answer(reader: Reader, text: str) -> str:
    try:
        return str(reader.search(text).total)
    except ConfigError as error:
        return str(error)


@pytest.mark.parametrize("name", ["addressee", "document", "cites", "model"])
def test_values_are_no_sql(reader: Reader, name: str) -> None:
    assert reader.search(**{name: "' OR 1=1 --"}).total == 0  # type: ignore[arg-type]


def test_hits_know_where_they_stand(reader: Reader) -> None:
    (one,) = reader.search("stolen document*").hits
    assert [one.reading[start:end] for start, end in one.highlights] == ["stolen", "documents"]
    assert one.citation == "MC.DEC/90/91, para. 1 (a), p. 1"
    assert one.link == f"/provision/{one.id}"
    assert one.score > 0
    assert (one.addressee, one.heading) == (("participating States",), ("Borders", "Documents"))


def test_the_order_is_the_one_that_is_asked_for(reader: Reader) -> None:
    by_date = reader.search(order="oldest").hits
    assert [one.text for one in by_date[:3]] in ([*LINES], [by_date[0].text, *LINES[:2]])
    assert by_date[-1].text.startswith(UNDATED)
    levels = [one.strength_level for one in reader.search(order="firmest").hits]
    assert levels == sorted(levels, reverse=True)
    with pytest.raises(ConfigError, match="unknown order 'luck'"):
        reader.search(order="luck")  # type: ignore[arg-type]


def test_pages_follow_each_other(reader: Reader) -> None:
    whole = [one.id for one in reader.search(limit=None).hits]
    first, second = reader.search(limit=4), reader.search(limit=4, offset=4)
    assert [one.id for one in first.hits + second.hits] == whole
    assert (first.total, second.offset) == (6, 4)
    assert reader.search(offset=99).hits == ()
    with pytest.raises(ConfigError, match="limit 5 or offset -1 is negative"):
        reader.search(limit=5, offset=-1)


@pytest.mark.parametrize("conditions", [{}, {"strength": "mandating"}])
def test_pages_of_the_best_are_those_of_all(conditions: dict[str, Any], tmp_path: Path) -> None:
    days = [None, *(dt.date(2094, 1, day) for day in (9, 1, 2, 3, 4, 5, 6))]
    same, longer = (
        "Tasks the Secretary General to report.",
        "Tasks the Secretary General to report to the chosen bodies.",
    )
    with Dataset(tmp_path / "data").writer("run1", pipeline="p1") as writer:
        writer.commit(batch(*(document(f"in/{at}.pdf", [longer, same, same], date=day) for at, day in enumerate(days))))
    reader = osce_commitments.open(tmp_path / "data")
    whole = reader.search("report", limit=None, **conditions)
    ranks = [(-one.score, one.date is None, one.date and -one.date.toordinal()) for one in whole.hits]
    assert (whole.total, ranks) == (24, sorted(ranks))
    pages = [reader.search("report", limit=5, offset=start, **conditions) for start in range(0, 35, 5)]
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.total for page in pages} == {24}


def test_words_alone_are_ranked_without_the_table_of_provisions(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, real = [], Store.rows

    def rows(one: Store, statement: str, values: tuple[object, ...] = ()) -> list[object]:
        asked.append(statement)
        return real(one, statement, values)

    monkeypatch.setattr(Store, "rows", rows)
    assert reader.search("participating").total == 1
    assert [one for one in asked if "provisions" in one and "MATCH" in one] == [store._BEST]
    asked.clear()
    assert reader.search("participating", strength=">=permissive").total == 1
    assert sum("MATCH" in one and "highlight" not in one for one in asked) == 1  # hits and their number at once


def test_facets_are_counted_without_their_own_condition(reader: Reader) -> None:
    every = reader.facets()
    assert sum(one.count for one in every.strength) == 6
    assert Count("border_security", 6) in every.threat_areas
    assert every.year == (Count("2091", 4), Count("2095", 1))
    assert every.addressee[0] == Count("Secretary General", 2)
    narrowed = reader.facets("tasks", strength="urging")
    assert Count("mandating", 2) in narrowed.strength
    assert sum(one.count for one in narrowed.body) == 0


def test_what_has_no_area_is_asked_for_and_counted(sample_dataset: Path) -> None:
    reader = osce_commitments.open(sample_dataset)
    without = reader.search(area=["none"], limit=None)
    assert without.total > 0
    assert not any(one.threat_areas for one in without.hits)
    assert reader.search(area=["none", "arms"]).total == without.total + reader.search(area=["arms"]).total
    assert reader.facets(area=["arms"]).threat_areas[-1] == Count("none", without.total)
    cells = reader.count(by=["threat_areas", "strength"])
    assert sum(count for (area, _), count in cells.items() if area == "none") == without.total


def test_an_area_counts_only_on_the_basis_that_is_asked_for(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    made = batch(document("in/decision.pdf", ["Calls upon States to act;", "Tasks ODIHR to act."]))
    both = (ThreatArea.TERRORISM, ThreatArea.ARMS)
    bases = ((Basis.TEXT, Basis.IMPLIED), (Basis.TITLE, Basis.LEAD_IN))
    labelled = [
        replace(one, labels=replace(one.labels, threat_areas=both, area_cues=(), area_basis=basis))
        for one, basis in zip(made.provisions, bases, strict=True)
    ]
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(replace(made, provisions=tuple(labelled)))
    reader = osce_commitments.open(dataset.path)
    assert [one.area_basis for one in reader.search(order="oldest").hits] == [tuple(map(str, one)) for one in bases]
    assert reader.search(area="arms").total == 2
    assert [one.number for one in reader.search(area="arms", basis="named").hits] == ["1 (a)"]
    found = reader.facets(area="arms", basis="named")
    assert {one.value: one.count for one in found.threat_areas if one.count} == {"terrorism": 2, "arms": 1}
    assert {one.value: one.count for one in found.basis if one.count} == {"named": 1, "lead_in": 1, "implied": 1}
    assert reader.count(by=["threat_areas", "year"], basis="implied") == {("arms", "2091"): 1}
    ((document_id,),) = reader.count(by=["document"], basis="text")
    assert reader.count(basis="text") == {(): 1}
    assert reader.count(by=["document", "threat_areas"], basis="text") == {(document_id, "terrorism"): 1}


@pytest.mark.parametrize("option", ["--addressee", "--document", "--cites", "--model", "--area", "--since"])
def test_an_unprintable_character_is_refused(cli: Callable[..., Any], sample_dataset: Path, option: str) -> None:
    answer = cli("query", option, "\x01", "--data", sample_dataset)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.strip().splitlines()) <= 2


@pytest.mark.train
def test_frames_have_the_same_columns_with_and_without_rows(reader: Reader) -> None:
    full, empty = reader.search("stolen"), reader.search("nowhere")
    assert full.to_arrow().schema == empty.to_arrow().schema
    assert full.to_pandas()["citation"].tolist() == ["MC.DEC/90/91, para. 1 (a), p. 1"]


def test_a_missing_frame_library_is_named(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:  # noqa: ANN401
        if name == "polars":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(ConfigError, match=r"polars is not installed\. Install it \(pip install polars\)"):
        reader.search().to_polars()


def test_rows_and_documents_are_handed_out_whole(reader: Reader) -> None:
    row = reader.provision(reader.search("stolen").hits[0].id[:14])
    assert row["strength_cue"]["text"] == "Calls"
    assert {"tags", "area_probabilities", "citation", "link"} <= row.keys()
    document = reader.document(row["document"])
    assert document["text"][row["start"] : row["end"]] == row["text"] == LINES[1]
    assert document["link"] == "/instrument/MC.DEC/90/91"
    assert [one["text"] for one in reader.provisions(document["id"])] == [*LINES]
    listed = reader.documents()
    assert len(listed) == 4
    assert "text" not in listed[0]
    assert listed[-1]["link"] == f"/document/{listed[-1]['id']}"


def test_citations_lead_both_ways(reader: Reader) -> None:
    cited = reader.citations()
    (citing,) = cited["MC.DEC/91/07"]
    assert citing["document"] == reader.search("recalling").hits[0].document
    assert (citing["symbol"], citing["link"]) == ("MC.DEC/90/91", f"/provision/{citing['id']}")
    assert "MC.DEC/1/01" not in cited


def test_a_version_stays_what_it_was(dataset: Dataset) -> None:
    first = osce_commitments.open(dataset.path, 1)
    assert (first.version, first.search().total) == (1, 3)
    assert osce_commitments.open(dataset.path, "latest").version == 2
    with pytest.raises(DatasetError, match=r"no version 9\. Available: 1 "):
        osce_commitments.open(dataset.path, 9)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda reader: reader.provision("p"), "several provisions begin with 'p'.*Give more of the id: p"),
        (lambda reader: reader.provision(""), "provision '' is not"),
        (lambda reader: reader.document("MC.DEC/1/01"), "document 'MC.DEC/1/01' is not"),
        (lambda reader: reader.document(""), "document '' is not"),
        (lambda reader: reader.more_like("q"), "provision 'q' is not"),
    ],
)
def test_what_there_is_not(reader: Reader, ask: Any, message: str) -> None:  # noqa: ANN401
    with pytest.raises(DatasetError, match=message):
        ask(reader)


def test_an_empty_dataset_answers(tmp_path: Path) -> None:
    from osce_commitments.dataset import Dataset
    from tests.support.makers import batch, reject

    with Dataset(tmp_path / "data").writer("run1", pipeline="p1") as writer:
        writer.commit(batch(rejects=[reject("in/bad.pdf")]))
    reader = osce_commitments.open(tmp_path / "data")
    assert reader.search("anything*").total == reader.search("anything", by="both").total == 0
    assert reader.documents() == []
    assert sum(one.count for one in reader.facets().strength) == 0


def test_a_result_prints_as_a_table_in_a_notebook(reader: Reader) -> None:
    found = reader.search(limit=2)
    shown = found._repr_html_()
    assert shown.count("<tr>") == 3
    assert found.hits[0].citation in shown
    assert f"2 of {found.total:,} provisions, dataset version {found.version}" in shown
    assert repr(found) == f"SearchResult(2 of {found.total:,} provisions, dataset version {found.version})"
    assert f"version {found.version}: " in repr(reader)


TWO_DEADLINES = "Tasks the Secretariat to report by 30 June 2092 and again by 30 June 2095."
EXTENDED = "Extends the mandate of the Storm Board until 30 June 2098."


@pytest.fixture(scope="module")
def meetings(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Decisions of two meetings of the Ministerial Council, of another day and of another body; one has two deadlines."""
    dataset = Dataset(tmp_path_factory.mktemp("meetings") / "data")
    vilnius = document("in/vilnius.pdf", ["Calls upon A to act;"], date=dt.date(2011, 12, 7), symbol="MC.DEC/9101/11")
    named = replace(
        document("in/named.pdf", ["Calls upon B to act;"], date=dt.date(2012, 11, 22), symbol="MC.DEC/9102/12"),
        meeting="Second day of the Nineteenth Meeting",
    )
    later = document("in/later.pdf", [TWO_DEADLINES, EXTENDED], date=dt.date(2013, 5, 5), symbol="MC.DEC/9103/13")
    other = replace(
        document("in/other.pdf", ["Calls upon C to act;"], date=dt.date(2011, 12, 7), symbol="PC.DEC/9104"), body="PC"
    )
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(vilnius, named, later, other))
    return osce_commitments.open(dataset.path)


def _texts(found: SearchResult) -> list[str]:
    return [one.text for one in found.hits]


@pytest.mark.parametrize("name", ["Vilnius", "MC 2011", "18th", "mc(18)"])
def test_a_meeting_is_found_by_its_days(meetings: Reader, name: str) -> None:
    assert _texts(meetings.search(meeting=name)) == ["Calls upon A to act;"]


def test_the_meeting_that_a_document_names_wins_over_its_day(meetings: Reader) -> None:
    assert _texts(meetings.search(meeting="Dublin")) == ["Calls upon B to act;"]
    assert _texts(meetings.search(meeting="last")) == ["Calls upon B to act;"]
    counts = meetings.facets().meeting
    assert [(one.value, one.count) for one in counts] == [("Dublin 2012", 1), ("Vilnius 2011", 1)]
    with pytest.raises(ConfigError, match="'Atlantis' is not a meeting of the Ministerial Council"):
        meetings.search(meeting="Atlantis")


def test_one_deadline_must_lie_between_both_days(meetings: Reader) -> None:
    assert meetings.search(due_since="2093", due_until="2094").total == 0
    assert meetings.search(due_since="2094", due_until="2096").total == 1
    assert meetings.search(due_since="2092", due_until="2092").hits[0].due == ("2092-06-30", "2095-06-30")
    assert meetings.search(due_until="2091").total == 0


def test_nothing_is_due_when_a_mandate_ends(meetings: Reader) -> None:
    assert EXTENDED in _texts(meetings.search(has_deadline=True))
    assert meetings.search(due_since="2096").total == 0


def test_orders_by_day_and_by_deadline(meetings: Reader, reader: Reader) -> None:
    days = [one.date for one in meetings.search().hits]
    assert days == sorted(days, reverse=True)
    assert [one.date for one in meetings.search(order="oldest").hits] == sorted(days)
    assert _texts(meetings.search(order="due"))[0] == TWO_DEADLINES
    assert reader.search(order="newest").hits[-1].date is None


def test_a_document_with_a_year_only_is_ordered_by_it(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path)
    dated = [document(f"in/{year}.pdf", date=dt.date(year, 5, 5), symbol=f"PC.DEC/{year}") for year in (2095, 2091)]
    of_year = replace(document("in/year.pdf", date=None, symbol="PC.DEC/9300"), year=2093)
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(*dated, of_year))
    reader = osce_commitments.open(tmp_path)
    assert list(dict.fromkeys(one.year for one in reader.search(order="oldest").hits)) == [2091, 2093, 2095]
    assert [one["year"] for one in reader.documents()] == [2091, 2093, 2095]


def test_a_period_says_what_it_leaves_out(reader: Reader) -> None:
    assert reader.undated(since="2091") == 1
    assert reader.undated(since="2091", strength=">=urging") == 0
    assert reader.undated() == 0


def test_values_that_no_provision_has_get_similar_ones(reader: Reader) -> None:
    (found,) = reader.unmatched(document="MC.DEC/90/19")
    assert found.near == ("MC.DEC/90/91",)
    assert found.message == "No provision is in the document 'MC.DEC/90/19'. Did you mean 'MC.DEC/90/91'?"
    (found,) = reader.unmatched(addressee="participating Stats", cites="MC.DEC/91/07")
    assert found.near[0] == "participating States"
    assert reader.unmatched(document="in/later.pdf", model="rules") == []
    assert [one.name for one in reader.unmatched(model="nope", cites="X")] == ["cites", "model"]


def test_words_that_no_provision_has_get_similar_ones(reader: Reader) -> None:
    (found,) = reader.unmatched("the participatng States")
    assert found.message == "No provision has the word 'participatng'. Did you mean 'participating'?"
    (found,) = reader.unmatched("xylophone")
    assert found.message == "No provision has the word 'xylophone'."
    for known in ("participating States", "participate", '"participatng States"', "participatng OR States", ""):
        assert reader.unmatched(known) == []


def test_facets_with_one_condition_are_counted_in_one_pass(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, real = [], Store.rows

    def rows(store: Store, statement: str, values: tuple[object, ...] = ()) -> list[object]:
        asked.append(statement)
        return real(store, statement, values)

    monkeypatch.setattr(Store, "rows", rows)
    every = reader.facets()
    assert len(asked) == 2  # all columns, the addressees
    asked.clear()
    reader.facets("participating")
    assert ["JOIN provisions" in one or "FROM provisions" in one for one in asked] == [True, False]
    assert sum(one.count for one in every.strength) == every.commitments[1].count == reader.search().total


def test_facets_count_commitments_and_everything(reader: Reader) -> None:
    counts = reader.facets(strength="urging").commitments
    assert [(one.value, one.count) for one in counts] == [("yes", 1), ("any", 2)]
    assert reader.facets(commitments=True).commitments[1].count == reader.search().total


def test_the_whole_paragraph_has_its_provisions_and_shared_words_once(tmp_path: Path) -> None:
    lines = [
        "1. States will light lamps. They will report.",
        "2. States will:",
        "- sing;",
        "- by winter:",
        "\u2013 rest; and",
        "\u2013 dance,",
        "in all towns.",
    ]
    text = document("in/songs.pdf", lines)
    found = [
        ClassifiedProvision(TaggedProvision(one, (), action=""), labels(one.text, "rules", ThreatArea.ARMS))
        for one in segment(text)
    ]
    data = Dataset(tmp_path / "data")
    with data.writer("run1") as writer:
        writer.commit(BatchResult((text,), tuple(found), (), {}))
    reader = osce_commitments.open(data.path)
    first, second, *_, last = reader.search(order="oldest", limit=10).hits
    assert first.paragraph == second.paragraph == "States will light lamps. They will report."
    assert last.paragraph == "States will: sing; by winter: rest; and dance in all towns."
    assert reader.provision(second.paragraph_id)["id"] == first.id

"""The catalogue: every row loads, names resolve, nothing is ambiguous without being listed."""

from __future__ import annotations

import csv
import datetime as dt
from importlib.resources import files
from itertools import pairwise

import pytest

from osce_commitments.catalogue import ActorKind, load_catalogue, normalise_symbol
from osce_commitments.catalogue.store import _with_known_kinds, fold_name
from osce_commitments.errors import ConfigError
from osce_commitments.labels import DocumentType, ThreatArea
from osce_commitments.resources import load_csv

CATALOGUE = load_catalogue()


def test_counts() -> None:
    assert len(CATALOGUE.instruments) == 368
    assert len(CATALOGUE.actors) == len(load_csv("catalogue/actors")) > 200
    assert len(CATALOGUE.events) == 58
    assert len(CATALOGUE.meetings) == 32
    assert len(load_csv("catalogue/urls")) == 53


def test_an_unknown_kind_of_actor_is_named_with_its_row() -> None:
    rows = [{"name": "Lamp Panel", "kind": "osce_structure"}, {"name": "Mirror Panel", "kind": "panel"}]
    with pytest.raises(ConfigError, match=r"actors\.csv, row 3 \(Mirror Panel\): 'panel' is no kind") as error:
        _with_known_kinds(rows)
    assert "osce_structure, participating_state" in error.value.remedy


@pytest.mark.parametrize("name", ["instruments", "actors", "events", "mc_meetings", "urls"])
def test_rows_are_whole(name: str) -> None:
    path = files("osce_commitments.resources").joinpath(f"catalogue/{name}.csv")
    text = path.read_text(encoding="utf-8")
    rows = load_csv(f"catalogue/{name}")
    assert list(rows) == list(csv.DictReader(text.splitlines(keepends=True), strict=True))
    assert all(None not in row and None not in row.values() for row in rows)
    assert all(value == value.strip() for row in rows for value in row.values())


def test_loaded_once() -> None:
    assert load_catalogue() is CATALOGUE


def test_every_symbol_is_found_and_unique() -> None:
    assert len({row.symbol for row in CATALOGUE.instruments}) == len(CATALOGUE.instruments)
    for row in CATALOGUE.instruments:
        assert CATALOGUE.instrument(row.symbol) is row
        if not row.symbol.startswith("["):
            assert normalise_symbol(row.symbol) == row.symbol


def test_rows_agree_with_themselves() -> None:
    for row in CATALOGUE.instruments:
        assert row.title
        assert row.year
        if row.date and not row.symbol.startswith("DOC."):
            assert row.date.year == row.year, row.symbol
        if row.verified:
            assert row.source_url, row.symbol


def test_every_alias_is_unambiguous_or_listed() -> None:
    for row in CATALOGUE.instruments:
        for name in row.names:
            found = CATALOGUE.by_name(name)
            assert found is row or (found is None and fold_name(name) in CATALOGUE.ambiguous_names), name
    for actor in CATALOGUE.actors:
        for name in actor.names:
            found_actor = CATALOGUE.actor(name)
            assert found_actor is actor or fold_name(name) in CATALOGUE.ambiguous_actor_names, name


def test_ambiguous_names_are_titles_that_recur() -> None:
    assert CATALOGUE.ambiguous_actor_names == frozenset()
    assert CATALOGUE.ambiguous_names == {
        "combating trafficking in human beings",
        "man-portable air defence systems",
        "osce principles for export controls of man-portable air defence systems (manpads)",
        "small arms and light weapons and stockpiles of conventional ammunition",
    }
    assert len(CATALOGUE.all_by_name("Combating Trafficking in Human Beings")) == 4


def test_instrument() -> None:
    row = CATALOGUE.instrument("mc.dec 9/2011/Corr.1")
    assert row is not None
    assert (row.symbol, row.type, row.date) == ("MC.DEC/9/11", DocumentType.DECISION, dt.date(2011, 12, 7))
    assert ThreatArea.BORDER_SECURITY in row.threat_areas


LOOKUPS = [
    ("[PORTO-DECLARATION-2002]", "[PORTO-DECLARATION-2002]"),
    ("S/RES/1373", "S/RES/1373 (2001)"),
    ("S/RES/1373(2001)", "S/RES/1373 (2001)"),
    ("CETS No. 185", "ETS 185"),
    ("S/RES/1373 (2002)", None),
    ("S/RES/9999", None),
    ("MC.DEC/91/07", None),
    ("", None),
]


@pytest.mark.parametrize(("printed", "symbol"), LOOKUPS)
def test_lookups(printed: str, symbol: str | None) -> None:
    row = CATALOGUE.instrument(printed)
    assert (row.symbol if row else None) == symbol


NAMES = [
    ("the palermo  convention", "[UNTOC-2000]"),
    ("Charter of Paris", "[CHARTER-OF-PARIS-1990]"),
    ("Enhancing the OSCE\u2019s Efforts to Combat Trafficking in Human Beings", "MC(8).DEC/1"),
    ("Combating Trafficking in Human Beings", None),
    ("Charter of Nowhere", None),
]


@pytest.mark.parametrize(("name", "symbol"), NAMES)
def test_names(name: str, symbol: str | None) -> None:
    row = CATALOGUE.by_name(name)
    assert (row.symbol if row else None) == symbol


def test_actors() -> None:
    states = [actor for actor in CATALOGUE.actors if actor.kind is ActorKind.PARTICIPATING_STATE]
    assert len(states) == 57
    actor = CATALOGUE.actor("ODIHR")
    assert actor is not None
    assert (actor.name, actor.kind) == ("Office for Democratic Institutions and Human Rights", ActorKind.OSCE_STRUCTURE)
    assert CATALOGUE.actor("nobody") is None


def test_meetings() -> None:
    assert [meeting.ordinal for meeting in CATALOGUE.meetings] == list(range(1, 33))
    assert all(one.end < other.start for one, other in pairwise(CATALOGUE.meetings))
    assert all(meeting.start <= meeting.end and meeting.end.year == meeting.year for meeting in CATALOGUE.meetings)
    ninth = CATALOGUE.meeting(ordinal=9)
    assert ninth is not None
    assert (ninth.place, ninth.year) == ("Bucharest", 2001)
    assert CATALOGUE.meeting(year=2001) is ninth
    assert CATALOGUE.meeting(year=1992) is None
    assert ninth.name == "MC(9) Bucharest 2001"
    assert [one.year for one in CATALOGUE.meetings_named(place="Vienna")] == [2000, 2017, 2025]
    assert CATALOGUE.meetings_named(place="Vienna", ordinal=9) == ()
    assert CATALOGUE.meeting(year=1999) is None
    assert CATALOGUE.meeting(ordinal=9, year=2002) is None


def test_urls() -> None:
    assert CATALOGUE.urls("MC.DOC/4/15") == (
        "https://www.osce.org/cio/208216?download=true",
        "https://www.osce.org/cio/208216",
    )
    assert CATALOGUE.urls("MC.DEC/9/11") == ()
    assert CATALOGUE.urls("MC.DEC/91/07") == ()
    for row in load_csv("catalogue/urls"):
        assert row["url"] in CATALOGUE.urls(row["symbol"])


def test_most_rows_are_verified() -> None:
    assert sum(row.verified for row in CATALOGUE.instruments) == 137

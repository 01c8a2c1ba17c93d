"""Every entry of the resource files finds its examples and leaves its counter-examples alone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.catalogue import find_symbols, load_catalogue
from osce_commitments.labels import Qualifier, TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.tag.citations.citation_patterns import (
    citation_pattern,
    compile_citation,
    continuations,
    list_patterns,
    outside,
)
from osce_commitments.tag.citations.numbered import continued_citations, find_citations
from osce_commitments.tag.citations.resolve import resolve
from osce_commitments.tag.citations.treaties import find_by_years
from osce_commitments.tag.events import find_events
from osce_commitments.tag.qualifiers import find_qualifiers, load_qualifiers
from osce_commitments.tag.time.deadlines import find_deadlines, find_periodicities

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CITATIONS = load_yaml("citations")
EVENTS = load_yaml("event_patterns")
DEADLINES = load_yaml("deadlines")
ANCHOR = DEADLINES["document"]


def _ref_and_note(ref: str, note: str) -> str:
    return f"{ref}; {note}" if note else ref


@pytest.mark.parametrize("entry", CITATIONS["lists"], ids=lambda entry: entry["name"])
def test_lists_of_citations(entry: dict[str, Any]) -> None:
    for text, expected in entry["match"].items():
        found = [_ref_and_note(*resolve(text, citation)[:2]) for citation in find_citations(text)]
        assert " + ".join(dict.fromkeys(found)) == expected, text
    (form,) = [form for form in list_patterns() if form.name == entry["name"]]
    for text in entry["no_match"]:
        heads = [form.item.match(text, head.end()) for head in form.head.finditer(text)]
        own = [citation for citation in find_citations(text) if not citation.note]
        assert not any(heads) or own == [], text


def test_other_citations() -> None:
    for text, symbols in CITATIONS["by_meeting"]["match"].items():
        found = [citation.symbol for citation in find_citations(text) if citation.body == "MC" and citation.symbol]
        assert " + ".join(found[: len(symbols.split(" + "))]) == symbols, text
    for text in CITATIONS["by_meeting"]["no_match"]:
        assert [citation.symbol for citation in find_citations(text)] == []
    for text in CITATIONS["self_reference"]["match"]:
        assert [citation.note for citation in find_citations(text)] == ["self-reference"]
    for key in ("self_reference", "anaphor", "of_place"):
        assert key == "self_reference" or all(citation_pattern(key).search(text) for text in CITATIONS[key]["match"])
        assert not any(citation_pattern(key).search(text) for text in CITATIONS[key]["no_match"])


@pytest.mark.parametrize("entry", CITATIONS["described"], ids=lambda entry: entry["symbol"])
def test_descriptions(entry: dict[str, Any]) -> None:
    for text in entry["match"]:
        assert [citation.symbol for citation in find_citations(text)] == [entry["symbol"]], text
    assert not any(compile_citation(entry["pattern"]).search(text) for text in entry["no_match"])


@pytest.mark.parametrize("entry", CITATIONS["outside"], ids=lambda entry: entry["name"])
def test_names_of_other_acts(entry: dict[str, Any]) -> None:
    (form,) = [form for form in outside() if form.name == entry["name"]]
    for text in entry["match"]:
        assert any(piece in text for piece in form.hint), text
        assert form.head.search(text), text
    assert not any(form.head.search(text) for text in entry["no_match"])


def test_treaties_by_their_years() -> None:
    entry = CITATIONS["by_years"]
    assert all(citation_pattern("by_years").search(text) for text in entry["match"])
    assert not any(list(find_by_years(text)) for text in entry["no_match"])


@pytest.mark.parametrize("entry", [*EVENTS["ministerial"], EVENTS["summits"]], ids=lambda entry: entry["pattern"][:30])
def test_meetings(entry: dict[str, Any]) -> None:
    for text, expected in entry["match"].items():
        assert [_ref_and_note(event.name, event.note) for event in find_events(text)] == [expected], text
    for text in entry["no_match"]:
        assert find_events(text) == [], text


@pytest.mark.parametrize("entry", EVENTS["series"], ids=lambda entry: entry["name"])
def test_series(entry: dict[str, Any]) -> None:
    for text in entry["match"]:
        assert [event.name for event in find_events(text)] == [entry["name"]], text
    for text in entry["no_match"]:
        assert entry["name"] not in [event.name for event in find_events(text)], text


@pytest.mark.parametrize("entry", DEADLINES["deadlines"], ids=lambda entry: entry["name"])
def test_deadlines(entry: dict[str, Any]) -> None:
    for text, expected in entry["match"].items():
        found = [_ref_and_note(due.ref, due.note) for due in find_deadlines(text, ANCHOR)]
        assert found == [str(expected)], text
    for text in entry["no_match"]:
        assert find_deadlines(text, ANCHOR) == [], text


@pytest.mark.parametrize("entry", DEADLINES["periodicities"], ids=lambda entry: entry["name"])
def test_periodicities(entry: dict[str, Any]) -> None:
    for text, expected in entry["match"].items():
        assert [_ref_and_note(due.ref, due.note) for due in find_periodicities(text)] == [expected], text
    for text in entry["no_match"]:
        assert find_periodicities(text) == [], text


def test_the_anchor_is_a_date() -> None:
    assert dt.date(2012, 12, 7) == ANCHOR


def test_every_qualifier_has_one_entry() -> None:
    assert [entry.label for entry in load_qualifiers()] == list(Qualifier)


@pytest.mark.parametrize("entry", load_yaml("qualifiers")["qualifiers"], ids=lambda entry: entry["label"])
def test_qualifiers(entry: dict[str, Any]) -> None:
    for text in entry["match"]:
        assert entry["label"] in [label for _, label in find_qualifiers(text)], text
    for text in entry["no_match"]:
        assert entry["label"] not in [label for _, label in find_qualifiers(text)], text


def test_groups_of_actors_are_known_to_the_catalogue(tag_text: Callable[..., TaggedProvision]) -> None:
    for name in load_yaml("actor_names")["only_addressed"]:
        assert tag_text(f"The plight of {name} was discussed.").of(TagKind.ACTOR) == (), name
        assert tag_text(f"Calls upon {name} to act.").of(TagKind.ADDRESSEE), name
    for name in load_yaml("actor_names")["never"]:
        assert tag_text(f"The role of {name} was discussed.").of(TagKind.ACTOR) == (), name


def test_numbers_behind_a_symbol() -> None:
    for form, entry in zip(continuations(), CITATIONS["continued"], strict=True):
        assert form.head.match(next(iter(entry["match"].values())))
        for text, symbol in entry["match"].items():
            [first, *_] = find_symbols(text)
            assert [one.symbol for one in continued_citations(text, first.end, first.symbol)] == [symbol]
        for text in entry["no_match"]:
            [first, *_] = find_symbols(text)
            assert list(continued_citations(text, first.end, first.symbol)) == []


def test_names_in_the_lists_of_addressees_are_those_of_the_catalogue() -> None:
    data, catalogue = load_yaml("addressees"), load_catalogue()
    names = {actor.name for actor in catalogue.actors}
    assert set(data["kinds"]) <= names
    assert {row["name"] for row in data["bodies"]} <= names
    assert {name for group in data["by_body"].values() for name in group.values()} <= names
    foreign = load_yaml("actor_names")["of_the_speaker"].values()
    assert {name for group in foreign for name in group.values()} <= names

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.provisions.patterns import patterns
from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    from collections.abc import Callable

_PROVISIONS, _ABBREVIATIONS = load_yaml("provisions"), load_yaml("abbreviations")


def _whole(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "pattern": rf"^(?:{entry['pattern']})$"}


# Lists of entries that must match at the start of a text, and single entries that are searched in it.
_AT_START = (
    "enacting",
    "annex",
    "attachment",
    "closings",
    "formula_openings",
    "own_acts",
    "speakers",
    "designators",
    "sentence_headings",
    "labels",
    "bare_labels",
)
_SEARCHED = {
    **{f"formulas {entry['name']}": entry for entry in _PROVISIONS["formulas"]},
    **{f"unbroken {entry['name']}": entry for entry in _ABBREVIATIONS["unbroken"]},
    **_PROVISIONS["list_patterns"],
    "reference_before_label": _PROVISIONS["reference_before_label"],
    "acts": _PROVISIONS["acts"],
    **{f"closing_notes {entry['name']}": _whole(entry) for entry in _PROVISIONS["closing_notes"]},
    "sentence_end": _ABBREVIATIONS["sentence_end"],
    "last_word": _ABBREVIATIONS["last_word"],
}
_STARTING = {f"{name} {entry['name']}": entry for name in _AT_START for entry in _PROVISIONS[name]}
_STARTING["place_and_date"] = _PROVISIONS["place_and_date"]
_GROUPS = ("part_patterns", "opening_patterns", "table_patterns", "voice_patterns")
_TRIED_ON_ALL = (
    "bare_marker",
    "place_and_day",
    "enacting_recital",
    "verb_line",
    "row_number",
    "act_column",
    "between_names",
    "signatory",
    "subject_behind",
)
_TRIED_AT_START = (
    "numbered_heading", "body_acts", "attitude", "meeting_story", "speaking", "recital_form", "collective_act", "note_mark",
    "unknown_name", "testimonium", "acting_body", "speaking_body",
)  # fmt: skip
for _name, _entry in [pair for group in _GROUPS for pair in _PROVISIONS[group].items()]:
    (_STARTING if _name in _TRIED_AT_START else _SEARCHED)[_name] = _whole(_entry) if _name in _TRIED_ON_ALL else _entry


@pytest.mark.parametrize("name", _STARTING)
def test_entry_matches_at_the_start_exactly_where_it_says(name: str) -> None:
    _assert_examples(_STARTING[name], re.compile(_STARTING[name]["pattern"]).match)


@pytest.mark.parametrize("name", _SEARCHED)
def test_entry_is_found_exactly_where_it_says(name: str) -> None:
    _assert_examples(_SEARCHED[name], re.compile(_SEARCHED[name]["pattern"]).search)


def test_openers_match_exactly_where_they_say() -> None:
    _assert_examples(_PROVISIONS["recital_examples"], patterns().opener.match)
    _assert_examples(_PROVISIONS["operative_examples"], patterns().operative.match)


def test_every_opener_opens_a_recital_alone_and_behind_an_adverb() -> None:
    for word in _PROVISIONS["recital_openers"]:
        assert patterns().opener.match(f"{word} such decisions"), word
        assert patterns().opener.match(f"Also {word[0].lower()}{word[1:]} such decisions"), word
        assert not patterns().opener.match(f"{word}x"), word


def test_all_entries_are_walked() -> None:
    walked = {name.split()[0] for name in (*_STARTING, *_SEARCHED)}
    words = {"recital_adverbs", "recital_openers", "recital_examples", "operative_openers", "operative_examples"}
    words |= {"acting_verbs", "speaking_verbs"}
    words |= {"titles", "references", "words", "latin", "names"}
    unwalked = {*_PROVISIONS, *_ABBREVIATIONS} - words - walked - {"list_patterns", "unbroken", *_GROUPS}
    assert unwalked == set()


def _assert_examples(entry: dict[str, Any], find: Callable[[str], object]) -> None:
    assert entry["match"], "an entry needs an example"
    assert [example for example in entry["match"] if not find(example)] == []
    assert [example for example in entry["no_match"] if find(example)] == []

"""Provisions of two documents side by side."""

from __future__ import annotations

import datetime as dt
from typing import Any

from osce_commitments.serve.views.overview import align

GUARDS = "Calls upon participating States to train border guards in the detection of forged passports and visas;"
WEAPONS = "Encourages participating States to destroy surplus small arms and to report on stockpiles of ammunition;"
VICTIMS = "Urges participating States to protect victims of trafficking and to open shelters for children;"
CYBER = "Invites the Chairmanship to hold exercises on attacks against power grids and water supply;"


def rows(name: str, *texts: str, role: str = "operative") -> list[dict[str, Any]]:
    return [
        {
            "id": f"{name}{at}", "document": name, "index": at, "role": role, "note_mark": "", "text": text, "tail": "",
            "lead_in": "", "reading": text, "title": "Threats", "date": dt.date(2091, 1, 1), "year": 2091,
            "strength_cue": None,
        }
        for at, text in enumerate(texts)
    ]  # fmt: skip


def places(left: list[dict[str, Any]], right: list[dict[str, Any]]) -> list[tuple[int | None, int | None]]:
    return align(left, right)


def test_those_that_are_one_commitment_are_paired_and_the_rest_stays_alone() -> None:
    found = places(rows("a", GUARDS, WEAPONS, VICTIMS), rows("b", VICTIMS, CYBER, GUARDS))
    assert found == [(2, 0), (None, 1), (0, 2), (1, None)]


def test_what_is_not_compared_is_listed_alone() -> None:
    found = places(rows("a", GUARDS, role="title"), rows("b", WEAPONS, role="title"))
    assert found == [(0, None), (None, 0)]
    assert places(rows("a", GUARDS, role="title"), rows("b", GUARDS, role="title")) == [(0, 0)]


def test_nothing_next_to_something() -> None:
    assert align([], []) == []
    assert align(rows("a", GUARDS), []) == [(0, None)]
    assert align([], rows("b", GUARDS)) == [(None, 0)]

"""Names of places that several provisions of a document share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import osce_commitments
from osce_commitments.texts.places import place, shared_places, spot

if TYPE_CHECKING:
    from pathlib import Path


def row(number: str = "", text: str = "States will act.", role: str = "operative", **rest: str) -> dict[str, Any]:
    same = {"number": number, "text": text, "role": role, "note_mark": "", "lead_in": "", "paragraph_id": number}
    return same | rest


def item(number: str, text: str = "act;") -> dict[str, Any]:
    return row(number, text, lead_in="States will:")


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([row("1"), row("2"), row("2 (a)")], ["", "", ""]),
        ([row("4"), item("5"), item("5")], ["", "para. 5, first item", "para. 5, second item"]),
        ([row("6"), row("6")], ["para. 6, first sentence", "para. 6, second sentence"]),
        # A provision may be a part of a sentence, which counting sentences would hide.
        ([row("6", "acts, and"), row("6")], ["para. 6, first passage", "para. 6, second passage"]),
        # Words above all paragraphs make no list of one paragraph.
        ([item("7", "States act."), row("7")], ["para. 7, first sentence", "para. 7, second sentence"]),
        ([row(role="preamble"), row(role="preamble")], ["preamble, first recital", "preamble, second recital"]),
        ([row("1"), row("2"), row("1", paragraph_id="another")], ["first para. 1", "", "second para. 1"]),
        ([row("4"), row("4 (a)"), row("4")], ["para. 4, first sentence", "", "para. 4, second sentence"]),
        ([row("1"), row("1", role="annex")], ["", ""]),
        ([row(), row()], ["first passage", "second passage"]),
        ([row(note_mark="1"), row(note_mark="1")], ["note 1, first sentence", "note 1, second sentence"]),
    ],
)
def test_a_shared_place_gets_a_name_of_its_own(rows: list[dict[str, Any]], names: list[str]) -> None:
    found = shared_places(map(spot, rows))
    assert [found.get(at, "") for at in range(len(rows))] == names


def test_the_printed_place_needs_no_neighbours() -> None:
    assert place(row("3 (a)", role="annex")) == "annex, para. 3 (a)"
    assert place(row(role="attachment", note_mark="*")) == "attachment, note *"


def test_every_provision_has_a_citation_of_its_own(sample_dataset: Path) -> None:
    reader = osce_commitments.open(sample_dataset)
    rows = [one for document in reader.documents() for one in reader.provisions(document["id"])]
    assert len({(one["document"], one["citation"]) for one in rows}) == len(rows)
    second = next(one for one in rows if one["citation"].startswith("SUM.DOC/93/10, para. 5, second item"))
    assert reader.provision("sum.doc/93/10, para. 5, second item")["id"] == second["id"]
    assert reader.provision("SUM.DOC/93/10, para. 5")["citation"] == "SUM.DOC/93/10, para. 5, first item, p. 1"

"""Citations of the acts of every organ of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.catalogue import Organ, organs
from osce_commitments.labels import TagKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CITED = [pytest.param(one, id=one.name) for one in organs() if "prose" in one.example]
NUMBERED = [pytest.param(one, id=one.name) for one in organs() if one.series]


@pytest.mark.parametrize("organ", CITED)
def test_an_act_in_prose(organ: Organ, tag_text: Callable[..., TaggedProvision]) -> None:
    found = tag_text(f"Recalling {organ.example['prose']} on lamps,", symbol="", body="").of(TagKind.INSTRUMENT)
    assert [tag.ref for tag in found] == [organ.example["symbol"]]


@pytest.mark.parametrize("organ", NUMBERED)
def test_a_bare_number_is_of_the_organ_named_last_else_of_the_own_one(
    organ: Organ, tag_text: Callable[..., TaggedProvision]
) -> None:
    # Sessions of the Assembly and the Council are many, those of other organs few, and the Economic Council counts years.
    session = {"General Assembly": "57", "Human Rights Council": "57", "Economic and Social Council": "2057"}.get(
        organ.name, "9"
    )
    number = "11"
    symbol = organ.act("resolution", session, number)
    named = f"Recalling the work of the {organ.name} and its resolution {session}/{number},"
    own = f"Recalling its resolution {session}/{number},"
    for text, home in ((named, "A/RES/99/1"), (own, organ.example["symbol"])):
        found = tag_text(text, body=organ.body, symbol=home).of(TagKind.INSTRUMENT)
        assert [tag.ref for tag in found] == [symbol], text

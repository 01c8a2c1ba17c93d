from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import TagKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision

CASES = [
    ("resources", "The Unit will, {qualifier|within available resources|resources}, train officers."),
    ("voluntary", "States will, {qualifier|on a voluntary basis|voluntary}, share samples."),
    ("as appropriate", "States will, {qualifier|where appropriate|as_appropriate}, share samples."),
    ("possible within a longer one", "States will share samples {qualifier|as soon as possible|best_effort}."),
    ("national law", "States will share samples {qualifier|in accordance with national legislation|national_law}."),
    ("consider", "States should {qualifier|consider|consider} sharing samples."),
    ("on request", "The Unit will, {qualifier|upon request|on_request}, train officers."),
    ("budget of its own", "The Unit will, {qualifier|within its own budget|resources}, train officers."),
    ("money that must be there", "Train officers, {qualifier|provided that funds are available|resources}."),
    ("law of a subject", "Keep data {qualifier|in conformity with their data protection laws|national_law}."),
    ("law that says otherwise", "{qualifier|Unless national law provides otherwise|national_law}, keep samples."),
    ("wish of a State", "Train officers {qualifier|if the host State so wishes|on_request}."),
    ("as far as they can", "States will share samples {qualifier|as far as they can|best_effort}."),
    ("freedom", "Delete pictures, {qualifier|consistent with freedom|consistent_with} of expression."),
    ("not money that is the subject", "The costs shall be met from extrabudgetary contributions."),
    ("not a wish of another thing", "Tell us where a State wishes to join."),
    ("not papers in the hand", "Examine documents that travellers show."),
    ("not a law that is cited", "Bring into force the laws that national law requires."),
    ("not the freedom as such", "Defend the freedom of the press."),
    ("not voluntary contributions", "States made voluntary contributions."),
    ("not a request that is made", "Requests the Unit to train officers."),
    ("not an opinion", "We consider that this is useful."),
]


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_qualifiers(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.QUALIFIER)


def test_two_labels_share_words(tag_text: Callable[..., TaggedProvision]) -> None:
    tags = tag_text("Act consistent with domestic and international law.").of(TagKind.QUALIFIER)
    assert [tag.ref for tag in tags] == ["national_law", "international_law"]
    assert len({(tag.start, tag.end) for tag in tags}) == 1

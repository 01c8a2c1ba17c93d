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
    ("not voluntary contributions", "States made voluntary contributions."),
    ("not a request that is made", "Requests the Unit to train officers."),
    ("not an opinion", "We consider that this is useful."),
]


def test_count() -> None:
    assert len(CASES) == 10


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_qualifiers(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.QUALIFIER)


def test_two_labels_share_words(tag_text: Callable[..., TaggedProvision]) -> None:
    tags = tag_text("Act consistent with domestic and international law.").of(TagKind.QUALIFIER)
    assert [tag.ref for tag in tags] == ["national_law", "international_law"]
    assert len({(tag.start, tag.end) for tag in tags}) == 1

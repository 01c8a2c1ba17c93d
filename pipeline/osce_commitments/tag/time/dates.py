"""Tag dates."""

from __future__ import annotations

from collections.abc import Sequence

from osce_commitments.labels import TagKind
from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import TagInput, make_tag
from osce_commitments.texts.dates import find_dates


def tag_dates(given: TagInput) -> Sequence[Tag]:
    """Tag every date of a text."""
    return [
        make_tag(given, TagKind.DATE, (found.start, found.end), found.iso, rule=found.rule)
        for found in find_dates(given.text)
    ]

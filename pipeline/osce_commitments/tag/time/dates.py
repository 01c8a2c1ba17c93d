"""Tag dates."""

from __future__ import annotations

from collections.abc import Sequence

from osce_commitments.labels import TagKind
from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import TagInput, make_tag
from osce_commitments.texts.dates import find_dates


def tag_dates(tag_input: TagInput) -> Sequence[Tag]:
    """Tag every date of a text."""
    return [
        make_tag(tag_input, TagKind.DATE, (date.start, date.end), date.iso, rule=date.rule)
        for date in find_dates(tag_input.text)
    ]

"""The letterhead of a printed resolution: every line above its enacting formula is a header line or its title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from osce_commitments.documents.layout.measures import PASSED_OVER
from osce_commitments.documents.patterns import layout_rules
from osce_commitments.labels import BlockKind

if TYPE_CHECKING:
    from osce_commitments.documents.records import Paragraph

_MOST_LINES = 30
_LONGEST_LINE = 500


def with_letterhead(items: Sequence[Paragraph]) -> list[Paragraph]:
    """Mark the lines above the enacting formula: the subject is the title, all others are header lines.

    The subject follows the number of the resolution ("78/226. Drills"); a resolution of the Security Council has only
    a number; in a draft the subject is the last line. Other documents stay as they are.
    """
    shown = [index for index, item in enumerate(items) if item.kind not in PASSED_OVER][:_MOST_LINES]
    formula = next((place for place, index in enumerate(shown) if _finds("enacting_formula", items[index])), None)
    signs = ["sign"] if formula is None else ["sign", "subject"]
    if formula is None:
        # A decision names the organ inside its first sentence.
        formula = next((place + 1 for place, index in enumerate(shown) if _finds("numbered_title", items[index])), 0)
    above = shown[:formula]
    if not any(_finds(sign, items[index]) for index in above for sign in signs):
        return list(items)
    if any(len(items[index].text) > _LONGEST_LINE and not _finds("no_title", items[index]) for index in above):
        return list(items)
    title = _title(items, above)
    result = list(items)
    for index in above if title else ():
        kind = BlockKind.TITLE if index in title else BlockKind.HEADER
        result[index] = replace(items[index], kind=kind, level=0)
    return result


def _title(items: Sequence[Paragraph], above: Sequence[int]) -> frozenset[int]:
    """Return the places of the title; empty if the lines have none."""
    numbered = [place for place, index in enumerate(above) if _finds("subject", items[index])]
    if numbered:
        return frozenset(index for index in above[numbered[-1] :] if not _finds("no_title", items[index]))
    named = [index for index in above if _finds("resolution", items[index])]
    if named:
        return frozenset(named[-1:])
    last = items[above[-1]]
    is_header = last.kind is BlockKind.HEADER or _finds("no_title", last) or _finds("sign", last)
    return frozenset() if is_header else frozenset(above[-1:])


def _finds(name: str, item: Paragraph) -> bool:
    return layout_rules().finds(f"letterhead.{name}", item.text)

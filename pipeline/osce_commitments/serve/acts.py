"""The acts of an instrument in groups, by place, theme or strength, and in pages."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.query import NO_AREA
from osce_commitments.schema import Row

ON_A_PAGE = 60


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts under one heading.

    Attributes:
        key: Id of the group on its page.
        title: The heading, the threat area or the strength; empty for acts without a heading.
        path: The headings above it that the group before has too, and those that are new here.
        first: Page on which it begins, from 1.
        is_continued: Whether it began on an earlier page.
    """

    key: str
    title: str
    rows: tuple[Row, ...]
    first: int = 1
    is_continued: bool = False
    path: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def grouped(rows: Sequence[Row], by: str) -> list[Acts]:
    """The acts in groups: by heading in the order of the text, by theme (each act once), or by strength, firmest first."""
    found: dict[str, list[Row]] = {}
    if by == "strength":
        found = {str(label): [] for label in reversed(STRENGTHS[1:])}
    elif by == "theme":
        found = {str(area): [] for area in (*THREAT_AREAS, NO_AREA)}
    for row in rows:
        found.setdefault(_group(row, by), []).append(row)
    groups: list[Acts] = []
    before = 0
    for title, some in found.items():
        if some:
            above = groups[-1].path if groups else ((), ())
            path = _path((*above[0], *above[1]), tuple(some[0]["heading"]) if by == "text" else ())
            groups.append(Acts(f"g{len(groups) + 1}", title, tuple(some), before // ON_A_PAGE + 1, path=path))
            before += len(some)
    return groups


def _path(before: tuple[str, ...], headings: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pairs = zip(before, headings[:-1], strict=False)
    shared = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    return headings[:shared], headings[shared:]


def _group(row: Row, by: str) -> str:
    if by == "strength":
        return str(row["strength"])
    if by == "theme":
        return next(iter(row["threat_areas"]), NO_AREA)
    return " / ".join(row["heading"]) or ("Annex" if row["role"] == "annex" else "")


def pages_of(groups: Sequence[Acts]) -> int:
    """Number of pages."""
    return -(-sum(len(group.rows) for group in groups) // ON_A_PAGE)


def page_of(groups: Sequence[Acts], page: int) -> list[Acts]:
    """The groups of a page, each with its acts on this page."""
    start, end, at = (page - 1) * ON_A_PAGE, page * ON_A_PAGE, 0
    found = []
    for group in groups:
        low, high = max(start - at, 0), min(end - at, len(group.rows))
        if low < high:
            found.append(replace(group, rows=group.rows[low:high], is_continued=low > 0))
        at += len(group.rows)
    return found

"""How wide the columns of a printed table are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from osce_commitments.report.model import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROWS, _MOST_CHARACTERS, _MARGIN = 400, 100, 3
_BOLD = 1.3  # a heading is bold, and so wider
_SHORT = 16  # rows
_BREAK = re.compile("[ -]")  # no hard blank, as in a date
_LONG_WORDS = 0.98  # longer words than those of this share of the cells may be broken


def is_short(table: Table) -> bool:
    """Whether a table is kept whole on a page."""
    return len(table.rows) <= _SHORT


def column_shares(table: Table, line: int) -> list[float]:
    """The share of the width of each column: its usual words whole, then the more the longer its cells are."""
    columns = [
        [text for row in table.rows[:_ROWS] if (text := "".join(run.text for run in row[at]))]
        for at in range(len(table.columns))
    ]
    least = [_longest(name, cells) + _MARGIN for name, cells in zip(table.columns, columns, strict=True)]
    wished = [min(sum(map(len, cells)) / max(len(cells), 1), _MOST_CHARACTERS) for cells in columns]
    lacking = [max(wish - small, 0.1) for wish, small in zip(wished, least, strict=True)]
    room = max(line - sum(least), 0)
    found = [small + room * one / sum(lacking) for small, one in zip(least, lacking, strict=True)]
    return [one / sum(found) for one in found]


def _longest(name: str, cells: Sequence[str]) -> float:
    longest = sorted(max(map(len, _BREAK.split(cell))) for cell in cells)
    usual = longest[min(int(len(longest) * _LONG_WORDS), len(longest) - 1)] if longest else 0
    return max(max(map(len, _BREAK.split(name))) * _BOLD, usual)

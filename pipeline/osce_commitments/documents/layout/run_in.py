"""Numbered paragraphs that run on in one line ("…; 7. Requests …")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from re import Match
from typing import TYPE_CHECKING

from osce_commitments.documents.patterns import layout_rules

if TYPE_CHECKING:
    from osce_commitments.documents.records import Line

_SHORTEST_SERIES = 2


def split_run_in(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines; a whole paragraph is split before acts whose numbers continue a series."""
    for line in lines:
        found = (
            list(layout_rules()["run_in_number.act"].finditer(line.text)) if line.whole and line.kind is None else []
        )
        if is_series(found):
            starts = [match.start("number") for match in found]
            for start, end in pairwise([0, *starts, len(line.text)]):
                if text := line.text[start:end].strip():
                    yield replace(line, text=text)
        else:
            yield line


def is_series(found: Sequence[Match[str]]) -> bool:
    """Whether numbers found in a text are at least two and each is one more than the number before it."""
    numbers = [int(match["number"]) for match in found]
    return len(numbers) >= _SHORTEST_SERIES and all(below == above + 1 for above, below in pairwise(numbers))

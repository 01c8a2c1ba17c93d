"""Lines and paragraphs that run together, which converters do to the halves of a header block and to short acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from re import Match

from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.records import Line
from osce_commitments.labels import BlockKind

_SHORTEST_SERIES = 2


def split_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines, split where one contains two or several numbered acts."""
    return _split_numbered_acts(_split_glued(lines))


def _split_glued(lines: Iterable[Line]) -> list[Line]:
    """Split lines that contain two.

    Converters run two paragraphs together ("The Security Council, Recalling …"); the halves of a header block share
    a line ("Ministerial Council 30 November 2007").
    """
    rules = layout_rules()
    result: list[Line] = []
    pending = list(reversed(list(lines)))
    while pending:
        line = pending.pop()
        found = rules.first("two_lines.of_header", line.text) if line.kind in (None, BlockKind.TABLE) else None
        if found is None and line.whole and line.kind is None:
            found = rules.first("two_lines.of_text", line.text)
        if found is None:
            result.append(line)
            continue
        result.append(replace(line, text=found[1][1].strip()))
        pending.append(replace(line, text=found[1][2].lstrip("# ")))
    return result


def _split_numbered_acts(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines; a whole paragraph is split before acts whose numbers continue a series."""
    rules = layout_rules()
    for line in lines:
        found = list(rules["run_in_number.act"].finditer(line.text)) if line.whole and line.kind is None else []
        if is_series(found):
            starts = [match.start("number") for match in found]
            for start, end in pairwise([0, *starts, len(line.text)]):
                if text := line.text[start:end].strip():
                    yield replace(line, text=text)
        else:
            yield line


def is_series(matches: Sequence[Match[str]]) -> bool:
    """Whether numbers found in a text are at least two and each is one more than the number before it."""
    numbers = [int(match["number"]) for match in matches]
    return len(numbers) >= _SHORTEST_SERIES and all(below == above + 1 for above, below in pairwise(numbers))

"""Tables on several pages: the repeated head row, and rows split by a page break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.records import Line
from osce_commitments.labels import BlockKind

_BETWEEN = frozenset({BlockKind.FURNITURE, BlockKind.FOOTNOTE})


def with_pages_of_tables_joined(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with repeated head rows marked as furniture, and the rest of a split row as resumed cells.

    Only furniture and footnotes may come between the pages of a table.
    """
    result = list(lines)
    for table in _tables(lines):
        pages = [list(group) for _, group in groupby(table, key=lambda index: lines[index].page)]
        head = _row([lines[index] for index in pages[0]])
        for above, below in pairwise(pages):
            row, start = _row([lines[index] for index in below]), 0
            if len(pages[0]) > len(head) > 1 and [_shown(line) for line in row] == [_shown(line) for line in head]:
                start = len(head)
                for index in below[:start]:
                    result[index] = replace(lines[index], kind=BlockKind.FURNITURE, level=0)
                row = _row([lines[index] for index in below[start:]])
            if _is_cut(_last_row([lines[index] for index in above]), row):
                for index in below[start : start + len(row)]:
                    result[index] = replace(lines[index], resumes=True)
    return result


def _tables(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Yield the positions of the cells of each table, in formats with pages."""
    table: list[int] = []
    for index, line in enumerate(lines):
        if line.kind is BlockKind.TABLE and line.page and line.level:
            table.append(index)
        elif line.kind not in _BETWEEN and table:
            yield table
            table = []
    if table:
        yield table


def _shown(line: Line) -> tuple[int, str]:
    return line.level, line.text


def _row(cells: Sequence[Line]) -> list[Line]:
    """Return the first row; a row ends before a cell in a column further to the left."""
    end = next((index for index in range(1, len(cells)) if cells[index].level < cells[index - 1].level), len(cells))
    return list(cells[:end])


def _last_row(cells: Sequence[Line]) -> list[Line]:
    start = next((at for at in range(len(cells) - 1, 0, -1) if cells[at].level < cells[at - 1].level), 0)
    return list(cells[start:])


def _is_cut(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether a row continues after a page break.

    It does if each of its cells is in a column of the last row, and one continues in the middle of a sentence. A cell
    in the first column must be that one, as a new row has its number or name there.
    """
    last = {line.level: line for line in above}
    if not below or any(line.level not in last for line in below):
        return False
    judged = below[:1] if below[0].level == above[0].level else below
    return any(_continues_sentence(last[line.level].text, line.text) for line in judged)


def _continues_sentence(above: str, below: str) -> bool:
    """Whether a text continues a sentence; lower case is not evidence if the cell above begins in lower case too."""
    return below[:1].islower() and not above[:1].islower() and not layout_rules().finds("ending.sentence", above)

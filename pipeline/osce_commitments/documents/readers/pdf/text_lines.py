"""Builds lines in reading order from positioned characters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from osce_commitments.documents.patterns import SAME_LINE, has_form
from osce_commitments.documents.records import Line
from osce_commitments.texts.normalise import squeeze, superscript

# Gaps between words, columns and lines, in type sizes.
_WORD_GAP = 0.18
_COLUMN_GAP = 2.6
_NARROW_GAP = 0.6
_RAISED = 0.75
_SMALL = 0.8
_MIN_COLUMN_SHARE = 0.3
_MIN_COLUMN_RUNS = 8
_NEXT_COLUMN = 99.0
_SYMBOLS = frozenset("*†‡")
_OPENING_MARK = re.compile(r"\d{1,3}|\*{1,4}|[†‡]")


class Character(NamedTuple):
    """A printed character: edges, baseline and height in points."""

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool


@dataclass(slots=True)
class CharacterRun:
    """Characters on one baseline without a wide gap; or a table with its cells, positioned by its upper edge."""

    left: float
    right: float
    base: float
    size: float
    text: str = ""
    bold: int = 0
    letters: int = 0
    pieces: list[str] = field(default_factory=list)
    sizes: Counter[float] = field(default_factory=Counter)
    cells: tuple[Line, ...] = ()

    def take(self, character: Character) -> None:
        """Add a character at the right end."""
        if character.text != " ":
            if self.pieces and character.left - self.right > _WORD_GAP * self.size and self.pieces[-1] != " ":
                self.pieces.append(" ")
            self.letters += 1
            self.sizes[character.size] += 1
            self.bold += character.bold
            self.right = max(self.right, character.right)
        self.pieces.append(character.text)

    def close(self) -> CharacterRun:
        """Set text and size; the size is that of most characters, as brackets may be larger."""
        if self.sizes:
            self.size = self.sizes.most_common(1)[0][0]
        self.text = squeeze("".join(self.pieces))
        return self


def runs_of(characters: Iterable[Character], *, is_narrow: bool = False) -> list[CharacterRun]:
    """Group characters, in the order of the page's content, into runs; raised digits, stars and daggers become note marks.

    If ``is_narrow``, every gap wider than between words splits, even after a list label.
    """
    runs: list[CharacterRun] = []
    run: CharacterRun | None = None
    for character in characters:
        if (
            run is not None
            and 0.05 * run.size < character.base - run.base < _RAISED * run.size
            and (character.text.isdigit() or character.text in _SYMBOLS)
            and character.size < _SMALL * run.size
            and -0.2 * run.size < character.left - run.right < run.size
        ):
            run.take(character._replace(text=superscript(character.text), left=run.right))
            continue
        if run is None or not _continues(run, character, is_narrow=is_narrow):
            if character.text == " ":
                continue
            run = CharacterRun(character.left, character.left, character.base, character.size)
            runs.append(run)
        run.take(character)
    return _with_opening_marks([run.close() for run in runs])


def _continues(run: CharacterRun, character: Character, *, is_narrow: bool) -> bool:
    size = max(run.size, character.size)
    if abs(character.base - run.base) > SAME_LINE * min(run.size, character.size):
        return False
    gap = character.left - run.right
    if gap < -size:
        return False
    if is_narrow or gap <= _COLUMN_GAP * size:
        return not is_narrow or gap <= _NARROW_GAP * size
    # With a hanging indent, a list label is far from its text.
    text = "".join(run.pieces).strip()
    return len(text) < 8 and " " not in text and has_form(text, "list_label")  # noqa: PLR2004 - "(xviii)"


def _with_opening_marks(runs: list[CharacterRun]) -> list[CharacterRun]:
    """Join a note mark that opens a note to the text after it."""
    joined: list[CharacterRun] = []
    for run in runs:
        mark = joined[-1] if joined else None
        if (
            mark is not None
            and _OPENING_MARK.fullmatch(mark.text)
            and mark.size < _SMALL * run.size
            and 0 < mark.base - run.base < _RAISED * run.size
            and -1 < run.left - mark.right < 2 * run.size
        ):
            run.text = f"{superscript(mark.text)} {run.text}"
            run.left = mark.left
            joined.pop()
        joined.append(run)
    return [run for run in joined if run.text]


def lines_of_page(runs: Sequence[CharacterRun], page: int, width: float) -> Iterator[Line]:
    """Yield the lines of a page from top to bottom, column by column; ``gap`` is in type sizes."""
    above: CharacterRun | None = None
    for run in _in_reading_order(runs, width):
        if run.cells:
            yield from run.cells
            above = None
            continue
        gap = 0.0
        if above is not None:
            # A new column starts above the end of the last one; treat it like a new page.
            gap = (above.base - run.base) / max(run.size, 1.0)
            gap = gap if gap > -1 else _NEXT_COLUMN
        yield Line(
            run.text,
            page,
            left=run.left,
            right=run.right,
            size=round(run.size, 1),
            gap=gap,
            bold=2 * run.bold > run.letters,
        )
        above = run


def _in_reading_order(runs: Sequence[CharacterRun], width: float) -> list[CharacterRun]:
    ordered = from_top_down(runs)
    middle = width / 2
    left = [run for run in ordered if run.right < middle + 6]
    right = [run for run in ordered if run.left > middle - 6]
    if min(len(left), len(right)) < max(_MIN_COLUMN_RUNS, _MIN_COLUMN_SHARE * len(ordered)):
        return ordered
    # The left column before the right one, between lines that span both.
    result: list[CharacterRun] = []
    columns: tuple[list[CharacterRun], list[CharacterRun]] = ([], [])
    for run in ordered:
        if run.left < middle - 6 and run.right > middle + 6:
            result += [*columns[0], *columns[1], run]
            columns = ([], [])
        else:
            columns[run.left > middle - 6].append(run)
    return [*result, *columns[0], *columns[1]]


def from_top_down(runs: Iterable[CharacterRun]) -> list[CharacterRun]:
    """Sort runs by baseline; those on nearly the same baseline from left to right."""
    rows: list[list[CharacterRun]] = []
    for run in sorted(runs, key=lambda run: (-run.base, run.left)):
        if rows and abs(rows[-1][0].base - run.base) <= SAME_LINE * min(run.size, rows[-1][0].size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [run for row in rows for run in sorted(row, key=lambda run: run.left)]

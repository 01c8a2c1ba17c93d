"""Comparison of two editions of a selection: new, changed and withdrawn commitments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.report.statements import Statement
from osce_commitments.texts.diff import likeness

if TYPE_CHECKING:
    Key = Callable[[Statement], Hashable]

_LIKE = 0.5  # least share of common words for two wordings of one paragraph to count as one commitment
_COMPARED = ("strength", "areas", "addressee", "qualifiers", "deadlines", "reports")


@dataclass(frozen=True, slots=True)
class EditionChange:
    """A commitment that differs between two editions.

    Attributes:
        fields: Names of the fields that differ: ``reading``, ``strength``, ``areas``, …
    """

    before: Statement
    after: Statement
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionComparison:
    """The differences between two editions.

    Attributes:
        new: Not in the earlier edition.
        changed: By id in the later edition.
        withdrawn: Not in the later edition.
        pairs: Id in the earlier edition, by id in the later one, of every commitment in both.
    """

    new: tuple[Statement, ...]
    changed: dict[str, EditionChange]
    withdrawn: tuple[Statement, ...]
    pairs: dict[str, str]


def compare_editions(before: Sequence[Statement], after: Sequence[Statement]) -> EditionComparison:
    """Pair the commitments of two editions.

    Two commitments are the same if they share their id, or their words and source (the document was read again), or the
    paragraph of one instrument and half of their words.
    """
    pairs: list[tuple[Statement, Statement]] = []
    old, new = list(before), list(after)
    for key in (_by_id, _by_words, _by_place):
        matched, old, new = _match(old, new, key)
        pairs += matched
    changes = (EditionChange(a, b, _differing(a, b)) for a, b in pairs)
    return EditionComparison(
        new=tuple(new),
        changed={change.after.id: change for change in changes if change.fields},
        withdrawn=tuple(old),
        pairs={b.id: a.id for a, b in pairs},
    )


def _by_id(statement: Statement) -> Hashable:
    return statement.id


def _by_words(statement: Statement) -> Hashable:
    return statement.symbol or statement.source, statement.reading


def _by_place(statement: Statement) -> Hashable:
    # An unnumbered paragraph has no place to compare by.
    return (statement.symbol or statement.source, statement.number) if statement.number else statement.id


def _match(old: list[Statement], new: list[Statement], key: Key) -> tuple[list[Any], list[Statement], list[Statement]]:
    waiting: defaultdict[Hashable, list[Statement]] = defaultdict(list)
    for one in old:
        waiting[key(one)].append(one)
    pairs, rest = [], []
    for one in new:
        queue = waiting[key(one)]
        if queue and (key is not _by_place or likeness(queue[0].reading, one.reading) >= _LIKE):
            pairs.append((queue.pop(0), one))
        else:
            rest.append(one)
    taken = {before.id for before, _ in pairs}
    return pairs, [one for one in old if one.id not in taken], rest


def _differing(before: Statement, after: Statement) -> tuple[str, ...]:
    words = ("reading",) if before.reading.split() != after.reading.split() else ()
    return words + tuple(name for name in _COMPARED if getattr(before, name) != getattr(after, name))

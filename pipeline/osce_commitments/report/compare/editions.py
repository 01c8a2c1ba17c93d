"""Two editions of the same selection: what is new, changed, withdrawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.texts.diff import likeness

if TYPE_CHECKING:
    from osce_commitments.report.statements import Statement

    Key = Callable[[Statement], Hashable]

_LIKE = 0.5  # share of common words from which two wordings at one place are one commitment, reworded
_COMPARED = ("strength", "areas", "addressee", "qualifiers", "deadlines", "reports")


@dataclass(frozen=True, slots=True)
class EditionChange:
    """A commitment of both editions that is not the same in both.

    Attributes:
        fields: Names of what differs: ``reading``, ``strength``, ``areas``, …
    """

    before: Statement
    after: Statement
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionComparison:
    """What became of an earlier edition's commitments.

    Attributes:
        new: Not in the earlier edition.
        changed: By id in the later edition.
        withdrawn: Not in the later edition.
        pairs: Ids of the earlier edition by those of the later one, of every commitment of both.
    """

    new: tuple[Statement, ...]
    changed: dict[str, EditionChange]
    withdrawn: tuple[Statement, ...]
    pairs: dict[str, str]


def compare_editions(before: Sequence[Statement], after: Sequence[Statement]) -> EditionComparison:
    """Pair the commitments of two editions.

    Two are one and the same if their id is; else if the words and the source are (a document was read again); else if
    they stand at the same paragraph of the same instrument and share half of their words.
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


def _by_id(one: Statement) -> Hashable:
    return one.id


def _by_words(one: Statement) -> Hashable:
    return one.symbol or one.source, one.reading


def _by_place(one: Statement) -> Hashable:
    # A paragraph without number stands at no place that could be found again.
    return (one.symbol or one.source, one.number) if one.number else one.id


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

"""The commitments that a report compares: two editions of a selection, or those since a meeting of the Ministerial Council."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.catalogue import Meeting, load_catalogue, meeting_named
from osce_commitments.errors import ConfigError
from osce_commitments.query import Reader, Selection
from osce_commitments.report.statements import Statement, day, select
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
    changes = []
    for earlier, later in pairs:
        names = ["reading"] if earlier.reading.split() != later.reading.split() else []
        names += (name for name in _COMPARED if getattr(earlier, name) != getattr(later, name))
        changes.append(EditionChange(earlier, later, tuple(names)))
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
    for statement in old:
        waiting[key(statement)].append(statement)
    pairs, rest = [], []
    for statement in new:
        queue = waiting[key(statement)]
        if queue and (key is not _by_place or likeness(queue[0].reading, statement.reading) >= _LIKE):
            pairs.append((queue.pop(0), statement))
        else:
            rest.append(statement)
    taken = {before.id for before, _ in pairs}
    return pairs, [one for one in old if one.id not in taken], rest


_VERSION = re.compile(r"\d+|\d{4}-\d\d-\d\d.*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LAST = ("mc", "ministerial council", "last meeting")
_ANY_BODY, _MINISTERIAL = "", "MC"
_FORMS = "give a version (12), a day (2026-03-01), 'MC' for the last meeting, 'MC 2011', '18th' or 'Vilnius'"


@dataclass(frozen=True, slots=True)
class Scope:
    """New and earlier commitments.

    Attributes:
        words: The starting point in words.
        earlier: Earlier commitments by id.
        comparison: Comparison with the earlier version; None since a meeting.
    """

    words: str
    new: Sequence[Statement]
    earlier: Mapping[str, Statement]
    comparison: EditionComparison | None = None


def scope(reader: Reader, since: str, selection: Selection, *, all_bodies: bool = False) -> Scope:
    """The selected commitments added since a version or a meeting.

    Documents of other bodies than the Ministerial Council belong to its meeting only with ``all_bodies``, or if the selection
    names a body.

    Raises:
        ConfigError: If ``since`` is neither, or the version is not earlier.
        DatasetError: If the version does not exist.
    """
    wanted = " ".join(since.split())
    if _YEAR.fullmatch(wanted) and int(wanted) > reader.version:
        msg = f"there is no version {wanted}"
        raise ConfigError(
            msg, f"for the meeting of that year write 'MC {wanted}', for a version of that time a day: {wanted}-12-31"
        )
    if _VERSION.fullmatch(wanted):
        before = earlier_reader(reader, wanted)
        now = _selected(reader, selection)
        comparison = compare_editions(list(_selected(before, selection).values()), list(now.values()))
        new = {statement.id for statement in comparison.new}
        words = f"since version {before.version} of {day(before.info.created_at)}"
        earlier = {key: one for key, one in now.items() if key not in new}
        return Scope(words, comparison.new, earlier, comparison=comparison)
    given = all_bodies or bool(selection.conditions.get("body"))
    return _since_meeting(reader, _meeting(reader, wanted), selection, _ANY_BODY if given else _MINISTERIAL)


def earlier_reader(reader: Reader, version: str) -> Reader:
    """The dataset at an earlier version.

    Raises:
        ConfigError: If the version is not earlier.
        DatasetError: If the version does not exist.
    """
    from osce_commitments.query import Reader as Opened

    number = reader.dataset.resolve(version)
    if number >= reader.version:
        msg = f"version {number} is not earlier than version {reader.version}"
        raise ConfigError(msg, "give an earlier version: osce-commitments versions lists them")
    return Opened(reader.dataset.path, number)


def _since_meeting(reader: Reader, meeting: Meeting, selection: Selection, body: str) -> Scope:
    held = {row["id"] for row in reader.documents() if body in (_ANY_BODY, row["body"])}
    now = {key: statement for key, statement in _selected(reader, selection).items() if statement.document in held}
    dated = [(one, one.date or (dt.date(one.year, 12, 31) if one.year else None)) for one in now.values()]
    new = [one for one, when in dated if when and when >= meeting.start]
    earlier = {one.id: one for one, when in dated if when and when < meeting.start}
    words = f"since the {meeting.in_words}"
    return Scope(words, new, earlier)


def _selected(reader: Reader, selection: Selection) -> dict[str, Statement]:
    return {statement.id: statement for statement in select(reader, selection)}


def _meeting(reader: Reader, wanted: str) -> Meeting:
    if wanted.casefold() in _LAST:
        dated = ((row["body"] == _MINISTERIAL, row["date"]) for row in reader.documents() if row["date"])
        _, newest = max(dated, default=(False, dt.date.min))  # of other bodies only if the Council has none
        if meetings := [meeting for meeting in load_catalogue().meetings if meeting.start <= newest]:
            return meetings[-1]
    try:
        return meeting_named(wanted)
    except ConfigError as error:
        if "several" in error.message:
            raise
        msg = f"{wanted!r} is neither a version nor a meeting of the Ministerial Council"
        raise ConfigError(msg, _FORMS) from error

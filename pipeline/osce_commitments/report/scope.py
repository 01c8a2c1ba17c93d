"""The scope of a digest: since a version of the dataset or a meeting of the Ministerial Council."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from osce_commitments.catalogue import Meeting, load_catalogue, meeting_named
from osce_commitments.errors import ConfigError
from osce_commitments.query import Reader, Selection
from osce_commitments.report.compare.editions import EditionComparison, compare_editions
from osce_commitments.report.statements import Statement, day, select

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
        new = {one.id for one in comparison.new}
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
    now = {key: one for key, one in _selected(reader, selection).items() if one.document in held}
    dated = [(one, one.date or (dt.date(one.year, 12, 31) if one.year else None)) for one in now.values()]
    new = [one for one, when in dated if when and when >= meeting.start]
    earlier = {one.id: one for one, when in dated if when and when < meeting.start}
    words = f"since the {meeting.in_words}"
    return Scope(words, new, earlier)


def _selected(reader: Reader, selection: Selection) -> dict[str, Statement]:
    return {one.id: one for one in select(reader, selection)}


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

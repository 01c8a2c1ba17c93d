"""The scope of a digest: since a version of the dataset or a meeting of the Ministerial Council."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.catalogue import Meeting, load_catalogue, meeting_named
from osce_commitments.errors import ConfigError
from osce_commitments.report.compare.editions import EditionComparison, compare_editions
from osce_commitments.report.statements import Statement, commitments, day

if TYPE_CHECKING:
    from osce_commitments.query import Reader

_VERSION = re.compile(r"\d+|\d{4}-\d\d-\d\d.*")
_LAST = ("mc", "ministerial council", "last meeting")
_FORMS = "give a version (12), a day (2026-03-01), 'MC' for the last meeting, 'MC 2011', '18th' or 'Vilnius'"


@dataclass(frozen=True, slots=True)
class Scope:
    """New and earlier commitments.

    Attributes:
        words: The starting point in words.
        earlier: Earlier commitments by id.
        until: Last day of the earlier ones; empty since a version.
        comparison: Comparison with the earlier version; None since a meeting.
    """

    words: str
    new: Sequence[Statement]
    earlier: Mapping[str, Statement]
    until: str = ""
    comparison: EditionComparison | None = None


def scope(reader: Reader, since: str) -> Scope:
    """The commitments added since a version or a meeting.

    Raises:
        ConfigError: If ``since`` is neither, or the version is not earlier.
        DatasetError: If the version does not exist.
    """
    wanted = " ".join(since.split())
    if _VERSION.fullmatch(wanted):
        return _since_version(reader, wanted)
    return _since_meeting(reader, _meeting(reader, wanted))


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


def _since_version(reader: Reader, version: str) -> Scope:
    before = earlier_reader(reader, version)
    now = commitments(reader)
    comparison = compare_editions(list(commitments(before).values()), list(now.values()))
    new = {one.id for one in comparison.new}
    words = f"since version {before.version} of {day(before.info.created_at)}"
    earlier = {key: one for key, one in now.items() if key not in new}
    return Scope(words, comparison.new, earlier, comparison=comparison)


def _since_meeting(reader: Reader, meeting: Meeting) -> Scope:
    now = commitments(reader)
    dated = [(one, one.date or (dt.date(one.year, 12, 31) if one.year else None)) for one in now.values()]
    new = [one for one, when in dated if when and when >= meeting.start]
    earlier = {one.id: one for one, when in dated if when and when < meeting.start}
    words = f"since the {meeting.in_words}"
    return Scope(words, new, earlier, (meeting.start - dt.timedelta(days=1)).isoformat())


def _meeting(reader: Reader, wanted: str) -> Meeting:
    if wanted.casefold() in _LAST:
        newest = max((row["date"] for row in reader.documents() if row["date"]), default=dt.date.min)
        if held := [one for one in load_catalogue().meetings if one.start <= newest]:
            return held[-1]
    try:
        return meeting_named(wanted)
    except ConfigError as error:
        if "several" in error.message:
            raise
        msg = f"{wanted!r} is neither a version nor a meeting of the Ministerial Council"
        raise ConfigError(msg, _FORMS) from error

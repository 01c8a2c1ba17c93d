"""Meetings of the Ministerial Council by the names that people give them: '18th', 'MC(18)', 'MC 2011', 'Vilnius'."""

from __future__ import annotations

import datetime as dt
import re

from osce_commitments.catalogue.store import Meeting, load_catalogue
from osce_commitments.errors import ConfigError
from osce_commitments.texts.numerals import ordinal_number, ordinal_pattern

_ORDINAL = re.compile(r"(?:mc ?\()?(?P<ordinal>\d{1,2})(?:st|nd|rd|th|\))(?: (?:mc|ministerial council|meeting))?")
_YEAR = re.compile(r"(?:mc|ministerial council)[ .]?(?P<year>\d{4})")
_PLACE = re.compile(r"(?P<place>[^\d]+?)(?: (?P<year>\d{4}))?")
_PRINTED = re.compile(rf"(?P<ordinal>{ordinal_pattern()}) Meeting", re.IGNORECASE)


def meeting_of(body: str, printed: str, day: dt.date | None) -> Meeting | None:
    """The meeting of the Ministerial Council that adopted a document.

    Args:
        body: Code of the adopting body.
        printed: The meeting as the document names it; may be empty.
        day: Day of adoption, which decides where no meeting is named.
    """
    if body != "MC":
        return None
    match = _PRINTED.search(printed)
    if match:
        return load_catalogue().meeting(ordinal=ordinal_number(match["ordinal"]))
    return next((meeting for meeting in load_catalogue().meetings if day and meeting.start <= day <= meeting.end), None)


def meeting_named(name: str) -> Meeting:
    """The meeting with a name.

    Raises:
        ConfigError: If no meeting or several have it.
    """
    casefold = " ".join(name.split()).casefold()
    meetings = [meeting for meeting in load_catalogue().meetings if _has_name(meeting, casefold)]
    if len(meetings) == 1:
        return meetings[0]
    if meetings:
        listed = ", ".join(f"{one.place} {one.year}" for one in meetings)
        msg = f"{name!r} names several meetings"
        raise ConfigError(msg, f"give one of: {listed}")
    msg = f"{name!r} is not a meeting of the Ministerial Council"
    raise ConfigError(msg, "give 'last', 'MC 2011', '18th' or 'Vilnius'")


def _has_name(meeting: Meeting, wanted: str) -> bool:
    if match := _ORDINAL.fullmatch(wanted):
        return meeting.ordinal == int(match["ordinal"])
    if match := _YEAR.fullmatch(wanted):
        return meeting.year == int(match["year"])
    match = _PLACE.fullmatch(wanted)
    if match is None:
        return False
    return match["place"] == meeting.place.casefold() and match["year"] in {None, str(meeting.year)}

"""Deadlines that are meetings: those of the Ministerial Council are known to the day, of others at most the year is."""

from __future__ import annotations

import datetime as dt
import re

from osce_commitments.catalogue import Meeting, load_catalogue
from osce_commitments.resources import load_yaml
from osce_commitments.tag.events import find_events, meeting_name
from osce_commitments.tag.time.anchor import NO_DATE, Given, Resolved, after
from osce_commitments.tag.time.periods import year_meant
from osce_commitments.texts.dates import find_dates
from osce_commitments.texts.numerals import ordinal_number

COUNCIL = "Ministerial Council"
_UNKNOWN_MEETING = "the date of the meeting is not known"
_OWN_MEETING_DAYS = 10  # A text of the Council bears the last day of its meeting, or one shortly before.
_OUR = re.compile(r"\bour\b")
_OWN_MEETING = re.compile(r"\b(?:its|our) (?:next|forthcoming|upcoming|coming|following) (?:regular )?meeting$")


def event_of_year(match: re.Match[str], given: Given) -> Resolved:
    """A meeting of which the text tells the year; that of the Ministerial Council is known to the day."""
    year = year_meant(match["when"] or match["when2"], given.date)
    if year is None:
        return "", NO_DATE
    if given.date and year < given.date.year:
        return None
    is_own = match["event"] == "meeting" and bool(re.search(r"\b(?:its|our) ", match.group()))
    is_council = is_own and (COUNCIL in given.text[: match.start()] or given.context.body == "MC")
    is_council = is_council or "Ministerial" in (match["event"] or match["event2"])
    meeting = load_catalogue().meeting(year=year) if is_council else None
    return meeting_due(meeting) if meeting else (str(year), "")


def next_meeting(match: re.Match[str], given: Given) -> Resolved:
    """The next meeting of the body that speaks, or of the Council."""
    if match["date"]:
        return after(find_dates(match["date"])[0].iso, given.date)
    if f"{COUNCIL}'s" in match.group():
        return _following_council(given)
    is_own = bool(_OWN_MEETING.search(match.group())) and given.context.body == "MC"
    return _following_council(given) if is_own else ("", _UNKNOWN_MEETING)


def session(match: re.Match[str], given: Given) -> Resolved:
    """A numbered meeting of the Council can be known; of other bodies at most the year is."""
    is_council = COUNCIL in given.text[: match.start()] or given.context.body == "MC"
    if match["ordinal"] and is_council and match.group().lower().endswith("meeting"):
        meeting = load_catalogue().meeting(ordinal=ordinal_number(match["ordinal"]))
        if meeting and (given.date is None or meeting.end >= given.date):
            return meeting_due(meeting)
    if _OWN_MEETING.search(match.group()) and given.context.body == "MC":
        return _following_council(given)
    dated = find_dates(match["date"] or "")
    return after(dated[0].iso, given.date) if dated else ("", _UNKNOWN_MEETING)


def meeting_in_place(match: re.Match[str], given: Given) -> Resolved:
    """A meeting of the Ministerial Council that is told by its place."""
    is_council = COUNCIL in given.text[: match.end()] or (
        given.context.body == "MC" and bool(_OUR.search(match.group()))
    )
    found = find_dates(match["date"] or "")
    if found:
        meeting = council_in(found[0].iso)
        is_named = meeting is not None and meeting.place == match["city"] and "Council" in given.text[: match.start()]
        is_council = is_council or is_named or given.context.body == "CSCE"
        return meeting_due(meeting) if meeting and is_council else after(found[0].iso, given.date)
    if not is_council or given.date is None:
        return "", _UNKNOWN_MEETING
    return _following_council(given, match["city"])


def council_place(match: re.Match[str], given: Given) -> Resolved:
    """The next meeting of the Council by the place alone, where that is to decide or to debate something ("in Basel")."""
    words = given.text[: match.start()]
    due = _following_council(given)
    meeting = next((one for one in load_catalogue().meetings if due and f"{one.start}/{one.end}" == due[0]), None)
    is_council = COUNCIL in words or given.context.body == "MC"
    acts, other = (re.search(load_yaml("deadlines")[key], words) for key in ("council_acts", "no_council_acts"))
    return due if meeting and meeting.place == match["place"] and is_council and acts and not other else None


def when_we_meet(match: re.Match[str], given: Given) -> Resolved:
    """The next meeting of the body that speaks, or of the Council of which the text spoke."""
    is_own = given.context.body == "MC" and match.group().startswith("when we")
    if not is_own and COUNCIL not in given.text[: match.end()]:
        return "", _UNKNOWN_MEETING
    if match["year"]:
        meeting = load_catalogue().meeting(year=int(match["year"]))
        return meeting_due(meeting) if meeting else (match["year"], "")
    return _following_council(given, match["city"])


def next_council(match: re.Match[str], given: Given) -> Resolved:
    """The next meeting of the Council, wherever or in the place that is named."""
    return _following_council(given, match["place"] or None)


def _following_council(given: Given, place: str | None = None) -> Resolved:
    if given.date is None:
        return "", NO_DATE
    own = dt.timedelta(days=_OWN_MEETING_DAYS if given.context.body == "MC" else 0)
    later = [
        meeting
        for meeting in load_catalogue().meetings
        if meeting.start > given.date + own and place in {None, meeting.place}
    ]
    if not later:
        return "", "the catalogue knows no later Ministerial Council"
    return meeting_due(min(later, key=lambda meeting: meeting.start))


def named_council(match: re.Match[str], given: Given) -> Resolved:
    """A meeting of the Council that is told by number, year or place; none that is over."""
    for event in find_events(match["council"]):
        for meeting in load_catalogue().meetings:
            if meeting_name(meeting) == event.name:
                return None if given.date and meeting.end < given.date else meeting_due(meeting)
        return "", event.note
    year = re.search(r"\d{4}", match["council"])
    named = load_catalogue().meeting(year=int(year.group())) if year else None
    return meeting_due(named) if named and not (given.date and named.end < given.date) else None


def council_in(iso: str) -> Meeting | None:
    """The meeting of the Council that began on a day, or in a month or year."""
    return next((one for one in load_catalogue().meetings if one.start.isoformat()[: len(iso)] == iso), None)


def meeting_due(meeting: Meeting) -> tuple[str, str]:
    """The days of a meeting as an ISO 8601 interval, and its name."""
    return f"{meeting.start}/{meeting.end}", meeting_name(meeting)

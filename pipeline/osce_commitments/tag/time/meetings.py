"""Deadlines that are meetings: the Ministerial Council's are known to the day, of others at most the year is known."""

from __future__ import annotations

import datetime as dt
import re

from osce_commitments.catalogue import Meeting, cities, is_osce, load_catalogue
from osce_commitments.tag.tag_input import why_unresolved
from osce_commitments.tag.time.periods import NO_DATE, Anchor, Resolved
from osce_commitments.tag.time_rules import time_rules
from osce_commitments.texts.dates import find_dates
from osce_commitments.texts.numerals import ordinal_number, ordinal_pattern

COUNCIL = "Ministerial Council"
_UNKNOWN_MEETING = "the date of the meeting is not known"
_OWN_MEETING_DAYS = 10  # A text of the Council is dated on the last day of its meeting, or shortly before.


def meeting_of_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a meeting whose year the text gives; that of the Ministerial Council is known to the day."""
    year = anchor.year(match["year"] or match["year2"])
    if year is None:
        return "", NO_DATE
    if anchor.date and year < anchor.date.year:
        return None
    possessive = time_rules()["anchor.own_meeting"].part("possessive")
    is_own = match["event"] == "meeting" and bool(possessive.search(match.group()))
    is_council = is_own and _is_council(anchor, match.start())
    is_council = is_council or "Ministerial" in (match["event"] or match["event2"])
    meeting = load_catalogue().meeting(year=year) if is_council and not _is_of_others(anchor) else None
    return meeting_due(meeting) if meeting else (str(year), "")


def next_meeting(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve the next meeting of the speaker, or of the Council."""
    if match["date"]:
        return anchor.due(find_dates(match["date"])[0].iso)
    if f"{COUNCIL}'s" in match.group() or _is_own_of_council(match, anchor):
        return _following_council(anchor)
    return "", _UNKNOWN_MEETING


def numbered_meeting(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a numbered meeting: that of the Council to the day, that of another body at most to the year."""
    is_council = _is_council(anchor, match.start())
    if match["ordinal"] and is_council and match.group().lower().endswith("meeting"):
        meeting = load_catalogue().meeting(ordinal=ordinal_number(match["ordinal"]))
        if meeting and (anchor.date is None or meeting.end >= anchor.date):
            return meeting_due(meeting)
    if _is_own_of_council(match, anchor):
        return _following_council(anchor)
    dated = find_dates(match["date"] or "")
    return anchor.due(dated[0].iso) if dated else ("", _UNKNOWN_MEETING)


def meeting_in_place(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a meeting of the Ministerial Council by its place."""
    first_person = time_rules()["anchor.own_meeting"].part("first_person")
    is_own = anchor.context.body == "MC" and bool(first_person.search(match.group()))
    is_council = is_own or COUNCIL in anchor.text[: match.end()]
    dates = find_dates(match["date"] or "")
    if dates:
        meeting = council_in(dates[0].iso)
        is_named = meeting is not None and meeting.place == match["city"] and "Council" in anchor.text[: match.start()]
        is_council = is_council or is_named or anchor.context.body == "CSCE"
        return meeting_due(meeting) if meeting and is_council else anchor.due(dates[0].iso)
    if not is_council or anchor.date is None:
        return "", _UNKNOWN_MEETING
    return _following_council(anchor, match["city"])


def place_of_act(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve the next meeting of the Council by place alone, if it is to decide or debate something ("in Basel")."""
    words, rule = anchor.text[: match.start()], time_rules()["deadline.council.place_of_act"]
    due = _following_council(anchor)
    meeting = next(
        (meeting for meeting in load_catalogue().meetings if due and f"{meeting.start}/{meeting.end}" == due[0]), None
    )
    if not meeting or meeting.place != match["city"] or not _is_council(anchor, match.start()):
        return None
    return due if rule.part("act").search(words) and not rule.part("other_event").search(words) else None


def meeting_in_clause(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Return the next meeting of the speaker, or of the Council that the text named."""
    is_own = anchor.context.body == "MC" and match.group().startswith("when we")
    if not is_own and COUNCIL not in anchor.text[: match.end()]:
        return "", _UNKNOWN_MEETING
    if match["year"]:
        meeting = load_catalogue().meeting(year=int(match["year"]))
        return meeting_due(meeting) if meeting else (match["year"], "")
    return _following_council(anchor, match["city"])


def next_council(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Return the next meeting of the Council, in a named place if one is given."""
    return _following_council(anchor, match["city"])


def named_council(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Return a meeting of the Council by number, year or place; None for a past one."""
    year, place, ordinal = (
        re.search(one, match["council"]) for one in (r"(?<!\d)\d{4}(?!\d)", cities(), ordinal_pattern())
    )
    if not (year or place or ordinal):
        return None
    if _is_of_others(anchor):
        return "", _UNKNOWN_MEETING
    named = load_catalogue().meetings_named(
        place=place.group() if place else "",
        year=int(year.group()) if year else None,
        ordinal=ordinal_number(ordinal.group()) if ordinal else None,
    )
    if len(named) != 1:
        return "", why_unresolved([meeting.name for meeting in named])[1]
    return None if anchor.date and named[0].end < anchor.date else meeting_due(named[0])


def council_in(iso: str) -> Meeting | None:
    """Return the meeting of the Council that began on a day, or in a month or year."""
    return next(
        (meeting for meeting in load_catalogue().meetings if meeting.start.isoformat()[: len(iso)] == iso), None
    )


def meeting_due(meeting: Meeting) -> tuple[str, str]:
    """Return the days of a meeting as an ISO 8601 interval, and its name."""
    return f"{meeting.start}/{meeting.end}", meeting.name


def _is_council(anchor: Anchor, start: int) -> bool:
    """Whether the Ministerial Council speaks, or the words before an offset name it."""
    return COUNCIL in anchor.text[:start] or anchor.context.body == "MC"


def _is_of_others(anchor: Anchor) -> bool:
    """Whether a council of ministers belongs to another organization, according to the text or the document's body."""
    body, is_named = anchor.context.body, "OSCE" in anchor.text or anchor.context.memory.is_osce
    is_foreign = bool(body) and not is_osce(body)
    return not is_named and (is_foreign or bool(time_rules().pattern("anchor.other_council").search(anchor.text)))


def _is_own_of_council(match: re.Match[str], anchor: Anchor) -> bool:
    own = time_rules().pattern("anchor.own_meeting").search(match.group())
    return anchor.context.body == "MC" and bool(own)


def _following_council(anchor: Anchor, place: str | None = None) -> Resolved:
    if _is_of_others(anchor):
        return "", _UNKNOWN_MEETING
    if anchor.date is None:
        return "", NO_DATE
    own = dt.timedelta(days=_OWN_MEETING_DAYS if anchor.context.body == "MC" else 0)
    later = [
        meeting
        for meeting in load_catalogue().meetings
        if meeting.start > anchor.date + own and place in {None, meeting.place}
    ]
    if not later:
        return "", "the catalogue knows no later Ministerial Council"
    return meeting_due(min(later, key=lambda meeting: meeting.start))

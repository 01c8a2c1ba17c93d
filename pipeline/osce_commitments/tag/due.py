"""What each kind of deadline comes to: an ISO 8601 date or duration and its anchor, by the name of its pattern."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.catalogue import load_catalogue
from osce_commitments.resources import load_yaml
from osce_commitments.tag.dates import find_dates, last_day, month_number
from osce_commitments.tag.events import find_events, meeting_name
from osce_commitments.tag.ordinals import ordinal_number
from osce_commitments.tag.periods import add, end_of_month, is_past, middle, part_of_year, spell, year_meant

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.catalogue import Meeting
    from osce_commitments.tag.component import Context

_YEAR_NOTE = "the document's year"
_NO_DATE = "the document has no date"
_EVENT_NOTE = "from an event, not from the document's date"
_UNKNOWN_MEETING = "the date of the meeting is not known"
_COUNCIL = "Ministerial Council"
_SHORT_UNITS = frozenset("HDW")
_DAY = len("2013-05-14")
_OWN_MEETING_DAYS = 10  # A text of the Council bears the last day of its meeting, or one shortly before.
_TO_COME = re.compile(r"\b(?:will|shall|should|must|to)\b")
_OWN_MEETING = re.compile(r"\b(?:its|our) (?:next|forthcoming|upcoming|coming|following) (?:regular )?meeting$")


@dataclass(frozen=True, slots=True)
class Given:
    """What a deadline is resolved with: the document's date, the text and what the document said before."""

    date: dt.date | None
    text: str
    context: Context


Resolved = tuple[str, str] | None


def number(printed: str) -> int:
    """The value of a number in words or figures."""
    return int(printed) if printed.isdigit() else int(load_yaml("deadlines")["numbers"][printed.lower()])


def duration(count: int, unit: str) -> str:
    """An ISO 8601 duration of hours, days, weeks, months or years ("H", "D", "W", "M", "Y")."""
    return ("PT" if unit == "H" else "P") + f"{count}{unit}"


def _after(iso: str, date: dt.date | None, note: str = "") -> Resolved:
    """A deadline, unless it passed before the document was adopted."""
    return None if date and last_day(iso) < date else (iso, note)


def _date(match: re.Match[str], given: Given) -> Resolved:
    found = find_dates(match["date"])
    return _after(found[0].iso, given.date) if found else None


def _end_of_date(match: re.Match[str], given: Given) -> Resolved:
    found = find_dates(match["date"])
    if not found:
        return None
    iso, part = found[0].iso, (match["part"] or match["bare"]).lower()
    if part in {"end", "close", "last day"}:
        return _after(last_day(iso).isoformat(), given.date)
    if part == "middle":
        return _after(f"{iso}-06-30" if len(iso) == len("2013") else f"{iso}-15", given.date)
    return _after(iso, given.date, f"{part} of {iso}")


def _year_over(match: re.Match[str], given: Given) -> Resolved:
    return _after(f"{match['date'][-4:]}-12-31", given.date)


def _end_of_this_period(match: re.Match[str], given: Given) -> Resolved:
    words = (match["this"] or "the year").lower()
    if words.endswith("month"):
        return (end_of_month(words, given.date), "the document's month") if given.date else ("", _NO_DATE)
    year = year_meant(words, given.date, given.context.memory.when)
    named_before = words in {"that year", "the same year"}
    if year is None:
        return "", "a year that the text names before" if named_before else _NO_DATE
    return f"{year}-12-31", "" if named_before else _YEAR_NOTE


def _coming_year(match: re.Match[str], given: Given) -> Resolved:
    year = year_meant(match["this"], given.date)
    return (str(year), _YEAR_NOTE) if year else ("", _NO_DATE)


def _day_without_year(match: re.Match[str], given: Given) -> Resolved:
    day, month = _day_and_month(match["daymonth"])
    if match["each"]:
        return f"--{month:02d}-{day:02d}", "each year"
    if given.date is None:
        return f"--{month:02d}-{day:02d}", _NO_DATE
    if day > calendar.monthrange(given.date.year, month)[1]:
        return None
    year = given.date.year + ((month, day) < (given.date.month, given.date.day))
    return dt.date(year, month, day).isoformat(), f"{_YEAR_NOTE} or the next"


def _day_and_month(printed: str) -> tuple[int, int]:
    day = re.search(r"\d+", printed)
    month = re.search(r"[A-Za-z]{3,}", re.sub(r"\d+(?:st|nd|rd|th)?(?: of)?", "", printed))
    return int(day.group()) if day else 1, month_number(month.group()) if month else 1


def _month_without_year(match: re.Match[str], given: Given) -> Resolved:
    if given.date is None:
        return None
    month = month_number(match["month"])
    iso = f"{given.date.year + (month < given.date.month)}-{month:02d}"
    return (last_day(iso).isoformat() if match["end"] else iso), f"{_YEAR_NOTE} or the next"


def _within(match: re.Match[str], given: Given) -> Resolved:
    """Days and hours, and what is counted "of" something, run from an event; months and years from adoption."""
    if "fortnight" in match.group().lower():
        return "P2W", _EVENT_NOTE
    count, unit = number(match["number"]), match["unit"][0].upper()
    if unit in _SHORT_UNITS or match.groupdict().get("from"):
        return duration(count, unit), _EVENT_NOTE
    return _from_adoption(count, unit, given)


def _after_adoption(match: re.Match[str], given: Given) -> Resolved:
    return _from_adoption(number(match["number"]), match["unit"][0].upper(), given)


def _from_adoption(count: int, unit: str, given: Given) -> Resolved:
    length = duration(count, unit)
    if given.date is None:
        return length, _NO_DATE
    return add(given.date, count, unit).isoformat(), f"{length} from the document's date"


def _within_after_event(match: re.Match[str], given: Given) -> Resolved:
    count, unit = number(match["number"]), match["unit"][0].upper()
    is_before = match["way"].lower() not in {"after", "following"}
    known = _known_date(match["event"], given)
    if len(known) < _DAY or unit == "H":
        return duration(count, unit), match.group()
    anchor = dt.date.fromisoformat(known.partition("/")[0]) if is_before else last_day(known)
    return add(anchor, -count if is_before else count, unit).isoformat(), match.group()


def _known_date(event: str, given: Given) -> str:
    if event.startswith("that date"):
        return given.context.memory.when
    nouns = re.findall(rf"\b(?:{load_yaml('deadlines')['occasions']})\b", event, re.IGNORECASE)
    return given.context.memory.events.get(nouns[0].lower(), "") if nouns else ""


def _in_advance(match: re.Match[str], _given: Given) -> Resolved:
    return duration(number(match["number"]), match["unit"][0].upper()), "before an event"


def _first_period(match: re.Match[str], _given: Given) -> Resolved:
    return duration(number(match["number"] or "one"), match["unit"][0].upper()), _EVENT_NOTE


def _part_of_year(match: re.Match[str], given: Given) -> Resolved:
    year = year_meant(match["when"], given.date, given.context.memory.when)
    iso = part_of_year(match.groupdict(), year) if year else ""
    return _after(iso, given.date) if iso else None


def _middle(match: re.Match[str], given: Given) -> Resolved:
    iso = middle(match["when"], given.date)
    return _after(iso, given.date) if iso else ("", _NO_DATE)


def _scheduled(match: re.Match[str], given: Given) -> Resolved:
    """A day or period that is not over when the document is adopted; without a date of it, one that is to come."""
    found = find_dates(match["date"])
    if not found:
        return None
    iso = found[0].iso
    first = iso.partition("/")[0]
    is_running = given.date is None or first <= given.date.isoformat()[: len(first)]
    if is_running and (is_past(given.text, match.start()) or not _is_planned(match, given)):
        return None
    if given.date and last_day(iso) < given.date:
        return None
    meeting = _council_in(iso) if match["meeting"] and _COUNCIL in given.text[: match.start()] else None
    return _meeting_due(meeting) if meeting else (iso, "")


def _is_planned(match: re.Match[str], given: Given) -> bool:
    """Whether a period that has begun, or whose time is not known, is one in which somebody is to act."""
    if given.date and len(find_dates(match["date"])[0].iso) >= _DAY:
        return False
    return "course" in match.group() or bool(_TO_COME.search(given.text, 0, match.start()))


def _from_day(match: re.Match[str], given: Given) -> Resolved:
    """The day on which something begins that is to go on."""
    found = find_dates(match["date"])
    is_known = bool(found) and (given.date is None or found[0].iso > given.date.isoformat()[: len(found[0].iso)])
    return (found[0].iso, "") if is_known and not is_past(given.text, match.start()) else None


def _spell(match: re.Match[str], given: Given) -> Resolved:
    """A spell that is to come; one that began before the document's year is that of a story or a table."""
    iso = spell(match["first"], match["date"])
    has_begun = bool(given.date) and iso[:4] < str(given.date.year if given.date else "")
    return None if not iso or has_begun or is_past(given.text, match.start()) else _after(iso, given.date)


def _event_of_year(match: re.Match[str], given: Given) -> Resolved:
    """A meeting of which the text tells the year; that of the Ministerial Council is known to the day."""
    year = year_meant(match["when"], given.date)
    if year is None:
        return "", _NO_DATE
    if given.date and year < given.date.year:
        return None
    meeting = load_catalogue().meeting(year=year) if "Ministerial" in match["event"] else None
    return _meeting_due(meeting) if meeting else (str(year), "")


def _next_meeting(match: re.Match[str], given: Given) -> Resolved:
    is_own = bool(_OWN_MEETING.search(match.group())) and given.context.body == "MC"
    return _following_council(given) if is_own else ("", _UNKNOWN_MEETING)


def _session(match: re.Match[str], given: Given) -> Resolved:
    """A numbered meeting of the Council can be known; of other bodies at most the year is."""
    is_council = _COUNCIL in given.text[: match.start()] or given.context.body == "MC"
    if match["ordinal"] and is_council and match.group().lower().endswith("meeting"):
        meeting = load_catalogue().meeting(ordinal=ordinal_number(match["ordinal"]))
        if meeting and (given.date is None or meeting.end >= given.date):
            return _meeting_due(meeting)
    if _OWN_MEETING.search(match.group()) and given.context.body == "MC":
        return _following_council(given)
    return (match["year"], "") if match["year"] else ("", _UNKNOWN_MEETING)


def _unknown_day(_match: re.Match[str], _given: Given) -> Resolved:
    return "", "the date is not known"


def _next_council(match: re.Match[str], given: Given) -> Resolved:
    return _following_council(given, match["place"])


def _following_council(given: Given, place: str | None = None) -> Resolved:
    if given.date is None:
        return "", _NO_DATE
    own = dt.timedelta(days=_OWN_MEETING_DAYS if given.context.body == "MC" else 0)
    later = [
        meeting
        for meeting in load_catalogue().meetings
        if meeting.start > given.date + own and place in {None, meeting.place}
    ]
    if not later:
        return "", "the catalogue knows no later Ministerial Council"
    return _meeting_due(min(later, key=lambda meeting: meeting.start))


def _named_council(match: re.Match[str], given: Given) -> Resolved:
    for event in find_events(match["council"]):
        for meeting in load_catalogue().meetings:
            if meeting_name(meeting) == event.name:
                return None if given.date and meeting.end < given.date else _meeting_due(meeting)
        return "", event.note
    return None


def _council_in(iso: str) -> Meeting | None:
    return next((one for one in load_catalogue().meetings if one.start.isoformat()[: len(iso)] == iso), None)


def _meeting_due(meeting: Meeting) -> tuple[str, str]:
    return f"{meeting.start}/{meeting.end}", meeting_name(meeting)


RESOLVERS: dict[str, Callable[[re.Match[str], Given], Resolved]] = {
    "end_of_date": _end_of_date,
    "year_over": _year_over,
    "end_of_this_period": _end_of_this_period,
    "date": _date,
    "day_without_year": _day_without_year,
    "after_adoption": _after_adoption,
    "within": _within,
    "within_after_event": _within_after_event,
    "in_advance": _in_advance,
    "first_period": _first_period,
    "part_of_year": _part_of_year,
    "middle": _middle,
    "from_day": _from_day,
    "spell": _spell,
    "event_of_year": _event_of_year,
    "after": _within,
    "scheduled": _scheduled,
    "month_without_year": _month_without_year,
    "season": _end_of_date,
    "coming_year": _coming_year,
    "session": _session,
    "before_occasion": _unknown_day,
    "term": _unknown_day,
    "last_meeting": _unknown_day,
    "next_meeting": _next_meeting,
    "next_council": _next_council,
    "named_council": _named_council,
}

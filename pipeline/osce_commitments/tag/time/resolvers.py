"""What each kind of deadline comes to: an ISO 8601 date or duration and its anchor, by the name of its pattern."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

from osce_commitments.tag.memory import MANDATE
from osce_commitments.tag.time.anchor import NO_DATE, Given, Resolved, after
from osce_commitments.tag.time.durations import (
    DAY,
    END_OF_MANDATE,
    TO_COME,
    after_adoption,
    after_span,
    at_adoption,
    duration,
    first_period,
    for_at_most,
    in_advance,
    when_told,
    within,
    within_after_event,
)
from osce_commitments.tag.time.meetings import (
    COUNCIL,
    council_in,
    council_place,
    event_of_year,
    meeting_due,
    meeting_in_place,
    named_council,
    next_council,
    next_meeting,
    session,
    when_we_meet,
)
from osce_commitments.tag.time.periods import end_of_month, is_past, middle, part_of_year, spell, year_meant
from osce_commitments.texts.dates import find_dates, last_day, month_number, months_pattern
from osce_commitments.texts.numerals import ordinal_number

_YEAR_NOTE = "the document's year"
_UNKNOWN_DAY = "the date is not known"
_LAST_MONTHS = {"spring": 5, "summer": 8, "autumn": 11, "winter": 12}
_TELLS_SPAN = re.compile(r"\b(?:cover|span|concern|relate|refer|remain)(?:s|ing)?\b(?: [\w-]+){0,4} $")
_IN_FORCE = re.compile(r"\benters? into force $")
_CAUSED = re.compile(
    r"\b(?:to|shall|will|should|must|may|and) have (?!already|been|not|also|since)(?:[\w-]+ ){1,4}[a-z]+ed $"
)
_IN_CLAUSE = re.compile(r"\b(?:that|which) (?:begin|start|end|expire|fall|open)s? $")


def _date(match: re.Match[str], given: Given) -> Resolved:
    found = find_dates(match["date"])
    if not found or (given.date is None and is_past(given.text, match.start())):
        return None
    return after(found[0].iso, given.date)


def _end_of_date(match: re.Match[str], given: Given) -> Resolved:
    """An edge of a printed year or month, or of one that is named from the document's own."""
    part = match.groupdict()
    if part.get("this"):
        return _edge_of_this(part, given, when_told(match, given))
    found = find_dates(match["date"])
    if not found:
        return None
    iso, edge = found[0].iso, (part["part"] or part.get("bare") or "").lower().removeprefix("very ")
    exact = _edge(iso, edge, is_first=bool(part.get("from")))
    return after(exact, given.date) if exact else after(iso, given.date, f"{edge} of {iso}")


def _edge(iso: str, edge: str, *, is_first: bool) -> str:
    """The day at an edge of a year or month; empty for a beginning, unless it is the day from which something holds."""
    edge = edge.replace(" working", "").replace(" calendar", "")
    if edge in {"end", "close", "last day", "turn"}:
        return last_day(iso).isoformat()
    if edge == "first day":
        return iso + "-01" * (3 - len(iso.split("-")))
    if edge == "middle":
        return f"{iso}-06-30" if len(iso) == len("2013") else f"{iso}-15"
    return iso + "-01" * (3 - len(iso.split("-"))) if is_first and edge in {"beginning", "start"} else ""


def _edge_of_this(part: dict[str, str | None], given: Given, when: str = "") -> Resolved:
    words, edge = str(part["this"]).lower(), str(part["part"]).lower().removeprefix("very ")
    if words.endswith("month"):
        if edge not in {"end", "close", "last day"}:
            return None
        return (end_of_month(words, given.date), "the document's month") if given.date else ("", NO_DATE)
    year = year_meant(words, given.date, when)
    named_before = words in {"that year", "the same year"}
    if year is None:
        return "", "a year that the text names before" if named_before else NO_DATE
    iso = _edge(str(year), edge, is_first=bool(part.get("from"))) or str(year)
    return iso, "" if named_before else _YEAR_NOTE


def _year_over(match: re.Match[str], given: Given) -> Resolved:
    if match["this"]:
        return _edge_of_this({"this": match["this"], "part": "end"}, given)
    return after(f"{match['date'][-4:]}-12-31", given.date)


def _year_end(_match: re.Match[str], given: Given) -> Resolved:
    return _edge_of_this({"this": "the year", "part": "end"}, given)


def _coming_year(match: re.Match[str], given: Given) -> Resolved:
    year = year_meant(match["this"], given.date)
    return (str(year), _YEAR_NOTE) if year else ("", NO_DATE)


def _named_year(match: re.Match[str], given: Given) -> int | None:
    """The year that stands behind a day or month ("of next year"), if one does and is known."""
    return year_meant(match["this"], given.date, when_told(match, given)) if match["this"] else None


def _day_without_year(match: re.Match[str], given: Given) -> Resolved:
    day, month = _day_and_month(match["daymonth"])
    if match["each"]:
        return f"--{month:02d}-{day:02d}", "each year"
    if year := _named_year(match, given):
        return f"{year}-{month:02d}-{day:02d}", _YEAR_NOTE
    if given.date is None:
        return f"--{month:02d}-{day:02d}", NO_DATE
    if day > calendar.monthrange(given.date.year, month)[1]:
        return None
    year = given.date.year + ((month, day) < (given.date.month, given.date.day))
    return dt.date(year, month, day).isoformat(), f"{_YEAR_NOTE} or the next"


def _day_and_month(printed: str) -> tuple[int, int]:
    day = re.search(r"\d+", printed)
    month = re.search(months_pattern(), printed, re.IGNORECASE)
    return int(day.group()) if day else 1, month_number(month.group()) if month else 1


def _month_without_year(match: re.Match[str], given: Given) -> Resolved:
    if given.date is None or is_past(given.text, match.start()):
        return None
    month, named = month_number(match["month"]), _named_year(match, given)
    iso = f"{named or given.date.year + (month < given.date.month)}-{month:02d}"
    note = _YEAR_NOTE if named else f"{_YEAR_NOTE} or the next"
    is_end = match["end"] or match["by"].lower().endswith("not after")
    return (last_day(iso).isoformat() if is_end else iso), note


def _part_of_year(match: re.Match[str], given: Given) -> Resolved:
    if match["when"]:
        year = year_meant(match["when"], given.date, when_told(match, given))
        iso = part_of_year(match.groupdict(), year) if year else ""
        return after(iso, given.date) if iso else None
    if given.date is None:
        return None
    parts = [part_of_year(match.groupdict(), given.date.year + later) for later in (0, 1)]
    return next(((iso, f"{_YEAR_NOTE} or the next") for iso in parts if iso and last_day(iso) >= given.date), None)


def _part_of_month(match: re.Match[str], given: Given) -> Resolved:
    """A half to the day; of weeks and days the month is known alone."""
    if match["date"]:
        month, note = find_dates(match["date"])[0].iso, ""
    elif given.date is None:
        return None
    else:
        in_year = month_number(match["month"])
        year = _named_year(match, given) or given.date.year + (in_year < given.date.month)
        month, note = f"{year}-{in_year:02d}", f"{_YEAR_NOTE} or the next"
    part = match["part"].lower()
    if match["unit"].lower() != "half":
        return after(month, given.date, note or f"{part} {match['unit'].lower()} of {month}")
    iso = f"{month}-01/{month}-15" if part == "first" else f"{month}-16/{last_day(month)}"
    return after(iso, given.date, note)


def _season_without_year(match: re.Match[str], given: Given) -> Resolved:
    """The year of the first season of that name that is not over; a winter is of the year in which it begins."""
    if is_past(given.text, match.start()):
        return None
    if given.date is None:
        return "", NO_DATE
    season = match["season"].lower()
    year = given.date.year + (given.date.month > _LAST_MONTHS[season])
    return str(year), f"{season}, {_YEAR_NOTE} or the next"


def _bare_year(match: re.Match[str], given: Given) -> Resolved:
    """A year without a preposition, of something that is to come."""
    is_told = is_past(given.text, match.start()) or not TO_COME.search(given.text, 0, match.start())
    return None if is_told else _coming_year(match, given)


def _before_occasion(match: re.Match[str], given: Given) -> Resolved:
    year = match["year"] or match["year2"]
    return after(year, given.date) if year else _term(match, given)


def _middle(match: re.Match[str], given: Given) -> Resolved:
    iso = middle(match["when"], given.date)
    return after(iso, given.date) if iso else ("", NO_DATE)


def _scheduled(match: re.Match[str], given: Given) -> Resolved:
    """A day or period that is not over when the document is adopted; without a date of it, one that is to come."""
    found = find_dates(match["date"])
    if not found:
        return None
    iso = found[0].iso
    first = iso.partition("/")[0]
    if _IN_CLAUSE.search(given.text[: match.start()]):
        return None
    is_running = given.date is None or first <= given.date.isoformat()[: len(first)]
    if is_running and (is_past(given.text, match.start()) or not _is_planned(match, given)):
        return None
    if given.date and last_day(iso) < given.date:
        return None
    meeting = council_in(iso) if match["meeting"] and COUNCIL in given.text[: match.start()] else None
    return meeting_due(meeting) if meeting else (iso, "")


def _is_planned(match: re.Match[str], given: Given) -> bool:
    """Whether a period that has begun, or whose time is not known, is one in which somebody is to act."""
    if given.date and len(find_dates(match["date"])[0].iso) >= DAY:
        return False
    return "course" in match.group() or bool(TO_COME.search(given.text, 0, match.start()))


def _from_day(match: re.Match[str], given: Given) -> Resolved:
    """The day on which something begins that is to go on."""
    found = find_dates(match["date"])
    is_known = bool(found) and (given.date is None or found[0].iso > given.date.isoformat()[: len(found[0].iso)])
    return (found[0].iso, "") if is_known and not is_past(given.text, match.start()) else None


def _spell(match: re.Match[str], given: Given) -> Resolved:
    """A spell that is to come; one that began before the document's year is that of a story or a table."""
    iso = "" if _TELLS_SPAN.search(given.text[: match.start()]) else spell(match["first"], match["date"])
    has_begun = bool(given.date) and iso[:4] < str(given.date.year if given.date else "")
    return None if not iso or has_begun or is_past(given.text, match.start()) else after(iso, given.date)


def _same_period(match: re.Match[str], given: Given) -> Resolved:
    """A period or day that the text named before; of a day the document may have told the date."""
    when = given.context.memory.when if match["when"] else ""
    return (when, "a date that the text names before") if when else ("", _UNKNOWN_DAY)


def _happening(match: re.Match[str], given: Given) -> Resolved:
    """What is done before or at something that happens; not a story of it, nor the day on which a treaty enters into force."""
    if _IN_FORCE.search(given.text, 0, match.start()):
        return None
    is_caused = _CAUSED.search(given.text, 0, match.start())
    return None if not is_caused and is_past(given.text, match.start()) else ("", _UNKNOWN_DAY)


def _term(match: re.Match[str], given: Given) -> Resolved:
    """The end of a term; the day on which a mandate ends if the document told it."""
    ends = given.context.memory.events.get(MANDATE, "") if END_OF_MANDATE.search(match.group()) else ""
    return (ends, match.group()) if ends else ("", _UNKNOWN_DAY)


def _nth_day(match: re.Match[str], given: Given) -> Resolved:
    """A day that is counted from an event; the one on which a treaty enters into force is none by which anybody acts."""
    if _IN_FORCE.search(given.text, 0, match.start()):
        return None
    count = ordinal_number(match["ordinal"]) if match["ordinal"] else 1
    return duration(count, match["unit"][0].upper()), match.group()


def _unknown_day(_match: re.Match[str], _given: Given) -> Resolved:
    return "", _UNKNOWN_DAY


RESOLVERS: dict[str, Callable[[re.Match[str], Given], Resolved]] = {
    "end_of_date": _end_of_date,
    "year_over": _year_over,
    "end_of_this_period": _year_end,
    "date": _date,
    "day_without_year": _day_without_year,
    "after_adoption": after_adoption,
    "from_adoption": at_adoption,
    "within": within,
    "within_after_event": within_after_event,
    "nth_day_after": _nth_day,
    "event_on_date": _date,
    "meeting_by_place": meeting_in_place,
    "only_after": _unknown_day,
    "in_advance": in_advance,
    "first_period": first_period,
    "part_of_year": _part_of_year,
    "middle": _middle,
    "from_day": _from_day,
    "spell": _spell,
    "event_of_year": event_of_year,
    "after": after_span,
    "for_at_most": for_at_most,
    "from_until": _spell,
    "council_place": council_place,
    "scheduled": _scheduled,
    "month_without_year": _month_without_year,
    "season": _end_of_date,
    "coming_year": _coming_year,
    "meeting_in_place": meeting_in_place,
    "when_we_meet": when_we_meet,
    "session": session,
    "season_without_year": _season_without_year,
    "bare_year": _bare_year,
    "part_of_month": _part_of_month,
    "before_occasion": _before_occasion,
    "day_of_occasion": _unknown_day,
    "before_each": _unknown_day,
    "before_it_ends": _term,
    "term": _term,
    "happening": _happening,
    "same_period": _same_period,
    "last_meeting": _unknown_day,
    "next_meeting": next_meeting,
    "next_council": next_council,
    "coming_council": next_council,
    "named_council": named_council,
}

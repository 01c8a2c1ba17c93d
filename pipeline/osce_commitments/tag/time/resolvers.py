"""The operations that records of deadlines name: each gives an ISO 8601 date or duration, and its anchor."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

from osce_commitments.tag.memory import MANDATE
from osce_commitments.tag.time.exclusions import (
    adopts_another,
    counts_from_event,
    is_asked_once,
    is_narrative,
    precedes,
)
from osce_commitments.tag.time.meetings import (
    COUNCIL,
    council_in,
    meeting_due,
    meeting_in_clause,
    meeting_in_place,
    meeting_of_year,
    named_council,
    next_council,
    next_meeting,
    numbered_meeting,
    place_of_act,
)
from osce_commitments.tag.time.periods import (
    NO_DATE,
    Anchor,
    Resolved,
    add_period,
    date_named_before,
    end_of_month,
    interval,
    middle,
    part_of_year,
    unless_before,
    year_meant,
)
from osce_commitments.tag.time_rules import read_number, time_rules
from osce_commitments.texts.dates import find_dates, first_day, last_day, month_number, months_pattern
from osce_commitments.texts.numerals import ordinal_number

_EVENT_NOTE = "from an event, not from the document's date"
_SHORT_UNITS = frozenset("HDW")
_AFTER = frozenset({"after", "following"})
DAY = len("2013-05-14")

_YEAR_NOTE = "the document's year"
_UNKNOWN_DAY = "the date is not known"


def duration(count: int, unit: str) -> str:
    """Return an ISO 8601 duration of hours, days, weeks, months or years ("H", "D", "W", "M", "Y")."""
    return ("PT" if unit == "H" else "P") + f"{count}{unit}"


def span(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Days, hours and spans "of" something are counted from an event; months and years from adoption."""
    part = match.groupdict()
    if "fortnight" in match.group().lower():
        asked_once = is_asked_once(anchor.text, match.span(), anchor.context.lead_in)
        return _from_adoption(2, "W", anchor) if asked_once else ("P2W", _EVENT_NOTE)
    printed = part.get("unit") or part.get("unit2") or part.get("lone_unit") or ""
    count, unit = read_number(part.get("number") or part.get("number2") or "one"), printed[0].upper()
    if part.get("event") or counts_from_event(anchor.text, match.start()):
        return duration(count, unit), _EVENT_NOTE
    if unit in _SHORT_UNITS and (unit == "H" or not is_asked_once(anchor.text, match.span(), anchor.context.lead_in)):
        return duration(count, unit), _EVENT_NOTE
    return _from_adoption(count, unit, anchor)


def lapse(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a span after which something is due, unless it measures the past ("was reported after ten days")."""
    is_narrated = is_narrative(anchor.text, match.start()) and precedes(
        "exclusion.finished_act", anchor.text, match.start()
    )
    return None if is_narrated else span(match, anchor)


def limited_duration(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve how long something may or must last: counted from its own beginning."""
    to_come = time_rules()["anchor.future"].part("or_permission")
    is_due = bool(anchor.context.lead_in) or bool(to_come.search(anchor.text, 0, match.start()))
    if is_narrative(anchor.text, match.start()) or not is_due:
        return None
    return duration(read_number(match["number"]), match["unit"][0].upper()), _EVENT_NOTE


def term(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve how long something that is extended or set up here lasts: counted from its own beginning."""
    act = time_rules()["deadline.term"].part("act")
    words = f"{anchor.context.lead_in} {anchor.text[: match.end()]}"
    if not act.search(words) or is_narrative(anchor.text, match.start()):
        return None
    return duration(read_number(match["number"]), match["unit"][0].upper()), _EVENT_NOTE


def span_from_adoption(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a span after the adoption of this text or of another one."""
    if adopts_another(match.group(), anchor.text[: match.start()]):
        return duration(read_number(match["number"]), match["unit"][0].upper()), _EVENT_NOTE
    return _from_adoption(read_number(match["number"]), match["unit"][0].upper(), anchor)


def _from_adoption(count: int, unit: str, anchor: Anchor) -> Resolved:
    length = duration(count, unit)
    if anchor.date is None:
        return length, NO_DATE
    return add_period(anchor.date, count, unit).isoformat(), f"{length} from the document's date"


def day_of_adoption(_match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve the day of adoption itself."""
    return (anchor.date.isoformat(), "the document's date") if anchor.date else ("", NO_DATE)


def span_from_event(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a span before or after an event, from its day if the document gave it."""
    count, unit = read_number(match["number"]), match["unit"][0].upper()
    is_before = match["direction"].lower() not in _AFTER
    if _is_no_span(match, anchor, is_before=is_before):
        return None
    known = _known_date(match, anchor)
    if len(known) < DAY or unit == "H":
        return duration(count, unit), match.group()
    first = first_day(known) if is_before else last_day(known)
    return add_period(first, -count if is_before else count, unit).isoformat(), match.group()


def _is_no_span(match: re.Match[str], anchor: Anchor, *, is_before: bool) -> bool:
    """Whether a span is about the past, dates something earlier, or says how often something happens."""
    at = (anchor.text, match.start())
    if time_rules().pattern("exclusion.past_perfect").search(match["event"]):
        return True
    if match["event"].rstrip() == "that" and precedes("exclusion.frequency", *at):
        return True
    if match["limit"] or match.group().lower().startswith("within"):
        return False
    is_narrated = not is_before and match["unit"][0].upper() == "Y" and not precedes("anchor.future", *at)
    return is_narrated or precedes("exclusion.apposition", *at)


def _known_date(match: re.Match[str], anchor: Anchor) -> str:
    event, rules = match["event"], time_rules()
    if event.startswith("that date"):
        return date_named_before(match.start(), anchor)
    if rules.pattern("anchor.end_of_mandate").search(event):
        return anchor.context.memory.events.get(MANDATE, "")
    noun = rules.pattern("anchor.occasion").search(event)
    return anchor.context.memory.events.get(noun.group().lower(), "") if noun else ""


def notice(match: re.Match[str], _anchor: Anchor) -> Resolved:
    """Resolve a span before something that is announced."""
    return duration(read_number(match["number"]), match["unit"][0].upper()), "before an event"


def first_period(match: re.Match[str], _anchor: Anchor) -> Resolved:
    """Resolve the first span of something that has its own beginning."""
    if not match["possessor"] and not match["event"]:
        return None
    return duration(read_number(match["number"] or "one"), match["unit"][0].upper()), _EVENT_NOTE


def _date(match: re.Match[str], anchor: Anchor) -> Resolved:
    dates = find_dates(match["date"] or match["day"])
    if not dates or (anchor.date is None and is_narrative(anchor.text, match.start())):
        return None
    return unless_before(dates[0].iso, anchor.date)


def _edge_of_period(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve an edge of a printed year or month, or of one relative to the document's date."""
    part = match.groupdict()
    if part.get("year_word"):
        return _edge_of_named_period(part, anchor, date_named_before(match.start(), anchor))
    dates = find_dates(match["date"])
    if not dates:
        return None
    iso, edge = dates[0].iso, (part["part"] or part.get("modifier") or "").lower().removeprefix("very ")
    exact = _edge(iso, edge, is_first=bool(part.get("opening")))
    return unless_before(exact, anchor.date) if exact else unless_before(iso, anchor.date, f"{edge} of {iso}")


def _edge(iso: str, edge: str, *, is_first: bool) -> str:
    """Return the day at an edge of a year or month; empty for a beginning, unless something takes effect from it."""
    where = time_rules().words["edges"].get(edge.replace(" working", "").replace(" calendar", ""))
    if where == "last":
        return last_day(iso).isoformat()
    if where == "middle":
        return f"{iso}-06-30" if len(iso) == len("2013") else f"{iso}-15"
    is_day = where == "first" or (is_first and where == "opening")
    return iso + "-01" * (3 - len(iso.split("-"))) if is_day else ""


def _edge_of_named_period(part: dict[str, str | None], anchor: Anchor, named: str = "") -> Resolved:
    words, edge = str(part["year_word"]).lower(), str(part["part"]).lower().removeprefix("very ")
    if words.endswith("month"):
        if edge == "turn" or time_rules().words["edges"].get(edge) != "last":
            return None
        return (end_of_month(words, anchor.date), "the document's month") if anchor.date else ("", NO_DATE)
    year = year_meant(words, anchor.date, named)
    named_before = words in {"that year", "the same year"}
    if year is None:
        return "", "a year that the text names before" if named_before else NO_DATE
    iso = _edge(str(year), edge, is_first=bool(part.get("opening"))) or str(year)
    return iso, "" if named_before else _YEAR_NOTE


def _end_of_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    if match["date"]:
        return unless_before(f"{match['date']}-12-31", anchor.date)
    return _edge_of_named_period({"year_word": match["year_word"] or "the year", "part": "end"}, anchor)


def _year_with_preposition(match: re.Match[str], anchor: Anchor) -> Resolved:
    year = year_meant(match["year_word"], anchor.date)
    return (str(year), _YEAR_NOTE) if year else ("", NO_DATE)


def _named_year(match: re.Match[str], anchor: Anchor) -> int | None:
    """Return the year that follows a day or month ("of next year"), if known."""
    return (
        year_meant(match["year_word"], anchor.date, date_named_before(match.start(), anchor))
        if match["year_word"]
        else None
    )


def _day_without_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    day, month = _day_and_month(match["daymonth"])
    if match["yearly"]:
        return f"--{month:02d}-{day:02d}", "each year"
    if year := _named_year(match, anchor):
        return f"{year}-{month:02d}-{day:02d}", _YEAR_NOTE
    if anchor.date is None:
        return f"--{month:02d}-{day:02d}", NO_DATE
    year = anchor.date.year + ((month, day) < (anchor.date.month, anchor.date.day))
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return dt.date(year, month, day).isoformat(), f"{_YEAR_NOTE} or the next"


def _day_and_month(printed: str) -> tuple[int, int]:
    day = re.search(r"\d+", printed)
    month = re.search(months_pattern(), printed, re.IGNORECASE)
    return int(day.group()) if day else 1, month_number(month.group()) if month else 1


def _month_without_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    if anchor.date is None or is_narrative(anchor.text, match.start()):
        return None
    month, named = month_number(match["month"]), _named_year(match, anchor)
    iso = f"{named or anchor.date.year + (month < anchor.date.month)}-{month:02d}"
    note = _YEAR_NOTE if named else f"{_YEAR_NOTE} or the next"
    is_end = match["edge"] or match["preposition"].lower().endswith("not after")
    return (last_day(iso).isoformat() if is_end else iso), note


def _part_of_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    if match["year"]:
        year = year_meant(match["year"], anchor.date, date_named_before(match.start(), anchor))
        iso = part_of_year(match.groupdict(), year) if year else ""
        return unless_before(iso, anchor.date) if iso else None
    if anchor.date is None:
        return None
    parts = [part_of_year(match.groupdict(), anchor.date.year + later) for later in (0, 1)]
    return next(((iso, f"{_YEAR_NOTE} or the next") for iso in parts if iso and last_day(iso) >= anchor.date), None)


def _part_of_month(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a half to the day, weeks and days only to the month."""
    if match["date"]:
        month, note = find_dates(match["date"])[0].iso, ""
    elif anchor.date is None:
        return None
    else:
        in_year = month_number(match["month"])
        year = _named_year(match, anchor) or anchor.date.year + (in_year < anchor.date.month)
        month, note = f"{year}-{in_year:02d}", f"{_YEAR_NOTE} or the next"
    part = match["part"].lower()
    if match["unit"].lower() != "half":
        return unless_before(month, anchor.date, note or f"{part} {match['unit'].lower()} of {month}")
    iso = f"{month}-01/{month}-15" if part == "first" else f"{month}-16/{last_day(month)}"
    return unless_before(iso, anchor.date, note)


def _season_without_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Return the year of the next season of that name; a winter belongs to the year in which it begins."""
    if is_narrative(anchor.text, match.start()):
        return None
    if anchor.date is None:
        return "", NO_DATE
    season = match["season"].lower()
    year = anchor.date.year + (anchor.date.month > time_rules().words["last_month_of_season"][season])
    return str(year), f"{season}, {_YEAR_NOTE} or the next"


def _year_without_preposition(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a year without a preposition, of a future event."""
    is_narrated = is_narrative(anchor.text, match.start()) or not precedes("anchor.future", anchor.text, match.start())
    return None if is_narrated else _year_with_preposition(match, anchor)


def _occasion(match: re.Match[str], anchor: Anchor) -> Resolved:
    year = match["year"] or match["year2"]
    return unless_before(year, anchor.date) if year else _end_of_term(match, anchor)


def _middle_of_period(match: re.Match[str], anchor: Anchor) -> Resolved:
    iso = middle(match["period"], anchor.date)
    return unless_before(iso, anchor.date) if iso else ("", NO_DATE)


def _scheduled_date(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a day or period that is not over at adoption; without a date of the document, a future one."""
    dates = find_dates(match["date"])
    if not dates:
        return None
    iso = dates[0].iso
    first = iso.partition("/")[0]
    if precedes("exclusion.time_of_noun", anchor.text, match.start()):
        return None
    is_running = anchor.date is None or first <= anchor.date.isoformat()[: len(first)]
    if is_running and (is_narrative(anchor.text, match.start()) or not _is_planned(match, anchor)):
        return None
    if anchor.date and last_day(iso) < anchor.date:
        return None
    meeting = council_in(iso) if match["meeting"] and COUNCIL in anchor.text[: match.start()] else None
    return meeting_due(meeting) if meeting else (iso, "")


def _is_planned(match: re.Match[str], anchor: Anchor) -> bool:
    """Whether somebody is to act in a period that has begun, or whose time is not known."""
    if anchor.date and len(find_dates(match["date"])[0].iso) >= DAY:
        return False
    return "course" in match.group() or precedes("anchor.future", anchor.text, match.start())


def _beginning(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve the day on which something that will continue begins."""
    dates = find_dates(match["date"])
    is_known = bool(dates) and (anchor.date is None or dates[0].iso > anchor.date.isoformat()[: len(dates[0].iso)])
    return (dates[0].iso, "") if is_known and not is_narrative(anchor.text, match.start()) else None


def _interval(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a future interval; one that began before the document's year belongs to a narrative or a table."""
    is_scope = precedes("exclusion.scope", anchor.text, match.start())
    iso = "" if is_scope else interval(match["first"], match["date"])
    has_begun = bool(anchor.date) and iso[:4] < str(anchor.date.year if anchor.date else "")
    return None if not iso or has_begun or is_narrative(anchor.text, match.start()) else unless_before(iso, anchor.date)


def _period_named_before(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a period or day that the text named before; the document may have given its date."""
    named = anchor.context.memory.when if match["day"] else ""
    return (named, "a date that the text names before") if named else ("", _UNKNOWN_DAY)


def _happening(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve an event as a deadline, but not a narrative of it, nor a treaty's entry into force."""
    if precedes("exclusion.entry_into_force", anchor.text, match.start()):
        return None
    is_caused = time_rules()["exclusion.narrative"].part("caused").search(anchor.text, 0, match.start())
    return None if not is_caused and is_narrative(anchor.text, match.start()) else ("", _UNKNOWN_DAY)


def _end_of_term(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve the end of a term; a mandate's to the day if the document gave it."""
    ends = (
        anchor.context.memory.events.get(MANDATE, "")
        if time_rules().pattern("anchor.end_of_mandate").search(match.group())
        else ""
    )
    return (ends, match.group()) if ends else ("", _UNKNOWN_DAY)


def _nth_day_after_event(match: re.Match[str], anchor: Anchor) -> Resolved:
    """Resolve a day counted from an event, unless a treaty enters into force on it: that is not a deadline for anybody."""
    if precedes("exclusion.entry_into_force", anchor.text, match.start()):
        return None
    count = ordinal_number(match["ordinal"]) if match["ordinal"] else 1
    return duration(count, match["unit"][0].upper()), match.group()


def _unknown_day(_match: re.Match[str], _anchor: Anchor) -> Resolved:
    return "", _UNKNOWN_DAY


# By name, as records of deadlines ask for them (``gives: {resolve: span}``).
RESOLVERS: dict[str, Callable[[re.Match[str], Anchor], Resolved]] = {
    function.__name__.strip("_"): function
    for function in (
        _edge_of_period,
        _end_of_year,
        _interval,
        _date,
        _day_without_year,
        span_from_adoption,
        day_of_adoption,
        span_from_event,
        _nth_day_after_event,
        notice,
        first_period,
        limited_duration,
        term,
        span,
        _part_of_year,
        _part_of_month,
        _middle_of_period,
        lapse,
        _beginning,
        named_council,
        next_council,
        meeting_in_place,
        place_of_act,
        _scheduled_date,
        _month_without_year,
        _season_without_year,
        _year_with_preposition,
        meeting_of_year,
        _unknown_day,
        _end_of_term,
        next_meeting,
        meeting_in_clause,
        numbered_meeting,
        _occasion,
        _happening,
        _period_named_before,
        _year_without_preposition,
    )
}

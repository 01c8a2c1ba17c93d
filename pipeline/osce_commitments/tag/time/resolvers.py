"""The operations that records of deadlines name (``gives: {resolve: span}``): each gives an ISO 8601 date or duration, and its anchor.

None stands for no deadline at all.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from osce_commitments.tag.memory import MANDATE
from osce_commitments.tag.time.exclusions import adopts_another, counts_from_event, is_asked_once
from osce_commitments.tag.time.meetings import COUNCIL, council_in, meeting_due
from osce_commitments.tag.time.periods import NO_DATE, Anchor, Resolved, add_period, is_next
from osce_commitments.tag.time_rules import read_number, time_rules
from osce_commitments.texts.dates import find_dates, first_day, last_day, month_number, months_pattern
from osce_commitments.texts.numerals import ordinal_number

_EVENT_NOTE = "from an event, not from the document's date"
_SHORT_UNITS = frozenset("HDW")
_AFTER = frozenset({"after", "following"})
DAY = len("2013-05-14")

_YEAR_NOTE = "the document's year"
_UNKNOWN_DAY = "the date is not known"
_MONTHS = 12
_QUARTER = 3


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


def _length(match: re.Match[str]) -> str:
    return duration(read_number(match["number"] or "one"), match["unit"][0].upper())


def lapse(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A span after which something is due, unless it measures the past ("was reported after ten days")."""
    is_narrated = anchor.is_told(match) and anchor.follows("exclusion.finished_act", match)
    return None if is_narrated else span(match, anchor)


def limited_duration(match: re.Match[str], anchor: Anchor) -> Resolved:
    """How long something may or must last: counted from its own beginning."""
    to_come = time_rules()["anchor.future"].part("or_permission")
    is_due = anchor.context.lead_in or to_come.search(anchor.text, 0, match.start())
    return (_length(match), _EVENT_NOTE) if is_due and not anchor.is_told(match) else None


def term(match: re.Match[str], anchor: Anchor) -> Resolved:
    """How long something that is extended or set up here lasts: counted from its own beginning."""
    words = f"{anchor.context.lead_in} {anchor.text[: match.end()]}"
    is_due = time_rules()["deadline.term"].part("act").search(words)
    return (_length(match), _EVENT_NOTE) if is_due and not anchor.is_told(match) else None


def span_from_adoption(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A span after the adoption of this text or of another one."""
    if adopts_another(match.group(), anchor.text[: match.start()]):
        return _length(match), _EVENT_NOTE
    return _from_adoption(read_number(match["number"]), match["unit"][0].upper(), anchor)


def _from_adoption(count: int, unit: str, anchor: Anchor) -> Resolved:
    length = duration(count, unit)
    if anchor.date is None:
        return length, NO_DATE
    return add_period(anchor.date, count, unit).isoformat(), f"{length} from the document's date"


def day_of_adoption(_match: re.Match[str], anchor: Anchor) -> Resolved:
    """The day of adoption itself."""
    return (anchor.date.isoformat(), "the document's date") if anchor.date else ("", NO_DATE)


def span_from_event(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A span before or after an event, from its day if the document gave it; not one that dates something in the past."""
    count, unit = read_number(match["number"]), match["unit"][0].upper()
    is_before, event = match["direction"].lower() not in _AFTER, match["event"]
    is_limit = match["limit"] or match.group().lower().startswith("within")
    is_narrated = not is_before and unit == "Y" and not anchor.follows("anchor.future", match)
    if (
        time_rules().pattern("exclusion.past_perfect").search(event)
        or (event.rstrip() == "that" and anchor.follows("exclusion.frequency", match))
        or (not is_limit and (is_narrated or anchor.follows("exclusion.apposition", match)))
    ):
        return None
    known = _known_date(match, anchor)
    if len(known) < DAY or unit == "H":
        return duration(count, unit), match.group()
    first = first_day(known) if is_before else last_day(known)
    return add_period(first, -count if is_before else count, unit).isoformat(), match.group()


def _known_date(match: re.Match[str], anchor: Anchor) -> str:
    event, rules = match["event"], time_rules()
    if event.startswith("that date"):
        return anchor.named_before(match)
    if rules.pattern("anchor.end_of_mandate").search(event):
        return anchor.context.memory.events.get(MANDATE, "")
    noun = rules.pattern("anchor.occasion").search(event)
    return anchor.context.memory.events.get(noun.group().lower(), "") if noun else ""


def notice(match: re.Match[str], _anchor: Anchor) -> Resolved:
    """A span before something that is announced."""
    return _length(match), "before an event"


def first_period(match: re.Match[str], _anchor: Anchor) -> Resolved:
    """The first span of something that has its own beginning."""
    return (_length(match), _EVENT_NOTE) if match["possessor"] or match["event"] else None


def date(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A printed day, month or year."""
    dates = find_dates(match["date"] or match["day"])
    if not dates or (anchor.date is None and anchor.is_told(match)):
        return None
    return anchor.due(dates[0].iso)


def edge_of_period(match: re.Match[str], anchor: Anchor) -> Resolved:
    """An edge of a printed year or month, or of one relative to the document's date."""
    part = match.groupdict()
    if part.get("year_word"):
        return _edge_of_named_period(part, anchor, anchor.named_before(match))
    dates = find_dates(match["date"])
    if not dates:
        return None
    iso, edge = dates[0].iso, (part["part"] or part.get("modifier") or "").lower().removeprefix("very ")
    exact = _edge(iso, edge, is_first=bool(part.get("opening")))
    return anchor.due(exact) if exact else anchor.due(iso, f"{edge} of {iso}")


def _edge(iso: str, edge: str, *, is_first: bool) -> str:
    """The day at an edge of a year or month; empty for a beginning, unless something takes effect from it."""
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
        if anchor.date is None:
            return "", NO_DATE
        month = anchor.date.year * _MONTHS + anchor.date.month - 1 + is_next(words)
        return last_day(f"{month // _MONTHS}-{month % _MONTHS + 1:02d}").isoformat(), "the document's month"
    year = anchor.year(words, named)
    named_before = words in {"that year", "the same year"}
    if year is None:
        return "", "a year that the text names before" if named_before else NO_DATE
    iso = _edge(str(year), edge, is_first=bool(part.get("opening"))) or str(year)
    return iso, "" if named_before else _YEAR_NOTE


def end_of_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    """The end of a printed year, or of one relative to the document's date."""
    if match["date"]:
        return anchor.due(f"{match['date']}-12-31")
    return _edge_of_named_period({"year_word": match["year_word"] or "the year", "part": "end"}, anchor)


def year_with_preposition(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A year relative to the document's date."""
    year = anchor.year(match["year_word"])
    return (str(year), _YEAR_NOTE) if year else ("", NO_DATE)


def _named_year(match: re.Match[str], anchor: Anchor) -> int | None:
    """The year that follows a day or month ("of next year"), if known."""
    return anchor.year(match["year_word"], anchor.named_before(match)) if match["year_word"] else None


def day_without_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A day of the document's year or the next, of a year named after it, or of each year."""
    printed = match["daymonth"]
    digits, name = re.search(r"\d+", printed), re.search(months_pattern(), printed, re.IGNORECASE)
    day, month = int(digits.group()) if digits else 1, month_number(name.group()) if name else 1
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


def month_without_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A month of the document's year or the next, or of a year named after it."""
    if anchor.date is None or anchor.is_told(match):
        return None
    month, named = month_number(match["month"]), _named_year(match, anchor)
    iso = f"{named or anchor.date.year + (month < anchor.date.month)}-{month:02d}"
    note = _YEAR_NOTE if named else f"{_YEAR_NOTE} or the next"
    is_end = match["edge"] or match["preposition"].lower().endswith("not after")
    return (last_day(iso).isoformat() if is_end else iso), note


def part_of_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A half, a quarter or some months of a year; without a year, the next one that is not over."""
    if match["year"]:
        year = anchor.year(match["year"], anchor.named_before(match))
        iso = _part_of(match, year) if year else ""
        return anchor.due(iso) if iso else None
    if anchor.date is None:
        return None
    parts = [_part_of(match, anchor.date.year + later) for later in (0, 1)]
    return next(((iso, f"{_YEAR_NOTE} or the next") for iso in parts if iso and last_day(iso) >= anchor.date), None)


def _part_of(match: re.Match[str], year: int) -> str:
    """First and last day of a part of a year, or the day at its edge; empty if there is no such part."""
    part, words = match.groupdict(), time_rules().words
    count = read_number(part["number"]) if part["number"] else 0
    length = words["months_of_part"][part["length"].lower()] if part["length"] else count
    months = _QUARTER if part["quarter"] else length
    at = words["position_of_part"].get(str(part["part"]).lower(), _MONTHS // months - 1) if months else 0
    at = int(part["quarter"]) - 1 if part["quarter"] else at
    if not 0 < (at + 1) * months <= _MONTHS:
        return ""
    first, last = f"{year}-{at * months + 1:02d}-01", last_day(f"{year}-{(at + 1) * months:02d}").isoformat()
    where = words["edges"].get(str(part["edge"] or "").lower())
    return {"last": last, "opening": first}.get(where, f"{first}/{last}")


def part_of_month(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A half to the day, weeks and days only to the month."""
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
        return anchor.due(month, note or f"{part} {match['unit'].lower()} of {month}")
    iso = f"{month}-01/{month}-15" if part == "first" else f"{month}-16/{last_day(month)}"
    return anchor.due(iso, note)


def season_without_year(match: re.Match[str], anchor: Anchor) -> Resolved:
    """The year of the next season of that name; a winter belongs to the year in which it begins."""
    if anchor.is_told(match):
        return None
    if anchor.date is None:
        return "", NO_DATE
    season = match["season"].lower()
    year = anchor.date.year + (anchor.date.month > time_rules().words["last_month_of_season"][season])
    return str(year), f"{season}, {_YEAR_NOTE} or the next"


def year_without_preposition(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A year without a preposition, of a future event."""
    is_narrated = anchor.is_told(match) or not anchor.follows("anchor.future", match)
    return None if is_narrated else year_with_preposition(match, anchor)


def occasion(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A day of remembrance or the like: its year, or the end of a mandate."""
    year = match["year"] or match["year2"]
    return anchor.due(year) if year else end_of_term(match, anchor)


def middle_of_period(match: re.Match[str], anchor: Anchor) -> Resolved:
    """The middle of a year or month: "2016", "October 2014", "October", "year"."""
    words = match["period"]
    if dates := find_dates(words):
        return anchor.due(_edge(dates[0].iso, "middle", is_first=False))
    if anchor.date is None:
        return "", NO_DATE
    if words.lower() == "year":
        return anchor.due(f"{anchor.date.year + (anchor.date.month > _MONTHS // 2)}-06-30")
    month = month_number(words)
    return anchor.due(f"{anchor.date.year + (month < anchor.date.month)}-{month:02d}-15")


def scheduled_date(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A day or period that is not over at adoption; one that has begun, only where somebody is to act in it."""
    dates = find_dates(match["date"])
    if not dates or anchor.follows("exclusion.time_of_noun", match):
        return None
    iso = dates[0].iso
    first = iso.partition("/")[0]
    if anchor.date is None or first <= anchor.date.isoformat()[: len(first)]:
        is_planned = "course" in match.group() or anchor.follows("anchor.future", match)
        if anchor.is_told(match) or not is_planned or (anchor.date and len(iso) >= DAY):
            return None
    if anchor.date and last_day(iso) < anchor.date:
        return None
    meeting = council_in(iso) if match["meeting"] and COUNCIL in anchor.text[: match.start()] else None
    return meeting_due(meeting) if meeting else (iso, "")


def beginning(match: re.Match[str], anchor: Anchor) -> Resolved:
    """The day on which something that will continue begins."""
    dates = find_dates(match["date"])
    is_known = bool(dates) and (anchor.date is None or dates[0].iso > anchor.date.isoformat()[: len(dates[0].iso)])
    return (dates[0].iso, "") if is_known and not anchor.is_told(match) else None


def interval(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A future interval; one that began before the document's year belongs to a narrative or a table."""
    iso = between(match["first"], match["date"])
    has_begun = anchor.date and iso[:4] < str(anchor.date.year)
    is_past = not iso or has_begun or anchor.follows("exclusion.scope", match) or anchor.is_told(match)
    return None if is_past else anchor.due(iso)


def between(first: str, last: str) -> str:
    """The interval between two printed dates, the first perhaps without month and year; else empty."""
    if first.isalpha():
        first += last[-len(" 2013") :]
    isos = [date_match.iso for date_match in find_dates(f"{first} to {last}")]
    if len(isos) == 1 and "/" in isos[0]:
        return isos[0]
    if len(isos) != len(("first", "last")) or isos[0] >= isos[1]:
        return ""
    # Either date may itself be a range of days: "from 2 and 3 May 2012 to 2013".
    return f"{isos[0].partition('/')[0]}/{isos[1].rpartition('/')[2]}"


def period_named_before(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A period or day that the text named before; the document may have given its date."""
    named = anchor.context.memory.when if match["day"] else ""
    return (named, "a date that the text names before") if named else ("", _UNKNOWN_DAY)


def happening(match: re.Match[str], anchor: Anchor) -> Resolved:
    """An event as a deadline, but not a narrative of it, nor a treaty's entry into force."""
    if anchor.follows("exclusion.entry_into_force", match):
        return None
    is_caused = time_rules()["exclusion.narrative"].part("caused").search(anchor.text, 0, match.start())
    return None if not is_caused and anchor.is_told(match) else ("", _UNKNOWN_DAY)


def end_of_term(match: re.Match[str], anchor: Anchor) -> Resolved:
    """The end of a term; a mandate's to the day if the document gave it."""
    is_mandate = time_rules().pattern("anchor.end_of_mandate").search(match.group())
    ends = anchor.context.memory.events.get(MANDATE, "") if is_mandate else ""
    return (ends, match.group()) if ends else ("", _UNKNOWN_DAY)


def nth_day_after_event(match: re.Match[str], anchor: Anchor) -> Resolved:
    """A day counted from an event, unless a treaty enters into force on it: that is not a deadline for anybody."""
    if anchor.follows("exclusion.entry_into_force", match):
        return None
    count = ordinal_number(match["ordinal"]) if match["ordinal"] else 1
    return duration(count, match["unit"][0].upper()), match.group()


def unknown_day(_match: re.Match[str], _anchor: Anchor) -> Resolved:
    """A day that the text does not give."""
    return "", _UNKNOWN_DAY

"""Spans of time by which something is due: counted from adoption, from an event, or from what they hang on."""

from __future__ import annotations

import datetime as dt
import re

from osce_commitments.resources import load_yaml
from osce_commitments.tag.memory import MANDATE
from osce_commitments.tag.time.anchor import NO_DATE, Given, Resolved
from osce_commitments.tag.time.not_deadlines import adopts_another, counts_from_event, is_asked_once
from osce_commitments.tag.time.periods import add_period, is_past
from osce_commitments.texts.dates import find_dates, last_day

_EVENT_NOTE = "from an event, not from the document's date"
_SHORT_UNITS = frozenset("HDW")
DAY = len("2013-05-14")
TO_COME = re.compile(r"\b(?:will|shall|should|must|to)\b")
_TO_COME_OR_MAY = re.compile(r"\b(?:will|shall|should|must|may|to|can|could|cannot)\b")
_BARE_YEAR = re.compile(r"(?<=mid-)(?:19|20)\d\d\b")
_ONCE = re.compile(r"\b(?:once|twice|times|every \w+) $")
_DATED = re.compile(r"(?:19|20)\d\d, $")
_TOLD = re.compile(r"\b(?:was|were|had|(?:has|have) been)\b")
_HAD = re.compile(r"\bhad\b")
END_OF_MANDATE = re.compile(
    r"\b(?:end|expiry|expiration|close|conclusion|termination)\b.*\bmandate\b|\bmandate (?:ends|expires)\b"
)


def read_number(printed: str) -> int:
    """The value of a number in words or figures."""
    return int(printed) if printed.isdigit() else int(load_yaml("deadlines")["numbers"][printed.lower()])


def duration(count: int, unit: str) -> str:
    """An ISO 8601 duration of hours, days, weeks, months or years ("H", "D", "W", "M", "Y")."""
    return ("PT" if unit == "H" else "P") + f"{count}{unit}"


def when_told(match: re.Match[str], given: Given) -> str:
    """The last date that the text names before a match, else the last one of the document: what "that year" means."""
    words = given.text[: match.start()]
    before, years = find_dates(words), list(_BARE_YEAR.finditer(words))
    if years and (not before or before[-1].end <= years[-1].start()):
        return years[-1].group()
    return before[-1].iso if before else given.context.memory.when


def within(match: re.Match[str], given: Given) -> Resolved:
    """Days and hours, and what is counted "of" something, run from an event; months and years from adoption."""
    part = match.groupdict()
    if "fortnight" in match.group().lower():
        return (
            _from_adoption(2, "W", given)
            if is_asked_once(given.text, match.span(), given.context.lead_in)
            else ("P2W", _EVENT_NOTE)
        )
    printed = part.get("unit") or part.get("unit2") or part.get("one") or ""
    count, unit = read_number(part.get("number") or part.get("number2") or "one"), printed[0].upper()
    if part.get("from") or counts_from_event(given.text, match.start()):
        return duration(count, unit), _EVENT_NOTE
    if unit in _SHORT_UNITS and (unit == "H" or not is_asked_once(given.text, match.span(), given.context.lead_in)):
        return duration(count, unit), _EVENT_NOTE
    return _from_adoption(count, unit, given)


def after_span(match: re.Match[str], given: Given) -> Resolved:
    """A span after which something is due, unless it tells how long something took ("was reported after ten days")."""
    is_told = is_past(given.text, match.start()) and _TOLD.search(given.text, 0, match.start())
    return None if is_told else within(match, given)


def for_at_most(match: re.Match[str], given: Given) -> Resolved:
    """How long something may or must last: the clock starts with the thing."""
    is_due = bool(given.context.lead_in) or bool(_TO_COME_OR_MAY.search(given.text, 0, match.start()))
    is_told = is_past(given.text, match.start()) or not is_due
    return None if is_told else (duration(read_number(match["number"]), match["unit"][0].upper()), _EVENT_NOTE)


def after_adoption(match: re.Match[str], given: Given) -> Resolved:
    """A span after the adoption of this text, or of another one."""
    if adopts_another(match.group(), given.text[: match.start()]):
        return duration(read_number(match["number"]), match["unit"][0].upper()), _EVENT_NOTE
    return _from_adoption(read_number(match["number"]), match["unit"][0].upper(), given)


def _from_adoption(count: int, unit: str, given: Given) -> Resolved:
    length = duration(count, unit)
    if given.date is None:
        return length, NO_DATE
    return add_period(given.date, count, unit).isoformat(), f"{length} from the document's date"


def at_adoption(_match: re.Match[str], given: Given) -> Resolved:
    """The day of adoption itself."""
    return (given.date.isoformat(), "the document's date") if given.date else ("", NO_DATE)


def within_after_event(match: re.Match[str], given: Given) -> Resolved:
    """A span before or after something that happens, from its day if the document told it."""
    count, unit = read_number(match["number"]), match["unit"][0].upper()
    is_before = match["way"].lower() not in {"after", "following"}
    if _HAD.search(match["event"]) or _is_apposed(match, given) or (not is_before and _is_told(match, given)):
        return None
    if match["event"].rstrip() == "that" and _ONCE.search(given.text, 0, match.start()):
        return None
    known = _known_date(match, given)
    if len(known) < DAY or unit == "H":
        return duration(count, unit), match.group()
    anchor = dt.date.fromisoformat(known.partition("/")[0]) if is_before else last_day(known)
    return add_period(anchor, -count if is_before else count, unit).isoformat(), match.group()


def _is_apposed(match: re.Match[str], given: Given) -> bool:
    """Whether a span only says of a date before it when that is ("in 2018, two years after the first one")."""
    is_limit = match["limit"] or match.group().lower().startswith("within")
    return not is_limit and bool(_DATED.search(given.text, 0, match.start()))


def _is_told(match: re.Match[str], given: Given) -> bool:
    """Whether years after something are those of a story: nothing before them says that somebody is to act."""
    is_limit = match["limit"] or match.group().lower().startswith("within")
    return not is_limit and match["unit"][0].upper() == "Y" and not TO_COME.search(given.text, 0, match.start())


def _known_date(match: re.Match[str], given: Given) -> str:
    event = match["event"]
    if event.startswith("that date"):
        return when_told(match, given)
    if END_OF_MANDATE.search(event):
        return given.context.memory.events.get(MANDATE, "")
    nouns = re.findall(rf"\b(?:{load_yaml('deadlines')['occasions']})\b", event, re.IGNORECASE)
    return given.context.memory.events.get(nouns[0].lower(), "") if nouns else ""


def in_advance(match: re.Match[str], _given: Given) -> Resolved:
    """A span before what is announced."""
    return duration(read_number(match["number"]), match["unit"][0].upper()), "before an event"


def first_period(match: re.Match[str], _given: Given) -> Resolved:
    """The first span of something that has its own beginning."""
    if not match["own"] and not match["of"]:
        return None
    return duration(read_number(match["number"] or "one"), match["unit"][0].upper()), _EVENT_NOTE

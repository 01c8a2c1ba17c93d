"""Spans of time after which something is due: counted from adoption, from an event or from another act."""

from __future__ import annotations

import re

from osce_commitments.tag.memory import MANDATE
from osce_commitments.tag.time.anchor import NO_DATE, Anchor, Resolved, date_named_before
from osce_commitments.tag.time.exclusions import (
    adopts_another,
    counts_from_event,
    is_asked_once,
    is_narrative,
    precedes,
)
from osce_commitments.tag.time.periods import add_period
from osce_commitments.tag.time_rules import read_number, time_rules
from osce_commitments.texts.dates import first_day, last_day

_EVENT_NOTE = "from an event, not from the document's date"
_SHORT_UNITS = frozenset("HDW")
_AFTER = frozenset({"after", "following"})
DAY = len("2013-05-14")


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

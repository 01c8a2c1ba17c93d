"""Dates, and deadlines and periods of recurrence, resolved against the document's date."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Sequence

from osce_commitments.labels import TagKind
from osce_commitments.schema import Tag
from osce_commitments.tag.tag_input import Context, Finding, TagInput, is_free, tags_of
from osce_commitments.tag.time import meetings, resolvers
from osce_commitments.tag.time.exclusions import excluding_rule
from osce_commitments.tag.time.periods import Anchor, Resolved
from osce_commitments.tag.time_rules import read_number, time_rules
from osce_commitments.texts.dates import find_dates
from osce_commitments.texts.numerals import ordinal_number

OPERATIONS = vars(meetings) | vars(resolvers)
_NO_INTERVAL = "no interval stated"
_PER = {
    "year": (("Y", 1), ("M", 12), ("D", 365)),
    "month": (("M", 1), ("W", 4), ("D", 30)),
    "week": (("W", 1), ("D", 7)),
    "quarter": (("M", 3), ("D", 91)),
}
# A text with more of them is a table, and each reads the words before it.
_MOST_TIMES = 60


def tag_dates(tag_input: TagInput) -> Sequence[Tag]:
    """Tag every date of a text."""
    dates = find_dates(tag_input.text)
    return tags_of(tag_input, TagKind.DATE, (Finding(date.start, date.end, date.iso, rule=date.rule) for date in dates))


def tag_deadlines(tag_input: TagInput) -> Sequence[Tag]:
    """Tag every deadline and period of recurrence of a text."""
    text, actions = tag_input.text, tag_input.of(TagKind.ACTION)
    periods = find_periods(text)
    deadlines = [
        deadline
        for deadline in find_deadlines(text, tag_input.context.date, tag_input.context)
        if not excluding_rule(
            text, (deadline.start, deadline.end), actions, tag_input.context, is_span=deadline.ref.startswith("P")
        )
        and not any(period.start < deadline.start and deadline.end <= period.end for period in periods)
    ]
    return tags_of(tag_input, TagKind.PERIODICITY, periods) + tags_of(tag_input, TagKind.DEADLINE, deadlines)


def find_deadlines(text: str, date: dt.date | None, context: Context | None = None) -> list[Finding]:
    """Return the deadlines of a plain text, without those before the document's ``date``."""
    findings: list[Finding] = []
    anchor = Anchor(date, text, context or Context())
    for rule, match in time_rules().matches("deadline", text)[:_MOST_TIMES]:
        due: Resolved = OPERATIONS[rule.gives["resolve"]](match, anchor)
        if due and is_free(match.span(), ((other.start, other.end) for other in findings)):
            findings.append(Finding(match.start(), match.end(), *due, rule.id))
    return sorted(findings, key=lambda finding: finding.start)


@functools.lru_cache(2048)
def find_periods(text: str) -> tuple[Finding, ...]:
    """Return the periods of recurrence in a plain text."""
    findings: list[Finding] = []
    for rule, match in time_rules().matches("period", text):
        if is_free(match.span(), ((other.start, other.end) for other in findings)) and not _is_attribute(text, match):
            value = rule.gives["ref"] if "ref" in rule.gives else _interval(match)
            end = match.start() + len(match.group().rstrip())
            findings.append(Finding(match.start(), end, value, "" if value else _NO_INTERVAL, rule.id))
    return tuple(sorted(findings, key=lambda finding: finding.start))


def _is_attribute(text: str, match: re.Match[str]) -> bool:
    """Whether an adjective describes an existing thing ("the monthly tables") or belongs to a name."""
    before, rules = text[max(0, match.start() - 30) : match.start()], time_rules()
    if match.group()[0].isupper() and rules.pattern("exclusion.name").search(before):
        return True
    is_adjective = match.group().strip().isalpha() and bool(re.match(r" ?[a-z]", text[match.end() :]))
    return is_adjective and bool(rules.pattern("exclusion.existing_thing").search(before))


def _interval(match: re.Match[str]) -> str:
    part, words = match.groupdict(), time_rules().words
    if part.get("ordinal"):
        return f"R/P{ordinal_number(part['ordinal'])}{part['nth_unit'][0].upper()}"
    if part.get("times"):
        word = part["times"].split()[0].lower()
        unit = "year" if part.get("yearly") else part["unit"].lower()
        return _share(words["multiples"].get(word) or read_number(word), unit)
    number, unit = part["number"].lower(), part["unit"].lower()
    return f"R/P{words['multiples'].get(number) or read_number(number)}{unit[0].upper()}"


def _share(times: int, unit: str) -> str:
    """Return the interval of something that happens a number of times per unit."""
    for letter, length in _PER[unit]:
        if length % times == 0:
            return f"R/P{length // times}{letter}"
    letter, length = _PER[unit][-1]
    return f"R/P{max(1, length // times)}{letter}"

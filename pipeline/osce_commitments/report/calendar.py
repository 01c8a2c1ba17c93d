"""Deadlines and reporting duties as a table and as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from osce_commitments.errors import ConfigError
from osce_commitments.phrases import shorten
from osce_commitments.report.model import (
    Report,
    ReportEvent,
    ReportSection,
    Table,
    TextRun,
    TextRuns,
    plain_runs,
    table_section,
)
from osce_commitments.report.statements import Deadline, Statement

if TYPE_CHECKING:
    from icalendar import Event

_SUMMARY_CHARACTERS = 90
_PRODUCT = "-//osce-commitments//reports//EN"
_NO_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
CALENDAR_COLUMNS = ("due", "commitment", "addressee", "provision")


Days = tuple[dt.date | None, dt.date | None]  # first and last day that count; None for no bound


def calendar_table(statements: Iterable[Statement], caption: str, within: Days = (None, None)) -> Table:
    """Deadlines and reporting duties of commitments: dated ones in order, then recurring and undated ones.

    With a bound in ``within``, only dated ones count.
    """
    rows: list[tuple[str, tuple[TextRuns, ...]]] = []
    for statement in statements:
        if statement.due or statement.reports:
            rows += [(_order(due), _row(statement, due)) for due in statement.due or (None,) if _counts(due, within)]
    rows.sort(key=lambda row: row[0])
    return Table(caption, CALENDAR_COLUMNS, tuple(row for _, row in rows))


def calendar_section(statements: Iterable[Statement], caption: str, within: Days = (None, None)) -> ReportSection:
    """The section with the calendar; see :func:`calendar_table`."""
    return table_section("calendar", "Calendar", calendar_table(statements, caption, within))


def in_words(ref: str) -> str:
    """A reporting duty, "who > to whom", in words; either may be missing."""
    who, _, to_whom = (part.strip() for part in ref.partition(">"))
    return f"{f'{who} to ' if who else ''}report{f' to {to_whom}' if to_whom else ''}"


def _counts(due: Deadline | None, within: Days) -> bool:
    first, last = within
    if first is None and last is None:
        return True
    if due is None or not due.days:
        return False
    begins, ends = (dt.date.fromisoformat(day) for day in due.days)
    return (first is None or ends >= first) and (last is None or begins <= last)


def _order(due: Deadline | None) -> str:
    if due is None:
        return "z"
    return due.days[1] if due.days else f"x{due.ref}"


def _row(statement: Statement, due: Deadline | None) -> tuple[TextRuns, ...]:
    return (
        plain_runs(due.last_day.replace(" ", "\u00a0") or due.text if due else "no date"),
        plain_runs(shorten(statement.text, 160)),
        plain_runs("; ".join((", ".join(statement.addressee) or "not specified", *_duties(statement)))),
        (TextRun(statement.citation, target=f"#{statement.id}"),),
    )


def _duties(statement: Statement) -> Iterator[str]:
    """Reporting duties, next to the addressee: "report to the Permanent Council"."""
    for ref in statement.reports:
        who, _, to_whom = ref.partition(">")
        yield in_words(f">{to_whom}" if who.strip() in statement.addressee else ref)


def events(statements: Iterable[Statement], base: str = "", within: Days = (None, None)) -> tuple[ReportEvent, ...]:
    """One all-day event per dated deadline, on its last day."""
    report_events = [
        _event(statement, index, due.days, base)
        for statement in statements
        for index, due in enumerate(statement.deadlines)
        if due.days and due.is_limit and _counts(due, within)
    ]
    return tuple(sorted(report_events, key=lambda event: (event.last, event.id)))


def _event(statement: Statement, position: int, days: tuple[str, str], base: str) -> ReportEvent:
    due = statement.deadlines[position]
    first, last = (dt.date.fromisoformat(day) for day in days)
    lines = [
        statement.reading,
        f"Source: {statement.citation}",
        *([f"Document: {statement.doubt}"] if statement.doubt else []),
        f"Strength: {statement.strength.value}",
        f"Addressee: {', '.join(statement.addressee) or 'not specified'}",
        f"Deadline as printed: {due.text}",
        *(f"Reporting duty: {in_words(ref)}" for ref in statement.reports),
    ]
    return ReportEvent(
        id=f"{statement.id}-{position}",
        first=first,
        last=last,
        summary=f"{statement.instrument}: {shorten(statement.text, _SUMMARY_CHARACTERS)}",
        description="\n".join(lines),
        link=f"{base}{statement.link}" if base else "",
    )


def as_icalendar(report: Report) -> bytes:
    """The events of a report as an iCalendar file with ``CRLF`` line ends.

    Raises:
        ConfigError: If the report has no events: an iCalendar file needs at least one.
    """
    from icalendar import Calendar

    if report.kind == "gaps":
        msg = "a gaps report has no calendar"
        raise ConfigError(msg, "choose an overview or digest, or another format")
    if not report.events:
        msg = "this report has no dated deadline for a calendar"
        raise ConfigError(msg, "select more commitments, or choose another format")
    calendar = Calendar()
    for name, value in (("VERSION", "2.0"), ("PRODID", _PRODUCT), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")):
        calendar.add(name, value)
    calendar.add("X-WR-CALNAME", _clean(report.title))
    for event in report.events:
        calendar.add_component(_component(event, report.written_at))
    content: bytes = calendar.to_ical()
    return content


def _component(event: ReportEvent, stamp: dt.datetime) -> Event:
    from icalendar import Event
    from icalendar.enums import TRANSP

    # A period is entered on its last day: an event of many months would cover the whole calendar.
    return Event.new(
        uid=f"{event.id}@osce-commitments",
        stamp=stamp,
        start=event.last,
        end=event.last + dt.timedelta(days=1),
        summary=_clean(event.summary),
        description=_clean(event.description),
        url=event.link or None,
        transparency=TRANSP.TRANSPARENT,
    )


def _clean(text: str) -> str:
    return _NO_TEXT.sub(" ", text)

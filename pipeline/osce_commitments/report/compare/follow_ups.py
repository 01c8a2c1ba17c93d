"""Follow-up to earlier commitments in later documents, and cited instruments that the dataset lacks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import DocumentType
from osce_commitments.query import Reader
from osce_commitments.report.statements import Statement

if TYPE_CHECKING:
    Citations = Mapping[str, Sequence[Mapping[str, Any]]]

_REPORT = re.compile(r"\breport(?:s|ed)?\b", re.IGNORECASE)
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Followed:
    """Follow-up to past deadlines and reporting duties.

    Attributes:
        passed: Commitments without follow-up, each with the last day of its past deadline.
        taken_up: Number of commitments with a past deadline and follow-up.
        unreported: Commitments to report without a report.
        reported: Number of commitments to report with a report.
        reports: Number of reports that the dataset holds.
    """

    passed: tuple[tuple[Statement, str], ...]
    taken_up: int
    unreported: tuple[Statement, ...]
    reported: int
    reports: int


@dataclass(frozen=True, slots=True)
class CitingPlace:
    """A provision that cites an instrument."""

    citation: str
    link: str


@dataclass(frozen=True, slots=True)
class NotHeld:
    """A cited instrument that is not in the dataset.

    Attributes:
        documents: Number of documents that cite it.
        provisions: Ids of the citing provisions.
        cited_in: The first few of them.
    """

    symbol: str
    title: str
    documents: int
    provisions: tuple[str, ...]
    cited_in: tuple[CitingPlace, ...]


def follow(reader: Reader, cited: Citations, statements: Sequence[Statement], on: dt.date) -> Followed:
    """Look for follow-up to past deadlines and reporting duties in later documents."""
    due = {statement.id: day for statement in statements if (day := _passed(statement, on))}
    followed = _followed(reader, cited, [statement for statement in statements if statement.id in due])
    passed = [
        (statement, due[statement.id])
        for statement in statements
        if statement.id in due and statement.id not in followed
    ]
    duties = [statement for statement in statements if statement.reports]
    unreported = [duty for duty in duties if not _has_report(duty, cited.get(duty.symbol, ()))]
    passed.sort(key=lambda pair: (pair[1], pair[0].citation))
    reports = sum(row["type"] == DocumentType.REPORT for row in reader.documents())
    return Followed(tuple(passed), len(followed), tuple(unreported), len(duties) - len(unreported), reports)


def _followed(reader: Reader, cited: Citations, statements: Sequence[Statement]) -> set[str]:
    """Ids of the commitments that a later provision takes up, or whose instrument a later document cites."""
    ids = {statement.id for statement in statements if _is_cited_later(statement, cited.get(statement.symbol, ()))}
    for document in dict.fromkeys(statement.document for statement in statements if statement.id not in ids):
        links, _ = reader.taken_up(document)
        ids |= {
            statement.id
            for statement in statements
            if any(link.earlier == statement.id for link in links.get(statement.id, ()))
        }
    return ids


def _is_cited_later(statement: Statement, citing: Sequence[Mapping[str, Any]]) -> bool:
    return any(
        row["document"] != statement.document
        and row["date"]
        and (statement.date is None or row["date"] > statement.date)
        for row in citing
    )


def not_held(reader: Reader, cited: Citations, documents: Collection[str] | None = None) -> list[NotHeld]:
    """Cited instruments that the dataset lacks, most cited first.

    Only some citing documents count, or all.
    """
    held = {row["symbol"] for row in reader.documents()}
    found = [
        _not_held(symbol, [row for row in rows if documents is None or row["document"] in documents])
        for symbol, rows in cited.items()
        if symbol not in held
    ]
    return sorted((one for one in found if one.documents), key=lambda one: (-one.documents, one.symbol))


def _not_held(symbol: str, rows: Sequence[Mapping[str, Any]]) -> NotHeld:
    known = load_catalogue().instrument(symbol)
    unique = {row["id"]: row for row in rows}
    places = [CitingPlace(row["citation"], row["link"]) for row in unique.values()]
    return NotHeld(
        symbol=symbol,
        title=known.title if known else "",
        documents=len({row["document"] for row in rows}),
        provisions=tuple(unique),
        cited_in=tuple(places[:_SHOWN]),
    )


def _passed(statement: Statement, on: dt.date) -> str:
    """The last day of the latest deadline if it has passed, else empty."""
    days = [due.days[1] for due in statement.due if due.days]
    last = max(days, default="")
    return last if last and last < on.isoformat() else ""


def _has_report(statement: Statement, citing: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a later document cites the instrument and mentions a report, or is a report that cites it."""
    return any(
        (row["type"] == DocumentType.REPORT or _REPORT.search(row["reading"]))
        and row["document"] != statement.document
        and (statement.date is None or row["date"] is None or row["date"] > statement.date)
        for row in citing
    )

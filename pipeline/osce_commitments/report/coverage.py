"""Sections and rows of the gaps report: past deadlines, missing reports, coverage, missing instruments."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import DocumentType, ObligationStrength, ThreatArea
from osce_commitments.query import Reader
from osce_commitments.report.calendar import in_words
from osce_commitments.report.charts import heat, stacked_bars
from osce_commitments.report.entries import EntryMaker, theme
from osce_commitments.report.model import (
    ReportBlock,
    ReportSection,
    Style,
    Table,
    TextRun,
    TextRuns,
    entries_section,
    paragraph,
    plain_runs,
    table_section,
)
from osce_commitments.report.statements import Statement, day
from osce_commitments.report.subthemes import subthemes
from osce_commitments.texts.printable import counted_noun

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
class NotHeld:
    """A cited instrument that is not in the dataset.

    Attributes:
        documents: Number of documents that cite it.
        provisions: Ids of the citing provisions.
        cited_in: Rows of the first few of them.
    """

    symbol: str
    title: str
    documents: int
    provisions: tuple[str, ...]
    cited_in: tuple[Mapping[str, Any], ...]


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
    lacking = [
        _not_held(symbol, [row for row in rows if documents is None or row["document"] in documents])
        for symbol, rows in cited.items()
        if symbol not in held
    ]
    return sorted((one for one in lacking if one.documents), key=lambda one: (-one.documents, one.symbol))


def _not_held(symbol: str, rows: Sequence[Mapping[str, Any]]) -> NotHeld:
    known = load_catalogue().instrument(symbol)
    unique = {row["id"]: row for row in rows}
    return NotHeld(
        symbol=symbol,
        title=known.title if known else "",
        documents=len({row["document"] for row in rows}),
        provisions=tuple(unique),
        cited_in=tuple(unique.values())[:_SHOWN],
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


GAP_COLUMNS = (
    ("gap", "string"),
    ("theme", "string"),
    ("sub_theme", "string"),
    ("year", "int32"),
    ("addressee", "string"),
    ("count", "int64"),
    ("instrument", "string"),
    ("due", "string"),
    ("citation", "string"),
    ("text", "string"),
    ("provision", "string"),
    ("link", "string"),
)
EMPTY_GAP: dict[str, Any] = {name: "" if kind == "string" else None for name, kind in GAP_COLUMNS}
_SHOWN_INSTRUMENTS = 60

_PERIOD_YEARS = 5
_ADDRESSEES = 4
_FIRM = ObligationStrength.COMMITTING


def coverage(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> ReportSection:
    """Counts by theme and year and by theme and addressee; sub-themes without commitments."""
    years = sorted({statement.year for statement in statements if statement.year is not None})
    firmness: dict[str, Counter[ObligationStrength]] = {
        theme(area): Counter(statement.strength for statement in statements if area in statement.areas)
        for area in areas
    }
    blocks: list[ReportBlock] = [stacked_bars(firmness, "Commitments by theme and strength")]
    if years:
        span = range(years[0], years[-1] + 1)
        by_year = {
            theme(area): Counter(
                statement.year for statement in statements if area in statement.areas and statement.year
            )
            for area in areas
        }
        blocks.append(heat(by_year, span, "Commitments by theme and year; empty cells are years without commitments"))
        blocks.append(_periods(by_year, years[0], years[-1]))
    blocks.append(_addressed(statements, areas))
    if found := untouched(statements, areas):
        rows = tuple((plain_runs(theme(area)), plain_runs("; ".join(names))) for area, names in found)
        blocks.append(Table("Sub-themes without commitments", ("theme", "sub-themes"), rows))
    else:
        blocks.append(paragraph("Every sub-theme has at least one commitment."))
    return ReportSection("coverage", "Coverage", tuple(blocks))


def untouched(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> list[tuple[ThreatArea, list[str]]]:
    """The sub-themes without commitments, by area; areas without such sub-themes are left out."""
    found = []
    for area in areas:
        there = {statement.subtheme(area) for statement in statements if area in statement.areas}
        names = [name for name in subthemes(area)[:-1] if name not in there]
        if names:
            found.append((area, names))
    return found


def low(statements: Sequence[Statement], areas: Sequence[ThreatArea], maker: EntryMaker) -> ReportSection:
    """Themes and sub-themes whose strongest commitment is weaker than committing."""
    rows = [row for area in areas for row in _low(statements, area, maker)]
    caption = f"Themes and sub-themes without a {_FIRM.value} or mandating commitment"
    columns = ("theme", "sub-theme", "commitments", "strongest", "where")
    return table_section("low", "Low strength only", Table(caption, columns, tuple(rows), frozenset({2})))


def _coverage_rows(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> Iterator[dict[str, Any]]:
    """Number of commitments by theme, year and addressee; the addressee is empty for commitments without one."""
    found: defaultdict[tuple[int, int, str], list[str]] = defaultdict(list)
    for statement in statements:
        for area in statement.areas:
            for name in (statement.addressee or ("",)) if area in areas else ():
                found[areas.index(area), statement.year or 0, name].append(statement.id)
    for (position, year, name), ids in sorted(found.items()):
        place = {"theme": theme(areas[position]), "year": year or None, "addressee": name}
        yield {"gap": "coverage", "count": len(ids), "provision": "; ".join(ids), **place}


def _periods(by_year: dict[str, Counter[int]], first: int, last: int) -> Table:
    starts = list(range(first - first % _PERIOD_YEARS, last + 1, _PERIOD_YEARS))
    columns = ["theme", *(f"{start}\u2013{(start + _PERIOD_YEARS - 1) % 100:02}" for start in starts), "latest"]
    rows = []
    for name, counts in by_year.items():
        figures = [sum(counts[start + later] for later in range(_PERIOD_YEARS)) for start in starts]
        latest = max((year for year, number in counts.items() if number), default=None)
        rows.append(
            (
                plain_runs(name),
                *(plain_runs(f"{figure:,}" if figure else "\u2013") for figure in figures),
                plain_runs(latest or "\u2013"),
            )
        )
    return Table("Commitments by theme and period", tuple(columns), tuple(rows), frozenset(range(1, len(columns))))


def _addressed(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> Table:
    totals = Counter(name for statement in statements for name in statement.addressee)
    names = [name for name, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:_ADDRESSEES]]
    columns = ("theme", *names, "others", "not specified")
    rows = []
    for area in areas:
        some = [statement for statement in statements if area in statement.areas]
        figures = [sum(name in one.addressee for one in some) for name in names]
        others = sum(any(name not in names for name in one.addressee) for one in some)
        nobody = sum(not one.addressee for one in some)
        cells = (plain_runs(f"{figure:,}" if figure else "\u2013") for figure in (*figures, others, nobody))
        rows.append((plain_runs(theme(area)), *cells))
    caption = "Commitments by theme and addressee; one with several addressees counts for each"
    return Table(caption, columns, tuple(rows), frozenset(range(1, len(columns))))


def _low(statements: Sequence[Statement], area: ThreatArea, maker: EntryMaker) -> Iterator[tuple[TextRuns, ...]]:
    mine = [statement for statement in statements if area in statement.areas]
    if mine and _strongest(mine) < _FIRM.level:
        yield _low_row(theme(area), "all", mine, maker)
        return
    for name in subthemes(area):
        some = [one for one in mine if one.subtheme(area) == name]
        if some and _strongest(some) < _FIRM.level:
            yield _low_row(theme(area), name, some, maker)


def _strongest(statements: Sequence[Statement]) -> int:
    return max(statement.strength.level for statement in statements)


def _low_row(name: str, part: str, statements: Sequence[Statement], maker: EntryMaker) -> tuple[TextRuns, ...]:
    level = _strongest(statements)
    strongest = [statement for statement in statements if statement.strength.level == level]
    where = maker.references(strongest)
    return (
        plain_runs(name),
        plain_runs(part),
        plain_runs(f"{len(statements):,}"),
        plain_runs(strongest[0].strength.value),
        where,
    )


def passed(followed: Followed, on: dt.date, maker: EntryMaker) -> ReportSection:
    """Commitments whose deadline ended without follow-up."""
    words = (
        f"These deadlines ended before {day(on)}. No later document in this dataset cites the instrument or takes the commitment "
        f"up; the dataset holds {counted_noun(followed.reports, 'report')}. This says nothing of what was done elsewhere."
    )
    days = ((statement, day(dt.date.fromisoformat(due))) for statement, due in followed.passed)
    entries = (maker.entry(statement, more=[("Deadline ended", plain_runs(due))]) for statement, due in days)
    title = "Past deadlines without recorded follow-up in this dataset"
    return entries_section("passed", title, entries, words)


def unreported(followed: Followed, maker: EntryMaker) -> ReportSection:
    """Reporting duties of a dataset with reports, but none on these."""
    words = "No later document in the dataset cites the instrument and mentions a report or is a report."
    entries = (maker.entry(statement) for statement in followed.unreported if followed.reports)
    return entries_section("reports", "Reporting duties without a report", entries, words)


def missing(instruments: Sequence[NotHeld], maker: EntryMaker) -> ReportSection:
    """Cited instruments that are not in the dataset, the most cited first."""
    rows = []
    for lacking in instruments[:_SHOWN_INSTRUMENTS]:
        places = [maker.cited(place) for place in lacking.cited_in]
        where = [run for place in places for run in (TextRun("; "), place)][1:]
        if more := len(lacking.provisions) - len(places):
            where.append(TextRun(f" and {more:,} more", Style.MUTED))
        symbol = "" if lacking.symbol.startswith("[") else lacking.symbol  # a key of the catalogue, nothing printed
        name = plain_runs(symbol or lacking.title)
        if symbol and lacking.title:
            name = (TextRun(f"{symbol} "), TextRun(lacking.title, Style.MUTED))
        rows.append((name, plain_runs(f"{lacking.documents:,}"), tuple(where)))
    caption = "Instruments cited in the dataset but not included in it, most cited first"
    table = Table(caption, ("instrument", "citing documents", "where"), tuple(rows), frozenset({1}))
    blocks: list[ReportBlock] = [table] if rows else []
    if (left := len(instruments) - _SHOWN_INSTRUMENTS) > 0:
        blocks.append(paragraph(f"{left:,} more, cited less often, are in the CSV version."))
    return ReportSection("not-held", "Cited instruments not in the dataset", tuple(blocks))


def gap_notes(on: dt.date) -> list[str]:
    """Paragraphs on deadlines and coverage, for the closing section."""
    return [
        (
            f"A deadline is past if its last day is before {day(on)}. Regular intervals (“each year”), days on which something "
            "begins, ends of mandates and periods are left out. A commitment has follow-up if a provision of a later document "
            "takes it up (table lineage), or a later document, adopted or not, cites its instrument."
        ),
        (
            "A theme or year without commitments may be a gap in the commitments or in the dataset. The list of cited "
            "instruments that are not in the dataset shows which documents to add first."
        ),
    ]


def gap_rows(
    statements: Sequence[Statement],
    areas: Sequence[ThreatArea],
    followed: Followed,
    missing: Sequence[NotHeld],
    maker: EntryMaker,
) -> Iterator[dict[str, Any]]:
    """The gaps as rows."""
    for statement, due in followed.passed:
        yield {"gap": "deadline passed", "due": due, **_place(statement, maker)}
    for statement in followed.unreported if followed.reports else ():
        duty = "; ".join(map(in_words, statement.reports))
        yield {"gap": "duty without report", **_place(statement, maker), "addressee": duty}
    for area, names in untouched(statements, areas):
        for name in names:
            yield {"gap": "sub-theme without commitment", "theme": theme(area), "sub_theme": name, "count": 0}
    for lacking in missing:
        for provision in lacking.provisions:
            yield {
                "gap": "instrument not held",
                "instrument": lacking.symbol,
                "text": lacking.title,
                "count": lacking.documents,
                "provision": provision,
            }
    yield from _coverage_rows(statements, areas)


def _place(statement: Statement, maker: EntryMaker) -> dict[str, Any]:
    return {
        "theme": "; ".join(theme(area) for area in statement.areas),
        "year": statement.year,
        "addressee": "; ".join(statement.addressee),
        "instrument": statement.instrument,
        "citation": statement.citation,
        "text": " ".join(statement.reading.split()),
        "provision": statement.id,
        "link": maker.link(statement),
    }

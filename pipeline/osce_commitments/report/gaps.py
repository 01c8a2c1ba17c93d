"""The gaps report: past deadlines, missing reports, coverage, missing instruments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import THREAT_AREAS, ThreatArea
from osce_commitments.report.calendar import in_words
from osce_commitments.report.compare.follow_ups import Followed, NotHeld, follow, not_held
from osce_commitments.report.coverage import coverage_rows, coverage_section, low_section, untouched
from osce_commitments.report.entries import EntryMaker, theme
from osce_commitments.report.method import edition, method
from osce_commitments.report.model import (
    Report,
    ReportBlock,
    ReportParagraph,
    ReportSection,
    Style,
    Table,
    TextRun,
    TextRuns,
    plain_runs,
)
from osce_commitments.report.selection import selection_in_words
from osce_commitments.report.statements import Statement, day, select
from osce_commitments.texts.printable import counted_noun

if TYPE_CHECKING:
    from osce_commitments.query import Reader, Selection

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
_EMPTY: dict[str, Any] = {name: "" if kind == "string" else None for name, kind in GAP_COLUMNS}
_SHOWN_INSTRUMENTS = 60


def gaps(reader: Reader, selection: Selection, *, on: dt.date | None = None, base: str = "") -> Report:
    """The report on gaps in the commitments of a dataset.

    Args:
        reader: The dataset version.
        selection: Which commitments to look at.
        on: Deadlines before this day are past; by default the day of the version.
        base: Address of the page, for links.
    """
    on = on or reader.info.created_at.date()
    statements = select(reader, selection)
    areas = selection.values.get("area") or THREAT_AREAS
    shelf = EntryMaker(base)
    cited = reader.citations()
    followed = follow(reader, cited, statements, on)
    missing = not_held(
        reader, cited, {statement.document for statement in statements} if selection_in_words(selection) else None
    )
    sections = (
        _passed_section(followed, on, shelf),
        _unreported_section(followed, shelf),
        coverage_section(statements, areas),
        low_section(statements, areas, shelf),
        _missing_section(missing, shelf),
    )
    return Report(
        kind="gaps",
        title="What was promised and what is missing",
        subtitle=selection_in_words(selection),
        edition=edition(reader),
        written_at=reader.info.created_at,
        sections=(
            _summary(statements, areas, followed, missing, on),
            *(section for section in sections if section),
            method(reader, statements, _notes(on)),
        ),
        columns=GAP_COLUMNS,
        rows=tuple(_EMPTY | row for row in _rows(statements, areas, followed, missing, shelf)),
    )


def _summary(
    statements: Sequence[Statement],
    areas: Sequence[ThreatArea],
    followed: Followed,
    missing: Sequence[NotHeld],
    on: dt.date,
) -> ReportSection:
    findings = _findings(statements, areas, followed, missing, on)
    return ReportSection("summary", "In brief", tuple(ReportParagraph(runs, is_item=True) for runs in findings))


def _findings(
    statements: Sequence[Statement],
    areas: Sequence[ThreatArea],
    followed: Followed,
    missing: Sequence[NotHeld],
    on: dt.date,
) -> Iterator[TextRuns]:
    documents = {statement.document for statement in statements}
    total = TextRun(counted_noun(len(statements), "commitment"), Style.STRONG)
    yield total, TextRun(f" in {counted_noun(len(documents), 'instrument')} examined.")
    dated = len(followed.passed) + followed.taken_up
    if dated:
        yield (
            TextRun(f"{len(followed.passed):,} of {dated:,}", Style.STRONG),
            TextRun(f" commitments with a deadline before {day(on)} have no recorded follow-up in this dataset"),
            *((TextRun(": "), TextRun("see the list", target="#passed")) if followed.passed else (TextRun("."),)),
        )
    duties = len(followed.unreported) + followed.reported
    if duties and not followed.reports:
        yield plain_runs(
            f"{'1 duty' if duties == 1 else f'{duties:,} duties'} to report: the dataset holds no report to look in."
        )
    elif duties:
        yield (
            TextRun(f"{len(followed.unreported):,} of {duties:,}", Style.STRONG),
            TextRun(f" reporting duties have no report among the {counted_noun(followed.reports, 'report')} held"),
            *((TextRun(": "), TextRun("see the list", target="#reports")) if followed.unreported else (TextRun("."),)),
        )
    empty = [theme(area) for area in areas if not any(area in statement.areas for statement in statements)]
    if empty:
        yield (
            TextRun(counted_noun(len(empty), "theme"), Style.STRONG),
            TextRun(f" without commitments: {', '.join(empty)}."),
        )
    topics = sum(len(names) for _, names in untouched(statements, areas))
    if topics:
        yield (
            TextRun(counted_noun(topics, "sub-theme"), Style.STRONG),
            TextRun(" without commitments: "),
            TextRun("see the coverage", target="#coverage"),
        )
    if missing:
        yield (
            TextRun(counted_noun(len(missing), "instrument"), Style.STRONG),
            TextRun(" cited but not in the dataset: "),
            TextRun("see the list", target="#not-held"),
        )


def _passed_section(followed: Followed, on: dt.date, shelf: EntryMaker) -> ReportSection | None:
    if not followed.passed:
        return None
    words = (
        f"These deadlines ended before {day(on)}. No later document in this dataset cites the instrument or takes the commitment "
        f"up; the dataset holds {counted_noun(followed.reports, 'report')}. This says nothing of what was done elsewhere."
    )
    days = ((one, day(dt.date.fromisoformat(due))) for one, due in followed.passed)
    entries = [shelf.entry(one, more=[("Deadline ended", plain_runs(due))]) for one, due in days]
    blocks: tuple[ReportBlock, ...] = (ReportParagraph(plain_runs(words)), *entries)
    return ReportSection(
        "passed", "Past deadlines without recorded follow-up in this dataset", blocks, count=len(entries)
    )


def _unreported_section(followed: Followed, shelf: EntryMaker) -> ReportSection | None:
    if not followed.unreported or not followed.reports:
        return None
    words = "No later document in the dataset cites the instrument and mentions a report or is a report."
    entries = [shelf.entry(one) for one in followed.unreported]
    return ReportSection(
        "reports",
        "Reporting duties without a report",
        (ReportParagraph(plain_runs(words)), *entries),
        count=len(entries),
    )


def _missing_section(missing: Sequence[NotHeld], shelf: EntryMaker) -> ReportSection | None:
    if not missing:
        return None
    rows = []
    for one in missing[:_SHOWN_INSTRUMENTS]:
        where = [
            run
            for place in one.cited_in
            for run in (TextRun("; "), TextRun(place.citation, target=_address(place.link, shelf)))
        ]
        more = len(one.provisions) - len(one.cited_in)
        if more:
            where.append(TextRun(f" and {more:,} more", Style.MUTED))
        symbol = "" if one.symbol.startswith("[") else one.symbol  # a key of the catalogue, nothing printed
        name = (
            (TextRun(f"{symbol} "), TextRun(one.title, Style.MUTED))
            if symbol and one.title
            else plain_runs(symbol or one.title)
        )
        rows.append((name, plain_runs(f"{one.documents:,}"), tuple(where[1:])))
    caption = "Instruments cited in the dataset but not included in it, most cited first"
    table = Table(caption, ("instrument", "citing documents", "where"), tuple(rows), frozenset({1}))
    blocks: list[ReportBlock] = [table]
    if len(missing) > _SHOWN_INSTRUMENTS:
        left = len(missing) - _SHOWN_INSTRUMENTS
        blocks.append(ReportParagraph(plain_runs(f"{left:,} more, cited less often, are in the CSV version.")))
    return ReportSection("not-held", "Cited instruments not in the dataset", tuple(blocks))


def _address(link: str, shelf: EntryMaker) -> str:
    return f"{shelf.base}{link}" if shelf.base else ""


def _notes(on: dt.date) -> list[str]:
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


def _rows(
    statements: Sequence[Statement],
    areas: Sequence[ThreatArea],
    followed: Followed,
    missing: Sequence[NotHeld],
    shelf: EntryMaker,
) -> Iterator[dict[str, Any]]:
    for one, due in followed.passed:
        yield {"gap": "deadline passed", "due": due, **_place(one, shelf)}
    for one in followed.unreported if followed.reports else ():
        duty = "; ".join(map(in_words, one.reports))
        yield {"gap": "duty without report", **_place(one, shelf), "addressee": duty}
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
    yield from coverage_rows(statements, areas)


def _place(statement: Statement, shelf: EntryMaker) -> dict[str, Any]:
    return {
        "theme": "; ".join(theme(area) for area in statement.areas),
        "year": statement.year,
        "addressee": "; ".join(statement.addressee),
        "instrument": statement.instrument,
        "citation": statement.citation,
        "text": " ".join(statement.reading.split()),
        "provision": statement.id,
        "link": shelf.link(statement),
    }

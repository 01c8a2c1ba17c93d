"""The gaps: what was promised, and what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import THREAT_AREAS, ThreatArea
from osce_commitments.report.calendar import in_words
from osce_commitments.report.compare.follow_ups import Followed, NotHeld, citations, follow, not_held
from osce_commitments.report.compare.restatements import CLOSE, NEAR, SHARED_WORDS
from osce_commitments.report.coverage import coverage_rows, coverage_section, low_section, untouched
from osce_commitments.report.entries import EntryMaker, theme
from osce_commitments.report.method import counted_noun, edition, method
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
from osce_commitments.report.statements import Statement, commitments, day, select

if TYPE_CHECKING:
    from osce_commitments.query import Reader
    from osce_commitments.report.selection import Selection

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
    """What the commitments of a dataset leave open.

    Args:
        reader: The dataset version.
        selection: Which commitments to look at.
        on: Day on which a deadline has passed or not; that of the version without.
        base: Address of the page, for links.
    """
    on = on or reader.info.created_at.date()
    every = commitments(reader)
    statements = select(reader, selection, every)
    areas = selection.areas or THREAT_AREAS
    shelf = EntryMaker(base)
    cited = citations(reader)
    followed = follow(reader, cited, statements, every, on)
    missing = not_held(reader, cited, {one.document for one in statements} if not selection.is_all else None)
    sections = (
        _passed_section(followed, on, shelf),
        _unreported_section(followed, shelf),
        coverage_section(statements, areas),
        low_section(statements, areas, shelf),
        _missing_section(missing, shelf),
    )
    return Report(
        kind="gaps",
        title="What was promised, and what is missing",
        subtitle=selection.words,
        edition=edition(reader),
        written_at=reader.info.created_at,
        sections=(
            _summary(statements, areas, followed, missing, on),
            *(one for one in sections if one),
            method(reader, statements, _notes(on)),
        ),
        columns=GAP_COLUMNS,
        rows=tuple(_EMPTY | one for one in _rows(statements, areas, followed, missing, shelf)),
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
    documents = {one.document for one in statements}
    total = TextRun(counted_noun(len(statements), "commitment"), Style.STRONG)
    yield total, TextRun(f" in {counted_noun(len(documents), 'instrument')} were looked at.")
    dated = len(followed.passed) + followed.taken_up
    if dated:
        yield (
            TextRun(f"{len(followed.passed):,} of {dated:,}", Style.STRONG),
            TextRun(f" commitments whose deadline had passed on {day(on)} are not taken up by any later document: "),
            TextRun("the list" if followed.passed else "none is open", target="#passed" if followed.passed else ""),
        )
    duties = len(followed.unreported) + followed.reported
    if duties:
        yield (
            TextRun(f"{len(followed.unreported):,} of {duties:,}", Style.STRONG),
            TextRun(" duties to report have no report in the dataset: "),
            TextRun(
                "the list" if followed.unreported else "all have one", target="#reports" if followed.unreported else ""
            ),
        )
    empty = [theme(area) for area in areas if not any(area in one.areas for one in statements)]
    if empty:
        yield (
            TextRun(counted_noun(len(empty), "theme"), Style.STRONG),
            TextRun(f" without any commitment: {', '.join(empty)}."),
        )
    topics = sum(len(names) for _, names in untouched(statements, areas))
    if topics:
        yield (
            TextRun(counted_noun(topics, "sub-theme"), Style.STRONG),
            TextRun(" without any: "),
            TextRun("coverage", target="#coverage"),
        )
    if missing:
        yield (
            TextRun(counted_noun(len(missing), "instrument"), Style.STRONG),
            TextRun(f" {'is' if len(missing) == 1 else 'are'} cited but not held: "),
            TextRun("the list", target="#not-held"),
        )


def _passed_section(followed: Followed, on: dt.date, shelf: EntryMaker) -> ReportSection | None:
    if not followed.passed:
        return None
    words = (
        f"The day named had passed on {day(on)}, and no provision of a later document in the dataset cites the "
        "instrument on the matter or says something alike. That is no proof that nothing was done: it is where to ask."
    )
    days = ((one, day(dt.date.fromisoformat(due))) for one, due in followed.passed)
    entries = [shelf.entry(one, more=[("Passed", plain_runs(due))]) for one, due in days]
    blocks: tuple[ReportBlock, ...] = (ReportParagraph(plain_runs(words)), *entries)
    return ReportSection("passed", "Deadlines that passed in silence", blocks, count=len(entries))


def _unreported_section(followed: Followed, shelf: EntryMaker) -> ReportSection | None:
    if not followed.unreported:
        return None
    words = (
        "No later document of the dataset both cites the instrument and speaks of a report, and none is a report on it."
    )
    entries = [shelf.entry(one) for one in followed.unreported]
    return ReportSection(
        "reports",
        "Duties to report without a report",
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
        rows.append((plain_runs(one.symbol), plain_runs(one.title), plain_runs(f"{one.documents:,}"), tuple(where[1:])))
    caption = "Instruments that documents of the dataset cite, most cited first, and that it does not hold"
    table = Table(caption, ("instrument", "title", "cited by documents", "where"), tuple(rows), frozenset({2}))
    blocks: list[ReportBlock] = [table]
    if len(missing) > _SHOWN_INSTRUMENTS:
        left = len(missing) - _SHOWN_INSTRUMENTS
        blocks.append(
            ReportParagraph(plain_runs(f"{left:,} more, each cited less often, are in the table of rows (.csv)."))
        )
    return ReportSection("not-held", "Cited, but not held", tuple(blocks))


def _address(link: str, shelf: EntryMaker) -> str:
    return f"{shelf.base}{link}" if shelf.base else ""


def _notes(on: dt.date) -> list[str]:
    return [
        (
            f"A deadline has passed if the last day that it names lies before {day(on)}; rhythms (“each year”) and spans "
            "that no day can be counted from are left out. A later document takes a commitment up if one of its provisions "
            f"cites the instrument and is like the commitment (cosine of at least {NEAR}), or is as like as a restatement "
            f"({CLOSE}, or {NEAR} with {SHARED_WORDS:.0%} of its words in common), whether it is adopted or not."
        ),
        (
            "A theme or year without commitments may be a gap in what was promised or in what the dataset holds: the list of "
            "instruments that are cited but not held shows which documents to add first."
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
    for one in followed.unreported:
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


def _place(one: Statement, shelf: EntryMaker) -> dict[str, Any]:
    return {
        "theme": "; ".join(theme(area) for area in one.areas),
        "year": one.year,
        "addressee": "; ".join(one.addressee),
        "instrument": one.instrument,
        "citation": one.citation,
        "text": " ".join(one.reading.split()),
        "provision": one.id,
        "link": shelf.link(one),
    }

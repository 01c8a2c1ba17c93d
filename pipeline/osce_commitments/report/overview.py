"""The overview: commitments by theme, sub-theme and year."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import STRENGTHS, THREAT_AREAS, ObligationStrength, ThreatArea
from osce_commitments.report import charts as pictures
from osce_commitments.report.calendar import calendar_table, events, shorten
from osce_commitments.report.compare.editions import EditionChange, EditionComparison, compare_editions
from osce_commitments.report.compare.word_diff import word_diff
from osce_commitments.report.entries import ROW_COLUMNS, EntryMaker, in_plain, row, theme
from osce_commitments.report.method import counted_noun, edition, method
from osce_commitments.report.model import (
    Figure,
    NoveltyMark,
    Report,
    ReportBlock,
    ReportEntry,
    ReportParagraph,
    ReportSection,
    Style,
    TextRun,
    TextRuns,
    plain_runs,
)
from osce_commitments.report.quality import quality_lines
from osce_commitments.report.scope import earlier_reader
from osce_commitments.report.selection import name_of_area
from osce_commitments.report.statements import Statement, select
from osce_commitments.report.statements import day as day_in_words
from osce_commitments.report.subthemes import subtheme, subthemes

if TYPE_CHECKING:
    from osce_commitments.query import Reader
    from osce_commitments.report.selection import Selection

_HIGHLIGHTS, _HIGHLIGHT_CHARACTERS = 4, 160
_COMPARED = {"reading": "wording", "addressee": "addressee", "areas": "threat areas", "reports": "reporting duty"}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A commitment in the overview, with its mark."""

    statement: Statement
    mark: NoveltyMark
    change: EditionChange | None = None


def overview(
    reader: Reader,
    selection: Selection,
    *,
    since_version: str = "",
    base: str = "",
    notes: Mapping[str, str] | None = None,
) -> Report:
    """The report on selected commitments, by theme, sub-theme and year.

    Args:
        reader: The dataset version.
        selection: Which commitments.
        since_version: An earlier version to mark new, changed and withdrawn commitments; empty for none.
        base: Address of the page, for links.
        notes: A person's notes by id of the provision, printed with it.

    Raises:
        ConfigError: If the earlier version is not earlier.
        DatasetError: If the version does not exist.
    """
    statements = select(reader, selection)
    comparison, before = None, None
    if since_version:
        before = earlier_reader(reader, since_version)
        comparison = compare_editions(select(before, selection), statements)
    placed = _marked(statements, comparison)
    areas = _areas(placed, selection)
    shelf = EntryMaker(base, notes)
    themes = [_theme(area, some, shelf, areas) for area, some in _listed(placed, areas) if some]
    return Report(
        kind="overview",
        title=title_of(selection),
        subtitle=selection.words,
        edition=edition(reader) + (f", compared with version {before.version}" if before else ""),
        written_at=reader.info.created_at,
        sections=(
            _summary(statements, comparison, reader.info.created_at.date()),
            *_figures(statements, areas),
            *themes,
            *_calendar(statements, selection),
            method(reader, statements, [*_notes(areas, before)]),
        ),
        columns=ROW_COLUMNS,
        rows=tuple(_rows(areas, placed, shelf)),
        events=events(statements, shelf.base, selection.due),
    )


def _marked(statements: Sequence[Statement], comparison: EditionComparison | None) -> list[_Placed]:
    if comparison is None:
        return [_Placed(one, NoveltyMark.NONE) for one in statements]
    new = {one.id for one in comparison.new}
    placed = [
        _Placed(one, NoveltyMark.NEW)
        if one.id in new
        else _Placed(one, NoveltyMark.CHANGED, comparison.changed[one.id])
        if one.id in comparison.changed
        else _Placed(one, NoveltyMark.NONE)
        for one in statements
    ]
    return placed + [_Placed(one, NoveltyMark.WITHDRAWN) for one in comparison.withdrawn]


def _areas(placed: Sequence[_Placed], selection: Selection) -> tuple[ThreatArea, ...]:
    found = {area for one in placed for area in one.statement.areas}
    return tuple(area for area in THREAT_AREAS if area in (selection.areas or found))


def title_of(selection: Selection) -> str:
    """The usual title of an overview."""
    if selection.is_all:
        return "All commitments"
    return f"Commitments on {selection.topic}" if selection.topic else "Selected commitments"


# --- summary


def _summary(statements: Sequence[Statement], comparison: EditionComparison | None, today: dt.date) -> ReportSection:
    """One page: findings, then the firmest and the newest commitments and what is due next."""
    blocks: list[ReportBlock] = [ReportParagraph(runs, is_item=True) for runs in _findings(statements, comparison)]
    if not statements:
        blocks.append(ReportParagraph(plain_runs("No commitments match this selection.")))
    else:
        models, has_marks = {one.model_id for one in statements}, any(one.needs_review for one in statements)
        lines = quality_lines(models, has_marks=has_marks, is_brief=True)
        blocks.append(ReportParagraph(plain_runs(" ".join(lines))))
    return ReportSection("summary", "In brief", tuple(blocks), tuple(_highlights(statements, today)))


def _highlights(statements: Sequence[Statement], today: dt.date) -> Iterator[ReportSection]:
    newest = sorted(statements, key=lambda one: -(one.date or dt.date(one.year or 1, 1, 1)).toordinal())
    firmest = sorted(newest, key=lambda one: -one.strength.level)
    due = sorted(((day, one) for one in statements for day in _next_days(one, today)), key=lambda pair: pair[0])
    for key, title, some in (
        ("firmest", "Firmest", [(one.strength.value, one) for one in firmest[:_HIGHLIGHTS]]),
        ("newest", "Newest", [(_adopted(one), one) for one in newest[:_HIGHLIGHTS]]),
        ("due", "Due next", [(day_in_words(day), one) for day, one in due[:_HIGHLIGHTS]]),
    ):
        items = tuple(ReportParagraph(_highlight(said, one), is_item=True) for said, one in some)
        if items and len(statements) > _HIGHLIGHTS:
            yield ReportSection(f"summary-{key}", title, items, is_listed=False)


def _next_days(one: Statement, today: dt.date) -> list[dt.date]:
    days = (dt.date.fromisoformat(due.days[1]) for due in one.due if due.days)
    return [day for day in days if day >= today]


def _adopted(one: Statement) -> str:
    return day_in_words(one.date) if one.date else str(one.year or "undated")


def _highlight(said: str, one: Statement) -> TextRuns:
    words = TextRun(f" {shorten(one.reading, _HIGHLIGHT_CHARACTERS)} ")
    return (
        TextRun(f"{said[0].upper()}{said[1:]}:", Style.STRONG),
        words,
        TextRun(one.citation, Style.MUTED, f"#{one.id}"),
    )


def _figures(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> Iterator[ReportSection]:
    by_year: defaultdict[int, pictures.LevelCounts] = defaultdict(dict)
    for one in statements:
        if one.year is not None:
            by_year[one.year][one.strength] = by_year[one.year].get(one.strength, 0) + 1
    blocks: list[ReportBlock] = []
    if len(by_year) > 1:
        blocks.append(pictures.stacked_years(by_year, "Commitments by year and strength"))
    if areas and len(statements) > 1:
        blocks.append(_parts_picture(statements, areas))
    if blocks:
        yield ReportSection("figures", "Figures", tuple(blocks))


def _parts_picture(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> Figure:
    if len(areas) == 1:
        (area,) = areas
        names = [(subtheme(area, one), one.strength) for one in statements]
        return pictures.stacked_bars(_counted(subthemes(area), names), "Commitments by sub-theme and strength")
    names = [(theme(area), one.strength) for one in statements for area in one.areas]
    order = [theme(area) for area in areas]
    return pictures.stacked_bars(_counted(order, names), "Commitments by theme and strength")


def _counted(order: Sequence[str], found: Iterable[tuple[str, ObligationStrength]]) -> dict[str, pictures.LevelCounts]:
    counts: dict[str, pictures.LevelCounts] = {name: {} for name in order}
    for name, strength in found:
        if name in counts:
            counts[name][strength] = counts[name].get(strength, 0) + 1
    return {name: row for name, row in counts.items() if row}


def _findings(statements: Sequence[Statement], comparison: EditionComparison | None) -> Iterator[TextRuns]:
    if not statements and comparison is None:
        return
    instruments = {one.document for one in statements}
    years = [one.year for one in statements if one.year is not None]
    span = (
        f", {min(years)}\u2013{max(years)}" if years and min(years) < max(years) else f", {years[0]}" if years else ""
    )
    total = TextRun(counted_noun(len(statements), "commitment"), Style.STRONG)
    yield total, TextRun(f" in {counted_noun(len(instruments), 'instrument')}{span}.")
    levels = Counter(one.strength for one in statements)
    firm = levels[STRENGTHS[-1]] + levels[STRENGTHS[-2]]
    if statements:
        share = f" ({firm / len(statements):.0%})"
        yield TextRun(f"{firm:,}", Style.STRONG), TextRun(f"{share} committing or mandating: {_levels(levels)}.")
        yield from _addressed(statements)
    due = sum(bool(one.due) for one in statements)
    duties = sum(bool(one.reports) for one in statements)
    if due or duties:
        yield (
            TextRun(f"{due:,}", Style.STRONG),
            TextRun(f" with a deadline or regular interval, {duties:,} with a reporting duty: "),
            TextRun("see the calendar", target="#calendar"),
            TextRun("."),
        )
    if comparison is not None:
        yield (
            TextRun("Since the earlier edition: ", Style.STRONG),
            TextRun(f"{len(comparison.new):,} new, {len(comparison.changed):,} changed, "),
            TextRun(f"{len(comparison.withdrawn):,} withdrawn."),
        )


def _levels(levels: Counter[ObligationStrength]) -> str:
    return ", ".join(f"{levels[level]:,} {level.value}" for level in reversed(STRENGTHS[1:]) if levels[level])


def _addressed(statements: Sequence[Statement]) -> Iterator[TextRuns]:
    actors = Counter(name for one in statements for name in one.addressee)
    common = sorted(actors.items(), key=lambda item: (-item[1], item[0]))[:3]
    if common:
        yield (
            TextRun("Most often addressed: "),
            TextRun(", ".join(f"{name} ({number:,})" for name, number in common) + "."),
        )


# --- themes


def _listed(
    placed: Sequence[_Placed], areas: Sequence[ThreatArea]
) -> Iterator[tuple[ThreatArea | None, list[_Placed]]]:
    """Every commitment once, under the first of its themes; those without a theme last."""
    by_area: defaultdict[ThreatArea | None, list[_Placed]] = defaultdict(list)
    for one in placed:
        by_area[next((area for area in areas if area in one.statement.areas), None)].append(one)
    return ((area, by_area[area]) for area in (*areas, None))


def _theme(
    area: ThreatArea | None, placed: Sequence[_Placed], shelf: EntryMaker, areas: Sequence[ThreatArea]
) -> ReportSection:
    if area is None:
        years = _years("no-area", placed, shelf, area, areas)
        return ReportSection("no-area", "Commitments without a threat area", sections=years, count=len(placed))
    sections = []
    for number, name in enumerate(subthemes(area), 1):
        some = [one for one in placed if subtheme(area, one.statement) == name]
        if some:
            key = f"{area.value}-{number}"
            years = _years(key, some, shelf, area, areas)
            sections.append(ReportSection(key, name, sections=years, count=len(some)))
    return ReportSection(area.value, theme(area), sections=tuple(sections), count=len(placed))


def _years(
    key: str,
    placed: Sequence[_Placed],
    shelf: EntryMaker,
    area: ThreatArea | None,
    areas: Sequence[ThreatArea],
) -> tuple[ReportSection, ...]:
    by_year: defaultdict[int, list[_Placed]] = defaultdict(list)
    for one in placed:
        by_year[one.statement.year or 0].append(one)
    return tuple(
        ReportSection(
            f"{key}-{year or 'undated'}",
            str(year or "Undated"),
            tuple(_entry(one, shelf, _also(one, area, areas)) for one in by_year[year]),
            is_listed=False,
        )
        for year in sorted(by_year, key=lambda year: year or 9999)
    )


def _also(placed: _Placed, area: ThreatArea | None, areas: Sequence[ThreatArea]) -> list[tuple[str, TextRuns]]:
    """The other themes of a commitment."""
    others = [one for one in placed.statement.areas if one is not area and one in areas]
    return [("Also on", plain_runs(", ".join(name_of_area(one) for one in others)))] if others else []


def _entry(placed: _Placed, shelf: EntryMaker, also: Sequence[tuple[str, TextRuns]]) -> ReportEntry:
    change = placed.change
    if change is None:
        return shelf.entry(placed.statement, placed.mark, more=also)
    is_reworded = "reading" in change.fields
    reading = word_diff(change.before.reading, change.after.reading) if is_reworded else None
    return shelf.entry(placed.statement, placed.mark, reading, [*also, ("Changed", _what_changed(change))])


def _what_changed(change: EditionChange) -> TextRuns:
    parts = [
        f"strength was {change.before.strength.value}" if name == "strength" else _COMPARED.get(name, in_plain(name))
        for name in change.fields
    ]
    return plain_runs(", ".join(parts))


def _calendar(statements: Sequence[Statement], selection: Selection) -> tuple[ReportSection, ...]:
    caption = "Deadlines, regular intervals and reporting duties, dated ones first"
    table = calendar_table(statements, caption, selection.due)
    return (ReportSection("calendar", "Calendar", (table,)),) if table.rows else ()


# --- rows and notes


def _rows(areas: Sequence[ThreatArea], placed: Sequence[_Placed], shelf: EntryMaker) -> Iterator[dict[str, Any]]:
    for area in areas:
        order = {name: at for at, name in enumerate(subthemes(area))}
        some = [(subtheme(area, one.statement), one) for one in placed if area in one.statement.areas]
        some.sort(key=lambda pair: (order[pair[0]], pair[1].statement.year or 9999))
        for name, one in some:
            earlier = one.change.before.reading if one.change and "reading" in one.change.fields else ""
            yield row(one.statement, shelf, theme=theme(area), sub_theme=name, mark=one.mark.value, earlier=earlier)
    for one in placed:
        if not one.statement.areas:
            yield row(one.statement, shelf, mark=one.mark.value)


def _notes(areas: Sequence[ThreatArea], before: Reader | None) -> Iterator[str]:
    yield (
        "Sub-themes are assigned by key terms: a commitment belongs to the sub-theme whose terms occur most often in its own "
        "words, or else in its lead-in, its headings or its title; all others are listed as “Other commitments”. "
        + (
            "A commitment with several themes is printed once, under the first, with the others named."
            if len(areas) > 1
            else ""
        )
    ).strip()
    if before is not None:
        yield (
            f"Marks compare this edition with version {before.version} of {day_in_words(before.info.created_at)}. “New” commitments "
            "were not selected there, “changed” ones differ in wording or labels, and “withdrawn” ones are no longer selected "
            "because their document left the dataset or their labels changed."
        )

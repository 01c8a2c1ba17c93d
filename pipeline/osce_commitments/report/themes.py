"""Sections of the overview: charts, then the commitments by theme, sub-theme and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from osce_commitments.labels import THREAT_AREAS, ThreatArea
from osce_commitments.query import Reader, Selection
from osce_commitments.report import charts
from osce_commitments.report.entries import EntryMaker, in_plain, row, theme, word_diff
from osce_commitments.report.model import (
    NoveltyMark,
    ReportBlock,
    ReportEntry,
    ReportParagraph,
    ReportSection,
    Style,
    TextRun,
    TextRuns,
    plain_runs,
)
from osce_commitments.report.scope import EditionChange, EditionComparison
from osce_commitments.report.statements import Outline, Statement, day, name_of_area, total
from osce_commitments.report.subthemes import subthemes

_COMPARED = {"reading": "wording", "addressee": "addressee", "areas": "threat areas", "reports": "reporting duty"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A commitment in the overview, with its mark; an outline is counted, but not printed."""

    statement: Outline
    mark: NoveltyMark = NoveltyMark.NONE
    change: EditionChange | None = None


def placed_commitments(statements: Sequence[Outline], comparison: EditionComparison | None) -> list[Placed]:
    """All commitments with their marks, those withdrawn last."""
    if comparison is None:
        return [Placed(statement) for statement in statements]
    new = {statement.id for statement in comparison.new}
    placed = []
    for statement in statements:
        change = comparison.changed.get(statement.id)
        mark = NoveltyMark.NEW if statement.id in new else NoveltyMark.CHANGED if change else NoveltyMark.NONE
        placed.append(Placed(statement, mark, change))
    return placed + [Placed(statement, NoveltyMark.WITHDRAWN) for statement in comparison.withdrawn]


def areas_of(placed: Sequence[Placed], selection: Selection) -> tuple[ThreatArea, ...]:
    """The themes of a report: the chosen areas, or those of its commitments."""
    areas = {area for entry in placed for area in entry.statement.areas}
    return tuple(area for area in THREAT_AREAS if area in (selection.values.get("area") or areas))


def figures(statements: Sequence[Outline], areas: Sequence[ThreatArea]) -> ReportSection:
    """The charts by year, and by theme or sub-theme."""
    by_year: defaultdict[int, charts.LevelCounts] = defaultdict(dict)
    for statement in statements:
        if statement.year is not None:
            _add(by_year[statement.year], statement)
    blocks: list[ReportBlock] = []
    if len(by_year) > 1:
        blocks.append(charts.stacked_years(by_year, "Commitments by year and strength"))
    if areas and total(statements) > 1:
        parts, order = "theme", [theme(area) for area in areas]
        names = [(theme(area), statement) for statement in statements for area in statement.areas]
        if len(areas) == 1:
            (area,) = areas
            parts, order = "sub-theme", list(subthemes(area))
            names = [(statement.subtheme(area), statement) for statement in statements if area in statement.areas]
        counts: dict[str, charts.LevelCounts] = {name: {} for name in order}
        for name, statement in names:
            if name in counts:
                _add(counts[name], statement)
        counts = {name: levels for name, levels in counts.items() if levels}
        blocks.append(charts.stacked_bars(counts, f"Commitments by {parts} and strength"))
    return ReportSection("figures", "Figures", tuple(blocks))


def _add(counts: charts.LevelCounts, statement: Outline) -> None:
    counts[statement.strength] = counts.get(statement.strength, 0) + statement.times


def themes(
    placed: Sequence[Placed], areas: Sequence[ThreatArea], shown: Collection[str], maker: EntryMaker
) -> Iterator[ReportSection]:
    """Every commitment once, under the first of its themes; those without a theme last.

    Those that are not ``shown`` are counted; without any, all are printed.
    """
    by_area: defaultdict[ThreatArea | None, list[Placed]] = defaultdict(list)
    for entry in placed:
        by_area[next((area for area in areas if area in entry.statement.areas), None)].append(entry)

    def part(key: str, title: str, entries: Sequence[Placed], area: ThreatArea | None) -> ReportSection:
        years = tuple(years_of(key, entries, area))
        return _counted(ReportSection(key, title, sections=years), entries)

    def years_of(key: str, entries: Sequence[Placed], area: ThreatArea | None) -> Iterator[ReportSection]:
        by_year: defaultdict[int, list[Placed]] = defaultdict(list)
        for entry in entries:
            if isinstance(entry.statement, Statement) and (not shown or entry.statement.id in shown):
                by_year[entry.statement.year or 0].append(entry)
        for year in sorted(by_year, key=lambda year: year or 9999):
            blocks = tuple(_entry(entry, area, areas, maker) for entry in by_year[year])
            yield ReportSection(f"{key}-{year or 'undated'}", str(year or "Undated"), blocks, is_listed=False)

    for area in areas:
        parts = []
        for number, name in enumerate(subthemes(area), 1):
            if entries := [entry for entry in by_area[area] if entry.statement.subtheme(area) == name]:
                parts.append(part(f"{area.value}-{number}", name, entries, area))
        empty = ", ".join(f"{section.title} ({section.count:,})" for section in parts if not section.sections)
        blocks = (ReportParagraph((TextRun(f"Not printed: {empty}.", Style.MUTED),)),) if empty else ()
        printed = tuple(section for section in parts if section.sections)
        yield _counted(ReportSection(area.value, theme(area), blocks, printed), by_area[area])
    yield part("no-area", "Commitments without a threat area", by_area[None], None)


def _counted(section: ReportSection, placed: Sequence[Placed]) -> ReportSection:
    """The section with the number of its commitments, and of those that it prints."""
    printed = sum(part.printed if part.printed is not None else len(part.blocks) for part in section.sections)
    return replace(section, count=total(entry.statement for entry in placed), printed=printed)


def _entry(placed: Placed, area: ThreatArea | None, areas: Sequence[ThreatArea], maker: EntryMaker) -> ReportEntry:
    statement, change = placed.statement, placed.change
    others = [name_of_area(other) for other in statement.areas if other is not area and other in areas]
    more: list[tuple[str, TextRuns]] = [("Also on", plain_runs(", ".join(others)))] if others else []
    reading = None
    if change:
        parts = [
            f"strength was {change.before.strength.value}"
            if name == "strength"
            else _COMPARED.get(name, in_plain(name))
            for name in change.fields
        ]
        more.append(("Changed", plain_runs(", ".join(parts))))
        reading = word_diff(change.before.reading, change.after.reading) if "reading" in change.fields else None
    return maker.entry(statement, placed.mark, reading, more)  # type: ignore[arg-type] # outlines are not printed


def theme_rows(areas: Sequence[ThreatArea], placed: Iterable[Placed], maker: EntryMaker) -> Iterator[dict[str, Any]]:
    """A row for each theme of a commitment."""
    words = [(entry.statement, entry) for entry in placed if isinstance(entry.statement, Statement)]
    for area in areas:
        order = {name: index for index, name in enumerate(subthemes(area))}
        here = [(statement, entry) for statement, entry in words if area in statement.areas]
        here.sort(key=lambda pair: (order[pair[0].subtheme(area)], pair[0].year or 9999))
        for statement, entry in here:
            change = entry.change
            earlier = change.before.reading if change and "reading" in change.fields else ""
            place = {"theme": theme(area), "sub_theme": statement.subtheme(area)}
            yield row(statement, maker, mark=entry.mark.value, earlier=earlier, **place)
    yield from (row(statement, maker, mark=entry.mark.value) for statement, entry in words if not statement.areas)


def theme_notes(areas: Sequence[ThreatArea], before: Reader | None) -> Iterator[str]:
    """Paragraphs on sub-themes and marks, for the closing section."""
    several = "A commitment with several themes is printed once, under the first, with the others named."
    yield (
        "Sub-themes are assigned by key terms: a commitment belongs to the sub-theme whose terms occur most often in its own "
        "words, or else in its lead-in, its headings or its title; all others are listed as “Other commitments”. "
        f"{several if len(areas) > 1 else ''}"
    ).strip()
    if before is not None:
        yield (
            f"Marks compare this edition with version {before.version} of {day(before.info.created_at)}. “New” commitments "
            "were not selected there, “changed” ones differ in wording or labels, and “withdrawn” ones are no longer selected "
            "because their document left the dataset or their labels changed."
        )

"""The overview: commitments by theme, sub-theme and year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import THREAT_AREAS, ThreatArea
from osce_commitments.report import charts as pictures
from osce_commitments.report.calendar import calendar_table, events
from osce_commitments.report.compare.editions import EditionChange, EditionComparison, compare_editions
from osce_commitments.report.compare.word_diff import word_diff
from osce_commitments.report.entries import ROW_COLUMNS, EntryMaker, in_plain, row, theme
from osce_commitments.report.method import edition, method
from osce_commitments.report.model import (
    Figure,
    NoveltyMark,
    Report,
    ReportBlock,
    ReportEntry,
    ReportSection,
    TextRuns,
    plain_runs,
)
from osce_commitments.report.overview_summary import HIGHLIGHTS, summary
from osce_commitments.report.scope import earlier_reader
from osce_commitments.report.selection import name_of_area, selection_in_words, topic_of
from osce_commitments.report.shortened import first_of, shortened
from osce_commitments.report.statements import Outline, Outlines, Statement, first_ids, select, total
from osce_commitments.report.statements import day as day_in_words
from osce_commitments.report.subthemes import subthemes

if TYPE_CHECKING:
    from osce_commitments.query import Reader, Selection

_COMPARED = {"reading": "wording", "addressee": "addressee", "areas": "threat areas", "reports": "reporting duty"}


@dataclass(frozen=True, slots=True)
class _Placed:
    """A commitment in the overview, with its mark; an outline is counted, but not printed."""

    statement: Outline
    mark: NoveltyMark
    change: EditionChange | None = None


def overview(  # noqa: PLR0913 - what to print of which commitments
    reader: Reader,
    selection: Selection,
    *,
    since_version: str = "",
    base: str = "",
    notes: Mapping[str, str] | None = None,
    order: str = "",
    most: int = 0,
) -> Report:
    """The report on selected commitments, by theme, sub-theme and year.

    Args:
        reader: The dataset version.
        selection: Which commitments.
        since_version: An earlier version to mark new, changed and withdrawn commitments; empty for none.
        base: Address of the page, for links.
        notes: A person's notes by id of the provision, printed with it.
        order: Order of :meth:`Reader.search` for ``most``; by default relevance with words, else newest.
        most: How many commitments to print, the first of the order, besides those with a mark; 0 for all. Numbers and
            charts stay those of all; rows and events are of those that are printed.

    Raises:
        ConfigError: If the earlier version is not earlier.
        DatasetError: If the version does not exist.
    """
    comparison, before, shown = None, None, frozenset[str]()
    if since_version:
        whole, before = select(reader, selection), earlier_reader(reader, since_version)
        comparison = compare_editions(select(before, selection), whole)
        statements: Sequence[Outline] = whole
        documents = len({one.document for one in whole})
    else:
        statements, documents = _loaded(reader, selection, order, most)
    placed = _marked(statements, comparison)
    number = _total(placed)
    if 0 < most < number:
        shown = first_ids(reader, selection, order, most) | {one.statement.id for one in placed if one.mark}
    areas = _areas(placed, selection)
    shelf = EntryMaker(base, notes)
    themes = [_theme(area, some, shelf, areas) for area, some in _listed(placed, areas) if some]
    printed = [
        statement
        for statement in statements
        if isinstance(statement, Statement) and (not shown or statement.id in shown)
    ]
    due = selection.values.get("due_since"), selection.values.get("due_until")
    calendar = calendar_table(printed, "Deadlines, regular intervals and reporting duties, dated ones first", due)
    report = Report(
        kind="overview",
        title=title_of(selection),
        subtitle=selection_in_words(selection, with_areas=False),
        edition=edition(reader) + (f", compared with version {before.version}" if before else ""),
        written_at=reader.info.created_at,
        sections=(
            summary(statements, documents, comparison, reader.info.created_at.date()),
            *_figures(statements, areas),
            *themes,
            *([ReportSection("calendar", "Calendar", (calendar,))] if calendar.rows else []),
            method(reader, statements, [*_notes(areas, before)]),
        ),
        columns=ROW_COLUMNS,
        rows=tuple(_rows(areas, [one for one in placed if not shown or one.statement.id in shown], shelf)),
        events=events(printed, shelf.base, due),
    )
    return shortened(report, shown, number, first_of(order, selection.text)) if shown else report


def _loaded(reader: Reader, selection: Selection, order: str, most: int) -> tuple[Sequence[Outline], int]:
    """The commitments, oldest first, and the number of their documents; those that are not printed come last, without their words."""
    counted = Outlines(reader, selection) if most else None
    if counted is None or counted.total <= most:
        found = select(reader, selection)
        return found, len({one.document for one in found})
    named = first_ids(reader, selection, order, most) | counted.highlights(reader.info.created_at.date(), HIGHLIGHTS)
    return [*select(reader, selection, named), *counted.counted(named)], counted.documents


def _total(placed: Iterable[_Placed]) -> int:
    return total(one.statement for one in placed)


def _marked(statements: Sequence[Outline], comparison: EditionComparison | None) -> list[_Placed]:
    if comparison is None:
        return [_Placed(statement, NoveltyMark.NONE) for statement in statements]
    new = {one.id for one in comparison.new}
    placed = [
        _Placed(statement, NoveltyMark.NEW)
        if statement.id in new
        else _Placed(statement, NoveltyMark.CHANGED, comparison.changed[statement.id])
        if statement.id in comparison.changed
        else _Placed(statement, NoveltyMark.NONE)
        for statement in statements
    ]
    return placed + [_Placed(one, NoveltyMark.WITHDRAWN) for one in comparison.withdrawn]


def _areas(placed: Sequence[_Placed], selection: Selection) -> tuple[ThreatArea, ...]:
    areas = {area for one in placed for area in one.statement.areas}
    return tuple(area for area in THREAT_AREAS if area in (selection.values.get("area") or areas))


def title_of(selection: Selection) -> str:
    """The usual title of an overview."""
    if topic := topic_of(selection):
        return f"Commitments on {topic}"
    return "Selected commitments" if selection_in_words(selection) else "All commitments"


# --- figures


def _figures(statements: Sequence[Outline], areas: Sequence[ThreatArea]) -> Iterator[ReportSection]:
    by_year: defaultdict[int, pictures.LevelCounts] = defaultdict(dict)
    for statement in statements:
        if statement.year is not None:
            by_year[statement.year][statement.strength] = (
                by_year[statement.year].get(statement.strength, 0) + statement.times
            )
    blocks: list[ReportBlock] = []
    if len(by_year) > 1:
        blocks.append(pictures.stacked_years(by_year, "Commitments by year and strength"))
    if areas and total(statements) > 1:
        blocks.append(_parts_picture(statements, areas))
    if blocks:
        yield ReportSection("figures", "Figures", tuple(blocks))


def _parts_picture(statements: Sequence[Outline], areas: Sequence[ThreatArea]) -> Figure:
    if len(areas) == 1:
        (area,) = areas
        names = [(statement.subtheme(area), statement) for statement in statements if area in statement.areas]
        return pictures.stacked_bars(_counted(subthemes(area), names), "Commitments by sub-theme and strength")
    names = [(theme(area), statement) for statement in statements for area in statement.areas]
    order = [theme(area) for area in areas]
    return pictures.stacked_bars(_counted(order, names), "Commitments by theme and strength")


def _counted(order: Sequence[str], found: Iterable[tuple[str, Outline]]) -> dict[str, pictures.LevelCounts]:
    counts: dict[str, pictures.LevelCounts] = {name: {} for name in order}
    for name, one in found:
        if name in counts:
            counts[name][one.strength] = counts[name].get(one.strength, 0) + one.times
    return {name: row for name, row in counts.items() if row}


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
        return ReportSection("no-area", "Commitments without a threat area", sections=years, count=_total(placed))
    sections = []
    for number, name in enumerate(subthemes(area), 1):
        some = [one for one in placed if one.statement.subtheme(area) == name]
        if some:
            key = f"{area.value}-{number}"
            years = _years(key, some, shelf, area, areas)
            sections.append(ReportSection(key, name, sections=years, count=_total(some)))
    return ReportSection(area.value, theme(area), sections=tuple(sections), count=_total(placed))


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
            tuple(_entries(by_year[year], shelf, area, areas)),
            is_listed=False,
        )
        for year in sorted(by_year, key=lambda year: year or 9999)
    )


def _entries(
    placed: Sequence[_Placed], shelf: EntryMaker, area: ThreatArea | None, areas: Sequence[ThreatArea]
) -> Iterator[ReportEntry]:
    for one in placed:
        if isinstance(one.statement, Statement):
            yield _entry(one.statement, one, shelf, _also(one, area, areas))


def _also(placed: _Placed, area: ThreatArea | None, areas: Sequence[ThreatArea]) -> list[tuple[str, TextRuns]]:
    """The other themes of a commitment."""
    others = [one for one in placed.statement.areas if one is not area and one in areas]
    return [("Also on", plain_runs(", ".join(name_of_area(other) for other in others)))] if others else []


def _entry(
    statement: Statement, placed: _Placed, shelf: EntryMaker, also: Sequence[tuple[str, TextRuns]]
) -> ReportEntry:
    change = placed.change
    if change is None:
        return shelf.entry(statement, placed.mark, more=also)
    is_reworded = "reading" in change.fields
    reading = word_diff(change.before.reading, change.after.reading) if is_reworded else None
    return shelf.entry(statement, placed.mark, reading, [*also, ("Changed", _what_changed(change))])


def _what_changed(change: EditionChange) -> TextRuns:
    parts = [
        f"strength was {change.before.strength.value}" if name == "strength" else _COMPARED.get(name, in_plain(name))
        for name in change.fields
    ]
    return plain_runs(", ".join(parts))


# --- rows and notes


def _rows(areas: Sequence[ThreatArea], placed: Sequence[_Placed], shelf: EntryMaker) -> Iterator[dict[str, Any]]:
    words = [(one.statement, one.mark, one.change) for one in placed if isinstance(one.statement, Statement)]
    for area in areas:
        order = {name: index for index, name in enumerate(subthemes(area))}
        some = [(one.subtheme(area), one, mark, change) for one, mark, change in words if area in one.areas]
        some.sort(key=lambda row: (order[row[0]], row[1].year or 9999))
        for name, one, mark, change in some:
            earlier = change.before.reading if change and "reading" in change.fields else ""
            yield row(one, shelf, theme=theme(area), sub_theme=name, mark=mark.value, earlier=earlier)
    for one, mark, _ in words:
        if not one.areas:
            yield row(one, shelf, mark=mark.value)


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

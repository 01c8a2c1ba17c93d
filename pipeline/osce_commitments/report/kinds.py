"""The kinds of reports, each a list of sections; a new kind is a function here and a command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from osce_commitments import query
from osce_commitments.labels import THREAT_AREAS
from osce_commitments.query import Reader, Selection
from osce_commitments.query.selection import checked_order
from osce_commitments.report import changes, coverage, summaries, themes
from osce_commitments.report.calendar import calendar_section, events
from osce_commitments.report.changes import lineage_changes
from osce_commitments.report.coverage import follow, not_held
from osce_commitments.report.entries import ROW_COLUMNS, EntryMaker
from osce_commitments.report.method import edition, method
from osce_commitments.report.model import NoveltyMark, Report, ReportSection, entries_section, findings
from osce_commitments.report.scope import compare_editions, earlier_reader, scope
from osce_commitments.report.selection import selection_in_words, topic_of
from osce_commitments.report.statements import Outline, Outlines, Statement, first_ids, select, total
from osce_commitments.report.watches import Watch

MOST_PRINTED = 1_000  # commitments, on some 130 pages
_FIRST = {
    "newest": "the newest",
    "oldest": "the oldest",
    "firmest": "the firmest",
    "due": "the first due",
    "relevance": "the most relevant",
}


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
    comparison = before = None
    today = reader.info.created_at.date()
    if since_version:
        whole, before = select(reader, selection), earlier_reader(reader, since_version)
        comparison = compare_editions(select(before, selection), whole)
        statements: Sequence[Outline] = whole
        documents = len({statement.document for statement in whole})
    else:
        statements, documents = _loaded(reader, selection, order, most, today)
    placed = themes.placed_commitments(statements, comparison)
    number = total(entry.statement for entry in placed)
    marked = {entry.statement.id for entry in placed if entry.mark}
    shown = first_ids(reader, selection, order, most) | marked if 0 < most < number else frozenset()
    areas = themes.areas_of(placed, selection)
    maker = EntryMaker(base, notes)
    printed = [
        statement
        for statement in statements
        if isinstance(statement, Statement) and (not shown or statement.id in shown)
    ]
    due = selection.values.get("due_since"), selection.values.get("due_until")
    shortened = ""
    if shown:
        shortened = f"Printed here: {len(shown):,} of {number:,} commitments, {first_of(order, selection.text)}"
        shortened += f"{' and those with a mark' if marked else ''}. "
    return _report(
        reader,
        ("overview", title_of(selection), selection_in_words(selection, with_areas=False)),
        [
            summaries.of_overview(statements, documents, comparison, today, shortened),
            themes.figures(statements, areas),
            *themes.themes(placed, areas, shown, maker),
            calendar_section(printed, "Deadlines, regular intervals and reporting duties, dated ones first", due),
            method(reader, statements, themes.theme_notes(areas, before)),
        ],
        themes.theme_rows(areas, [entry for entry in placed if not shown or entry.statement.id in shown], maker),
        before=before,
        events=events(printed, maker.base, due),
        left_out=number - len(shown) if shown else 0,
    )


def digest(
    reader: Reader, since: str, selection: Selection | None = None, *, all_bodies: bool = False, base: str = ""
) -> Report:
    """The report on commitments added since a version or a meeting.

    ``since`` is a version (number, day) or a meeting of the Ministerial Council ("MC 2011", "18th", "Vilnius", "MC"); documents
    of other bodies belong to a meeting only with ``all_bodies``.

    Raises:
        ConfigError: If ``since`` is neither, or the version is not earlier.
        DatasetError: If the version does not exist.
    """
    selection = selection or Selection()
    added = scope(reader, since, selection, all_bodies=all_bodies)
    lineage = lineage_changes(reader, added.new, {**added.earlier, **{new.id: new for new in added.new}})
    topics = changes.first_topics(added)
    withdrawn = added.comparison.withdrawn if added.comparison else ()
    maker = EntryMaker(base)
    return _report(
        reader,
        (
            "digest",
            "New and repeated commitments",
            f"{added.words[0].upper()}{added.words[1:]}. {selection_in_words(selection)}".strip(),
        ),
        [
            summaries.in_brief(*findings(summaries.of_digest(added, lineage, topics))),
            changes.taken_up(NoveltyMark.FIRMER, lineage, maker),
            changes.taken_up(NoveltyMark.SOFTER, lineage, maker),
            changes.taken_up(NoveltyMark.WIDENED, lineage, maker),
            changes.new_by_theme(lineage.new, maker),
            changes.dropped(lineage.dropped, maker),
            changes.taken_up(NoveltyMark.REPEATED, lineage, maker),
            changes.uncertain(lineage.uncertain, maker),
            changes.section_of(NoveltyMark.WITHDRAWN, "Withdrawn from the dataset", withdrawn, maker),
            changes.topics(topics, maker),
            calendar_section(added.new, "New deadlines, regular intervals and reporting duties, dated ones first"),
            method(reader, added.new, changes.digest_notes(added)),
        ],
        changes.digest_rows(lineage, withdrawn, maker),
        events=events(added.new, maker.base),
    )


def gaps(reader: Reader, selection: Selection, *, on: dt.date | None = None, base: str = "") -> Report:
    """The report on gaps in the commitments of a dataset.

    Deadlines before the day ``on`` are past; by default the day of the version.
    """
    on = on or reader.info.created_at.date()
    statements = select(reader, selection)
    areas = selection.values.get("area") or THREAT_AREAS
    maker = EntryMaker(base)
    cited = reader.citations()
    followed = follow(reader, cited, statements, on)
    documents = {statement.document for statement in statements} if selection_in_words(selection) else None
    missing = not_held(reader, cited, documents)
    return _report(
        reader,
        ("gaps", "What was promised and what is missing", selection_in_words(selection)),
        [
            summaries.in_brief(*findings(summaries.of_gaps(statements, areas, followed, missing, on))),
            coverage.passed(followed, on, maker),
            coverage.unreported(followed, maker),
            coverage.coverage(statements, areas),
            coverage.low(statements, areas, maker),
            coverage.missing(missing, maker),
            method(reader, statements, coverage.gap_notes(on)),
        ],
        (coverage.EMPTY_GAP | gap for gap in coverage.gap_rows(statements, areas, followed, missing, maker)),
        columns=coverage.GAP_COLUMNS,
    )


def watched(reader: Reader, before: Reader, selection: Selection, name: str, *, base: str = "") -> Report:
    """The report on what a search finds now and did not find before, or finds in other words.

    Returns:
        The report. It has no rows if nothing changed.
    """
    now = select(reader, selection)
    compared = compare_editions(select(before, selection), now)
    order = {statement.id: index for index, statement in enumerate(now)}
    changed = sorted(compared.changed.values(), key=lambda change: order[change.after.id])
    maker = EntryMaker(base)
    return _report(
        reader,
        ("watch", name, selection_in_words(selection, "All commitments.")),
        [
            summaries.in_brief(*findings(summaries.of_watch(compared, before, len(now)))),
            changes.section_of(NoveltyMark.NEW, "New", compared.new, maker),
            entries_section("changed", "Changed", (changes.reworded(change, maker) for change in changed)),
            changes.section_of(NoveltyMark.WITHDRAWN, "No longer found", compared.withdrawn, maker),
            method(reader, now, ()),
        ],
        changes.watch_rows(compared, changed, maker),
        before=before,
    )


def watch_reports(reader: Reader, watches: Iterable[Watch], *, base: str = "") -> list[Report]:
    """The reports on those saved searches in which something changed since they were last compared.

    Raises:
        ConfigError: If a saved condition is no longer valid.
        DatasetError: If the version that a search was compared with does not exist.
    """
    reports = (
        watched(reader, query.Reader(reader.dataset.path, watch.seen), watch.selection, watch.name, base=base)
        for watch in watches
        if watch.seen < reader.version
    )
    return [report for report in reports if report.rows]


def title_of(selection: Selection) -> str:
    """The usual title of an overview."""
    if topic := topic_of(selection):
        return f"Commitments on {topic}"
    return "Selected commitments" if selection_in_words(selection) else "All commitments"


def first_of(order: str, text: str) -> str:
    """The commitments that a shortened report has, in words: "the newest"."""
    return _FIRST[checked_order(order) or ("relevance" if text else "newest")]


def _report(  # noqa: PLR0913 - the parts of a report
    reader: Reader,
    names: tuple[str, str, str],
    sections: Iterable[ReportSection],
    rows: Iterable[dict[str, Any]],
    *,
    columns: tuple[tuple[str, str], ...] = ROW_COLUMNS,
    before: Reader | None = None,
    **more: Any,  # noqa: ANN401 - events, number left out
) -> Report:
    """A report, by its kind, title and subtitle, of the sections that have something in them."""
    kind, title, subtitle = names
    return Report(
        kind=kind,
        title=title,
        subtitle=subtitle,
        edition=edition(reader) + (f", compared with version {before.version}" if before else ""),
        written_at=reader.info.created_at,
        sections=tuple(section for section in sections if section.blocks or section.sections),
        columns=columns,
        rows=tuple(rows),
        **more,
    )


def _loaded(
    reader: Reader, selection: Selection, order: str, most: int, today: dt.date
) -> tuple[Sequence[Outline], int]:
    """The commitments, oldest first, and the number of their documents; those that are not printed come last, without their words."""
    outlines = Outlines(reader, selection) if most else None
    if outlines is None or outlines.total <= most:
        statements = select(reader, selection)
        return statements, len({statement.document for statement in statements})
    named = first_ids(reader, selection, order, most) | outlines.highlights(today, summaries.HIGHLIGHTS)
    return [*select(reader, selection, named), *outlines.counted(named)], outlines.documents

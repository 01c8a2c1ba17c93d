"""The kinds of reports, each a list of sections; a new kind is a function here and a command."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from osce_commitments import query
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, ThreatArea
from osce_commitments.phrases import shorten
from osce_commitments.query import Reader, Selection
from osce_commitments.query.selection import checked_order
from osce_commitments.report import changes, coverage, themes
from osce_commitments.report.calendar import calendar_section, events
from osce_commitments.report.changes import TAKEN_UP, LineageChanges, Topics, lineage_changes
from osce_commitments.report.coverage import Followed, NotHeld, follow, not_held, untouched
from osce_commitments.report.entries import ROW_COLUMNS, EntryMaker, theme
from osce_commitments.report.method import edition, method, quality_lines
from osce_commitments.report.model import (
    NoveltyMark,
    Report,
    ReportBlock,
    ReportParagraph,
    ReportSection,
    Style,
    TextRun,
    TextRuns,
    entries_section,
    findings,
    paragraph,
    plain_runs,
)
from osce_commitments.report.scope import EditionComparison, Scope, compare_editions, earlier_reader, scope
from osce_commitments.report.statements import (
    HIGHLIGHTS,
    Outline,
    Statement,
    day,
    first_ids,
    loaded,
    next_days,
    select,
    selection_in_words,
    tally,
    topic_of,
    total,
)
from osce_commitments.report.watches import Watch
from osce_commitments.texts.printable import counted_noun

_HIGHLIGHT_CHARACTERS = 160
_NAMED = 4


def in_brief(*blocks: ReportBlock, sections: Iterable[ReportSection] = ()) -> ReportSection:
    """The first section of a report."""
    return ReportSection("summary", "In brief", blocks, tuple(sections))


def _strong(text: str) -> TextRun:
    return TextRun(text, Style.STRONG)


def _to(section: str, words: str) -> TextRun:
    return TextRun(words, target=f"#{section}")


# --- overview


def of_overview(
    statements: Sequence[Outline], documents: int, comparison: EditionComparison | None, today: dt.date, shortened: str
) -> ReportSection:
    """One page: findings, then the firmest and the newest commitments and what is due next."""
    blocks: list[ReportBlock] = list(findings(_of_overview(statements, documents, comparison)))
    if shortened:
        note = "Numbers and charts are of all of them. The HTML and CSV files of this report have every commitment."
        blocks.insert(0, ReportParagraph((_strong(shortened), TextRun(note))))
    if statements:
        has_marks = any(statement.needs_review for statement in statements)
        models = {statement.model_id for statement in statements}
        blocks.append(paragraph(" ".join(quality_lines(models, has_marks=has_marks, is_brief=True))))
    else:
        blocks.append(paragraph("No commitments match this selection."))
    sections = _highlights(statements, today) if total(statements) > HIGHLIGHTS else ()
    return in_brief(*blocks, sections=tuple(sections))


def _of_overview(
    statements: Sequence[Outline], documents: int, comparison: EditionComparison | None
) -> Iterator[TextRuns]:
    if not statements and comparison is None:
        return
    number = total(statements)
    years = [statement.year for statement in statements if statement.year is not None]
    span = f", {min(years)}" if years else ""
    if years and min(years) < max(years):
        span += f"\u2013{max(years)}"
    counted = counted_noun(number, "commitment")
    yield _strong(counted), TextRun(f" in {counted_noun(documents, 'instrument')}{span}.")
    if statements:
        levels = tally((statement.strength, statement.times) for statement in statements)
        firm = levels[STRENGTHS[-1]] + levels[STRENGTHS[-2]]
        share = f" ({firm / number * 100:.0f} per cent)"
        listed = ", ".join(f"{levels[level]:,} {level.value}" for level in reversed(STRENGTHS[1:]) if levels[level])
        yield _strong(f"{firm:,}"), TextRun(f"{share} committing or mandating: {listed}.")
        actors = tally((name, statement.times) for statement in statements for name in statement.addressee)
        if common := sorted(actors.items(), key=lambda item: (-item[1], item[0]))[:3]:
            names = ", ".join(f"{name} ({count:,})" for name, count in common)
            yield TextRun("Most often addressed: "), TextRun(f"{names}.")
    for finding in _due(statements):
        yield (*finding, _to("calendar", "see the calendar"), TextRun("."))
    if comparison is not None:
        yield (
            _strong("Since the earlier edition: "),
            TextRun(f"{len(comparison.new):,} new, {len(comparison.changed):,} changed, "),
            TextRun(f"{len(comparison.withdrawn):,} withdrawn."),
        )


def _due(statements: Sequence[Outline]) -> Iterator[TextRuns]:
    due = total(statement for statement in statements if statement.due)
    duties = total(statement for statement in statements if statement.reports)
    if due or duties:
        words = f" with a deadline or regular interval, {duties:,} with a reporting duty: "
        yield _strong(f"{due:,}"), TextRun(words)


def _highlights(outlines: Sequence[Outline], today: dt.date) -> Iterator[ReportSection]:
    """The first commitments of each kind, with what puts them there."""
    statements = [outline for outline in outlines if isinstance(outline, Statement)]
    newest = sorted(statements, key=lambda one: -(one.date or dt.date(one.year or 1, 1, 1)).toordinal())
    firmest = sorted(newest, key=lambda one: -one.strength.level)
    due = [(when, statement) for statement in statements for when in next_days(statement.deadlines, today)]
    due.sort(key=lambda pair: pair[0])
    kinds = (
        ("firmest", "Firmest", [(statement.strength.value, statement) for statement in firmest[:HIGHLIGHTS]]),
        (
            "newest",
            "Newest",
            [
                (day(statement.date) if statement.date else str(statement.year or "undated"), statement)
                for statement in newest[:HIGHLIGHTS]
            ],
        ),
        ("due", "Due next", [(day(when), statement) for when, statement in due[:HIGHLIGHTS]]),
    )
    for key, title, pairs in kinds:
        if pairs:
            items = (
                (
                    _strong(f"{words[0].upper()}{words[1:]}:"),
                    TextRun(f" {shorten(statement.reading, _HIGHLIGHT_CHARACTERS)} "),
                    TextRun(statement.citation, Style.MUTED, f"#{statement.id}"),
                )
                for words, statement in pairs
            )
            yield ReportSection(f"summary-{key}", title, findings(items), is_listed=False)


# --- digest


def of_digest(scope: Scope, lineage: LineageChanges, topics: Topics) -> Iterator[TextRuns]:
    """The numbers of new and taken-up commitments, with links to their lists."""
    new = scope.new
    if not new:
        before = max(scope.earlier.values(), key=lambda one: (one.year or 0, str(one.date or "")), default=None)
        newest = f" The newest one before is {before.citation} ({before.year})." if before and before.year else ""
        yield plain_runs(f"No commitments were added {scope.words}.{newest}")
        return
    documents = {statement.document for statement in new}
    verb = "was" if len(new) == 1 else "were"
    number = counted_noun(len(new), "commitment")
    yield _strong(number), TextRun(f" in {counted_noun(len(documents), 'instrument')} {verb} added.")
    yield _counted(len(lineage.new), " new: they take up nothing in earlier documents of the dataset", "new")
    marks = Counter(change.mark for change in lineage.taken_up)
    for mark, title in TAKEN_UP.items():
        if marks[mark]:
            yield _counted(marks[mark], f" {title[0].lower()}{title[1:]}", mark.value)
    if lineage.dropped:
        yield _counted(len(lineage.dropped), " not repeated, though every edition before had them", "dropped")
    if lineage.uncertain:
        yield _counted(len(lineage.uncertain), " perhaps new, or perhaps not repeated", "uncertain")
    if lineage.procedure:
        yield plain_runs(f"{counted_noun(lineage.procedure, 'commitment')} of procedure left out of these counts.")
    if topics:
        names = [name for _, name in topics]
        listed = "; ".join(names[:_NAMED]) + ("; and others" if len(names) > _NAMED else "")
        words = TextRun(f" addressed for the first time: {listed}. ")
        yield _strong(counted_noun(len(topics), "topic")), words, _to("topics", "See the list")
    for finding in _due(new):
        yield (*finding, _to("calendar", "see the calendar"))
    if scope.comparison and scope.comparison.withdrawn:
        yield _counted(len(scope.comparison.withdrawn), " withdrawn", "withdrawn")


def _counted(number: int, words: str, section: str) -> TextRuns:
    return _strong(f"{number:,}"), TextRun(f"{words}: "), _to(section, "see the list")


# --- gaps


def of_gaps(
    statements: Sequence[Statement],
    areas: Sequence[ThreatArea],
    followed: Followed,
    missing: Sequence[NotHeld],
    on: dt.date,
) -> Iterator[TextRuns]:
    """The numbers of the gaps, with links to their lists."""
    documents = {statement.document for statement in statements}
    number = counted_noun(len(statements), "commitment")
    yield _strong(number), TextRun(f" in {counted_noun(len(documents), 'instrument')} examined.")
    if dated := len(followed.passed) + followed.taken_up:
        words = f" commitments with a deadline before {day(on)} have no recorded follow-up in this dataset"
        yield _share(len(followed.passed), dated, words, "passed")
    duties = len(followed.unreported) + followed.reported
    if duties and not followed.reports:
        number = "1 duty" if duties == 1 else f"{duties:,} duties"
        yield plain_runs(f"{number} to report: the dataset holds no report to look in.")
    elif duties:
        words = f" reporting duties have no report among the {counted_noun(followed.reports, 'report')} held"
        yield _share(len(followed.unreported), duties, words, "reports")
    if empty := [theme(area) for area in areas if not any(area in statement.areas for statement in statements)]:
        yield _strong(counted_noun(len(empty), "theme")), TextRun(f" without commitments: {', '.join(empty)}.")
    if topics := sum(len(names) for _, names in untouched(statements, areas)):
        start = _strong(counted_noun(topics, "sub-theme")), TextRun(" without commitments: ")
        yield (*start, _to("coverage", "see the coverage"))
    if missing:
        start = _strong(counted_noun(len(missing), "instrument")), TextRun(" cited but not in the dataset: ")
        yield (*start, _to("not-held", "see the list"))


def _share(number: int, whole: int, words: str, section: str) -> TextRuns:
    rest = (TextRun(": "), _to(section, "see the list")) if number else (TextRun("."),)
    return _strong(f"{number:,} of {whole:,}"), TextRun(words), *rest


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
        statements, documents = loaded(reader, selection, order, most, today)
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
            of_overview(statements, documents, comparison, today, shortened),
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
            in_brief(*findings(of_digest(added, lineage, topics))),
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
            in_brief(*findings(of_gaps(statements, areas, followed, missing, on))),
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
    numbers = f"{len(compared.new):,} new, {len(changed):,} changed, {len(compared.withdrawn):,} no longer found"
    summary = (
        f"{numbers} since version {before.version}.",
        f"The search finds {counted_noun(len(now), 'commitment')} now.",
    )
    return _report(
        reader,
        ("watch", name, selection_in_words(selection, "All commitments.")),
        [
            in_brief(*findings(map(plain_runs, summary))),
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

"""The first section of each kind of report: what it has found, in brief."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from osce_commitments.labels import STRENGTHS, ThreatArea
from osce_commitments.phrases import shorten
from osce_commitments.query import Reader
from osce_commitments.report.changes import TAKEN_UP, LineageChanges, Topics
from osce_commitments.report.coverage import Followed, NotHeld, untouched
from osce_commitments.report.entries import theme
from osce_commitments.report.method import quality_lines
from osce_commitments.report.model import (
    ReportBlock,
    ReportParagraph,
    ReportSection,
    Style,
    TextRun,
    TextRuns,
    findings,
    paragraph,
    plain_runs,
)
from osce_commitments.report.scope import EditionComparison, Scope
from osce_commitments.report.statements import Outline, Statement, day, next_days, tally, total
from osce_commitments.texts.printable import counted_noun

HIGHLIGHTS, _HIGHLIGHT_CHARACTERS = 4, 160
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
            items = findings(_highlight(words, statement) for words, statement in pairs)
            yield ReportSection(f"summary-{key}", title, items, is_listed=False)


def _highlight(words: str, statement: Statement) -> TextRuns:
    return (
        _strong(f"{words[0].upper()}{words[1:]}:"),
        TextRun(f" {shorten(statement.reading, _HIGHLIGHT_CHARACTERS)} "),
        TextRun(statement.citation, Style.MUTED, f"#{statement.id}"),
    )


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
    for mark, title in TAKEN_UP.items():
        if count := len(lineage.marked(mark)):
            yield _counted(count, f" {title[0].lower()}{title[1:]}", mark.value)
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


# --- gaps and watches


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


def of_watch(comparison: EditionComparison, before: Reader, number: int) -> Iterator[TextRuns]:
    """The numbers of new, changed and lost commitments, and of those found now."""
    new, changed, lost = len(comparison.new), len(comparison.changed), len(comparison.withdrawn)
    yield plain_runs(f"{new:,} new, {changed:,} changed, {lost:,} no longer found since version {before.version}.")
    yield plain_runs(f"The search finds {counted_noun(number, 'commitment')} now.")

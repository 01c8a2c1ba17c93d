"""The first page of an overview: what it has found, and its firmest, newest and next commitments."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from osce_commitments.labels import STRENGTHS, ObligationStrength
from osce_commitments.phrases import shorten
from osce_commitments.report.model import (
    ReportBlock,
    ReportParagraph,
    ReportSection,
    Style,
    TextRun,
    TextRuns,
    plain_runs,
)
from osce_commitments.report.quality import quality_lines
from osce_commitments.report.statements import Outline, Statement, next_days, tally, total
from osce_commitments.report.statements import day as day_in_words
from osce_commitments.texts.printable import counted_noun

if TYPE_CHECKING:
    from osce_commitments.report.compare.editions import EditionComparison

HIGHLIGHTS, _HIGHLIGHT_CHARACTERS = 4, 160


def summary(
    statements: Sequence[Outline], documents: int, comparison: EditionComparison | None, today: dt.date
) -> ReportSection:
    """One page: findings, then the firmest and the newest commitments and what is due next.

    Args:
        statements: All commitments, and these with their words.
        documents: Number of their documents.
        comparison: Comparison with an earlier edition.
        today: From this day on, deadlines are still to come.
    """
    findings = _findings(statements, documents, comparison)
    blocks: list[ReportBlock] = [ReportParagraph(runs, is_item=True) for runs in findings]
    if not statements:
        blocks.append(ReportParagraph(plain_runs("No commitments match this selection.")))
    else:
        models, has_marks = (
            {statement.model_id for statement in statements},
            any(statement.needs_review for statement in statements),
        )
        lines = quality_lines(models, has_marks=has_marks, is_brief=True)
        blocks.append(ReportParagraph(plain_runs(" ".join(lines))))
    return ReportSection("summary", "In brief", tuple(blocks), tuple(_highlights(statements, today)))


def _highlights(statements: Sequence[Outline], today: dt.date) -> Iterator[ReportSection]:
    if total(statements) <= HIGHLIGHTS:
        return
    for key, title, some in _highlighted(
        [statement for statement in statements if isinstance(statement, Statement)], today
    ):
        items = tuple(ReportParagraph(_highlight(said, one), is_item=True) for said, one in some)
        if items:
            yield ReportSection(f"summary-{key}", title, items, is_listed=False)


def _highlighted(
    statements: Sequence[Statement], today: dt.date
) -> Iterator[tuple[str, str, list[tuple[str, Statement]]]]:
    """The key, the title and the commitments of each kind, with what is said of them."""
    newest = sorted(statements, key=lambda one: -(one.date or dt.date(one.year or 1, 1, 1)).toordinal())
    firmest = sorted(newest, key=lambda one: -one.strength.level)
    due = sorted(
        ((day, statement) for statement in statements for day in next_days(statement.deadlines, today)),
        key=lambda pair: pair[0],
    )
    yield "firmest", "Firmest", [(one.strength.value, one) for one in firmest[:HIGHLIGHTS]]
    yield "newest", "Newest", [(_adopted(one), one) for one in newest[:HIGHLIGHTS]]
    yield "due", "Due next", [(day_in_words(day), one) for day, one in due[:HIGHLIGHTS]]


def _adopted(statement: Statement) -> str:
    return day_in_words(statement.date) if statement.date else str(statement.year or "undated")


def _highlight(said: str, statement: Statement) -> TextRuns:
    words = TextRun(f" {shorten(statement.reading, _HIGHLIGHT_CHARACTERS)} ")
    return (
        TextRun(f"{said[0].upper()}{said[1:]}:", Style.STRONG),
        words,
        TextRun(statement.citation, Style.MUTED, f"#{statement.id}"),
    )


def _findings(
    statements: Sequence[Outline], documents: int, comparison: EditionComparison | None
) -> Iterator[TextRuns]:
    if not statements and comparison is None:
        return
    number = total(statements)
    years = [statement.year for statement in statements if statement.year is not None]
    span = (
        f", {min(years)}\u2013{max(years)}" if years and min(years) < max(years) else f", {years[0]}" if years else ""
    )
    counted = TextRun(counted_noun(number, "commitment"), Style.STRONG)
    yield counted, TextRun(f" in {counted_noun(documents, 'instrument')}{span}.")
    levels = tally((statement.strength, statement.times) for statement in statements)
    firm = levels[STRENGTHS[-1]] + levels[STRENGTHS[-2]]
    if statements:
        share = f" ({firm / number * 100:.0f} per cent)"
        yield TextRun(f"{firm:,}", Style.STRONG), TextRun(f"{share} committing or mandating: {_levels(levels)}.")
        yield from _addressed(statements)
    due = total(statement for statement in statements if statement.due)
    duties = total(statement for statement in statements if statement.reports)
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


def _addressed(statements: Sequence[Outline]) -> Iterator[TextRuns]:
    actors = tally((name, statement.times) for statement in statements for name in statement.addressee)
    common = sorted(actors.items(), key=lambda item: (-item[1], item[0]))[:3]
    if common:
        yield (
            TextRun("Most often addressed: "),
            TextRun(", ".join(f"{name} ({number:,})" for name, number in common) + "."),
        )

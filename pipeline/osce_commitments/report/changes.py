"""Sections and rows on what is new, changed or gone: of the digest and of watches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from osce_commitments.labels import THREAT_AREAS, ThreatArea
from osce_commitments.report.compare.editions import EditionChange, EditionComparison
from osce_commitments.report.compare.lineage_changes import Dropped, LineageChanges, LineChange, Uncertain
from osce_commitments.report.compare.word_diff import word_diff
from osce_commitments.report.entries import EntryMaker, in_plain, row, theme
from osce_commitments.report.model import (
    NoveltyMark,
    ReportEntry,
    ReportSection,
    Style,
    Table,
    TextRun,
    TextRuns,
    entries_section,
    plain_runs,
    table_section,
)
from osce_commitments.report.scope import Scope
from osce_commitments.report.statements import Statement
from osce_commitments.report.subthemes import subthemes
from osce_commitments.schema import Row

TAKEN_UP = {
    NoveltyMark.FIRMER: "Firmer than before",
    NoveltyMark.SOFTER: "Softer than before",
    NoveltyMark.WIDENED: "Widened",
    NoveltyMark.REPEATED: "Repeated",
}
_NAMES = {"reading": "wording", "areas": "threat areas", "reports": "reporting duty"}
Topics = dict[tuple["ThreatArea", str], list["Statement"]]


def section_of(mark: NoveltyMark, title: str, statements: Sequence[Statement], maker: EntryMaker) -> ReportSection:
    """A section of commitments with one mark."""
    return entries_section(mark.value, title, (maker.entry(statement, mark) for statement in statements))


def first_topics(scope: Scope) -> Topics:
    """New commitments by sub-themes without an earlier commitment."""
    known = {(area, earlier.subtheme(area)) for earlier in scope.earlier.values() for area in earlier.areas}
    topics: Topics = {}
    for statement in scope.new:
        for area in statement.areas:
            name = statement.subtheme(area)
            if (area, name) not in known and name != subthemes(area)[-1]:
                topics.setdefault((area, name), []).append(statement)
    return topics


def new_by_theme(new: Sequence[Statement], maker: EntryMaker) -> ReportSection:
    """New commitments, under the first of their themes."""
    by_area: defaultdict[ThreatArea | None, list[Statement]] = defaultdict(list)
    for statement in new:
        by_area[statement.areas[0] if statement.areas else None].append(statement)
    parts = []
    for area in (*THREAT_AREAS, None):
        entries = []
        for statement in by_area[area]:
            others = ", ".join(theme(other) for other in statement.areas[1:])
            entries.append(maker.entry(statement, more=[("Also about", plain_runs(others) if others else ())]))
        if entries:
            title = theme(area) if area else "No threat area"
            parts.append(entries_section(f"new-{area.value if area else 'no-area'}", title, entries))
    return ReportSection("new", "New commitments", sections=tuple(parts), count=len(new))


def taken_up(mark: NoveltyMark, lineage: LineageChanges, maker: EntryMaker) -> ReportSection:
    """New commitments that take up earlier provisions in one way."""
    entries = (_taken_up(change, maker) for change in lineage.marked(mark))
    return entries_section(mark.value, TAKEN_UP[mark], entries)


def _taken_up(change: LineChange, maker: EntryMaker) -> ReportEntry:
    earlier, later = change.earlier, change.later
    force = f"{earlier['strength']}{_quoted((earlier['strength_cue'] or {}).get('text', ''))}"
    facts: list[tuple[str, TextRuns]] = [
        ("Earlier", (_cited(earlier, maker), TextRun(f", {force}"))),
        ("Relation", plain_runs(change.link.in_words)),
    ]
    if change.mark in (NoveltyMark.FIRMER, NoveltyMark.SOFTER):
        facts.insert(1, ("Now", plain_runs(later.strength.value + _quoted(later.cue))))
    return maker.entry(later, change.mark, word_diff(earlier["reading"], later.reading), facts)


def _cited(provision: Row, maker: EntryMaker) -> TextRun:
    return TextRun(provision["citation"], target=f"{maker.base}{provision['link']}" if maker.base else "")


def _quoted(cue: str) -> str:
    return f" because of “{cue}”" if cue else ""


def dropped(commitments: Sequence[Dropped], maker: EntryMaker) -> ReportSection:
    """Commitments that a new edition does not repeat."""
    words = (
        "The edition before had these commitments, and so had the one before it. The new edition takes none of them up. They may "
        "have moved to another document that the dataset does not hold."
    )
    entries = (
        maker.entry(gone.last, NoveltyMark.DROPPED, more=[("Not repeated in", plain_runs(gone.edition))])
        for gone in commitments
    )
    return entries_section("dropped", "Not repeated", entries, words)


def uncertain(commitments: Sequence[Uncertain], maker: EntryMaker) -> ReportSection:
    """Commitments near a provision of the other edition."""
    words = (
        "A provision of the edition before, or of the new one, has many words of these commitments, but not enough to say that the "
        "one takes up the other. They are in no other count."
    )
    entries = []
    for doubt in commitments:
        reading = TextRun(" ".join(doubt.near["reading"].split()), Style.MUTED)
        near = (_cited(doubt.near, maker), TextRun(": "), reading)
        entries.append(maker.entry(doubt.one, NoveltyMark.UNCERTAIN, more=[("Near", near)]))
    return entries_section("uncertain", "Perhaps new or not repeated", entries, words)


def topics(found: Topics, maker: EntryMaker) -> ReportSection:
    """Sub-themes with their first commitments."""
    order = {area: index for index, area in enumerate(THREAT_AREAS)}
    rows = []
    for (area, name), statements in sorted(found.items(), key=lambda item: (order[item[0][0]], item[0][1])):
        cells = (name, theme(area), f"{len(statements):,}")
        rows.append((*map(plain_runs, cells), maker.references(statements)))
    caption = "Sub-themes without an earlier commitment in the dataset"
    table = Table(caption, ("sub-theme", "theme", "commitments", "where"), tuple(rows), frozenset({2}))
    return table_section("topics", "Topics addressed for the first time", table)


def digest_notes(scope: Scope) -> list[str]:
    """Paragraphs on what is new and what a topic is, for the closing section of a digest."""
    divides = (
        "New commitments were not in the earlier version of the dataset; all others are earlier ones."
        if scope.comparison
        else "New commitments are in documents dated on or after the first day of the meeting, earlier ones in older documents."
    )
    return [
        (
            f"{divides} What a commitment takes up is in the table lineage: provisions that promise the same, compared without "
            "formula, dates, numbering and cited symbols. Firmer and softer compare acts on the same matter only. New "
            "and not repeated are only commitments that no provision of the other edition is near. Procedure (agenda items, "
            "requests for a report on the whole text) is left out. In comparisons, added words are underlined and removed words are "
            "struck through."
        ),
        (
            "A topic is a sub-theme of the overview; it is addressed for the first time if no earlier commitment in the dataset "
            "belongs to it."
        ),
    ]


def digest_rows(lineage: LineageChanges, withdrawn: Sequence[Statement], maker: EntryMaker) -> Iterator[dict[str, Any]]:
    """The commitments of a digest as rows."""
    marked: list[tuple[Statement, NoveltyMark, Row | None]] = [
        *((statement, NoveltyMark.NEW, None) for statement in lineage.new),
        *((change.later, change.mark, change.earlier) for change in lineage.taken_up),
        *((gone.last, NoveltyMark.DROPPED, None) for gone in lineage.dropped),
        *((doubt.one, NoveltyMark.UNCERTAIN, doubt.near) for doubt in lineage.uncertain),
        *((statement, NoveltyMark.WITHDRAWN, None) for statement in withdrawn),
    ]
    for statement, mark, near in marked:
        earlier = f"{near['citation']}: {' '.join(near['reading'].split())}" if near else ""
        themes = "; ".join(theme(area) for area in statement.areas)
        names = "; ".join(statement.subtheme(area) for area in statement.areas)
        yield row(statement, maker, mark=mark.value, earlier=earlier, theme=themes, sub_theme=names)


def reworded(change: EditionChange, maker: EntryMaker) -> ReportEntry:
    """A commitment of a watch with its earlier words and labels."""
    is_reworded = "reading" in change.fields
    reading = word_diff(change.before.reading, change.after.reading) if is_reworded else None
    facts = [
        (f"Earlier {_NAMES.get(name, in_plain(name))}", plain_runs(_value(change.before, name)))
        for name in change.fields
        if name != "reading"
    ]
    return maker.entry(change.after, NoveltyMark.CHANGED, reading, facts)


def _value(statement: Statement, name: str) -> str:
    value = getattr(statement, name)
    if name == "areas":
        return ", ".join(map(theme, value)) or "none"
    if name == "deadlines":
        return "; ".join(due.in_words for due in value) or "none"
    return (in_plain(value) if isinstance(value, str) else ", ".join(map(in_plain, value))) or "none"


def watch_rows(
    comparison: EditionComparison, changed: Sequence[EditionChange], maker: EntryMaker
) -> Iterator[dict[str, Any]]:
    """The commitments of a watch as rows."""
    yield from (row(statement, maker, mark=NoveltyMark.NEW.value) for statement in comparison.new)
    for change in changed:
        earlier = " ".join(change.before.reading.split())
        yield row(change.after, maker, mark=NoveltyMark.CHANGED.value, earlier=earlier)
    yield from (row(statement, maker, mark=NoveltyMark.WITHDRAWN.value) for statement in comparison.withdrawn)

"""Sections and rows on what is new, changed or gone: of the digest and of watches."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from osce_commitments.labels import THREAT_AREAS, Relation, Role, ThreatArea
from osce_commitments.lineage import WordedDocument, nearest_provisions, procedure_of, title_words
from osce_commitments.query import Reader, TakenUp
from osce_commitments.report.entries import EntryMaker, in_plain, row, theme, word_diff
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
from osce_commitments.report.scope import EditionChange, EditionComparison, Scope
from osce_commitments.report.statements import Statement
from osce_commitments.report.subthemes import subthemes
from osce_commitments.schema import Row

# Nearness of a provision of another edition from which a commitment without a link is not called new or dropped, in words
# and in meaning; in words alone it must be lower. evaluation/notes/lineage.md has the figures.
_NEAR, _NEAR_WITHOUT_VECTORS, _ALIKE = 0.33, 0.25, 0.7
_EDITION = 0.6  # share of a new edition that takes up the one before
_EDITION_OF_TITLE = 1 / 3  # the same under one title
_HELD = 100  # documents in memory
_ACTS = (Role.OPERATIVE, Role.ANNEX)
_MOST_EARLIER = 3  # earlier documents that are searched for near provisions


@dataclass(frozen=True, slots=True)
class LineChange:
    """A new commitment and the earlier provision that it takes up.

    Attributes:
        earlier: Row of the earlier provision; it need not be a commitment.
        mark: ``firmer``, ``softer``, ``widened`` or ``repeated``.
    """

    later: Statement
    earlier: Row
    link: TakenUp
    mark: NoveltyMark


@dataclass(frozen=True, slots=True)
class Dropped:
    """A commitment that a new edition does not repeat, though every edition before it did.

    Attributes:
        edition: Citation of the new edition.
    """

    last: Statement
    edition: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A commitment that is new or dropped, unless it belongs to a provision near it, to which it has no link.

    Attributes:
        near: Row of the provision in the other edition that has most of its words.
    """

    one: Statement
    near: Row


@dataclass(frozen=True, slots=True)
class LineageChanges:
    """What new commitments are, in view of earlier documents.

    Attributes:
        new: Those that take up nothing, and are near nothing.
        taken_up: Those that take something up.
        dropped: What the new editions no longer repeat.
        uncertain: What may be new or dropped.
        procedure: Number of new commitments that are procedure; they are in none of the others.
    """

    new: tuple[Statement, ...]
    taken_up: tuple[LineChange, ...]
    dropped: tuple[Dropped, ...]
    uncertain: tuple[Uncertain, ...]
    procedure: int

    def marked(self, mark: NoveltyMark) -> list[LineChange]:
        """The changes of one kind."""
        return [line_change for line_change in self.taken_up if line_change.mark is mark]


def lineage_changes(reader: Reader, new: Sequence[Statement], every: Mapping[str, Statement]) -> LineageChanges:
    """Compare new commitments with what their documents take up."""
    books = _Books(reader)
    fresh, changes, uncertain, procedure = [], [], [], 0
    for statement in new:
        links, rows = books.links(statement.document)
        link = max(
            (link for link in links.get(statement.id, ()) if link.later == statement.id),
            key=lambda link: link.is_main,
            default=None,
        )
        if (link and link.is_procedure) or procedure_of(statement.reading):
            procedure += 1
        elif link:
            changes.append(LineChange(statement, rows[link.earlier], link, _mark(link)))
        elif near := books.near(statement, books.earlier(statement.document)):
            uncertain.append(Uncertain(statement, near))
        else:
            fresh.append(statement)
    dropped = []
    for document in dict.fromkeys(one.document for one in new):
        for statement in _left_out(books, document, every):
            if near := books.near(statement, [document]):
                uncertain.append(Uncertain(statement, near))
            else:
                dropped.append(Dropped(statement, books.symbol(document) or "the new edition"))
    dropped.sort(key=lambda one: (one.edition, one.last.citation))
    return LineageChanges(tuple(fresh), tuple(changes), tuple(dropped), tuple(uncertain), procedure)


def _mark(link: TakenUp) -> NoveltyMark:
    if link.strength_change:
        return NoveltyMark.FIRMER if link.strength_change > 0 else NoveltyMark.SOFTER
    return NoveltyMark.WIDENED if link.relation is Relation.EXTENDED else NoveltyMark.REPEATED


class _Books:
    """Documents with their links and words. New commitments come by document: a few documents at a time are enough."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self._has_vectors = reader, reader.is_prepared
        lru_cache = functools.lru_cache(_HELD)
        self.links = lru_cache(reader.taken_up)
        self._provisions = lru_cache(reader.provisions)
        self._words = lru_cache(self._worded)
        self._nearest = lru_cache(self._compared)
        self._counts = lru_cache(self._taken_up)

    def symbol(self, document: str) -> str:
        """Symbol of a document; empty if it has none."""
        return str(self._provisions(document)[0]["symbol"])

    def earlier(self, document: str) -> list[str]:
        """The few earlier documents that most of its provisions take up."""
        return [one for one, _ in self._counts(document).most_common(_MOST_EARLIER)]

    def edition_before(self, document: str) -> str:
        """The earlier document that most provisions take up, if it is more than a clause; empty if there is none.

        A rollover, which takes up a few lines of a long text, has none: it drops nothing.
        """
        counts = self._counts(document)
        best = max(counts, key=lambda one: (counts[one], one), default="")
        if not best:
            return ""
        titles, acts = [], []
        for one in (document, best):
            rows = self._provisions(one)
            titles.append(title_words(rows[0]["title"]))
            acts.append(sum(row["role"] in _ACTS for row in rows))
        least = max(acts[0] * (_EDITION_OF_TITLE if titles[0] == titles[1] else _EDITION), acts[1] * _EDITION_OF_TITLE)
        return best if counts[best] >= least else ""

    def near(self, statement: Statement, documents: Sequence[str]) -> Row | None:
        """The provision of some documents that is nearest to a commitment; None if none is near."""
        found = [(*self._nearest(statement.document, other).get(statement.id, (0.0, "")), other) for other in documents]
        share, key, document = max(found, default=(0.0, "", ""))
        if share < (_NEAR if self._has_vectors else _NEAR_WITHOUT_VECTORS):
            return self._alike(statement, documents) if self._has_vectors else None
        return next(row for row in self._provisions(document) if row["id"] == key)

    def _alike(self, statement: Statement, documents: Sequence[str]) -> Row | None:
        """The provision of some documents that is most like a commitment in meaning; None if none is like it."""
        alike = (
            hit
            for document in documents
            for hit in self._reader.more_like(statement.id, limit=1, document=document, role=_ACTS).hits
        )
        best = max(alike, key=lambda hit: hit.score, default=None)
        return self._reader.provision(best.id) if best and best.score >= _ALIKE else None

    def _taken_up(self, document: str) -> Counter[str]:
        links, rows = self.links(document)
        mains = (link for key, earlier in links.items() for link in earlier if link.later == key and link.is_main)
        return Counter(rows[link.earlier]["document"] for link in mains if rows[link.later]["document"] == document)

    def _worded(self, document: str) -> WordedDocument | None:
        # With the lead-ins: an item and a paragraph, or a lead-in and an item, may say the same.
        whole = ({**row, "text": row["reading"], "tail": "", "lead_in": ""} for row in self._provisions(document))
        return WordedDocument.of(whole)

    def _compared(self, document: str, other: str) -> dict[str, tuple[float, str]]:
        ours, theirs = self._words(document), self._words(other)
        return nearest_provisions(ours, theirs) if ours and theirs else {}


def _left_out(books: _Books, document: str, every: Mapping[str, Statement]) -> Iterator[Statement]:
    """Commitments of the edition before a new document that it does not take up, but that took up the one before."""
    before = books.edition_before(document)
    older = before and books.edition_before(before)
    if not older:
        return
    links, rows = books.links(before)
    for key in rows:
        statement = every.get(key)
        if statement is None or statement.document != before:
            continue
        own = links.get(key, ())
        came = any(link.later == key and rows[link.earlier]["document"] == older for link in own)
        went = any(link.earlier == key and rows[link.later]["document"] == document for link in own)
        if came and not went and not procedure_of(statement.reading):
            yield statement


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
        ("Earlier", (maker.cited(earlier), TextRun(f", {force}"))),
        ("Relation", plain_runs(change.link.in_words)),
    ]
    if change.mark in (NoveltyMark.FIRMER, NoveltyMark.SOFTER):
        facts.insert(1, ("Now", plain_runs(later.strength.value + _quoted(later.cue))))
    return maker.entry(later, change.mark, word_diff(earlier["reading"], later.reading), facts)


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
        near = (maker.cited(doubt.near), TextRun(": "), reading)
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

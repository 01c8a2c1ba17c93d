"""The digest: commitments that a meeting or a new version of the dataset added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import THREAT_AREAS, ThreatArea
from osce_commitments.query.selection import Selection
from osce_commitments.report.calendar import calendar_table, events
from osce_commitments.report.compare.lineage_changes import (
    Dropped,
    LineageChanges,
    LineChange,
    Uncertain,
    lineage_changes,
)
from osce_commitments.report.compare.word_diff import word_diff
from osce_commitments.report.entries import ROW_COLUMNS, EntryMaker, row, theme
from osce_commitments.report.method import edition, method
from osce_commitments.report.model import (
    NoveltyMark,
    Report,
    ReportBlock,
    ReportEntry,
    ReportParagraph,
    ReportSection,
    Style,
    Table,
    TextRun,
    TextRuns,
    plain_runs,
)
from osce_commitments.report.scope import Scope, scope
from osce_commitments.report.selection import selection_in_words
from osce_commitments.report.subthemes import subthemes
from osce_commitments.texts.printable import counted_noun

if TYPE_CHECKING:
    from osce_commitments.query import Reader
    from osce_commitments.report.statements import Statement
    from osce_commitments.schema import Row

_NAMED = 4
_TAKEN_UP = (
    (NoveltyMark.FIRMER, "Firmer than before"),
    (NoveltyMark.SOFTER, "Softer than before"),
    (NoveltyMark.WIDENED, "Widened"),
    (NoveltyMark.REPEATED, "Repeated"),
)
Topics = dict[tuple["ThreatArea", str], list["Statement"]]


def digest(
    reader: Reader, since: str, selection: Selection | None = None, *, all_bodies: bool = False, base: str = ""
) -> Report:
    """The report on commitments added since a version or a meeting.

    Args:
        reader: The dataset version.
        since: A version (number, day), or a meeting of the Ministerial Council ("MC 2011", "18th", "Vilnius", "MC").
        selection: Which commitments count; by default, all.
        all_bodies: Whether documents of other bodies belong to a meeting.
        base: Address of the page, for links.

    Raises:
        ConfigError: If ``since`` is neither, or the version is not earlier.
        DatasetError: If the version does not exist.
    """
    selection = selection or Selection()
    asked = scope(reader, since, selection, all_bodies=all_bodies)
    found = lineage_changes(reader, asked.new, {**asked.earlier, **{one.id: one for one in asked.new}})
    topics = _first_topics(asked)
    shelf = EntryMaker(base)
    sections = [
        *(_changed_section(mark, title, found, shelf) for mark, title in _TAKEN_UP[:3]),
        _new_section(found.new, shelf),
        _dropped_section(found.dropped, shelf),
        _changed_section(*_TAKEN_UP[3], found, shelf),
        _uncertain_section(found.uncertain, shelf),
        _withdrawn_section(asked, shelf),
        _topics_section(topics, shelf),
        _calendar_section(asked.new),
    ]
    words = f"{asked.words[0].upper()}{asked.words[1:]}. {selection_in_words(selection)}".strip()
    return Report(
        kind="digest",
        title="New and repeated commitments",
        subtitle=words,
        edition=edition(reader),
        written_at=reader.info.created_at,
        sections=(
            _summary(asked, found, topics),
            *(section for section in sections if section),
            method(reader, asked.new, _notes(asked)),
        ),
        columns=ROW_COLUMNS,
        rows=tuple(_rows(asked, found, shelf)),
        events=events(asked.new, shelf.base),
    )


def _first_topics(asked: Scope) -> Topics:
    known = {(area, one.subtheme(area)) for one in asked.earlier.values() for area in one.areas}
    topics: Topics = {}
    for one in asked.new:
        for area in one.areas:
            name = one.subtheme(area)
            if (area, name) not in known and name != subthemes(area)[-1]:
                topics.setdefault((area, name), []).append(one)
    return topics


def _summary(asked: Scope, found: LineageChanges, topics: Topics) -> ReportSection:
    paragraphs = tuple(ReportParagraph(finding, is_item=True) for finding in _findings(asked, found, topics))
    return ReportSection("summary", "In brief", paragraphs)


def _findings(asked: Scope, found: LineageChanges, topics: Topics) -> Iterator[TextRuns]:
    if not asked.new:
        before = max(asked.earlier.values(), key=lambda one: (one.year or 0, str(one.date or "")), default=None)
        newest = f" The newest one before is {before.citation} ({before.year})." if before and before.year else ""
        yield plain_runs(f"No commitments were added {asked.words}.{newest}")
        return
    documents = {one.document for one in asked.new}
    were = "was" if len(asked.new) == 1 else "were"
    total = TextRun(counted_noun(len(asked.new), "commitment"), Style.STRONG)
    yield total, TextRun(f" in {counted_noun(len(documents), 'instrument')} {were} added.")
    yield _counted(len(found.new), " new: they take up nothing in earlier documents of the dataset", "new")
    for mark, title in _TAKEN_UP:
        if number := len(found.marked(mark)):
            yield _counted(number, f" {title[0].lower()}{title[1:]}", mark.value)
    if found.dropped:
        yield _counted(len(found.dropped), " not repeated, though every edition before had them", "dropped")
    if found.uncertain:
        yield _counted(len(found.uncertain), " perhaps new, or perhaps not repeated", "uncertain")
    if found.procedure:
        yield plain_runs(f"{counted_noun(found.procedure, 'commitment')} of procedure left out of these counts.")
    yield from _further(asked, topics)


def _counted(number: int, words: str, section: str) -> TextRuns:
    return TextRun(f"{number:,}", Style.STRONG), TextRun(f"{words}: "), _to(section, "see the list")


def _further(asked: Scope, topics: Topics) -> Iterator[TextRuns]:
    if topics:
        names = [name for _, name in topics]
        listed = "; ".join(names[:_NAMED]) + ("; and others" if len(names) > _NAMED else "")
        yield (
            TextRun(counted_noun(len(topics), "topic"), Style.STRONG),
            TextRun(f" addressed for the first time: {listed}. "),
            _to("topics", "See the list"),
        )
    due = sum(bool(one.due) for one in asked.new)
    duties = sum(bool(one.reports) for one in asked.new)
    if due or duties:
        words = f" with a deadline or regular interval, {duties:,} with a reporting duty: "
        yield TextRun(f"{due:,}", Style.STRONG), TextRun(words), _to("calendar", "see the calendar")
    if asked.comparison and asked.comparison.withdrawn:
        yield (
            TextRun(f"{len(asked.comparison.withdrawn):,}", Style.STRONG),
            TextRun(" withdrawn: "),
            _to("withdrawn", "see the list"),
        )


def _to(section: str, words: str) -> TextRun:
    return TextRun(words, target=f"#{section}")


def _new_section(fresh: Sequence[Statement], shelf: EntryMaker) -> ReportSection | None:
    if not fresh:
        return None
    by_area: defaultdict[ThreatArea | None, list[Statement]] = defaultdict(list)
    for one in fresh:
        by_area[one.areas[0] if one.areas else None].append(one)
    parts = tuple(
        ReportSection(
            f"new-{area.value if area else 'no-area'}",
            theme(area) if area else "No threat area",
            tuple(_new_entry(one, shelf) for one in by_area[area]),
            count=len(by_area[area]),
        )
        for area in (*THREAT_AREAS, None)
        if area in by_area
    )
    return ReportSection("new", "New commitments", sections=parts, count=len(fresh))


def _new_entry(statement: Statement, shelf: EntryMaker) -> ReportEntry:
    others = ", ".join(theme(area) for area in statement.areas[1:])
    return shelf.entry(statement, more=[("Also about", plain_runs(others) if others else ())])


def _changed_section(mark: NoveltyMark, title: str, found: LineageChanges, shelf: EntryMaker) -> ReportSection | None:
    some = found.marked(mark)
    if not some:
        return None
    entries = tuple(_changed_entry(one, shelf) for one in some)
    return ReportSection(mark.value, title, entries, count=len(some))


def _changed_entry(line_change: LineChange, shelf: EntryMaker) -> ReportEntry:
    earlier = line_change.earlier
    target = f"{shelf.base}{earlier['link']}" if shelf.base else ""
    facts: list[tuple[str, TextRuns]] = [
        ("Earlier", (TextRun(earlier["citation"], target=target), TextRun(f", {_force(earlier)}"))),
        ("Relation", plain_runs(line_change.link.in_words)),
    ]
    if line_change.mark in (NoveltyMark.FIRMER, NoveltyMark.SOFTER):
        facts.insert(1, ("Now", plain_runs(line_change.later.strength.value + _quoted(line_change.later.cue))))
    return shelf.entry(
        line_change.later, line_change.mark, word_diff(earlier["reading"], line_change.later.reading), facts
    )


def _force(row: Row) -> str:
    return f"{row['strength']}{_quoted((row['strength_cue'] or {}).get('text', ''))}"


def _quoted(cue: str) -> str:
    return f" because of “{cue}”" if cue else ""


def _dropped_section(dropped: Sequence[Dropped], shelf: EntryMaker) -> ReportSection | None:
    if not dropped:
        return None
    words = (
        "The edition before had these commitments, and so had the one before it. The new edition takes none of them up. They may "
        "have moved to another document that the dataset does not hold."
    )
    entries = (
        shelf.entry(one.last, NoveltyMark.DROPPED, more=[("Not repeated in", plain_runs(one.edition))])
        for one in dropped
    )
    blocks: tuple[ReportBlock, ...] = (ReportParagraph(plain_runs(words)), *entries)
    return ReportSection("dropped", "Not repeated", blocks, count=len(dropped))


def _uncertain_section(uncertain: Sequence[Uncertain], shelf: EntryMaker) -> ReportSection | None:
    if not uncertain:
        return None
    words = (
        "A provision of the edition before, or of the new one, has many words of these commitments, but not enough to say that the "
        "one takes up the other. They are in no other count."
    )
    entries = (shelf.entry(one.one, NoveltyMark.UNCERTAIN, more=[("Near", _near(one, shelf))]) for one in uncertain)
    blocks: tuple[ReportBlock, ...] = (ReportParagraph(plain_runs(words)), *entries)
    return ReportSection("uncertain", "Perhaps new or not repeated", blocks, count=len(uncertain))


def _near(uncertain: Uncertain, shelf: EntryMaker) -> TextRuns:
    target = f"{shelf.base}{uncertain.near['link']}" if shelf.base else ""
    reading = TextRun(" ".join(uncertain.near["reading"].split()), Style.MUTED)
    return TextRun(uncertain.near["citation"], target=target), TextRun(": "), reading


def _withdrawn_section(asked: Scope, shelf: EntryMaker) -> ReportSection | None:
    if not asked.comparison or not asked.comparison.withdrawn:
        return None
    entries = tuple(shelf.entry(one, NoveltyMark.WITHDRAWN) for one in asked.comparison.withdrawn)
    return ReportSection("withdrawn", "Withdrawn from the dataset", entries, count=len(entries))


def _topics_section(topics: Topics, shelf: EntryMaker) -> ReportSection | None:
    if not topics:
        return None
    order = {area: index for index, area in enumerate(THREAT_AREAS)}
    rows = []
    for (area, name), found in sorted(topics.items(), key=lambda item: (order[item[0][0]], item[0][1])):
        rows.append((plain_runs(name), plain_runs(theme(area)), plain_runs(f"{len(found):,}"), shelf.references(found)))
    caption = "Sub-themes without an earlier commitment in the dataset"
    table = Table(caption, ("sub-theme", "theme", "commitments", "where"), tuple(rows), frozenset({2}))
    return ReportSection("topics", "Topics addressed for the first time", (table,))


def _calendar_section(new: Sequence[Statement]) -> ReportSection | None:
    table = calendar_table(new, "New deadlines, regular intervals and reporting duties, dated ones first")
    return ReportSection("calendar", "Calendar", (table,)) if table.rows else None


def _notes(asked: Scope) -> list[str]:
    divides = (
        "New commitments were not in the earlier version of the dataset; all others are earlier ones."
        if asked.comparison
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


def _rows(asked: Scope, found: LineageChanges, shelf: EntryMaker) -> Iterator[dict[str, Any]]:
    for one in found.new:
        yield row(one, shelf, mark=NoveltyMark.NEW.value, **_places(one))
    for change in found.taken_up:
        earlier = f"{change.earlier['citation']}: {' '.join(change.earlier['reading'].split())}"
        yield row(change.later, shelf, mark=change.mark.value, earlier=earlier, **_places(change.later))
    for dropped in found.dropped:
        yield row(dropped.last, shelf, mark=NoveltyMark.DROPPED.value, **_places(dropped.last))
    for doubtful in found.uncertain:
        near = f"{doubtful.near['citation']}: {' '.join(doubtful.near['reading'].split())}"
        yield row(doubtful.one, shelf, mark=NoveltyMark.UNCERTAIN.value, earlier=near, **_places(doubtful.one))
    for one in asked.comparison.withdrawn if asked.comparison else ():
        yield row(one, shelf, mark=NoveltyMark.WITHDRAWN.value, **_places(one))


def _places(statement: Statement) -> dict[str, str]:
    return {
        "theme": "; ".join(theme(area) for area in statement.areas),
        "sub_theme": "; ".join(statement.subtheme(area) for area in statement.areas),
    }

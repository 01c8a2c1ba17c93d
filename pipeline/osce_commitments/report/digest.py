"""The digest: commitments that a meeting or a new version of the dataset added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import THREAT_AREAS, ThreatArea
from osce_commitments.report.calendar import calendar_table, events
from osce_commitments.report.compare.restatements import CLOSE, NEAR, SHARED_WORDS, Restatement, nearest_earlier
from osce_commitments.report.compare.word_diff import word_diff
from osce_commitments.report.entries import ROW_COLUMNS, EntryMaker, row, theme
from osce_commitments.report.method import counted_noun, edition, method
from osce_commitments.report.model import (
    NoveltyMark,
    Report,
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
from osce_commitments.report.subthemes import subtheme, subthemes

if TYPE_CHECKING:
    from osce_commitments.query import Reader
    from osce_commitments.report.statements import Statement

_NAMED = 4
_RELATIONS = (
    (NoveltyMark.STRONGER, "Restated in stronger terms"),
    (NoveltyMark.WEAKER, "Restated in weaker terms"),
    (NoveltyMark.RESTATED, "Restated with the same strength"),
)
Topics = dict[tuple["ThreatArea", str], list["Statement"]]


def digest(reader: Reader, since: str, *, base: str = "") -> Report:
    """The report on commitments added since a version or a meeting.

    Args:
        reader: The dataset version.
        since: A version (number, day), or a meeting of the Ministerial Council ("MC 2011", "18th", "Vilnius", "MC").
        base: Address of the page, for links.

    Raises:
        ConfigError: If ``since`` is neither, or the version is not earlier.
        DatasetError: If the version does not exist.
    """
    asked = scope(reader, since)
    restated = nearest_earlier(reader, asked.new, asked.earlier, asked.until)
    known = {found.later.id for found in restated}
    fresh = [one for one in asked.new if one.id not in known]
    topics = _first_topics(asked)
    shelf = EntryMaker(base)
    sections = [
        _new_section(fresh, shelf),
        *(_restated_section(mark, title, restated, shelf) for mark, title in _RELATIONS),
        _withdrawn_section(asked, shelf),
        _topics_section(topics, shelf),
        _calendar_section(asked.new),
    ]
    summary = _summary(asked, fresh, restated, topics)
    return Report(
        kind="digest",
        title="New and restated commitments",
        subtitle=f"{asked.words[0].upper()}{asked.words[1:]}.",
        edition=edition(reader),
        written_at=reader.info.created_at,
        sections=(summary, *(one for one in sections if one), method(reader, asked.new, _notes(asked))),
        columns=ROW_COLUMNS,
        rows=tuple(_rows(asked, fresh, restated, shelf)),
        events=events(asked.new, shelf.base),
    )


def relation(found: Restatement) -> NoveltyMark:
    """Whether a commitment is stronger or weaker than the one it restates, or equally strong."""
    before, after = found.earlier.strength.level, found.later.strength.level
    return NoveltyMark.STRONGER if after > before else NoveltyMark.WEAKER if after < before else NoveltyMark.RESTATED


def _first_topics(asked: Scope) -> Topics:
    known = {(area, subtheme(area, one)) for one in asked.earlier.values() for area in one.areas}
    topics: Topics = {}
    for one in asked.new:
        for area in one.areas:
            name = subtheme(area, one)
            if (area, name) not in known and name != subthemes(area)[-1]:
                topics.setdefault((area, name), []).append(one)
    return topics


def _summary(
    asked: Scope, fresh: Sequence[Statement], restated: Sequence[Restatement], topics: Topics
) -> ReportSection:
    return ReportSection(
        "summary",
        "In brief",
        tuple(ReportParagraph(one, is_item=True) for one in _findings(asked, fresh, restated, topics)),
    )


def _findings(
    asked: Scope, fresh: Sequence[Statement], restated: Sequence[Restatement], topics: Topics
) -> Iterator[TextRuns]:
    if not asked.new:
        yield plain_runs(f"No commitments were added {asked.words}.")
    else:
        documents = {one.document for one in asked.new}
        total = TextRun(counted_noun(len(asked.new), "commitment"), Style.STRONG)
        yield (
            total,
            TextRun(
                f" in {counted_noun(len(documents), 'instrument')} {'was' if len(asked.new) == 1 else 'were'} added."
            ),
        )
        yield (
            TextRun(f"{len(fresh):,}", Style.STRONG),
            TextRun(" new, without similar earlier wording: "),
            _to("new", "see the list"),
        )
    for mark, title in _RELATIONS:
        number = sum(relation(one) is mark for one in restated)
        if number:
            yield (
                TextRun(f"{number:,}", Style.STRONG),
                TextRun(f" {title[0].lower()}{title[1:]}: "),
                _to(mark.value, "see the comparison"),
            )
    if topics:
        names = [name for _, name in topics]
        listed = "; ".join(names[:_NAMED]) + ("; and others" if len(names) > _NAMED else "")
        yield (
            TextRun(counted_noun(len(topics), "topic"), Style.STRONG),
            TextRun(f" addressed for the first time: {listed}. "),
            _to("topics", "See the list"),
        )
    due = sum(bool(one.deadlines) for one in asked.new)
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


def _new_entry(one: Statement, shelf: EntryMaker) -> ReportEntry:
    others = ", ".join(theme(area) for area in one.areas[1:])
    return shelf.entry(one, more=[("Also about", plain_runs(others) if others else ())])


def _restated_section(
    mark: NoveltyMark, title: str, restated: Sequence[Restatement], shelf: EntryMaker
) -> ReportSection | None:
    some = [one for one in restated if relation(one) is mark]
    if not some:
        return None
    entries = tuple(_restated_entry(one, mark, shelf) for one in some)
    return ReportSection(mark.value, title, entries, count=len(some))


def _restated_entry(found: Restatement, mark: NoveltyMark, shelf: EntryMaker) -> ReportEntry:
    earlier = found.earlier
    when = f" of {earlier.date.year}" if earlier.date else ""
    facts: list[tuple[str, TextRuns]] = [
        ("Earlier", (shelf.reference(earlier), TextRun(f"{when}, {earlier.strength.value}")))
    ]
    if found.shared_words >= SHARED_WORDS:
        return shelf.entry(found.later, mark, word_diff(earlier.reading, found.later.reading), facts)
    # With so few words in common, a word-by-word comparison is unreadable.
    facts.append(("Earlier wording", plain_runs(" ".join(earlier.reading.split()))))
    return shelf.entry(found.later, mark, more=facts)


def _withdrawn_section(asked: Scope, shelf: EntryMaker) -> ReportSection | None:
    if not asked.comparison or not asked.comparison.withdrawn:
        return None
    entries = tuple(shelf.entry(one, NoveltyMark.WITHDRAWN) for one in asked.comparison.withdrawn)
    return ReportSection("withdrawn", "Withdrawn from the dataset", entries, count=len(entries))


def _topics_section(topics: Topics, shelf: EntryMaker) -> ReportSection | None:
    if not topics:
        return None
    order = {area: at for at, area in enumerate(THREAT_AREAS)}
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
            f"{divides} A new commitment restates an earlier one if their similarity (cosine) is at least {CLOSE}, or at least "
            f"{NEAR} with {SHARED_WORDS:.0%} of the words in common. The cosine compares subjects, not intentions: read both "
            "texts before you call one a step back. In comparisons, added words are underlined and removed words are struck "
            "through."
        ),
        (
            "A topic is a sub-theme of the overview; it is addressed for the first time if no earlier commitment in the dataset "
            "belongs to it."
        ),
    ]


def _rows(
    asked: Scope, fresh: Sequence[Statement], restated: Sequence[Restatement], shelf: EntryMaker
) -> Iterator[dict[str, Any]]:
    for one in fresh:
        yield row(one, shelf, mark=NoveltyMark.NEW.value, **_places(one))
    for found in restated:
        earlier = f"{found.earlier.citation}: {' '.join(found.earlier.reading.split())}"
        yield row(found.later, shelf, mark=relation(found).value, earlier=earlier, **_places(found.later))
    for one in asked.comparison.withdrawn if asked.comparison else ():
        yield row(one, shelf, mark=NoveltyMark.WITHDRAWN.value, **_places(one))


def _places(one: Statement) -> dict[str, str]:
    return {
        "theme": "; ".join(theme(area) for area in one.areas),
        "sub_theme": "; ".join(subtheme(area, one) for area in one.areas),
    }

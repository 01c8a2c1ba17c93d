"""What changed in a saved search since an earlier version: new, changed and withdrawn commitments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from osce_commitments import query
from osce_commitments.report.compare.editions import EditionChange, compare_editions
from osce_commitments.report.compare.word_diff import word_diff
from osce_commitments.report.entries import ROW_COLUMNS, EntryMaker, in_plain, row, theme
from osce_commitments.report.method import edition, method
from osce_commitments.report.model import (
    NoveltyMark,
    Report,
    ReportEntry,
    ReportParagraph,
    ReportSection,
    TextRuns,
    plain_runs,
)
from osce_commitments.report.selection import selection_in_words
from osce_commitments.report.statements import Statement, select
from osce_commitments.texts.printable import counted_noun

if TYPE_CHECKING:
    from osce_commitments.query import Reader, Selection
    from osce_commitments.report.watches import Watch

_NAMES = {"reading": "wording", "areas": "threat areas", "reports": "reporting duty"}


def watched(reader: Reader, before: Reader, selection: Selection, name: str, *, base: str = "") -> Report:
    """The report on what a search finds now and did not find before, or finds in other words.

    Args:
        reader: The dataset version.
        before: The same dataset at an earlier version.
        selection: The saved search.
        name: Its name.
        base: Address of the page, for links.

    Returns:
        The report. It has no rows if nothing changed.
    """
    now = select(reader, selection)
    found = compare_editions(select(before, selection), now)
    changed = sorted(found.changed.values(), key=lambda change: [one.id for one in now].index(change.after.id))
    shelf = EntryMaker(base)
    parts = (
        ("new", "New", [shelf.entry(one, NoveltyMark.NEW) for one in found.new]),
        ("changed", "Changed", [_changed(one, shelf) for one in changed]),
        ("withdrawn", "No longer found", [shelf.entry(one, NoveltyMark.WITHDRAWN) for one in found.withdrawn]),
    )
    counts = f"{len(found.new):,} new, {len(changed):,} changed, {len(found.withdrawn):,} no longer found"
    summary = (
        f"{counts[:1].upper()}{counts[1:]} since version {before.version}.",
        f"The search finds {counted_noun(len(now), 'commitment')} now.",
    )
    return Report(
        kind="watch",
        title=name,
        subtitle=selection_in_words(selection, "All commitments."),
        edition=f"{edition(reader)}, compared with version {before.version}",
        written_at=reader.info.created_at,
        sections=(
            ReportSection(
                "summary", "In brief", tuple(ReportParagraph(plain_runs(text), is_item=True) for text in summary)
            ),
            *(
                ReportSection(key, title, tuple(entries), count=len(entries))
                for key, title, entries in parts
                if entries
            ),
            method(reader, now, ()),
        ),
        columns=ROW_COLUMNS,
        rows=tuple(_rows(found.new, changed, found.withdrawn, shelf)),
    )


def watch_reports(reader: Reader, watches: Iterable[Watch], *, base: str = "") -> list[Report]:
    """The reports on those saved searches in which something changed since they were last compared.

    Args:
        reader: The dataset version to compare with.
        watches: The saved searches.
        base: Address of the page, for links.

    Raises:
        ConfigError: If a saved condition is no longer valid.
        DatasetError: If the version that a search was compared with does not exist.
    """
    found = []
    for watch in watches:
        if watch.seen < reader.version:
            before = query.Reader(reader.dataset.path, watch.seen)
            found.append(watched(reader, before, watch.selection, watch.name, base=base))
    return [report for report in found if report.rows]


def _changed(change: EditionChange, shelf: EntryMaker) -> ReportEntry:
    reading: TextRuns | None = None
    if "reading" in change.fields:
        reading = word_diff(change.before.reading, change.after.reading)
    facts = [
        (f"Earlier {_NAMES.get(name, in_plain(name))}", plain_runs(_value(change.before, name)))
        for name in change.fields
        if name != "reading"
    ]
    return shelf.entry(change.after, NoveltyMark.CHANGED, reading, facts)


def _value(statement: Statement, name: str) -> str:
    value = getattr(statement, name)
    if name == "areas":
        return ", ".join(map(theme, value)) or "none"
    if name == "deadlines":
        return "; ".join(due.in_words for due in value) or "none"
    return (in_plain(value) if isinstance(value, str) else ", ".join(map(in_plain, value))) or "none"


def _rows(
    new: Sequence[Statement], changed: Sequence[EditionChange], withdrawn: Sequence[Statement], shelf: EntryMaker
) -> Iterator[dict[str, Any]]:
    for one in new:
        yield row(one, shelf, mark=NoveltyMark.NEW.value)
    for change in changed:
        earlier = " ".join(change.before.reading.split())
        yield row(change.after, shelf, mark=NoveltyMark.CHANGED.value, earlier=earlier)
    for one in withdrawn:
        yield row(one, shelf, mark=NoveltyMark.WITHDRAWN.value)

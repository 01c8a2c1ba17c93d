"""A report that is too long to print, cut to the first commitments of an order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from osce_commitments.query.ranking import checked_order
from osce_commitments.report.model import (
    Report,
    ReportBlock,
    ReportEntry,
    ReportParagraph,
    ReportSection,
    Style,
    Table,
    TextRun,
)
from osce_commitments.report.statements import first_ids

if TYPE_CHECKING:
    from osce_commitments.query import Reader
    from osce_commitments.report.selection import Selection

MOST_PRINTED = 1_000  # commitments, on some 130 pages
_FIRST = {
    "newest": "the newest",
    "oldest": "the oldest",
    "firmest": "the firmest",
    "due": "the first due",
    "relevance": "the most relevant",
}


def to_print(report: Report, reader: Reader, selection: Selection, order: str = "", most: int = MOST_PRINTED) -> Report:
    """An overview with at most some of its commitments; numbers, charts, rows and events stay those of all.

    Args:
        report: The whole report; its first section is the summary.
        reader: Its dataset version.
        selection: Its selection.
        order: Order of :meth:`Reader.search` in which they are the first; by default relevance with words, else newest.
        most: How many, besides those that are marked as new or changed; 0 for all.
    """
    total = len({entry.provision for entry in _entries(report.sections)})
    if not most or total <= most:
        return report
    marked = {entry.provision for entry in _entries(report.sections) if entry.mark}
    shown = first_ids(reader, selection, _order(order, selection.text), most) | marked
    said = f"Printed here: {len(shown):,} of {total:,} commitments, {first_of(order, selection.text)}{' and those with a mark' if marked else ''}. "
    note = "Numbers and charts are of all of them. The HTML and CSV files of this report have every commitment."
    summary, *sections = report.sections
    first = ReportParagraph((TextRun(said, Style.STRONG), TextRun(note)))
    begin = replace(summary, blocks=(first, *summary.blocks))
    cut = (_cut(one, shown) for one in sections)
    kept = (one for one in cut if one.blocks or one.sections)
    return replace(report, sections=(begin, *kept), left_out=total - len(shown))


def first_of(order: str, text: str) -> str:
    """The commitments that a shortened report has, in words: "the newest"."""
    return _FIRST[_order(order, text)]


def _order(order: str, text: str) -> str:
    return checked_order(order) or ("relevance" if text else "newest")


def _entries(sections: tuple[ReportSection, ...]) -> Iterator[ReportEntry]:
    for section in sections:
        yield from (block for block in section.blocks if isinstance(block, ReportEntry))
        yield from _entries(section.sections)


def _cut(section: ReportSection, shown: Collection[str]) -> ReportSection:
    """The section with what is shown; it names the parts of which nothing is."""
    blocks = [found for block in section.blocks if (found := _kept(block, shown))]
    parts = [_cut(one, shown) for one in section.sections]
    if empty := [f"{one.title} ({one.count:,})" for one in parts if one.count and not one.sections]:
        blocks.append(ReportParagraph((TextRun(f"Not printed: {', '.join(empty)}.", Style.MUTED),)))
    kept = tuple(one for one in parts if one.blocks or one.sections)
    cut = replace(section, blocks=tuple(blocks), sections=kept)
    return cut if section.count is None else replace(cut, printed=len({entry.provision for entry in _entries((cut,))}))


def _kept(block: ReportBlock, shown: Collection[str]) -> ReportBlock | None:
    if isinstance(block, ReportEntry):
        return block if block.provision in shown else None
    if not isinstance(block, Table):
        return block
    rows = tuple(row for row in block.rows if all(_is_shown(run, shown) for cell in row for run in cell))
    return replace(block, rows=rows) if rows else None


def _is_shown(run: TextRun, shown: Collection[str]) -> bool:
    return not run.target.startswith("#p") or run.target[1:] in shown

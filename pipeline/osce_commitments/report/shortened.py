"""A report that is too long to print, cut to the first commitments of an order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from osce_commitments.query.selection import checked_order
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

MOST_PRINTED = 1_000  # commitments, on some 130 pages
_FIRST = {
    "newest": "the newest",
    "oldest": "the oldest",
    "firmest": "the firmest",
    "due": "the first due",
    "relevance": "the most relevant",
}


def shortened(report: Report, shown: Collection[str], total: int, first: str) -> Report:
    """An overview with some of its commitments; numbers and charts stay those of all.

    Args:
        report: The report; its first section is the summary.
        shown: Ids of the provisions to print.
        total: Number of its commitments.
        first: Which they are, in words; see :func:`first_of`.
    """
    marked = any(entry.mark for entry in _entries(report.sections))
    said = (
        f"Printed here: {len(shown):,} of {total:,} commitments, {first}{' and those with a mark' if marked else ''}. "
    )
    note = "Numbers and charts are of all of them. The HTML and CSV files of this report have every commitment."
    summary, *sections = report.sections
    begin = ReportParagraph((TextRun(said, Style.STRONG), TextRun(note)))
    cut = (_cut(section, shown) for section in sections)
    kept = (one for one in cut if one.blocks or one.sections)
    begins = replace(summary, blocks=(begin, *summary.blocks))
    return replace(report, sections=(begins, *kept), left_out=total - len(shown))


def first_of(order: str, text: str) -> str:
    """The commitments that a shortened report has, in words: "the newest"."""
    return _FIRST[checked_order(order) or ("relevance" if text else "newest")]


def _entries(sections: tuple[ReportSection, ...]) -> Iterator[ReportEntry]:
    for section in sections:
        yield from (block for block in section.blocks if isinstance(block, ReportEntry))
        yield from _entries(section.sections)


def _cut(section: ReportSection, shown: Collection[str]) -> ReportSection:
    """The section with what is shown; it names the parts of which nothing is."""
    blocks = [found for block in section.blocks if (found := _kept(block, shown))]
    parts = [_cut(one, shown) for one in section.sections]
    if empty := [f"{part.title} ({part.count:,})" for part in parts if part.count and not part.sections]:
        blocks.append(ReportParagraph((TextRun(f"Not printed: {', '.join(empty)}.", Style.MUTED),)))
    kept = tuple(part for part in parts if part.blocks or part.sections)
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

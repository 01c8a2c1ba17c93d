"""A report before it is written: sections of paragraphs, tables, charts and provisions.

Writers turn it into HTML, Word, Markdown or rows. Text is kept as runs, never as markup, so that the text of a document
cannot become a tag or a link.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from osce_commitments.labels import ObligationStrength

# Widths of the columns of a printed table.
_ROWS_MEASURED, _MOST_CHARACTERS, _MARGIN = 400, 100, 3
_BOLD = 1.3  # a heading is bold, and so wider
_SHORT = 16  # rows of a table that is kept whole on a page
_BREAK = re.compile("[ -]")  # no hard blank, as in a date
_LONG_WORDS = 0.98  # longer words than those of this share of the cells may be broken


class Style(StrEnum):
    """Style of a run of text."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    ADDED = "added"
    REMOVED = "removed"


class NoveltyMark(StrEnum):
    """Relation of a provision to an earlier edition or to earlier provisions."""

    NONE = ""
    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    FIRMER = "firmer"
    SOFTER = "softer"
    WIDENED = "widened"
    REPEATED = "repeated"
    DROPPED = "dropped"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words in one style.

    Attributes:
        target: Address of a link, or ``#`` and the id of a provision or section of the report; empty for no link.
    """

    text: str
    style: Style = Style.PLAIN
    target: str = ""


TextRuns = tuple[TextRun, ...]


def plain_runs(text: object) -> TextRuns:
    """Text in plain style."""
    return (TextRun(str(text)),)


@dataclass(frozen=True, slots=True)
class ReportParagraph:
    """A paragraph; an item of a list if ``is_item``."""

    runs: TextRuns
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        columns: Headings of the columns.
        rows: Cells; the first cell of a row is its heading.
        numeric: Positions of the columns with numbers.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[TextRuns, ...], ...]
    numeric: frozenset[int] = frozenset()

    @property
    def is_short(self) -> bool:
        """Whether it is kept whole on a page."""
        return len(self.rows) <= _SHORT

    def column_shares(self, line: int) -> list[float]:
        """The share of each column of a page with so many characters on a line: its usual words whole, then by its cells."""
        least, lacking = [], []
        for index, name in enumerate(self.columns):
            cells = [text for row in self.rows[:_ROWS_MEASURED] if (text := "".join(run.text for run in row[index]))]
            longest = sorted(max(map(len, _BREAK.split(cell))) for cell in cells)
            usual = longest[min(int(len(longest) * _LONG_WORDS), len(longest) - 1)] if longest else 0
            width = max(max(map(len, _BREAK.split(name))) * _BOLD, usual) + _MARGIN
            least.append(width)
            wished = min(sum(map(len, cells)) / max(len(cells), 1), _MOST_CHARACTERS)
            lacking.append(max(wished - width, 0.1))
        room = max(line - sum(least), 0)
        widths = [width + room * lack / sum(lacking) for width, lack in zip(least, lacking, strict=True)]
        return [width / sum(widths) for width in widths]


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, drawn when a writer needs it: as SVG for HTML, as PNG for Word and PDF.

    Attributes:
        drawn: Draws it as "svg" or "png".
        alt: Text for readers who cannot see it.
        width: Width in inches.
    """

    drawn: Callable[[str], bytes]
    alt: str
    caption: str
    width: float


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A provision in a report.

    Attributes:
        provision: Its id.
        anchor: Id of the place in the report; empty if the provision appeared before.
        reading: Its words; in a comparison with added and removed words.
        citation: Its citation, with a link if there is one.
        facts: Names and values: addressee, qualifiers, deadlines, …
    """

    provision: str
    anchor: str
    strength: ObligationStrength
    mark: NoveltyMark
    reading: TextRuns
    citation: TextRun
    facts: tuple[tuple[str, TextRuns], ...] = ()


ReportBlock = ReportParagraph | Table | Figure | ReportEntry


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A part of a report under its heading.

    Attributes:
        id: Unique in the report.
        count: Number of provisions, shown with the heading; None for no number.
        printed: How many of these the section has, if the report is shortened.
        is_listed: Whether the table of contents lists it.
    """

    id: str
    title: str
    blocks: tuple[ReportBlock, ...] = ()
    sections: tuple[ReportSection, ...] = ()
    count: int | None = None
    is_listed: bool = True
    printed: int | None = None

    @property
    def counted(self) -> str:
        """The number of provisions with the heading: "83", "40 of 83", or nothing."""
        if self.count is None:
            return ""
        is_whole = self.printed in (None, self.count)
        return f"{self.count:,}" if is_whole else f"{self.printed:,} of {self.count:,}"

    def keeps_next(self, position: int) -> bool:
        """Whether no page may end after a block: words above the first part, and the paragraph before the last one."""
        last = len(self.blocks) - 1
        if self.sections or not isinstance(self.blocks[-1], ReportParagraph):
            return bool(self.sections) and position == last and isinstance(self.blocks[position], ReportParagraph)
        return position == last - 1 and isinstance(self.blocks[position], ReportParagraph)


def paragraph(text: str) -> ReportParagraph:
    """A paragraph of plain words."""
    return ReportParagraph(plain_runs(text))


def findings(runs: Iterable[TextRuns]) -> tuple[ReportParagraph, ...]:
    """The items of a list."""
    return tuple(ReportParagraph(finding, is_item=True) for finding in runs)


def entries_section(key: str, title: str, entries: Iterable[ReportEntry], words: str = "") -> ReportSection:
    """A section of commitments and their count, after an optional paragraph; it has no blocks if there are no commitments."""
    blocks = tuple(entries)
    return ReportSection(key, title, (paragraph(words), *blocks) if words and blocks else blocks, count=len(blocks))


def table_section(key: str, title: str, table: Table) -> ReportSection:
    """A section of one table; without blocks if it has no rows."""
    return ReportSection(key, title, (table,) if table.rows else ())


@dataclass(frozen=True, slots=True)
class ReportEvent:
    """A day in a calendar.

    Attributes:
        id: Stable: the provision and the position of its deadline.
        link: Address of the provision's page; may be empty.
    """

    id: str
    first: dt.date
    last: dt.date
    summary: str
    description: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """What a person writes on a report; an empty field is left out.

    Attributes:
        title: Title in place of the usual one.
        audience: Name of the reader.
        author: Name of the writer.
        day: Day of the report, as written.
        marking: Marking of confidentiality, repeated on every page.
    """

    title: str = ""
    audience: str = ""
    author: str = ""
    day: str = ""
    marking: str = ""

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """Names and values of the lines below the title."""
        named = (("For", self.audience), ("Prepared by", self.author), ("Date", self.day))
        return tuple((name, value) for name, value in named if value)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        kind: ``overview``, ``digest``, ``gaps`` or ``watch``.
        subtitle: The selection in one sentence.
        edition: Version of the dataset, in words.
        written_at: Time of that version, so that the same report has the same bytes.
        sections: In order; the first is the summary.
        columns: Names and Arrow types of the rows.
        rows: The content as rows of a table.
        events: Deadlines for a calendar.
        cover: What its writer put on it.
        left_out: Number of commitments that are not printed.
    """

    kind: str
    title: str
    subtitle: str
    edition: str
    written_at: dt.datetime
    sections: tuple[ReportSection, ...]
    columns: tuple[tuple[str, str], ...]
    rows: tuple[dict[str, Any], ...]
    events: tuple[ReportEvent, ...] = field(default=())
    cover: Cover = Cover()
    left_out: int = 0

    def under(self, cover: Cover) -> Report:
        """The report with what its writer puts on it."""
        return replace(self, cover=cover, title=cover.title or self.title)

    def contents(self) -> Iterator[tuple[int, ReportSection]]:
        """Sections of the table of contents, each with its depth from 0."""
        waiting = [(0, section) for section in reversed(self.sections)]
        while waiting:
            depth, section = waiting.pop()
            if section.is_listed:
                yield depth, section
                waiting += [(depth + 1, part) for part in reversed(section.sections)]

    @property
    def new_pages(self) -> tuple[int, ...]:
        """Which sections begin on a new page: a summary with parts fills one, and a short one follows the contents."""
        return (0, 1) if self.sections[0].sections else (1,)

    def anchors(self) -> frozenset[str]:
        """Ids of the sections and provisions that a link can lead to."""
        sections = list(self.sections)
        for section in sections:  # the list grows by their parts
            sections += section.sections
        entries = (block for section in sections for block in section.blocks if isinstance(block, ReportEntry))
        return frozenset(section.id for section in sections) | {entry.anchor for entry in entries if entry.anchor}

"""What a report is, before it is written: sections of paragraphs, tables, pictures and provisions.

Writers turn it into a page, a document, Markdown or rows. Text is held as runs, never as markup: what a document says
can become neither a tag nor a link.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from osce_commitments.labels import ObligationStrength


class Style(StrEnum):
    """How a run of text looks."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    ADDED = "added"
    REMOVED = "removed"


class NoveltyMark(StrEnum):
    """What a provision is to an earlier edition or to earlier provisions."""

    NONE = ""
    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    STRONGER = "stronger"
    WEAKER = "weaker"
    RESTATED = "restated"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Words in one style.

    Attributes:
        target: Address that they lead to, or ``#`` and the id of a provision or section of the report; empty if none.
    """

    text: str
    style: Style = Style.PLAIN
    target: str = ""


TextRuns = tuple[TextRun, ...]


def plain_runs(text: object) -> TextRuns:
    """Text in the usual style."""
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
        caption: What it shows.
        columns: Heads of the columns.
        rows: Cells; a row names what it is about in its first cell.
        numeric: Positions of the columns that hold figures.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[TextRuns, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture.

    Attributes:
        svg: For a page.
        png: For a document.
        alt: What it shows, in words, for those who do not see it.
        width: Width in inches.
    """

    svg: str
    png: bytes
    alt: str
    caption: str
    width: float


@dataclass(frozen=True, slots=True)
class ReportEntry:
    """A provision as a report shows it.

    Attributes:
        provision: Its id.
        anchor: Id of the place in the report; empty where the provision was shown before.
        reading: Its words; with added and removed ones where it is compared.
        citation: Where it stands, with a link if there is one.
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
        count: Number of provisions in it, to be shown with the heading; None if it holds none.
        is_listed: It stands in the table of contents.
    """

    id: str
    title: str
    blocks: tuple[ReportBlock, ...] = ()
    sections: tuple[ReportSection, ...] = ()
    count: int | None = None
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class ReportEvent:
    """A day in a calendar.

    Attributes:
        id: Stable: the provision and the position of its deadline.
        first, last: First and last day.
        link: Address of the provision's page; empty if none is known.
    """

    id: str
    first: dt.date
    last: dt.date
    summary: str
    description: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        kind: ``overview``, ``digest`` or ``gaps``.
        subtitle: What was asked, in one sentence.
        edition: Version of the dataset, in words.
        written_at: Moment of that version: a report holds no other clock.
        sections: In order; the first is the summary.
        columns: Names and Arrow types of the rows.
        rows: The same facts as rows of a table.
        events: Deadlines for a calendar.
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

    def contents(self) -> Iterator[tuple[int, ReportSection]]:
        """Sections of the table of contents with their depth, from 0."""
        return _listed(self.sections, 0)


def _listed(sections: tuple[ReportSection, ...], depth: int) -> Iterator[tuple[int, ReportSection]]:
    for section in sections:
        if section.is_listed:
            yield depth, section
            yield from _listed(section.sections, depth + 1)

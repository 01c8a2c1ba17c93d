"""Commitments as entries of a report and as rows of its table."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from osce_commitments.fields import columns_at
from osce_commitments.fields.column import At, Column, Place
from osce_commitments.labels import ThreatArea
from osce_commitments.report.calendar import in_words
from osce_commitments.report.model import NoveltyMark, ReportEntry, Style, TextRun, TextRuns, plain_runs
from osce_commitments.report.statements import Statement, name_of_area
from osce_commitments.texts.diff import differences

_REFERENCES = 4
# Columns that only the rows of a report have.
OWN_COLUMNS = tuple(
    Column(name, "string", description, shown={Place.REPORT: At(left)})
    for name, description, left in (
        ("theme", "threat area", ""),
        ("sub_theme", "sub-theme", "theme"),
        ("mark", "relation to earlier commitments", "year"),
        ("earlier", "earlier wording", "reading"),
    )
)
_PLAIN = ("int32", "bool")
ROW_COLUMNS = tuple(
    (column.name_at(Place.REPORT), column.type if column.type in _PLAIN else "string")
    for column in columns_at(Place.REPORT, OWN_COLUMNS)
)


class EntryMaker:
    """Makes entries; each provision has an anchor where it first appears.

    ``base`` is the address of the page for links, if there is one; the notes of a person are by id of the provision.
    """

    def __init__(self, base: str = "", notes: Mapping[str, str] | None = None) -> None:
        self.base = base.rstrip("/")
        self._notes = notes or {}
        self._shown: set[str] = set()

    def entry(
        self,
        statement: Statement,
        mark: NoveltyMark = NoveltyMark.NONE,
        reading: TextRuns | None = None,
        more: Iterable[tuple[str, TextRuns]] = (),
    ) -> ReportEntry:
        """A commitment with its facts."""
        anchor = "" if statement.id in self._shown else statement.id
        self._shown.add(statement.id)
        note = self._notes.get(statement.id, "")
        words = [
            ("Document", statement.doubt),
            ("Addressee", ", ".join(statement.addressee)),
            ("Qualifier", ", ".join(in_plain(name) for name in statement.qualifiers)),
            ("When", "; ".join(due.in_words for due in statement.deadlines)),
            ("Reporting", "; ".join(in_words(ref) for ref in statement.reports)),
        ]
        facts: list[tuple[str, TextRuns]] = [(name, plain_runs(value)) for name, value in words if value]
        if statement.corrected_by:
            facts.append(("Label", (TextRun(f"checked by {statement.corrected_by}", Style.MUTED),)))
        if statement.needs_review:
            facts.append(("Label", (TextRun("needs review", Style.MUTED),)))
        facts += [*more, ("Note", plain_runs(note) if note else ())]
        return ReportEntry(
            provision=statement.id,
            anchor=anchor,
            strength=statement.strength,
            mark=mark,
            reading=reading or (TextRun(" ".join(statement.reading.split())),),
            citation=TextRun(statement.citation, target=self.link(statement)),
            facts=tuple((name, runs) for name, runs in facts if runs),
        )

    def link(self, statement: Statement) -> str:
        """Address of a commitment: on the page, else of its source if that is a web address."""
        if self.base:
            return f"{self.base}{statement.link}"
        return statement.source if statement.source.startswith(("http://", "https://")) else ""

    def cited(self, provision: Mapping[str, Any]) -> TextRun:
        """The citation of a provision that need not be in the report, with a link to its page if there is one."""
        return TextRun(provision["citation"], target=f"{self.base}{provision['link']}" if self.base else "")

    def references(self, statements: Sequence[Statement]) -> TextRuns:
        """The citations of the first few commitments, and the number of the others.

        A link leads to the commitment in the report, else to its page.
        """
        runs: list[TextRun] = []
        for statement in statements[:_REFERENCES]:
            target = f"#{statement.id}" if statement.id in self._shown else self.link(statement)
            runs += [TextRun("; "), TextRun(statement.citation, target=target)]
        runs = runs[1:]
        if len(statements) > _REFERENCES:
            runs.append(TextRun(f" and {len(statements) - _REFERENCES:,} more", Style.MUTED))
        return tuple(runs)


def in_plain(label: str) -> str:
    """A label without underscores."""
    return label.replace("_", " ")


def theme(area: ThreatArea) -> str:
    """A threat area as a heading."""
    name = name_of_area(area)
    return f"{name[0].upper()}{name[1:]}"


def row(statement: Statement, maker: EntryMaker, **values: object) -> dict[str, Any]:
    """A commitment as a row; ``values`` are its theme, sub-theme, mark and earlier wording."""
    facts: dict[str, Any] = dict.fromkeys(("theme", "sub_theme", "mark", "earlier"), "")
    return {**facts, **statement.cells, "link": maker.link(statement), **values}


def word_diff(before: str, after: str) -> TextRuns:
    """One text with the words removed from ``before`` and the words added in ``after``.

    Letter case and white space are ignored; unchanged words are printed as in ``after``.
    """
    runs: list[TextRun] = []
    for part in differences(before, after):
        removed, added = (" ".join(text.split()) for text in (part.before, part.after))
        if part.is_same:
            runs.append(TextRun(added))
        else:
            runs += [TextRun(text, style) for text, style in ((removed, Style.REMOVED), (added, Style.ADDED)) if text]
    for index, (run, after_it) in enumerate(itertools.pairwise(runs)):
        if not re.match(r"[,;.:)]", after_it.text):
            runs[index] = TextRun(f"{run.text} ", run.style)
    return tuple(runs)

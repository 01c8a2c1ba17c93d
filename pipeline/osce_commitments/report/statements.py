"""The commitments among a selection, which reports are about, and the words for that selection."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Self, TypeVar

from osce_commitments.errors import ConfigError
from osce_commitments.fields import columns_at
from osce_commitments.fields.column import Place
from osce_commitments.labels import (
    ACT_ROLES,
    STRENGTHS,
    Adopted,
    Basis,
    ObligationStrength,
    Qualifier,
    TagKind,
    TextForm,
    ThreatArea,
)
from osce_commitments.query import Reader, Selection, document_citation, provision_link
from osce_commitments.query.cite import citation
from osce_commitments.query.conditions import CONDITIONS, NO_AREA, TEXT
from osce_commitments.query.search.language import exclusions, in_prose, parse_query
from osce_commitments.report.subthemes import subthemes_of_rows
from osce_commitments.schema import Row
from osce_commitments.texts.dates import first_and_last_day
from osce_commitments.texts.limits import is_limit

_T = TypeVar("_T")

_REPORTED = columns_at(Place.REPORT)
_COPIED = ("id", "date", "year", "needs_review", "corrected_by")
_TEXTS = ("text", "lead_in", "heading", "title")  # they give the sub-theme
HIGHLIGHTS = 4  # commitments of each kind in the summary of an overview
_AT_ONCE = 2_000  # rows whose sub-themes are found together


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline or regular interval.

    Attributes:
        text: As printed.
        ref: ISO 8601; empty if unknown.
        note: What it was counted from, or why there is no ref.
    """

    text: str
    ref: str
    note: str

    @property
    def days(self) -> tuple[str, str] | None:
        """First and last day, if it is dated."""
        return first_and_last_day(self.ref)

    @property
    def is_limit(self) -> bool:
        """Whether something is due by it: no day from which something holds, no length of a mandate or other period."""
        return is_limit(self.text, self.days)

    @property
    def in_words(self) -> str:
        """As printed, with the last day where the words do not name its year."""
        names_year = not self.days or self.days[1][:4] in self.text
        return self.text if names_year else f"{self.text} ({self.last_day})"

    @property
    def last_day(self) -> str:
        """The last day in words; empty if undated."""
        return day(dt.date.fromisoformat(self.days[1])) if self.days else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a report counts of a commitment, or of several that are counted alike: all but their words.

    Attributes:
        id, document, date: Empty for several.
        times: Number of these commitments.
        area_basis: What each of ``areas`` stands on.
        subthemes: The sub-theme in each of ``areas``.
        reports: Reporting duties: "who > to whom".
        corrected_by: Persons who checked or corrected its labels; empty if nobody did.
    """

    id: str
    document: str
    date: dt.date | None
    year: int | None
    strength: ObligationStrength
    areas: tuple[ThreatArea, ...]
    area_basis: tuple[Basis, ...]
    subthemes: tuple[str, ...]
    addressee: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    reports: tuple[str, ...]
    needs_review: bool
    corrected_by: str
    model_id: str
    times: int = 1

    @property
    def due(self) -> tuple[Deadline, ...]:
        """The deadlines and intervals by which something is due, without beginnings, mandates and other periods."""
        return tuple(deadline for deadline in self.deadlines if deadline.is_limit)

    def subtheme(self, area: ThreatArea) -> str:
        """The sub-theme of one of its areas that it belongs to."""
        return self.subthemes[self.areas.index(area)]

    def on(self, bases: Collection[Basis]) -> Self:
        """The commitment with only the areas on some bases."""
        indexes = [index for index, basis in enumerate(self.area_basis) if basis in bases]
        return replace(
            self,
            areas=tuple(self.areas[index] for index in indexes),
            area_basis=tuple(self.area_basis[index] for index in indexes),
            subthemes=tuple(self.subthemes[index] for index in indexes),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Outline):
    """A commitment.

    Attributes:
        instrument: Citation of its document.
        cites: Symbols of cited instruments.
        cue: Words that explain the strength; empty if none.
        cells: Its cells in the rows of a report, by their names there.
    """

    source: str
    symbol: str
    instrument: str
    citation: str
    link: str
    adopted: Adopted
    form: TextForm
    title: str
    heading: tuple[str, ...]
    number: str
    lead_in: str
    text: str
    reading: str
    qualifiers: tuple[Qualifier, ...]
    cites: tuple[str, ...]
    cue: str
    cells: Mapping[str, Any]

    @property
    def doubt(self) -> str:
        """Words for the states of a document for which its acts do not count; empty for one whose acts do."""
        adopted = {Adopted.NO: "not adopted", Adopted.UNKNOWN: "adoption unknown"}.get(self.adopted, "")
        return ", ".join(filter(None, (adopted, "form unknown" if self.form is TextForm.UNKNOWN else "")))


def _outline(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _COPIED},
        "document": sys.intern(row["document"]),
        "model_id": sys.intern(row["model_id"]),
        "strength": ObligationStrength(row["strength"]),
        "areas": tuple(map(ThreatArea, row["threat_areas"])),
        "area_basis": tuple(map(Basis, row["area_basis"])),
        "subthemes": tuple(row["subthemes"]),
        "addressee": tuple(map(sys.intern, row["addressee"])),
        "deadlines": tuple(Deadline(one["text"], one["ref"], one["note"]) for one in row["deadlines"]),
        "reports": tuple(dict.fromkeys(row["reports"])),
    }


def commitments_of(selection: Selection) -> Selection:
    """The commitments among a selection; of adopted documents of known form, unless it names other states of these.

    Raises:
        ConfigError: If it has a condition that commitments have already, or is on provisions without an area.
    """
    conditions = {name: value for name, value in selection.conditions.items() if (name, value) != ("commitments", True)}
    if fixed := [
        condition.name for condition in CONDITIONS if condition.name in conditions and not condition.in_reports
    ]:
        msg = f"reports have no condition {fixed[0]!r}: commitments are operative text"
        raise ConfigError(msg, "leave this condition out, or write rows: --out FILE.csv")
    if NO_AREA in selection.values.get("area", ()):
        msg = f"there is no report on the area {NO_AREA!r}, the provisions without one"
        raise ConfigError(msg, f"leave this condition out, or choose from: {', '.join(ThreatArea)}")
    usual = {"strength": f">={STRENGTHS[1]}", "adopted": (Adopted.YES,), "form": (TextForm.KNOWN,)}
    return replace(selection, conditions={**usual, **conditions, "role": ACT_ROLES}, order="", limit=None, offset=0)


def topic_of(selection: Selection) -> str:
    """The areas, or the words, for the title of a report; empty if neither is chosen."""
    if areas := selection.values.get("area"):
        names = [name_of_area(area) for area in areas]
        return f"{', '.join(names[:-1])}{' and ' if len(names) > 1 else ''}{names[-1]}"
    node = parse_query(selection.text)
    return in_prose(node).replace("…", "") if node and not exclusions(node) else ""


def selection_in_words(selection: Selection, usual: str = "", *, with_areas: bool = True) -> str:
    """The areas and the other conditions as a sentence, or the usual words for all commitments.

    A title names the areas already.
    """
    parts, named = [], {"commitments", "area"}  # the areas are in the title of a report
    # The description begins with the dates and the body.
    for condition in sorted(CONDITIONS, key=lambda one: ["since", "until", "body", one.name].index(one.name)):
        if condition.name not in selection.values or condition.name in named:
            continue
        written = str(selection.conditions[condition.name]).strip()
        if condition.end in selection.values:
            named.add(condition.end)
            last = str(selection.conditions[condition.end]).strip()
            parts.append(condition.span.format(written, last) if written != last else condition.single.format(written))
        else:
            parts.append(condition.words(written, selection.values[condition.name]))
    if selection.query:
        parts.append(TEXT.words(in_prose(selection.query), selection.text))
    words = "; ".join(filter(None, parts))
    if with_areas and selection.values.get("area"):
        return f"On {topic_of(selection)}{f'; {words}' if words else ''}."
    return f"{words[0].upper()}{words[1:]}." if words else usual


def name_of_area(area: ThreatArea) -> str:
    """A threat area within a sentence."""
    name = area.value.replace("_", " ")
    return "ICT security" if name == "ict security" else name


def total(statements: Iterable[Outline]) -> int:
    """How many commitments these are."""
    return sum(statement.times for statement in statements)


def tally(found: Iterable[tuple[_T, int]]) -> Counter[_T]:
    """The sum of the numbers of each value."""
    counts: Counter[_T] = Counter()
    for value, times in found:
        counts[value] += times
    return counts


def _complete(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with what a report reads of their tags, and with their sub-themes."""
    import pyarrow as pa

    left = iter(rows)
    while batch := list(itertools.islice(left, _AT_ONCE)):
        table = pa.table(
            {
                name: pa.array(
                    [row[name] for row in batch],
                    pa.list_(pa.string()) if name in ("threat_areas", "heading") else pa.string(),
                )
                for name in (*_TEXTS, "threat_areas")
            }
        )
        for row, names in zip(batch, subthemes_of_rows(table).to_pylist(), strict=True):
            yield row | {
                "cue": (row["strength_cue"] or {}).get("text") or "",
                "cites": [one["symbol"] for one in row["mentions"] if one["symbol"]],
                "reports": [one["ref"] for one in row["tags"] if one["kind"] == TagKind.REPORT],
                "subthemes": names,
            }


def day(when: dt.date) -> str:
    """A day in words: "6 December 2011"."""
    return f"{when.day} {when:%B %Y}"


def loaded(
    reader: Reader, selection: Selection, order: str, most: int, today: dt.date
) -> tuple[Sequence[Outline], int]:
    """The commitments, oldest first, and the number of their documents.

    Of more than ``most``, only those that are printed have their words; the others come last, counted together where they
    are alike: very many of them fit into memory.
    """
    bases = selection.values.get("basis")
    alike: dict[Outline, Outline] = {}
    placed: list[tuple[str, dt.date, Outline]] = []  # id, day, and what is counted; oldest first
    documents = set()
    for row in _complete(reader.stream(commitments_of(selection))) if most else ():
        outline = Outline(**_outline(row) | {"id": "", "document": "", "date": None})
        outline = outline.on(bases) if bases else outline
        when = row["date"] or dt.date(row["year"] or 1, 1, 1)
        placed.append((row["id"], when, alike.setdefault(outline, outline)))
        documents.add(row["document"])
    if len(placed) <= most:
        statements = select(reader, selection)
        return statements, len({statement.document for statement in statements})
    # The summary names the first of the firmest, of the newest, and of those due next.
    newest = heapq.nlargest(HIGHLIGHTS, placed, key=lambda one: one[1])
    firmest = heapq.nlargest(HIGHLIGHTS, placed, key=lambda one: (one[2].strength.level, one[1]))
    days = ((when, key) for key, _, outline in placed for when in next_days(outline.deadlines, today))
    due = heapq.nsmallest(HIGHLIGHTS, days, key=itemgetter(0))
    named = (
        first_ids(reader, selection, order, most) | {key for key, *_ in (*newest, *firmest)} | {key for _, key in due}
    )
    counts = Counter(outline for key, _, outline in placed if key not in named)
    others = (replace(outline, times=count) for outline, count in counts.items())
    return [*select(reader, selection, named), *others], len(documents)


def next_days(deadlines: Iterable[Deadline], today: dt.date) -> list[dt.date]:
    """The last days of dated limits from today on."""
    days = (dt.date.fromisoformat(deadline.days[1]) for deadline in deadlines if deadline.days and deadline.is_limit)
    return [day for day in days if day >= today]


def select(reader: Reader, selection: Selection, ids: Iterable[str] | None = None) -> list[Statement]:
    """The selected commitments, oldest first, each with the areas that the selection counts."""
    rows = reader.rows(id=list(ids)) if ids is not None else reader.stream(commitments_of(selection))
    bases, statements = selection.values.get("basis"), []
    same = ("source", "symbol", "title", "number", "lead_in", "text", "reading", "cue")
    for row in _complete(rows):
        row |= {"citation": citation(row), "link": provision_link(row["id"])}
        statement = Statement(
            **_outline(row),
            **{name: row[name] for name in same},
            instrument=document_citation(row),
            citation=row["citation"],
            link=row["link"],
            adopted=Adopted(row["adopted"]),
            form=TextForm(row["form"] or TextForm.KNOWN),
            heading=tuple(row["heading"]),
            qualifiers=tuple(map(Qualifier, row["qualifiers"])),
            cites=tuple(dict.fromkeys(row["cites"])),
            cells={column.name_at(Place.REPORT): column.cell_at(Place.REPORT, row) for column in _REPORTED},
        )
        statements.append(statement.on(bases) if bases else statement)
    return statements


def first_ids(reader: Reader, selection: Selection, order: str, most: int) -> frozenset[str]:
    """The ids of the first selected commitments in an order of :meth:`Reader.search`; by default relevance with words, else newest."""
    asked: Any = order or ("relevance" if selection.text else "newest")
    return frozenset(hit.id for hit in reader.search(commitments_of(selection), limit=most, order=asked).hits)

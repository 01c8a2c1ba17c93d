"""What new commitments take up of earlier documents, and what they no longer repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.labels import Relation
from osce_commitments.lineage import procedure_of
from osce_commitments.report.model import NoveltyMark
from osce_commitments.report.statements import Statement

if TYPE_CHECKING:
    from osce_commitments.query import Reader, TakenUp
    from osce_commitments.schema import Row

_LEAST_BEFORE = 2  # editions in a row that repeated a commitment before it counts as dropped


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
        editions: Number of editions in a row that had it.
    """

    last: Statement
    edition: str
    editions: int


@dataclass(frozen=True, slots=True)
class LineageChanges:
    """What new commitments are, in view of earlier documents.

    Attributes:
        new: Those that take up nothing.
        taken_up: Those that take something up.
        dropped: What the new editions no longer repeat.
        procedure: Number of new commitments that are procedure; they are in none of the others.
    """

    new: tuple[Statement, ...]
    taken_up: tuple[LineChange, ...]
    dropped: tuple[Dropped, ...]
    procedure: int

    def marked(self, mark: NoveltyMark) -> list[LineChange]:
        """The changes of one kind."""
        return [one for one in self.taken_up if one.mark is mark]


def lineage_changes(reader: Reader, new: Sequence[Statement], every: Mapping[str, Statement]) -> LineageChanges:
    """Compare new commitments with what their documents take up.

    Args:
        reader: The dataset version.
        new: New commitments.
        every: All commitments that count, by id, with the new ones.
    """
    fresh, changes, procedure = [], [], 0
    books = {document: reader.taken_up(document) for document in dict.fromkeys(one.document for one in new)}
    for one in new:
        links, rows = books[one.document]
        main = next((link for link in links.get(one.id, ()) if link.later == one.id and link.is_main), None)
        part = next((link for link in links.get(one.id, ()) if link.later == one.id), None)
        link = main or part
        if (link and link.is_procedure) or procedure_of(one.reading):
            procedure += 1
        elif link is None:
            fresh.append(one)
        else:
            changes.append(LineChange(one, rows[link.earlier], link, _mark(link)))
    dropped = sorted(_dropped(reader, books, every), key=lambda one: (one.edition, one.last.citation))
    return LineageChanges(tuple(fresh), tuple(changes), tuple(dropped), procedure)


def _mark(link: TakenUp) -> NoveltyMark:
    if link.strength_change:
        return NoveltyMark.FIRMER if link.strength_change > 0 else NoveltyMark.SOFTER
    return NoveltyMark.WIDENED if link.relation is Relation.EXTENDED else NoveltyMark.REPEATED


def _dropped(
    reader: Reader,
    books: Mapping[str, tuple[Mapping[str, Sequence[TakenUp]], Mapping[str, Row]]],
    every: Mapping[str, Statement],
) -> Iterator[Dropped]:
    """Commitments of the edition before each new document that it does not take up, but that took up the one before."""
    for document, (links, rows) in books.items():
        before = _edition_before(document, links, rows)
        if not before:
            continue
        last_links, last_rows = reader.taken_up(before)
        older = _edition_before(before, last_links, last_rows)
        for key in last_rows:
            one = every.get(key)
            if one is None or one.document != before or not older:
                continue
            own = last_links.get(key, ())
            came = any(link.later == key and last_rows[link.earlier]["document"] == older for link in own)
            went = any(link.earlier == key and last_rows[link.later]["document"] == document for link in own)
            if came and not went and not procedure_of(one.reading):
                yield Dropped(one, rows[next(iter(_own(rows, document)))]["symbol"] or "the new edition", _LEAST_BEFORE)


def _own(rows: Mapping[str, Row], document: str) -> Iterator[str]:
    return (key for key, row in rows.items() if row["document"] == document)


def _edition_before(document: str, links: Mapping[str, Iterable[TakenUp]], rows: Mapping[str, Row]) -> str:
    """The earlier document that most provisions of a document take up, if it is more than a clause; empty if none."""
    counts: dict[str, int] = {}
    for key, some in links.items():
        for link in some:
            if link.later == key and link.is_main and rows[key]["document"] == document:
                other = rows[link.earlier]["document"]
                counts[other] = counts.get(other, 0) + 1
    best = max(counts, key=lambda one: (counts[one], one), default="")
    own = sum(row["document"] == document and row["role"] in ("operative", "annex") for row in rows.values())
    return best if best and counts[best] >= own / 3 else ""

"""The overview pages: matrix, timeline, comparison of documents or versions, about the dataset."""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request, Response

from osce_commitments.catalogue import body_name
from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.lineage import WordedDocument
from osce_commitments.lineage.pairs import link
from osce_commitments.query import NO_AREA, Counts
from osce_commitments.report import quality_lines
from osce_commitments.schema import Row
from osce_commitments.serve import charts
from osce_commitments.serve.parameters import Ask, Changed, Compared, Gridded, Paged, Pinned
from osce_commitments.serve.rendering import page
from osce_commitments.serve.shelf import MOST_CHANGES, document_name
from osce_commitments.serve.views.explore import book_of, last_page, left_out
from osce_commitments.texts.diff import Stretch, differences

if TYPE_CHECKING:
    from osce_commitments.serve.shelf import OpenVersion, OpenVersions

router = APIRouter(include_in_schema=False)

_ADDRESSEES, _LISTED_DOCUMENTS, _PERIOD_YEARS = 15, 50, 5
UNDATED = "undated"


@dataclass(frozen=True)
class MatrixGrid:
    """A heat map: counts of two values at once.

    Attributes:
        totals: Provisions by row; one with several columns counts once.
    """

    rows: Sequence[str]
    columns: Sequence[str]
    counts: Mapping[tuple[str, ...], int]
    totals: Mapping[str, int]

    @functools.cached_property
    def most(self) -> int:
        """The highest shaded count."""
        return max((count for pair, count in self.counts.items() if _is_shaded(pair)), default=0)

    def shade(self, row: str, column: str) -> int:
        """Shade of a cell; 0 for “no area” and “none”, whose high counts would hide the differences between the others."""
        return charts.shade(self.counts[row, column], self.most) if _is_shaded((row, column)) else 0

    def shown(self, row: str, column: str, unit: str) -> str:
        """A cell in words: the number, or its share of the row."""
        count = self.counts[row, column]
        if unit == "share":
            return f"{count / self.totals[row]:.0%}"
        return f"{count:,}"


def _is_shaded(pair: tuple[str, ...]) -> bool:
    return NO_AREA not in pair and STRENGTHS[0] not in pair


@router.get("/matrix")
def matrix_view(request: Request, ask: Annotated[Gridded, Query()]) -> Response:
    """Areas by strength and by period, addressees by area."""
    book = book_of(request, ask.version)
    selection = ask.carried.selection
    area_strength = book.count(selection, ("threat_areas", "strength"))
    addressee_area = book.count(selection, ("addressee", "threat_areas"))
    areas = _chosen_areas(ask) or [*map(str, THREAT_AREAS), NO_AREA]
    by_area: Counter[str] = Counter()
    for (area, _), count in area_strength.items():
        by_area[area] += count
    periods, by_period = _periods(book.count(selection, ("threat_areas", "year")))
    by_period += Counter(
        {(area, UNDATED): by_area[area] - sum(by_period[area, period] for period in periods) for area in areas}
    )
    columns = [*periods, *([UNDATED] if any(by_period[area, UNDATED] for area in areas) else [])]
    names: Counter[str] = Counter()
    for (name, _), count in addressee_area.items():
        names[name] += count
    listed = [name for name, _ in names.most_common(_ADDRESSEES)]
    strengths = [str(label) for label in reversed(STRENGTHS)]
    return page(
        request,
        "matrix.html",
        ask,
        book=book,
        strengths=MatrixGrid(
            areas,
            [strength for strength in strengths if any(area_strength[area, strength] for area in areas)],
            area_strength,
            by_area,
        ),
        periods=MatrixGrid(areas, columns, by_period, by_area),
        addressees=MatrixGrid(listed, areas, addressee_area, names),
        addressees_left_out=len(names) - len(listed),
        **left_out(book, ask),
    )


def _periods(area_year: Counts) -> tuple[list[str], Counts]:
    """Periods of five years ("2020-2024"), newest first, and the counts by area and period."""
    counts: Counts = Counter()
    for (area, year), count in area_year.items():
        first = int(year) - int(year) % _PERIOD_YEARS
        counts[area, f"{first}-{first + _PERIOD_YEARS - 1}"] += count
    return sorted({period for _, period in counts}, reverse=True), counts


def _chosen_areas(ask: Ask) -> list[str]:
    """The areas of the filter, with ``NO_AREA``."""
    return [str(area) for area in ask.selection.values.get("area", ())]


@router.get("/timeline")
def timeline_view(request: Request, ask: Annotated[Paged, Query()]) -> Response:
    """Instruments by area over time, as a chart and as a table, newest first and undated ones last."""
    book = book_of(request, ask.version)
    selection = ask.carried.selection
    totals = book.count(selection, ("document",))
    documents = {key: charts.CountedDocument(book.documents[key], total) for (key,), total in totals.items()}
    for (key, area), count in book.count(selection, ("document", "threat_areas")).items():
        documents[key].areas[area] += count
    found = list(documents.values())
    picture = charts.timeline_of(found, _chosen_areas(ask) or list(map(str, THREAT_AREAS)))
    dated = [document for document in reversed(found) if document.row["year"]]
    ordered = dated + [document for document in found if not document.row["year"]]
    pages = math.ceil(len(found) / _LISTED_DOCUMENTS)
    if ask.page > pages > 0:
        return last_page(request, ask, pages)
    first = (ask.page - 1) * _LISTED_DOCUMENTS
    return page(
        request,
        "timeline.html",
        ask,
        book=book,
        picture=picture,
        charts=charts,
        listed=ordered[first : first + _LISTED_DOCUMENTS],
        first=first + 1,
        total=len(found),
        pages=pages,
        **left_out(book, ask),
    )


@dataclass(frozen=True, slots=True)
class DocumentPair:
    """Two provisions side by side; None where there is no match."""

    left: Row | None
    right: Row | None
    likeness: float
    parts: Sequence[Stretch]

    @property
    def is_matched(self) -> bool:
        """Whether both are there."""
        return self.left is not None and self.right is not None


@router.get("/compare")
def compare_view(request: Request, ask: Annotated[Compared, Query()]) -> Response:
    """Two documents, provision by provision; of words that fit several documents, a choice."""
    book = book_of(request, ask.version)
    meant = {side: book.meant(key) for side, key in (("left", ask.left), ("right", ask.right)) if key}
    unknown = next((getattr(ask, side) for side, rows in meant.items() if not rows), "")
    left, right = (rows[0] if len(rows := meant.get(side, [])) == 1 else None for side in ("left", "right"))
    pairs = _pairs(book, left["id"], right["id"]) if left and right else []
    return page(
        request, "compare.html", ask, status=404 if unknown else 200, book=book, documents=sorted(map(document_name, book.documents.values())),
        meant=meant, unknown=unknown, left=left, right=right, runs=_runs(pairs),
        matched=sum(pair.is_matched for pair in pairs), versions=book.reader.dataset.versions(), document_name=document_name,
    )  # fmt: skip


def _runs(pairs: Sequence[DocumentPair]) -> list[tuple[bool, list[DocumentPair]]]:
    """Each matched pair alone, and what lies between as one run."""
    runs: list[tuple[bool, list[DocumentPair]]] = []
    for pair in pairs:
        if pair.is_matched or not runs or runs[-1][0]:
            runs.append((pair.is_matched, [pair]))
        else:
            runs[-1][1].append(pair)
    return runs


def _pairs(book: OpenVersion, left: str, right: str) -> list[DocumentPair]:
    ours, theirs = book.reader.provisions(left), book.reader.provisions(right)
    pairs = []
    for aligned in align(ours, theirs):
        one = None if aligned.left is None else ours[aligned.left]
        two = None if aligned.right is None else theirs[aligned.right]
        parts = differences(one["reading"] if one else "", two["reading"] if two else "")
        pairs.append(DocumentPair(one, two, aligned.likeness, parts))
    return pairs


@router.get("/changes")
def changes_view(request: Request, ask: Annotated[Changed, Query()]) -> Response:
    """The differences between two versions of the dataset."""
    book = book_of(request, ask.version)
    after = int(ask.after or book.reader.version)
    before = int(ask.before or max(after - 1, 1))
    if before > after:
        msg = f"version {before} is not before version {after}"
        raise ConfigError(msg, "give the earlier version as 'before'")
    shelf: OpenVersions = request.app.state.shelf
    changes = shelf.changes(before, after)
    return page(
        request,
        "changes.html",
        ask,
        book=book,
        diff=changes.shown,
        counts=changes.counts,
        versions=book.reader.dataset.versions(),
        most=MOST_CHANGES,
        is_shown=after == book.reader.version,
    )


@router.get("/about")
def about_view(request: Request, ask: Annotated[Pinned, Query()]) -> Response:
    """About the dataset, its labels, the query language and the API."""
    book = book_of(request, ask.version)
    rows = list(book.documents.values())
    return page(
        request,
        "about.html",
        ask,
        book=book,
        bodies=Counter(body_name(row["body"], row["symbol"]) or "unknown body" for row in rows).most_common(),
        years=[row["year"] for row in rows if row["year"]],
        adopted=Counter(row["adopted"] for row in rows),
        quality=quality_lines(book.models, has_marks=True),
        versions=book.reader.dataset.versions(),
        paths=request.app.openapi()["paths"],
    )


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pair of provisions, by position; None where there is no match.

    Attributes:
        likeness: Likeness of their words, 0 to 1.
    """

    left: int | None
    right: int | None
    likeness: float


def align(left: Sequence[Row], right: Sequence[Row]) -> list[Aligned]:
    """Every provision of two documents once, those that are one commitment in pairs, in the order of the right document.

    What lineage does not compare, such as a title, is paired where the words are the same.

    Args:
        left: Rows of ``provisions`` of one document, in order.
        right: Those of the other.
    """
    one, other = WordedDocument.of(left), WordedDocument.of(right)
    scores: dict[tuple[int, int], float] = {}
    if one and other:
        ours, theirs = ({row["id"]: index for index, row in enumerate(rows)} for rows in (left, right))
        for found in link(one, other):
            if found.is_main:
                pair = ours[one.provisions[found.earlier].id], theirs[other.provisions[found.later].id]
                scores[pair] = found.score
    return _ordered(scores | _same_words(left, right, scores), len(left), len(right))


def _same_words(
    left: Sequence[Row], right: Sequence[Row], paired: Mapping[tuple[int, int], float]
) -> dict[tuple[int, int], float]:
    taken = [{pair[side] for pair in paired} for side in (0, 1)]
    free: defaultdict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(left):
        if index not in taken[0]:
            free[row["reading"].casefold()].append(index)
    same_words = {}
    for index, row in enumerate(right):
        same = free[row["reading"].casefold()] if index not in taken[1] else []
        if same:
            same_words[same.pop(0), index] = 1.0
    return same_words


def _ordered(scores: Mapping[tuple[int, int], float], lefts: int, rights: int) -> list[Aligned]:
    pairs = dict(scores)
    by_right = {two: one for one, two in pairs}
    of_left = dict(pairs.keys())
    rows = []
    for at in range(rights):
        one = by_right.get(at)
        rows.append(((at, 0, 0), Aligned(one, at, 0.0 if one is None else pairs[one, at])))
    last = -1
    for at in range(lefts):
        if at in of_left:
            last = of_left[at]
        else:
            rows.append(((last, 1, at), Aligned(at, None, 0.0)))
    return [row for _, row in sorted(rows, key=lambda row: row[0])]

"""The overview pages: matrix, timeline, comparison of documents or versions, about the dataset."""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from osce_commitments.catalogue import body_name
from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, TextForm
from osce_commitments.lineage import WordedDocument
from osce_commitments.lineage.pairs import link
from osce_commitments.query import NO_AREA, Counts
from osce_commitments.query.instruments import document_name
from osce_commitments.report import quality_lines
from osce_commitments.schema import Row
from osce_commitments.serve import charts
from osce_commitments.serve.parameters import Ask, Changed, Compared, Gridded, Paged, Pinned
from osce_commitments.serve.rendering import page
from osce_commitments.serve.shelf import MOST_CHANGES, OpenVersions
from osce_commitments.serve.views.explore import book_of, last_page, left_out
from osce_commitments.texts.diff import differences

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
    counted_documents = list(documents.values())
    picture = charts.timeline_of(counted_documents, _chosen_areas(ask) or list(map(str, THREAT_AREAS)))
    dated = [document for document in reversed(counted_documents) if document.row["year"]]
    ordered = dated + [document for document in counted_documents if not document.row["year"]]
    pages = math.ceil(len(counted_documents) / _LISTED_DOCUMENTS)
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
        total=len(counted_documents),
        pages=pages,
        **left_out(book, ask),
    )


@router.get("/compare")
def compare_view(request: Request, ask: Annotated[Compared, Query()]) -> Response:
    """Two documents, provision by provision; of words that fit several documents, a choice."""
    book = book_of(request, ask.version)
    meant = {side: book.meant(key) for side, key in (("left", ask.left), ("right", ask.right)) if key}
    unknown = next((getattr(ask, side) for side, rows in meant.items() if not rows), "")
    left, right = (rows[0] if len(rows := meant.get(side, [])) == 1 else None for side in ("left", "right"))
    runs = _runs(book.reader.provisions(left["id"]), book.reader.provisions(right["id"])) if left and right else []
    return page(
        request, "compare.html", ask, status=404 if unknown else 200, book=book, documents=sorted(map(document_name, book.documents.values())),
        meant=meant, unknown=unknown, left=left, right=right, runs=runs,
        matched=sum(is_matched for is_matched, _ in runs), versions=book.reader.dataset.versions(), document_name=document_name,
    )  # fmt: skip


def _runs(left: Sequence[Row], right: Sequence[Row]) -> list[tuple[bool, list[dict[str, Any]]]]:
    """The provisions of two documents side by side: each matched pair alone, and what lies between as one run."""
    runs: list[tuple[bool, list[dict[str, Any]]]] = []
    for one, other in align(left, right):
        ours, theirs = None if one is None else left[one], None if other is None else right[other]
        pair: dict[str, Any] = {"left": ours, "right": theirs}
        if ours and theirs:
            runs.append((True, [pair | {"parts": differences(ours["reading"], theirs["reading"])}]))
        elif runs and not runs[-1][0]:
            runs[-1][1].append(pair)
        else:
            runs.append((False, [pair]))
    return runs


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
        form_unknown=[row for row in rows if row["form"] == TextForm.UNKNOWN],
        quality=quality_lines(book.models, has_marks=True),
        versions=book.reader.dataset.versions(),
        paths=request.app.openapi()["paths"],
    )


def align(left: Sequence[Row], right: Sequence[Row]) -> list[tuple[int | None, int | None]]:
    """Every provision of two documents once, by position, in the order of the right one; None where there is no match.

    Those that are one commitment are pairs. What lineage does not compare, such as a title, is paired where the words are the same.
    """
    worded_document, other = WordedDocument.of(left), WordedDocument.of(right)
    left_of: dict[int, int] = {}
    if worded_document and other:
        ours, theirs = ({row["id"]: index for index, row in enumerate(rows)} for rows in (left, right))
        for pair in link(worded_document, other):
            if pair.is_main:
                left_of[theirs[other.provisions[pair.later].id]] = ours[worded_document.provisions[pair.earlier].id]
    paired, unpaired = set(left_of.values()), defaultdict(list)
    for index, row in enumerate(left):
        if index not in paired:
            unpaired[row["reading"].casefold()].append(index)
    for index, row in enumerate(right):
        if index not in left_of and (same := unpaired[row["reading"].casefold()]):
            left_of[index] = same.pop(0)
    right_of = {ours: theirs for theirs, ours in left_of.items()}
    placed: list[tuple[tuple[int, int], tuple[int | None, int | None]]]
    placed = [((index, -1), (left_of.get(index), index)) for index in range(len(right))]
    last = -1
    for index in range(len(left)):
        last = right_of.get(index, last)
        if index not in right_of:  # it stands after the one before it
            placed.append(((last, index), (index, None)))
    return [pair for _, pair in sorted(placed, key=itemgetter(0))]

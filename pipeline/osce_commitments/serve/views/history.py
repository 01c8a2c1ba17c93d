"""History: the lines of a provision or of a search, a row per line and a mark per year."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from osce_commitments.query import CommitmentLine, History
from osce_commitments.schema import Row
from osce_commitments.serve.parameters import FollowedLines, PinnedLine
from osce_commitments.serve.rendering import page
from osce_commitments.serve.views.explore import ProvisionKey, book_of, left_out
from osce_commitments.texts.diff import differences

router = APIRouter(include_in_schema=False)

_MOST_LINES, _MOST_YEARS = 40, 16


@router.get("/history")
def history_view(request: Request, ask: Annotated[FollowedLines, Query()]) -> Response:
    """The lines of the provisions that a search finds."""
    book = book_of(request, ask.version)
    history = book.reader.history(ask.selection, limit=_MOST_LINES)
    return _page(request, ask, history, title="History", **left_out(book, ask))


@router.get("/history/{provision}")
def provision_history_view(request: Request, provision: ProvisionKey, ask: Annotated[PinnedLine, Query()]) -> Response:
    """The line of one provision."""
    book = book_of(request, ask.version)
    row = book.reader.provision(provision)
    history = book.reader.history(row["id"])
    return _page(request, ask, history, title=f"History of {row['citation']}", here=row)


def _page(
    request: Request,
    ask: FollowedLines | PinnedLine,
    history: History,
    title: str,
    here: object = None,
    **values: Any,  # noqa: ANN401
) -> Response:
    lines = sorted(history.lines, key=lambda line: line.rank)
    years = sorted({year for line in lines for year in line.years})
    return page(
        request,
        "history.html",
        ask,
        book=book_of(request, ask.version),
        title=title,
        row=here,
        lines=[replace(line, appearances=tuple(_with_differences(line))) for line in lines],
        years=years[-_MOST_YEARS:],
        years_left_out=len(years[:-_MOST_YEARS]),
        most=_MOST_LINES,
        **values,
    )


def _with_differences(line: CommitmentLine) -> list[Row]:
    """The appearances of a line, each with the words that changed since the one that it takes up."""
    readings = {row["id"]: row["reading"] for row in line.appearances}
    shown = []
    for row in line.appearances:
        before = readings.get(row["main"].earlier) if row["main"] else None
        parts = differences(before, row["reading"]) if before else ()
        shown.append(row | {"parts": parts, "is_same": bool(parts) and all(part.is_same for part in parts)})
    return shown

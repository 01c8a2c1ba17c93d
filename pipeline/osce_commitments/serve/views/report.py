"""Reports on a search: the form with the cover, and the file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from osce_commitments import report as reports
from osce_commitments.query import Selection
from osce_commitments.query.conditions import CONDITIONS
from osce_commitments.serve.parameters import Ask, Basketed, Reported, ReportFile, notes_by_id
from osce_commitments.serve.rendering import address_of_page, page
from osce_commitments.serve.views.explore import attachment, book_of

router = APIRouter(include_in_schema=False)

_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
}


@router.get("/report")
def report_view(request: Request, ask: Annotated[Reported, Query()]) -> Response:
    """The form for a report on a search."""
    book = book_of(request, ask.version)
    search_result = book.reader.search(ask.carried.selection, limit=0)
    validate = Ask.model_validate(ask.model_dump(include=set(Ask.model_fields)) | {"commitments": "", "role": ()})
    total = book.facets(validate.selection).commitments[0].count
    selection = _selection(ask)
    return page(
        request, "report.html", ask, book=book, found=search_result.total, total=total, suggested=reports.title_of(selection), words=reports.selection_in_words(selection, "All commitments."),
        quality=reports.quality_lines(book.models, has_marks=True, is_brief=True), hidden=_hidden(ask),
        most=reports.MOST_PRINTED, first=reports.first_of(ask.order, ask.text),
    )  # fmt: skip


@router.get("/report/file")
def report_file(request: Request, ask: Annotated[ReportFile, Query()]) -> Response:
    """The report as a file."""
    book = book_of(request, ask.version)
    selection = _selection(ask)
    most = reports.MOST_PRINTED if ask.format in ("docx", "pdf") and not ask.printed else 0
    base, notes = address_of_page(request), notes_by_id(ask.note)
    overview = reports.overview(book.reader, selection, base=base, notes=notes, order=ask.order, most=most)
    content = reports.render(overview.under(ask.cover), ask.format)
    return Response(
        content, media_type=_MEDIA[ask.format], headers=attachment(overview.under(ask.cover).title, ask.format)
    )


def _selection(ask: Reported) -> Selection:
    """The commitments among what a search finds: reports have no other text."""
    selection = ask.selection.without({condition.name for condition in CONDITIONS if not condition.in_reports})
    reports.commitments_of(selection)  # a wrong condition is reported with the form
    return selection


def _hidden(ask: Reported) -> list[tuple[str, str]]:
    """The search as hidden fields of the form."""
    shown = {"title", "audience", "author", "day", "marking", "printed"}
    values = ask.model_dump(exclude_defaults=True, exclude=shown)
    return [
        (name, str(one))
        for name, value in values.items()
        for one in (value if isinstance(value, tuple) else (value,))
        if one not in ("", None)
    ]


@router.get("/basket")
def basket_view(request: Request, ask: Annotated[Basketed, Query()]) -> Response:
    """The selected provisions, with notes."""
    book = book_of(request, ask.version)
    listed = ask.listed()
    search_result = book.reader.search(listed.selection, limit=None, order="newest") if ask.id else None
    missing = len(set(ask.id)) - search_result.total if search_result else 0
    return page(
        request, "basket.html", ask, book=book, found=search_result, missing=missing, notes=notes_by_id(ask.note), listed=listed,
    )  # fmt: skip

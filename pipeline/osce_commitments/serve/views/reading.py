"""Reading: a provision with the reasons for its labels, a document, an instrument with its citations."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from osce_commitments.catalogue import load_catalogue, normalise_symbol
from osce_commitments.errors import DatasetError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, is_act
from osce_commitments.query import NO_AREA, Selection
from osce_commitments.schema import Row
from osce_commitments.serve import document_text as reading
from osce_commitments.serve.parameters import ListedActs, Pinned
from osce_commitments.serve.rendering import page
from osce_commitments.serve.shelf import OpenVersion
from osce_commitments.serve.views.explore import ProvisionKey, book_of, last_page

router = APIRouter(include_in_schema=False)

_SHOWN_TAGS = ("addressee", "deadline", "periodicity", "report", "qualifier")
_ON_A_PAGE = 60  # acts
_Key = Annotated[str, Path(max_length=300)]


@router.get("/provision/{provision}")
def provision_view(request: Request, provision: ProvisionKey, ask: Annotated[Pinned, Query()]) -> Response:
    """A provision in its document, with the reasons for its labels."""
    book = book_of(request, ask.version)
    row = book.reader.provision(provision)
    document, rows = book.reader.document(row["document"]), book.reader.provisions(row["document"])
    position = next(index for index, one in enumerate(rows) if one["id"] == row["id"])
    return page(
        request,
        "provision.html",
        ask,
        book=book,
        row=row,
        document=document,
        reading=reading.shown_text(document, rows, row, book.path_of),
        before=rows[position - 1] if position else None,
        after=rows[position + 1] if position + 1 < len(rows) else None,
        tags=[tag for tag in row["tags"] if tag["kind"] in _SHOWN_TAGS],
        citations=cited(book, [row]),
    )


@router.get("/text/{document:path}")
def text_view(request: Request, document: _Key, ask: Annotated[Pinned, Query()]) -> Response:
    """The whole text of a document."""
    book = book_of(request, ask.version)
    row = book.reader.document(document)
    rows = book.reader.provisions(row["id"])
    shown = reading.shown_text(row, rows, None, book.path_of)
    return page(request, "text.html", ask, book=book, document=row, reading=shown)


@router.get("/document/{document}")
def document_view(request: Request, document: _Key, ask: Annotated[ListedActs, Query()]) -> Response:
    """A document by its id."""
    return _instrument(request, document, ask)


@router.get("/instrument/{symbol:path}")
def instrument_view(request: Request, symbol: _Key, ask: Annotated[ListedActs, Query()]) -> Response:
    """An instrument by its symbol; its text may be missing from the dataset."""
    return _instrument(request, symbol, ask)


def _instrument(request: Request, key: str, ask: ListedActs) -> Response:
    book = book_of(request, ask.version)
    found = book.named(key)
    if not found:
        return _missing(request, key, ask, book)
    row = found[0]
    rows = book.reader.provisions(row["id"])
    acting = [row for row in rows if is_act(row["role"], row["strength_level"])]
    groups = grouped(acting, ask.group)
    pages = math.ceil(len(acting) / _ON_A_PAGE)
    if ask.page > pages > 0:
        return last_page(request, ask, pages)
    followed, followed_rows = book.reader.taken_up(row["id"])
    return page(
        request,
        "instrument.html",
        ask,
        book=book,
        document=row,
        others=found[1:],
        total=len(acting),
        strengths=[(str(label), sum(one["strength"] == label for one in acting)) for label in reversed(STRENGTHS[1:])],
        contents=groups,
        followed=followed,
        followed_rows=followed_rows,
        groups=page_of(groups, ask.page),
        pages=pages,
        areas_of=Counter(area for one in acting for area in one["threat_areas"]).most_common(),
        citations=[one for one in cited(book, rows) if one["symbol"].lower() != row["symbol"].lower()],
        unresolved=Counter(
            (mention["text"], mention["note"]) for mention in _mentions(rows) if not mention["symbol"]
        ).most_common(),
        cited_by=citing(book, row["symbol"]),
    )


def _missing(request: Request, key: str, ask: Pinned, book: OpenVersion) -> Response:
    symbol = normalise_symbol(key) or key.strip()
    known, by = load_catalogue().instrument(symbol), citing(book, symbol)
    if known is None and not by:
        msg = f"document {key!r} is not in version {book.reader.version}, and no document there cites it"
        raise DatasetError(msg, "check the symbol, or find it in Explore")
    return page(request, "missing.html", ask, book=book, symbol=symbol, known=known, cited_by=by)


def cited(book: OpenVersion, rows: Iterable[Row]) -> list[Row]:
    """The instruments that provisions cite, most cited first.

    Each has ``symbol``, ``title``, ``link`` (path of its page), ``times`` (number of mentions), ``is_held`` (whether the dataset
    has its text) ``form`` and ``adopted``; "yes" also where the dataset lacks its text.
    """
    counts = Counter(mention["symbol"] for mention in _mentions(rows) if mention["symbol"])
    instruments = []
    for symbol, times in counts.most_common():
        link, known = book.path_of(symbol), load_catalogue().instrument(symbol)
        row = book.named(symbol)[0] if link else {"title": known.title if known else "", "adopted": "yes"}
        instruments.append({
            "symbol": symbol, "title": row["title"], "link": link or f"/instrument/{symbol}", "times": times,
            "is_held": bool(link), "adopted": row["adopted"], "form": row.get("form"),
        })  # fmt: skip
    return instruments


def _mentions(rows: Iterable[Row]) -> list[Row]:
    """The mentions in some provisions; those in a shared lead-in count once."""
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        for mention in row["mentions"]:
            places = reading.spans_in_text(row, mention["field"], mention["start"], mention["end"])
            found.setdefault((mention["symbol"], mention["text"], *(places or [mention["field"]])), mention)
    return list(found.values())


def citing(book: OpenVersion, symbol: str) -> Sequence[tuple[Row, int]]:
    """Other documents that cite an instrument, oldest first, with the number of their provisions that do."""
    if not symbol:
        return []
    counts = book.count(Selection(conditions={"cites": symbol}), ("document",))
    rows = ((book.documents[key], count) for (key,), count in counts.items())
    return [(row, total) for row, total in rows if row["symbol"].lower() != symbol.lower()]


@dataclass(frozen=True, slots=True)
class Acts:
    """Acts under one heading.

    Attributes:
        key: Id of the group on its page.
        title: The heading, the threat area or the strength; empty for acts without a heading.
        path: The headings above it that the group before has too, and those that are new here.
        first: Page on which it begins, from 1.
        is_continued: Whether it began on an earlier page.
    """

    key: str
    title: str
    rows: tuple[Row, ...]
    first: int = 1
    is_continued: bool = False
    path: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


def grouped(rows: Sequence[Row], by: str) -> list[Acts]:
    """The acts in groups: by heading in the order of the text, by theme (each act once), or by strength, firmest first."""
    by_title: dict[str, list[Row]] = {}
    if by == "strength":
        by_title = {str(label): [] for label in reversed(STRENGTHS[1:])}
    elif by == "theme":
        by_title = {str(area): [] for area in (*THREAT_AREAS, NO_AREA)}
    for row in rows:
        if by == "strength":
            title = str(row["strength"])
        elif by == "theme":
            title = next(iter(row["threat_areas"]), NO_AREA)
        else:
            title = " / ".join(row["heading"]) or ("Annex" if row["role"] == "annex" else "")
        by_title.setdefault(title, []).append(row)
    groups: list[Acts] = []
    count = 0
    above: tuple[str, ...] = ()
    for title, of_title in by_title.items():
        if of_title:
            headings = tuple(of_title[0]["heading"]) if by == "text" else ()
            pairs = zip(above, headings[:-1], strict=False)
            shared = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
            path = headings[:shared], headings[shared:]
            groups.append(Acts(f"g{len(groups) + 1}", title, tuple(of_title), count // _ON_A_PAGE + 1, path=path))
            count, above = count + len(of_title), headings
    return groups


def page_of(groups: Sequence[Acts], page: int) -> list[Acts]:
    """The groups of a page, each with its acts on this page."""
    start, end, position = (page - 1) * _ON_A_PAGE, page * _ON_A_PAGE, 0
    found = []
    for group in groups:
        low, high = max(start - position, 0), min(end - position, len(group.rows))
        if low < high:
            found.append(replace(group, rows=group.rows[low:high], is_continued=low > 0))
        position += len(group.rows)
    return found

"""Citations of documents and provisions, and their addresses on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from osce_commitments.catalogue import display_title
from osce_commitments.phrases import shorten
from osce_commitments.texts.places import place

_TITLE_CHARACTERS = 80


def citation(row: Mapping[str, Any]) -> str:
    """The citation of a row of ``provisions``: "MC.DEC/9/11, para. 3 (a), p. 2".

    Documents without a symbol are cited by title and year, provisions without a number by the part of the document. In rows of
    the index, ``shared_place`` names a place that several provisions share: "para. 4, second item".
    """
    page = "" if row["page"] is None else f"p. {row['page']}"
    return ", ".join(filter(None, (document_citation(row), place(row), page)))


def document_citation(row: Mapping[str, Any]) -> str:
    """The citation of a document: its symbol, else its shortened title and year."""
    if row["symbol"]:
        return str(row["symbol"])
    title = shorten(display_title(row["title"]), _TITLE_CHARACTERS)
    year = row["year"] or "undated"
    return f"“{title}” ({year})" if title else f"untitled document ({year})"


def provision_link(provision: str) -> str:
    """Path of a provision's page; stable while its document, words and position are unchanged."""
    return f"/provision/{quote(provision, safe='')}"


def document_link(row: Mapping[str, Any]) -> str:
    """Path of a document's page, by its symbol, else its id."""
    return f"/instrument/{quote(row['symbol'], safe='/')}" if row["symbol"] else f"/document/{row['id']}"

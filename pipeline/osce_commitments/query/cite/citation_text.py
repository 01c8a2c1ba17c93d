"""Citations of documents and provisions, and their addresses on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from osce_commitments.labels import Role

_TITLE_CHARACTERS = 80
_PARTS = {Role.TITLE: "title", Role.PREAMBLE: "preamble", Role.ANNEX: "annex", Role.ATTACHMENT: "attachment"}


def citation(row: Mapping[str, Any]) -> str:
    """The citation of a row of ``provisions``: "MC.DEC/9/11, para. 3 (a), p. 2".

    Documents without a symbol are cited by title and year, provisions without a number by the part of the document.
    """
    part = _PARTS.get(row["role"], "")
    if row["note_mark"]:
        part = f"{part}, note {row['note_mark']}" if part else f"note {row['note_mark']}"
    elif row["number"]:
        part = f"{part}, para. {row['number']}" if part else f"para. {row['number']}"
    page = "" if row["page"] is None else f"p. {row['page']}"
    return ", ".join(piece for piece in (document_citation(row), part, page) if piece)


def document_citation(row: Mapping[str, Any]) -> str:
    """The citation of a document: its symbol, else its shortened title and year."""
    if row["symbol"]:
        return str(row["symbol"])
    title = " ".join(row["title"].split())
    if len(title) > _TITLE_CHARACTERS:
        title = title[:_TITLE_CHARACTERS].rpartition(" ")[0] + " …"
    year = row["year"] or "undated"
    return f"“{title}” ({year})" if title else f"untitled document ({year})"


def provision_link(provision: str) -> str:
    """Path of a provision's page; stable while its document, words and position are unchanged."""
    return f"/provision/{quote(provision, safe='')}"


def document_link(row: Mapping[str, Any]) -> str:
    """Path of a document's page, by its symbol, else its id."""
    return f"/instrument/{quote(row['symbol'], safe='/')}" if row["symbol"] else f"/document/{row['id']}"

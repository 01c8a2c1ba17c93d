"""Citations and addresses of documents and provisions, and bibliography entries.

BibTeX is for LaTeX; CSL-JSON for Zotero, pandoc and word processors.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, BinaryIO
from urllib.parse import quote

from osce_commitments.catalogue import body_name, display_title
from osce_commitments.errors import ConfigError
from osce_commitments.labels import DocumentType
from osce_commitments.phrases import shorten
from osce_commitments.texts.places import place

_TITLE_CHARACTERS = 80
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_CSL_TYPES = {
    DocumentType.TREATY: "treaty",
    DocumentType.ARTICLE: "article",
    DocumentType.REPORT: "report",
    DocumentType.DELEGATION_STATEMENT: "speech",
}
# Characters with a meaning in TeX, escaped.
_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip


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


class ReferenceFormat(StrEnum):
    """Formats of bibliography entries."""

    BIBTEX = "bibtex"
    CSL = "csl"


def write_references(documents: Iterable[Mapping[str, Any]], file_format: str, target: BinaryIO) -> None:
    """Write one entry per document to a binary stream, text in UTF-8.

    Raises:
        ConfigError: If the format is unknown.
    """
    if file_format not in list(ReferenceFormat):
        msg = f"unknown reference format {file_format!r}"
        raise ConfigError(msg, f"choose from: {', '.join(ReferenceFormat)}")
    rows = list(documents)
    keys = [_UNSAFE.sub("-", row["symbol"]).strip("-").lower() or row["id"] for row in rows]
    shared = Counter(keys)
    entries = [
        {
            **row,
            "key": key if shared[key] == 1 else f"{key}-{row['id']}",
            "author": body_name(row["body"], row["symbol"]) if row["body"] != "other" else "",
            "title": display_title(row["title"]) or row["symbol"] or "Untitled document",
            "genre": str(row["type"]).replace("_", " ").capitalize(),
        }
        for key, row in zip(keys, rows, strict=True)
    ]
    if file_format == ReferenceFormat.CSL:
        target.write((json.dumps(list(map(_csl, entries)), ensure_ascii=False, indent=1) + "\n").encode())
    else:
        target.writelines(_bibtex(entry).encode() for entry in entries)


def _csl(entry: Mapping[str, Any]) -> dict[str, Any]:
    day, year = entry["date"], entry["year"]
    parts = [day.year, day.month, day.day] if day else [year] if year else []
    fields = {
        "id": entry["key"],
        "type": _CSL_TYPES.get(entry["type"], "document"),
        "title": entry["title"],
        "author": [{"literal": entry["author"]}] if entry["author"] else None,
        "number": entry["symbol"],
        "genre": entry["genre"],
        "issued": {"date-parts": [parts]} if parts else None,
        "event-title": entry["meeting"],
        "event-place": entry["place"],
        "language": entry["language"],
    }
    return {name: value for name, value in fields.items() if value}


def _bibtex(entry: Mapping[str, Any]) -> str:
    author, title = entry["author"].translate(_TEX), entry["title"].translate(_TEX)
    fields = {
        # Brackets keep the letter case of titles, and a body from being read as first and last name.
        "author": f"{{{author}}}" if author else "",
        "title": f"{{{title}}}",
        "howpublished": f"{entry['genre']} {entry['symbol']}".strip().translate(_TEX),
        "year": str(entry["year"] or ""),
        "month": str(entry["date"].month) if entry["date"] else "",
        "address": entry["place"].translate(_TEX),
        "note": entry["meeting"].translate(_TEX),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{entry['key']},\n{lines}}}\n\n"

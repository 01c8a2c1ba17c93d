"""Citations and addresses of documents and provisions, and bibliography entries.

BibTeX is for LaTeX; CSL-JSON for Zotero, pandoc and word processors.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


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
    keyed = list(zip(_keys(rows), rows, strict=True))
    if file_format == ReferenceFormat.CSL:
        entries = [_csl(key, row) for key, row in keyed]
        target.write((json.dumps(entries, ensure_ascii=False, indent=1) + "\n").encode())
        return
    target.writelines(_bibtex(key, row).encode() for key, row in keyed)


def _keys(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    keys = [_UNSAFE.sub("-", row["symbol"]).strip("-").lower() or row["id"] for row in rows]
    shared = Counter(keys)
    for key, row in zip(keys, rows, strict=True):
        yield key if shared[key] == 1 else f"{key}-{row['id']}"


def _author(row: Mapping[str, Any]) -> str:
    return body_name(row["body"], row["symbol"]) if row["body"] != "other" else ""


def _title(row: Mapping[str, Any]) -> str:
    return display_title(row["title"]) or row["symbol"] or "Untitled document"


def _genre(row: Mapping[str, Any]) -> str:
    return str(row["type"]).replace("_", " ").capitalize()


def _csl(key: str, row: Mapping[str, Any]) -> dict[str, Any]:
    day = row["date"]
    parts = [day.year, day.month, day.day] if day else [row["year"]] if row["year"] else []
    entry = {
        "id": key,
        "type": _CSL_TYPES.get(row["type"], "document"),
        "title": _title(row),
        "author": [{"literal": _author(row)}] if _author(row) else None,
        "number": row["symbol"],
        "genre": _genre(row),
        "issued": {"date-parts": [parts]} if parts else None,
        "event-title": row["meeting"],
        "event-place": row["place"],
        "language": row["language"],
    }
    return {name: value for name, value in entry.items() if value}


def _bibtex(key: str, row: Mapping[str, Any]) -> str:
    day = row["date"]
    fields = {
        "author": f"{{{_tex(_author(row))}}}" if _author(row) else "",
        "title": f"{{{_tex(_title(row))}}}",
        "howpublished": _tex(f"{_genre(row)} {row['symbol']}".strip()),
        "year": str(row["year"] or ""),
        "month": str(day.month) if day else "",
        "address": _tex(row["place"]),
        "note": _tex(row["meeting"]),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{lines}}}\n\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)

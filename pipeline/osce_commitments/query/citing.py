"""Citations in both directions: instruments that a document cites, documents that cite an instrument."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from osce_commitments.catalogue import load_catalogue
from osce_commitments.errors import DatasetError
from osce_commitments.query.cite import citation, document_link
from osce_commitments.query.result import Reference
from osce_commitments.query.search.index import unpack

if TYPE_CHECKING:
    from osce_commitments.query.store import Store

_OF_DOCUMENT = "SELECT number FROM provisions WHERE document = ? ORDER BY number"
_CITES = """
    SELECT c.symbol, p.id FROM provisions p JOIN citations c ON c.provision = p.number
    WHERE p.document = ? AND c.symbol <> ? ORDER BY p.number, c.symbol
"""
_CITED_BY = """
    SELECT d.number, d.record, p.id FROM citations c
    JOIN provisions p ON p.number = c.provision JOIN documents d ON d.number = p.document
    WHERE c.symbol = ? AND d.symbol <> ? ORDER BY p.number
"""


def provision_number(store: Store, asked: str) -> int:
    """Number of the provision with an id, its first characters, or a citation with or without a page.

    Raises:
        DatasetError: If no provision or several match.
    """
    symbol, _, place = asked.strip().partition(", ")
    document = store.document(symbol)
    if document and not place:
        msg = f"{symbol} is a document, not a provision"
        raise DatasetError(msg, f"name one of its provisions, which osce-commitments query --document {symbol} lists")
    numbers = [number for (number,) in store.rows(_OF_DOCUMENT, (document[0],))] if document else []
    given = f"{document[1]['symbol'] if document else ''}, {place}, p. "
    rows = list(zip(numbers, store.records(numbers), strict=True))
    # A place that several provisions share means the first of them.
    for names in ({}, {"shared_place": ""}):
        for number, row in rows:
            if f"{citation(row | names)}, p. ".startswith(given):
                return int(number)
    return store.number(asked)


def cites(store: Store, document: int, symbol: str) -> tuple[Reference, ...]:
    """The other instruments that a document cites, in order of first citation."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for cited, provision in store.rows(_CITES, (document, symbol)):
        found[cited].append(provision)
    return tuple(_reference(store, cited, tuple(provisions)) for cited, provisions in found.items())


def _reference(store: Store, symbol: str, provisions: tuple[str, ...]) -> Reference:
    document = store.document(symbol)
    if document is None:
        known = load_catalogue().instrument(symbol)
        return Reference(symbol, known.title if known else "", "", "", provisions)
    row = document[1]
    return Reference(symbol, row["title"], row["id"], document_link(row), provisions)


def cited_by(store: Store, symbol: str) -> tuple[Reference, ...]:
    """The other documents that cite an instrument, oldest first."""
    rows, found = {}, defaultdict(list)
    for number, packed, provision in store.rows(_CITED_BY, (symbol, symbol)):
        rows[number] = packed
        found[number].append(provision)
    return tuple(
        Reference(row["symbol"], row["title"], row["id"], document_link(row), tuple(found[number]))
        for number, row in ((number, unpack(packed)) for number, packed in rows.items())
    )

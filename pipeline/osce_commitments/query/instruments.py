"""Instruments that the words in a search box name: by symbol, by number in prose, by name or by words of a title."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from osce_commitments.catalogue import display_title, find_symbols, load_catalogue, normalise_symbol
from osce_commitments.errors import DatasetError
from osce_commitments.query.cite import document_link
from osce_commitments.query.reader import Reader
from osce_commitments.query.search.language import is_plain
from osce_commitments.schema import Row
from osce_commitments.tag.citations.citation import resolve
from osce_commitments.tag.citations.numbered import find_citations

_MOST = 5  # as many as one takes in at a glance; more titles than that are a list of their own
_TELLING = re.compile(r"\b[^\W\d_]{4}")  # a word that may name a title: "and" and "or" do not
_PARAGRAPH = re.compile(
    r"(?:^|[\s,;]+)(?:(?:operative )?para(?:graph)?s?\.?|OP|¶|§)\s*(?P<number>\d+\w?(?:\s*\(\w+\))*)(?:,?\s+of(?:\s+the)?\s+|\s*$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_END_OF_SYMBOL = re.compile(r"[^\s,]*/[^\s,]*")


@dataclass(frozen=True, slots=True)
class NamedInstruments:
    """What words name.

    Attributes:
        rows: Names, with a paragraph if the words have one, and rows with ``title`` and ``link``; best first. The row of an instrument
            that the dataset lacks has no ``id``.
        titled: Number of documents whose titles have the words, if they are too many to be listed.
        is_whole: Whether the words are a symbol, a number or a name and nothing else, so that they are no words of a text.
    """

    rows: Sequence[tuple[str, Row]] = ()
    titled: int = 0
    is_whole: bool = False


def document_name(row: Row) -> str:
    """A document as people choose it from a list: symbol, title and year."""
    return ", ".join(str(one) for one in (row["symbol"], display_title(row["title"]) or "untitled", row["year"]) if one)


def documents_with_symbol(documents: Iterable[Row], symbol: str) -> list[Row]:
    """The documents with a symbol in any printed form; the year of a resolution of the Security Council may be missing."""
    forms = {symbol.lower(), (normalise_symbol(symbol) or symbol).lower()}
    with_symbol = ((row, row["symbol"].lower()) for row in documents if row["symbol"])
    return [row for row, own in with_symbol if forms & {own, own.partition(" (")[0]}]


def documents_titled(documents: Iterable[Row], words: str) -> list[Row]:
    """The documents whose symbol, title and year have words that begin with each of the words."""
    wanted = _WORD.findall(words.casefold())
    names = ((row, " ".join(["", *_WORD.findall(document_name(row).casefold())])) for row in documents)
    return [row for row, name in names if all(f" {word}" in name for word in wanted)]


def named_instruments(words: str, reader: Reader, documents: Sequence[Row]) -> NamedInstruments:
    """The instruments that the words of a search name.

    Args:
        words: As typed: "A/RES/79/40, para. 8", "79/40 para. 8", "Decision 9/09", words of a title.
        reader: The version of the dataset.
        documents: Its documents, as :meth:`Reader.documents` returns them.
    """
    paragraph = _PARAGRAPH.search(words)
    head = (_PARAGRAPH.sub(" ", words, count=1) if paragraph else words).strip(" ,;.")
    symbols, is_whole = _symbols(head)
    rows = [row for symbol in symbols for row in documents_with_symbol(documents, symbol)]
    if not rows and _END_OF_SYMBOL.fullmatch(head):
        rows = [row for row in documents if row["symbol"].lower().endswith(f"/{head.lower()}")]
        is_whole = bool(rows)
    if not rows:
        missing = [_missing(symbol, reader) for symbol in symbols]
        if known := [(row["symbol"], row) for row in missing if row]:
            return NamedInstruments(known[:_MOST], is_whole=is_whole)
        may_title = _TELLING.search(head) and is_plain(head)
        titled = documents_titled(documents, head) if may_title else []
        # One word is more often a matter than a title.
        if len(titled) > (_MOST if " " in head else 1):
            return NamedInstruments(titled=len(titled))
        rows, is_whole = titled, False
    named: list[tuple[str, Row]] = []
    number = paragraph["number"] if paragraph else ""
    for row in list({row["id"]: row for row in rows}.values())[:_MOST]:
        for part in ("para.", "annex, para.") if number and row["symbol"] else ():
            name = f"{row['symbol']}, {part} {number}"
            with contextlib.suppress(DatasetError):
                named.append((name, reader.provision(name)))
                break
        named.append((row["symbol"] or row["citation"], row))
    return NamedInstruments(named, is_whole=is_whole)


def _symbols(head: str) -> tuple[list[str], bool]:
    """The symbols that words name by the grammar of citations, and whether they are nothing else."""
    if symbol := normalise_symbol(head):
        return [symbol], True
    if by_name := load_catalogue().all_by_name(head):
        return [instrument.symbol for instrument in by_name], False
    cited = [(match.start, match.end, match.symbol) for match in find_symbols(head)]
    cited += [
        (citation.start, citation.end, resolve(head, citation).ref)
        for citation in find_citations(head)
        if not citation.is_self
    ]
    symbols = list(dict.fromkeys(symbol for *_, symbol in cited if symbol))
    return symbols, any(symbol and end - start == len(head) for start, end, symbol in cited)


def _missing(symbol: str, reader: Reader) -> Row | None:
    """An instrument that the catalogue knows or a provision cites, as a row; None for any other symbol."""
    known = load_catalogue().instrument(symbol)
    if known is None and not reader.search(cites=symbol, limit=1).total:
        return None
    row = {"symbol": known.symbol if known else symbol, "title": known.title if known else ""}
    return row | {"link": document_link(row)}

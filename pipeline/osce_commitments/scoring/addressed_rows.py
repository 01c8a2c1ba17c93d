"""Labelled rows without text: facts travel, sentences do not.

A row names its passages by hashes of their words. Whoever has the documents gets the text back, whatever program cut
them into provisions: the words are looked up in the whole text of each document.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from osce_commitments.config import Fetch, Limits
from osce_commitments.documents.parse import parse
from osce_commitments.errors import InputError, OsceCommitmentsError
from osce_commitments.files import read_regular
from osce_commitments.sources.discover import discover
from osce_commitments.sources.read import read_source
from osce_commitments.texts.normalise import plain

OPEN_PARTS = ("learn", "tune")
_ROWS_FILE, _DOCUMENTS_FILE = "rows.jsonl", "documents.jsonl"
_WORD = re.compile(r"[^\W_]+")
# Five words tell nearly all passages of a corpus apart; the hash of all words decides.
_OPENING_WORDS = 5
_OPENING_DIGITS = 12
_PASSAGE_FIELDS = ("heading", "lead_in", "text")


class WordHash(NamedTuple):
    """A passage by its words.

    Attributes:
        opening: First digits of the SHA-256 of its first five words.
        words: Number of its words.
        sha256: Hash of all of them, in small letters, with a space between two.
    """

    opening: str
    words: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Hydrated:
    """Rows with their texts, and what is missing.

    Attributes:
        rows: Objects as :func:`rows_of_file` of :mod:`labelled_rows` reads them.
        missing: Identifiers of rows that no document has, with the field that was looked for.
        unread: Files that could not be read, with the reason.
    """

    rows: list[dict[str, Any]]
    missing: list[tuple[str, str]]
    unread: list[tuple[str, str]]


def passage_of(text: str) -> WordHash:
    """Hash the words of a text."""
    words = _words(text)
    return WordHash(_digest(words[:_OPENING_WORDS])[:_OPENING_DIGITS], len(words), _digest(words))


def addresses(corpus: Path) -> list[str]:
    """Return the addresses of the documents of a corpus, where known."""
    return [str(document["address"]) for document in _objects(corpus / _DOCUMENTS_FILE) if document["address"]]


def hydrate(corpus: Path, sources: Sequence[str], parts: Collection[str], *, limits: Limits, fetch: Fetch) -> Hydrated:
    """Join the rows of some parts of a corpus with the texts of documents: files, folders or addresses.

    Raises:
        InputError: If the corpus cannot be read.
    """
    documents = {document["id"]: document for document in _objects(corpus / _DOCUMENTS_FILE)}
    rows = _objects(corpus / _ROWS_FILE)
    rows = [row for row in rows if row["strength"] and documents[row["document"]]["part"] in parts]
    for row in rows:
        row |= {name: [WordHash(*passage) for passage in row[name]] for name in _PASSAGE_FIELDS}
    wanted = {passage for row in rows for name in _PASSAGE_FIELDS for passage in row[name]}
    discovery = discover(sources, limits=limits)
    unread = [(reject.source, reject.message) for reject in discovery.rejects]
    texts: dict[WordHash, str] = {}
    for ref in discovery.refs:
        try:
            instruments, _ = parse(read_source(ref, limits=limits, fetch=fetch), limits=limits)
        except OsceCommitmentsError as error:
            unread.append((ref.uri, error.message))
            continue
        for instrument in instruments:
            texts |= _lookup(instrument.text, wanted - texts.keys())
    complete: list[dict[str, Any]] = []
    missing: list[tuple[str, str]] = []
    for row in rows:
        lost = [name for name in _PASSAGE_FIELDS if not texts.keys() >= set(row[name])]
        if lost:
            missing.append((row["id"], lost[-1]))
            continue
        document = documents[row["document"]]
        words = {name: [texts[passage] for passage in row[name]] for name in _PASSAGE_FIELDS}
        complete.append(
            row
            | {"title": document["title"], "genre": document["kind"], "part": document["part"]}
            | {"heading": " / ".join(words["heading"]), "lead_in": " ".join(words["lead_in"])}
            | {"text": " ".join(words["text"])}
        )
    return Hydrated(complete, missing, unread)


def _lookup(text: str, wanted: Iterable[WordHash]) -> dict[WordHash, str]:
    """Find passages in a text."""
    by_opening: dict[tuple[int, str], list[WordHash]] = {}
    for passage in wanted:
        by_opening.setdefault((min(passage.words, _OPENING_WORDS), passage.opening), []).append(passage)
    spans = [match.span() for match in _WORD.finditer(plain(text))]
    words = _words(text)
    found: dict[WordHash, str] = {}
    for width in {width for width, _ in by_opening}:
        for first in range(len(words) - width + 1):
            opening = _digest(words[first : first + width])[:_OPENING_DIGITS]
            for passage in by_opening.get((width, opening), ()):
                last = first + passage.words
                if _digest(words[first:last]) == passage.sha256:
                    found[passage] = _with_marks(text, spans[first][0], spans[last - 1][1])
    return found


def _with_marks(text: str, start: int, end: int) -> str:
    """Cut a passage out with the marks that stand directly before and after it."""
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end]


def _words(text: str) -> list[str]:
    return _WORD.findall(plain(text).lower())


def _digest(words: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _objects(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in read_regular(path).split("\n") if line]
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read: {error}", "give the folder of a corpus of rows without text"
        ) from error

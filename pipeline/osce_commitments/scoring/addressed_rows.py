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

_WORD = re.compile(r"[^\W_]+")
# Where a passage may begin. They only save time: the hash of all its words decides.
_OPENING_WORDS = 5
_OPENING_DIGITS = 12
_PASSAGES = ("heading", "lead_in", "text")
_ROWS, _DOCUMENTS = "rows.jsonl", "documents.jsonl"
_COLUMNS = {_ROWS: {"id", "document", "strength", *_PASSAGES}, _DOCUMENTS: {"id", "title", "kind", "part", "address"}}


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
        missing: Rows whose words are together in no file, each as its identifier and that of its document.
        unread: Files that could not be read, with the reason.
    """

    rows: list[dict[str, Any]]
    missing: list[tuple[str, str]]
    unread: list[tuple[str, str]]


def passage_of(text: str) -> WordHash:
    """Hash the words of a text."""
    words = [word.lower() for word in _WORD.findall(plain(text))]
    return WordHash(_digest(words[:_OPENING_WORDS])[:_OPENING_DIGITS], len(words), _digest(words))


def addresses(corpus: Path) -> list[str]:
    """Return the addresses of the documents of a corpus, where known."""
    return [str(document["address"]) for document in _objects(corpus / _DOCUMENTS) if document["address"]]


def hydrate(
    corpus: Path, sources: Sequence[str], *, limits: Limits, fetch: Fetch, parts: Collection[str] = ("learn", "tune")
) -> Hydrated:
    """Join the rows of a corpus with the texts of documents: files, folders or addresses.

    Rows without gold are left out, and the sealed part unless it is asked for: what is to be measured once must not be
    read before.

    Raises:
        InputError: If the corpus cannot be read.
    """
    documents = {document["id"]: document for document in _objects(corpus / _DOCUMENTS)}
    labelled = [row for row in _objects(corpus / _ROWS) if row["strength"]]
    waiting = [row for row in labelled if documents[row["document"]]["part"] in parts]
    discovery = discover(sources, limits=limits)
    unread = [(reject.source, reject.message) for reject in discovery.rejects]
    complete: list[dict[str, Any]] = []
    for ref in discovery.refs:
        try:
            instruments, _ = parse(read_source(ref, limits=limits, fetch=fetch), limits=limits)
        except OsceCommitmentsError as error:
            unread.append((ref.uri, error.message))
            continue
        texts = _lookup("\n".join(instrument.text for instrument in instruments), _passages(waiting))
        complete += [
            _with_text(row, documents[row["document"]], texts) for row in waiting if _passages([row]) <= texts.keys()
        ]
        waiting = [row for row in waiting if not _passages([row]) <= texts.keys()]
    return Hydrated(complete, [(row["id"], row["document"]) for row in waiting], unread)


def _passages(rows: Iterable[dict[str, Any]]) -> set[WordHash]:
    return {WordHash(*passage) for row in rows for name in _PASSAGES for passage in row[name]}


def _with_text(row: dict[str, Any], document: dict[str, Any], texts: dict[WordHash, str]) -> dict[str, Any]:
    heading, lead_in, text = ([texts[WordHash(*passage)] for passage in row[name]] for name in _PASSAGES)
    return (
        row
        | {"title": document["title"], "genre": document["kind"], "part": document["part"]}
        | {"heading": " / ".join(heading), "lead_in": " ".join(lead_in), "text": " ".join(text)}
    )


def _lookup(text: str, word_hashes: Iterable[WordHash]) -> dict[WordHash, str]:
    """Find passages in a text."""
    by_opening: dict[tuple[int, str], list[WordHash]] = {}
    for passage in word_hashes:
        by_opening.setdefault((min(passage.words, _OPENING_WORDS), passage.opening), []).append(passage)
    matches = list(_WORD.finditer(plain(text)))
    words = [match[0].lower() for match in matches]
    texts: dict[WordHash, str] = {}
    for width in {width for width, _ in by_opening}:
        for first in range(len(words) - width + 1):
            opening = _digest(words[first : first + width])[:_OPENING_DIGITS]
            for passage in by_opening.get((width, opening), ()):
                last = first + passage.words
                if _digest(words[first:last]) == passage.sha256:
                    # With the marks that stand directly before and after it.
                    start, end = matches[first].start(), matches[last - 1].end()
                    while start and not text[start - 1].isspace():
                        start -= 1
                    while end < len(text) and not text[end].isspace():
                        end += 1
                    texts[passage] = text[start:end]
    return texts


def _digest(words: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _objects(path: Path) -> list[dict[str, Any]]:
    remedy = "give the folder of a corpus of rows without text"
    try:
        objects = [json.loads(line) for line in read_regular(path).split("\n") if line]
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}", remedy) from error
    for number, values in enumerate(objects, 1):
        if not isinstance(values, dict) or (lost := _COLUMNS[path.name] - values.keys()):
            what = f"lacks {min(lost)}" if isinstance(values, dict) else "is no JSON object"
            raise InputError(f"{path}, row {number} {what}", remedy)
    return objects

"""What is marked in the words of an instrument: acts, citations and marks of footnotes, at their places in its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from osce_commitments.extra.akn.tree import Span
from osce_commitments.labels import TagKind
from osce_commitments.schema import Row
from osce_commitments.texts.akn import CITED_BY_SYMBOL
from osce_commitments.texts.normalise import superscript

_RAISED = superscript("0123456789")
_SYMBOL_OF_UN = re.compile(r"[ASE]/\S")
_ADDRESS_OF_UN = "https://undocs.org/en/"


class Mark(NamedTuple):
    """Words to mark: an act with its strength, a citation with its address, or the mark of a footnote."""

    start: int
    end: int
    tag: str
    attributes: tuple[tuple[str, str], ...] = ()


def marks_of(rows: Iterable[Row]) -> Iterator[Mark]:
    """Yield the acts and citations of some provisions, at their places in the text of the document."""
    for row in rows:
        cue = row["strength_cue"]
        if cue and cue["text"] and (place := _place(row, cue)):
            yield Mark(*place, "span", (("class", "act"), ("refersTo", f"#{row['strength']}")))
        for tag in row["tags"]:
            if tag["kind"] == TagKind.INSTRUMENT and tag["ref"] and (place := _place(row, tag)):
                yield Mark(*place, "ref", (("href", _address(tag["ref"])),))


def places_of_notes(text: str, rows: Sequence[Row]) -> Iterator[tuple[Span, Row]]:
    """Yield the place of each footnote's raised mark in the words of provisions, with the footnote."""
    spans = sorted(
        {
            (one["start"], one["end"])
            for row in rows
            if not row["note_mark"]
            for one in (row, *row["lead_in_spans"], *row["tail_spans"])
        }
    )
    for row in rows:
        if row["note_mark"].isdecimal():
            mark = superscript(row["note_mark"])
            pattern = re.compile(rf"(?<![\s{_RAISED}]){mark}(?![{_RAISED}])")
            places = [match.span() for match in pattern.finditer(text, 0, row["start"])]
            if places and any(start <= places[-1][0] and places[-1][1] <= end for start, end in spans):
                yield places[-1], row


def _place(row: Row, words: Row) -> Span | None:
    """Return the place in the document of words in the text or lead-in of a row."""
    if words["field"] == "text":
        return row["start"] + words["start"], row["start"] + words["end"]
    if words["field"] != "lead_in":
        return None
    offset = 0
    for stem in row["lead_in_spans"]:
        length = stem["end"] - stem["start"]
        if offset <= words["start"] and words["end"] <= offset + length:
            return stem["start"] + words["start"] - offset, stem["start"] + words["end"] - offset
        offset += length + 1
    return None


def _address(symbol: str) -> str:
    if _SYMBOL_OF_UN.match(symbol):
        return _ADDRESS_OF_UN + quote(symbol.replace(" ", ""), safe="/()")
    return CITED_BY_SYMBOL + quote(symbol, safe="")

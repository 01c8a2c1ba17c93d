"""Footnotes: their marks, and the provisions in which the marks stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from osce_commitments.provisions.patterns import list_rules
from osce_commitments.schema import Provision
from osce_commitments.texts.normalise import superscript

_ENDS_OF_A_MARK = tuple("⁰¹²³⁴⁵⁶⁷⁸⁹]/*")
_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def read_mark(written: str) -> tuple[str, int]:
    """Mark at the start of a footnote, without brackets and not raised, and where its words begin; empty if none."""
    found = list_rules().pattern("note_mark").match(written)
    return (found[found.lastgroup or 0].translate(_LEVEL), found.end()) if found else ("", 0)


def unmarked(written: str) -> str:
    """Words without the mark of a footnote at their end, which would hide how they end."""
    return list_rules().pattern("note_mark_at_end").sub("", written) if written.endswith(_ENDS_OF_A_MARK) else written


def place_of_mark(text: str, mark: str, note: int) -> int | None:
    """Where the mark of a footnote stands: the last place before the footnote, else the first one after it.

    Args:
        text: Text of the document.
        mark: As :func:`read_mark` gives it.
        note: Where the footnote starts.
    """
    for form in _forms(mark):
        places = [found.start() for found in form.finditer(text)]
        before = bisect_right(places, note - 1)
        # The mark before the footnote's own words is no place in the text.
        if before:
            return places[before - 1]
        if behind := [place for place in places if place > note + len(mark) + 2]:
            return behind[0]
    return None


def _forms(mark: str) -> tuple[re.Pattern[str], ...]:
    """How a mark is printed, the surest form first: raised, in brackets, with a stroke, glued to a word."""
    escaped = re.escape(mark)
    if not mark.isdecimal():
        return (re.compile(rf"(?<=\S)\[{escaped}\]|(?<=[^\s*]){escaped}(?!\*)"),)
    raised = superscript(mark)
    return (
        re.compile(rf"(?<![\s⁰¹²³⁴⁵⁶⁷⁸⁹]){raised}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])"),
        re.compile(rf"(?<=[^\s\[])\[{escaped}\]"),
        re.compile(rf"(?<=\S ){escaped}/(?=\s)|(?<=[^\s\d]){escaped}/(?=\s)"),
        re.compile(rf"(?<=[a-z]{{3}}){escaped}(?!\w)|(?<=[a-z]{{3}}[.,;)”]){escaped}(?!\w)"),
    )


def holder(provisions: Sequence[Provision], place: int) -> str:
    """Id of the provision that holds a place of the text, or of the first one whose stem or tail does; else empty."""
    for one in provisions:
        if one.start <= place <= one.end and not one.note_mark:
            return one.id
    for one in provisions:
        if any(start <= place <= end for start, end in (*one.lead_in_spans, *one.tail_spans)):
            return one.id
    return ""

"""Footnotes: their marks, and the provisions that contain the marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from osce_commitments.provisions.patterns import list_rules
from osce_commitments.schema import Provision
from osce_commitments.texts.normalise import superscript

_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def read_mark(written: str) -> tuple[str, int]:
    """Return the mark of a footnote as plain text and the offset of the words after it; "" and 0 if it has no mark."""
    found = list_rules().pattern("note_mark").match(written)
    return (found[found.lastgroup or 0].translate(_LEVEL), found.end()) if found else ("", 0)


def with_notes_linked(text: str, provisions: Sequence[Provision]) -> list[Provision]:
    """Return the provisions with every footnote linked to the provision that contains its mark."""
    found = list(provisions)
    for index, one in enumerate(found):
        place = _place_of_mark(text, one.note_mark, one.start) if one.note_mark else None
        if place is not None:
            found[index] = replace(one, note_of=_holder(provisions, place))
    return found


def _place_of_mark(text: str, mark: str, note: int) -> int | None:
    """Return the offset of a footnote's mark in the text: the last before the footnote, else the first after it.

    Args:
        text: Text of the document.
        mark: The mark as returned by :func:`read_mark`.
        note: Where the footnote starts.
    """
    for form in _forms(mark):
        places = [found.start() for found in form.finditer(text)]
        before = bisect_right(places, note - 1)
        # The mark at the start of the footnote itself does not count.
        if before:
            return places[before - 1]
        if behind := [place for place in places if place > note + len(mark) + 2]:
            return behind[0]
    return None


def _forms(mark: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns for a printed mark, the surest first: raised, in brackets, with a slash, attached to a word."""
    one = re.escape(mark)
    # Each opens with the mark, which Python looks for fast; what must be before it is asked after that.
    if not mark.isdecimal():
        return (re.compile(rf"\[{one}\](?<=\S\[{one}\])|{one}(?!\*)(?<=[^\s*]{one})"),)
    raised = superscript(mark)
    return (
        re.compile(rf"{raised}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])(?<![\s⁰¹²³⁴⁵⁶⁷⁸⁹]{raised})"),
        re.compile(rf"\[{one}\](?<=[^\s\[]\[{one}\])"),
        re.compile(rf"{one}/(?=\s)(?:(?<=\S {one}/)|(?<=[^\s\d]{one}/))"),
        re.compile(rf"{one}(?!\w)(?:(?<=[a-z]{{3}}{one})|(?<=[a-z]{{3}}[.,;)”]{one}))"),
    )


def _holder(provisions: Sequence[Provision], place: int) -> str:
    """Return the id of the provision that contains an offset, else of the first whose stem or tail does, else ""."""
    for one in provisions:
        if one.start <= place <= one.end and not one.note_mark:
            return one.id
    for one in provisions:
        if any(start <= place <= end for start, end in (*one.lead_in_spans, *one.tail_spans)):
            return one.id
    return ""

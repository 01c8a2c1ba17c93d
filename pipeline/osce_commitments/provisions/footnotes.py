"""Footnotes: their marks, and the provisions that contain the marks."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import itemgetter

from osce_commitments.provisions.patterns import list_rules
from osce_commitments.schema import Provision
from osce_commitments.texts.normalise import superscript

_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def read_mark(written: str) -> tuple[str, int]:
    """Return the mark of a footnote as plain text and the offset of the words after it; "" and 0 if it has no mark."""
    match = list_rules().pattern("note_mark").match(written)
    return (match[match.lastgroup or 0].translate(_LEVEL), match.end()) if match else ("", 0)


def with_notes_linked(text: str, provisions: Sequence[Provision]) -> list[Provision]:
    """Return the provisions with every footnote linked to the provision that contains its mark."""
    places = functools.cache(lambda form: [match.start() for match in form.finditer(text)])
    holders = _Holders(provisions)
    found = list(provisions)
    for index, one in enumerate(found):
        place = _place_of_mark(places, one.note_mark, one.start) if one.note_mark else None
        if place is not None:
            found[index] = replace(one, note_of=holders.at(place))
    return found


def _place_of_mark(places: Callable[[re.Pattern[str]], Sequence[int]], mark: str, note: int) -> int | None:
    """Return the offset of a footnote's mark in the text: the last before the footnote, else the first after it.

    Args:
        places: Gives the offsets at which a printed form is in the text, in order.
        mark: The mark as returned by :func:`read_mark`.
        note: Where the footnote starts.
    """
    for form in _forms(mark):
        found = places(form)
        if before := bisect_right(found, note - 1):
            return found[before - 1]
        # The mark at the start of the footnote itself does not count.
        behind = bisect_right(found, note + len(mark) + 2)
        if behind < len(found):
            return found[behind]
    return None


@functools.cache  # a mark has at most three digits
def _forms(mark: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns for a printed mark, the surest first: raised, in brackets, with a slash, attached to a word."""
    escape = re.escape(mark)
    # Each opens with the mark, which Python looks for fast; what must be before it is asked after that.
    if not mark.isdecimal():
        return (re.compile(rf"\[{escape}\](?<=\S\[{escape}\])|{escape}(?!\*)(?<=[^\s*]{escape})"),)
    raised = superscript(mark)
    return (
        re.compile(rf"{raised}(?![⁰¹²³⁴⁵⁶⁷⁸⁹])(?<![\s⁰¹²³⁴⁵⁶⁷⁸⁹]{raised})"),
        re.compile(rf"\[{escape}\](?<=[^\s\[]\[{escape}\])"),
        re.compile(rf"{escape}/(?=\s)(?:(?<=\S {escape}/)|(?<=[^\s\d]{escape}/))"),
        re.compile(rf"{escape}(?!\w)(?:(?<=[a-z]{{3}}{escape})|(?<=[a-z]{{3}}[.,;)”]{escape}))"),
    )


class _Holders:
    """Finds the provision that contains an offset of the text, else the first whose stem or tail does."""

    def __init__(self, provisions: Sequence[Provision]) -> None:
        own = {(provision.start, provision.end): provision.id for provision in provisions if not provision.note_mark}
        others: dict[tuple[int, int], str] = {}
        for provision in provisions:
            for span in (*provision.lead_in_spans, *provision.tail_spans):
                others.setdefault(span, provision.id)
        self._spans = [(sorted(ids), ids) for ids in (own, others)]

    def at(self, place: int) -> str:
        """Return the id of the provision; empty if there is none."""
        for spans, ids in self._spans:
            behind = bisect_right(spans, place, key=itemgetter(0))
            # The spans are apart, but one may end where the next begins.
            for span in spans[max(0, behind - 2) : behind]:
                if place <= span[1]:
                    return ids[span]
        return ""

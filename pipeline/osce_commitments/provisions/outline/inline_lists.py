"""Lists inside a paragraph: "… shall: (a) …; (b) …" and "… to: - …; - …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from osce_commitments.provisions.item_labels import ItemLabel, read_label
from osce_commitments.provisions.patterns import list_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.sentences import sentence_starts
from osce_commitments.rules.record import REACH

_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS_OF_AN_ITEM = 3
_SHORTEST_LIST = 2
# What the rules on the words just before a label read at most; a line may have thousands of labels.
_NEAR = 80


def at_inline_lists(piece: Piece) -> Iterator[Piece]:
    """Yield the piece, or its stem, items and the text after them if it contains a list.

    A paragraph of two labels ("58. (a) Requests …") gives a piece without words for the outer one.
    """
    written = piece.printed
    if inner := _second_label(piece):
        yield replace(piece, end=piece.start)
        yield from at_inline_lists(replace(piece, start=piece.start + inner.length, label=inner))
        return
    places = _numbered_places(written, piece.label) or _dashed_places(written, piece.label)
    if not places:
        yield piece
        return
    for part in _split(piece, written, places):
        yield from at_inline_lists(part)


def _second_label(piece: Piece) -> ItemLabel | None:
    """Return the label of the first item of a numbered paragraph that has no words of its own."""
    outer = piece.label
    if outer is None or outer.is_bullet or piece.marked is not None or piece.is_inline or piece.continues:
        return None
    inner = read_label(piece.printed)
    if inner is None or inner.is_bullet or not inner.is_first or not inner.is_sure:
        return None
    is_lower = inner.readings[0].rank > outer.readings[0].rank
    is_reference = list_rules().finds("reference_after_label", piece.printed[inner.length :])
    return inner if is_lower and not is_reference else None


def _split(piece: Piece, written: str, places: list[tuple[int, ItemLabel]]) -> Iterator[Piece]:
    start = piece.start
    opens_with_item = piece.label is not None and (_follows(places[0][1], piece.label) or piece.label.is_bullet)
    rest, label, is_inline = piece, piece.label, piece.is_inline
    for place, next_label in places:
        head, rest = rest.cut(start + place)
        yield replace(head, label=label, is_inline=is_inline, continues=head.continues and label is piece.label)
        rest = replace(rest, start=start + place + next_label.length)
        label, is_inline = next_label, True
    rest = replace(rest, label=label, is_inline=True, continues=False)
    behind = next(
        (sentence_start for sentence_start in sentence_starts(written) if sentence_start > places[-1][0]), None
    )
    if behind is None or opens_with_item:
        yield rest
        return
    item, tail = rest.cut(start + behind)
    yield item
    yield replace(tail, label=piece.label, is_inline=piece.is_inline, continues=True)


def _numbered_places(written: str, own: ItemLabel | None) -> list[tuple[int, ItemLabel]]:
    """Return offsets and labels of the longest count "(a) … (b) …"; it may continue the paragraph's own label."""
    lists = list_rules()
    places: list[tuple[int, ItemLabel]] = []
    last, is_behind_stem = own, False
    starts = (match.start() for match in lists.pattern("inline_label").finditer(written))
    for start, label in _labels(written, starts):
        if lists.finds_before("reference_before_label", written, start, reach=_NEAR):
            continue
        is_next = (
            last is not None
            and _follows(label, last)
            and lists.finds_before("between_items", written, start, reach=_NEAR)
        )
        is_first = (
            not places
            and label.is_first
            and not (own is not None and bool({a.style for a in label.readings} & {b.style for b in own.readings}))
        )
        since = places[-1][0] + places[-1][1].length if places else 0
        fewest = 1 if is_behind_stem or (last is own and not places) else _WORDS_OF_AN_ITEM
        if is_first or (is_next and (len(list(islice(_WORD.finditer(written, since, start), fewest))) == fewest)):
            is_behind_stem = is_behind_stem or (not places and _opens_list(written, start))
            places.append((start, label))
            last = label
    is_list = len(places) >= _SHORTEST_LIST or (places and own is not None and _follows(places[0][1], own))
    return places if is_list else []


def _opens_list(written: str, end: int) -> bool:
    """Whether the words before the first label wait for items."""
    before = written[max(0, end - REACH) : end].rstrip()
    return list_rules().finds("opens_list", before)


def _labels(written: str, places: Iterable[int]) -> list[tuple[int, ItemLabel]]:
    """Return the labels at some offsets, each with its offset."""
    return [(place, label) for place in places if (label := read_label(written, place))]


def _follows(label: ItemLabel, last: ItemLabel) -> bool:
    return any(a.style == b.style and a.value == b.value + 1 for a in label.readings for b in last.readings)


def _dashed_places(written: str, own: ItemLabel | None) -> list[tuple[int, ItemLabel]]:
    lists = list_rules()
    labels = _labels(written, (match.end() for match in lists.pattern("inline_dash").finditer(written)))
    if not labels:
        return []
    if own is not None and own.is_bullet:
        return [(at, label) for at, label in labels if label.readings == own.readings]
    at, first = labels[0]
    places = [(at, label) for at, label in labels if label.readings == first.readings]
    return places if len(places) >= _SHORTEST_LIST and written[:at].rstrip().endswith(":") else []

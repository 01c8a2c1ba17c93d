"""Headings formatted like paragraphs: a number or a colon and a few words above the text that they introduce."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from osce_commitments.labels import BlockKind
from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.pieces import Piece

_WORDS_OF_A_HEADING = 12
_LEAST_AT_ENDS = 3
_LEVEL_AT_ENDS = 2
_AT_END = re.compile(r"[.;]\s+(?=(?:[A-Z][a-z]+ \d{1,2}\. )?[A-Z\d][^.;:!?]{2,110}$)")
_STYLES = ("decimal", "upper-roman", "upper ")
_QUOTES = ')\u201d"\u2019'
_ASIDE = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS})


def with_numbered_headings(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with "2. Scope" and the like turned into headings.

    A heading has no final punctuation and is followed by one of its parts ("2.1 …", a table), by a sentence without a
    label or by one of another count (paragraphs numbered through the document). An item of a list of names looks the
    same: next to another such item, or below words that open a list, it stays an item. "Reports:" above acts that are
    complete without it is a heading as well, and so is "Rule of law:" between "(ii)" and "(iii)".
    """
    pieces = _with_ends_apart(pieces)
    result: list[Piece] = []
    outer = 0
    for index, piece in enumerate(pieces):
        if piece.kind != BlockKind.PARAGRAPH:
            outer = piece.heading_level if piece.kind == BlockKind.HEADING else outer
            result.append(piece)
            continue
        below = (piece for piece in pieces[index + 1 : index + 9] if piece.kind not in _ASIDE)
        following, behind = next(below, None), next(below, None)
        if following is not None and _is_heading(piece, result[-1] if result else None, following, behind):
            label = piece.label
            depth = 1 + (label.number.count(".") if label else 0)
            start = piece.start - (label.length if label else 0)
            piece = replace(  # noqa: PLW2901 - the same piece as a heading
                piece, kind=BlockKind.HEADING, start=start, label=None, heading_level=outer + depth
            )
        elif following is not None and _is_name_with_colon(piece, result[-1] if result else None, following):
            piece = replace(piece, kind=BlockKind.HEADING, end=piece.end - 1, heading_level=outer + 1)  # noqa: PLW2901
        result.append(piece)
    return result


def _with_ends_apart(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with headings split off that an extraction put at the end of the paragraph above them.

    Words without a verb and a stop above the next numbered paragraph; fewer than three in a text are no evidence.
    """
    ends = {index: apart for index, pair in enumerate(pairwise(pieces)) if (apart := _end_apart(*pair))}
    result: list[Piece] = []
    for index, piece in enumerate(pieces):
        if index in ends and len(ends) >= _LEAST_AT_ENDS:
            text, heading = piece.cut(piece.start + ends[index])
            result += [text, replace(heading, kind=BlockKind.HEADING, heading_level=_LEVEL_AT_ENDS)]
        else:
            result.append(piece)
    return result


def _end_apart(piece: Piece, following: Piece) -> int:
    """Return the offset of a heading at the end of a piece; 0 without one."""
    label = following.label
    if label is None or label.is_minor or label.is_bullet or {piece.kind, following.kind} != {BlockKind.PARAGRAPH}:
        return 0
    match = _AT_END.search(piece.printed)
    words = piece.printed[match.end() :] if match else ""
    is_act = list_rules().finds("own_sentence", words) or role_rules().finds("verb_of_body", words)
    return match.end() if match and not is_act else 0


def _is_name_with_colon(piece: Piece, above: Piece | None, following: Piece) -> bool:
    """Whether words without a verb and with a colon are a heading, and no stem.

    They are above a complete act, or between an item and the next one in its count.
    """
    lists = list_rules()
    words, below = piece.written, following.written
    if piece.kind != BlockKind.PARAGRAPH or piece.label is not None or following.kind != BlockKind.PARAGRAPH:
        return False
    if len(words.split()) > _WORDS_OF_A_HEADING:
        return False
    if above is not None and _is_next_item(following, above):
        return lists.finds("heading.between_items", words)
    if not lists.finds("heading.with_colon", words):
        return False
    is_act = role_rules().finds("verb_of_body", below) or lists.finds("own_sentence", below)
    return is_act and not following.is_minor


def _is_next_item(following: Piece, above: Piece) -> bool:
    """Whether "(c)" continues the count of "(b)"."""
    if following.label is None or above.label is None or following.label.is_bullet:
        return False
    return any(
        here.is_minor and here.style == last.style and here.value == last.value + 1
        for here in following.label.readings
        for last in above.label.readings
    )


def _is_heading(piece: Piece, above: Piece | None, following: Piece, behind: Piece | None) -> bool:
    if not _looks_like_one(piece):
        return False
    if piece.label and following.label and following.label.number.startswith(f"{piece.label.number}."):
        return True  # "2.1" below "2"
    opens_items = above and above.kind == BlockKind.PARAGRAPH and list_rules().finds("opens_list", above.printed)
    if opens_items or (above is not None and _looks_like_one(above)):
        return False
    if following.kind == BlockKind.TABLE:
        return True
    words = following.words
    opens = following.label is None and behind is not None and behind.label is not None and behind.label.is_first
    is_text = words.endswith((".", ":", ";")) or (opens and following.is_unfinished)
    is_sentence = following.kind == BlockKind.PARAGRAPH and words[:1].isupper() and is_text
    is_below = (
        following.label is None or _is_of_other_count(following, piece, above) or _is_of_lower_rank(following, piece)
    )
    return is_sentence and is_below


def _looks_like_one(piece: Piece) -> bool:
    words = piece.printed
    return (
        piece.kind == BlockKind.PARAGRAPH
        and piece.label is not None
        and piece.label.readings[0].style.startswith(_STYLES)
        and words[:1].isupper()
        and len(words.split()) <= _WORDS_OF_A_HEADING
        and (words[-1].isalnum() or words[-1] in _QUOTES)
        and not list_rules().finds("opens_list", words)
        and ". " not in words
    )


def _is_of_other_count(following: Piece, piece: Piece, above: Piece | None) -> bool:
    """Whether "5." below "2. Findings" continues the count of the paragraphs and not that of the headings."""
    counts = [one.label.readings[0] if one and one.label else None for one in (above, piece, following)]
    before, here, behind = counts
    if here is None or behind is None or here.style != behind.style:
        return False
    is_next_paragraph = before is not None and before.style == here.style and before.value + 1 == behind.value
    return is_next_paragraph or behind.value != here.value + 1


def _is_of_lower_rank(following: Piece, piece: Piece) -> bool:
    """Whether numbered paragraphs follow below "A. Lamps" or "II. Lamps"."""
    styles = [one.label.readings[0].style if one.label else "" for one in (piece, following)]
    return styles[0].startswith("upper") and styles[1].startswith("decimal")

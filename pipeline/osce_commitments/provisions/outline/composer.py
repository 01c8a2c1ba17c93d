"""The outline: assigns every piece to the stem that it belongs to, at any depth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise, zip_longest

from osce_commitments.labels import BlockKind, Role
from osce_commitments.provisions.item_labels import ItemLabel, LabelReading, read_label
from osce_commitments.provisions.outline.items import POINTS_OF_INDENT, Item
from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.sentences import sentence_starts
from osce_commitments.rules.record import REACH

_WORDS_OF_A_TAIL = 40
_LETTER_BEFORE_I = 8
_MOST_LEVELS = 40  # no real list has ten; each item holds those above it
_RANK_OF_NUMBERS = 2  # of "3.", the usual number of a paragraph
_TEXT = "text"
_PLAIN = "plain"
_TAIL = "tail"
_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS_OF_AN_ITEM = 3
_SHORTEST_LIST = 2
# What the rules on the words just before a label read at most; a line may have thousands of labels.
_NEAR = 80


def outline(pieces: Iterable[Piece]) -> Iterator[Item]:
    """Yield every piece with its position, in order; ``has_items`` is final only after the items that follow."""
    subject: Item | None = None
    pieces = list(pieces)
    continuing = _continuing(pieces)
    numbered: dict[int, Item] = {}
    is_nested = False
    for item in _placed(pieces):
        if item.rank == _RANK_OF_NUMBERS:
            is_nested = bool(item.parents)
            numbered[item.piece.start] = item
        elif not is_nested:
            item.continued = numbered.get(continuing.get(item.piece.start, -1))
        if item.piece.kind in {BlockKind.HEADING, BlockKind.TITLE}:
            subject = None
        elif item.piece.is_subject:
            subject = item
        elif subject and item.piece.takes_subject and not item.parents:
            item.subject = subject
            subject.take(item)
        yield item


def _continuing(pieces: Sequence[Piece]) -> dict[int, int]:
    """Return the start of each paragraph without a number that stands between "3." and "4.", with the start of "3."."""
    starts: dict[int, int] = {}
    waiting: list[Piece] = []
    above: Piece | None = None
    for piece, following in zip_longest(pieces, pieces[1:]):
        label = piece.label
        if piece.marked is not None or piece.kind in {BlockKind.HEADING, BlockKind.TITLE}:
            above, waiting = None, []
        elif piece.is_aside or piece.is_frame or piece.kind != BlockKind.PARAGRAPH or piece.role == Role.OTHER:
            continue
        elif label is None:
            opens_items = following is not None and following.is_minor
            is_note = role_rules().finds("closing_note.label", piece.words)
            is_whole = opens_items or list_rules().finds("ends_sentence", piece.words)
            waiting += [piece] if is_whole and not is_note else []
        elif label.readings[0].rank == _RANK_OF_NUMBERS:
            if above is not None and above.label is not None and above.role == piece.role:
                last, here = above.label.readings[0], label.readings[0]
                is_next = last.style == here.style and last.value + 1 == here.value
                starts.update((text.start, above.start) for text in waiting if is_next and text.role == piece.role)
            above, waiting = piece, []
    return starts


def _placed(pieces: Iterable[Piece]) -> Iterator[Item]:
    path: list[Item] = []
    waiting: list[Item] = []
    parted: list[Item] = []
    interrupted: list[Item] = []
    role: Role | None = None
    pieces = list(pieces)
    for whole, following in zip_longest(pieces, pieces[1:]):
        if whole.kind in {BlockKind.HEADING, BlockKind.TITLE}:
            waiting = [] if whole.role == Role.TITLE else _waiting(path, waiting)
            parted = [] if whole.role == Role.TITLE else path or parted
            # A heading that the mark-up puts among the items of a list does not end the list.
            path, interrupted = path * whole.has_given_place, []
            yield _unlabelled(whole)
            continue
        if whole.is_aside:
            yield _unlabelled(whole)
            continue
        if whole.is_frame or whole.number or whole.role != role:
            path, waiting, parted, interrupted, role = [], [], [], [], whole.role
        path, parted = path or _resumed_below_heading(whole, parted, waiting), []
        parts = [whole] if whole.is_frame or whole.role == Role.PREAMBLE else list(at_inline_lists(whole))
        parts = [whole] if _begins_again(parts[-1], following) else parts
        for piece in parts:
            item = _place(piece, path, interrupted)
            interrupted = path if len(path) > 1 and not item.parents else interrupted
            path = [*item.parents, item][-_MOST_LEVELS:]
            if item.parents:
                item.parents[-1].take(item)
            if item.written:
                yield item
        if whole.is_frame or whole.number:
            path = []


def _begins_again(last: Piece, following: Piece | None) -> bool:
    """Whether "(a)" follows a paragraph with "(a) … and (b) …, as follows:": its letters only number its words."""
    label = following.label if following else None
    if label is None or last.label is None or not (last.is_inline and last.words.endswith(":")):
        return False
    return label.is_first and not label.is_bullet and label.readings[0].style == last.label.readings[0].style


def _place(piece: Piece, path: list[Item], interrupted: list[Item]) -> Item:
    if piece.has_given_place and not _is_displaced(piece, path):
        mark_up = piece.marked
        depth = min(mark_up.depth or 0, len(path)) if mark_up else 0
        reading = piece.label.readings[0] if piece.label else None
        style, value, rank = (
            (reading.style, reading.value, reading.rank) if reading else (_PLAIN if depth else _TEXT, 0, -1)
        )
        is_tail = mark_up is not None and mark_up.is_tail and depth > 0
        item = Item(piece, _TAIL if is_tail else style, value, rank, tuple(path[:depth]))
        item.is_tail = is_tail
        return item
    return _place_piece(piece, interrupted if _resumes_list(interrupted, path, piece.label) else path)


def _is_displaced(piece: Piece, path: list[Item]) -> bool:
    """Whether the mark-up puts "(a)" next to the words that it belongs below, or "(b)" outside the list that it continues."""
    label, mark_up = piece.label, piece.marked
    if not path or label is None or label.is_bullet or not label.is_minor or mark_up is None or mark_up.depth:
        return False
    last = path[-1]
    if label.is_first:
        return last.piece.label is not None and not last.written.endswith(".")
    return any(
        item.style == reading.style and item.value + 1 == reading.value
        for item in path[1:]
        for reading in label.readings
    )


def _waiting(path: list[Item], waiting: list[Item]) -> list[Item]:
    """Return the stem whose list may continue after a heading: an open item right above it, or the stem still open."""
    if path and path[-1].is_open:
        return path
    return waiting if waiting and path[: len(waiting)] == waiting else []


def _resumed_below_heading(piece: Piece, parted: list[Item], waiting: list[Item]) -> list[Item]:
    """Return the path that a heading parted if a piece below it is the next or first item of a list there; else none."""
    label = piece.label
    if label is None:
        return []
    is_task = piece.begins_small or piece.is_infinitive
    is_over = bool(parted) and parted[-1].written.endswith(".")
    if (is_task or not is_over) and _is_next_minor(label, parted, is_task=is_task):
        return parted
    is_item = not piece.written.endswith(".") and not _is_act_of_body(piece)
    opens = label.is_minor and label.is_first and not label.is_bullet and is_item
    return waiting if is_task or opens else []


def _is_next_minor(label: ItemLabel, parted: list[Item], *, is_task: bool) -> bool:
    """Whether "(c)" continues the count below a stem; a bullet, which has no count, must state a task."""
    return any(
        reading.is_minor
        and stem.is_stem
        and item.style == reading.style
        and (is_task if label.is_bullet else item.value + 1 == reading.value)
        for stem, item in pairwise(parted)
        for reading in label.readings
    )


def _resumes_list(interrupted: list[Item], path: list[Item], label: ItemLabel | None) -> bool:
    """Whether "(b)" continues a list that a paragraph of text interrupted."""
    is_text = len(path) == 1 and path[0].piece.label is None and not path[0].is_open and path[0].is_ended
    if label is None or label.is_bullet or not is_text:
        return False
    return any(
        reading.is_minor and item.style == reading.style and item.value + 1 == reading.value
        for item in interrupted[1:]
        for reading in label.readings
    )


def _unlabelled(piece: Piece, style: str = _TEXT, parents: tuple[Item, ...] = ()) -> Item:
    return Item(piece, style, 0, -1, parents)


def _place_piece(piece: Piece, path: list[Item]) -> Item:
    if piece.continues:
        while len(path) > 1 and path[-1].piece.is_inline:
            path = path[:-1]
        host = path[-1]
        return Item(piece, host.style, host.value, host.rank, host.parents)
    if piece.label and (place := _place_of_label(piece, piece.label, path)):
        reading, depth = place
        depth = 0 if depth and _leaves_list(path[depth:], piece) else depth
        return Item(piece, reading.style, reading.value, reading.rank, tuple(path[:depth]))
    if piece.label:
        piece = replace(piece, start=piece.start - piece.label.length, label=None)
    last = path[-1] if path else None
    if last is None or (path[0].is_verb_line and piece.is_verb_line):
        return _unlabelled(piece)
    if _is_first_below(last, piece):
        return _unlabelled(piece, _PLAIN, tuple(path))
    if last.style == _PLAIN and last.piece.indent - piece.indent > POINTS_OF_INDENT:
        # Further out than the items: an item of an outer list, the end of their sentence, or text after them all.
        aligned = (item for item in reversed(path) if abs(item.piece.indent - piece.indent) <= POINTS_OF_INDENT)
        outer = next((item for item in aligned if item.style == _PLAIN), None)
        if outer:
            return _unlabelled(piece, _PLAIN, outer.parents)
    elif last.style == _PLAIN and _is_next_item(piece, path):
        return _unlabelled(piece, _PLAIN, last.parents)
    return _place_after_items(piece, last) if last.parents and piece.begins_small else _unlabelled(piece)


def _leaves_list(siblings: list[Item], piece: Piece) -> bool:
    """Whether a labelled piece is a new act and not the next item: "Decides: 1. To act. 2. Urges …"."""
    if not siblings or not (siblings[0].written.endswith(".") or siblings[0].written.startswith("To ")):
        return False
    verb = role_rules().pattern("verb_of_body")
    return verb.match(piece.written) is not None and verb.match(siblings[0].written) is None


def _place_of_label(piece: Piece, label: ItemLabel, path: list[Item]) -> tuple[LabelReading, int] | None:
    """Return the reading of a label that fits and the depth of its item; None if it is not a label."""
    if label.is_bullet:
        return label.readings[0], _depth_of_bullet(piece, label.readings[0], path)
    first = next((reading for reading in label.readings if reading.value == 1), None)
    above = path[-1] if path else None
    # "(i)" after "(b)" opens a Roman list below it; after "(h)" it is the next letter.
    is_letter = above is not None and above.piece.label is not None and above.style.startswith("lower ")
    opens_roman = first and is_letter and first.style.startswith("lower-roman") and path[-1].value != _LETTER_BEFORE_I
    if first and above and (above.is_open or opens_roman):
        return first, len(path)
    alike = [
        (reading, depth)
        for depth in reversed(range(len(path)))
        for reading in label.readings
        if path[depth].style == reading.style
    ]
    following = [(reading, depth) for reading, depth in alike if path[depth].value + 1 == reading.value]
    if following:
        return next(
            (place for place in following if (abs(piece.indent - path[place[1]].piece.indent) <= POINTS_OF_INDENT)),
            following[0],
        )
    if alike:
        return alike[0] if label.is_sure or first else None
    if first is None:
        return (label.readings[0], _depth_amid_count(label.readings[0], path, piece)) if label.is_sure else None
    return first, _depth_by_rank(first, path, piece, is_continuing=piece.begins_small)


def _is_line(above: Item, piece: Piece) -> bool:
    """Whether a short line without a full stop is an item below a colon or next to another such item."""
    return (above.style == _PLAIN or above.written.endswith(":")) and piece.is_short_line


def _depth_amid_count(reading: LabelReading, path: list[Item], piece: Piece) -> int:
    """Return the depth of a label that neither opens nor continues a list.

    A count that runs through the document continues below text that opens a list; otherwise the label belongs next to
    or below the last numbered item.
    """
    if path and path[-1].style == _TEXT and (path[-1].is_open or (piece.begins_small and not path[-1].is_complete)):
        return len(path)
    numbered = [depth for depth, item in enumerate(path) if item.piece.label and not item.piece.label.is_bullet]
    if not numbered:
        return 0
    # "52." is next to "(b)" or above it, never below.
    while len(numbered) > 1 and path[numbered[-1]].rank > reading.rank:
        numbered.pop()
    deepest = numbered[-1]
    is_below = path[-1].is_open if deepest == len(path) - 1 else reading.rank > path[deepest].rank
    return deepest + 1 if is_below else deepest


def _depth_of_bullet(piece: Piece, reading: LabelReading, path: list[Item]) -> int:
    for depth in reversed(range(len(path))):
        if path[depth].style == reading.style:
            further_in = piece.indent - path[depth].piece.indent
            if further_in > POINTS_OF_INDENT:
                return len(path)
            if further_in >= -POINTS_OF_INDENT:
                here, outer = path[depth], path[depth - 1] if depth else None
                if depth == len(path) - 1 and here.is_open:
                    return depth + 1
                if (
                    outer is None
                    or outer.style != here.style
                    or abs(outer.piece.indent - here.piece.indent) > POINTS_OF_INDENT
                ):
                    return depth
                return depth - (outer.has_commas and here.written.endswith((";", ".")))
    same = [depth for depth, item in enumerate(path) if item.style == reading.style]
    if same:
        return same[0]
    if path and path[-1].piece.label and path[-1].piece.label.is_bullet and not path[-1].is_open:
        is_below = piece.indent - path[-1].piece.indent > POINTS_OF_INDENT or not path[-1].is_ended
        return len(path) if is_below else len(path) - 1
    return _depth_by_rank(reading, path, piece)


def _depth_by_rank(reading: LabelReading, path: list[Item], piece: Piece, *, is_continuing: bool = False) -> int:
    depth = len(path)
    last = path[-1] if path else None
    if last and (last.is_open or (is_continuing and last.style == _TEXT and not last.is_ended)):
        return depth
    while depth and (path[depth - 1].rank > reading.rank or _is_closed_text(path[depth - 1], reading, piece)):
        depth -= 1
    return depth


def _is_closed_text(item: Item, reading: LabelReading, piece: Piece) -> bool:
    """Whether an unlabelled item cannot have such an item below it; unfinished text may open letters and bullets.

    An act numbered "1." opens a series of its own, unless the words above it wait for their first item.
    """
    if item.style not in {_TEXT, _PLAIN, _TAIL}:
        return False
    if not reading.is_minor and (item.has_items or not item.is_open) and _is_act_of_body(piece):
        return True
    if item.is_open or item.has_items:
        return False
    is_ended = item.style != _TEXT or item.is_complete or (item.is_ended and not reading.is_minor)
    return is_ended or (item.is_name and piece.written.endswith(".") and not piece.begins_small)


def _is_act_of_body(piece: Piece) -> bool:
    return role_rules().finds("verb_of_body", piece.written)


def _is_first_below(last: Item, piece: Piece) -> bool:
    """Whether an unlabelled piece is the first item below the last one."""
    further_in = piece.indent - last.piece.indent
    if last.style == _TEXT and not last.is_ended and further_in > POINTS_OF_INDENT and piece.is_short_line:
        return True
    if last.is_open:
        is_continuing = piece.begins_small or list_rules().finds("awaits_next_item", piece.written)
        return further_in > POINTS_OF_INDENT or is_continuing or _is_line(last, piece)
    return (piece.begins_small and _continues_sentence(last, piece)) or (last.names_task and piece.is_infinitive)


def _is_next_item(piece: Piece, path: list[Item]) -> bool:
    """Whether an unlabelled piece is the next item in the list of the last item."""
    last = path[-1]
    operative = role_rules().pattern("operative_verb")
    if operative.match(path[0].written) and operative.match(piece.written):
        return False  # an unnumbered decision states its next act
    if not piece.begins_small and _is_text_after(piece, last):
        return False
    is_aligned = piece.indent > 0 and abs(piece.indent - last.piece.indent) <= POINTS_OF_INDENT
    is_continuing = list_rules().finds("awaits_next_item", last.written)
    return is_aligned or is_continuing or (not last.is_ended and _is_line(last, piece))


def _continues_sentence(last: Item, piece: Piece) -> bool:
    """Whether a piece in lower case is the first item below an unfinished sentence: further in, or a predicate.

    It continues a sentence without items so far ("Calls on States, with care," above "to light bridges;"); below
    an item that ends in a comma it ends the list.
    """
    is_further_in = piece.indent - last.piece.indent > POINTS_OF_INDENT
    if last.style == _PLAIN:
        return is_further_in and not last.is_ended
    is_sentence = not last.parents and last.style != _TAIL and not last.is_complete and last.piece.role != Role.PREAMBLE
    return is_sentence and (is_further_in or role_rules().finds("act.predicate", piece.written))


def _is_text_after(piece: Piece, last: Item) -> bool:
    """Whether capitalised sentences follow items in lower case, and the last item does not announce another."""
    is_announced = list_rules().finds("awaits_next_item", last.written) and not last.written.endswith((";", ","))
    return last.piece.begins_small and not is_announced and bool(sentence_starts(piece.written))


def _place_after_items(piece: Piece, last: Item) -> Item:
    """Place a piece in lower case after items: the tail of their sentence, or a further stem ("and further to:")."""
    written = piece.printed
    if list_rules().finds("opens_list", written):
        return _unlabelled(piece, parents=last.parents[:-1])
    tail = _unlabelled(piece, _TAIL, _parents_of_tail(piece, last))
    tail.is_tail = not last.written.endswith(".") and len(written.split()) <= _WORDS_OF_A_TAIL
    return tail


def _parents_of_tail(piece: Piece, last: Item) -> tuple[Item, ...]:
    """Return the parents of a tail; a tail further out than its stem closes the outer list as well."""
    parents = last.parents
    while len(parents) > 1 and parents[-1].piece.indent - piece.indent > POINTS_OF_INDENT:
        parents = parents[:-1]
    return parents


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
            before = written[max(0, start - REACH) : start].rstrip()
            is_behind_stem = is_behind_stem or (not places and lists.finds("opens_list", before))
            places.append((start, label))
            last = label
    is_list = len(places) >= _SHORTEST_LIST or (places and own is not None and _follows(places[0][1], own))
    return places if is_list else []


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
        return [(position, label) for position, label in labels if label.readings == own.readings]
    at, first = labels[0]
    places = [(at, label) for at, label in labels if label.readings == first.readings]
    return places if len(places) >= _SHORTEST_LIST and written[:at].rstrip().endswith(":") else []

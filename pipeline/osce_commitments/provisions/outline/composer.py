"""The outline: assigns every piece to the stem that it belongs to, at any depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from osce_commitments.labels import BlockKind, Role
from osce_commitments.provisions.outline.inline_lists import at_inline_lists
from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.sentences import sentence_starts
from osce_commitments.schema import MARK_UP

if TYPE_CHECKING:
    from osce_commitments.provisions.item_labels import ItemLabel, LabelReading

_POINTS_OF_INDENT = 6.0
_WORDS_OF_A_TAIL = 40
_WORDS_OF_A_STEM = 5
_WORDS_OF_A_LINE = 20
_LETTER_BEFORE_I = 8
_TEXT = "text"
_PLAIN = "plain"
_TAIL = "tail"


@dataclass(slots=True)
class Item:
    """A piece and its position in the outline.

    Attributes:
        style: Style of its label; for an unlabelled piece, running text, plain item or tail of a list.
        value: Position in the count.
        rank: Usual depth of its style.
        parents: Items above it, outermost first.
        has_items: Whether it has items below it.
        has_commas: Whether one of these items ends in a comma.
        is_tail: Whether it ends the sentence that its stem begins.
        items_by: Name of the rule that placed its first item below it.
        subject: Those who act, if they are named only above it; it is no parent, because the outline is that of the acts.
    """

    piece: Piece
    style: str
    value: int
    rank: int
    parents: tuple[Item, ...]
    has_items: bool = False
    has_commas: bool = False
    is_tail: bool = False
    items_by: str = ""
    subject: Item | None = None

    @property
    def written(self) -> str:
        """Its words, of the same length as printed."""
        return self.piece.written

    @property
    def opened_by(self) -> str:
        """Name of the rule by which its words open a list ("… shall:", "… by", or a bare "Decides"); else empty."""
        words = self.piece.words
        if list_rules().finds("opens_list", words):
            return "opens_list"
        return "verb_alone" if role_rules().pattern("verb_of_body").fullmatch(words) else ""

    @property
    def is_open(self) -> bool:
        """Whether its words open a list."""
        return self.opened_by != ""

    @property
    def is_complete(self) -> bool:
        """Whether its words end a sentence or an item."""
        return list_rules().finds("ends_sentence", self.piece.words)

    @property
    def is_stem(self) -> bool:
        """Whether its last sentence opens the items below it."""
        return self.has_items and (self.items_by == MARK_UP or not self.is_complete)

    @property
    def number(self) -> str:
        """Number composed of all levels: "3 (a)"; a printed "2.1" already includes the outer levels."""
        numbers: list[str] = []
        for item in (*self.parents, self):
            label = item.piece.label
            if label and "." in label.number:
                numbers = []
            numbers.append(label.number if label else item.piece.number)
        return " ".join(number for number in numbers if number)

    def take(self, item: Item) -> None:
        """Record an item below it."""
        self.items_by = self.items_by or (MARK_UP if _is_given(item.piece) else _placing_rule(self, item))
        self.has_items = True
        self.has_commas |= item.written.endswith(",")


def _placing_rule(stem: Item, first: Item) -> str:
    """Return the name of the rule that placed the first item below a stem; the rules are tried in this order."""
    if stem.piece.is_subject:
        return "acts_of_subject"
    if first.piece.is_inline:
        is_numbered = first.piece.label is not None and not first.piece.label.is_bullet
        return "inline_label" if is_numbered else "inline_dash"
    if stem.opened_by:
        return stem.opened_by
    if first.piece.label is None and _is_infinitive_below_title(stem, first.written):
        return "items_in_infinitive"
    if first.piece.indent - stem.piece.indent > _POINTS_OF_INDENT:
        return "items_further_in"
    return "items_begin_small" if _begins_in_lower_case(first.written) else "items_of_lower_rank"


def outline(pieces: Iterable[Piece]) -> Iterator[Item]:
    """Yield every piece with its position, in order; ``has_items`` is final only after the items that follow."""
    subject: Item | None = None
    for item in _placed(pieces):
        if item.piece.kind in {BlockKind.HEADING, BlockKind.TITLE}:
            subject = None
        elif item.piece.is_subject:
            subject = item
        elif subject and item.piece.takes_subject and not item.parents:
            item.subject = subject
            subject.take(item)
        yield item


def _placed(pieces: Iterable[Piece]) -> Iterator[Item]:
    path: list[Item] = []
    waiting: list[Item] = []
    interrupted: list[Item] = []
    role: Role | None = None
    for whole in pieces:
        if whole.kind in {BlockKind.HEADING, BlockKind.TITLE}:
            waiting = [] if whole.role == Role.TITLE else _waiting(path, waiting)
            # A heading that the mark-up puts among the items of a list does not end the list.
            path, interrupted = path * _is_given(whole), []
            yield _unlabelled(whole)
            continue
        if whole.is_aside:
            yield _unlabelled(whole)
            continue
        if whole.is_frame or whole.number or whole.role != role:
            path, waiting, interrupted, role = [], [], [], whole.role
        if not path and waiting:
            path = waiting if whole.label and _begins_in_lower_case(whole.printed) else []
        parts = [whole] if whole.is_frame or whole.role == Role.PREAMBLE else at_inline_lists(whole)
        for piece in parts:
            item = _place(piece, path, interrupted)
            interrupted = path if len(path) > 1 and not item.parents else interrupted
            path = [*item.parents, item]
            if item.parents:
                item.parents[-1].take(item)
            yield item
        if whole.is_frame or whole.number:
            path = []


def _place(piece: Piece, path: list[Item], interrupted: list[Item]) -> Item:
    if _is_given(piece):
        return _place_given(piece, path)
    return _place_piece(piece, interrupted if _resumes_list(interrupted, path, piece.label) else path)


def _is_given(piece: Piece) -> bool:
    """Whether the mark-up gives the place of a piece."""
    is_part = piece.is_inline or piece.continues
    return piece.marked is not None and piece.marked.depth is not None and not is_part


def _place_given(piece: Piece, path: list[Item]) -> Item:
    """Place a piece below the stems that the mark-up gives it."""
    given = piece.marked
    depth = min(given.depth or 0, len(path)) if given else 0
    reading = piece.label.readings[0] if piece.label else None
    style, value, rank = (
        (reading.style, reading.value, reading.rank) if reading else (_PLAIN if depth else _TEXT, 0, -1)
    )
    is_tail = given is not None and given.is_tail and depth > 0
    item = Item(piece, _TAIL if is_tail else style, value, rank, tuple(path[:depth]))
    item.is_tail = is_tail
    return item


def _waiting(path: list[Item], waiting: list[Item]) -> list[Item]:
    """Return the stem whose list may continue after a heading: an open item right above it, or the stem still open."""
    if path and path[-1].is_open:
        return path
    return waiting if waiting and path[: len(waiting)] == waiting else []


def _resumes_list(interrupted: list[Item], path: list[Item], label: ItemLabel | None) -> bool:
    """Whether "(b)" continues a list that a paragraph of text interrupted."""
    is_text = len(path) == 1 and path[0].piece.label is None and not path[0].is_open and _ends(path[0])
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
    written = piece.written
    if piece.label and (place := _place_of_label(piece, piece.label, path, written)):
        reading, depth = place
        depth = 0 if depth and _leaves_list(path[depth:], written) else depth
        return Item(piece, reading.style, reading.value, reading.rank, tuple(path[:depth]))
    if piece.label:
        piece = replace(piece, start=piece.start - piece.label.length, label=None)
    return _place_text(piece, path)


def _leaves_list(siblings: list[Item], written: str) -> bool:
    """Whether a labelled piece is a new act and not the next item: "Decides: 1. To act. 2. Urges …"."""
    if not siblings or not (siblings[0].written.endswith(".") or siblings[0].written.startswith("To ")):
        return False
    verb = role_rules().pattern("verb_of_body")
    return verb.match(written) is not None and verb.match(siblings[0].written) is None


def _place_of_label(piece: Piece, label: ItemLabel, path: list[Item], written: str) -> tuple[LabelReading, int] | None:
    """Return the reading of a label that fits and the depth of its item; None if it is not a label."""
    if label.is_bullet:
        return label.readings[0], _depth_of_bullet(piece, label.readings[0], path, written)
    first = next((reading for reading in label.readings if reading.value == 1), None)
    if first and path and (path[-1].is_open or _opens_roman(first, path[-1])):
        return first, len(path)
    alike = [
        (reading, depth)
        for depth in reversed(range(len(path)))
        for reading in label.readings
        if path[depth].style == reading.style
    ]
    following = [(reading, depth) for reading, depth in alike if path[depth].value + 1 == reading.value]
    if following:
        return next((place for place in following if _is_aligned(piece, path[place[1]])), following[0])
    if alike:
        return alike[0] if label.is_sure or first else None
    if first is None:
        return (label.readings[0], _depth_amid_count(label.readings[0], path, written)) if label.is_sure else None
    return first, _depth_by_rank(first, path, written, is_continuing=_begins_in_lower_case(written))


def _is_aligned(piece: Piece, above: Item) -> bool:
    """Whether a piece begins where an item above it does: of two counts "1.", "2." the layout says which continues."""
    return abs(piece.indent - above.piece.indent) <= _POINTS_OF_INDENT


def _opens_roman(first: LabelReading, above: Item) -> bool:
    """Whether "(i)" after "(b)" opens a Roman list below it; after "(h)" it is the next letter."""
    is_letter = above.piece.label is not None and above.style.startswith("lower ")
    return is_letter and first.style.startswith("lower-roman") and above.value != _LETTER_BEFORE_I


def _ends(item: Item) -> bool:
    return item.is_complete or list_rules().finds("awaits_next_item", item.piece.words)


def _is_line(above: Item, written: str) -> bool:
    """Whether a short line without a full stop is an item below a colon or next to another such item."""
    return (above.style == _PLAIN or above.written.endswith(":")) and _is_short_line(written)


def _is_short_line(written: str) -> bool:
    is_ended = bool(list_rules().finds("ends_sentence", written) or written.endswith(":") or sentence_starts(written))
    return len(written.split()) <= _WORDS_OF_A_LINE and not is_ended


def _depth_amid_count(reading: LabelReading, path: list[Item], written: str) -> int:
    """Return the depth of a label that neither opens nor continues a list.

    A count that runs through the document continues below text that opens a list; otherwise the label belongs next to
    or below the last numbered item.
    """
    if (
        path
        and path[-1].style == _TEXT
        and (path[-1].is_open or (_begins_in_lower_case(written) and not path[-1].is_complete))
    ):
        return len(path)
    numbered = [depth for depth, item in enumerate(path) if item.piece.label and not item.piece.label.is_bullet]
    if not numbered:
        return 0
    deepest = numbered[-1]
    is_below = path[-1].is_open if deepest == len(path) - 1 else reading.rank > path[deepest].rank
    return deepest + 1 if is_below else deepest


def _depth_of_bullet(piece: Piece, reading: LabelReading, path: list[Item], written: str) -> int:
    for depth in reversed(range(len(path))):
        if path[depth].style == reading.style:
            further_in = piece.indent - path[depth].piece.indent
            if further_in > _POINTS_OF_INDENT:
                return len(path)
            if further_in >= -_POINTS_OF_INDENT:
                return _depth_among_alike(path, depth)
    same = [depth for depth, item in enumerate(path) if item.style == reading.style]
    if same:
        return same[0]
    if path and path[-1].piece.label and path[-1].piece.label.is_bullet and not path[-1].is_open:
        is_below = piece.indent - path[-1].piece.indent > _POINTS_OF_INDENT or not _ends(path[-1])
        return len(path) if is_below else len(path) - 1
    return _depth_by_rank(reading, path, written)


def _depth_among_alike(path: list[Item], depth: int) -> int:
    """Return the depth of a bullet among bullets of the same kind if the layout has no indents.

    It goes below an item that opens a list; the inner list ends with a semicolon or full stop after commas.
    """
    here, outer = path[depth], path[depth - 1] if depth else None
    if depth == len(path) - 1 and here.is_open:
        return depth + 1
    if outer is None or outer.style != here.style or abs(outer.piece.indent - here.piece.indent) > _POINTS_OF_INDENT:
        return depth
    return depth - (outer.has_commas and here.written.endswith((";", ".")))


def _begins_in_lower_case(written: str) -> bool:
    return next((sign.islower() for sign in written if sign.isalpha()), False)


def _depth_by_rank(reading: LabelReading, path: list[Item], written: str, *, is_continuing: bool = False) -> int:
    depth = len(path)
    last = path[-1] if path else None
    if last and (last.is_open or (is_continuing and last.style == _TEXT and not _ends(last))):
        return depth
    while depth and (path[depth - 1].rank > reading.rank or _is_closed_text(path[depth - 1], reading, written)):
        depth -= 1
    return depth


def _is_closed_text(item: Item, reading: LabelReading, written: str) -> bool:
    """Whether an unlabelled item cannot have such an item below it; unfinished text may open letters and bullets.

    An act numbered "1." opens a series of its own, unless the words above it wait for their first item.
    """
    if item.style not in {_TEXT, _PLAIN, _TAIL}:
        return False
    if not reading.is_minor and (item.has_items or not item.is_open) and _is_act_of_body(written):
        return True
    if item.is_open or item.has_items:
        return False
    is_ended = item.style != _TEXT or item.is_complete or (_ends(item) and not reading.is_minor)
    return is_ended or (_is_name(item) and written.endswith(".") and not _begins_in_lower_case(written))


def _is_act_of_body(written: str) -> bool:
    return role_rules().finds("verb_of_body", written)


def _is_name(item: Item) -> bool:
    """Whether an item is a few words that state no act, like a heading above sentences."""
    return len(item.written.split()) < _WORDS_OF_A_STEM and not role_rules().finds("act.in_main_clause", item.written)


def _place_text(piece: Piece, path: list[Item]) -> Item:
    written = piece.written
    last = path[-1] if path else None
    is_lower = _begins_in_lower_case(piece.printed)
    if last is None:
        return _unlabelled(piece)
    if _is_first_below(last, piece, written, is_lower=is_lower):
        return _unlabelled(piece, _PLAIN, tuple(path))
    if last.style == _PLAIN and last.piece.indent - piece.indent > _POINTS_OF_INDENT:
        # Further out than the items: an item of an outer list, the end of their sentence, or text after them all.
        aligned = (item for item in reversed(path) if abs(item.piece.indent - piece.indent) <= _POINTS_OF_INDENT)
        outer = next((item for item in aligned if item.style == _PLAIN), None)
        if outer:
            return _unlabelled(piece, _PLAIN, outer.parents)
    elif last.style == _PLAIN and _is_next_item(piece, path, is_lower=is_lower):
        return _unlabelled(piece, _PLAIN, last.parents)
    return _place_after_items(piece, last) if last.parents and is_lower else _unlabelled(piece)


def _is_first_below(last: Item, piece: Piece, written: str, *, is_lower: bool) -> bool:
    """Whether an unlabelled piece is the first item below the last one."""
    further_in = piece.indent - last.piece.indent
    if last.style == _TEXT and not _ends(last) and further_in > _POINTS_OF_INDENT and _is_short_line(written):
        return True
    if last.is_open:
        is_continuing = is_lower or list_rules().finds("awaits_next_item", written)
        return further_in > _POINTS_OF_INDENT or is_continuing or _is_line(last, written)
    return (is_lower and _continues_sentence(last, piece, written)) or _is_infinitive_below_title(last, written)


def _is_infinitive_below_title(last: Item, written: str) -> bool:
    """Whether a task in the infinitive stands below an item that only names it: "(c) Bridges", then "To light …"."""
    is_title = bool(last.parents) and last.piece.label is not None and _is_short_line(last.written) and not _ends(last)
    return is_title and list_rules().finds("items_in_infinitive", written)


def _is_next_act(path: list[Item], written: str) -> bool:
    """Whether an unnumbered decision states its next act, as opposed to another item of the act above."""
    operative = role_rules().pattern("operative_verb")
    return operative.match(path[0].written) is not None and operative.match(written) is not None


def _is_next_item(piece: Piece, path: list[Item], *, is_lower: bool) -> bool:
    """Whether an unlabelled piece is the next item in the list of the last item."""
    last, written = path[-1], piece.written
    if _is_next_act(path, written) or (not is_lower and _is_text_after(written, last)):
        return False
    is_aligned = piece.indent > 0 and abs(piece.indent - last.piece.indent) <= _POINTS_OF_INDENT
    is_continuing = list_rules().finds("awaits_next_item", last.written)
    return is_aligned or is_continuing or (not _ends(last) and _is_line(last, written))


def _continues_sentence(last: Item, piece: Piece, written: str) -> bool:
    """Whether a piece in lower case is the first item below an unfinished sentence: further in, or a predicate.

    It continues a sentence without items so far ("Calls on States, with care," above "to light bridges;"); below
    an item that ends in a comma it ends the list.
    """
    is_further_in = piece.indent - last.piece.indent > _POINTS_OF_INDENT
    if last.style == _PLAIN:
        return is_further_in and not _ends(last)
    is_sentence = not last.parents and last.style != _TAIL and not last.is_complete and last.piece.role != Role.PREAMBLE
    return is_sentence and (is_further_in or role_rules().finds("act.predicate", written))


def _is_text_after(written: str, last: Item) -> bool:
    """Whether capitalised sentences follow items in lower case, and the last item does not announce another."""
    is_announced = list_rules().finds("awaits_next_item", last.written) and not last.written.endswith((";", ","))
    return _begins_in_lower_case(last.piece.printed) and not is_announced and bool(sentence_starts(written))


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
    while len(parents) > 1 and parents[-1].piece.indent - piece.indent > _POINTS_OF_INDENT:
        parents = parents[:-1]
    return parents

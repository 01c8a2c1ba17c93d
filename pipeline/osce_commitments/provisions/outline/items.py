"""An item of the outline: a piece, the items above it, and what its words say about a list."""

from __future__ import annotations

from dataclasses import dataclass

from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.schema import MARK_UP

POINTS_OF_INDENT = 6.0
_WORDS_OF_A_STEM = 5
_RANK_OF_BULLETS = 7


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
        continued: Numbered paragraph that it continues, if it has no number of its own.
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
    continued: Item | None = None

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
        if self.is_verb_line:
            return "verb_line"
        return "verb_alone" if role_rules().pattern("verb_of_body").fullmatch(words) else ""

    @property
    def is_verb_line(self) -> bool:
        """Whether it is a verb in lower case on a line of its own, below no other stem."""
        return not self.parents and self.piece.is_verb_line

    @property
    def is_open(self) -> bool:
        """Whether its words open a list."""
        return self.opened_by != ""

    @property
    def is_complete(self) -> bool:
        """Whether its words end a sentence or an item."""
        return list_rules().finds("ends_sentence", self.piece.words)

    @property
    def is_ended(self) -> bool:
        """Whether its words end, or announce only the next item ("… lamps; and")."""
        return self.is_complete or self.awaits_next

    @property
    def awaits_next(self) -> bool:
        """Whether its words announce the next item of its list."""
        return list_rules().finds("awaits_next_item", self.piece.words)

    @property
    def names_task(self) -> bool:
        """Whether it only names a task, so that an infinitive below it states it: "(c) Bridges", then "To light …"."""
        is_line = self.piece.label is not None and self.piece.is_short_line
        return is_line and bool(self.parents) and not self.is_ended

    @property
    def is_name(self) -> bool:
        """Whether it is a few words that state no act, like a heading above sentences."""
        is_short = len(self.written.split()) < _WORDS_OF_A_STEM
        return is_short and not role_rules().finds("act.in_main_clause", self.written)

    @property
    def is_stem(self) -> bool:
        """Whether its last sentence opens the items below it."""
        return self.has_items and (self.items_by in {MARK_UP, "items_behind_semicolon"} or not self.is_complete)

    @property
    def number(self) -> str:
        """Number composed of all levels: "3 (a)"; a printed "2.1" already includes the outer levels."""
        numbers: list[str] = []
        for item in (*self.parents, self):
            label = item.piece.label
            if label and "." in label.number:
                numbers = []
            numbers.append(item.own_number)
        outermost = (self.parents or (self,))[0]
        return " ".join(filter(None, numbers)) or (outermost.continued.own_number if outermost.continued else "")

    @property
    def own_number(self) -> str:
        """Number of its label, or printed without one ("Action 7")."""
        return self.piece.label.number if self.piece.label else self.piece.number

    @property
    def paragraph(self) -> Item:
        """The item that a citation names: the innermost one with a number, else the outermost."""
        outermost = (self.parents or (self,))[0]
        numbered = (item for item in (self, *reversed(self.parents)) if item.own_number)
        return next(numbered, outermost.continued or outermost)

    def take(self, item: Item) -> None:
        """Record an item below it."""
        is_given = item.piece.has_given_place and item.piece.marked is not None and bool(item.piece.marked.depth)
        self.items_by = self.items_by or (MARK_UP if is_given else _placing_rule(self, item))
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
    if first.piece.label is None and stem.names_task and first.piece.is_infinitive:
        return "items_in_infinitive"
    if stem.written.endswith(";") and first.piece.is_minor and first.rank < _RANK_OF_BULLETS:
        return "items_behind_semicolon"
    if first.piece.indent - stem.piece.indent > POINTS_OF_INDENT:
        return "items_further_in"
    return "items_begin_small" if first.piece.begins_small else "items_of_lower_rank"

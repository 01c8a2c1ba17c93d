"""A simple view of lists for the assignment of roles: whether a piece is an item of the words above it."""

from __future__ import annotations

from dataclasses import dataclass, field

from osce_commitments.provisions.item_labels import ItemLabel
from osce_commitments.provisions.patterns import is_unfinished, role_rules
from osce_commitments.provisions.pieces import Piece


@dataclass(slots=True)
class OpenList:
    """The current list, recognised by labels and punctuation alone.

    Attributes:
        above: Words of the previous piece, without a footnote mark.
        places: Style and position of the items so far, in every reading of their labels.
        is_item: Whether the previous piece is an item.
    """

    above: str = ""
    places: set[tuple[str, int]] = field(default_factory=set)
    is_item: bool = False

    def takes(self, piece: Piece) -> bool:
        """Whether a piece is an item: the first below an unfinished sentence, or the next in the count.

        Numbered paragraphs open a list only below a colon or in lower case; otherwise they are the next paragraphs.
        """
        label, words = piece.label, piece.words
        if (
            self.is_item
            and label is not None
            and label.is_minor
            and not label.is_bullet
            and self._continues_count(label)
        ):
            return True
        if role_rules().finds("verb_of_body", words) or piece.is_verb_line:
            return False
        if is_unfinished(self.above) and self._opens(piece):
            return True
        is_first_letter = label is not None and label.is_minor and label.is_first and not label.is_bullet
        if self.above.endswith(",") and is_first_letter and words[:1].islower():
            return True
        if label is None:
            return self.is_item and words[:1].islower() and not self.above.endswith(".")
        return self.is_item and self._continues_count(label)

    def add(self, piece: Piece) -> bool:
        """Record a piece as the previous one; return whether it is an item."""
        self.is_item = self.takes(piece)
        if not self.is_item:
            self.places = set()
        elif piece.label is not None:
            self.places.update((reading.style, reading.value) for reading in piece.label.readings)
        self.above = piece.words
        return self.is_item

    def _opens(self, piece: Piece) -> bool:
        is_lower = piece.words[:1].islower()
        if piece.label is None:
            return is_lower
        return piece.label.is_first and (piece.label.is_minor or self.above.endswith(":") or is_lower)

    def _continues_count(self, label: ItemLabel) -> bool:
        """Whether a label is the next in the count of an earlier one, or a bullet of the same kind."""
        step = 0 if label.is_bullet else 1
        return any((reading.style, reading.value - step) in self.places for reading in label.readings)

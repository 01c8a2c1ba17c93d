"""A simple view of lists for the assignment of roles: whether a piece is an item of the words above it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.piece import Piece

if TYPE_CHECKING:
    from osce_commitments.provisions.item_labels import ItemLabel


@dataclass(slots=True)
class OpenList:
    """The current list, recognised by labels and punctuation alone.

    Attributes:
        above: Words of the previous piece, without a footnote mark.
        labels: Labels of the items so far.
        is_item: Whether the previous piece is an item.
    """

    above: str = ""
    labels: list[ItemLabel] = field(default_factory=list)
    is_item: bool = False

    def takes(self, piece: Piece, written: str) -> bool:
        """Whether a piece is an item: the first below an unfinished sentence, or the next in the count.

        Numbered paragraphs open a list only below a colon or in lower case; otherwise they are the next paragraphs.
        """
        label = piece.label
        if (
            self.is_item
            and label is not None
            and _is_minor(label)
            and not label.is_bullet
            and self._continues_count(label)
        ):
            return True
        if role_rules().finds("verb_of_body", written):
            return False
        if is_unfinished(self.above) and self._opens(piece, written):
            return True
        if self.above.endswith(",") and label is not None and self._opens_letters(label, written):
            return True
        if label is None:
            return self.is_item and written[:1].islower() and not self.above.endswith(".")
        return self.is_item and self._continues_count(label)

    def note(self, piece: Piece, written: str) -> None:
        """Record a piece as the previous one."""
        self.is_item = self.takes(piece, written)
        if not self.is_item:
            self.labels = []
        elif piece.label is not None:
            self.labels.append(piece.label)
        self.above = written

    def _opens(self, piece: Piece, written: str) -> bool:
        if piece.label is None:
            return written[:1].islower()
        return piece.label.is_first and (_is_minor(piece.label) or self.above.endswith(":") or written[:1].islower())

    @staticmethod
    def _opens_letters(label: ItemLabel, written: str) -> bool:
        """Whether "(a)" and words in lower case continue words that end in a comma."""
        return _is_minor(label) and label.is_first and not label.is_bullet and written[:1].islower()

    def _continues_count(self, label: ItemLabel) -> bool:
        return any(goes_on_count(label, one) for one in self.labels)


def _is_minor(label: ItemLabel) -> bool:
    return any(reading.is_minor for reading in label.readings)


def goes_on_count(label: ItemLabel, last: ItemLabel) -> bool:
    """Whether a label is the next in the count of the last one, or a bullet of the same kind."""
    return any(
        one.style == other.style and one.value == other.value + (not label.is_bullet)
        for one in label.readings
        for other in last.readings
    )


def is_unfinished(written: str) -> bool:
    """Whether the words lack final punctuation, so that items must complete the sentence."""
    is_ended = list_rules().finds("ends_sentence", written) or list_rules().finds("awaits_next_item", written)
    return bool(written) and (not is_ended or list_rules().finds("opens_list", written))

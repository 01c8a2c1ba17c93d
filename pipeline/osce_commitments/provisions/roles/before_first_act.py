"""What stands before the first act of a text: recitals of a declaration, facts, place and date, lists of States."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from osce_commitments.labels import BlockKind, DocumentType, Role
from osce_commitments.provisions.outline.footnotes import unmarked
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.piece import Piece
from osce_commitments.provisions.roles.opening import Opening

_LONGEST = 12


@dataclass(slots=True)
class Overture:
    """The paragraphs whose role only the first act behind them settles.

    Attributes:
        text: Text of the document.
        type: Type of the text.
        done: Pieces read so far; their roles are put right here.
        is_under_way: Whether the first act has been read.
        waiting: Places of the paragraphs in ``done``, and of the stem of each item among them.
    """

    text: str
    type: DocumentType
    done: list[Piece]
    is_under_way: bool = False
    waiting: dict[int, int] = field(default_factory=dict)

    def restart(self) -> None:
        """Begin anew, in an annex or attachment."""
        self.is_under_way, self.waiting = False, {}

    def note(self, part: Piece, *, base: Role, in_preamble: bool, is_item: bool) -> None:
        """Read the next piece, which goes to ``done`` afterwards.

        Args:
            part: The piece.
            base: Role of what acts in this part of the text.
            in_preamble: Whether recitals are being read.
            is_item: Whether it is an item of the list above it.
        """
        if self.is_under_way or part.kind not in {BlockKind.PARAGRAPH, BlockKind.HEADING}:
            return
        here, written = len(self.done), self._written(part)
        is_formula = part.is_frame and role_rules().finds("formula", written)
        if (
            in_preamble
            or part.role == Role.PREAMBLE
            or is_formula
            or role_rules().finds("act.of_osce_council", written)
        ):
            self._settle(is_before_recital=True)
        elif part.kind == BlockKind.HEADING:
            if self.waiting and base == Role.OPERATIVE:
                self._settle(is_before_recital=False)
        elif part.role == base:
            if is_item and here - 1 in self.waiting:
                self.waiting[here] = self.waiting[here - 1]
                return
            opening = self._opening(part)
            if opening.acts or len(set(self.waiting.values())) >= _LONGEST:
                self._settle(is_before_recital=False)
            elif base == Role.OPERATIVE or not opening.introduces:
                self.waiting[here] = here

    def _settle(self, *, is_before_recital: bool) -> None:
        openings = {index: self._opening(self.done[stem]) for index, stem in self.waiting.items()}
        last = max((index for index, opening in openings.items() if opening.introduces), default=-1)
        for index, opening in openings.items():
            piece = self.done[index]
            if opening.tells_of_meeting:
                self.done[index] = replace(piece, role=Role.OTHER)
            elif opening.introduces or (is_before_recital and opening.is_sentence) or (opening.speaks and index < last):
                self.done[index] = replace(piece, role=Role.PREAMBLE)
            elif is_before_recital:
                self.done[index] = replace(piece, role=Role.OTHER)
        self.waiting, self.is_under_way = {}, True

    def _opening(self, piece: Piece) -> Opening:
        return Opening(self.type, self._written(piece), is_numbered=piece.label is not None)

    def _written(self, piece: Piece) -> str:
        return unmarked(self.text[piece.start : piece.end])

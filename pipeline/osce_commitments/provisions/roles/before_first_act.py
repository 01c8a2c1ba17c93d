"""Paragraphs before the first act: recitals of a declaration, facts, place and date, lists of States."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from osce_commitments.labels import BlockKind, DocumentType, Role
from osce_commitments.provisions.outline.footnotes import unmarked
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.piece import Piece
from osce_commitments.provisions.roles.opening import Opening

_LONGEST = 12


@dataclass(slots=True)
class BeforeFirstAct:
    """The paragraphs whose role depends on the first act below them.

    Attributes:
        text: Text of the document.
        type: Type of the text.
        is_over: Whether the first act has been read.
        waiting: Index of each such paragraph among the pieces read, and the index of its stem (its own if not an item).
    """

    text: str
    type: DocumentType
    is_over: bool = False
    waiting: dict[int, int] = field(default_factory=dict)

    def restart(self) -> None:
        """Start again in an annex or attachment."""
        self.is_over, self.waiting = False, {}

    def read(
        self, part: Piece, done: Sequence[Piece], *, base: Role, in_preamble: bool, is_item: bool
    ) -> Mapping[int, Piece]:
        """Read the next piece; return the pieces whose roles it decides, by their index in ``done``.

        Args:
            part: The piece.
            done: The pieces read before.
            base: Role of acts in this part of the text.
            in_preamble: Whether recitals are being read.
            is_item: Whether it is an item of the list above it.
        """
        if self.is_over or part.kind not in {BlockKind.PARAGRAPH, BlockKind.HEADING}:
            return {}
        here, written = len(done), self._written(part)
        is_formula = part.is_frame and role_rules().finds("formula", written)
        if (
            in_preamble
            or part.role == Role.PREAMBLE
            or is_formula
            or role_rules().finds("act.of_osce_council", written)
        ):
            return self._settled(done, is_before_recital=True)
        if part.kind == BlockKind.HEADING:
            ends = bool(self.waiting) and base == Role.OPERATIVE
            return self._settled(done, is_before_recital=False) if ends else {}
        if part.role == base and is_item and here - 1 in self.waiting:
            self.waiting[here] = self.waiting[here - 1]
        elif part.role == base:
            opening = self._opening(part)
            if part.takes_subject or opening.acts or len(set(self.waiting.values())) >= _LONGEST:
                return self._settled(done, is_before_recital=False)
            if base == Role.OPERATIVE or not opening.introduces:
                self.waiting[here] = here
        return {}

    def _settled(self, done: Sequence[Piece], *, is_before_recital: bool) -> Mapping[int, Piece]:
        openings = {place: self._opening(done[stem]) for place, stem in self.waiting.items()}
        last = max((place for place, opening in openings.items() if opening.introduces), default=-1)
        self.waiting, self.is_over = {}, True
        settled: dict[int, Piece] = {}
        for place, opening in openings.items():
            verdict = _verdict(opening, is_before_recital=is_before_recital, is_before_other=place < last)
            if verdict:
                role, rule = verdict
                settled[place] = replace(done[place], role=role, role_rule=role_rules()[rule].id)
        return settled

    def _opening(self, piece: Piece) -> Opening:
        return Opening(self.type, self._written(piece), is_numbered=piece.label is not None)

    def _written(self, piece: Piece) -> str:
        return unmarked(self.text[piece.start : piece.end])


def _verdict(opening: Opening, *, is_before_recital: bool, is_before_other: bool) -> tuple[Role, str] | None:
    """Return the role of a paragraph above the first act and the name of the rule; None if it states an act."""
    if opening.tells_of_meeting:
        return Role.OTHER, "meeting_report"
    if opening.introduces:
        return Role.PREAMBLE, "recital.in_whole_sentences"
    if (is_before_recital and opening.is_sentence) or (opening.speaks and is_before_other):
        return Role.PREAMBLE, "recital.before_other_recitals"
    return (Role.OTHER, "line_before_recitals") if is_before_recital else None

"""The state of the assignment of roles: the pieces so far and the current zone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from osce_commitments.labels import Role
from osce_commitments.provisions.outline.footnotes import unmarked
from osce_commitments.provisions.outline.open_lists import OpenList
from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.piece import Piece
from osce_commitments.provisions.roles.before_first_act import BeforeFirstAct
from osce_commitments.provisions.verbs_in_capitals import in_small


class Zone(NamedTuple):
    """The current part of the text.

    Attributes:
        role: Role of its acts.
        rule: Name of the rule that opened it.
    """

    role: Role
    rule: str


@dataclass(slots=True)
class Reading:
    """The state shared by the readers of pieces.

    Attributes:
        text: The document's text.
        before_first_act: Paragraphs whose role depends on the first act.
        zone: The current zone.
        is_narrative: Whether the document states no acts at all.
        placed: Start offsets of the pieces that are recitals by position.
        done: Pieces read, with their roles.
        following: The next piece before its role is assigned, if any.
        part: Number of the current annex or attachment, from 1; 0 before the first.
        in_preamble: Whether recitals are being read.
        has_subject: Whether those who act below have been named since the last heading ("The participating States,").
        open_list: The current list.
        words: Cached words of each span.
    """

    text: str
    before_first_act: BeforeFirstAct
    zone: Zone
    is_narrative: bool
    placed: frozenset[int] = frozenset()
    done: list[Piece] = field(default_factory=list)
    following: Piece | None = None
    part: int = 0
    in_preamble: bool = False
    has_subject: bool = False
    open_list: OpenList = field(default_factory=OpenList)
    words: dict[tuple[int, int], str] = field(default_factory=dict)

    def written(self, piece: Piece) -> str:
        """Return the words of a piece with capitalised verbs in lower case and without a footnote mark."""
        span = piece.start, piece.end
        if span not in self.words:
            self.words[span] = unmarked(in_small(self.text[piece.start : piece.end]))
        return self.words[span]

    def given(self, piece: Piece, role: Role, rule: str, **changes: Any) -> Piece:  # noqa: ANN401 - fields of a piece
        """Return a piece with a role and the rule that assigned it."""
        return replace(piece, role=role, role_rule=role_rules()[rule].id, part=self.part, **changes)

    def in_zone(self, piece: Piece, **changes: Any) -> Piece:  # noqa: ANN401 - fields of a piece
        """Return a piece with the role of the current zone."""
        return self.given(piece, self.zone.role, self.zone.rule, **changes)

    def act(self, piece: Piece, rule: str = "") -> Piece:
        """Return a piece that states an act; it ends the recitals."""
        self.in_preamble = False
        if self.is_below_recital and self.zone.rule == "default_operative":
            self.begin_acts("operative_after_recitals")
        takes = self.has_subject and self._lacks_subject(piece)
        return self.given(piece, self.zone.role, rule or self.zone.rule, takes_subject=takes)

    def _lacks_subject(self, piece: Piece) -> bool:
        """Whether an act opens with a verb of those named above it; a number leaves no doubt that it is an act."""
        written = self.written(piece)
        if role_rules().finds("act.of_subject_above", written):
            return True
        is_numbered = piece.label is not None and not piece.label.is_bullet
        is_whole = written.endswith((".", ";", ",", ":"))
        is_own = list_rules().finds("own_sentence", written) or role_rules().finds("recital.opener", written)
        return is_numbered and is_whole and not is_own

    def frame(self, piece: Piece, rule: str) -> Piece:
        """Return a piece that names who adopts the text, and often who acts below it."""
        is_subject = role_rules().finds("subject_of_acts", self.written(piece))
        self.has_subject = self.has_subject or is_subject
        return self.given(piece, Role.OTHER, rule, is_frame=True, is_subject=is_subject)

    def begin_acts(self, rule: str) -> None:
        """Record the rule after which the acts of an instrument begin."""
        if self.zone.role == Role.OPERATIVE:
            self.zone = Zone(Role.OPERATIVE, rule)

    @property
    def is_below_recital(self) -> bool:
        """Whether the last piece read is a recital."""
        return bool(self.done) and self.done[-1].role == Role.PREAMBLE

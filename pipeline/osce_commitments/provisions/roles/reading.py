"""Where the reading of a document is: what it has given so far, and what acts in this part of the text."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from osce_commitments.labels import Role
from osce_commitments.provisions.outline.footnotes import unmarked
from osce_commitments.provisions.outline.open_lists import OpenList
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.piece import Piece
from osce_commitments.provisions.roles.before_first_act import BeforeFirstAct
from osce_commitments.provisions.verbs_in_capitals import in_small


class Zone(NamedTuple):
    """What acts in this part of the text.

    Attributes:
        role: Its role.
        rule: Name of the rule that began it.
    """

    role: Role
    rule: str


@dataclass(slots=True)
class Reading:
    """The state that the readers of pieces share.

    Attributes:
        text: The document's text.
        before_first_act: Paragraphs whose role the first act settles.
        zone: What acts here.
        is_narrative: Whether nothing in the document acts.
        placed: Where the pieces start that are recitals by their place.
        done: Pieces read, with their roles.
        following: The next piece as it came, if there is one.
        part: Which annex or attachment is read, from 1; 0 before the first.
        in_preamble: Whether recitals are being read.
        open_list: The list that is being read.
        words: Words of each span that was looked at.
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
    open_list: OpenList = field(default_factory=OpenList)
    words: dict[tuple[int, int], str] = field(default_factory=dict)

    def written(self, piece: Piece) -> str:
        """Words of a piece, verbs in capitals in small letters, without the mark of a footnote."""
        span = piece.start, piece.end
        if span not in self.words:
            self.words[span] = unmarked(in_small(self.text[piece.start : piece.end]))
        return self.words[span]

    def given(self, piece: Piece, role: Role, rule: str, **changes: Any) -> Piece:  # noqa: ANN401 - fields of a piece
        """A piece with its role and the rule of this name that gave it."""
        return replace(piece, role=role, role_rule=role_rules()[rule].id, part=self.part, **changes)

    def in_zone(self, piece: Piece, **changes: Any) -> Piece:  # noqa: ANN401 - fields of a piece
        """A piece with the role of what acts here."""
        return self.given(piece, self.zone.role, self.zone.rule, **changes)

    def act(self, piece: Piece, rule: str = "") -> Piece:
        """A piece that acts, which ends the recitals."""
        self.in_preamble = False
        if self.is_below_recital and self.zone.rule == "default_operative":
            self.begin_acts("operative_after_recitals")
        return self.given(piece, self.zone.role, rule or self.zone.rule)

    def begin_acts(self, rule: str) -> None:
        """Note what the acts of an instrument stand below."""
        if self.zone.role == Role.OPERATIVE:
            self.zone = Zone(Role.OPERATIVE, rule)

    @property
    def is_below_recital(self) -> bool:
        """Whether the last piece read is a recital."""
        return bool(self.done) and self.done[-1].role == Role.PREAMBLE

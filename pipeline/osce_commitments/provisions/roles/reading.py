"""Reads paragraphs in order: the state of reading, and the enacting line, recitals, formula and acts in a paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from osce_commitments.labels import Role
from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.roles.before_first_act import BeforeFirstAct
from osce_commitments.provisions.roles.open_lists import OpenList
from osce_commitments.provisions.roles.preamble import enacting_line, name_of_body


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
    """

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

    def given(self, piece: Piece, role: Role, rule: str, **changes: Any) -> Piece:  # noqa: ANN401 - fields of a piece
        """Return a piece with a role and the rule that assigned it."""
        return piece.changed(role=role, role_rule=role_rules()[rule].id if rule else "", part=self.part, **changes)

    def act(self, piece: Piece, rule: str = "") -> Piece:
        """Return a piece that states an act; it ends the recitals."""
        roles, written = role_rules(), piece.words
        self.in_preamble = False
        if self.is_below_recital and self.zone.rule == "default_operative":
            self.begin_acts("operative_after_recitals")
        # An act may open with a verb of those named above it; a number leaves no doubt that it is an act.
        is_numbered = piece.label is not None and not piece.label.is_bullet
        lacks_subject = self.has_subject and (
            roles.finds("act.of_subject_above", written)
            or (
                is_numbered
                and written.endswith((".", ";", ",", ":"))
                and not (list_rules().finds("own_sentence", written) or roles.finds("recital.opener", written))
            )
        )
        return self.given(piece, self.zone.role, rule or self.zone.rule, takes_subject=lacks_subject)

    def frame(self, piece: Piece, rule: str) -> Piece:
        """Return a piece that names who adopts the text, and often who acts below it."""
        is_subject = role_rules().finds("subject_of_acts", piece.words)
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


def read_paragraph(state: Reading, piece: Piece) -> Iterator[Piece]:
    """Yield the parts of a paragraph with their roles; the role of a part can depend on the parts before it."""
    roles = role_rules()
    formula = roles.leftmost("formula", piece.words)
    if formula is None:
        yield from _read_body(state, piece)
        return
    rule, match = formula
    start, end = piece.start + match.start(), piece.start + match.end()
    head, rest = piece.cut(start) if match.start() else (None, piece)
    tail = rest.cut(end)[1] if piece.text[end : piece.end].strip() else None
    if head and roles.finds("formula_purpose", head.words):
        start, head = head.start, None
    if head and roles.finds("enacting_recital", head.words):
        # A single sentence from the subject to the formula, with a recital inside it.
        state.in_preamble = False
        yield state.given(piece, Role.PREAMBLE, "enacting_recital", label=None, end=end)
    else:
        if head:
            yield from _read_body(state, head, before_formula=True)
        state.in_preamble = False
        yield state.given(piece, Role.OTHER, rule.name, label=None, start=start, end=end, is_frame=True)
    state.begin_acts("operative_after_formula")
    if tail:
        yield from _read_body(state, tail)


def _read_body(state: Reading, piece: Piece, *, before_formula: bool = False) -> Iterator[Piece]:
    roles = role_rules()
    written, frame_end, rule = piece.words, 0, ""
    following = state.following.words if state.following else ""
    if (
        not (state.is_narrative or piece.label)
        and roles.finds("subject_clause", written)
        and roles.finds("act.of_subject_above", following)
    ):
        # A clause without a main verb names the States and what moves them; their acts follow.
        yield state.frame(piece, "subject_clause")
        return
    if state.in_preamble and not piece.label and roles.finds("subject_after_recitals", written):
        yield state.frame(piece, "subject_after_recitals")
        return
    if not state.is_narrative and not piece.label:
        frame_end, rule = enacting_line(written, before_formula=before_formula)
    if piece.start in state.placed and (name := name_of_body(written)):
        frame_end, rule = len(written), name
    if frame_end:
        state.in_preamble = not written.endswith(":")
        state.begin_acts("operative_after_enacting")
    if frame_end == len(written):
        # The items below may state what the States named here do.
        is_stem = roles.finds("act.predicate", following)
        yield state.act(piece, "act.predicate") if is_stem else state.frame(piece, rule)
        return
    if frame_end:
        frame, piece = piece.cut(piece.start + frame_end)
        yield state.frame(frame, rule)
        written = piece.words
    if rule := _recital_rule(state, piece):
        yield from _recitals(state, piece, rule)
    elif rule := _rule_of_place(state, piece):
        yield state.given(piece, Role.PREAMBLE, rule)
    else:
        yield state.act(piece)


def _rule_of_place(state: Reading, piece: Piece) -> str:
    """Return the name of the rule by which an unnumbered paragraph among recitals is one more, whatever it opens with."""
    roles = role_rules()
    written = piece.words
    if state.is_narrative or piece.label or not written.endswith((",", ", and")):
        return ""
    following = state.following.words if state.following else ""
    is_first_act = bool(state.following and state.following.label and state.following.label.number == "1")
    is_recital = following.endswith((",", ", and")) and roles.finds("recital.opener", following)
    if not state.in_preamble:
        return "recital.form" if is_first_act and roles.finds("recital.form", written) else ""
    if not roles.finds("verb_of_body", written):
        return "recital.continued"
    speaks = roles.finds("recital.in_third_person", written)
    return "recital.in_third_person" if speaks and (is_first_act or is_recital) else ""


def _recital_rule(state: Reading, piece: Piece) -> str:
    """Return the name of the rule that makes a piece a recital; empty if it is not one."""
    roles, written = role_rules(), piece.words
    if state.is_narrative:
        return ""
    following = state.following.label if state.following else None
    has_bullets = piece.label is None and following is not None and following.is_bullet
    if has_bullets and not written.endswith((".", ";")) and roles.finds("act.after_participle_clause", written):
        return ""  # States act in the main clause of an unfinished sentence that bullets continue
    if roles.finds("act.opens_list_after_participle", written) or roles.finds("act.decides_after_participle", written):
        return ""
    if rule := _rule_of_form(state, piece):
        return rule
    if piece.start in state.placed:
        return "recital.by_place"
    is_item = state.in_preamble and state.is_below_recital and state.open_list.takes(piece)
    return "recital.item" if is_item else ""


def _rule_of_form(state: Reading, piece: Piece) -> str:
    """Return the name of the rule by which the words of a piece recite; first recitals need more than further ones."""
    roles, written = role_rules(), piece.words
    opens = roles.finds("recital.opener", written)
    if state.in_preamble:
        is_unfinished = written.endswith((",", ", and", "; and", ";"))
        if not opens:
            recites = is_unfinished and not piece.label and roles.finds("recital.participle", written)
            return "recital.participle" if recites else ""
        is_numbered = piece.label is not None and not piece.label.is_bullet
        recites = is_unfinished or (not is_numbered and not roles.finds("act.in_main_clause", written))
        return "recital.opener" if recites else ""
    is_first = not state.before_first_act.is_over
    # A parliament numbers recitals and acts in one count.
    if piece.label and not (piece.label.readings[0].value == 1 and is_first):
        return ""
    if not written.endswith((",", ", and")):
        return ""
    if opens:
        return "recital.opener"
    is_near = is_first or state.is_below_recital
    return "recital.participle" if is_near and roles.finds("recital.participle", written) else ""


def _recitals(state: Reading, piece: Piece, rule: str) -> Iterator[Piece]:
    """Yield the recitals of a paragraph, and the subject or act after them."""
    roles = role_rules()
    state.in_preamble = state.in_preamble or piece.label is not None
    base, parts = piece.start, []
    for boundary in roles.pattern("recital.boundary").finditer(piece.words):
        first, piece = piece.cut(base + boundary.end())
        parts.append(first)
    for part in (*parts, piece):
        if roles.finds("subject_after_recitals", part.words):
            yield state.given(part, Role.OTHER, "subject_after_recitals", is_frame=True)
        elif roles.finds("operative_verb", part.words) and not roles.finds("recital.opener", part.words):
            yield state.act(part, "operative_verb")
        else:
            yield state.given(part, Role.PREAMBLE, rule)

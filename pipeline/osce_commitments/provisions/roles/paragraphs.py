"""Splits a paragraph into the enacting line, recitals, the formula and acts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from osce_commitments.labels import Role
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.piece import Piece, cut
from osce_commitments.provisions.roles.reading import Reading
from osce_commitments.provisions.roles.recitals import enacting_line, name_of_body

_ACTS_AFTER_PARTICIPLE = ("opens_list_after_participle", "decides_after_participle")


def read_paragraph(state: Reading, piece: Piece, written: str) -> Iterator[Piece]:
    """Yield the parts of a paragraph with their roles; the role of a part can depend on the parts before it."""
    formula = role_rules().leftmost("formula", written)
    if formula is None:
        yield from _read_body(state, piece, written)
        return
    rule, found = formula
    head, rest = _around_formula(state, piece, found)
    start, end = piece.start + found.start(), piece.start + found.end()
    if head and role_rules().finds("formula_purpose", state.written(head)):
        start, head = head.start, None
    if head and role_rules().finds("enacting_recital", state.written(head)):
        # A single sentence from the subject to the formula, with a recital inside it.
        state.in_preamble = False
        yield state.given(piece, Role.PREAMBLE, "enacting_recital", label=None, end=end)
    else:
        if head:
            yield from _read_body(state, head, state.written(head), before_formula=True)
        state.in_preamble = False
        yield state.given(piece, Role.OTHER, rule.name, label=None, start=start, end=end, is_frame=True)
    state.begin_acts("operative_after_formula")
    if rest:
        yield from _read_body(state, rest, state.written(rest))


def _around_formula(state: Reading, piece: Piece, formula: re.Match[str]) -> tuple[Piece | None, Piece | None]:
    head = tail = None
    rest = piece
    if formula.start():
        head, rest = cut(state.text, piece, piece.start + formula.start())
    at = piece.start + formula.end()
    if state.text[at : piece.end].strip():
        tail = cut(state.text, rest, at)[1]
    return head, tail


def _read_body(state: Reading, piece: Piece, written: str, *, before_formula: bool = False) -> Iterator[Piece]:
    frame_end, rule = 0, ""
    if _is_subject_clause(state, piece, written):
        yield state.frame(piece, "subject_clause")
        return
    if state.in_preamble and not piece.label and role_rules().finds("subject_after_recitals", written):
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
        is_stem = state.following and role_rules().finds("act.predicate", state.written(state.following))
        yield state.act(piece, "act.predicate") if is_stem else state.frame(piece, rule)
        return
    if frame_end:
        frame, piece = cut(state.text, piece, piece.start + frame_end)
        yield state.frame(frame, rule)
        written = state.written(piece)
    if rule := _recital_rule(state, piece, written):
        yield from _recitals(state, piece, written, rule)
    elif rule := _rule_of_place(state, piece, written):
        yield state.given(piece, Role.PREAMBLE, rule)
    else:
        yield state.act(piece)


def _is_subject_clause(state: Reading, piece: Piece, written: str) -> bool:
    """Whether a clause without a main verb names the States and what moves them, and their acts follow."""
    if state.is_narrative or piece.label or not role_rules().finds("subject_clause", written):
        return False
    return bool(state.following and role_rules().finds("act.of_subject_above", state.written(state.following)))


def _rule_of_place(state: Reading, piece: Piece, written: str) -> str:
    """Return the name of the rule by which an unnumbered paragraph among recitals is one more, whatever it opens with."""
    if state.is_narrative or piece.label or not written.endswith((",", ", and")):
        return ""
    following = state.written(state.following) if state.following else ""
    is_first_act = bool(state.following and state.following.label and state.following.label.number == "1")
    is_recital = following.endswith((",", ", and")) and role_rules().finds("recital.opener", following)
    if not state.in_preamble:
        return "recital.form" if is_first_act and role_rules().finds("recital.form", written) else ""
    if not role_rules().finds("verb_of_body", written):
        return "recital.continued"
    speaks = role_rules().finds("recital.in_third_person", written)
    return "recital.in_third_person" if speaks and (is_first_act or is_recital) else ""


def _recital_rule(state: Reading, piece: Piece, written: str) -> str:
    """Return the name of the rule that makes a piece a recital; empty if it is not one."""
    is_act = state.is_narrative or _opens_items(state, piece, written)
    if is_act or any(role_rules().finds(f"act.{form}", written) for form in _ACTS_AFTER_PARTICIPLE):
        return ""
    recites = _continues_reciting if state.in_preamble else _begins_to_recite
    if rule := recites(state, piece, written):
        return rule
    if piece.start in state.placed:
        return "recital.by_place"
    is_item = state.in_preamble and state.is_below_recital and state.open_list.takes(piece, written)
    return "recital.item" if is_item else ""


def _begins_to_recite(state: Reading, piece: Piece, written: str) -> str:
    is_first = not state.before_first_act.is_over
    # A parliament numbers recitals and acts in one count.
    if piece.label and not (piece.label.readings[0].value == 1 and is_first):
        return ""
    if not written.endswith((",", ", and")):
        return ""
    if role_rules().finds("recital.opener", written):
        return "recital.opener"
    is_near = is_first or state.is_below_recital
    return "recital.participle" if is_near and role_rules().finds("recital.participle", written) else ""


def _continues_reciting(_: Reading, piece: Piece, written: str) -> str:
    is_unfinished = written.endswith((",", ", and", "; and", ";"))
    if not role_rules().finds("recital.opener", written):
        is_one = is_unfinished and not piece.label and role_rules().finds("recital.participle", written)
        return "recital.participle" if is_one else ""
    is_numbered = piece.label is not None and not piece.label.is_bullet
    recites = is_unfinished or (not is_numbered and not role_rules().finds("act.in_main_clause", written))
    return "recital.opener" if recites else ""


def _opens_items(state: Reading, piece: Piece, written: str) -> bool:
    """Whether States act in the main clause of an unfinished sentence that bullets continue."""
    following = state.following.label if state.following else None
    is_open = piece.label is None and following is not None and following.is_bullet
    return is_open and not written.endswith((".", ";")) and role_rules().finds("act.after_participle_clause", written)


def _recitals(state: Reading, piece: Piece, written: str, rule: str) -> Iterator[Piece]:
    state.in_preamble = state.in_preamble or piece.label is not None
    base = piece.start
    for boundary in role_rules().pattern("recital.boundary").finditer(written):
        first, piece = cut(state.text, piece, base + boundary.end())
        yield _recital_or_act(state, first, rule)
    yield _recital_or_act(state, piece, rule)


def _recital_or_act(state: Reading, piece: Piece, rule: str) -> Piece:
    written = state.written(piece)
    if role_rules().finds("subject_after_recitals", written):
        return state.given(piece, Role.OTHER, "subject_after_recitals", is_frame=True)
    if role_rules().finds("operative_verb", written) and not role_rules().finds("recital.opener", written):
        return state.act(piece, "operative_verb")
    return state.given(piece, Role.PREAMBLE, rule)

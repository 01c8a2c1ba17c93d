"""Recitals by position: the pieces between the name of a body and its first act, whatever their words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from osce_commitments.labels import BlockKind
from osce_commitments.provisions.outline.footnotes import unmarked
from osce_commitments.provisions.outline.open_lists import OpenList, is_unfinished
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.piece import Piece
from osce_commitments.provisions.verbs_in_capitals import in_small

_SKIPPED = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS, BlockKind.SIGNATURE})
_WORDS_OF_A_VERB_LINE = 12
_CAPITALS = re.compile(r"(?:[A-Z]{2,}\s+)*[A-Z]{2,}\b")
_ENDS_OF_A_RECITAL = (",", ";", ", and", "; and", ":")


def recitals_by_place(text: str, pieces: Sequence[Piece]) -> frozenset[int]:
    """Return the start offsets of recitals by position and of the names of bodies above them.

    Such recitals follow the line that names the adopting body, or open the text, or follow a heading in a volume or in a
    chapter that has its own acts. If the verb of the body has its own
    line ("Therefore agrees:"), all pieces before it are recitals, including labelled ones and those below "Whereas:".
    Otherwise they end at the first piece that does not open and end like a recital; labelled ones must end in a comma.
    """
    # A parliament names itself after its recitals, which open the text.
    first = next((index for index, piece in enumerate(pieces) if piece.kind == BlockKind.PARAGRAPH), len(pieces))
    found = {*_recitals_after_name(text, pieces[first:]), *_recitals_above_name(text, pieces[first:])}
    for index, piece in enumerate(pieces):
        if _names_body(text, piece):
            behind = _recitals_after_name(text, pieces[index + 1 :])
            found.update([piece.start, *behind] if behind else ())
        elif piece.kind == BlockKind.HEADING:
            found.update(_recitals_below_heading(text, pieces[index + 1 :]))
    return frozenset(found)


def _recitals_below_heading(text: str, pieces: Sequence[Piece]) -> list[int]:
    """Return the recitals that open a chapter and end at the name of the body or at its first act; else none."""
    if above_body := _recitals_above_name(text, pieces):
        return above_body
    found = _recitals_after_name(text, pieces)
    if not found or pieces[0].start != found[0] or not _opens_with_recital(text, pieces[0]):
        return []
    behind = next((piece for piece in pieces if piece.start > found[-1] and piece.kind not in _SKIPPED), None)
    if behind is None or behind.kind != BlockKind.PARAGRAPH:
        return []
    written = unmarked(in_small(text[behind.start : behind.end]))
    is_act = role_rules().finds("verb_of_body", written) or bool(role_rules().any_pattern("formula").match(written))
    return found if is_act or enacting_line(written)[0] > 0 else []


def _recitals_above_name(text: str, pieces: Sequence[Piece]) -> list[int]:
    """Return the paragraphs between a heading and the name of the body, if most of them recite.

    A parliament names itself below its numbered recitals; whatever is among them recites as well.
    """
    above: list[Piece] = []
    for piece in pieces:
        if piece.kind in _SKIPPED:
            continue
        if piece.kind != BlockKind.PARAGRAPH:
            break
        if _names_body(text, piece):
            whole = [one for one in above if not _is_minor(one)]
            recites = [one for one in whole if _may_recite(unmarked(in_small(text[one.start : one.end])))]
            return [one.start for one in above] if len(recites) * 2 > len(whole) else []
        above.append(piece)
    return []


def _is_minor(piece: Piece) -> bool:
    return piece.label is not None and any(one.is_minor for one in piece.label.readings)


def _opens_with_recital(text: str, piece: Piece) -> bool:
    """Whether a paragraph, with a number or without a label, opens with a participle and ends in a comma."""
    written = unmarked(in_small(text[piece.start : piece.end]))
    return not _is_minor(piece) and role_rules().finds("recital.opener", written) and written.endswith((",", ", and"))


def _names_body(text: str, piece: Piece) -> bool:
    written = text[piece.start : piece.end]
    return piece.kind == BlockKind.PARAGRAPH and piece.label is None and name_of_body(written) != ""


def name_of_body(written: str) -> str:
    """Return the name of the rule if a paragraph only names the adopting body; empty if it says more.

    A colon may replace the comma before recitals.
    """
    if not written.endswith((",", ":")):
        return ""
    end, rule = enacting_line(f"{written[:-1]},")
    return rule if end == len(written) else ""


def _recitals_after_name(text: str, pieces: Sequence[Piece]) -> list[int]:
    by_line: list[int] = []
    by_form: list[int] = []
    is_unbroken, is_list, listing = True, False, OpenList()
    for piece in pieces:
        if piece.kind in _SKIPPED:
            continue
        written = unmarked(in_small(text[piece.start : piece.end]))
        if piece.kind != BlockKind.PARAGRAPH:
            break
        if piece.label is None and _is_verb_line(written):
            return by_line
        is_list = written.endswith(":") if piece.label is None else is_list
        is_item = listing.takes(piece, written)
        listing.note(piece, written)
        opens = not is_item and opens_list_of_recitals(written)
        if not (is_item or opens or (is_list and piece.label is not None) or _may_recite(written)):
            break
        if not is_item and not (opens and piece.label is None):
            ends = written.endswith((",", ", and"))
            is_unbroken = is_unbroken and (ends if piece.label else not is_list)
        by_line.append(piece.start)
        if is_unbroken:
            by_form.append(piece.start)
        if _has_act_after_recital(written):
            break
    return by_form


def opens_list_of_recitals(written: str) -> bool:
    """Whether a recital opens a list and states no act ("Aware that guards")."""
    if not is_unfinished(written) or role_rules().finds("act.opens_list_after_participle", written):
        return False
    forms = ("act.in_main_clause", "act.after_participle_clause", "formula")
    acts = _has_act_after_recital(written) or any(role_rules().finds(form, written) for form in forms)
    return role_rules().finds("recital.opener", written) and not acts


def _has_act_after_recital(written: str) -> bool:
    """Whether an act follows the recital in the same paragraph ("Aware of this, Decides to:")."""
    boundaries = role_rules().pattern("recital.boundary").finditer(written)
    return any(role_rules().pattern("operative_verb").match(written, found.end()) for found in boundaries)


def _is_verb_line(written: str) -> bool:
    is_short = len(written.split()) <= _WORDS_OF_A_VERB_LINE
    if role_rules().any_pattern("enacting").fullmatch(written) and written.endswith(":"):
        return True
    return is_short and bool(
        role_rules().any_pattern("formula").match(written) or role_rules().finds("enacting_verb_line", written)
    )


def _may_recite(written: str) -> bool:
    written = (
        _CAPITALS.sub(lambda words: words[0].capitalize(), written, count=1) if _CAPITALS.match(written) else written
    )
    is_form = role_rules().finds("recital.opener", written) or role_rules().finds("recital.form", written)
    return bool(is_form) and written.endswith(_ENDS_OF_A_RECITAL)


def enacting_line(written: str, *, before_formula: bool = False) -> tuple[int, str]:
    """Return the end of the enacting line that opens a paragraph and the name of its rule; 0 and "" without one."""
    found = role_rules().leftmost("enacting", written.title() if written.isupper() else written)
    if found is None or role_rules().finds("recital.opener", written):
        return 0, ""
    rule, enacting = found
    before = written[: enacting.start()]
    if before and not role_rules().finds("place_and_date_before_enacting", before):
        return 0, ""
    boundary = role_rules().pattern("recital.boundary").search(written, enacting.start())
    if boundary and ". " not in written[enacting.start() : boundary.start()]:
        return boundary.end(), rule.name
    is_alone = enacting.end() == len(written)
    return (len(written), rule.name) if before_formula or is_alone or written.endswith(",") else (0, "")

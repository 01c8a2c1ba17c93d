"""Roles by position: recitals between the name of a body and its first act, and the signatures at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from osce_commitments.labels import BlockKind
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.roles.open_lists import OpenList
from osce_commitments.texts.capitals import is_mostly_capitals

_SKIPPED = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS, BlockKind.SIGNATURE})
_BELOW_TEXT = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS})
_WORDS_OF_A_VERB_LINE = 12
_WORDS_OF_A_LINE = 4
_STOPS = (".", ";", ",")
_CAPITALS = re.compile(r"(?:[A-Z]{2,}\s+)*[A-Z]{2,}\b")
_ENDS_OF_A_RECITAL = (",", ";", ", and", "; and", ":")


def recitals_by_place(pieces: Sequence[Piece]) -> frozenset[int]:
    """Return the start offsets of recitals by position and of the names of bodies above them.

    Such recitals follow the line that names the adopting body, or open the text, or follow a heading in a volume or in a
    chapter that has its own acts. If the verb of the body has its own
    line ("Therefore agrees:"), all pieces before it are recitals, including labelled ones and those below "Whereas:".
    Otherwise they end at the first piece that does not open and end like a recital; labelled ones must end in a comma.
    """
    # A parliament names itself after its recitals, which open the text.
    first = next((index for index, piece in enumerate(pieces) if piece.kind == BlockKind.PARAGRAPH), len(pieces))
    found = {*_recitals_after_name(pieces[first:]), *_recitals_above_name(pieces[first:])}
    below: list[Piece] = []  # up to the next heading and with it, last first
    for piece in reversed(pieces):
        if _names_body(piece):
            behind = _recitals_after_name(reversed(below))
            found.update([piece.start, *behind] if behind else ())
        elif piece.kind == BlockKind.HEADING:
            found.update(_recitals_below_heading(below[::-1]))
            below = []
        below.append(piece)
    return frozenset(found)


def _recitals_below_heading(pieces: Sequence[Piece]) -> list[int]:
    """Return the recitals that open a chapter and end at the name of the body or at its first act; else none."""
    roles = role_rules()
    if above_body := _recitals_above_name(pieces):
        return above_body
    recitals_after_name = _recitals_after_name(pieces)
    if not recitals_after_name or pieces[0].start != recitals_after_name[0] or not _opens_with_recital(pieces[0]):
        return []
    behind = next(
        (piece for piece in pieces if piece.start > recitals_after_name[-1] and piece.kind not in _SKIPPED), None
    )
    if behind is None or behind.kind != BlockKind.PARAGRAPH:
        return []
    written = behind.words
    is_act = roles.finds("verb_of_body", written) or bool(roles.any_pattern("formula").match(written))
    return recitals_after_name if is_act or enacting_line(written)[0] > 0 else []


def _recitals_above_name(pieces: Sequence[Piece]) -> list[int]:
    """Return the paragraphs between a heading and the name of the body, if most of them recite.

    A parliament names itself below its numbered recitals; whatever is among them recites as well.
    """
    above: list[Piece] = []
    for piece in pieces:
        if piece.kind in _SKIPPED:
            continue
        if piece.kind != BlockKind.PARAGRAPH:
            break
        if _names_body(piece):
            whole = [one for one in above if not one.is_minor]
            recites = [one for one in whole if _may_recite(one.words)]
            return [one.start for one in above] if len(recites) * 2 > len(whole) else []
        above.append(piece)
    return []


def _opens_with_recital(piece: Piece) -> bool:
    """Whether a paragraph, with a number or without a label, opens with a participle and ends in a comma."""
    written = piece.words
    return not piece.is_minor and role_rules().finds("recital.opener", written) and written.endswith((",", ", and"))


def _names_body(piece: Piece) -> bool:
    written = piece.printed
    return piece.kind == BlockKind.PARAGRAPH and piece.label is None and name_of_body(written) != ""


def name_of_body(written: str) -> str:
    """Return the name of the rule if a paragraph only names the adopting body; empty if it says more.

    A colon may replace the comma before recitals.
    """
    if not written.endswith((",", ":")):
        return ""
    end, rule = enacting_line(f"{written[:-1]},")
    return rule if end == len(written) else ""


def _recitals_after_name(pieces: Iterable[Piece]) -> list[int]:
    by_line: list[int] = []
    by_form: list[int] = []
    is_unbroken, is_list, listing = True, False, OpenList()
    for piece in pieces:
        if piece.kind in _SKIPPED:
            continue
        written = piece.words
        if piece.kind != BlockKind.PARAGRAPH:
            break
        if piece.label is None and _is_verb_line(written):
            return by_line
        is_list = written.endswith(":") if piece.label is None else is_list
        is_item = listing.add(piece)
        opens = not is_item and _opens_list_of_recitals(piece)
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


def _opens_list_of_recitals(piece: Piece) -> bool:
    """Whether a recital opens a list and states no act ("Aware that guards")."""
    roles = role_rules()
    written = piece.words
    if not piece.is_unfinished or roles.finds("act.opens_list_after_participle", written):
        return False
    forms = ("act.in_main_clause", "act.after_participle_clause", "formula")
    acts = _has_act_after_recital(written) or any(roles.finds(form, written) for form in forms)
    return roles.finds("recital.opener", written) and not acts


def _has_act_after_recital(written: str) -> bool:
    """Whether an act follows the recital in the same paragraph ("Aware of this, Decides to:")."""
    roles = role_rules()
    boundaries = roles.pattern("recital.boundary").finditer(written)
    return any(roles.pattern("operative_verb").match(written, boundary.end()) for boundary in boundaries)


def _is_verb_line(written: str) -> bool:
    roles = role_rules()
    is_short = len(written.split()) <= _WORDS_OF_A_VERB_LINE
    if roles.any_pattern("enacting").fullmatch(written) and written.endswith(":"):
        return True
    return is_short and bool(roles.any_pattern("formula").match(written) or roles.finds("enacting_verb_line", written))


def _may_recite(written: str) -> bool:
    roles = role_rules()
    written = (
        _CAPITALS.sub(lambda words: words[0].capitalize(), written, count=1) if _CAPITALS.match(written) else written
    )
    is_form = roles.finds("recital.opener", written) or roles.finds("recital.form", written)
    return bool(is_form) and written.endswith(_ENDS_OF_A_RECITAL)


def enacting_line(written: str, *, before_formula: bool = False) -> tuple[int, str]:
    """Return the end of the enacting line that opens a paragraph and the name of its rule; 0 and "" without one."""
    roles = role_rules()
    leftmost = roles.leftmost("enacting", written.title() if written.isupper() else written)
    if leftmost is None or roles.finds("recital.opener", written):
        return 0, ""
    rule, enacting = leftmost
    before = written[: enacting.start()]
    if before and not roles.finds("place_and_date_before_enacting", before):
        return 0, ""
    boundary = roles.pattern("recital.boundary").search(written, enacting.start())
    if boundary and ". " not in written[enacting.start() : boundary.start()]:
        return boundary.end(), rule.name
    is_alone = enacting.end() == len(written)
    return (len(written), rule.name) if before_formula or is_alone or written.endswith(",") else (0, "")


def signatures(pieces: Sequence[Piece], *, is_narrative: bool) -> frozenset[int]:
    """Return the start offsets of the lines that name signatories ("For Ruritania:") and of the lines after them.

    They are the last lines of the text without label and final punctuation, from the first that names a signatory; a
    note on the copy may follow. Lines that look like headings at the very end also belong to them, as they have no
    text below. At the end of a narrative, only these can be distinguished from the text.
    """
    roles = role_rules()
    last: list[Piece] = []
    for piece in reversed(pieces):
        if piece.kind in _BELOW_TEXT or (
            piece.kind != BlockKind.HEADING and role_rules().finds("closing_note", piece.printed)
        ):
            continue
        if piece.label is not None or piece.printed.endswith(_STOPS):
            break
        last.append(piece)
    last.reverse()
    is_last = takewhile(lambda one: _looks_like_heading(one) or _is_short(one), reversed(last))
    above_nothing = [one.start for one in is_last if one.kind == BlockKind.HEADING]
    for index, piece in enumerate(last):
        if not is_narrative and roles.finds("signature.signatory", piece.printed):
            return frozenset([*above_nothing, *(one.start for one in last[index:])])
    return frozenset(above_nothing)


def _is_short(piece: Piece) -> bool:
    """Whether a line is too short to be text below a heading: "Ghent, May 2011"."""
    written = piece.printed
    is_line = piece.kind == BlockKind.PARAGRAPH and not written.endswith(":")
    return is_line and len(written.split()) <= _WORDS_OF_A_LINE


def _looks_like_heading(piece: Piece) -> bool:
    """Whether only the layout makes a line a heading, without capitals, a number or the word "Annex"."""
    roles = role_rules()
    written = piece.printed
    is_marked = is_mostly_capitals(written) or roles.finds("numbered_heading", written) or roles.finds("annex", written)
    return piece.kind == BlockKind.HEADING and not is_marked and not roles.finds("attachment", written)

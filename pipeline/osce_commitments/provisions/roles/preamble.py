"""Recitals by position and by form, whichever body speaks, and the signatures at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from osce_commitments.labels import BlockKind
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.roles.open_lists import OpenList
from osce_commitments.texts.capitals import is_mostly_capitals
from osce_commitments.texts.normalise import folded

_SKIPPED = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS, BlockKind.SIGNATURE})
_BELOW_TEXT = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS})
_WORDS_OF_A_VERB_LINE = 12
_WORDS_OF_A_LINE = 4
_STOPS = (".", ";", ",")
_CAPITALS = re.compile(r"(?:[A-Z]{2,}\s+)*[A-Z]{2,}\b")
_ENDS_OF_A_RECITAL = (",", ";", ", and", "; and", ":")
_READ = frozenset({BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.HEADING})
_ENDS = (",", ";", ":", ".", ", and", "; and", ",and")
# Without a line that names who speaks, one participle may open an act; two in a row are a preamble.
_LEAST_WITHOUT_SPEAKER = 2
_SHARE_OF_RECITALS = 0.5
_ACTS_BEHIND_OPENER = (
    *("act.opens_list_after_participle", "act.in_main_clause", "act.after_participle_clause"),
    "formula",
)
_ACTS = ("act_by_form", "act.opens_list_after_participle", "act.decides_after_participle")


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
    if not recitals_after_name or pieces[0].start != recitals_after_name[0]:
        return []
    first = pieces[0].words
    if pieces[0].is_minor or not (roles.finds("recital.opener", first) and first.endswith((",", ", and"))):
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
    roles = role_rules()
    by_line: list[int] = []
    by_form: list[int] = []
    is_unbroken, is_list, listing = True, False, OpenList()
    for piece in pieces:
        if piece.kind in _SKIPPED:
            continue
        written = piece.words
        if piece.kind != BlockKind.PARAGRAPH:
            break
        if piece.label is None:
            is_enacting = written.endswith(":") and roles.any_pattern("enacting").fullmatch(written)
            is_short = len(written.split()) <= _WORDS_OF_A_VERB_LINE
            is_verb = roles.any_pattern("formula").match(written) or roles.finds("enacting_verb_line", written)
            if is_enacting or (is_short and is_verb):
                return by_line
            is_list = written.endswith(":")
        is_item = listing.add(piece)
        # A recital may open a list and state no act ("Aware that guards").
        opens = (
            not is_item
            and piece.is_unfinished
            and roles.finds("recital.opener", written)
            and not any(roles.finds(form, written) for form in _ACTS_BEHIND_OPENER)
            and not _has_act_after_recital(written)
        )
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


def _has_act_after_recital(written: str) -> bool:
    """Whether an act follows the recital in the same paragraph ("Aware of this, Decides to:")."""
    roles = role_rules()
    boundaries = roles.pattern("recital.boundary").finditer(written)
    return any(roles.pattern("operative_verb").match(written, boundary.end()) for boundary in boundaries)


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
            piece.kind != BlockKind.HEADING and roles.finds("closing_note", piece.printed)
        ):
            continue
        if piece.label is not None or piece.printed.endswith(_STOPS):
            break
        last.append(piece)
    last.reverse()
    above_nothing: list[int] = []
    for piece in reversed(last):
        written = piece.printed
        if piece.kind == BlockKind.HEADING:
            # A heading only by layout: no capitals, number or "Annex".
            marks = ("numbered_heading", "annex", "attachment")
            if is_mostly_capitals(written) or any(roles.finds(mark, written) for mark in marks):
                break
            above_nothing.append(piece.start)
        elif piece.kind != BlockKind.PARAGRAPH or written.endswith(":") or len(written.split()) > _WORDS_OF_A_LINE:
            break  # a line as short as "Ghent, May 2011" is no text
    for index, piece in enumerate(last):
        if not is_narrative and roles.finds("signature.signatory", piece.printed):
            return frozenset([*above_nothing, *(one.start for one in last[index:])])
    return frozenset(above_nothing)


def recitals_by_form(pieces: Sequence[Piece]) -> frozenset[int]:
    """Return the start offsets of the recitals; empty without a preamble.

    A preamble begins below a noun phrase that ends in a comma or colon, or with its first recitals, and ends at the
    first block that acts. A block between two recitals is one as well, and so are the items of a recital. Where the same
    speaker is named again, another act of it begins, with a preamble of its own.
    """
    shown = [piece for piece in pieces if piece.kind in _READ and piece.marked is None]
    speakers = [place for place, piece in enumerate(shown) if names_speaker(piece)]
    if speakers and (recitals := _recitals(shown[speakers[0] + 1 :], least=1)):
        name = folded(shown[speakers[0]].words)
        again = [place + 1 for place in speakers[1:] if folded(shown[place].words) == name]
        return frozenset([*recitals, *(start for place in again for start in _recitals(shown[place:], least=1))])
    # Without a speaker, a participle or adjective opens a preamble; an item of a list does not.
    first = next(
        (
            place
            for place, piece in enumerate(shown)
            if piece.kind == BlockKind.PARAGRAPH
            and not (piece.label and piece.label.is_bullet)
            and _recites(piece)
            and not role_rules().finds("opens_with_preposition", as_sentence(piece.words))
        ),
        None,
    )
    if first is None or any(acts(piece) for piece in shown[:first] if piece.kind == BlockKind.PARAGRAPH):
        return frozenset()
    return frozenset(_recitals(shown[first:], least=_LEAST_WITHOUT_SPEAKER))


def has_preamble(pieces: Sequence[Piece]) -> bool:
    """Whether a line names who speaks and recitals follow it."""
    recitals = recitals_by_form(pieces)
    return bool(recitals) and any(names_speaker(piece) for piece in pieces if piece.start < min(recitals))


def names_speaker(piece: Piece) -> bool:
    """Whether a line is nothing but a noun phrase in front of recitals or acts: "The Board of Lamps,"."""
    return piece.label is None and role_rules().finds("speaker_by_form", as_sentence(piece.words))


def _recites(piece: Piece) -> bool:
    """Whether a block opens like a recital and ends like one, or opens a list of recitals on a line of its own."""
    roles = role_rules()
    written = as_sentence(piece.words)
    if acts(piece) or not roles.finds("recital.by_form", written):
        return False
    if written.endswith("."):
        return not roles.finds("finite_mark.any", written)
    return written.endswith(_ENDS) or written[-1:].isalnum()


def as_sentence(written: str) -> str:
    """Return words with a first letter in upper case and the others of opening words in capitals in lower case."""
    capitals = _CAPITALS.match(written)
    if capitals and (len(capitals[0]) < len(written) or len(capitals[0].split()) == 1):
        written = capitals[0].capitalize() + written[capitals.end() :]
    return written[:1].upper() + written[1:]


def acts(piece: Piece) -> bool:
    """Whether a block acts: by its verb, after a participle, in a formula."""
    roles = role_rules()
    written = as_sentence(piece.words)
    if any(roles.finds(rule, written) for rule in _ACTS) or roles.finds("act_in_capitals", piece.printed):
        return True
    return roles.leftmost("formula", piece.words) is not None


def _recitals(pieces: Iterable[Piece], *, least: int) -> list[int]:
    """Return the recitals up to the first act; nothing if there are too few or most blocks among them do not recite."""
    roles = role_rules()
    blocks: list[tuple[int, bool]] = []
    is_list = is_whole = False
    last = 0
    for piece in pieces:
        if piece.kind != BlockKind.PARAGRAPH:
            continue
        if piece.label is None:
            # The words below "recognizing" on a line of its own.
            is_item = is_list and not last and piece.begins_small and not acts(piece) and not piece.is_verb_line
        else:
            # A letter or dash, or a number that counts on and orders nothing; below "Whereas:" also one that orders.
            counts_on = piece.label.readings[0].value == last + 1
            orders = roles.finds("finite_mark.orders", piece.words) or acts(piece)
            is_whole_item = is_whole and not roles.finds("verb_of_body", piece.words)
            is_item = is_list and (piece.is_minor or (counts_on and not orders) or is_whole_item)
        if not is_item and acts(piece):
            break
        does_recite = is_item or _recites(piece)
        if piece.label is None:
            # Without any stop or with a colon at its end, items below complete it.
            is_list = does_recite and (piece.words.endswith(":") or piece.words[-1:].isalnum())
            is_whole = is_list and (piece.words.endswith(":") or piece.words.lower().startswith("whereas"))
            last = 0
        else:
            last = piece.label.readings[0].value
        blocks.append((piece.start, does_recite))
    while blocks and not blocks[-1][1]:
        blocks.pop()
    count = sum(does_recite for _, does_recite in blocks)
    if count < least or count < _SHARE_OF_RECITALS * len(blocks):
        return []
    return [start for start, _ in blocks]

"""The preamble by its form: from the words that name who speaks to the first act, whichever body speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from osce_commitments.labels import BlockKind
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.texts.normalise import folded

_READ = frozenset({BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.HEADING})
_CAPITALS = re.compile(r"(?:[A-Z]{2,}\s+)*[A-Z]{2,}\b")
_ENDS = (",", ";", ":", ".", ", and", "; and", ",and")
# Without a line that names who speaks, one participle may open an act; two in a row are a preamble.
_LEAST_WITHOUT_SPEAKER = 2
_SHARE_OF_RECITALS = 0.5
_ACTS = ("act_by_form", "act.opens_list_after_participle", "act.decides_after_participle")


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
    first = next((place for place, piece in enumerate(shown) if _opens_preamble(piece)), None)
    if first is None or any(acts(piece) for piece in shown[:first] if piece.kind == BlockKind.PARAGRAPH):
        return frozenset()
    return frozenset(_recitals(shown[first:], least=_LEAST_WITHOUT_SPEAKER))


def has_preamble(pieces: Sequence[Piece]) -> bool:
    """Whether a line names who speaks and recitals follow it."""
    recitals = recitals_by_form(pieces)
    return bool(recitals) and any(names_speaker(piece) for piece in pieces if piece.start < min(recitals))


def _opens_preamble(piece: Piece) -> bool:
    """Whether a block may open a preamble without a speaker: a participle or adjective, no item of a list."""
    is_block = piece.kind == BlockKind.PARAGRAPH and not (piece.label and piece.label.is_bullet)
    return is_block and recites(piece) and not role_rules().finds("opens_with_preposition", as_sentence(piece.words))


def names_speaker(piece: Piece) -> bool:
    """Whether a line is nothing but a noun phrase in front of recitals or acts: "The Board of Lamps,"."""
    return piece.label is None and role_rules().finds("speaker_by_form", as_sentence(piece.words))


def recites(piece: Piece) -> bool:
    """Whether a block opens like a recital and ends like one, or opens a list of recitals on a line of its own."""
    roles = role_rules()
    written = as_sentence(piece.words)
    if acts(piece) or not roles.finds("recital.by_form", written):
        return False
    if written.endswith("."):
        return not roles.finds("finite_mark.any", written)
    return written.endswith(_ENDS) or _opens_items(piece)


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


def _opens_items(piece: Piece) -> bool:
    """Whether a block ends without any stop or in a colon, so that items below complete it."""
    return piece.words.endswith(":") or piece.words[-1:].isalnum()


def _recitals(pieces: Iterable[Piece], *, least: int) -> list[int]:
    """Return the recitals up to the first act; nothing if there are too few or most blocks among them do not recite."""
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
            is_whole_item = is_whole and (piece.is_minor or not role_rules().finds("verb_of_body", piece.words))
            is_item = is_list and (_is_item(piece, last) or is_whole_item)
        if not is_item and acts(piece):
            break
        does_recite = is_item or recites(piece)
        if piece.label is None:
            is_list = does_recite and _opens_items(piece)
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


def _is_item(piece: Piece, last: int) -> bool:
    """Whether a labelled block is an item of a recital: a letter or dash, or a number that counts on and orders nothing."""
    if piece.is_minor:
        return True
    follows = piece.label is not None and piece.label.readings[0].value == last + 1
    return follows and not role_rules().finds("finite_mark.orders", piece.words) and not acts(piece)

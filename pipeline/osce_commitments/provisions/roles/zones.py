"""Zones: assigns each piece its role (recital, operative text, annex, attachment, frame) and the rule for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile, zip_longest
from typing import NamedTuple

from osce_commitments.labels import BlockKind, DocumentType, Role
from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.roles.before_first_act import BeforeFirstAct
from osce_commitments.provisions.roles.preamble import (
    has_preamble,
    names_speaker,
    recitals_by_form,
    recitals_by_place,
    signatures,
)
from osce_commitments.provisions.roles.reading import Reading, Zone, read_paragraph
from osce_commitments.schema import MARK_UP, Document, MarkUp
from osce_commitments.texts.capitals import is_mostly_capitals
from osce_commitments.texts.normalise import folded

_NARRATIVE = frozenset(
    {DocumentType.DELEGATION_STATEMENT, DocumentType.ARTICLE, DocumentType.REPORT, DocumentType.JOURNAL}
)
_OUTSIDE = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS, BlockKind.SIGNATURE})
_ASIDE = frozenset({BlockKind.FOOTNOTE, BlockKind.TABLE, BlockKind.CONTENTS})
# Least words of the name by which a text adopts another one; a long resolution has headings like "Principles".
_WORDS_OF_ADOPTED = {DocumentType.DECISION: 1, DocumentType.RESOLUTION: 3}
_MARKER_LENGTH = 320
_WORDS_OF_A_NOTE = 30
_WORDS_OF_A_SIGNATURE = 12
_LAST_WORDS = re.compile(r"[.;]\s+(?P<words>[^.;]{1,60})$")
_LEAST_ACTS = 3
_BODY_OF_REPORTS = "Secretariat"
_PART_OF_DECISION_SYMBOL = ".DEC/"
_NARRATIVE_SENTENCES_PER_ACT = 2
_LEAST_BY_NAME = 2
_SHARE_OF_ACTS = 0.2
_BEFORE_TITLE = frozenset({BlockKind.HEADER, BlockKind.HEADING, BlockKind.PARAGRAPH})
_TITLES = frozenset({BlockKind.TITLE, BlockKind.HEADING})
_LONGEST_HEADER = 80
_BLOCKS_OF_AN_OPENING = 10


class Genre(NamedTuple):
    """What kind of text a document is.

    Attributes:
        type: Its type, corrected by its content.
        whole: Role of the whole text, if it is an annex or an attachment.
    """

    type: DocumentType
    whole: Role | None = None


def genre_of(document: Document, pieces: Sequence[Piece]) -> Genre:
    """Return the genre of a document with these pieces.

    A delegation's statement on a decision (an interpretative statement, a reservation) is an attachment as a whole. A
    text with a title is an annex as a whole if the header block says so.
    """
    roles = role_rules()
    blocks = [(block.kind, document.text[block.start : block.end].strip()) for block in document.blocks]
    shown = [words for kind, words in blocks if kind in _BEFORE_TITLE | _TITLES]
    above_title = list(takewhile(lambda block: block[0] != BlockKind.TITLE, blocks))
    headers = [words for kind, words in above_title if kind in _BEFORE_TITLE and len(words) <= _LONGEST_HEADER]
    whole = None
    if document.type == DocumentType.DELEGATION_STATEMENT and any(
        roles.finds("statement_on_a_decision", words) for words in shown[:_BLOCKS_OF_AN_OPENING]
    ):
        whole = Role.ATTACHMENT
    elif len(above_title) < len(blocks) and any(roles.finds("annex_in_header", words) for words in headers):
        whole = Role.ANNEX
    return Genre(_type_by_content(document, pieces), whole)


def _type_by_content(document: Document, pieces: Sequence[Piece]) -> DocumentType:
    """Return the type of the document, corrected by its content.

    A report in which the States themselves agree on acts is binding, whatever its title. A text of unknown type is a
    report if its title calls it one, and an article if its author speaks as "I" and the States agree on little.
    """
    roles = role_rules()
    is_unknown = document.type == DocumentType.OTHER and not document.symbol
    if (is_unknown or (document.type == DocumentType.JOURNAL and not document.symbol)) and has_preamble(pieces):
        # An act with a preamble is no narrative, although the page names a gazette or an item is called "I".
        return DocumentType.OTHER
    # The Secretariat adopts nothing; its title may mention a decision ("… requested by Decision No. 9012").
    is_report = document.body == _BODY_OF_REPORTS
    if document.type == DocumentType.OTHER:
        above = takewhile(lambda block: block.kind != BlockKind.PARAGRAPH, document.blocks)
        titles = [document.text[block.start : block.end] for block in above if block.kind in _TITLES]
        is_titled = any(roles.finds("report_title", title) for title in (document.title, *titles))
        is_report = is_report or (is_titled and not document.symbol)
    elif document.type == DocumentType.DECISION:
        is_report = is_report and bool(document.symbol) and _PART_OF_DECISION_SYMBOL not in document.symbol
    else:
        is_report = document.type == DocumentType.REPORT
    if not (is_report or is_unknown):
        return document.type
    texts = [piece.printed for piece in pieces if piece.kind == BlockKind.PARAGRAPH]
    acts = [match for text in texts if (match := roles.pattern("act.of_states").match(text))]
    if is_report:
        by_name = sum(act["states"] is not None for act in acts)
        is_binding = len(acts) >= max(_LEAST_ACTS, _SHARE_OF_ACTS * len(texts)) and by_name >= _LEAST_BY_NAME
        return DocumentType.OTHER if is_binding else DocumentType.REPORT
    narrative_sentences = sum(roles.finds("narrator", text) for text in texts)
    return DocumentType.ARTICLE if narrative_sentences > _NARRATIVE_SENTENCES_PER_ACT * len(acts) else document.type


class Zones:
    """Reads the pieces of one document in order and gives each its role.

    Args:
        genre: Articles, reports, journals and delegation statements are narrative throughout.
        title: Title of the document; an annex may repeat it.
    """

    def __init__(self, genre: Genre, title: str = "") -> None:
        self._type, whole = genre
        self._title = folded(title)
        zone = Zone(Role.OPERATIVE, "default_operative")
        is_narrative = self._type in _NARRATIVE and whole != Role.ATTACHMENT
        if is_narrative:
            zone = Zone(Role.OTHER, "narrative_text")
        elif whole is not None:
            zone = Zone(whole, "annex_in_header" if whole == Role.ANNEX else "statement_on_a_decision")
        self._state = Reading(BeforeFirstAct(self._type), zone, is_narrative)
        self._state.part = 1 if whole == Role.ATTACHMENT else 0
        self._signatures: frozenset[int] = frozenset()
        self._menu: frozenset[int] = frozenset()  # lines above the recitals that are printed again below them
        self._last: Piece | None = None
        self._has_speaker = self._is_signed = self._lists_entries = False
        self._is_behind_marker = self._was_behind_marker = False
        self._adopted: list[str] = []
        self._entry = ""

    def assign(self, pieces: list[Piece]) -> list[Piece]:
        """Return the pieces with their roles; a paragraph with both recitals and a formula is split."""
        pieces = _with_formulas_joined(pieces)
        if not self._state.is_narrative:
            self._state.placed = recitals_by_place(pieces) | recitals_by_form(pieces)
        first = min(self._state.placed, default=0)
        below = {folded(piece.words) for piece in pieces if piece.start > first}
        self._menu = frozenset(piece.start for piece in pieces if piece.start < first and folded(piece.words) in below)
        self._signatures = signatures(pieces, is_narrative=self._state.is_narrative)
        self._last = next((piece for piece in reversed(pieces) if piece.kind not in _OUTSIDE), None)
        for piece, self._state.following in zip_longest(pieces, pieces[1:]):
            if piece.marked is not None:
                self._state.done.append(_marked(piece, piece.marked, piece.words))
                continue
            if self._type == DocumentType.JOURNAL:
                piece = self._as_entry(piece)  # noqa: PLW2901 - the same piece, as a paragraph
            elif piece.kind == BlockKind.HEADING and (
                piece.start in self._signatures
                or (self._is_signed and role_rules().finds("signature.signatory", piece.words))
            ):
                # A signature may look like a heading: a last line, or "For Ruritania" after signing.
                piece = piece.changed(kind=BlockKind.PARAGRAPH)  # noqa: PLW2901
            for part in self._read(piece):
                self._note(part)
                self._state.done.append(part)
        return self._state.done

    def _as_entry(self, piece: Piece) -> Piece:
        """Return a journal entry: headings count as entries, and only a sentence can open a list.

        The exception is a colon above letters or bullets: "3. Subjects discussed:".
        """
        if piece.kind not in {BlockKind.PARAGRAPH, BlockKind.HEADING}:
            return piece
        written, below = piece.words, self._state.following
        following = below.label if below else None
        is_first = (
            following is not None and following.is_first and any(reading.is_minor for reading in following.readings)
        )
        opens = written.endswith(":") and is_first
        self._lists_entries = opens or (self._lists_entries and self._state.open_list.takes(piece))
        is_frame = not written.endswith(".") and not self._lists_entries
        is_hour = not piece.label and role_rules().finds("journal_hour", written)
        self._entry = piece.label.number if piece.label else self._entry * is_hour
        return replace(piece, kind=BlockKind.PARAGRAPH, is_frame=is_frame, number=self._entry * is_hour)

    def _read(self, piece: Piece) -> Iterator[Piece]:
        """Yield the parts of a piece with their roles; the first condition that holds decides."""
        self._was_behind_marker, self._is_behind_marker = self._is_behind_marker, False
        state, written = self._state, piece.words
        is_heading_or_paragraph = piece.kind in {BlockKind.HEADING, BlockKind.PARAGRAPH}
        if piece.kind == BlockKind.TITLE:
            yield state.given(piece, Role.TITLE, "title")
        elif is_heading_or_paragraph and self._continues_title(piece, written):
            state.done[-1] = state.done[-1].changed(end=piece.end)
            self._is_behind_marker = self._was_behind_marker
        elif piece.kind in _OUTSIDE or piece.is_bare:
            self._is_signed = self._is_signed or piece.kind == BlockKind.SIGNATURE
            rule = "set_apart_by_layout" if piece.kind in _OUTSIDE else "table_cell_without_act"
            yield state.given(piece, Role.OTHER, rule, is_aside=piece.kind in _ASIDE)
        elif heading := self._heading_of_part(piece, written):
            yield heading
        elif self._is_title_of_next_act(piece, written):
            yield state.given(piece, Role.TITLE, "title_of_next_act", kind=BlockKind.HEADING, heading_level=1)
        elif (
            is_heading_or_paragraph
            and written.endswith(".")
            and (match := list_rules().pattern("heading.sentence").match(written))
        ):
            # A heading that states an act: its number is the heading, and the act a paragraph below it.
            yield piece.changed(kind=BlockKind.HEADING, heading_level=piece.heading_level or 1, part=state.part)
            start, number = piece.start + match.end(), match["number"]
            yield state.given(piece, *state.zone, kind=BlockKind.PARAGRAPH, start=start, number=number)
        elif piece.kind != BlockKind.PARAGRAPH:
            state.has_subject &= piece.kind != BlockKind.HEADING
            yield state.given(piece, *state.zone, is_aside=piece.kind in _ASIDE)
        elif rule := self._frame_rule(piece, written):
            yield state.given(piece, Role.OTHER, rule, is_frame=True)
        elif not state.is_narrative and (leftmost := role_rules().leftmost("speaker_line", written)):
            # The line names the delegation that speaks up to the next annex, attachment or such line.
            state.part += state.zone.role != Role.ATTACHMENT or self._has_speaker
            state.zone = Zone(Role.ATTACHMENT, leftmost[0].name)
            state.in_preamble, self._has_speaker = False, True
            yield state.given(piece, *state.zone, is_frame=True)
        elif (last := _LAST_WORDS.search(written)) and any(
            role_rules().any_pattern(group).fullmatch(last["words"]) for group in ("annex", "attachment")
        ):
            # An extraction put the marker of an annex at the end of the paragraph above it.
            for half in piece.cut(piece.start + last.start("words")):
                yield from self._read(half)
        else:
            yield from read_paragraph(state, piece)

    def _continues_title(self, piece: Piece, written: str) -> bool:
        """Whether it is a further line in capitals of the title of an annex or attachment."""
        above = self._state.done[-1] if self._state.done else piece
        return (
            above.kind == BlockKind.HEADING
            and above.role == Role.TITLE
            and not piece.label
            and not piece.text[above.end : piece.start].strip()
            and not role_rules().finds("numbered_heading", written)
            and is_mostly_capitals(written)
            and is_mostly_capitals(above.words)
        )

    def _is_title_of_next_act(self, piece: Piece, written: str) -> bool:
        """Whether a line stands between the acts of a body and its name, printed again: the file holds two acts."""
        following = self._state.following
        is_line = piece.label is None and not written.endswith((".", ":", ";", ","))
        if not is_line or following is None or self._state.is_below_recital or not names_speaker(following):
            return False
        name = folded(following.words)
        return any(above.is_frame and folded(above.words) == name for above in self._state.done)

    def _heading_of_part(self, piece: Piece, written: str) -> Piece | None:
        """Return the marker of an annex or attachment, or the title below it, as a heading; None if it is neither."""
        roles, state = role_rules(), self._state
        if self._type == DocumentType.JOURNAL and roles.finds("marker_without_title", written):
            # The statements annexed to a journal have titles, although they state no acts.
            self._is_behind_marker = True
            return None
        if self._opens_part(piece, written):
            self._is_behind_marker = True
            if not self._was_behind_marker:
                state.part, self._has_speaker = state.part + 1, False
            state.has_subject = False
            role = state.zone.role if roles.finds("marker_without_title", written) else Role.TITLE
            return state.given(piece, role, state.zone.rule, kind=BlockKind.HEADING, heading_level=0)
        if not self._was_behind_marker:
            return None
        if piece.kind == BlockKind.HEADING:
            is_title = not roles.finds("numbered_heading", written)
        else:
            # A paragraph right below the marker is the title if it does not end like a sentence.
            is_title = (
                piece.kind == BlockKind.PARAGRAPH
                and not piece.label
                and len(written) <= _MARKER_LENGTH
                and not written.endswith((",", ":"))
                and not list_rules().finds("ends_sentence", written)
                and not roles.finds("recital.opener", written)
            )
        rule = "title_below_marker"
        return state.given(piece, Role.TITLE, rule, kind=BlockKind.HEADING, heading_level=1) if is_title else None

    def _opens_part(self, piece: Piece, written: str) -> bool:
        """Whether an annex or attachment starts here; a whole paragraph must be the marker."""
        roles = role_rules()
        if self._state.is_narrative or piece.label or piece.start in self._menu:
            return False
        if len(written) > _MARKER_LENGTH or written.endswith((";", ",")):
            return False
        is_sentence = piece.kind == BlockKind.PARAGRAPH and written.endswith(".")
        for group, role in (("attachment", Role.ATTACHMENT), ("annex", Role.ANNEX)):
            if not is_sentence and (leftmost := roles.leftmost(group, written)):
                self._state.zone = Zone(role, leftmost[0].name)
                self._state.in_preamble = self._is_signed = False
                self._state.before_first_act = BeforeFirstAct(self._type)
                return True
        # A line below the acts of a decision that names the text which it adopted: an annex without the word.
        if self._state.zone.role != Role.OPERATIVE or self._type not in _WORDS_OF_ADOPTED:
            return False
        if len(written.split()) < _WORDS_OF_ADOPTED[self._type] or written.endswith((".", ":")):
            return False
        name = folded(written)
        if piece.kind == BlockKind.TABLE or not roles.finds("adopted_text", written):
            return False
        if not any(name in act or name == self._title for act in self._adopted):
            return False
        self._state.zone, self._state.before_first_act.is_over = Zone(Role.ANNEX, "adopted_text"), True
        return True

    def _frame_rule(self, piece: Piece, written: str) -> str:
        """Return the name of the rule by which a paragraph only frames the text; empty if it does not."""
        roles = role_rules()
        if roles.finds("closing.testimonium", written):
            self._is_signed = True
        if roles.finds("place_and_day", written):
            return "place_and_day"
        if known := roles.leftmost("closing", written):
            return known[0].name
        if piece.start in self._signatures:
            return "signature.last_lines"
        is_short = len(written.split()) <= _WORDS_OF_A_SIGNATURE
        if self._is_signed and piece.label is None and is_short and not written.endswith((".", ";")):
            return "signature.after_testimonium"
        is_last = piece is self._last and bool(self._state.done) and not piece.label
        if is_last and len(written.split()) <= _WORDS_OF_A_NOTE and (note := roles.leftmost("closing_note", written)):
            return note[0].name
        following, is_begun = self._state.following, self._state.before_first_act.is_over
        is_above = following is not None and following.kind == BlockKind.TITLE and not is_begun
        is_line = is_short and piece.label is None and not written.endswith((".", ":", ";"))
        return "line_above_title" if is_above and is_line else ""

    def _note(self, part: Piece) -> None:
        """Record a part: the text that it adopts, its place in a list, the roles that it decides for earlier pieces."""
        state, written = self._state, part.words
        is_act = part.role == state.zone.role and part.kind == BlockKind.PARAGRAPH and not state.is_narrative
        if is_act and role_rules().finds("act.adopts_a_text", written):
            self._adopted.append(folded(written))
        if part.is_aside:
            return
        is_item = state.open_list.add(part)
        if not state.is_narrative:
            settled = state.before_first_act.read(
                part, state.done, base=state.zone.role, in_preamble=state.in_preamble, is_item=is_item
            )
            for place, piece in settled.items():
                state.done[place] = piece


def _with_formulas_joined(pieces: list[Piece]) -> list[Piece]:
    """Join "the participating States" with a separate paragraph "have agreed as follows:"."""
    joined: list[Piece] = []
    for piece in pieces:
        above, written = joined[-1] if joined else None, piece.words
        if (
            above is not None
            and above.kind == piece.kind == BlockKind.PARAGRAPH
            and piece.marked is None
            and above.label is None
            and written[:1].islower()
            and role_rules().any_pattern("formula").match(written)
            and piece.text[above.end : piece.start].isspace()
            and not above.words.endswith((".", ";", ":"))
        ):
            joined[-1] = above.changed(end=piece.end)
        else:
            joined.append(piece)
    return joined


def _marked(piece: Piece, mark_up: MarkUp, written: str) -> Piece:
    """Return a piece with the role that the mark-up gives; the heading of an annex without a title is no title."""
    is_outside = piece.kind in _OUTSIDE or piece.is_bare
    role = Role.OTHER if is_outside else mark_up.role
    if role == Role.TITLE and piece.kind == BlockKind.HEADING and role_rules().finds("marker_without_title", written):
        role = Role.ANNEX
    return replace(
        piece,
        role=role,
        role_rule=MARK_UP,
        is_frame=mark_up.is_frame,
        is_aside=piece.kind in _ASIDE,
        part=mark_up.part,
    )

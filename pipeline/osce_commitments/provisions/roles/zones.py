"""Zones: which pieces are recitals, operative text, annexes, attachments or mere frame."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from osce_commitments.labels import BlockKind, DocumentType, Role
from osce_commitments.provisions.outline.footnotes import unmarked
from osce_commitments.provisions.outline.open_lists import OpenList
from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.piece import Piece, cut
from osce_commitments.provisions.roles.before_first_act import Overture
from osce_commitments.provisions.roles.recitals import end_of_enacting, is_name, recitals_by_place
from osce_commitments.provisions.roles.signatures import signatures
from osce_commitments.provisions.verbs_in_capitals import in_small
from osce_commitments.texts.capitals import is_mostly_capitals
from osce_commitments.texts.normalise import folded

_BASES = {
    DocumentType.DELEGATION_STATEMENT: Role.OTHER,
    DocumentType.ARTICLE: Role.OTHER,
    DocumentType.REPORT: Role.OTHER,
    DocumentType.JOURNAL: Role.OTHER,
}
_OUTSIDE = frozenset({BlockKind.FOOTNOTE, BlockKind.CONTENTS, BlockKind.SIGNATURE})
_ASIDE = frozenset({BlockKind.FOOTNOTE, BlockKind.TABLE, BlockKind.CONTENTS})
_MARKER_LENGTH = 320
_WORDS_OF_A_NOTE = 30
_WORDS_OF_A_SIGNATURE = 12
_LAST_WORDS = re.compile(r"[.;]\s+(?P<words>[^.;]{1,60})$")
_PARTICIPLE = re.compile(r"[A-Z][a-z]+(?:ing|[^e]ed)\b")


class Zones:
    """Reads the pieces of one document in order and gives each its role.

    Args:
        text: The document's text.
        document_type: An article or report is narrative throughout.
        title: Title of the document; an annex may bear it again.
        is_annex: Whether the whole text is an annex.
    """

    def __init__(self, text: str, document_type: DocumentType, title: str = "", *, is_annex: bool = False) -> None:
        self._text = text
        self._type = document_type
        self._title = folded(title)
        self._base = _BASES.get(document_type, Role.OPERATIVE)
        self._is_narrative = self._base == Role.OTHER
        if is_annex and not self._is_narrative:
            self._base = Role.ANNEX
        self._in_preamble = False
        self._adopted: list[str] = []
        self._is_behind_marker = False
        self._is_signed = False
        self._part = 0
        self._has_speaker = False
        self._next: Piece | None = None
        self._last: Piece | None = None
        self._done: list[Piece] = []
        self._list = OpenList()
        self._lists_entries = False
        self._overture = Overture(text, document_type, self._done)
        self._placed: frozenset[int] = frozenset()
        self._signatures: frozenset[int] = frozenset()

    def assign(self, pieces: list[Piece]) -> list[Piece]:
        """The pieces with their roles; recitals and formulas that shared a paragraph are parted."""
        pieces = self._with_formulas_joined(pieces)
        if not self._is_narrative:
            self._placed = recitals_by_place(self._text, pieces)
        self._signatures = signatures(self._text, pieces, is_narrative=self._is_narrative)
        self._last = next((piece for piece in reversed(pieces) if piece.kind not in _OUTSIDE), None)
        for piece, self._next in zip_longest(pieces, pieces[1:]):
            for part in self._read(
                self._as_entry(piece) if self._type == DocumentType.JOURNAL else self._as_line(piece)
            ):
                self._note(part)
                self._done.append(replace(part, part=self._part))
        return self._done

    def _as_entry(self, piece: Piece) -> Piece:
        """An entry of a journal: its headings are entries too, and what is no sentence opens no list.

        A colon above letters or bullets does: "3. Subjects discussed:".
        """
        if piece.kind not in {BlockKind.PARAGRAPH, BlockKind.HEADING}:
            return piece
        written, following = self._written(piece), self._next.label if self._next else None
        is_first = following is not None and following.is_first and any(one.is_minor for one in following.readings)
        opens = written.endswith(":") and is_first
        self._lists_entries = opens or (self._lists_entries and self._list.takes(piece, written))
        is_frame = not written.endswith(".") and not self._lists_entries
        return replace(piece, kind=BlockKind.PARAGRAPH, is_frame=is_frame)

    def _as_line(self, piece: Piece) -> Piece:
        """Who signs, where the layout looks like that of a heading: the last lines, or "For Ruritania" once it is signed."""
        if piece.kind != BlockKind.HEADING:
            return piece
        is_signatory = self._is_signed and role_rules().finds("signature.signatory", self._written(piece))
        is_line = piece.start in self._signatures or is_signatory
        return replace(piece, kind=BlockKind.PARAGRAPH) if is_line else piece

    def _with_formulas_joined(self, pieces: list[Piece]) -> list[Piece]:
        """Join "the participating States" and, as a paragraph of its own, "have agreed as follows:"."""
        joined: list[Piece] = []
        for piece in pieces:
            above, written = joined[-1] if joined else None, self._written(piece)
            if (
                above is not None
                and above.kind == piece.kind == BlockKind.PARAGRAPH
                and above.label is None
                and written[:1].islower()
                and role_rules().any_pattern("formula").match(written)
                and self._text[above.end : piece.start].isspace()
                and not self._written(above).endswith((".", ";", ":"))
            ):
                joined[-1] = replace(above, end=piece.end)
            else:
                joined.append(piece)
        return joined

    def _read(self, piece: Piece) -> Iterator[Piece]:
        written = self._written(piece)
        is_behind_marker, self._is_behind_marker = self._is_behind_marker, False
        if piece.kind == BlockKind.TITLE:
            yield replace(piece, role=Role.TITLE)
        elif self._continues_title(piece):
            self._done[-1] = replace(self._done[-1], end=piece.end)
            self._is_behind_marker = is_behind_marker
        elif piece.kind in _OUTSIDE or piece.is_bare:
            self._is_signed = self._is_signed or piece.kind == BlockKind.SIGNATURE
            yield replace(piece, role=Role.OTHER, is_aside=piece.kind in _ASIDE)
        elif heading := self._part_heading(piece, written, is_behind_marker=is_behind_marker):
            yield heading
        elif match := self._sentence_heading(piece, written):
            start = piece.start + match.end()
            yield replace(piece, kind=BlockKind.HEADING, heading_level=piece.heading_level or 1)
            yield replace(piece, kind=BlockKind.PARAGRAPH, start=start, role=self._base, number=match["number"])
        elif piece.kind != BlockKind.PARAGRAPH:
            yield replace(piece, role=self._base, is_aside=piece.kind in _ASIDE)
        elif self._only_frames(piece, written) or self._is_above_title(piece, written):
            yield replace(piece, role=Role.OTHER, is_frame=True)
        elif not self._is_narrative and role_rules().finds("speaker_line", written):
            yield self._speaker(piece)
        elif marker := _glued_marker(written):
            text, glued = cut(self._text, piece, piece.start + marker)
            yield from self._read(text)
            yield from self._read(glued)
        else:
            yield from self._read_paragraph(piece, written)

    def _speaker(self, piece: Piece) -> Piece:
        """The line that says which delegation speaks from here to the next annex, attachment or such line."""
        if self._base != Role.ATTACHMENT or self._has_speaker:
            self._part += 1
        self._base, self._in_preamble, self._has_speaker = Role.ATTACHMENT, False, True
        return replace(piece, role=self._base, is_frame=True)

    def _part_heading(self, piece: Piece, written: str, *, is_behind_marker: bool) -> Piece | None:
        """The marker of an annex or attachment, or the title below it, as a heading."""
        if self._opens_part(piece, written):
            self._is_behind_marker = True
            if not is_behind_marker:
                self._part, self._has_speaker = self._part + 1, False
            role = self._base if role_rules().finds("marker_without_title", written) else Role.TITLE
            return replace(piece, kind=BlockKind.HEADING, role=role, heading_level=0)
        if is_behind_marker and self._is_subtitle(piece, written):
            return replace(piece, kind=BlockKind.HEADING, role=Role.TITLE, heading_level=1)
        return None

    def _opens_part(self, piece: Piece, written: str) -> bool:
        """Whether an annex or attachment starts here; a whole paragraph must be the marker."""
        if self._is_narrative or piece.label or len(written) > _MARKER_LENGTH or written.endswith((";", ",")):
            return False
        is_sentence = piece.kind == BlockKind.PARAGRAPH and written.endswith(".")
        is_signed, self._is_signed = self._is_signed, False
        for pattern, role in (
            (role_rules().any_pattern("attachment"), Role.ATTACHMENT),
            (role_rules().any_pattern("annex"), Role.ANNEX),
        ):
            if not is_sentence and pattern.match(written):
                self._base, self._in_preamble = role, False
                self._overture.restart()
                return True
        self._is_signed = is_signed
        if not self._is_adopted_text(piece, written):
            return False
        self._base, self._overture.is_under_way = Role.ANNEX, True
        return True

    def _continues_title(self, piece: Piece) -> bool:
        """Whether it is a further line, in capitals, of the title of an annex or attachment."""
        above = self._done[-1] if self._done else piece
        is_title = above.kind == BlockKind.HEADING and above.role == Role.TITLE and not piece.label
        is_near = is_title and piece.kind in {BlockKind.HEADING, BlockKind.PARAGRAPH}
        written = self._written(piece)
        if (
            not is_near
            or self._text[above.end : piece.start].strip()
            or role_rules().finds("numbered_heading", written)
        ):
            return False
        return is_mostly_capitals(written) and is_mostly_capitals(self._written(above))

    def _is_adopted_text(self, piece: Piece, written: str) -> bool:
        """Whether the name of what a decision has adopted stands alone behind its acts: an annex without the word."""
        if self._base != Role.OPERATIVE or self._type != DocumentType.DECISION or written.endswith((".", ":")):
            return False
        name = folded(written)
        is_named = role_rules().finds("adopted_text", written) and piece.kind != BlockKind.TABLE
        return is_named and any(name in act or name == self._title for act in self._adopted)

    @staticmethod
    def _is_subtitle(piece: Piece, written: str) -> bool:
        """Whether what stands right below the marker of an annex is its title: words that end like no sentence."""
        if piece.kind == BlockKind.HEADING:
            return not role_rules().finds("numbered_heading", written)
        return (
            piece.kind == BlockKind.PARAGRAPH
            and not piece.label
            and len(written) <= _MARKER_LENGTH
            and not written.endswith((",", ":"))
            and not list_rules().finds("ends_sentence", written)
            and not role_rules().finds("recital.opener", written)
        )

    def _only_frames(self, piece: Piece, written: str) -> bool:
        if role_rules().finds("closing.testimonium", written):
            self._is_signed = True
        is_known = role_rules().finds("place_and_day", written) or role_rules().finds("closing", written)
        return bool(is_known) or self._is_signature(piece, written) or self._is_closing_note(piece, written)

    def _is_above_title(self, piece: Piece, written: str) -> bool:
        """Whether a few words stand right above the title: a line of the header that the layout sets apart."""
        is_above = self._next is not None and self._next.kind == BlockKind.TITLE and not self._overture.is_under_way
        is_short = len(written.split()) <= _WORDS_OF_A_SIGNATURE and not written.endswith((".", ":", ";"))
        return is_above and is_short and piece.label is None

    def _is_signature(self, piece: Piece, written: str) -> bool:
        """Whether a few words behind the testimonium name who signs."""
        is_short = len(written.split()) <= _WORDS_OF_A_SIGNATURE and not written.endswith((".", ";"))
        return piece.start in self._signatures or (self._is_signed and piece.label is None and is_short)

    def _is_closing_note(self, piece: Piece, written: str) -> bool:
        """Whether the last paragraph, short and behind text, says something of the copy and nothing of the matter."""
        is_last = piece is self._last and bool(self._done) and not piece.label
        return is_last and len(written.split()) <= _WORDS_OF_A_NOTE and role_rules().finds("closing_note", written)

    def _sentence_heading(self, piece: Piece, written: str) -> re.Match[str] | None:
        if piece.kind not in {BlockKind.HEADING, BlockKind.PARAGRAPH} or not written.endswith("."):
            return None
        return list_rules().pattern("heading.sentence").match(written)

    def _read_paragraph(self, piece: Piece, written: str) -> Iterator[Piece]:
        rest: Piece | None = piece
        if formula := role_rules().any_pattern("formula").search(written):
            head, rest = self._around_formula(piece, formula)
            start = piece.start + formula.start()
            if head and role_rules().finds("formula_purpose", self._written(head)):
                start, head = head.start, None
            if head and role_rules().finds("enacting_recital", self._written(head)):
                # One sentence from the subject to the formula, with the recital inside.
                self._in_preamble = False
                yield replace(piece, label=None, role=Role.PREAMBLE, end=piece.start + formula.end())
                if rest:
                    yield from self._read_body(rest, self._written(rest))
                return
            if head:
                yield from self._read_body(head, self._written(head), before_formula=True)
            self._in_preamble = False
            yield replace(
                piece,
                label=None,
                start=start,
                end=piece.start + formula.end(),
                role=Role.OTHER,
                is_frame=True,
            )
        if rest:
            yield from self._read_body(rest, self._written(rest))

    def _around_formula(self, piece: Piece, formula: re.Match[str]) -> tuple[Piece | None, Piece | None]:
        head = tail = None
        rest = piece
        if formula.start():
            head, rest = cut(self._text, piece, piece.start + formula.start())
        at = piece.start + formula.end()
        if self._text[at : piece.end].strip():
            tail = cut(self._text, rest, at)[1]
        return head, tail

    def _read_body(self, piece: Piece, written: str, *, before_formula: bool = False) -> Iterator[Piece]:
        frame_end = 0 if self._is_narrative or piece.label else end_of_enacting(written, before_formula=before_formula)
        if piece.start in self._placed and is_name(written):
            frame_end = len(written)
        if frame_end:
            self._in_preamble = not written.endswith(":")
        if frame_end == len(written):
            # What the States named here do may stand below in items of its own.
            is_stem = self._next and role_rules().finds("act.predicate", self._written(self._next))
            yield self._act(piece) if is_stem else replace(piece, role=Role.OTHER, is_frame=True)
            return
        if frame_end:
            frame, piece = cut(self._text, piece, piece.start + frame_end)
            yield replace(frame, role=Role.OTHER, is_frame=True)
            written = self._written(piece)
        if self._is_recital(piece, written):
            yield from self._recitals(piece, written)
        elif (
            self._in_preamble
            and not piece.label
            and written.endswith(",")
            and not role_rules().finds("verb_of_body", written)
        ):
            yield replace(piece, role=Role.PREAMBLE)
        else:
            yield self._act(piece)

    def _is_recital(self, piece: Piece, written: str) -> bool:
        if (
            self._is_narrative
            or self._opens_items(piece, written)
            or role_rules().finds("act.opens_list_after_participle", written)
        ):
            return False
        is_behind = self._in_preamble and bool(self._done) and self._done[-1].role == Role.PREAMBLE
        if piece.start in self._placed or (is_behind and self._list.takes(piece, written)):
            return True
        return self._goes_on_reciting(piece, written) if self._in_preamble else self._begins_to_recite(piece, written)

    def _begins_to_recite(self, piece: Piece, written: str) -> bool:
        is_near = not self._overture.is_under_way or (bool(self._done) and self._done[-1].role == Role.PREAMBLE)
        is_new = is_near and _PARTICIPLE.match(written) is not None
        if not written.endswith((",", ", and")) or not (is_new or role_rules().finds("recital.opener", written)):
            return False
        # A parliament numbers recitals and acts through.
        return not piece.label or (piece.label.readings[0].value == 1 and not self._overture.is_under_way)

    @staticmethod
    def _goes_on_reciting(piece: Piece, written: str) -> bool:
        is_unfinished = written.endswith((",", ", and", "; and", ";"))
        if not role_rules().finds("recital.opener", written):
            return is_unfinished and not piece.label and _PARTICIPLE.match(written) is not None
        if piece.label and not piece.label.is_bullet:
            return is_unfinished
        return is_unfinished or not role_rules().finds("act.in_main_clause", written)

    def _opens_items(self, piece: Piece, written: str) -> bool:
        """Whether States act in the main clause of an unfinished sentence, and items without a number go on with it."""
        following = self._next.label if self._next else None
        is_open = piece.label is None and following is not None and following.is_bullet
        return (
            is_open and not written.endswith((".", ";")) and role_rules().finds("act.after_participle_clause", written)
        )

    def _recitals(self, piece: Piece, written: str) -> Iterator[Piece]:
        self._in_preamble = self._in_preamble or piece.label is not None
        base = piece.start
        for boundary in role_rules().pattern("recital.boundary").finditer(written):
            first, piece = cut(self._text, piece, base + boundary.end())
            yield self._recital_or_act(first)
        yield self._recital_or_act(piece)

    def _recital_or_act(self, piece: Piece) -> Piece:
        written = self._written(piece)
        if role_rules().finds("subject_after_recitals", written):
            return replace(piece, role=Role.OTHER, is_frame=True)
        if role_rules().finds("operative_verb", written) and not role_rules().finds("recital.opener", written):
            return self._act(piece)
        return replace(piece, role=Role.PREAMBLE)

    def _act(self, piece: Piece) -> Piece:
        self._in_preamble = False
        return replace(piece, role=self._base)

    def _note(self, part: Piece) -> None:
        """Read a part on: what it adopts, whether it is an item, what it settles of the text before it."""
        written = self._written(part)
        is_act = part.role == self._base and part.kind == BlockKind.PARAGRAPH and not self._is_narrative
        if is_act and role_rules().finds("act.adopts_a_text", written):
            self._adopted.append(folded(written))
        if not part.is_aside:
            is_item = self._list.takes(part, written)
            self._list.note(part, written)
            if not self._is_narrative:
                self._overture.note(part, base=self._base, in_preamble=self._in_preamble, is_item=is_item)

    def _written(self, piece: Piece) -> str:
        return unmarked(in_small(self._text[piece.start : piece.end]))


def _glued_marker(written: str) -> int:
    """Where the marker of an annex stands that the print glued to the end of a paragraph; 0 if there is none."""
    last = _LAST_WORDS.search(written)
    if last is None or not (
        role_rules().any_pattern("annex").fullmatch(last["words"])
        or role_rules().any_pattern("attachment").fullmatch(last["words"])
    ):
        return 0
    return last.start("words")

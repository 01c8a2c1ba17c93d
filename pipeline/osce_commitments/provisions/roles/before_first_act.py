"""Paragraphs before the first act: recitals of a declaration, facts, place and date, lists of States."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from osce_commitments.labels import BlockKind, DocumentType, Role
from osce_commitments.provisions.patterns import is_unfinished, list_rules, role_rules, unmarked
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.sentences import sentence_spans

_LONGEST = 12
# In these texts, States or Ministers speak for themselves, first about their concerns and then about their acts.
_SPEAKING_TYPES = frozenset(
    {DocumentType.DECLARATION, DocumentType.STATEMENT, DocumentType.CHARTER, DocumentType.COMMUNIQUE}
)
_WORDS_OF_A_SENTENCE = 1


@dataclass(slots=True)
class BeforeFirstAct:
    """The paragraphs whose role depends on the first act below them.

    Attributes:
        type: Type of the text.
        is_over: Whether the first act has been read.
        waiting: Index of each such paragraph among the pieces read, and the index of its stem (its own if not an item).
    """

    type: DocumentType
    is_over: bool = False
    waiting: dict[int, int] = field(default_factory=dict)

    def read(
        self, part: Piece, done: Sequence[Piece], *, base: Role, in_preamble: bool, is_item: bool
    ) -> Mapping[int, Piece]:
        """Read the next piece; return the pieces whose roles it decides, by their index in ``done``.

        Args:
            part: The piece.
            done: The pieces read before.
            base: Role of acts in this part of the text.
            in_preamble: Whether recitals are being read.
            is_item: Whether it is an item of the list above it.
        """
        roles = role_rules()
        if self.is_over or part.kind not in {BlockKind.PARAGRAPH, BlockKind.HEADING}:
            return {}
        here, written = len(done), unmarked(part.printed)
        is_formula = part.is_frame and roles.finds("formula", written)
        if in_preamble or part.role == Role.PREAMBLE or is_formula or roles.finds("act.of_osce_council", written):
            return self._settled(done, is_before_recital=True)
        if part.kind == BlockKind.HEADING:
            ends = bool(self.waiting) and base == Role.OPERATIVE
            return self._settled(done, is_before_recital=False) if ends else {}
        if part.role == base and is_item and here - 1 in self.waiting:
            self.waiting[here] = self.waiting[here - 1]
        elif part.role == base:
            opening = _Opening(self.type, written, is_numbered=part.label is not None)
            if part.takes_subject or opening.acts or len(set(self.waiting.values())) >= _LONGEST:
                return self._settled(done, is_before_recital=False)
            if base == Role.OPERATIVE or not opening.introduces:
                self.waiting[here] = here
        return {}

    def _settled(self, done: Sequence[Piece], *, is_before_recital: bool) -> Mapping[int, Piece]:
        roles = role_rules()
        openings = {
            stem: _Opening(self.type, unmarked(done[stem].printed), is_numbered=done[stem].label is not None)
            for stem in set(self.waiting.values())
        }
        introducing = {stem for stem, opening in openings.items() if opening.introduces}
        last = max((place for place, stem in self.waiting.items() if stem in introducing), default=-1)

        @functools.cache  # many items share a stem
        def verdict(stem: int, *, is_before_other: bool) -> tuple[Role, str] | None:
            """Return the role and the name of its rule; None if the paragraph states an act."""
            opening = openings[stem]
            if opening.tells_of_meeting:
                return Role.OTHER, "meeting_report"
            if stem in introducing:
                return Role.PREAMBLE, "recital.in_whole_sentences"
            if (is_before_recital and opening.is_sentence) or (opening.speaks and is_before_other):
                return Role.PREAMBLE, "recital.before_other_recitals"
            return (Role.OTHER, "line_before_recitals") if is_before_recital else None

        waiting, self.waiting, self.is_over = self.waiting, {}, True
        settled: dict[int, Piece] = {}
        for place, stem in waiting.items():
            if role_and_rule := verdict(stem, is_before_other=place < last):
                role, rule = role_and_rule
                settled[place] = replace(done[place], role=role, role_rule=roles[rule].id)
        return settled


@dataclass(frozen=True, slots=True)
class _Opening:
    """A paragraph before the first act of a text.

    Attributes:
        document_type: Type of the text.
        written: The paragraph, without its label.
        is_numbered: Whether it has a label.
    """

    document_type: DocumentType
    written: str
    is_numbered: bool

    @property
    def acts(self) -> bool:
        """Whether it states an act or has a number, as numbering begins with the acts."""
        if self.document_type in _SPEAKING_TYPES:
            if self._opens_recitals:
                return False
            if self.written.endswith(":") or (
                list_rules().finds("opens_list", self.written) and _has_actor(self.written)
            ):
                return True
            return self.is_sentence and not (self.introduces or self.speaks or self.tells_of_meeting)
        return self.is_numbered or role_rules().finds("act.in_main_clause", self.written)

    @property
    def introduces(self) -> bool:
        """Whether it is a recital in whole sentences: "We recall …", "They are aware that …", or a mere fact."""
        if self.document_type in _SPEAKING_TYPES:
            return self._opens_recitals or (self.is_sentence and self._is_every(_recites_or_tells))
        is_other = self.document_type == DocumentType.OTHER
        return is_other and self._is_every(lambda sentence: _is_mere("attitude.recites", sentence))

    @property
    def speaks(self) -> bool:
        """Whether it does no more than reaffirm or welcome: a recital if recitals follow, else the first act."""
        return self.document_type in _SPEAKING_TYPES and self.is_sentence and self._is_every(_speaks)

    @property
    def tells_of_meeting(self) -> bool:
        """Whether it reports the course of a meeting ("The Seminar was opened by …") and nothing that States agreed."""
        roles = role_rules()
        return roles.finds("meeting_report", self.written) and self._is_every(
            lambda sentence: (
                roles.finds("meeting_report", sentence)
                or not (
                    roles.finds("act.of_states", sentence)
                    or roles.finds("attitude.reaffirms", sentence)
                    or _is_mere("attitude.recites", sentence)
                )
            )
        )

    @property
    def is_sentence(self) -> bool:
        """Whether it is more than a line with a State or with place and date."""
        roles = role_rules()
        is_whole = self.written.endswith((".", ":", ";")) and not roles.finds("place_and_day", self.written)
        return is_whole and len(roles.pattern("ordinary_word").findall(self.written)) >= _WORDS_OF_A_SENTENCE

    @property
    def _opens_recitals(self) -> bool:
        """Whether its last sentence opens a list of recitals: "We discussed:", "They thank the guards who"."""
        roles = role_rules()
        *others, last = self._sentences() or [""]
        is_mere = _is_mere("attitude.recites", last) and not roles.finds("modal", last)
        return is_mere and is_unfinished(self.written) and all(map(_recites_or_tells, others))

    def _sentences(self) -> list[str]:
        return [self.written[start:end] for start, end in sentence_spans(self.written)]

    def _is_every(self, test: Callable[[str], bool]) -> bool:
        sentences = self._sentences()
        return bool(sentences) and all(map(test, sentences))


def _is_mere(attitude: str, sentence: str) -> bool:
    """Whether a sentence begins with an attitude and no act follows in it."""
    begun = role_rules().pattern(attitude).match(sentence)
    return begun is not None and role_rules().pattern("act.second").search(sentence, begun.end()) is None


def _recites_or_tells(sentence: str) -> bool:
    return not sentence.endswith(":") and (_is_mere("attitude.recites", sentence) or not _has_actor(sentence))


def _has_actor(sentence: str) -> bool:
    """Whether the States or the adopting body act or speak in a sentence."""
    roles = role_rules()
    is_of_body = roles.finds("act.of_body", sentence) or roles.finds("attitude.body_reaffirms", sentence)
    return bool(is_of_body or roles.finds("act.of_subject", sentence))


def _speaks(sentence: str) -> bool:
    roles = role_rules()
    is_of_body = roles.finds("attitude.body_reaffirms", sentence) and not roles.finds("act.of_body", sentence)
    is_mere = bool(is_of_body) or _is_mere("attitude.reaffirms", sentence)
    return (is_mere and not sentence.endswith(":")) or _recites_or_tells(sentence)

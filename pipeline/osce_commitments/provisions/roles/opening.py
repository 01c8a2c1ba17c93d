"""The function of the first paragraphs of a text: recital, narrative or act."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from osce_commitments.labels import DocumentType
from osce_commitments.provisions.outline.open_lists import is_unfinished
from osce_commitments.provisions.patterns import list_rules, role_rules
from osce_commitments.provisions.sentences import sentence_spans

# In these texts, States or Ministers speak for themselves, first about their concerns and then about their acts.
_SPEAKING_TYPES = frozenset(
    {DocumentType.DECLARATION, DocumentType.STATEMENT, DocumentType.CHARTER, DocumentType.COMMUNIQUE}
)
_WORDS_OF_A_SENTENCE = 1


@dataclass(frozen=True, slots=True)
class Opening:
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
        return self.document_type == DocumentType.OTHER and self._is_every(_recites)

    @property
    def speaks(self) -> bool:
        """Whether it does no more than reaffirm or welcome: a recital if recitals follow, else the first act."""
        return self.document_type in _SPEAKING_TYPES and self.is_sentence and self._is_every(_speaks)

    @property
    def tells_of_meeting(self) -> bool:
        """Whether it reports the course of a meeting ("The Seminar was opened by …") and nothing that States agreed."""
        if not role_rules().finds("meeting_report", self.written):
            return False
        return self._is_every(lambda sentence: _reports_meeting(sentence) or not _binds_or_recites(sentence))

    @property
    def is_sentence(self) -> bool:
        """Whether it is more than a line with a State or with place and date."""
        is_whole = self.written.endswith((".", ":", ";")) and not role_rules().finds("place_and_day", self.written)
        return is_whole and len(role_rules().pattern("ordinary_word").findall(self.written)) >= _WORDS_OF_A_SENTENCE

    @property
    def _opens_recitals(self) -> bool:
        """Whether its last sentence opens a list of recitals: "We discussed:", "They thank the guards who"."""
        *others, last = self._sentences() or [""]
        is_mere = _is_mere(role_rules().pattern("attitude.recites"), last) and not role_rules().finds("modal", last)
        return is_mere and is_unfinished(self.written) and all(map(_recites_or_tells, others))

    def _sentences(self) -> list[str]:
        return [self.written[start:end] for start, end in sentence_spans(self.written)]

    def _is_every(self, test: Callable[[str], bool]) -> bool:
        sentences = self._sentences()
        return bool(sentences) and all(map(test, sentences))


def _reports_meeting(sentence: str) -> bool:
    return role_rules().finds("meeting_report", sentence)


def _binds_or_recites(sentence: str) -> bool:
    return bool(
        role_rules().finds("act.of_states", sentence) or role_rules().finds("attitude.reaffirms", sentence)
    ) or _recites(sentence)


def _is_mere(pattern: re.Pattern[str], sentence: str) -> bool:
    """Whether a sentence begins with the pattern and no act follows in it."""
    begun = pattern.match(sentence)
    return begun is not None and role_rules().pattern("act.second").search(sentence, begun.end()) is None


def _recites(sentence: str) -> bool:
    return _is_mere(role_rules().pattern("attitude.recites"), sentence)


def _recites_or_tells(sentence: str) -> bool:
    is_stem = sentence.endswith(":")
    return not is_stem and (_recites(sentence) or not _has_actor(sentence))


def _has_actor(sentence: str) -> bool:
    """Whether the States or the adopting body act or speak in a sentence."""
    is_of_body = role_rules().finds("act.of_body", sentence) or role_rules().finds("attitude.body_reaffirms", sentence)
    return bool(is_of_body or role_rules().finds("act.of_subject", sentence))


def _speaks(sentence: str) -> bool:
    is_of_body = role_rules().finds("attitude.body_reaffirms", sentence) and not role_rules().finds(
        "act.of_body", sentence
    )
    is_mere = bool(is_of_body) or _is_mere(role_rules().pattern("attitude.reaffirms"), sentence)
    return (is_mere and not sentence.endswith(":")) or _recites_or_tells(sentence)

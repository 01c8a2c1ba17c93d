"""Find the names of a list in a Doc: longest first, letter case as the kind of name asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

Value = TypeVar("Value")

_SPELLINGS = (("Co-o", "Coo"), ("co-o", "coo"), ("Organization", "Organisation"))


@dataclass(frozen=True, slots=True)
class NameMatch(Generic[Value]):
    """A name in a Doc, by character offsets, and the values that bear it."""

    start: int
    end: int
    values: tuple[Value, ...]


class NameFinder(Generic[Value]):
    """Finds names with a phrase matcher.

    A name of one word, and one given as ``exact``, is matched as written; a longer one without regard to letter
    case, save that a name with a capital must start with one. British and plain spellings count as one. In a text
    of capitals only, no abbreviation is found ("THOSE WHO").

    Args:
        nlp: Pipeline whose tokenizer cuts the names.
        names: Name, value, and whether the name is exact.
    """

    def __init__(self, nlp: Language, names: Iterable[tuple[str, Value, bool]]) -> None:
        from spacy.matcher import PhraseMatcher

        self._exact = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._folded = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._matchers = (self._exact, self._folded)
        self._values: dict[str, dict[Value, None]] = {}
        self._has_capital: dict[str, bool] = {}
        for name, value, is_exact in names:
            for spelling in _spellings(name):
                self._add(nlp, spelling, value, is_exact=is_exact)

    def find(self, doc: Doc) -> list[NameMatch[Value]]:
        """The names of the Doc in order; of overlapping ones the longest."""
        found: list[NameMatch[Value]] = []
        reached = -1
        for start, end, key in sorted(self._matches(doc), key=lambda match: (match[0], -match[1])):
            if start < reached:
                continue
            reached = end
            first, last = doc[start], doc[end - 1]
            found.append(NameMatch(first.idx, last.idx + len(last), tuple(self._values[key])))
        return found

    def _add(self, nlp: Language, name: str, value: Value, *, is_exact: bool) -> None:
        pattern = nlp.make_doc(name)
        exact = is_exact or len(pattern) == 1
        key = ("=" if exact else "~") + (name if exact else name.lower())
        (self._exact if exact else self._folded).add(key, [pattern])
        self._values.setdefault(key, {})[value] = None
        self._has_capital[key] = name[0].isupper()

    def _matches(self, doc: Doc) -> Iterator[tuple[int, int, str]]:
        strings = doc.vocab.strings
        matchers = (self._folded,) if all(token.is_upper for token in doc if token.is_alpha) else self._matchers
        for matcher in matchers:
            for key_hash, start, end in matcher(doc):
                key = strings[key_hash]
                if self._has_capital[key] and doc[start].text[0].islower():
                    continue
                if not _is_joined(doc, start, end):
                    yield start, end, key


def _is_joined(doc: Doc, start: int, end: int) -> bool:
    """Whether a hyphen or slash joins the name to a further word ("OSCE-wide")."""
    after = doc[end] if end < len(doc) else None
    is_tail = after is not None and after.text in {"-", "/"} and not doc[end - 1].whitespace_ and not after.whitespace_
    before = doc[start - 1] if start else None
    is_head = before is not None and before.text in {"-", "/"} and not before.whitespace_
    return is_tail or is_head


def _spellings(name: str) -> set[str]:
    spellings = {name, name.replace("-", " ")}
    for one, other in _SPELLINGS:
        spellings |= {spelling.replace(one, other) for spelling in spellings}
    return spellings

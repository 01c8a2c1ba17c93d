"""Words that say little, and the documents' terms for what people say (``resources/search.yaml``), for searches that rank by meaning."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from osce_commitments.query.search.language import Both, Either, QueryNode, QueryWords, exclusions, fold, single_words
from osce_commitments.resources import load_yaml

_LITTLE = 0.25  # weight of a word that says little


@dataclass(frozen=True, slots=True)
class Concept:
    """A word or a phrase of a query.

    Attributes:
        words: The query's words.
        terms: The documents' terms for them.
        weight: 1, or less for a word that says little of the matter.
    """

    words: tuple[QueryWords, ...]
    terms: tuple[str, ...]
    weight: float

    @property
    def in_words(self) -> str:
        """Its words as text."""
        return " ".join(word.words[0] for word in self.words)

    @property
    def said(self) -> QueryNode:
        """Its words."""
        return Both(self.words)

    @property
    def meant(self) -> QueryNode:
        """The documents' terms, or its words where they have none."""
        return Either(tuple(QueryWords(tuple(term.split())) for term in self.terms)) if self.terms else self.said


def broaden(node: QueryNode, found: Sequence[Concept] = ()) -> QueryNode:
    """A query that any concept of the query meets, or a term of the documents for it, without the function words of phrases."""
    found = found or concepts(node)
    weighty = [one for one in found if one.weight == 1] or found
    words = (word for one in weighty for word in one.words if len(one.words) == 1 or not _is_function(word))
    wanted = (*words, *(one.meant for one in weighty if one.terms))
    return Both((*((Either(wanted),) if wanted else ()), *exclusions(node)))


def concepts(node: QueryNode) -> tuple[Concept, ...]:
    """What a query asks for, in its order: phrases that the resource has, the longest first, and words.

    Function words count only where there are no others.
    """
    words = tuple(single_words(node))
    stems, found, at = [_stems(word.words[0]) for word in words], dict[str, Concept](), 0
    while at < len(words):
        size = next((n for n in range(_longest(), 0, -1) if " ".join(stems[at : at + n]) in _terms()), 1)
        some, key = words[at : at + size], " ".join(stems[at : at + size])
        at += size
        if size > 1 or not _is_function(some[0]):
            found.setdefault(
                key, Concept(some, _terms().get(key, ()), _LITTLE if key in _words_that_say_little() else 1.0)
            )
    return tuple(found.values()) or tuple(Concept((word,), (), 1.0) for word in words)


def terms_of_documents(node: QueryNode | None, most: int | None = None) -> tuple[str, ...]:
    """The documents' own terms for what a query says otherwise, at most some of each concept."""
    found = [concept for concept in concepts(node) if concept.weight == 1] if node else []
    said = f" {' '.join(_stems(word.words[0]) for one in found for word in one.words)} "
    terms = (term for one in found for term in one.terms[:most] if f" {_stems(term)} " not in said)
    return tuple(dict.fromkeys(terms))


@functools.cache
def _function_words() -> frozenset[str]:
    return frozenset(load_yaml("search")["function_words"])


def _is_function(word: QueryWords) -> bool:
    return word.words[0].lower() in _function_words()


@functools.cache
def _words_that_say_little() -> frozenset[str]:
    return frozenset(map(_stems, load_yaml("search")["words_that_say_little"]))


@functools.cache
def _terms() -> Mapping[str, tuple[str, ...]]:
    """Terms by the stems of what people say."""
    return {
        _stems(part): tuple(terms)
        for many, terms in load_yaml("search")["terms_of_documents"].items()
        for part in many.split(", ")
    }


@functools.cache
def _irregular_forms() -> Mapping[str, str]:
    forms: Mapping[str, str] = load_yaml("search")["irregular_forms"]
    return forms


@functools.cache
def _longest() -> int:
    return max(len(term.split()) for term in _terms())


def _stems(words: str) -> str:
    return " ".join(_stem(fold(word)) for word in words.replace("-", " ").split())


def _stem(word: str) -> str:
    """A word without the ending of a plural or a verb: only equal endings matter, so "polic" for "police" will do."""
    word = _irregular_forms().get(word, word)
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties" is a word
        word = f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith("ss") and len(word) > 3:  # noqa: PLR2004 - "ICTs", not "is"
        word = word[:-1]
    if ending := re.fullmatch(r"(\w*[aeiouy])(?:([b-df-hj-kmnp-rtv-xz])\2|(\w+?))(?:ing|ed)", word):
        word = ending[1] + (ending[2] or ending[3])
        if ending[3] and re.fullmatch("[^aeiou]*[aeiou][^aeiouwxy]", word):
            word += "e"  # "caring", unlike "getting"
    return word[:-1] if re.fullmatch(r"\w{5,}e|\w{3,}[cgsvz]e", word) else word  # "care" is no "car"

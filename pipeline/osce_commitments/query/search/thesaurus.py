"""Function words, and the documents' terms for what people say (``resources/search.yaml``), for searches that rank by meaning."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from osce_commitments.query.search.asked_words import exclusions, plain_words, single_words
from osce_commitments.query.search.language import Both, Either, QueryNode, QueryWords, fold
from osce_commitments.resources import load_yaml


def broaden(node: QueryNode) -> QueryNode:
    """A query that any of the wanted words meets, or a term of the documents for them; function words count only where there are no others."""
    alone = tuple(single_words(node))
    wanted: tuple[QueryNode, ...] = tuple(one for one in alone if one.words[0].lower() not in function_words()) or alone
    others = tuple(QueryWords(tuple(term.split())) for term in terms_of_documents(plain_words(node)))
    return Both((*((Either((*wanted, *others)),) if wanted else ()), *exclusions(node)))


def concepts(node: QueryNode) -> tuple[QueryNode, ...]:
    """What plain words ask for: words, and phrases with the documents' terms for them."""
    words = [one for one in plain_words(node) if one.lower() not in function_words()] or list(plain_words(node))
    rest, found = f" {' '.join(map(_stems, words))} ", list[QueryNode]()
    for said, terms in _terms():
        if f" {said} " in rest:
            rest = rest.replace(f" {said} ", " ")
            found.append(Either(tuple(QueryWords(tuple(one.split())) for one in (said, *terms))))
    return (*found, *(QueryWords((word,)) for word in words if f" {_stems(word)} " in rest))


@functools.cache
def function_words() -> frozenset[str]:
    """Words that say nothing of the matter."""
    return frozenset(load_yaml("search")["function_words"])


def terms_of_documents(words: Sequence[str]) -> tuple[str, ...]:
    """The documents' own terms for what the words say otherwise, in the order of the resource."""
    asked = f" {_stems(' '.join(words))} "
    found = (
        term for said, terms in _terms() if f" {said} " in asked for term in terms if f" {_stems(term)} " not in asked
    )
    return tuple(dict.fromkeys(found))


@functools.cache
def _terms() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The longest phrases first, so that "gun smuggling" is one concept and not two."""
    found = ((_stems(said), tuple(terms)) for said, terms in load_yaml("search")["terms_of_documents"].items())
    return tuple(sorted(found, key=lambda one: -len(one[0].split())))


def _stems(words: str) -> str:
    return " ".join(map(_stem, words.replace("-", " ").split()))


def _stem(word: str) -> str:
    """A word without the ending of its plural."""
    folded = fold(word)
    if folded.endswith("ies") and len(folded) > 4:  # noqa: PLR2004 - "ties" is a word
        return f"{folded[:-3]}y"
    return folded[:-1] if folded.endswith("s") and not folded.endswith("ss") and len(folded) > 3 else folded  # noqa: PLR2004 - "ICTs", not "is"

"""Words and values of conditions that no provision has, and those that look like them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from osce_commitments.phrases import did_you_mean, similar
from osce_commitments.query.conditions import BY_NAME, TEXT
from osce_commitments.query.search.language import QueryNode, is_plain, plain_words
from osce_commitments.query.search.thesaurus import concepts
from osce_commitments.query.selection import Selection, where
from osce_commitments.query.store import Store

_SHOWN, _LEAST_LIKENESS, _LEAST_LIKENESS_OF_WORDS = 3, 0.6, 0.8
_BEGINNING = "SELECT word FROM words WHERE word >= ? AND word < ?"
_KNOWN = {
    "document": "SELECT symbol FROM documents WHERE symbol <> ''",
    "cites": "SELECT DISTINCT symbol FROM citations",
    "model": "SELECT DISTINCT model FROM provisions",
    "addressee": "SELECT name FROM addressees GROUP BY name ORDER BY count(*) DESC",
}
_RELATIONS = {TEXT.name: "has the word", "cites": "cites", "document": "is in the document"}


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A value of a condition, or a word of the query, that no provision has.

    Attributes:
        name: Name of the condition; "text" for a word.
        near: Similar values that some provision has, best first.
    """

    name: str
    value: str
    near: tuple[str, ...]

    @property
    def lacking(self) -> str:
        """The sentence up to the value: "No provision has the addressee"."""
        relation = _RELATIONS.get(self.name) or f"has the {BY_NAME[self.name].label.lower()}"
        return f"No provision {relation}"

    @property
    def message(self) -> str:
        """One sentence for people."""
        question = did_you_mean(self.near)
        return f"{self.lacking} {self.value!r}.{f' D{question[1:]}' if question else ''}"


def unmatched_values(store: Store, selection: Selection) -> list[Unmatched]:
    """The words of a plain query, and the values of conditions with open sets of values, that no provision has."""

    def is_met(query: QueryNode | None, values: Mapping[str, Any]) -> bool:
        return bool(store.select("1", where(query, values, store.words).matching, "LIMIT 1"))

    unmatched = []
    for name, known in _KNOWN.items():
        value = selection.values.get(name)
        if value is not None and not is_met(None, {name: value}):
            written = value[0] if isinstance(value, tuple) else value
            near = similar(written, (one for (one,) in store.rows(known)), most=_SHOWN, least=_LEAST_LIKENESS)
            unmatched.append(Unmatched(name, written, tuple(near)))
    for concept in concepts(selection.query) if selection.query and is_plain(selection.text) else ():
        if concept.weight == 1 and not concept.terms and not is_met(concept.said, {}):
            (word,) = plain_words(concept.said)
            first = word[:1].lower()  # it is seldom wrong
            words = (one for (one,) in store.rows(_BEGINNING, (first, f"{first}\U0010ffff")))
            near = similar(word, words, most=_SHOWN, least=_LEAST_LIKENESS_OF_WORDS)
            unmatched.append(Unmatched(TEXT.name, word, tuple(near)))
    return unmatched

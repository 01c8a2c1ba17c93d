"""The operative verbs, predicates and modals of ``resources/operative_verbs.yaml``, compiled."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import StrEnum

from osce_commitments.labels import ObligationStrength
from osce_commitments.resources import load_yaml

_DEFAULT_TAIL = r"(?!(?:of|for|from|by|and|or|in|on|at|are|is|were|was|made|against|among|between)\b)[A-Za-z\"]|,|:"
_NEVER = r"(?!)"


class Form(StrEnum):
    """The grammatical form in which an operative verb stands."""

    BASE = "base"
    THIRD = "third"
    PAST = "past"
    PERFECT = "perfect"
    GERUND = "gerund"
    PASSIVE = "passive"
    PREDICATE = "predicate"
    MODAL = "modal"


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """One verb, predicate or modal.

    Attributes:
        level: Strength of the bare act, before addressee, object and qualifiers are looked at.
        tail: What must follow an active form.
        passive: What must follow a participle after a form of "to be".
        perfect: Whether "have decided" is the act itself.
        any_subject: Whether its finite form cannot be taken for a noun, so that any subject may stand before it.
        not_before, not_after: Contexts in which the word is no head.
    """

    lemma: str
    level: ObligationStrength
    tail: re.Pattern[str]
    passive: re.Pattern[str]
    perfect: bool
    any_subject: bool
    not_before: re.Pattern[str]
    not_after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that the head finder looks up.

    Attributes:
        verbs: For each form of a verb, lower case: the entries and what the form can be.
        words: Matches any form of a verb.
        predicates, modals: Pattern and entry.
        any_predicate, any_modal: Match wherever one of them can.
        adverbs_before, adverbs_after: Match the adverbs at the end of the text before a word, and those behind one.
        capitals: Matches a third person in capitals with the small words that belong to it.
    """

    verbs: dict[str, tuple[tuple[VerbEntry, frozenset[Form]], ...]]
    words: re.Pattern[str]
    predicates: tuple[tuple[re.Pattern[str], VerbEntry], ...]
    modals: tuple[tuple[re.Pattern[str], VerbEntry], ...]
    any_predicate: re.Pattern[str]
    any_modal: re.Pattern[str]
    adverbs_before: re.Pattern[str]
    adverbs_after: re.Pattern[str]
    capitals: re.Pattern[str]

    def is_finite(self, word: str) -> bool:
        """Whether a form of a verb can be more than a participle."""
        return any(forms & {Form.BASE, Form.THIRD, Form.PAST} for _, forms in self.verbs.get(word.lower(), ()))


def _forms(words: str) -> dict[str, frozenset[Form]]:
    base, third, past, *rest = words.split()
    participle = rest[0] if len(rest) > 1 else past
    found: dict[str, set[Form]] = {}
    for word, form in ((base, Form.BASE), (third, Form.THIRD), (past, Form.PAST), (rest[-1], Form.GERUND)):
        found.setdefault(word, set()).add(form)
    found.setdefault(participle, set()).update({Form.PERFECT, Form.PASSIVE})
    return {word: frozenset(forms) for word, forms in found.items()}


def _entry(row: dict[str, str]) -> VerbEntry:
    return VerbEntry(
        lemma=row["lemma"],
        level=ObligationStrength(row["level"]),
        tail=re.compile(row.get("tail", _DEFAULT_TAIL)),
        passive=re.compile(row.get("passive", _NEVER)),
        perfect=bool(row.get("perfect", False)),
        any_subject=bool(row.get("any_subject", False)),
        not_before=re.compile(rf"\b{row['not_before']}$" if "not_before" in row else _NEVER, re.IGNORECASE),
        not_after=re.compile(row.get("not_after", _NEVER)),
    )


def _any(rows: list[dict[str, str]]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(row['pattern'] for row in rows)})\b", re.IGNORECASE)


@functools.cache
def load_lexicon() -> Lexicon:
    """The lexicon, compiled once."""
    data = load_yaml("operative_verbs")
    verbs: dict[str, list[tuple[VerbEntry, frozenset[Form]]]] = {}
    for row in data["verbs"]:
        entry = _entry(row)
        for word, forms in _forms(row["forms"]).items():
            verbs.setdefault(word, []).append((entry, forms))
    thirds = "|".join(row["forms"].split()[1].upper() for row in data["verbs"])
    adverbs = "|".join(part.strip() for part in data["adverbs"].split("|"))
    words = "|".join(sorted(verbs, key=len, reverse=True))
    return Lexicon(
        verbs={word: tuple(entries) for word, entries in verbs.items()},
        words=re.compile(rf"\b(?:{words})\b", re.IGNORECASE),
        predicates=tuple((re.compile(rf"\b{row['pattern']}\b"), _entry(row)) for row in data["predicates"]),
        modals=tuple((re.compile(rf"\b{row['pattern']}\b", re.IGNORECASE), _entry(row)) for row in data["modals"]),
        any_predicate=_any(data["predicates"]),
        any_modal=_any(data["modals"]),
        adverbs_before=re.compile(rf"(?:(?:^|(?<=[\s,(]))(?:{adverbs})(?:,\s*|\s+))+$", re.IGNORECASE),
        adverbs_after=re.compile(rf"(?:,?\s+(?:{adverbs})(?=[\s,:])(?:,(?=\s))?)*\s+", re.IGNORECASE),
        capitals=re.compile(
            rf"\b(?:[A-Z]+LY\s+|ALSO\s+|FURTHER\s+)?(?:{thirds})(?:\s+(?:UPON|ON|FOR|TO|THAT|NOTE))*\b|\b(?:SHALL|WILL|MUST|SHOULD)\b"
        ),
    )


@functools.cache
def context(name: str) -> re.Pattern[str]:
    """The pattern of the lexicon's contexts called ``name``."""
    return re.compile(load_yaml("operative_verbs")["contexts"][name]["pattern"])

"""The operative verbs, predicates and modals of ``resources/rules/verbs.yaml``."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from osce_commitments.labels import ObligationStrength
from osce_commitments.rules import Pattern, Rule, RuleSet, load_rules


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


@functools.cache
def verb_rules() -> RuleSet:
    """The verbs, predicates and modals of acts, and what is looked for around them."""
    return load_rules("verbs")


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """One verb, predicate or modal.

    Attributes:
        level: Strength of the bare act, before addressee, object and qualifiers are looked at.
        perfect: Whether "have decided" is the act itself.
        any_subject: Whether its finite form cannot be taken for a noun, so that any subject may stand before it.
    """

    rule: Rule
    lemma: str
    level: ObligationStrength
    perfect: bool
    any_subject: bool

    @classmethod
    def of(cls, rule: Rule) -> VerbEntry:
        """The entry that a rule describes."""
        gives = rule.gives
        level = ObligationStrength(gives["level"])
        return cls(rule, gives["lemma"], level, gives.get("perfect", False), gives.get("any_subject", False))

    @property
    def tail(self) -> Pattern:
        """What must follow an active form."""
        return self.rule.part("tail") if "tail" in self.rule.parts else verb_rules().pattern("after.object")

    @property
    def passive(self) -> Pattern | None:
        """What must follow a participle after a form of "to be"; None if no passive is an act."""
        return self.rule.part("passive") if "passive" in self.rule.parts else None


@dataclass(frozen=True)
class Lexicon:
    """Everything that the head finder looks up.

    Attributes:
        verbs: For each form of a verb, lower case: the entries and what the form can be.
        predicates, modals: In the order of the file.
    """

    verbs: Mapping[str, tuple[tuple[VerbEntry, frozenset[Form]], ...]]
    predicates: tuple[VerbEntry, ...]
    modals: tuple[VerbEntry, ...]

    def is_finite(self, word: str) -> bool:
        """Whether a form of a verb can be more than a participle."""
        return any(forms & {Form.BASE, Form.THIRD, Form.PAST} for _, forms in self.verbs.get(word.lower(), ()))

    @functools.cached_property
    def words(self) -> re.Pattern[str]:
        """Matches any form of a verb."""
        return re.compile(rf"\b(?:{_alternatives(sorted(self.verbs, key=len, reverse=True))})\b", re.IGNORECASE)

    @functools.cached_property
    def adverbs_before(self) -> re.Pattern[str]:
        """Matches the adverbs at the end of the text before a word."""
        adverbs = _alternatives(verb_rules().words["adverbs"])
        return re.compile(rf"(?:(?:^|(?<=[\s,(]))(?:{adverbs})(?:,\s*|\s+))+$", re.IGNORECASE)

    @functools.cached_property
    def adverbs_at_start(self) -> re.Pattern[str]:
        """Matches the adverbs that open a sentence."""
        adverbs = _alternatives(verb_rules().words["adverbs"])
        return re.compile(rf"^\s*(?:(?:{adverbs}),?\s+)+", re.IGNORECASE)

    @functools.cached_property
    def adverbs_after(self) -> re.Pattern[str]:
        """Matches the adverbs after a word."""
        adverbs = _alternatives(verb_rules().words["adverbs"])
        return re.compile(rf"(?:,?\s+(?:{adverbs})(?=[\s,:])(?:,(?=\s))?)*\s+", re.IGNORECASE)

    @functools.cached_property
    def capitals(self) -> re.Pattern[str]:
        """Matches a third person in capitals with the small words that belong to it."""
        thirds = _alternatives(
            word.upper() for rule in verb_rules().group("verb") for word in rule.gives["forms"].split()[1].split("/")
        )
        return re.compile(
            rf"\b(?:[A-Z]+LY\s+|ALSO\s+|FURTHER\s+)?(?:{thirds})(?:\s+(?:UPON|ON|FOR|TO|THAT|NOTE))*\b|\b(?:SHALL|WILL|MUST|SHOULD)\b"
        )


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(words)


def _forms(words: str) -> dict[str, frozenset[Form]]:
    """What each form of a verb can be, from its forms in the order of the lexicon, two spellings with a stroke."""
    order = ((Form.BASE,), (Form.THIRD,), (Form.PAST,), (Form.PERFECT, Form.PASSIVE), (Form.GERUND,))
    forms: dict[str, set[Form]] = {}
    for spellings, can_be in zip(words.split(), order, strict=True):
        for word in spellings.split("/"):
            forms.setdefault(word, set()).update(can_be)
    return {word: frozenset(can_be) for word, can_be in forms.items()}


@functools.cache
def load_lexicon() -> Lexicon:
    """The lexicon, made once; its patterns are compiled when they are first needed."""
    rules = verb_rules()
    verbs: dict[str, list[tuple[VerbEntry, frozenset[Form]]]] = {}
    for rule in rules.group("verb"):
        entry = VerbEntry.of(rule)
        for word, forms in _forms(rule.gives["forms"]).items():
            verbs.setdefault(word, []).append((entry, forms))
    return Lexicon(
        verbs={word: tuple(entries) for word, entries in verbs.items()},
        predicates=tuple(map(VerbEntry.of, rules.group("predicate"))),
        modals=tuple(map(VerbEntry.of, rules.group("modal"))),
    )

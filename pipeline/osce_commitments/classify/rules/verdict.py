"""The rules of obligation strength and their verdicts."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.labels import Field, ObligationStrength
from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.schema import Cue, TaggedProvision

if TYPE_CHECKING:
    from osce_commitments.grammar import Head


@functools.cache
def strength_rules() -> RuleSet:
    """Return the rules of obligation strength: decisions with their levels, and the patterns that they use."""
    return load_rules("strength")


def finds(rule: str, text: str) -> bool:
    """Whether a rule of strength matches a text."""
    return strength_rules().pattern(rule).search(text) is not None


def witness_name(cue: Cue) -> str:
    """Return the name that artefacts of released models use for the decision in the cue of a strength."""
    rule = strength_rules()[cue.rule.removeprefix("strength.")]
    name = str(rule.gives.get("witness", rule.name))
    return name if cue.field == Field.TEXT else str(rule.gives.get("lead_in_witness", f"lead_in_{name}"))


@functools.cache
def _level(rule: str) -> ObligationStrength:
    return ObligationStrength(strength_rules()[rule].gives["level"])


@dataclass(slots=True)  # a frozen one takes five times as long to make
class Verdict:
    """A level, the rule that gave it and the words that explain it.

    Attributes:
        rule: Name of the rule, without its kind.
        start, end: Offsets of the words in the field; equal if the rule needs no words.
        is_sure: False if the rule had to guess, so that a person should check it.
    """

    strength: ObligationStrength
    rule: str
    start: int = 0
    end: int = 0
    field: Field = Field.TEXT
    is_sure: bool = True

    @classmethod
    def of(
        cls, rule: str, words: tuple[int, int] = (0, 0), field: Field = Field.TEXT, *, is_sure: bool = True
    ) -> Verdict:
        """Return the verdict of a decision, with its level, on the words between two offsets."""
        return cls(_level(rule), rule, *words, field, is_sure=is_sure)

    @classmethod
    def on(cls, head: Head, rule: str, *, is_sure: bool = True) -> Verdict:
        """Return the verdict of a decision on the words of an operative head."""
        return cls.of(rule, (head.start, head.end), is_sure=is_sure)


@dataclass(slots=True)  # a frozen one takes five times as long to make
class Passage:
    """One field of a provision with its content."""

    tagged: TaggedProvision
    text: str
    field: Field

    @property
    def is_own(self) -> bool:
        """Whether it is the provision's text rather than its lead-in."""
        return self.field == Field.TEXT

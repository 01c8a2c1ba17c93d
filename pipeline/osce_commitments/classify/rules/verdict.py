"""What a strength rule says about one operative head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.labels import Field, ObligationStrength
from osce_commitments.schema import TaggedProvision

if TYPE_CHECKING:
    from osce_commitments.grammar import Head


@dataclass(frozen=True, slots=True)
class Verdict:
    """A level, the rule that gave it and the words it rests on.

    Attributes:
        start, end: Offsets of the words in the field; equal if the rule rests on no words.
        is_sure: False where the rule had to guess: a person should look.
    """

    strength: ObligationStrength
    rule: str
    start: int = 0
    end: int = 0
    field: Field = Field.TEXT
    is_sure: bool = True

    @classmethod
    def of(cls, head: Head, strength: ObligationStrength, rule: str, *, is_sure: bool = True) -> Verdict:
        """A verdict that rests on the words of an operative head."""
        return cls(strength, rule, head.start, head.end, is_sure=is_sure)


@dataclass(frozen=True, slots=True)
class Passage:
    """One field of a provision that is judged, with its content."""

    tagged: TaggedProvision
    text: str
    field: Field

    @property
    def is_own(self) -> bool:
        """Whether it is the provision's text rather than its lead-in."""
        return self.field == Field.TEXT

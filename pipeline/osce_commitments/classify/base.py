"""The interface of every classifier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from osce_commitments.schema import Classification, TaggedProvision


class Classifier(Protocol):
    """Labels provisions; the same input always gives the same labels."""

    @property
    def id(self) -> str:
        """Name and version, stored with every label."""

    def classify(self, provisions: Sequence[TaggedProvision]) -> list[Classification]:
        """Return one classification per provision, in order."""

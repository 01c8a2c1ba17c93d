"""Decisions as ordered records: the first whose conditions all hold names the rule that decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DecisionRecord:
    """One record of a table of decisions.

    Attributes:
        give: Name of the rule that decides; ``{lemma}`` and ``{level}`` are filled in by the code of the kind.
        when: Conditions in the order in which they are tested: the name of a fact, and what it has to be.
        is_sure: False if a person should check what follows from it.
    """

    give: str
    when: tuple[tuple[str, Any], ...]
    is_sure: bool = True


def read_decisions(where: str, rows: Iterable[Mapping[str, Any]]) -> tuple[DecisionRecord, ...]:
    """Return the decisions of a table.

    Raises:
        ValueError: If a row has other keys than ``give``, ``when`` and ``unsure``, which is a defect of the file.
    """
    decisions = []
    for row in rows:
        if unknown := set(row) - {"give", "when", "unsure"}:
            msg = f"{where}: {row.get('give')}: unknown key {', '.join(sorted(unknown))}"
            raise ValueError(msg)
        when = tuple(
            (name, (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else value)
            for name, value in row.get("when", {}).items()
        )
        decisions.append(DecisionRecord(row["give"], when, not row.get("unsure", False)))
    return tuple(decisions)


def decide(decisions: Iterable[DecisionRecord], facts: object) -> DecisionRecord:
    """Return the first decision whose conditions hold.

    Args:
        decisions: In order; the last needs no condition.
        facts: Has a method for each condition, which takes the wanted value.
    """
    return next(decision for decision in decisions if all(getattr(facts, name)(value) for name, value in decision.when))

"""Agreement of persons who labelled the same provisions, and the provisions on which they differ."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from osce_commitments.corrections import Standing
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, LabelKind, ObligationStrength, ThreatArea
from osce_commitments.schema import Row
from osce_commitments.scoring.metrics import alpha_ordinal, kappa_quadratic


@dataclass(frozen=True, slots=True)
class AreaAgreement:
    """Agreement on one area.

    Attributes:
        kappa: Cohen's kappa, the mean over pairs of persons weighted by their common provisions; None without a pair.
        given: Number of answers that give the area.
        differing: Number of provisions on which persons differ.
    """

    area: ThreatArea
    kappa: float | None
    given: int
    differing: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of persons.

    Attributes:
        people: Names, in order.
        strength_units: Provisions with the strength of two or more persons.
        alpha: Krippendorff's alpha of strength, ordinal; None without such provisions.
        area_units: Provisions with the areas of two or more persons.
        areas: Agreement on each area.
        same_areas: Share of those provisions with equal sets of areas; None without any.
        differing: What counts for the provisions on which persons differ, the largest distance of strength first.
    """

    people: tuple[str, ...]
    strength_units: int
    alpha: float | None
    area_units: int
    areas: tuple[AreaAgreement, ...]
    same_areas: float | None
    differing: tuple[Standing, ...]


def agreement(standing: Mapping[str, Standing]) -> Agreement:
    """Agreement of all persons on the answers that count; decisions between them are left out."""
    units = [answers for answered in standing.values() if (answers := _by_person(answered))]
    people = tuple(sorted({name for answers in units for name in answers}))
    levels = [_levels(answers) for answers in units]
    strength = [level for level in levels if len(level) > 1]
    areas = [found for answers in units if len(found := _areas(answers)) > 1]
    equal = [len(set(area.values())) == 1 for area in areas]
    return Agreement(
        people=people,
        strength_units=len(strength),
        alpha=alpha_ordinal([list(levels.values()) for levels in strength], len(STRENGTHS)) if strength else None,
        area_units=len(areas),
        areas=tuple(_on_area(area, areas) for area in THREAT_AREAS),
        same_areas=float(np.mean(equal)) if equal else None,
        differing=tuple(
            sorted((answered for answered in standing.values() if differs(answered)), key=_distance, reverse=True)
        ),
    )


def _by_person(standing: Standing) -> dict[str, Row]:
    return {name: row for name, row in standing.answers.items() if name}


def _levels(answers: Mapping[str, Row]) -> dict[str, int]:
    given = {name: row.get(LabelKind.STRENGTH.value) for name, row in answers.items()}
    return {name: ObligationStrength(value).level for name, value in given.items() if value is not None}


def _areas(answers: Mapping[str, Row]) -> dict[str, frozenset[str]]:
    given = {name: row.get(LabelKind.THREAT_AREAS.value) for name, row in answers.items()}
    return {name: frozenset(value) for name, value in given.items() if value is not None}


def differs(standing: Standing) -> bool:
    """Whether two persons gave different strengths or areas."""
    answers = _by_person(standing)
    return len(set(_levels(answers).values())) > 1 or len(set(_areas(answers).values())) > 1


def _distance(standing: Standing) -> tuple[int, int]:
    levels = _levels(_by_person(standing)).values()
    return (max(levels) - min(levels) if levels else 0, len(set(_areas(_by_person(standing)).values())))


def _on_area(area: ThreatArea, units: Sequence[Mapping[str, frozenset[str]]]) -> AreaAgreement:
    answers = [{name: area in found for name, found in unit.items()} for unit in units]
    pairs: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for unit in answers:
        for one, other in itertools.combinations(sorted(unit), 2):
            pairs.setdefault((one, other), []).append((unit[one], unit[other]))
    # Of two levels, yes and no, the quadratic weights are those of Cohen's plain kappa.
    sides = ([np.array(side, dtype=np.int64) for side in zip(*pair, strict=True)] for pair in pairs.values())
    kappas = [(kappa_quadratic(first, second, 2), len(first)) for first, second in sides]
    total = sum(weight for _, weight in kappas)
    return AreaAgreement(
        area,
        sum(value * weight for value, weight in kappas) / total if total else None,
        sum(sum(unit.values()) for unit in answers),
        sum(len(set(unit.values())) > 1 for unit in answers),
    )


def answers_in_words(standing: Standing) -> str:
    """The answer of each person: "coder-1: urging, arms; coder-2: none, no area"."""
    return "; ".join(f"{name or 'decided'}: {_said(row)}" for name, row in standing.answers.items())


def _said(row: Row) -> str:
    areas = row.get(LabelKind.THREAT_AREAS.value)
    parts = [
        row.get(LabelKind.STRENGTH.value),
        None if areas is None else " + ".join(areas) or "no area",
        row.get("reason"),
    ]
    return ", ".join(part for part in parts if part)

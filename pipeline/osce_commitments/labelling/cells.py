"""The rules and labels of the annotation guide, and the cells that a person filled in; a wrong cell is reported by row and column."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from osce_commitments.errors import InputError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Boundary, ObligationStrength, Role, ThreatArea
from osce_commitments.phrases import did_you_mean, shorten, similar
from osce_commitments.query.conditions import NO_AREA
from osce_commitments.resources import load_yaml
from osce_commitments.texts.printable import counted_noun


@functools.cache
def guide_rules() -> dict[str, str]:
    """Rules of the annotation guide by id, each in one line."""
    return dict(load_yaml("guide_rules"))


def guide_lines() -> Iterator[tuple[str, str, str]]:
    """The help that a person needs next to the rows: kind of choice, choice, meaning."""
    for level, strength in enumerate(STRENGTHS):
        yield "strength", strength.value, f"{level}: {strength.definition}"
    for area in THREAT_AREAS:
        yield "area", area.value, area.definition
    yield "area", "none", "the act is about no threat"
    for role in Role:
        yield "role", role.value, role.definition
    for boundary in Boundary:
        yield "boundary", boundary.value, boundary.definition
    for name, text in guide_rules().items():
        yield "rule", name, text


AREA_COLUMNS = ("area_1", "area_2", "area_3", "more_areas")
ANSWER_COLUMNS = ("strength", *AREA_COLUMNS, "addressee", "role", "boundary", "rule", "reason")
AS_MODEL = "ok"
_SHOWN = 20
_SHOWN_CHARACTERS = 40  # fits a line
_SEPARATOR = re.compile(r"[;,|\n]+")
_WORD = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that cannot be read: where it is and what is wrong."""

    row: str
    column: str
    problem: str

    def __str__(self) -> str:
        return f"{self.row}, column {self.column}: {self.problem}"


class WrongCellsError(InputError):
    """Some cells of a file are wrong; nothing is imported."""

    def __init__(self, name: str, cells: Collection[WrongCell]) -> None:
        self.cells = tuple(cells)
        count = counted_noun(len(self.cells), "wrong cell")
        listed = "; ".join(map(str, self.cells[:_SHOWN])) + ("; …" if len(self.cells) > _SHOWN else "")
        super().__init__(
            f"{name} has {count}, and nothing was imported: {listed}",
            "correct the file and import it again",
            reason="cells",
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ("file", self.cells)


@dataclass(frozen=True, slots=True)
class Given:
    """One filled-in row of a file.

    Attributes:
        where: "row 5", "task 12": how messages name it.
        provision: Id of the provision; may be outdated.
        key: What the provision is; empty if the file does not say.
        cells: Texts of the answer columns; missing and empty ones are not answered.
        by: The person that the file names; may be empty.
        text: Words of the provision as the file has them; empty if it has none.
    """

    where: str
    provision: str
    key: str
    cells: Mapping[str, str]
    by: str = ""
    text: str = ""


@dataclass(slots=True)
class CellReader:
    """Turns the cells of one row into labels and collects what is wrong.

    ``model`` has the labels of the program, for the answer ``ok``: ``strength``, ``threat_areas``, ``addressee``,
    ``role``.
    """

    given: Given
    model: Mapping[str, Any]
    wrong: list[WrongCell] = field(default_factory=list)

    def labels(self) -> dict[str, Any]:
        """The keywords of an answer; empty for a row without any answer."""
        cell, addressee = self._cell("addressee"), None
        if cell.casefold() == AS_MODEL:
            addressee = tuple(self.model["addressee"])
        elif cell:
            names = tuple(" ".join(part.split()) for part in re.split(r"[;|\n]+", cell) if part.strip())
            addressee = () if [name.casefold() for name in names] == [NO_AREA] else names
        found = {
            "strength": self._one("strength", _strength, ObligationStrength(self.model["strength"]), list(STRENGTHS)),
            "threat_areas": self._areas(),
            "addressee": addressee,
            "role": self._one("role", _label_of(Role), Role(self.model["role"]), list(Role)),
            "boundary": self._one("boundary", _label_of(Boundary), None, list(Boundary)),
            "rule": self._rule(),
            "reason": self._cell("reason"),
        }
        return {name: value for name, value in found.items() if value is not None and value != ""}

    def _cell(self, column: str) -> str:
        return self.given.cells.get(column, "").strip()

    def _note(self, column: str, problem: str) -> None:
        self.wrong.append(WrongCell(self.given.where, column, problem))

    def _one(self, column: str, read: Callable[[str], Any], model: Any, choices: Collection[str]) -> Any:  # noqa: ANN401 - a label
        cell = self._cell(column)
        if not cell:
            return None
        if cell.casefold() == AS_MODEL and model is not None:
            return model
        value = read(cell)
        if value is None:
            self._note(column, _unknown(cell, choices))
        return value

    def _areas(self) -> tuple[ThreatArea, ...] | None:
        names = [
            (column, part) for column in AREA_COLUMNS for part in _SEPARATOR.split(self._cell(column)) if part.strip()
        ]
        if not names:
            return None
        words = {name.strip().casefold() for _, name in names}
        if AS_MODEL in words:
            return self._alone(names, tuple(map(ThreatArea, self.model["threat_areas"])), AS_MODEL)
        if NO_AREA in words:
            return self._alone(names, (), NO_AREA)
        found = set()
        for column, name in names:
            area = _label_of(ThreatArea)(name)
            if area is None:
                self._note(column, _unknown(name.strip(), [*THREAT_AREAS, NO_AREA]))
            else:
                found.add(area)
        return tuple(area for area in THREAT_AREAS if area in found)

    def _alone(self, names: list[tuple[str, str]], areas: tuple[ThreatArea, ...], word: str) -> tuple[ThreatArea, ...]:
        other = next(((column, name) for column, name in names if name.strip().casefold() != word), None)
        if other:
            self._note(other[0], f"{other[1].strip()!r} is given together with {word!r}")
        return areas

    def _rule(self) -> str:
        cell = self._cell("rule").partition(" ")[0].rstrip(":.").upper()
        if cell and cell not in guide_rules():
            self._note("rule", _unknown(cell, guide_rules()))
        return cell


def _normal(text: str) -> str:
    return _WORD.sub("_", text.strip().casefold()).strip("_")


def _strength(cell: str) -> ObligationStrength | None:
    digits = cell.removesuffix(".0")
    if digits.isascii() and digits.isdecimal():
        return ObligationStrength.at(int(digits)) if int(digits) < len(STRENGTHS) else None
    word = _normal(cell)
    return next(
        (label for level, label in enumerate(STRENGTHS) if word in (label.value, f"{level}_{label.value}")), None
    )


def _label_of(kind: type[StrEnum]) -> Callable[[str], StrEnum | None]:
    return lambda cell: next((label for label in kind if label.value == _normal(cell)), None)


def _unknown(cell: str, choices: Collection[str]) -> str:
    question = did_you_mean(similar(cell, map(str, choices)))
    help_text = f", {question}" if question else f"; choose from: {', '.join(map(str, choices))}"
    return f"unknown label {shorten(cell, _SHOWN_CHARACTERS, between_words=False)!r}{help_text}"

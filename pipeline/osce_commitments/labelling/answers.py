"""From the filled-in rows of a file to answers about provisions of a dataset; all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from osce_commitments.classify.rules.areas import bases_of
from osce_commitments.corrections import LabelAnswer
from osce_commitments.corrections.identity import bare_words
from osce_commitments.errors import ConfigError
from osce_commitments.labelling.cells import CellReader, Given, WrongCell, WrongCellsError
from osce_commitments.labelling.items import LabelItem
from osce_commitments.labels import Basis, CorrectionKind, ThreatArea
from osce_commitments.tables import classified_from_row


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """The answers of a file in its order, and the number of rows without one."""

    answers: tuple[LabelAnswer, ...]
    empty: int


def answers_of(  # noqa: PLR0913 - what an answer consists of
    name: str,
    givens: Sequence[Given],
    items: Iterable[LabelItem],
    *,
    by: str = "",
    kind: CorrectionKind = CorrectionKind.ANSWER,
    origin: str = "",
) -> ReadAnswers:
    """Read the rows of a file.

    ``by`` is who answered; without it, each row names the person. ``origin`` says where the answers come from and is
    kept with them.

    Raises:
        WrongCellsError: If a cell is wrong, a provision is unknown, or a provision has two different answers of one person.
        ConfigError: If nobody says who answered.
    """
    finder, empty = _Finder(items), 0
    wrong: list[WrongCell] = []
    answers: list[LabelAnswer] = []
    seen: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for row in givens:
        if not any(cell.strip() for cell in row.cells.values()):
            empty += 1
            continue
        item = finder.find(row, wrong)
        reader = CellReader(row, item.row if item else _NOTHING)
        labels = reader.labels()
        wrong += reader.wrong
        if item is None or reader.wrong or not labels:
            continue
        person = by.strip() or row.by.strip()
        if not person:
            raise ConfigError(f"{name}, {row.where} names nobody who answered", "give --by NAME")
        where, before = seen.setdefault((item.key, person), (row.where, labels))
        if before != labels:
            wrong.append(WrongCell(row.where, "provision", f"{where} has another answer for the same provision"))
        elif where == row.where:
            answers.append(answer(item, person, labels, kind=kind, origin=origin))
    if wrong:
        raise WrongCellsError(name, wrong)
    return ReadAnswers(tuple(answers), empty)


_NOTHING = {"strength": "none", "threat_areas": [], "addressee": [], "role": "operative"}


def answer(
    item: LabelItem, by: str, labels: dict[str, Any], *, kind: CorrectionKind = CorrectionKind.ANSWER, origin: str = ""
) -> LabelAnswer:
    """The answer of a person about a provision; the word lists find the basis of its areas."""
    areas = labels.get("threat_areas")
    basis = None if areas is None else _basis(item, areas)
    return LabelAnswer(item.subject, by, kind, area_basis=basis, origin=origin, **labels)


def _basis(item: LabelItem, areas: Sequence[ThreatArea]) -> tuple[Basis, ...]:
    record = classified_from_row(item.row)
    return bases_of(record.tagged.provision, areas, record.labels.area_cues)


class _Finder:
    def __init__(self, items: Iterable[LabelItem]) -> None:
        self._items = list(items)
        self._by_id = {item.id: item for item in self._items}
        self._by_key: dict[str, LabelItem] = {item.key: item for item in reversed(self._items)}

    def find(self, row: Given, wrong: list[WrongCell]) -> LabelItem | None:
        """The provision of a row: by its id, else by what it is."""
        found = self._by_id.get(row.provision) or (self._by_key.get(row.key) if row.key else None)
        if found is None:
            problem = f"provision {row.provision!r} is not in the dataset" if row.provision else "the id is missing"
            wrong.append(WrongCell(row.where, "provision", problem))
        elif row.text and bare_words(row.text) != bare_words(found.row["text"]):
            wrong.append(
                WrongCell(row.where, "text", "these are not the words of the provision: do not edit this column")
            )
            return None
        return found

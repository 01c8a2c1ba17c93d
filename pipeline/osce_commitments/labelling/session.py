"""Answers of people: read from the rows of a file, written into a dataset, all or none, and counted."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from osce_commitments.classify.rules.areas import bases_of
from osce_commitments.corrections import LabelAnswer, Standing, Subject, bare_words, standing_answers
from osce_commitments.dataset import Dataset, waiting
from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.labelling.agreement import answers_in_words
from osce_commitments.labelling.cells import CellReader, Given, WrongCell, WrongCellsError
from osce_commitments.labelling.formats import read_file
from osce_commitments.labelling.items import LabelItem, load_items
from osce_commitments.labels import CorrectionKind, LabelKind
from osce_commitments.phrases import shorten
from osce_commitments.schema import Row
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
    basis = None
    if areas is not None:
        record = classified_from_row(item.row)
        basis = bases_of(record.tagged.provision, areas, record.labels.area_cues)
    return LabelAnswer(item.subject, by, kind, area_basis=basis, origin=origin, **labels)


class _Finder:
    def __init__(self, items: Iterable[LabelItem]) -> None:
        self._items = list(items)
        self._by_id = {item.id: item for item in self._items}
        self._by_key: dict[str, LabelItem] = {item.key: item for item in reversed(self._items)}

    def find(self, row: Given, wrong: list[WrongCell]) -> LabelItem | None:
        """The provision of a row: by its id, else by what it is."""
        item = self._by_id.get(row.provision) or (self._by_key.get(row.key) if row.key else None)
        if item is None:
            problem = f"provision {row.provision!r} is not in the dataset" if row.provision else "the id is missing"
            wrong.append(WrongCell(row.where, "provision", problem))
        elif row.text and bare_words(row.text) != bare_words(item.row["text"]):
            wrong.append(
                WrongCell(row.where, "text", "these are not the words of the provision: do not edit this column")
            )
            return None
        return item


@dataclass(frozen=True, slots=True)
class Imported:
    """The outcome of an import: rows with and without an answer, answers that were new, and the newest version."""

    answers: int
    empty: int
    added: int
    version: int


def import_file(  # noqa: PLR0913 - options of the command
    dataset: Dataset,
    path: Path,
    by: str = "",
    *,
    name: str = "",
    adjudicates: bool = False,
    on_wait: Callable[[str], None] | None = None,
) -> Imported:
    """Read a file that people filled in and keep its answers: all of them, or none.

    ``by`` is who answered; without it, the file names the persons. Without a name, the format is recognised.

    Raises:
        WrongCellsError: If a cell is wrong; the message names rows and columns.
        InputError: If the file cannot be read.
        ConfigError: If nobody says who answered.
        DatasetError: If there is no dataset, or it cannot be written.
    """
    kind = CorrectionKind.ADJUDICATION if adjudicates else CorrectionKind.ANSWER
    file = read_file(path, name)
    read = answers_of(path.name, file, load_items(dataset), by=by, kind=kind, origin=path.name)
    added, version = keep_answers(dataset, read.answers, on_wait=on_wait)
    return Imported(len(read.answers), read.empty, added, version)


def keep_answers(
    dataset: Dataset, answers: Sequence[LabelAnswer], *, on_wait: Callable[[str], None] | None = None
) -> tuple[int, int]:
    """Keep answers in the dataset; returns how many were new, and the newest version.

    Raises:
        DatasetError: If there is no dataset, or it cannot be written.
    """
    with dataset.writer(uuid.uuid4().hex[:12], on_wait=on_wait) as writer:
        before = writer.correction_count
        writer.correct(answers)
    return writer.correction_count - before, writer.version


def withdrawal(dataset: Dataset, key: str, by: str) -> LabelAnswer:
    """The answer that takes back what a person said about the provision with a key, whether or not it is still there.

    Raises:
        DatasetError: If nobody has answered about it.
    """
    rows = [row for row in dataset.read("corrections").to_pylist() if row["key"] == key]
    if not rows:
        msg = f"nobody has answered about {key}"
        raise DatasetError(msg, "osce-commitments labels status lists what people checked")
    return LabelAnswer(Subject.of_correction(rows[-1]), by, CorrectionKind.WITHDRAWAL, origin="take-back")


def disputed_items(dataset: Dataset) -> list[LabelItem]:
    """The provisions on which persons differ and nobody has decided, each with what everybody said."""
    standing = standing_answers(dataset.read("corrections").to_pylist())
    disputed = {key: answered for key, answered in standing.items() if answered.disputed}
    items = {item.key: item for item in load_items(dataset)}
    return [
        replace(items[key], answers=answers_in_words(answered)) for key, answered in disputed.items() if key in items
    ]


@dataclass(frozen=True, slots=True)
class LabelStatus:
    """The answers of people about a dataset.

    Attributes:
        rows: Number of rows of the table of corrections.
        standing: What counts, by key.
        people: Provisions by person.
        same: Of the answers that count, how many repeat the label of the program they were given for, by label.
        answered: The answers that count, by label.
        unattached: What counts, but finds no provision any more.
        disputed: What counts, but persons differ.
        left: Provisions that are marked for review.
        waiting: Answers that no version has yet.
    """

    rows: int
    standing: dict[str, Standing]
    people: Counter[str]
    same: Counter[LabelKind]
    answered: Counter[LabelKind]
    unattached: tuple[Standing, ...]
    disputed: tuple[Standing, ...]
    left: int
    waiting: int


_SHOWN_CHARACTERS = 80  # fits a line
_MODEL_COLUMNS = {
    LabelKind.STRENGTH: "model_strength",
    LabelKind.THREAT_AREAS: "model_areas",
    LabelKind.ROLE: "model_role",
    LabelKind.ADDRESSEE: "model_addressee",
}


def status_of(dataset: Dataset) -> LabelStatus:
    """The answers of people about the newest version.

    Raises:
        DatasetError: If there is no dataset.
    """
    rows = dataset.read("corrections").to_pylist()
    standing = standing_answers(rows)
    provisions = dataset.read("provisions", columns=["correction", "needs_review"])
    attached, reviews = set(provisions["correction"].to_pylist()), provisions["needs_review"].to_pylist()
    people = Counter(row["made_by"] for answers in standing.values() for row in answers.answers.values())
    same: Counter[LabelKind] = Counter()
    answered: Counter[LabelKind] = Counter()
    for answers in standing.values():
        for kind in answers.by:
            answered[kind] += 1
            same[kind] += repeats(answers, kind)
    return LabelStatus(
        rows=len(rows),
        standing=standing,
        people=people,
        same=same,
        answered=answered,
        unattached=tuple(answers for key, answers in standing.items() if key not in attached),
        disputed=tuple(answers for answers in standing.values() if answers.disputed),
        left=sum(reviews),
        waiting=len(waiting.waiting_files(dataset.path)),
    )


def repeats(standing: Standing, kind: LabelKind) -> bool:
    """Whether the answer that counts is the label of the program."""
    label, model = standing.values[kind.value], standing.row[_MODEL_COLUMNS[kind]]
    return set(label) == set(model) if isinstance(label, list) else bool(label == model)


def described(row: Row) -> str:
    """The provision that a correction is about, in one line."""
    return f"{row['symbol'] or row['title']}: {shorten(row['text'], _SHOWN_CHARACTERS, between_words=False)}"

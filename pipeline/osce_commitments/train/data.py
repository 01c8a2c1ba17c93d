"""The coded corpus as rows and as data sets for a trainer."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.classify.encoder.inputs import Composer, ContextField, Encoded
from osce_commitments.errors import InputError
from osce_commitments.labels import STRENGTHS, ObligationStrength
from osce_commitments.schema import Classification
from osce_commitments.scoring.corrected_rows import coders_of, rows_sha256
from osce_commitments.scoring.judges import area_matrix, level_numbers
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.row_sources import read_rows

if TYPE_CHECKING:
    from datasets import Dataset
    from numpy.typing import NDArray


_LEARNT = 0.75  # share of the corrected documents that is learnt from


@dataclass(frozen=True, slots=True)
class CodedRow:
    """A labelled provision with the two coders' own levels (the final level if the data have none)."""

    labelled: LabelledRow
    strength_a: ObligationStrength
    strength_b: ObligationStrength


@dataclass(frozen=True, slots=True)
class Corpus:
    """The parts that a training reads, and the SHA-256 of each file by its part (train, further, validation, heads)."""

    train: tuple[CodedRow, ...]
    validation: tuple[CodedRow, ...]
    sha256: dict[str, str]
    heads: tuple[CodedRow, ...] = ()


def read_corpus(  # noqa: PLR0913 - one parameter per part
    train: Path,
    validation: Path,
    *,
    further: Path | None = None,
    heads: Path | None = None,
    corrections: Path | None = None,
    share: float = 1.0,
) -> Corpus:
    """Read the parts; ``further`` is learnt from too, ``share`` keeps that share of the training documents.

    Rows of ``heads`` do not train the network. Of the documents that people corrected in a dataset, most are learnt from
    and the others calibrate.

    Raises:
        InputError: If a file cannot be read; the message names file, line and column.
        DatasetError: If ``corrections`` is no dataset.
    """
    files = {
        "train": train, "further": further, "validation": validation, "heads": heads, "corrections": corrections,
    }  # fmt: skip
    rows = [row for path in (train, further) if path for row in read_coded(path)]
    corrected = read_coded(corrections) if corrections else []
    learnt = _kept(corrected, _LEARNT)
    held = [row for row in corrected if row not in learnt]
    calibrating = (*read_coded(validation), *held)
    for_heads = tuple(read_coded(heads)) if heads else ()
    hashes = {part: rows_sha256(path) for part, path in files.items() if path}
    return Corpus((*_kept(rows, share), *learnt), calibrating, hashes, for_heads)


def read_coded(path: Path) -> list[CodedRow]:
    """Read one part of the corpus, or the corrections of a dataset.

    Raises:
        InputError: If it cannot be read; the message names file, line and column.
    """
    rows = read_rows(path)
    if path.is_dir():
        coders = coders_of(path)
        pairs = (coders[row.id] or (row.strength,) for row in rows)
        return [CodedRow(row, pair[0], pair[-1]) for row, pair in zip(rows, pairs, strict=True)]
    lines = [line for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip()]
    return [_coded(path, row, json.loads(line)) for row, line in zip(rows, lines, strict=True)]


def _coded(path: Path, row: LabelledRow, values: dict[str, str]) -> CodedRow:
    try:
        first, second = (ObligationStrength(values.get(name, row.strength)) for name in ("strength_a", "strength_b"))
    except ValueError as error:
        msg = f"{path}, row {row.id}: strength_a or strength_b has an unknown label"
        raise InputError(msg, f"choose from: {', '.join(STRENGTHS)}", reason="label") from error
    return CodedRow(row, first, second)


def _kept(rows: Sequence[CodedRow], share: float) -> list[CodedRow]:
    """Return the rows of a share of the documents; the choice of a document does not depend on the others."""
    names = {row.labelled.document for row in rows}
    order = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    kept = set(order[: math.ceil(share * len(order))])
    return [row for row in rows if row.labelled.document in kept]


def levels_of(rows: Sequence[CodedRow]) -> NDArray[np.int64]:
    """Return the level of every row."""
    return level_numbers([row.labelled.strength for row in rows])


def areas_of(rows: Sequence[CodedRow]) -> NDArray[np.bool_]:
    """Return the areas of every row, shape ``(rows, areas)``."""
    return area_matrix([row.labelled.threat_areas for row in rows])


def targets_of(rows: Sequence[CodedRow], coder_share: float) -> NDArray[np.float32]:
    """Return target probabilities of the levels: the final level, and a share for the coders' own levels."""
    levels = np.eye(len(STRENGTHS), dtype=np.float32)
    first = levels[[row.strength_a.level for row in rows]]
    second = levels[[row.strength_b.level for row in rows]]
    return np.asarray((1 - coder_share) * levels[levels_of(rows)] + coder_share * (first + second) / 2)


def as_dataset(  # noqa: PLR0913 - what a row can be trained with
    rows: Sequence[CodedRow],
    composer: Composer,
    judge: Callable[[Sequence[CodedRow]], Sequence[Classification]],
    coder_share: float = 0.0,
    variants: Mapping[int, Sequence[CodedRow]] | None = None,
    *,
    with_untitled: bool = False,
) -> Dataset:
    """Return the rows with the columns ``input_ids``, ``segment_ids``, ``length``, ``targets``, ``areas`` and their hints.

    Args:
        rows: Training rows.
        composer: Makes the inputs; its hints, if any, are the columns ``area_hints`` and ``level_hints``.
        judge: Labels rows by the rules.
        coder_share: Share of the target for the coders' own levels.
        variants: Rows with other contexts and areas that may replace a row, by its position. They are a column
            ``variants``; their levels are those of the row.
        with_untitled: Whether there is a column ``untitled``, the inputs without the words of the title.
    """
    from datasets import Dataset

    columns = _columns(rows, composer, judge)
    if with_untitled:
        settings = composer.settings
        context = tuple(field for field in settings.context if field != ContextField.TITLE)
        silent = composer.like(settings.model_copy(update={"context": context}))
        inputs = [silent.encode(row.labelled.provision(index)) for index, row in enumerate(rows)]
        columns["untitled"] = [{"input_ids": list(one.ids), "segment_ids": list(one.segments)} for one in inputs]
    columns["length"] = [len(ids) for ids in columns["input_ids"]]
    columns["targets"] = targets_of(rows, coder_share).tolist()
    if variants:
        flat = _columns([one for held in variants.values() for one in held], composer, judge)
        records = iter([dict(zip(flat, values, strict=True)) for values in zip(*flat.values(), strict=True)])
        columns["variants"] = [[next(records) for _ in variants.get(at, ())] for at in range(len(rows))]
    return Dataset.from_dict(columns)


def _columns(
    rows: Sequence[CodedRow], composer: Composer, judge: Callable[[Sequence[CodedRow]], Sequence[Classification]]
) -> dict[str, list[Any]]:
    pairs = zip(rows, judge(rows), strict=True)
    inputs = [composer.encode(row.labelled.provision(index), rule) for index, (row, rule) in enumerate(pairs)]
    return {
        "input_ids": [list(one.ids) for one in inputs],
        "segment_ids": [list(one.segments) for one in inputs],
        "areas": areas_of(rows).astype(np.float32).tolist(),
        **_hints(inputs),
    }


def _hints(inputs: Sequence[Encoded]) -> dict[str, list[Any]]:
    hinted = [one.hints for one in inputs if one.hints]
    names = {
        "area_hints": [one.areas.tolist() for one in hinted],
        "level_hints": [one.levels.tolist() for one in hinted],
    }
    return names if hinted else {}

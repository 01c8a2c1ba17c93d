"""The coded corpus as rows and as data sets for a trainer."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.classify.encoder.inputs import Composer, ContextField, Encoded
from osce_commitments.labels import STRENGTHS
from osce_commitments.schema import Classification
from osce_commitments.scoring.corrected_rows import rows_sha256
from osce_commitments.scoring.judges import truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.row_sources import read_rows

if TYPE_CHECKING:
    from datasets import Dataset


_LEARNT = 0.75  # share of the corrected documents that is learnt from


@dataclass(frozen=True, slots=True)
class Corpus:
    """The parts that a training reads, and the SHA-256 of each file by its part (train, further, validation, heads)."""

    train: tuple[LabelledRow, ...]
    validation: tuple[LabelledRow, ...]
    sha256: dict[str, str]
    heads: tuple[LabelledRow, ...] = ()


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
    rows = [row for path in (train, further) if path for row in read_rows(path)]
    corrected = read_rows(corrections) if corrections else []
    learnt = _kept(corrected, _LEARNT)
    calibration = [row for row in corrected if row not in learnt]
    calibrating = (*read_rows(validation), *calibration)
    for_heads = tuple(read_rows(heads)) if heads else ()
    hashes = {part: rows_sha256(path) for part, path in files.items() if path}
    return Corpus((*_kept(rows, share), *learnt), calibrating, hashes, for_heads)


def _kept(rows: Sequence[LabelledRow], share: float) -> list[LabelledRow]:
    """Return the rows of a share of the documents; the choice of a document does not depend on the others."""
    names = {row.document for row in rows}
    order = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    chosen = set(order[: math.ceil(share * len(order))])
    return [row for row in rows if row.document in chosen]


def as_dataset(
    rows: Sequence[LabelledRow],
    composer: Composer,
    judge: Callable[[Sequence[LabelledRow]], Sequence[Classification]],
    variants: Mapping[int, Sequence[LabelledRow]] | None = None,
    *,
    with_untitled: bool = False,
) -> Dataset:
    """Return the rows with the columns ``input_ids``, ``segment_ids``, ``length``, ``targets``, ``areas`` and their hints.

    Args:
        rows: Training rows.
        composer: Makes the inputs; its hints, if any, are the columns ``area_hints`` and ``level_hints``.
        judge: Labels rows by the rules.
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
        inputs = [silent.encode(row.provision(index)) for index, row in enumerate(rows)]
        columns["untitled"] = [
            {"input_ids": list(encoded.ids), "segment_ids": list(encoded.segments)} for encoded in inputs
        ]
    columns["length"] = [len(ids) for ids in columns["input_ids"]]
    columns["targets"] = np.eye(len(STRENGTHS), dtype=np.float32)[truth_of(rows).levels].tolist()
    if variants:
        flat = _columns([variant_row for variant in variants.values() for variant_row in variant], composer, judge)
        records = iter([dict(zip(flat, values, strict=True)) for values in zip(*flat.values(), strict=True)])
        columns["variants"] = [[next(records) for _ in variants.get(position, ())] for position in range(len(rows))]
    return Dataset.from_dict(columns)


def _columns(
    rows: Sequence[LabelledRow], composer: Composer, judge: Callable[[Sequence[LabelledRow]], Sequence[Classification]]
) -> dict[str, list[Any]]:
    pairs = zip(rows, judge(rows), strict=True)
    inputs = [composer.encode(row.provision(index), rule) for index, (row, rule) in enumerate(pairs)]
    return {
        "input_ids": [list(encoded.ids) for encoded in inputs],
        "segment_ids": [list(encoded.segments) for encoded in inputs],
        "areas": truth_of(rows).areas.astype(np.float32).tolist(),
        **_hints(inputs),
    }


def _hints(inputs: Sequence[Encoded]) -> dict[str, list[Any]]:
    hinted = [encoded.hints for encoded in inputs if encoded.hints]
    names = {
        "area_hints": [hints.areas.tolist() for hints in hinted],
        "level_hints": [hints.levels.tolist() for hints in hinted],
    }
    return names if hinted else {}

"""The coded corpus as rows and as data sets for a trainer."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.classify.encoder.inputs import Composer
from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Role, ThreatArea
from osce_commitments.scoring.corrected_rows import read_rows, rows_sha256
from osce_commitments.scoring.judges import truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.train.settings import DataFiles

if TYPE_CHECKING:
    from datasets import Dataset


Title = tuple[str, frozenset[ThreatArea]]

VARIANTS = 6
# Hard cases of the annotation guide (rule T4): acts without a subject, and acts that take no area from a title.
_TAKES_TITLE, _UNTIED = "a-title", frozenset({"a-untied", "a-not-title"})
_SILENT_SHARE = 0.15  # share of titles without an area among the new titles of acts without a subject
_LEARNT = 0.75  # share of the corrected documents that is learnt from


@dataclass(frozen=True, slots=True)
class Corpus:
    """The parts that a training reads.

    Attributes:
        train: Rows that the network learns from, those of real documents as often as it meets them in a pass.
        open: Rows that neither network nor rules were made from: the pooling is fitted on them.
        validation: Rows that stop the training; they are open too.
        sha256: SHA-256 of each file by its part (train, real, validation, corrections).
    """

    train: tuple[LabelledRow, ...]
    open: tuple[LabelledRow, ...]
    validation: tuple[LabelledRow, ...]
    sha256: dict[str, str]

    @property
    def learnt(self) -> tuple[LabelledRow, ...]:
        """The rows of ``train``, each once."""
        return tuple(dict.fromkeys(self.train))


def read_corpus(data: DataFiles) -> Corpus:
    """Read the rows of a training.

    Of the documents that people corrected in a dataset, most are learnt from and the others calibrate.

    Raises:
        ConfigError: If two parts are one file, or rows of ``data.real`` belong to no part.
        InputError: If a part cannot be read; the message names file, line and column.
        DatasetError: If ``data.corrections`` is no dataset.
    """
    parts = {name: getattr(data, name) for name in ("train", "real", "validation", "corrections")}
    paths = [path.resolve() for path in (*parts.values(), data.test) if path]
    if len(set(paths)) < len(paths):
        msg = "data: two parts of the corpus are the same file"
        raise ConfigError(msg, "give each part its own file; all but train and validation may be null")
    if data.test:
        read_rows(data.test)  # needed only after the training, but errors in them are reported before it
    rows = {name: read_rows(path) if path else [] for name, path in parts.items()}
    if any(row.part not in {"learn", "tune"} for row in rows["real"]):
        msg = f"{data.real}: a row is neither of the part learn nor of the part tune"
        raise ConfigError(msg, "write it again: osce-commitments corpora hydrate")
    real, tune = ([row for row in rows["real"] if row.part == part] for part in ("learn", "tune"))
    learnt = _kept(rows["corrections"], _LEARNT)
    validation = (*rows["validation"], *(row for row in rows["corrections"] if row not in learnt))
    return Corpus(
        train=(*_kept(rows["train"], data.share), *data.real_times * real, *learnt),
        open=(*tune, *validation),
        validation=validation,
        sha256={name: rows_sha256(path) for name, path in parts.items() if path},
    )


def _kept(rows: Sequence[LabelledRow], share: float) -> list[LabelledRow]:
    """Return the rows of a share of the documents; the choice of a document does not depend on the others."""
    names = {row.document for row in rows}
    order = sorted(names, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    chosen = set(order[: math.ceil(share * len(order))])
    return [row for row in rows if row.document in chosen]


def as_dataset(
    rows: Sequence[LabelledRow], composer: Composer, variants: Mapping[int, Sequence[LabelledRow]] | None = None
) -> Dataset:
    """Return the rows with the columns ``input_ids``, ``segment_ids``, ``length``, ``targets`` and ``areas``.

    Args:
        rows: Training rows.
        composer: Makes the inputs.
        variants: Rows with other contexts and areas that may replace a row, by its position. They are a column
            ``variants``; their levels are those of the row.
    """
    from datasets import Dataset

    columns = _columns(rows, composer)
    columns["length"] = [len(ids) for ids in columns["input_ids"]]
    columns["targets"] = np.eye(len(STRENGTHS), dtype=np.float32)[truth_of(rows).levels].tolist()
    if variants:
        flat = _columns([variant_row for variant in variants.values() for variant_row in variant], composer)
        records = iter([dict(zip(flat, values, strict=True)) for values in zip(*flat.values(), strict=True)])
        columns["variants"] = [[next(records) for _ in variants.get(position, ())] for position in range(len(rows))]
    return Dataset.from_dict(columns)


def _columns(rows: Sequence[LabelledRow], composer: Composer) -> dict[str, list[Any]]:
    inputs = [composer.encode(row.provision(index)) for index, row in enumerate(rows)]
    return {
        "input_ids": [list(encoded.ids) for encoded in inputs],
        "segment_ids": [list(encoded.segments) for encoded in inputs],
        "areas": truth_of(rows).areas.astype(np.float32).tolist(),
    }


def under_other_titles(rows: Sequence[LabelledRow], seed: int) -> dict[int, list[LabelledRow]]:
    """Return rows as they would be coded in other documents, by their position: the network learns when an act takes the area of its title.

    An act without a subject takes the areas of a new title. An act without an area in a document on a threat never has
    one. Rows without these hard cases have no variants. Rare areas are drawn as often as frequent ones.
    """
    titles: dict[str, Title] = {row.document: (row.title, row.threat_areas) for row in rows if row.role == Role.TITLE}
    groups = ([title for title in titles.values() if area in title[1]] for area in THREAT_AREAS)
    by_area, silent = [group for group in groups if group], [title for title in titles.values() if not title[1]]
    random = np.random.default_rng(seed)

    def draw(silent_share: float) -> Title:
        is_silent = bool(silent) and random.random() < silent_share
        titles = silent if is_silent else by_area[random.integers(len(by_area))]
        return titles[random.integers(len(titles))]

    variants = {}
    for position, row in enumerate(rows):
        own = titles.get(row.document, ("", frozenset()))[1]
        if not own or row.role == Role.TITLE:
            continue
        if _TAKES_TITLE in row.hard_cases and row.threat_areas == own:
            drawn = [draw(_SILENT_SHARE) for _ in range(VARIANTS)]
            variants[position] = [replace(row, title=title, threat_areas=areas) for title, areas in drawn]
        elif _UNTIED & set(row.hard_cases) and not row.threat_areas:
            variants[position] = [replace(row, title=draw(0.0)[0]) for _ in range(VARIANTS)]
    return variants

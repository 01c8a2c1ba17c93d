"""The learning curve: results of trainings on a part of the documents."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from osce_commitments.labels import STRENGTHS
from osce_commitments.scoring import metrics
from osce_commitments.scoring.judges import level_numbers
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.row_sources import read_rows
from osce_commitments.train.peers import tfidf
from osce_commitments.train.settings import TrainConfig

if TYPE_CHECKING:
    from osce_commitments.train.fit import Trained

_Curve = dict[str, list[tuple[int, float]]]

CORPUS_SHARES = (0.125, 0.25, 1.0)
TRANSFORMER = "transformer"


def learning_curve(
    config: TrainConfig,
    work: Path,
    data: Path,
    *,
    shares: Sequence[float] = CORPUS_SHARES,
    say: Callable[[str], None] = lambda _: None,
) -> _Curve:
    """Macro-F1 of strength by number of training rows, for the fine-tuned encoder alone and for TF-IDF.

    Trainings on shares are kept next to ``work``; finished ones are not repeated, so an interrupted curve can be resumed.
    The training on all documents is that in ``work``.

    Raises:
        ConfigError: If the extra is not installed or the encoder is not the configured one.
        InputError: If a part of the corpus cannot be read.
    """
    from osce_commitments.train.run import corpus_of, train

    rows = read_rows(data)
    truth = level_numbers([row.strength for row in rows])
    curve: _Curve = {TRANSFORMER: [], "TF-IDF + logistic regression": []}
    whole = config.data.share
    for share in shares:
        part = config.model_copy(update={"data": config.data.model_copy(update={"share": share * whole})})
        known = corpus_of(part).train
        say(f"learning from {len(known)} rows")
        trained = train(part, work if share == 1.0 else work.with_name(f"{work.name}-{share:g}"), say=say)
        judge = tfidf(known, rows)
        for found, points in zip((_levels(trained, rows), judge.levels), curve.values(), strict=True):
            points.append((len(known), round(metrics.macro_f1(truth, found, len(STRENGTHS)), 4)))
    return curve


def write_curve(curve: _Curve, path: Path) -> None:
    """Write a curve as JSON and as a CSV table with one column per judge; creates a missing folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(curve, indent=1) + "\n", encoding="utf-8")
    sizes = [size for size, _ in curve[TRANSFORMER]]
    rows = [(size, *(points[at][1] for points in curve.values())) for at, size in enumerate(sizes)]
    with path.with_suffix(".csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("rows", *curve), *rows])


def _levels(trained: Trained, rows: Sequence[LabelledRow]) -> NDArray[Any]:
    """Return the most probable levels by the fine-tuned network in full precision."""
    import torch
    from tokenizers import Tokenizer

    from osce_commitments.classify.encoder.inputs import Composer
    from osce_commitments.classify.encoder.transformer import run_network
    from osce_commitments.train.encoders import TOKENIZER_FILE
    from osce_commitments.train.fit import load_network

    model = load_network(trained)

    def network(arrays: dict[str, NDArray[Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
        with torch.inference_mode():
            found = model(**{name: torch.from_numpy(array) for name, array in arrays.items()})
        return found["log_levels"].numpy(), found["area_logits"].numpy()

    composer = Composer(Tokenizer.from_file(str(trained.folder / TOKENIZER_FILE)), trained.config.inputs)
    log_levels = run_network(network, composer, [row.provision(index) for index, row in enumerate(rows)]).log_levels
    found: NDArray[Any] = log_levels.argmax(axis=1)
    return found

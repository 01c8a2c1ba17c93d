"""Weights of lineage's evidence from coded pairs: ``python benchmarks/lineage_weights.py DATASET PAIRS.jsonl …``.

Each file is one as ``corpora.lineage.measure`` reads it. The weights are those of a logistic regression; the table
says how it does on subjects that it was not fitted on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import osce_commitments
from corpora.lineage.measure import CodedPair, read_pairs
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.lineage import WordedDocument
from osce_commitments.lineage.evidence import evidence
from osce_commitments.lineage.pairs import best_pairs, link, pair_scores
from osce_commitments.lineage.scores import compare_words, plain_likeness

if TYPE_CHECKING:
    from osce_commitments.lineage.scores import Floats
    from osce_commitments.query import Reader

_STRENGTH = 0.05  # of the weights against the penalty of their size
_LEAST_SCORE = 0.05  # pairs below it teach nothing
_FOLDS = 5


@dataclass(frozen=True)
class _Documents:
    scores: Floats
    evidence: Floats


@dataclass(frozen=True)
class _Coded:
    pair: CodedPair
    documents: _Documents
    later: int
    earlier: frozenset[int]

    def examples(self) -> Iterator[tuple[Floats, bool]]:
        for at in np.nonzero(self.documents.scores[:, self.later] > _LEAST_SCORE)[0]:
            yield self.documents.evidence[:, at, self.later], int(at) in self.earlier


def main(dataset: str, *files: str) -> None:
    """Print the weights and the table."""
    coded = list(_read(osce_commitments.open(dataset), [pair for one in files for pair in read_pairs(Path(one))]))
    scaler, model = (step for _, step in _fitted(coded).steps)
    weights = model.coef_[0] / scaler.scale_
    print(f"{len(coded)} provisions. _WEIGHTS = {tuple(weights.round(3).tolist())}")
    print(f"_CONSTANT = {float(model.intercept_[0] - (weights * scaler.mean_).sum()):.3f}")
    found: list[tuple[_Coded, Floats]] = []
    for fit, test in GroupKFold(_FOLDS).split(coded, groups=[one.pair.subject for one in coded]):
        fitted = _fitted([coded[at] for at in fit])
        known: dict[int, Floats] = {}
        for one in (coded[at] for at in test):
            key = id(one.documents)
            if key not in known:
                known[key] = _probable(fitted, one.documents)
            found.append((one, known[key]))
    for least in (0.3, 0.4, 0.5, 0.6, 0.7):
        _print(least, found)


def _read(reader: Reader, pairs: Sequence[CodedPair]) -> Iterator[_Coded]:
    worded: dict[str, WordedDocument | None] = {}
    places: dict[str, tuple[str, str]] = {}
    compared: dict[tuple[str, str], _Documents] = {}
    for symbol in {name for pair in pairs for name in (pair.earlier_symbol, pair.later_symbol)}:
        rows = reader.provisions(symbol)
        worded[symbol] = WordedDocument.of(rows)
        places |= {row["id"]: (" ".join(row["lead_in"].split()), " ".join(row["text"].split())) for row in rows}
    for pair in pairs:
        earlier, later = worded[pair.earlier_symbol], worded[pair.later_symbol]
        if not earlier or not later or not any(one.overlap for one in link(earlier, later)):
            continue  # no editions of one text: they are compared without these weights
        key = (earlier.id, later.id)
        if key not in compared:
            alike = compare_words(earlier, later)
            scores = pair_scores(earlier.provisions, later.provisions, alike)
            compared[key] = _Documents(scores, evidence(plain_likeness(earlier, later), alike.words.weight, scores))
        own = [at for at, one in enumerate(later.provisions) if places[one.id] == pair.later]
        gold = [at for at, one in enumerate(earlier.provisions) if places[one.id] in pair.earlier]
        if len(own) == 1:
            yield _Coded(pair, compared[key], own[0], frozenset(gold))


def _fitted(coded: Sequence[_Coded]) -> Pipeline:
    examples = [example for one in coded for example in one.examples()]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH, max_iter=2000))
    return model.fit(np.stack([one for one, _ in examples]), [is_right for _, is_right in examples])


def _probable(model: Pipeline, documents: _Documents) -> Floats:
    found = model.predict_proba(documents.evidence.reshape(len(documents.evidence), -1).T)[:, 1]
    return np.where(documents.scores > 0, found.reshape(documents.scores.shape), 0)


def _print(least: float, found: Sequence[tuple[_Coded, Floats]]) -> None:
    right = wrong = false = 0
    for one, probable in found:
        linked = {two: at for at, two in best_pairs(probable, least).items()}.get(one.later)
        is_right = linked in one.earlier
        right += is_right
        wrong += linked is not None and not is_right
        false += linked is not None and not one.earlier
    has = sum(bool(one.earlier) for one, _ in found)
    print(
        f"from {least}: precision {right / (right + wrong):.3f}, recall {right / has:.3f}, "
        f"{false} wrong links of {len(found) - has} without counterpart"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("pairs", nargs="+", help="file of coded pairs")
    choices = parser.parse_args()
    try:
        main(choices.dataset, *choices.pairs)
    except OsceCommitmentsError as error:
        sys.exit(f"error: {error}")

"""Labels that are unlikely for models trained without them: errors of people, or of the guide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify import DEFAULT, load_classifier
from osce_commitments.classify.encoder.transformer import TransformerClassifier
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.errors import InputError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, ObligationStrength
from osce_commitments.schema import TaggedProvision
from osce_commitments.scoring.context import in_context
from osce_commitments.scoring.corrected_rows import read_rows, rows_sha256
from osce_commitments.scoring.judges import Truth, area_matrix, level_numbers, truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.train.settings import require_extra

_Floats = NDArray[np.float64]

_FOLDS, _SEED = 5, 20_121_206
_LEAST_DOCUMENTS = 10
_LEAST = 0.5  # of doubt: the judges give the label less than even odds
_FLOOR = 1e-3  # no judge is surer than this
_FAR = 2


@dataclass(frozen=True, slots=True)
class Suspect:
    """A doubted label of a row, and the one that the models find likeliest.

    ``doubt`` is 1 less the geometric mean of the probabilities that the models give to the label it has, 0 to 1.
    ``distance`` counts the levels between the two; 1 for an area.
    """

    row: LabelledRow
    label: str
    given: str
    likelier: str
    doubt: float
    distance: int


def suspects(path: Path) -> list[Suspect]:
    """The labels that are least likely for models which have not learnt from their document, the surest doubts first.

    One model learns words and findings of the rules from the other documents of the file. The served classifier judges
    too, unless it was trained on the file. Among doubts that are equally sure, a strength two or more levels off is
    first. ``path`` is a JSONL file with labelled rows, or a dataset with corrections.

    Raises:
        ConfigError: If the extra is not installed.
        InputError: If the rows cannot be read or belong to too few documents.
    """
    require_extra()
    rows = read_rows(path)
    truth, count = truth_of(rows), len({row.document for row in rows})
    if count < _LEAST_DOCUMENTS:
        msg = f"{path} has rows of {count} documents; at least {_LEAST_DOCUMENTS} are needed"
        raise InputError(msg, "check provisions of more documents", reason="few")
    context = in_context(rows, path)
    judged = [_learnt(rows, context.rows, truth)]
    served = load_classifier(DEFAULT)
    known = served.artefact if isinstance(served, TransformerClassifier) else None
    if known is None or rows_sha256(path) not in {*known.corpus.values(), *known.network_corpus.values()}:
        results = context.classified(served)
        levels = np.array([result.strength_probabilities for result in results])
        judged.append((levels, np.array([result.area_probabilities for result in results])))
    doubts = [
        *_of_strength(rows, _mean([levels for levels, _ in judged]), truth),
        *_of_areas(rows, _mean([np.where(truth.areas, areas, 1 - areas) for _, areas in judged]), truth),
    ]
    return sorted(doubts, key=lambda suspect: (-round(suspect.doubt, 2), suspect.distance < _FAR, -suspect.doubt))


def _learnt(rows: Sequence[LabelledRow], tagged: Sequence[TaggedProvision], truth: Truth) -> tuple[_Floats, _Floats]:
    """Probabilities of levels and of areas by logistic regressions that have not seen the document."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    features = _features(rows, tagged)
    folds = list(GroupKFold(_FOLDS, shuffle=True, random_state=_SEED).split(features, groups=truth.documents))

    def out_of_fold(labels: NDArray[Any], classes: int) -> _Floats:
        probabilities = np.zeros((len(labels), classes))
        for learnt, unseen in folds:
            present = np.unique(labels[learnt])
            if len(present) == 1:
                probabilities[np.ix_(unseen, present)] = 1.0
            else:
                model = LogisticRegression(C=10.0, max_iter=2000).fit(features[learnt], labels[learnt])
                probabilities[np.ix_(unseen, present)] = model.predict_proba(features[unseen])
        return probabilities

    areas = [out_of_fold(column.astype(int), 2)[:, 1] for column in truth.areas.T]
    return out_of_fold(truth.levels, len(STRENGTHS)), np.stack(areas, axis=1)


def _features(rows: Sequence[LabelledRow], tagged: Sequence[TaggedProvision]) -> Any:  # noqa: ANN401 - a sparse matrix
    """Words of text and context, and what the rules find, as a sparse matrix."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    judged = RuleClassifier().classify(tagged)
    levels = np.eye(len(STRENGTHS))[level_numbers([result.strength for result in judged])]
    hints = np.hstack([levels, area_matrix([result.threat_areas for result in judged])])
    texts = [f"{row.lead_in} {row.text}" for row in rows]
    contexts = [f"{row.title} {' '.join(row.heading)}" for row in rows]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit_transform(texts)
    context = TfidfVectorizer(min_df=2, sublinear_tf=True).fit_transform(contexts)
    return hstack([words, context, csr_matrix(2.0 * hints)]).tocsr()


def _of_strength(rows: Sequence[LabelledRow], odds: _Floats, truth: Truth) -> Iterator[Suspect]:
    for row, level, chances in zip(rows, truth.levels.tolist(), odds, strict=True):
        likelier, doubt = int(chances.argmax()), 1 - float(chances[level])
        if likelier != level and doubt >= _LEAST:
            name = ObligationStrength.at(likelier).value
            yield Suspect(row, "strength", row.strength.value, name, round(doubt, 4), abs(likelier - level))


def _of_areas(rows: Sequence[LabelledRow], odds: _Floats, truth: Truth) -> Iterator[Suspect]:
    for index, column in np.argwhere(1 - odds >= _LEAST):
        words = ("yes", "no") if truth.areas[index, column] else ("no", "yes")
        doubt = round(1 - float(odds[index, column]), 4)
        yield Suspect(rows[index], THREAT_AREAS[column].value, *words, doubt, 1)


def _mean(odds: Sequence[_Floats]) -> _Floats:
    """Geometric mean of the probabilities of several judges."""
    return np.asarray(np.exp(np.mean([np.log(np.maximum(chances, _FLOOR)) for chances in odds], axis=0)))

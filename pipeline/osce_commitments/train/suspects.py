"""Labels that models doubt which have not seen them: errors of people, or of the guide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.errors import InputError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, ObligationStrength, ThreatArea
from osce_commitments.scoring.judges import area_matrix, level_numbers
from osce_commitments.scoring.labelled_rows import LabelledRow, read_rows
from osce_commitments.train.settings import require_extra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_FOLDS, _SEED, _LEAST = 5, 20_121_206, 0.5
_LEAST_DOCUMENTS = 10


@dataclass(frozen=True, slots=True)
class Suspect:
    """A doubted label.

    Attributes:
        row: The labelled row.
        label: ``strength`` or a threat area.
        given: The label that it has.
        likelier: The label that the models give.
        doubt: Probability that the models give to it, less that of the given one, 0 to 1.
        distance: Levels between the two; 1 for an area.
    """

    row: LabelledRow
    label: str
    given: str
    likelier: str
    doubt: float
    distance: int


def suspects(path: Path) -> list[Suspect]:
    """The labels that models learnt from other documents doubt most: large distances of strength first.

    Two models judge every row out of fold: words with the findings of the rules, and the rules alone. A label of strength is
    listed where the first doubts it; one that the rules doubt too comes first among equal distances.

    Args:
        path: JSONL with labelled rows, or a dataset with corrections.

    Raises:
        ConfigError: If the extra is not installed.
        InputError: If the rows cannot be read or belong to too few documents.
    """
    require_extra()
    rows = read_rows(path)
    documents = np.array([row.document for row in rows])
    if len(set(documents)) < _LEAST_DOCUMENTS:
        msg = f"{path} has rows of {len(set(documents))} documents; at least {_LEAST_DOCUMENTS} are needed"
        raise InputError(msg, "check provisions of more documents", reason="few")
    features, rule_levels = _features(rows)
    levels, areas = level_numbers([row.strength for row in rows]), area_matrix([row.threat_areas for row in rows])
    found = [
        *_of_strength(rows, features, levels, documents, rule_levels),
        *_of_areas(rows, features, areas, documents),
    ]
    return sorted(found, key=lambda one: (-one.distance, -one.doubt))


def _features(rows: Sequence[LabelledRow]) -> tuple[Any, NDArray[np.int64]]:
    """Words of text and context, and what the rules find, as a sparse matrix; and the levels of the rules."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    from osce_commitments.tag import load_tagger

    judged = RuleClassifier().classify(load_tagger().tag([row.provision(at) for at, row in enumerate(rows)]))
    rule_levels = level_numbers([one.strength for one in judged])
    hints = np.hstack([np.eye(len(STRENGTHS))[rule_levels], area_matrix([one.threat_areas for one in judged])])
    texts = [f"{row.lead_in} {row.text}" for row in rows]
    contexts = [f"{row.title} {' '.join(row.heading)}" for row in rows]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit_transform(texts)
    context = TfidfVectorizer(min_df=2, sublinear_tf=True).fit_transform(contexts)
    return hstack([words, context, csr_matrix(2.0 * hints)]).tocsr(), rule_levels


def _folds(documents: NDArray[Any]) -> list[NDArray[np.int64]]:
    names = np.random.default_rng(_SEED).permutation(np.unique(documents))
    return [np.flatnonzero(np.isin(documents, part)) for part in np.array_split(names, _FOLDS)]


def _out_of_fold(features: Any, truth: NDArray[Any], documents: NDArray[Any], classes: int) -> Floats:  # noqa: ANN401 - sparse
    """Probability of every class by a model that has not seen the document, shape ``(rows, classes)``."""
    from sklearn.linear_model import LogisticRegression

    found = np.zeros((len(truth), classes))
    for held in _folds(documents):
        kept = np.setdiff1d(np.arange(len(truth)), held)
        known = np.unique(truth[kept])
        if len(known) == 1:
            found[np.ix_(held, known)] = 1.0
            continue
        model = LogisticRegression(C=10.0, max_iter=2000).fit(features[kept], truth[kept])
        found[np.ix_(held, model.classes_.astype(int))] = model.predict_proba(features[held])
    return found


def _of_strength(
    rows: Sequence[LabelledRow],
    features: Any,  # noqa: ANN401 - a sparse matrix
    levels: NDArray[np.int64],
    documents: NDArray[Any],
    rule_levels: NDArray[np.int64],
) -> list[Suspect]:
    odds = _out_of_fold(features, levels, documents, len(STRENGTHS))
    found = []
    for at, row in enumerate(rows):
        likelier = int(odds[at].argmax())
        doubt = float(odds[at, likelier] - odds[at, levels[at]])
        if likelier == levels[at] or (doubt < _LEAST and rule_levels[at] != likelier):
            continue
        agreed = 0.5 * (doubt + (rule_levels[at] == likelier))
        distance = abs(likelier - int(levels[at]))
        label = ObligationStrength.at(likelier).value
        found.append(Suspect(row, "strength", row.strength.value, label, round(agreed, 4), distance))
    return found


def _of_areas(
    rows: Sequence[LabelledRow],
    features: Any,  # noqa: ANN401 - a sparse matrix
    areas: NDArray[np.bool_],
    documents: NDArray[Any],
) -> list[Suspect]:
    found = []
    for column, area in enumerate(THREAT_AREAS):
        truth = areas[:, column].astype(int)
        if truth.any():
            odds = _out_of_fold(features, truth, documents, 2)[:, 1]
            found += [
                _area(row, area, bool(given), float(odd)) for row, given, odd in zip(rows, truth, odds, strict=True)
            ]
    return [one for one in found if one.doubt >= _LEAST]


def _area(row: LabelledRow, area: ThreatArea, given: bool, odd: float) -> Suspect:  # noqa: FBT001 - a label
    doubt = 1 - 2 * odd if given else 2 * odd - 1
    words = ("yes", "no") if given else ("no", "yes")
    return Suspect(row, area.value, *words, round(doubt, 4), 1)

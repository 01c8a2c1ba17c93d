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
from osce_commitments.scoring.context import InContext, in_context
from osce_commitments.scoring.corrected_rows import rows_sha256
from osce_commitments.scoring.judges import Judge, Truth, area_matrix, judge_of, level_numbers, truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.row_sources import read_rows
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
    judges = [_learnt(rows, context.rows, truth), *_served(context, rows_sha256(path))]
    found = [*_of_strength(rows, judges, truth), *_of_areas(rows, judges, truth)]
    return sorted(found, key=lambda one: (-round(one.doubt, 2), one.distance < _FAR, -one.doubt))


def _served(context: InContext, sha256: str) -> Iterator[Judge]:
    """The served classifier, if it has not learnt from the file with a hash."""
    served = load_classifier(DEFAULT)
    known = served.artefact if isinstance(served, TransformerClassifier) else None
    if known is None or sha256 not in {*known.corpus.values(), *known.network_corpus.values()}:
        yield judge_of(served.id, context.classified(served))


def _learnt(rows: Sequence[LabelledRow], tagged: Sequence[TaggedProvision], truth: Truth) -> Judge:
    features, documents = _features(rows, tagged), np.array(truth.documents)
    levels = _out_of_fold(features, truth.levels, documents, len(STRENGTHS))
    areas = [_out_of_fold(features, column.astype(int), documents, 2)[:, 1] for column in truth.areas.T]
    odds = np.stack(areas, axis=1)
    return Judge("words", levels.argmax(axis=1), odds >= 1 / 2, levels, odds)


def _features(rows: Sequence[LabelledRow], tagged: Sequence[TaggedProvision]) -> Any:  # noqa: ANN401 - a sparse matrix
    """Words of text and context, and what the rules find, as a sparse matrix."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    judged = RuleClassifier().classify(tagged)
    levels = np.eye(len(STRENGTHS))[level_numbers([one.strength for one in judged])]
    hints = np.hstack([levels, area_matrix([one.threat_areas for one in judged])])
    texts = [f"{row.lead_in} {row.text}" for row in rows]
    contexts = [f"{row.title} {' '.join(row.heading)}" for row in rows]
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit_transform(texts)
    context = TfidfVectorizer(min_df=2, sublinear_tf=True).fit_transform(contexts)
    return hstack([words, context, csr_matrix(2.0 * hints)]).tocsr()


def _folds(documents: NDArray[Any]) -> list[NDArray[np.int64]]:
    names = np.random.default_rng(_SEED).permutation(np.unique(documents))
    return [np.flatnonzero(np.isin(documents, part)) for part in np.array_split(names, _FOLDS)]


def _out_of_fold(features: Any, truth: NDArray[Any], documents: NDArray[Any], classes: int) -> _Floats:  # noqa: ANN401 - sparse
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


def _of_strength(rows: Sequence[LabelledRow], judges: Sequence[Judge], truth: Truth) -> Iterator[Suspect]:
    odds = _mean([judge.level_probabilities for judge in judges])
    likeliest = odds.argmax(axis=1)
    for at, row in enumerate(rows):
        level, likelier = int(truth.levels[at]), int(likeliest[at])
        doubt = 1 - float(odds[at, level])
        if likelier != level and doubt >= _LEAST:
            name = ObligationStrength.at(likelier).value
            yield Suspect(row, "strength", row.strength.value, name, round(doubt, 4), abs(likelier - level))


def _of_areas(rows: Sequence[LabelledRow], judges: Sequence[Judge], truth: Truth) -> Iterator[Suspect]:
    chances = [judge.area_probabilities for judge in judges]
    odds = _mean([np.where(truth.areas, one, 1 - one) for one in chances if one is not None])
    for at, column in np.argwhere(1 - odds >= _LEAST):
        words = ("yes", "no") if truth.areas[at, column] else ("no", "yes")
        yield Suspect(rows[at], THREAT_AREAS[column].value, *words, round(1 - float(odds[at, column]), 4), 1)


def _mean(odds: Sequence[_Floats | None]) -> _Floats:
    """Geometric mean of the probabilities of several judges."""
    return np.asarray(np.exp(np.mean([np.log(np.maximum(one, _FLOOR)) for one in odds if one is not None], axis=0)))

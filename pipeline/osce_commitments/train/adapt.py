"""Adapt the pooling of a released classifier to corrected rows, if that helps on documents that were left out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments._version import __version__
from osce_commitments.classify import load_classifier, releases
from osce_commitments.classify.encoder import artefact as files
from osce_commitments.classify.encoder.artefact import Combination
from osce_commitments.classify.encoder.pooling import (
    Evidence,
    Judgement,
    area_probabilities,
    combine,
    level_probabilities,
)
from osce_commitments.classify.encoder.transformer import TransformerClassifier
from osce_commitments.errors import ConfigError
from osce_commitments.scoring import metrics
from osce_commitments.scoring.context import in_context
from osce_commitments.scoring.corrected_rows import rows_sha256
from osce_commitments.scoring.judges import Truth, truth_of
from osce_commitments.scoring.metrics import Interval
from osce_commitments.scoring.row_sources import read_rows
from osce_commitments.train.decide import headline
from osce_commitments.train.export.candidate import write_release
from osce_commitments.train.settings import require_extra

_Floats = NDArray[np.float64]
Fit = Callable[[Evidence, Truth, Combination], Combination]
_Figure = Callable[[NDArray[np.int64]], float]

LEAST_ROWS = 200
_PART = "corrected"
_FOLDS = 10
_LEVEL = (
    0.8  # level of the interval of the gain, which must exclude zero: by chance alone it does so in one of ten trials
)
_LEVEL_PULL, _AREA_PULL = 10.0, 100.0  # towards the released weights: the smaller, the more the rows count
# Weights that change, each with the scale on which the pull is one; in a release with registers they have other names.
_LEVELS = {"strength_weight": 1.0, "rule_weight": 1.0, "word_weight": 1.0}
_AREAS = {"area_weights": 0.2, "area_rule_weights": 1.0, "area_offsets": 1.0}
_LEVELS_BY_REGISTER = {"level_network": 1.0, "level_rules": 1.0, "level_words": 1.0, "level_heads": 1.0}
_AREAS_BY_REGISTER = {
    "area_network": 0.2,
    "area_heads": 0.2,
    "area_rules": 1.0,
    "area_offset": 1.0,
    "implied_offset": 1.0,
}
_TINY = 1e-12


@dataclass(frozen=True, slots=True)
class PartGain:
    """What a new pooling gains for strength or for areas, on documents left out of its fit.

    Attributes:
        name: ``strength`` or ``areas``.
        measure: Name of the figure: accuracy of strength, micro-F1 of areas.
        before, after: The figure with the released and with the new pooling.
        gain: Of the figure, with the interval of the paired bootstrap by document that holds 80 %.
        log_loss: How much smaller the log-loss is per provision, with the same kind of interval.
    """

    name: str
    measure: str
    before: float
    after: float
    gain: Interval
    log_loss: Interval

    @property
    def is_adopted(self) -> bool:
        """Whether the new pooling is better on documents left out: in its figure, and not surely worse in log-loss."""
        return self.gain.low > 0 and self.log_loss.high > 0


@dataclass(frozen=True, slots=True)
class Adaptation:
    """The result of an adaptation; ``folder`` has the new classifier, or is None if there is no gain."""

    rows: int
    documents: int
    parts: tuple[PartGain, ...]
    folder: Path | None


def adapt(model: str, data: Path, folder: Path, *, version: str = "") -> Adaptation:
    """Fit the weights of the witnesses to corrected rows; keep what helps on documents left out.

    Network, rules, words and thresholds stay. The rows may be more doubtful than others, as ``labels next`` chooses
    them: the gain is that on such rows. ``data`` is a dataset with corrections or a JSONL file with labelled rows. What
    is in ``folder`` is replaced. Without a ``version``, the new classifier gets the number after the highest released
    one.

    Raises:
        ConfigError: If there are too few rows, the model cannot be adapted, or the extra is not installed.
        InputError: If the data cannot be read.
    """
    require_extra()
    classifier = load_classifier(model)
    if not isinstance(classifier, TransformerClassifier):
        raise ConfigError(f"{model} has no pooling that could be adapted", "name a released classifier, such as tnt")
    rows = read_rows(data)
    truth = truth_of(rows)
    if len(rows) < LEAST_ROWS:
        msg = f"{data} has {len(rows)} checked provisions; adapting needs {LEAST_ROWS}"
        raise ConfigError(msg, "check more: osce-commitments labels next")
    context = in_context(rows, data)
    evidence = classifier.evidence(context.provisions).at(np.array(context.places))
    served = classifier.artefact.combinations[classifier.pooling]
    parts = (_strength_gain(evidence, truth, served), _areas_gain(evidence, truth, served))
    fitted = served
    for part, fit in zip(parts, (fit_levels, fit_areas), strict=True):
        fitted = fit(evidence, truth, fitted) if part.is_adopted else fitted
    found = Adaptation(len(rows), len(set(truth.documents)), parts, folder if fitted != served else None)
    if found.folder:
        judged = {"released": combine(evidence, served), classifier.pooling: _both(evidence, truth, served, parts)}
        figures = {name: headline(one, truth) for name, one in judged.items()}
        _write(classifier, fitted, found, figures, version, rows_sha256(data))
    return found


def _both(evidence: Evidence, truth: Truth, served: Combination, parts: Sequence[PartGain]) -> Judgement:
    """Labels by the adopted parts, each fitted on other documents."""
    strength, areas = (
        _left_out(evidence, truth, served, fit if part.is_adopted else lambda *_: served)
        for part, fit in zip(parts, (fit_levels, fit_areas), strict=True)
    )
    return Judgement(
        strength.level_probabilities, areas.area_probabilities, strength.levels, areas.areas, strength.needs_review
    )


def fit_levels(evidence: Evidence, truth: Truth, served: Combination) -> Combination:
    """New weights of the witnesses of the strength, pulled towards the released ones."""

    def loss(fitted: Combination) -> float:
        return -float(_log_likelihood(level_probabilities(evidence, fitted), truth.levels).sum())

    names = _LEVELS_BY_REGISTER if served.registers else _LEVELS
    return _fitted(served, names, loss, _LEVEL_PULL)


def fit_areas(evidence: Evidence, truth: Truth, served: Combination) -> Combination:
    """New weights of the witnesses of the areas and a new offset, pulled towards the released ones."""

    def loss(fitted: Combination) -> float:
        return -float(_cell_likelihood(area_probabilities(evidence, fitted), truth.areas).sum())

    names = _AREAS_BY_REGISTER if served.registers else _AREAS
    return _fitted(served, names, loss, _AREA_PULL)


def _fitted(
    served: Combination, names: Mapping[str, float], loss: Callable[[Combination], float], pull: float
) -> Combination:
    """The combination with the likeliest changes of some weights; ``names`` has their scales."""
    from scipy.optimize import minimize

    scales = np.array(list(names.values()))

    def penalised(changes: _Floats) -> float:
        return loss(_shifted(served, names, changes)) + pull / 2 * float(((changes / scales) ** 2).sum())

    found: Any = minimize(penalised, np.zeros(len(names)), bounds=[(-3.0, 3.0)] * len(names), method="L-BFGS-B")
    return _shifted(served, names, np.round(found.x, 6))


def _shifted(served: Combination, names: Iterable[str], changes: _Floats) -> Combination:
    """The combination with changed weights, in all registers alike; no weight of a witness becomes negative."""
    by_name = {name: float(change) for name, change in zip(names, changes, strict=True)}
    if served.registers is None:
        new = {name: _moved(name, getattr(served, name), change) for name, change in by_name.items()}
        return served.model_copy(update=new)
    registers = {
        kind: one.model_copy(
            update={name: _moved(name, getattr(one, name), change) for name, change in by_name.items()}
        )
        for kind, one in (("plain", served.registers.plain), ("formal", served.registers.formal))
    }
    return served.model_copy(update={"registers": served.registers.model_copy(update=registers)})


def _moved(name: str, value: Any, change: float) -> Any:  # noqa: ANN401 - a weight, or one for each area
    if isinstance(value, tuple):
        return tuple(_moved(name, one, change) for one in value)
    return value + change if "offset" in name else max(0.0, value + change)


def _left_out(evidence: Evidence, truth: Truth, served: Combination, fit: Fit) -> Judgement:
    """Labels by poolings that were each fitted on other documents."""
    found = combine(evidence, served)
    levels, areas = found.level_probabilities.copy(), found.area_probabilities.copy()
    best, given = found.levels.copy(), found.areas.copy()
    for held in _folds(truth.documents):
        kept = np.setdiff1d(np.arange(len(truth.levels)), held)
        judged = combine(evidence.at(held), fit(evidence.at(kept), _at(truth, kept), served))
        levels[held], areas[held] = judged.level_probabilities, judged.area_probabilities
        best[held], given[held] = judged.levels, judged.areas
    return Judgement(levels, areas, best, given, found.needs_review)


def _strength_gain(evidence: Evidence, truth: Truth, served: Combination) -> PartGain:
    old, new = combine(evidence, served), _left_out(evidence, truth, served, fit_levels)
    likelier = [_log_likelihood(one.level_probabilities, truth.levels) for one in (old, new)]
    return _gain(
        ("strength", "accuracy"),
        lambda at: metrics.accuracy(truth.levels[at], old.levels[at]),
        lambda at: metrics.accuracy(truth.levels[at], new.levels[at]),
        likelier[1] - likelier[0],
        truth,
    )


def _areas_gain(evidence: Evidence, truth: Truth, served: Combination) -> PartGain:
    old, new = combine(evidence, served), _left_out(evidence, truth, served, fit_areas)
    likelier = [_cell_likelihood(one.area_probabilities, truth.areas) for one in (old, new)]
    return _gain(
        ("areas", "micro_f1"),
        lambda at: metrics.area_micro_f1(truth.areas[at], old.areas[at]),
        lambda at: metrics.area_micro_f1(truth.areas[at], new.areas[at]),
        likelier[1] - likelier[0],
        truth,
    )


def _gain(names: tuple[str, str], before: _Figure, after: _Figure, likelier: _Floats, truth: Truth) -> PartGain:
    every = np.arange(len(truth.levels))
    return PartGain(
        *names,
        before(every),
        after(every),
        metrics.bootstrap(lambda at: after(at) - before(at), truth.documents, level=_LEVEL),
        metrics.bootstrap(lambda at: float(likelier[at].mean()), truth.documents, level=_LEVEL),
    )


def _log_likelihood(probabilities: _Floats, levels: NDArray[np.int64]) -> _Floats:
    return np.asarray(np.log(probabilities[np.arange(len(levels)), levels].clip(min=_TINY)))


def _cell_likelihood(probabilities: _Floats, areas: NDArray[np.bool_]) -> _Floats:
    return np.asarray(np.log(np.where(areas, probabilities, 1 - probabilities).clip(min=_TINY)).sum(axis=1))


def _folds(documents: Sequence[str]) -> list[NDArray[np.int64]]:
    """Rows in folds; a document is in one of them."""
    names = np.unique(np.asarray(documents))
    shuffled = np.random.default_rng(20_120_901).permutation(names)
    parts = np.array_split(shuffled, min(_FOLDS, len(names)))
    return [np.flatnonzero(np.isin(np.asarray(documents), part)) for part in parts]


def _at(truth: Truth, rows: NDArray[np.int64]) -> Truth:
    return Truth(truth.levels[rows], truth.areas[rows], tuple(truth.documents[row] for row in rows))


def _write(  # noqa: PLR0913, PLR0917 - what a release consists of
    classifier: TransformerClassifier,
    fitted: Combination,
    found: Adaptation,
    figures: Mapping[str, Any],
    version: str,
    sha256: str,
) -> None:
    old, made, folder = classifier.folder, classifier.artefact, found.folder
    assert folder is not None  # noqa: S101 - the caller checked
    number = version or releases.next_version(releases.releases_root(), made.name)
    releases.check_name(made.name, number)
    new = made.model_copy(
        update={
            "version": number,
            "package_version": __version__,
            "network_of": made.network_of or f"{made.name}@{made.version}",
            "combinations": made.combinations | {classifier.pooling: fitted},
            "corpus": made.corpus | {"corrections": sha256},
            "training": made.training | {"adapted": _described(made, found)},
        }
    )
    metrics_file = _metrics(json.loads((old / files.METRICS_FILE).read_text(encoding="utf-8")), figures)
    metrics_file["adapted"] = _described(made, found)
    # These files describe the old pooling: they are rewritten or left out.
    texts_of_old = {files.ARTEFACT_FILE, files.METRICS_FILE, files.CARD_FILE, files.QUALITY_FILE, files.SUMS_FILE}
    kept = {path.name: path for path in old.iterdir() if path.is_file() and path.name not in texts_of_old}
    write_release(folder, new, metrics_file, kept)


def _metrics(before: Mapping[str, Any], figures: Mapping[str, Any]) -> dict[str, Any]:
    """Replace the figures of the old pooling by those of the new one."""
    cost = max((value for part in before.get("cost_points", {}).values() for value in part.values()), default=0.0)
    kept = {name: value for name, value in before.items() if name not in {"measured", "parts", "full_precision"}}
    return kept | {"parts": {_PART: figures}, "cost_points": {_PART: {"of the release": cost}}}


def _described(made: files.Artefact, found: Adaptation) -> dict[str, Any]:
    parts = {
        one.name: {
            "measure": one.measure,
            "before": round(one.before, 4),
            "after": round(one.after, 4),
            "low": round(one.gain.low, 4),
            "high": round(one.gain.high, 4),
            "adopted": one.is_adopted,
        }
        for one in found.parts
    }
    return {"from": f"{made.name}@{made.version}", "rows": found.rows, "documents": found.documents, "parts": parts}

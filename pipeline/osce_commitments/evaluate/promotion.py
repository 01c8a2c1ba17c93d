"""The gate before a classifier is served: its figures on every data set with floors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from osce_commitments.classify.encoder.artefact import sums_sha256
from osce_commitments.classify.releases import Promotion, locate
from osce_commitments.errors import ConfigError, InputError
from osce_commitments.evaluate.floors import breaches, means, read_figures, read_floors
from osce_commitments.files import read_regular_bytes
from osce_commitments.ids import content_sha256
from osce_commitments.scoring.judges import judge_of, plain_figures, truth_of
from osce_commitments.scoring.row_sources import read_rows


def grounds_of(
    model: str,
    floors_file: Path,
    *,
    metrics: Sequence[Path] = (),
    reason: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Promotion:
    """Return the grounds for serving a classifier: figures that meet every entry of a floors file.

    ``metrics`` are files that ``evaluate`` wrote for this very classifier; figures on other data are measured now.

    Raises:
        ConfigError: If a floor is missed, there are no floors, or figures are of another classifier.
        InputError: If figures, floors or data cannot be read.
    """
    floors = read_floors(floors_file)
    if not floors:
        raise ConfigError(f"{floors_file} has no floors", "set them: osce-commitments gate METRICS --name NAME --set")
    known = [_figures_of(model, file) for file in metrics]
    measured = {name: _find(known, entry) or _measure(model, name, entry, say) for name, entry in floors.items()}
    missed = [f"{name}: {line}" for name, figures in measured.items() for line in breaches(figures, floors[name])]
    if missed:
        msg = f"{model} misses its floors: {'; '.join(missed)}"
        raise ConfigError(msg, 'serve another version, or give --force and --reason "why"')
    return Promotion(reason=reason, figures={name: means([figures]) for name, figures in measured.items()})


def forced_grounds(model: str, metrics: Sequence[Path], reason: str) -> Promotion:
    """Return the grounds for a promotion without the gate: the reason, with figures of this very classifier.

    Raises:
        ConfigError: If figures are of another classifier.
        InputError: If they cannot be read.
    """
    measured = [_figures_of(model, file) for file in metrics]
    figures = {str(values["data"].get("name") or values["data"]["sha256"][:12]): means([values]) for values in measured}
    return Promotion(reason=reason, figures=figures, is_forced=True)


def _figures_of(model: str, file: Path) -> dict[str, Any]:
    figures = read_figures(file)
    identity = sums_sha256(locate(model))
    if figures.get("model_sha256") != identity:
        msg = f"{file} has the figures of {figures['model_id']} with other files than {model}"
        raise ConfigError(msg, f"measure it: osce-commitments evaluate --model {model}")
    return figures


def _find(known: Sequence[dict[str, Any]], entry: Mapping[str, Any]) -> dict[str, Any] | None:
    return next((figures for figures in known if figures["data"]["sha256"] == entry["data_sha256"]), None)


def _measure(model: str, name: str, entry: Mapping[str, Any], say: Callable[[str], None]) -> dict[str, Any]:
    from osce_commitments.classify import load_classifier
    from osce_commitments.tag import load_tagger

    data = Path(entry.get("data", ""))
    if not entry.get("data") or not data.is_file():
        msg = f"the data of the floors {name!r} are missing at {entry.get('data') or 'any known path'}"
        raise InputError(msg, "measure with evaluate and give --metrics, or give --force and --reason", reason="floors")
    say(f"measuring {model} on {data}")
    rows = read_rows(data)
    classifier = load_classifier(model)
    results = classifier.classify(load_tagger().tag([row.provision(index) for index, row in enumerate(rows)]))
    figures = plain_figures(judge_of(classifier.id, results), truth_of(rows))
    return {"model_id": classifier.id, "data": {"sha256": content_sha256(read_regular_bytes(data))}, **figures}

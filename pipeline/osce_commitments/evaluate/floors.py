"""Floors: the lowest figures that a classifier may have on the data for which they were set, and the gate before it is served."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from osce_commitments.classify import DEFAULT
from osce_commitments.classify.encoder.artefact import sums_sha256
from osce_commitments.classify.releases import Promotion, locate
from osce_commitments.errors import ConfigError, InputError
from osce_commitments.files import read_regular, read_regular_bytes
from osce_commitments.ids import content_sha256
from osce_commitments.scoring.corrected_rows import read_rows
from osce_commitments.scoring.judges import judge_of, plain_figures, truth_of

# Higher is better for all of these; a calibration error has a ceiling.
MEASURES = ("strength.accuracy", "strength.macro_f1", "strength.kappa_quadratic", "areas.micro_f1", "areas.macro_f1")
CEILINGS = ("strength.ece", "areas.ece_likely")
_SLACK = 0.005  # other processors round 8-bit products differently: some borderline labels change
_SPREADS = 2.0  # standard deviations of trainings that differ only in their seed
_REMEDY = 'serve another version, or give --force and --reason "why"'
_FEWEST = 3  # trainings that are enough to estimate the spread


def breaches(figures: Mapping[str, Any], floors: Mapping[str, Any], *, slack: float = _SLACK) -> list[str]:
    """Return a line for each figure that is worse than its floor allows.

    ``floors`` is one entry of the floors file. A figure may be worse than its limit by ``slack`` or, if several
    trainings were measured, by twice their spread.
    """
    sha256 = figures["data"]["sha256"]
    if sha256 != floors["data_sha256"]:
        return [
            f"the data changed (SHA-256 {sha256[:12]}, floors are for {floors['data_sha256'][:12]}): set them again"
        ]
    lines = []
    for name, limit in floors["limits"].items():
        value = _value(figures, name)
        allowed = max(slack, _SPREADS * floors.get("spread", {}).get(name, 0.0)) if slack else 0.0
        by = f" by more than trainings differ ({allowed:.4f})" if allowed > slack else ""
        if value is None:
            lines.append(f"{name}: not measured, the floor is {limit}")
        elif name in CEILINGS and not value <= limit + allowed:
            lines.append(f"{name}: {value} is above the ceiling {limit}{by}")
        elif name not in CEILINGS and not value >= limit - allowed:
            lines.append(f"{name}: {value} is below the floor {limit}{by}")
    return lines


def gate(  # noqa: PLR0913 - one name per option of the command
    metrics_files: Path | Sequence[Path],
    floors_file: Path,
    name: str,
    *,
    sets: bool = False,
    lowers: bool = False,
    reason: str = "",
) -> list[str]:
    """Compare each ``metrics.json`` with the floors called ``name``, or set the floors.

    Args:
        metrics_files: Files that ``evaluate`` wrote. To set floors for a new training, give the figures of several
            trainings that differ in their seed: the floors are their means, and their spread is kept.
        floors_file: JSON with one entry per name; created if missing and ``sets`` is true.
        name: Name of the floors.
        sets: Whether to write floors from these figures; existing floors are only raised.
        lowers: Whether floors may be lowered or set for other data; needs ``reason``, which is kept in the file.
        reason: The reason for it.

    Returns:
        A line for each figure that is worse than its floor allows; nothing after setting.

    Raises:
        InputError: If a file is missing or has another form.
        ConfigError: If floors would be lowered without the flag or without a reason.
    """
    files = [metrics_files] if isinstance(metrics_files, Path) else list(metrics_files)
    measured = [read_figures(file) for file in files]
    if not sets:
        floors = read_floors(floors_file)
        if name not in floors:
            raise ConfigError(f"{floors_file} has no floors called {name!r}", f"choose from: {', '.join(floors)}")
        return [line for figures in measured for line in breaches(figures, floors[name])]
    known = read_floors(floors_file) if floors_file.exists() else {}
    known[name] = _set(measured, known.get(name), lowers=lowers, reason=reason)
    floors_file.parent.mkdir(parents=True, exist_ok=True)
    floors_file.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return []


def _set(
    measured: Sequence[Mapping[str, Any]], before: Mapping[str, Any] | None, *, lowers: bool, reason: str
) -> dict[str, Any]:
    first = measured[0]
    if any(values["data"]["sha256"] != first["data"]["sha256"] for values in measured):
        msg = "the figures were measured on different data"
        raise ConfigError(msg, "give the metrics.json of several trainings on one file")
    spread = {
        name: round(statistics.stdev(values), 4)
        for name, values in _numbers(measured).items()
        if len(values) == len(measured) >= _FEWEST
    }
    entry = {
        "data": first["data"].get("path", ""),
        "data_sha256": first["data"]["sha256"],
        "model_id": first["model_id"],
        "limits": means(measured),
        # Fewer trainings say nothing about a spread: the one before stays.
        "spread": spread or dict((before or {}).get("spread", {})),
        "history": [],
    }
    if before is None:
        return entry
    # Without slack; otherwise floors would sink in small steps without a reason.
    figures: dict[str, Any] = {"data": {"sha256": entry["data_sha256"]}, "strength": {}, "areas": {}}
    for name, value in entry["limits"].items():
        task, _, measure = name.partition(".")
        figures[task][measure] = value
    worse = breaches(figures, before, slack=0.0)
    if worse and not (lowers and reason.strip()):
        msg = f"floors would be lowered: {'; '.join(worse)}"
        raise ConfigError(msg, 'give --lower and --reason "why" if that is intended')
    entry["history"] = list(before["history"])
    if worse:
        entry["history"].append(
            {"reason": reason.strip(), "limits": before["limits"], "data_sha256": before["data_sha256"]}
        )
    return entry


def means(measured: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the mean of every figure with a floor over the trainings that have it, by dotted name."""
    return {name: round(statistics.mean(values), 4) for name, values in _numbers(measured).items() if values}


def _numbers(measured: Sequence[Mapping[str, Any]]) -> dict[str, list[float]]:
    """The numbers of every figure with a floor, by dotted name; a training may lack one."""
    columns = {name: [_value(figures, name) for figures in measured] for name in (*MEASURES, *CEILINGS)}
    return {name: [value for value in values if value is not None] for name, values in columns.items()}


def _value(figures: Mapping[str, Any], name: str) -> float | None:
    task, _, measure = name.partition(".")
    value: float | None = figures[task].get(measure)
    return None if value is None or math.isnan(value) else value


def read_figures(metrics_file: Path) -> dict[str, Any]:
    """Read a ``metrics.json`` that names its data.

    Raises:
        InputError: If it is missing, is not JSON, or has another form.
    """
    figures = _read(metrics_file, "run osce-commitments evaluate first")
    if not isinstance(figures.get("data"), dict) or not {"strength", "areas", "model_id"} <= figures.keys():
        msg = f"{metrics_file} does not name its data"
        raise InputError(msg, "give the metrics.json that osce-commitments evaluate wrote", reason="floors")
    return figures


def read_floors(floors_file: Path) -> dict[str, Any]:
    """Return the entries of a floors file by name.

    Raises:
        InputError: If it is missing or is not JSON.
    """
    return _read(floors_file, "set them first: osce-commitments gate METRICS --name NAME --set")


def _read(path: Path, remedy: str) -> dict[str, Any]:
    try:
        content = json.loads(read_regular(path))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"{path} is missing or not JSON", remedy, reason="floors") from error
    if not isinstance(content, dict):
        raise InputError(f"{path} is not a JSON object", remedy, reason="floors")
    return content


def grounds_of(  # noqa: PLR0913 - one name per option of the command
    model: str,
    floors_file: Path,
    *,
    metrics: Sequence[Path] = (),
    real: Path | None = None,
    reason: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Promotion:
    """Return the grounds for serving a classifier: figures that meet every entry of a floors file.

    ``metrics`` are files that ``evaluate`` wrote for this very classifier; figures on other data are measured now.
    On the rows of ``real``, which are not part of the project, it may not be worse than the classifier that is served.

    Raises:
        ConfigError: If a floor is missed, there are no floors, figures are of another classifier, or it loses on ``real``.
        InputError: If figures, floors or data cannot be read.
    """
    floors = read_floors(floors_file)
    if not floors:
        raise ConfigError(f"{floors_file} has no floors", "set them: osce-commitments gate METRICS --name NAME --set")
    known = [_figures_of(model, file) for file in metrics]
    by_data = {figures["data"]["sha256"]: figures for figures in reversed(known)}
    measured = {
        name: by_data.get(entry["data_sha256"]) or _measure(model, name, entry, say) for name, entry in floors.items()
    }
    missed = [f"{name}: {line}" for name, figures in measured.items() for line in breaches(figures, floors[name])]
    if missed:
        msg = f"{model} misses its floors: {'; '.join(missed)}"
        raise ConfigError(msg, _REMEDY)
    if real:
        say(f"comparing {model} with the served classifier on {real}")
        from osce_commitments.evaluate.classifier import compare_on

        # A loss counts if its interval excludes zero: it is more than the documents differ.
        losses = [
            f"{row['figure']} {row['gain']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]"
            for row in compare_on(real, DEFAULT, model)[0]
            if row["sure"] and row["gain"] < 0
        ]
        if losses:
            raise ConfigError(f"{model} loses on {real} against the served classifier: {'; '.join(losses)}", _REMEDY)
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

"""Floors: figures below which a classifier may not fall on the data that they were set for."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from osce_commitments.errors import ConfigError, InputError

# Higher is better for all of these; an error of calibration has a ceiling instead.
MEASURES = (
    "strength.accuracy",
    "strength.macro_f1",
    "strength.kappa_quadratic",
    "areas.micro_f1",
    "areas.macro_f1",
)
CEILINGS = ("strength.ece", "areas.ece")
_SLACK = 0.005  # 8-bit products are rounded otherwise by other processors: some labels on the edge change


def breaches(figures: Mapping[str, Any], floors: Mapping[str, Any], *, slack: float = _SLACK) -> list[str]:
    """What is worse than the floors allow, one line each.

    Args:
        figures: Content of ``metrics.json``.
        floors: One entry of the floors file: ``data_sha256``, ``limits``, ``history``.
        slack: How much worse than its limit a figure may be.
    """
    sha256 = figures["data"]["sha256"]
    if sha256 != floors["data_sha256"]:
        return [
            f"the data changed (SHA-256 {sha256[:12]}, floors are for {floors['data_sha256'][:12]}): set them again"
        ]
    found = []
    for name, limit in floors["limits"].items():
        value = _value(figures, name)
        if value is None:
            found.append(f"{name}: not measured, the floor is {limit}")
        elif name in CEILINGS and value > limit + slack:
            found.append(f"{name}: {value} is above the ceiling {limit}")
        elif name not in CEILINGS and value < limit - slack:
            found.append(f"{name}: {value} is below the floor {limit}")
    return found


def gate(  # noqa: PLR0913 - one name per option of the command
    metrics_file: Path, floors_file: Path, name: str, *, sets: bool = False, lowers: bool = False, reason: str = ""
) -> list[str]:
    """Compare a ``metrics.json`` with the floors called ``name``, or set them.

    Args:
        metrics_file: What ``evaluate`` wrote.
        floors_file: JSON with one entry per name; made if it is missing and ``sets`` is true.
        name: Which floors.
        sets: Write floors from these figures; one that was there is only raised.
        lowers: Let floors be lowered, or be set for other data; needs ``reason``, which is kept in the file.
        reason: Why.

    Returns:
        What is worse than the floors allow, one line each; nothing after setting.

    Raises:
        InputError: If a file is missing or is no JSON of that kind.
        ConfigError: If floors would be lowered without the flag or without a reason.
    """
    figures = _read(metrics_file, "run osce-commitments evaluate first")
    if not isinstance(figures.get("data"), dict) or not {"strength", "areas", "model_id"} <= figures.keys():
        msg = f"{metrics_file} does not say which data it was measured on"
        raise InputError(msg, "give the metrics.json that osce-commitments evaluate wrote", reason="floors")
    floors: dict[str, Any] = {}
    if floors_file.exists() or not sets:
        floors = _read(floors_file, "set them first: --set")
    if sets:
        floors[name] = _set(figures, floors.get(name), lowers=lowers, reason=reason)
        floors_file.parent.mkdir(parents=True, exist_ok=True)
        floors_file.write_text(json.dumps(floors, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        return []
    if name not in floors:
        msg = f"{floors_file} has no floors called {name!r}"
        raise ConfigError(msg, f"choose from: {', '.join(floors)}")
    return breaches(figures, floors[name])


def _set(figures: Mapping[str, Any], before: Mapping[str, Any] | None, *, lowers: bool, reason: str) -> dict[str, Any]:
    limits = {name: value for name in (*MEASURES, *CEILINGS) if (value := _value(figures, name)) is not None}
    entry = {"data_sha256": figures["data"]["sha256"], "model_id": figures["model_id"], "limits": limits, "history": []}
    if before is None:
        return entry
    worse = breaches(figures, before, slack=0.0)  # else floors would sink by small steps, without a reason
    if worse and not (lowers and reason.strip()):
        msg = f"floors would be lowered: {'; '.join(worse)}"
        raise ConfigError(msg, 'give --lower and --reason "why" if that is meant')
    entry["history"] = list(before["history"])
    if worse:
        entry["history"].append(
            {"reason": reason.strip(), "limits": before["limits"], "data_sha256": before["data_sha256"]}
        )
    return entry


def _value(figures: Mapping[str, Any], name: str) -> float | None:
    task, _, measure = name.partition(".")
    value: float | None = figures[task].get(measure)
    return None if value is None or math.isnan(value) else value


def _read(path: Path, remedy: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        msg = f"{path} is missing or no JSON"
        raise InputError(msg, remedy, reason="floors") from error
    if not isinstance(content, dict):
        msg = f"{path} holds no JSON object"
        raise InputError(msg, remedy, reason="floors")
    return content

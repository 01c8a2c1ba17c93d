"""What a training reports after each pass over its rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

SCORE = "score"
_NAMES = (
    "epoch",
    "strength_macro_f1",
    "strength_accuracy",
    "areas_macro_f1",
    SCORE,
    "loss",
    "validation_loss",
    "learning_rate",
)


def passes(log: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The figures after each pass, with the mean training loss of that pass and the rate at its end."""
    learnt = {row["epoch"]: row for row in log if "loss" in row}
    found = []
    for row in log:
        if f"eval_{SCORE}" in row:
            own = {key.removeprefix("eval_"): float(value) for key, value in row.items()}
            beside = learnt.get(row["epoch"], {})
            found.append(
                own
                | {"validation_loss": own.pop("loss", math.nan)}
                | {name: float(beside.get(name, math.nan)) for name in ("loss", "learning_rate")}
            )
    return found


def write_history(history: Sequence[Mapping[str, float]], path: Path) -> None:
    """Write the figures after each pass as a table, for ``dvc plots`` and for a look while it runs."""
    lines = [",".join(_NAMES), *(",".join(f"{row.get(name, math.nan):.6g}" for name in _NAMES) for row in history)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

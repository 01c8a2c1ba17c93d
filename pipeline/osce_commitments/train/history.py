"""What a training reports while it runs: a table after each pass, and live plots where DVCLive is installed."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SCORE = "score"
COLUMNS = (
    "epoch",
    "strength_macro_f1",
    "strength_accuracy",
    "areas_macro_f1",
    SCORE,
    "loss",
    "validation_loss",
    "learning_rate",
)
_DRAWN = {"loss": "loss", "learning_rate": "learning_rate", "eval_loss": "validation_loss"} | {
    f"eval_{name}": name for name in ("strength_macro_f1", "strength_accuracy", "areas_macro_f1")
}


def passes(log: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """The figures after each pass, with the mean training loss of its steps and the rate of its last one."""
    found: list[dict[str, float]] = []
    before, steps, total, rate = 0.0, 0.0, 0.0, math.nan
    for row in log:
        if "loss" in row:
            total, steps, rate = (
                total + row["loss"] * (row["step"] - before),
                steps + row["step"] - before,
                row["learning_rate"],
            )
            before = row["step"]
        elif f"eval_{SCORE}" in row:
            own = {key.removeprefix("eval_"): float(value) for key, value in row.items()}
            own["validation_loss"] = own.pop("loss", math.nan)
            found.append(own | {"loss": total / steps if steps else math.nan, "learning_rate": float(rate)})
            steps, total, rate = 0.0, 0.0, math.nan
    return found


def write_history(history: Sequence[Mapping[str, float]], path: Path) -> None:
    """Write the figures after each pass as a table, for ``dvc plots`` and for a look while it runs."""
    lines = [",".join(COLUMNS), *(",".join(f"{row.get(name, math.nan):.6g}" for name in COLUMNS) for row in history)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def live_plots(folder: Path) -> list[Any]:
    """A callback of a trainer that draws its log with DVCLive while it runs; none where DVCLive is not installed.

    A resumed training first draws the log of its checkpoint again, so no step is drawn twice. Nothing leaves the
    machine: Studio is off, and the report has images instead of a page that fetches scripts. What an earlier training
    drew in the folder is replaced.
    """
    if find_spec("dvclive") is None:
        return []
    os.environ["DVC_STUDIO_OFFLINE"] = "true"
    from dvclive import Live
    from transformers import TrainerCallback

    class Plots(TrainerCallback):
        """Draws losses and rates as they are logged, and the report after each pass."""

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            """Called by the trainer."""
            self._live = Live(str(folder), report="md", save_dvc_exp=False, dvcyaml=None)
            for row in state.log_history:
                self._draw(row)

        def on_log(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            """Called by the trainer."""
            self._draw(state.log_history[-1])

        def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:  # noqa: ANN401, ARG002
            """Called by the trainer."""
            self._live.end()

        def _draw(self, row: Mapping[str, float]) -> None:
            self._live.step = int(row["step"])
            for name in _DRAWN.keys() & row.keys():
                self._live.log_metric(_DRAWN[name], row[name])
            if f"eval_{SCORE}" in row:
                self._live.sync()

    return [Plots()]

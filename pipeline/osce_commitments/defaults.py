"""Names and paths that several commands share; paths are relative to the working folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SERVED_CLASSIFIER: Final = "tnt"
TRAINING_FOLDER: Final = Path(".cache/train")
FLOORS_FILE: Final = Path("evaluation/floors.json")

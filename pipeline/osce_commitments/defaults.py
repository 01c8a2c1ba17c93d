"""Names, paths and settings that several commands share; paths are relative to the working folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SERVED_CLASSIFIER: Final = "tnt"
TRAINING_FOLDER: Final = Path(".cache/train")
FLOORS_FILE: Final = Path("evaluation/floors.json")
OPENINGS_FILE: Final = Path("corpora/real/openings.jsonl")
# Rules and catalogue are some 100,000 lasting objects. Python's default, a collection per 700 new ones, takes 3 to 10 % of the time.
OBJECTS_BEFORE_COLLECTION: Final = 50_000

"""Where the corpora are, and the gold, which git does not keep."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT / "corpora"
SAMPLES = CORPORA / "samples"


@cache
def gold_folder() -> Path:
    """A folder with the gold, built once in this process."""
    from corpora._authoring.files import write
    from corpora.gold.build import rendered

    folder = Path(tempfile.mkdtemp(prefix="gold-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    write(rendered(), folder)
    return folder

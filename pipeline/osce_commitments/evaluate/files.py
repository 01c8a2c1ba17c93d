"""Write the files of a report."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from osce_commitments.errors import ConfigError

_FLAT_LIST = re.compile(r"\[\s+([^\[\]{}]+?)\s+\]")


def figures_as_json(figures: Mapping[str, Any]) -> str:
    """Return indented JSON with each list of plain values on one line, so that a new measurement changes few lines."""
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    return _FLAT_LIST.sub(lambda found: f"[{' '.join(found[1].split())}]", text) + "\n"


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts under their names into a folder and create it if missing.

    Raises:
        ConfigError: If it cannot be created or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"folder {folder} cannot be written: {error.strerror}"
        raise ConfigError(msg, "give --out a folder that you may write to") from error

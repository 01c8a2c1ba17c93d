"""What every child process needs: an import path without the working folder, and an end with its parent."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path

_SECONDS_BETWEEN_LOOKS = 0.5


def absolute_path(environment: Mapping[str, str]) -> dict[str, str]:
    """``PYTHONPATH`` without the working folder, for child processes."""
    # An empty entry is the working folder, which holds no modules of ours.
    entries = [str(Path(entry).absolute()) for entry in environment.get("PYTHONPATH", "").split(os.pathsep) if entry]
    return {"PYTHONPATH": os.pathsep.join(entries)}


def end_with(parent: int) -> None:
    """End this process as soon as its parent has ended; a killed parent cannot stop it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

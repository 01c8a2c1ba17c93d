"""The user's folder for what programs keep between runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def state_folder() -> Path:
    """This package's folder; it may not exist.

    Raises:
        RuntimeError: If this user has no home folder.
    """
    given = os.environ.get("XDG_STATE_HOME", "")
    if sys.platform == "darwin":
        above = "~/Library/Application Support"
    else:
        above = given if given.startswith("/") else "~/.local/state"
    return Path(above).expanduser() / "osce-commitments"

"""Import Prefect so that no file of the working folder configures it.

Prefect reads settings from ``.env``, ``prefect.toml`` and ``pyproject.toml`` in the working folder, and some of them run
code (a logging configuration names functions). That folder may hold documents from anywhere. After this import,
settings come only from the environment and the user's profile.

Every module and process of this package imports this before Prefect. If Prefect is imported already, nothing changes.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path


def _import_prefect() -> None:
    # Without this, a child process of Python imports from its working folder first.
    os.environ["PYTHONSAFEPATH"] = "1"
    home = Path(os.environ.get("PREFECT_HOME") or "~/.prefect")
    os.environ.setdefault("PREFECT_PROFILES_PATH", str(home.expanduser().absolute() / "profiles.toml"))
    with tempfile.TemporaryDirectory() as empty, contextlib.chdir(empty):
        import prefect.main  # noqa: F401 - all that reads settings once
        from prefect.settings import sources
    # Prefect reads these files again whenever it makes settings.
    for source, method in (
        (sources.FilteredDotEnvSettingsSource, "_read_env_files"),
        (sources.TomlConfigSettingsSourceBase, "_read_files"),
    ):
        getattr(source, method)  # fail if another Prefect has no such method: better than reading the file
        setattr(source, method, lambda *_, **__: {})


if "prefect" not in sys.modules:
    _import_prefect()

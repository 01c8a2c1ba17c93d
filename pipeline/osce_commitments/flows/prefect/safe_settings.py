"""Prefect, imported so that no file of the working folder configures it.

Prefect takes settings from ``.env``, ``prefect.toml`` and ``pyproject.toml`` of the working folder, and some of them run
code (a logging configuration names functions). Here that folder may hold documents from anywhere. After this import,
settings come from the environment and from the profile of the user alone.

Every module and process of ours imports this before Prefect. Whoever imported Prefect before has chosen for itself.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def start_worker(initializer: Callable[..., None], *arguments: object) -> None:
    """Start a worker of a process pool; to find this function, the worker imports this module before anything else."""
    initializer(*arguments)


def _import_prefect() -> None:
    # A child of Python imports from its working folder first, unless this says otherwise.
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
        getattr(source, method)  # an error is better than a file that is obeyed: another Prefect may call it otherwise
        setattr(source, method, _nothing)


def _nothing(*_: object, **__: object) -> dict[str, Any]:
    return {}


if "prefect" not in sys.modules:
    _import_prefect()

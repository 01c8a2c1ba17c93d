"""Puts released models into the wheel: of classifiers the promoted version with all its files, and an index; the sentence encoder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_TARGET = "osce_commitments/resources/models"


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files of a release with their names: its own, and those listed in ``SHA256SUMS`` that versions share."""
    yield from ((path, path.name) for path in folder.iterdir())
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if not (folder / name).exists():
            yield folder.parents[1] / "files" / f"{digest[:12]}-{name}", name


class CustomBuildHook(BuildHookInterface):
    """Adds files from ``models/`` to the package data; an editable install reads the checkout itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it builds."""
        index = Path(self.root, "models", "index.json")
        if version == "editable" or not index.exists():
            return
        served = {}
        for name, entry in json.loads(index.read_text(encoding="utf-8"))["models"].items():
            if entry["history"]:
                last = entry["history"][-1]
                served[name] = {"versions": [last["version"]], "history": [last]}
                folder = Path(name, last["version"])
                for source, file in _files(index.parent / folder):
                    build_data["force_include"][str(source)] = f"{_TARGET}/{folder.as_posix()}/{file}"
        encoder = index.parent / "encoder"
        if encoder.is_dir():
            build_data["force_include"][str(encoder)] = f"{_TARGET}/{encoder.name}"
        self._scratch = TemporaryDirectory()
        short = Path(self._scratch.name, index.name)
        short.write_text(json.dumps({"models": served}, indent=2) + "\n", encoding="utf-8")
        build_data["force_include"][str(short)] = f"{_TARGET}/{index.name}"

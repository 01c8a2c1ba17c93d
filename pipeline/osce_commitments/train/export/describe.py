"""Add measured figures to the folder of a classifier before its release: ``quality.json`` and the card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from osce_commitments.classify.encoder import artefact as files
from osce_commitments.classify.quality import Quality, QualityFile
from osce_commitments.errors import ConfigError
from osce_commitments.evaluate.floors import read_figures
from osce_commitments.train.export.card import write_card


def add_figures(folder: Path, measured: Mapping[str, Path]) -> tuple[Quality, ...]:
    """Write the figures of an unreleased candidate into its ``quality.json``, its ``metrics.json`` and its card.

    ``measured`` has the ``metrics.json`` of each kind of documents, real ones first.

    Raises:
        ConfigError: If the folder is damaged, or the figures are of another classifier.
        InputError: If figures cannot be read.
    """
    artefact = files.read_artefact(folder)
    own = files.sums_sha256(folder)
    stored: dict[str, Any] = json.loads((folder / files.METRICS_FILE).read_text(encoding="utf-8"))
    figures = {kind: read_figures(file) for kind, file in measured.items()}
    for kind, values in figures.items():
        if values.get("model_sha256") != own:
            msg = f"the figures on {kind} are of {values['model_id']} with other files than {folder}"
            raise ConfigError(msg, f"measure it: osce-commitments evaluate --model {folder}")
    kinds = tuple(_quality(kind, values) for kind, values in figures.items())
    stored["measured"] = {kind: _kept(values) for kind, values in figures.items()}
    _write(folder, files.METRICS_FILE, json.dumps(stored, indent=1) + "\n")
    _write(folder, files.QUALITY_FILE, QualityFile(kinds=kinds).model_dump_json(indent=1) + "\n")
    _write(folder, files.CARD_FILE, write_card(artefact, stored, kinds))
    listed = files.listed_sums(folder).keys()
    files.write_sums(folder, sorted(listed | {files.QUALITY_FILE}))
    return kinds


def _quality(kind: str, figures: Mapping[str, Any]) -> Quality:
    data = figures["data"]
    return Quality(
        kind=kind, provisions=data["rows"], documents=data["documents"], sentences=tuple(figures.get("in_words", ()))
    )


def _kept(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures without classes, groups and other judges."""
    strength = {name: value for name, value in figures["strength"].items() if name not in {"classes", "confusion"}}
    areas = {name: value for name, value in figures["areas"].items() if name != "classes"}
    data = {name: value for name, value in figures["data"].items() if name != "path"}
    return {"data": data, "strength": strength, "areas": areas, "review": figures.get("review", {})}


def _write(folder: Path, name: str, text: str) -> None:
    try:
        (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"{folder / name} cannot be written: {error.strerror}"
        raise ConfigError(msg, "give a folder that you may write to") from error

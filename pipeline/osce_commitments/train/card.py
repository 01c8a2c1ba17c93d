"""The card of a classifier, written from its figures, and figures that are added before a release."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from osce_commitments.classify.encoder import artefact as files
from osce_commitments.classify.encoder.artefact import Artefact
from osce_commitments.classify.quality import Quality, QualityFile
from osce_commitments.errors import ConfigError
from osce_commitments.evaluate.files import markdown_page, write_files
from osce_commitments.evaluate.floors import read_figures

_COLUMNS = (
    ("strength", "accuracy"),
    ("strength", "macro_f1"),
    ("strength", "kappa_quadratic"),
    ("strength", "mae"),
    ("strength", "ece"),
    ("areas", "micro_f1"),
    ("areas", "macro_f1"),
    ("areas", "ece_likely"),
)


def write_card(artefact: Artefact, figures: Mapping[str, Any], kinds: Sequence[Quality] = ()) -> str:
    """Return the card as Markdown: purpose, quality in plain words, weaknesses, origin, figures."""
    is_chosen = bool(artefact.training["decision"].get("pools"))
    return markdown_page("card", artefact=artefact, figures=figures, kinds=kinds, columns=_COLUMNS, is_chosen=is_chosen)


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
    texts = {
        files.METRICS_FILE: json.dumps(stored, indent=1) + "\n",
        files.QUALITY_FILE: QualityFile(kinds=kinds).model_dump_json(indent=1) + "\n",
        files.CARD_FILE: write_card(artefact, stored, kinds),
    }
    write_files(folder, texts)
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

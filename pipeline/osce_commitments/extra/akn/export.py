"""The export of a version as one Akoma Ntoso file per instrument."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from osce_commitments.dataset import Dataset, ExportFormat, export_folder, export_version
from osce_commitments.dataset.versions import VersionSpec
from osce_commitments.extra.akn.writer import akn_document
from osce_commitments.schema import Row

_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


def export(dataset: Dataset, version: VersionSpec, file_format: str, out: Path) -> Path:
    """Write a version in any format; see :func:`export_version`."""
    if file_format == ExportFormat.AKN:
        return export_instruments(dataset, version, out)
    return export_version(dataset, version, file_format, out)


def export_instruments(dataset: Dataset, version: VersionSpec, out: Path) -> Path:
    """Write one file per instrument, and a manifest with hashes; see :func:`export_folder`."""
    info = dataset.info(version)
    documents: list[Row] = dataset.read("documents", info.version).to_pylist()
    names = {f"{_UNSAFE.sub('_', row['symbol'] or 'document').strip('_')}.{row['id']}.xml": row for row in documents}

    def fill(folder: Path) -> dict[str, dict[str, Any]]:
        by_document: defaultdict[str, list[Row]] = defaultdict(list)
        for row in dataset.read("provisions", info.version).to_pylist():
            by_document[row["document"]].append(row)
        facts = {}
        for name, document in names.items():
            rows = sorted(by_document[document["id"]], key=lambda row: row["index"])
            (folder / name).write_bytes(akn_document(document, rows))
            facts[name] = {"rows": len(rows), "symbol": document["symbol"]}
        return facts

    return export_folder(out, frozenset(names), info, ExportFormat.AKN, fill)

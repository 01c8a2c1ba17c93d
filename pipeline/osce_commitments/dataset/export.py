"""A version as plain files with a data dictionary, for people without Delta Lake."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osce_commitments.dataset.akn import akn_document
from osce_commitments.dataset.folders import MANIFEST, replacing
from osce_commitments.errors import DatasetError
from osce_commitments.fields import TABLES
from osce_commitments.fields.column import Column
from osce_commitments.schema import Row
from osce_commitments.tables import describe_table

if TYPE_CHECKING:
    import pyarrow as pa

    from osce_commitments.dataset.store import Dataset
    from osce_commitments.dataset.versions import VersionInfo, VersionSpec

_DICTIONARY = "DATA_DICTIONARY.md"
_ROWS_AT_ONCE = 5_000
# Spreadsheets of East Asia take the wide forms, too.
_FORMULA_MARKS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


class _QuotesAll(csv.unix_dialect):
    lineterminator = "\n"


class ExportFormat(StrEnum):
    """Formats of an export: tables, or a document per instrument."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"
    AKN = "akn"


TABLE_FORMATS = (ExportFormat.PARQUET, ExportFormat.CSV, ExportFormat.JSONL)
_NAMES = frozenset({MANIFEST, _DICTIONARY, *(f"{name}.{ending}" for name in TABLES for ending in TABLE_FORMATS)})


def export_version(dataset: Dataset, version: VersionSpec, file_format: str, out: Path) -> Path:
    """Write one file per table and a data dictionary, or one Akoma Ntoso file per instrument; and a manifest with hashes.

    The folder appears whole or not at all. An earlier export at ``out`` is replaced; a folder with any other
    file is left unchanged.

    Args:
        dataset: The dataset.
        version: See :meth:`Dataset.info`.
        file_format: ``parquet``, ``csv`` (nested values as JSON), ``jsonl`` or ``akn``.
        out: Output folder.

    Returns:
        The folder.

    Raises:
        DatasetError: If the format or version does not exist, or ``out`` holds something else.
    """
    if file_format not in list(ExportFormat):
        raise DatasetError(f"unknown export format {file_format!r}", f"choose from: {', '.join(ExportFormat)}")
    info = dataset.info(version)
    is_akn = file_format == ExportFormat.AKN
    instruments = _instruments(dataset, info) if is_akn else {}
    try:
        with replacing(out, _NAMES | instruments.keys()) as folder:
            if is_akn:
                _fill_with_instruments(folder, dataset, info, instruments)
            else:
                _fill(folder, dataset, info, ExportFormat(file_format))
    except OSError as error:
        msg = f"folder {out} cannot be written: {error.strerror}"
        raise DatasetError(msg, "give --out a folder that you can write to") from error
    return out


def _fill(folder: Path, dataset: Dataset, info: VersionInfo, file_format: ExportFormat) -> None:
    described: dict[str, Any] = {}
    for name, definition in TABLES.items():
        table = _plain(dataset.read(name, info.version), definition.columns)
        path = folder / f"{name}.{file_format}"
        _WRITERS[file_format](table, path)
        described[path.name] = _describe(path) | {"rows": table.num_rows}
    dictionary = folder / _DICTIONARY
    dictionary.write_text("\n".join(_dictionary(info, file_format)), encoding="utf-8")
    described[_DICTIONARY] = _describe(dictionary)
    _write_manifest(folder, info, file_format, described)


def _instruments(dataset: Dataset, info: VersionInfo) -> dict[str, Row]:
    """Return the rows of the documents by the names of their files."""
    rows: list[Row] = dataset.read("documents", info.version).to_pylist()
    return {f"{_UNSAFE.sub('_', row['symbol'] or 'document').strip('_')}.{row['id']}.xml": row for row in rows}


def _fill_with_instruments(folder: Path, dataset: Dataset, info: VersionInfo, instruments: Mapping[str, Row]) -> None:
    by_document: dict[str, list[Row]] = {}
    for row in dataset.read("provisions", info.version).to_pylist():
        by_document.setdefault(row["document"], []).append(row)
    described: dict[str, Any] = {}
    for name, document in instruments.items():
        rows = sorted(by_document.get(document["id"], []), key=lambda row: row["index"])
        (folder / name).write_bytes(akn_document(document, rows))
        described[name] = _describe(folder / name) | {"rows": len(rows), "symbol": document["symbol"]}
    _write_manifest(folder, info, ExportFormat.AKN, described)


def _write_manifest(folder: Path, info: VersionInfo, file_format: ExportFormat, described: Mapping[str, Any]) -> None:
    manifest = {
        "dataset_version": info.version,
        "created_at": info.created_at.isoformat(),
        "run_id": info.run_id,
        "package_version": info.package_version,
        "schema_version": info.schema_version,
        "format": file_format.value,
        "files": described,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _describe(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": path.stat().st_size}


def _plain(table: pa.Table, columns: Iterable[Column]) -> pa.Table:
    """The table with the lists of joined columns as one text; the dataset keeps the lists."""
    import pyarrow as pa

    for column in columns:
        if column.joined:
            position = table.schema.get_field_index(column.name)
            field = pa.field(column.name, pa.string(), nullable=False, metadata=table.schema.field(position).metadata)
            joined = [column.joined.join(values) for values in table[column.name].to_pylist()]
            table = table.set_column(position, field, pa.array(joined, pa.string()))
    return table


def _write_parquet(table: pa.Table, path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(table, path, compression="zstd")


def _write_jsonl(table: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for row in exported_rows(table):
            stream.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _write_csv(table: pa.Table, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(csv_lines(table))


_WRITERS = {ExportFormat.PARQUET: _write_parquet, ExportFormat.CSV: _write_csv, ExportFormat.JSONL: _write_jsonl}


def exported_rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    """Rows as Python values, maps as dictionaries."""
    for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
        yield from batch.to_pylist(maps_as_pydicts="strict")


def csv_lines(table: pa.Table) -> Iterator[str]:
    """A table as CSV, a line per row.

    A text that a spreadsheet would take for a formula has an apostrophe before it: documents come from anywhere.
    """
    buffer = io.StringIO(newline="")
    writer, quoting = csv.writer(buffer, lineterminator="\n"), csv.writer(buffer, _QuotesAll)
    rows = (tuple(row.values()) for row in exported_rows(table))
    for row in itertools.chain([tuple(table.column_names)], rows):
        cells = [_harmless(cell(value)) for value in row]
        # By itself the writer leaves a lone carriage return bare, and readers end the row there.
        has_return = any(isinstance(one, str) and "\r" in one for one in cells)
        (quoting if has_return else writer).writerow(cells)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def cell(value: object) -> object:
    """A value for a CSV cell: lists and structures as JSON, null as nothing, truth values in lower case."""
    if isinstance(value, (list, dict, bool)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None else value


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_MARKS) else value


def _dictionary(info: VersionInfo, file_format: ExportFormat) -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield f"Dataset version {info.version}, schema {info.schema_version}, osce-commitments {info.package_version}."
    if file_format is ExportFormat.CSV:
        yield "Lists and structures are JSON inside their cell. A text that a spreadsheet would take for a formula (it begins"
        yield "with =, +, -, @, a tab or a carriage return) has an apostrophe before it; JSON lines and Parquet have none."
    for definition in TABLES.values():
        yield ""
        yield from describe_table(definition, f"{definition.name}.{file_format}", is_joined=True)
    yield ""

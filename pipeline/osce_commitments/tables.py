"""The tables of the dataset, from the declared columns: Arrow schemas, checks, rows and records, data dictionary."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from osce_commitments.corrections import identity_of, uncorrected
from osce_commitments.errors import SchemaError
from osce_commitments.fields import DOCUMENTS, PROVISIONS, REJECTS, SCHEMA_VERSION, TABLES
from osce_commitments.fields.column import Column, ColumnType, ListOf, MapOf, Struct, TableDefinition, in_record, in_row
from osce_commitments.schema import (
    Classification,
    ClassifiedProvision,
    Document,
    Provision,
    Reject,
    Row,
    TaggedProvision,
)

if TYPE_CHECKING:
    import pyarrow as pa


def arrow_type(declared: ColumnType) -> pa.DataType:
    """The Arrow type of a declared type."""
    import pyarrow as pa

    if isinstance(declared, ListOf):
        return pa.list_(pa.field("element", arrow_type(declared.item), nullable=False))
    if isinstance(declared, MapOf):
        return pa.map_(pa.string(), pa.field("value", arrow_type(declared.value)))
    if isinstance(declared, Struct):
        return pa.struct([pa.field(name, arrow_type(kind), nullable=False) for name, kind in declared.fields.items()])
    if declared == "timestamp":
        return pa.timestamp("us", tz="UTC")
    return pa.type_for_alias(declared if isinstance(declared, str) else "string")


@functools.cache
def schema(table: str) -> pa.Schema:
    """The Arrow schema of a table; descriptions are field metadata, version and key are table metadata."""
    import pyarrow as pa

    definition = TABLES[table]
    fields = [
        pa.field(c.name, arrow_type(c.type), c.nullable, metadata={"description": c.description})
        for c in definition.columns
    ]
    metadata = {"schema_version": str(SCHEMA_VERSION), "primary_key": ", ".join(definition.key)}
    return pa.schema(fields, metadata={"description": definition.description, **metadata})


def to_table(name: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table, checked against the declaration; nothing is repaired.

    Raises:
        SchemaError: If a column is missing or unknown, a value is null, of a wrong type or an unknown label, or two
            rows have the same key; the message names table, column and row.
    """
    import pyarrow as pa

    definition = TABLES[name]
    rows = list(rows)
    declared = set(definition.names)
    for row in rows:
        for kind, names in (("missing", declared - row.keys()), ("unknown", row.keys() - declared)):
            if names:
                raise SchemaError(
                    f"table {name}: {kind} column {', '.join(sorted(names))} in row {_label(definition, row)}"
                )
    counts = Counter(tuple(row[name] for name in definition.key) for row in rows)
    for key, count in counts.items():
        if count > 1:
            msg = f"table {name}: two rows have the same {', '.join(definition.key)}: {', '.join(map(str, key))}"
            raise SchemaError(msg)
    arrays = []
    for column in definition.columns:
        values = [row[column.name] for row in rows]
        place = f"table {name}, column {column.name}"
        for row, value in zip(rows, values, strict=True):
            _check_value(place, column, value, definition, row)
        arrays.append(_array(definition, column, rows, values))
    return pa.table(arrays, schema=schema(name))


def _check_value(
    place: str, column: Column, value: object, definition: TableDefinition, row: Mapping[str, Any]
) -> None:
    if value is None:
        if column.nullable:
            return
        raise SchemaError(f"{place}: null in row {_label(definition, row)}")
    # Arrow would read a text as a list of its letters.
    if isinstance(column.type, ListOf) and not isinstance(value, (list, tuple)):
        raise SchemaError(f"{place}, row {_label(definition, row)}: not a list: {value!r}")
    if column.choices is None:
        return
    known = set(column.choices)
    for label in value if isinstance(value, (list, tuple)) else [value]:
        if label not in known:
            msg = f"{place}: unknown label {label!r} in row {_label(definition, row)}"
            raise SchemaError(msg, f"choose from: {', '.join(column.choices)}")


def _array(
    definition: TableDefinition, column: Column, rows: Sequence[Mapping[str, Any]], values: list[Any]
) -> pa.Array:
    import pyarrow as pa

    declared = arrow_type(column.type)
    try:
        return pa.array(values, type=declared)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        for row, value in zip(rows, values, strict=True):
            try:
                pa.array([value], type=declared)
            except (pa.ArrowException, TypeError, ValueError, OverflowError) as reason:
                place = f"table {definition.name}, column {column.name}, row {_label(definition, row)}"
                raise SchemaError(f"{place}: not of type {declared}: {' '.join(str(reason).split())}") from reason
        raise SchemaError(str(error)) from error


def _label(definition: TableDefinition, row: Mapping[str, Any]) -> str:
    return "/".join(str(row.get(name, "?")) for name in definition.key)


def describe_table(definition: TableDefinition, heading: str, *, is_joined: bool) -> Iterator[str]:
    """Lines of a section: key, columns, labels.

    Args:
        definition: The table.
        heading: Heading of the section.
        is_joined: Describe an export, in which some lists are joined to one text.
    """
    yield f"## {heading}"
    yield ""
    yield f"{definition.description[0].upper()}{definition.description[1:]}. Key: {', '.join(definition.key)}."
    yield ""
    yield "| column | type | null | meaning |"
    yield "|---|---|---|---|"
    for column in definition.columns:
        joined = column.joined if is_joined else ""
        kind = "string" if joined else str(arrow_type(column.type)).replace(" not null", "").replace("element: ", "")
        meaning = f"{column.description}, joined by '{joined}'" if joined else column.description
        yield f"| {column.name} | {kind} | {'yes' if column.nullable else 'no'} | {meaning} |"
    for column in definition.columns:
        defined = [label for label in column.choices or () if hasattr(label, "definition")]
        if defined:
            yield ""
            yield f"Labels of `{column.name}`:"
            yield ""
            yield from (f"- `{label}`: {label.definition}" for label in defined)


_Record = TypeVar("_Record")


def document_row(document: Document, pipeline: str, provision_count: int) -> Row:
    """A row of ``documents``; ``pipeline`` is the fingerprint of the pipeline."""
    return _row(DOCUMENTS, document) | {"pipeline": pipeline, "provision_count": provision_count}


def provision_row(item: ClassifiedProvision, document: Document) -> Row:
    """A row of ``provisions`` without corrections; the document gives the year that the table is partitioned by."""
    provision = item.tagged.provision
    identity = identity_of(document.symbol, provision.title, provision.lead_in, provision.text)
    row = _row(PROVISIONS, provision, item.tagged, item.labels, document)
    return row | {"key": identity.key} | uncorrected()


def label_row(labels: Classification) -> Row:
    """The part of a row of ``provisions`` that a classifier sets."""
    return _row(PROVISIONS, labels)


def reject_row(reject: Reject, pipeline: str) -> Row:
    """A row of ``rejects``."""
    return _row(REJECTS, reject) | {"pipeline": pipeline}


def reject_from_row(row: Mapping[str, Any]) -> Reject:
    """The reject that a row was made from."""
    return _record(REJECTS, Reject, row)


def classified_from_row(row: Mapping[str, Any]) -> ClassifiedProvision:
    """The record that a row of ``provisions`` was made from; columns missing in older versions keep their defaults."""
    provision = _record(PROVISIONS, Provision, row)
    tagged = _record(PROVISIONS, TaggedProvision, row, provision=provision)
    return ClassifiedProvision(tagged, _record(PROVISIONS, Classification, row))


def _row(table: TableDefinition, *records: object) -> Row:
    by_class = {type(record): record for record in records}
    return {
        column.name: in_row(column.type, column.derive(record) if column.derive else getattr(record, column.name))
        for column in table.columns
        if (record := by_class.get(column.of)) is not None  # type: ignore[arg-type] # no record is of no class
    }


def _record(table: TableDefinition, of: type[_Record], row: Mapping[str, Any], **known: object) -> _Record:
    stored = (column for column in table.columns if column.of is of and column.derive is None and column.name in row)
    return of(**known, **{column.name: in_record(column.type, row[column.name]) for column in stored})

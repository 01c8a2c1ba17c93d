"""Convert records to rows and rows to records, by the declared columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from osce_commitments.corrections.identity import identity_of
from osce_commitments.corrections.overlay import uncorrected
from osce_commitments.fields import DOCUMENTS, PROVISIONS, REJECTS
from osce_commitments.fields.column import TableDefinition
from osce_commitments.schema import (
    Classification,
    ClassifiedProvision,
    Document,
    Provision,
    Reject,
    Row,
    TaggedProvision,
)

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
    return {column.name: column.value(by_class[column.of]) for column in table.columns if column.of in by_class}


def _record(table: TableDefinition, of: type[_Record], row: Mapping[str, Any], **known: object) -> _Record:
    stored = (column for column in table.columns if column.of is of and column.derive is None and column.name in row)
    return of(**known, **{column.name: column.read(row[column.name]) for column in stored})

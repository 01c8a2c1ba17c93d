"""What a column is: its type, where its value comes from, how it is searched and shown."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Flag, StrEnum, auto
from operator import attrgetter
from typing import Any

from osce_commitments.fields.indexing import Indexing


@dataclass(frozen=True, slots=True)
class LabelOf:
    """A text that must come from a set of labels."""

    labels: type[StrEnum]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list without null elements; a tuple in records."""

    item: ColumnType


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map from text to values."""

    value: ColumnType


@dataclass(frozen=True, slots=True)
class PerLabel:
    """A number for every label; in records a tuple in the order of the labels."""

    labels: tuple[StrEnum, ...]


@dataclass(frozen=True, slots=True)
class Struct:
    """Named fields, none of them null; in records an object with these attributes, or a tuple in their order.

    Attributes:
        sources: Attributes (dotted) that have another name than their field.
        make: Makes the object from the fields; None for a structure that is not read back.
    """

    fields: Mapping[str, ColumnType]
    make: Callable[..., Any] | None = None
    sources: Mapping[str, str] | None = None


ColumnType = str | LabelOf | ListOf | MapOf | PerLabel | Struct  # a text is the name of an Arrow type


class Shown(Flag):
    """Where a column is shown besides its table and the exports, which have them all."""

    NOWHERE = 0
    HIT = auto()
    COMMITMENTS = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        of: Class of the record that the value comes from; None if whoever writes the row gives it.
        derive: Makes the value from the record; without it, it is the attribute of the same name, and is read back.
        indexed: How the search index holds it; empty if it is not searched.
        joined: What joins the texts of a list to one cell of an export; empty for a list that stays one.
        label: Its name for people, if the name with spaces is not enough.
        is_large: Left out where documents are listed.
    """

    name: str
    type: ColumnType
    description: str
    of: builtins.type[Any] | None = None
    derive: Callable[[Any], Any] | None = None
    nullable: bool = False
    shown: Shown = Shown.NOWHERE
    indexed: tuple[Indexing, ...] = ()
    joined: str = ""
    label: str = ""
    is_large: bool = False

    @property
    def choices(self) -> builtins.type[StrEnum] | None:
        """Labels that a text (or each element of a list of texts) must come from; None if free."""
        kind = self.type.item if isinstance(self.type, ListOf) else self.type
        return kind.labels if isinstance(kind, LabelOf) else None

    def value(self, record: object) -> Any:  # noqa: ANN401 - of the column's type
        """The value in a row made from a record of class ``of``."""
        return _in_row(self.type, self.derive(record) if self.derive else getattr(record, self.name))

    def read(self, value: Any) -> Any:  # noqa: ANN401 - of the column's type
        """The attribute of the record that the value in a row was made from."""
        return _in_record(self.type, value)


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One table.

    Attributes:
        key: Columns whose values together occur once.
        partition_by: Columns that the files are split by.
        stats: Columns whose least and greatest value per file is kept, so that a reader skips files.
        order: Columns that readers get the rows sorted by.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    partition_by: tuple[str, ...] = ()
    stats: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)


def _in_row(declared: ColumnType, value: Any) -> Any:  # noqa: ANN401 - of the declared type
    if value is None or isinstance(declared, str):
        return value
    match declared:
        case LabelOf():
            return value.value
        case ListOf(item):
            return [_in_row(item, one) for one in value]
        case MapOf():
            return dict(value)
        case PerLabel(labels):
            return dict(zip(map(str, labels), value, strict=True))
        case Struct(fields, _, sources):
            parts = (
                value if isinstance(value, tuple) else [attrgetter((sources or {}).get(f, f))(value) for f in fields]
            )
            return {name: _in_row(fields[name], part) for name, part in zip(fields, parts, strict=True)}


def _in_record(declared: ColumnType, value: Any) -> Any:  # noqa: ANN401 - of the declared type
    if value is None or isinstance(declared, str):
        return value
    match declared:
        case LabelOf(labels):
            return labels(value)
        case ListOf(item):
            return tuple(_in_record(item, one) for one in value)
        case MapOf():
            return dict(value)
        case PerLabel(labels):
            return tuple(value[label] for label in labels)
        case Struct(fields, make, _):
            assert make is not None, declared  # noqa: S101 - only what is read back is read
            # A field that an older version did not write keeps the default of the record.
            return make(**{name: _in_record(kind, value[name]) for name, kind in fields.items() if name in value})

"""The declaration of a column: its type, the source of its value, how it is searched and shown."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list without null elements; a tuple in records."""

    item: ColumnType


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map from text to values."""

    value: ColumnType


@dataclass(frozen=True, slots=True)
class Struct:
    """Named fields, none null; in records an object, or a tuple without ``make``. ``sources`` has attributes with other names."""

    fields: Mapping[str, ColumnType]
    make: Callable[..., Any] = lambda **values: tuple(values.values())
    sources: Mapping[str, str] | None = None


ColumnType = str | type[StrEnum] | ListOf | MapOf | Struct  # a text names an Arrow type; labels are texts in rows


class Place(StrEnum):
    """Places that show some of the columns; a table and the exports have all of theirs."""

    HIT = "hits"
    COMMITMENTS = "view `commitments`"
    TERMINAL = "terminal"
    PAGE = "table of the page"
    SHEET = "workbook"
    REPORT = "rows of a report"
    LABELS = "label sheet"


@dataclass(frozen=True, slots=True)
class At:
    """A column at a place.

    Attributes:
        after: Name of the column to the left of it; empty for the first.
        name: Its name there, in a first row or an address; by default that of the column.
        heading: Its heading for people; by default the name.
        width: Width in characters, where the place has a width.
        cell: Makes the value from a row; by default, the value of the column, with lists joined.
        is_usual: Whether it is shown unless a person chooses other columns.
    """

    after: str = ""
    name: str = ""
    heading: str = ""
    width: int = 14
    cell: Callable[[Any], Any] | None = None
    is_usual: bool = True


@dataclass(frozen=True, slots=True)
class IndexedValue:
    """A value that search conditions compare: name and SQLite type in the index, function of the column and of a ``paired`` one."""

    name: str
    kind: str = "TEXT"
    convert: Callable[..., Any] = lambda value: value
    paired: str = ""


@dataclass(frozen=True, slots=True)
class FullText:
    """A text that text queries search; ``joined`` joins the texts of a list."""

    joined: str = " / "


@dataclass(frozen=True, slots=True)
class SideTable:
    """A table of the index for values of which a provision can have several; a column ``provision`` is added."""

    name: str
    columns: tuple[str, ...]
    rows: Callable[[Any], Iterable[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        of: Class of the record with the value; None if the writer of the row adds it.
        derive: Makes the value from the record; by default, the value is the attribute of the same name and is read back.
        indexed: Its forms in the search index; empty if it is not searched.
        shown: Places that show it.
        joined: Separator that joins a list to one cell of an export; empty if the list is kept.
        is_large: Left out where documents are listed.
    """

    name: str
    type: ColumnType
    description: str
    of: builtins.type[Any] | None = None
    derive: Callable[[Any], Any] | None = None
    nullable: bool = False
    shown: Mapping[Place, At] = field(default_factory=dict)
    indexed: tuple[IndexedValue | FullText | SideTable, ...] = ()
    joined: str = ""
    is_large: bool = False

    @property
    def choices(self) -> builtins.type[StrEnum] | None:
        """Labels that a text (or each element of a list of texts) must come from; None if free."""
        kind = self.type.item if isinstance(self.type, ListOf) else self.type
        return kind if isinstance(kind, builtins.type) else None

    def name_at(self, place: Place) -> str:
        """Its name at a place."""
        return self.shown[place].name or self.name

    def heading_at(self, place: Place) -> str:
        """Its heading at a place."""
        return self.shown[place].heading or self.name_at(place)

    def cell_at(self, place: Place, row: Any) -> Any:  # noqa: ANN401 - a row or a hit, and what a place shows of it
        """The value of a row as a place shows it."""
        if make := self.shown[place].cell:
            return make(row)
        value = row[self.name]
        return "; ".join(value) if isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """One table.

    Attributes:
        key: Columns whose values together are unique.
        partition_by: Columns by which the files are split.
        stats: Columns with a stored minimum and maximum per file, so that readers can skip files.
        order: Columns by which rows are sorted for readers.
        is_pinned: Whether a version has its own state of the table; if not, the table is a log about versions.
    """

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    partition_by: tuple[str, ...] = ()
    stats: tuple[str, ...] = ()
    is_pinned: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)


def in_row(declared: ColumnType, value: Any) -> Any:  # noqa: ANN401 - of the declared type
    """A value of a record as a row has it."""
    if isinstance(declared, ListOf):
        return [in_row(declared.item, element) for element in value]
    if isinstance(declared, MapOf):
        return dict(value)
    if isinstance(declared, Struct) and value is not None:
        fields, sources = declared.fields, declared.sources or {}
        parts = value if isinstance(value, tuple) else [attrgetter(sources.get(name, name))(value) for name in fields]
        return {name: in_row(kind, part) for (name, kind), part in zip(fields.items(), parts, strict=True)}
    return value.value if isinstance(declared, type) else value


def in_record(declared: ColumnType, value: Any) -> Any:  # noqa: ANN401 - of the declared type
    """The value of a record that the value in a row was made from."""
    if isinstance(declared, ListOf):
        return tuple(in_record(declared.item, element) for element in value)
    if isinstance(declared, Struct) and value is not None:
        # A field that an older version did not write keeps the default of the record.
        return declared.make(**{n: in_record(kind, value[n]) for n, kind in declared.fields.items() if n in value})
    return declared(value) if isinstance(declared, type) else value

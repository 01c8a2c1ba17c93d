"""Results of a search: hits with citations and links, and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, make_dataclass
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from osce_commitments.errors import ConfigError
from osce_commitments.fields import DOCUMENTS, HIT_COLUMNS, PROVISIONS, columns_at
from osce_commitments.fields.column import ListOf, Place
from osce_commitments.fields.provisions import dated_limits
from osce_commitments.query.cite import citation, provision_link
from osce_commitments.schema import ClassifiedProvision, Row
from osce_commitments.tables import arrow_type, classified_from_row

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

_CONTEXT_CHARACTERS = 400
_NOTEBOOK = [column for column in columns_at(Place.TERMINAL) if column.name != "id"]
_Columns: Any = make_dataclass("_Columns", [column.name for column in HIT_COLUMNS], frozen=True, slots=True)


@dataclass(frozen=True, slots=True)
class Hit(_Columns):  # type: ignore[misc] # the fields of the columns are made from their declaration
    """A found provision; its other fields are the columns declared for hits.

    A list of structures becomes a list of their texts: ``deadlines`` has deadlines and intervals in words.

    Attributes:
        citation: "MC.DEC/9/11, para. 3 (a), p. 2".
        link: Path of its page.
        paragraph: Its whole paragraph.
        due: Last days of its dated deadlines that set a limit (2027-12-31), earliest first.
        score: Its rank value, highest first: relevance (no upper bound) or cosine; 0.0 without text.
        highlights: Matches of the text query in ``reading``, in order.
        lacks: What was asked for and is neither in the provision nor in the titles above it, of a hit in :class:`Near`.
    """

    citation: str
    link: str
    paragraph: str = ""
    due: tuple[str, ...] = ()
    score: float = 0.0
    highlights: tuple[tuple[int, int], ...] = ()
    lacks: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - of the column's type
        return getattr(self, name)


def hit(row: Mapping[str, Any], score: float = 0.0, highlights: tuple[tuple[int, int], ...] = ()) -> Hit:
    """The hit for a row of the index."""
    values = {column.name: row[column.name] for column in HIT_COLUMNS}
    for column in HIT_COLUMNS:
        if isinstance(column.type, ListOf):
            values[column.name] = tuple(
                item["text"] if isinstance(item, dict) else item for item in values[column.name]
            )
    return Hit(
        **values,
        citation=citation(row),
        link=provision_link(row["id"]),
        paragraph=row["paragraph"],
        due=tuple(sorted({last for _, last in dated_limits(row["deadlines"])})),
        score=score,
        highlights=highlights,
    )


@dataclass(frozen=True, slots=True)
class ProvisionView:
    """A provision in its context.

    Attributes:
        record: The provision as a record.
        document: Row of its document, without text, blocks and pages.
        before, after: Surrounding text.
    """

    provision: Row
    record: ClassifiedProvision
    document: Row
    before: str
    after: str

    @classmethod
    def of(cls, row: Row, document: Row) -> ProvisionView:
        """The view of a provision, from its row and the whole row of its document."""
        provision = {name: value for name, value in row.items() if name in PROVISIONS.names}
        listed = [column.name for column in DOCUMENTS.columns if not column.is_large]
        about = {name: value for name, value in document.items() if name in listed}
        text, start, end = document["text"], row["start"], row["end"]
        # Cut between words.
        before, after = text[max(0, start - _CONTEXT_CHARACTERS) : start], text[end : end + _CONTEXT_CHARACTERS]
        if start > _CONTEXT_CHARACTERS:
            before = before.partition(" ")[2]
        if end + _CONTEXT_CHARACTERS < len(text):
            after = after.rpartition(" ")[0]
        return cls(provision, classified_from_row(row), about, before, after)


@dataclass(frozen=True, slots=True, repr=False)
class SearchResult:
    """A page of results.

    Attributes:
        total: Number of provisions that meet the conditions.
        hits: Hits on this page, in order.
        offset: Number of hits before this page.
        version: Version of the dataset.
    """

    total: int
    hits: tuple[Hit, ...]
    offset: int
    version: int

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dictionary per hit."""
        names = [field.name for field in fields(Hit)]
        return [{name: hit[name] for name in names} for hit in self.hits]

    def to_arrow(self) -> pa.Table:
        """The hits as an Arrow table; the schema is the same without hits."""
        import pyarrow as pa

        text, texts = pa.string(), pa.list_(pa.string())
        kinds = {
            column.name: texts if isinstance(column.type, ListOf) else arrow_type(column.type) for column in HIT_COLUMNS
        }
        kinds |= {"citation": text, "link": text, "paragraph": text, "due": texts, "score": pa.float64()}
        schema = pa.schema(kinds | {"highlights": pa.list_(pa.list_(pa.int32()))})
        return pa.Table.from_pylist(self.to_dicts(), schema=schema)

    def __repr__(self) -> str:
        return f"SearchResult({self._summary()})"

    def _repr_html_(self) -> str:
        rows = ([hit[column.name] for column in _NOTEBOOK] for hit in self.hits)
        heads = [column.heading_at(Place.TERMINAL) for column in _NOTEBOOK]
        return html_table(heads, rows, self._summary())

    def _summary(self) -> str:
        return f"{len(self.hits):,} of {self.total:,} provisions, dataset version {self.version}"

    def to_pandas(self) -> pd.DataFrame:
        """The hits as a pandas frame.

        Raises:
            ConfigError: If pandas is not installed.
        """
        _need("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """The hits as a polars frame.

        Raises:
            ConfigError: If polars is not installed.
        """
        return _need("polars").from_arrow(self.to_arrow())


def _need(package: str) -> Any:  # noqa: ANN401 - a module
    from importlib import import_module

    try:
        return import_module(package)
    except ImportError as error:
        msg = f"{package} is not installed"
        raise ConfigError(msg, f"install it (pip install {package}), or use to_arrow()") from error


class Near(NamedTuple):
    """What is near a query without all of its words.

    Attributes:
        close: What is very likely on its matter; without such hits, the best one if it is likely.
        further: Others, which may be on another matter.
    """

    close: tuple[Hit, ...] = ()
    further: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """Number of provisions with a value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of found provisions by value, most frequent first (strengths, areas and years in their own order).

    Each facet ignores its own condition, so that a page can offer the other values. The last area is ``none``. Meetings are those
    of the Ministerial Council, newest first. ``commitments`` counts commitments (``yes``) and all provisions (``any``).
    ``basis`` counts provisions by what one of the chosen areas stands on, first those where any word names it (``named``).
    """

    strength: tuple[Count, ...]
    threat_areas: tuple[Count, ...]
    basis: tuple[Count, ...]
    year: tuple[Count, ...]
    body: tuple[Count, ...]
    addressee: tuple[Count, ...]
    meeting: tuple[Count, ...]
    type: tuple[Count, ...]
    adopted: tuple[Count, ...]
    form: tuple[Count, ...]
    commitments: tuple[Count, ...]


def html_table(heads: Sequence[str], rows: Iterable[Sequence[object]], summary: str) -> str:
    """An HTML table with a line below it; every value is escaped."""
    head = "".join(f"<th style='text-align:left'>{escape(name)}</th>" for name in heads)
    body = ""
    for row in rows:
        body += "<tr>"
        for value in row:
            text = (
                ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
            )
            body += f"<td style='text-align:left'>{escape(text)}</td>"
        body += "</tr>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{escape(summary)}</p>"

"""What a search answers: rows that know where they come from, in the form that a person works with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from osce_commitments.errors import ConfigError
from osce_commitments.query.cite.citation_text import citation, provision_link

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

_AS_LISTS = ("heading", "threat_areas", "addressee", "qualifiers", "delegation")


@dataclass(frozen=True, slots=True)
class Hit:
    """A provision that was found; its fields are those of ``provisions`` and of its document.

    Attributes:
        id: Identifier of the provision.
        document: Identifier of its document.
        reading: Lead-in, text and tail as one sentence.
        deadlines: By when or how often to act, in words.
        citation: "MC.DEC/9/11, para. 3 (a), p. 2".
        link: Path of its page.
        score: What it was ranked by, greater first: relevance (no upper bound) or cosine; 0.0 without text.
        highlights: Stretches of ``reading`` that the text query found, in order.
    """

    id: str
    document: str
    symbol: str
    body: str
    type: str
    date: dt.date | None
    year: int | None
    title: str
    role: str
    heading: tuple[str, ...]
    number: str
    lead_in: str
    text: str
    tail: str
    reading: str
    note_mark: str
    note_of: str
    delegation: tuple[str, ...]
    about: str
    strength: str
    strength_level: int
    threat_areas: tuple[str, ...]
    addressee: tuple[str, ...]
    action: str
    qualifiers: tuple[str, ...]
    deadlines: tuple[str, ...]
    page: int | None
    needs_review: bool
    is_adopted: bool
    model_id: str
    source: str
    citation: str
    link: str
    score: float = 0.0
    highlights: tuple[tuple[int, int], ...] = ()


def hit(row: Mapping[str, Any], score: float = 0.0, highlights: tuple[tuple[int, int], ...] = ()) -> Hit:
    """The hit that a row of the index is."""
    values = {field.name: row[field.name] for field in fields(Hit) if field.name in row}
    values |= {name: tuple(row[name]) for name in _AS_LISTS}
    values["deadlines"] = tuple(deadline["text"] for deadline in row["deadlines"])
    return Hit(**values, citation=citation(row), link=provision_link(row["id"]), score=score, highlights=highlights)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of what was found.

    Attributes:
        total: Number of provisions that meet the conditions.
        hits: Those of this page, in order.
        offset: Number of hits before them.
        version: Version of the dataset.
    """

    total: int
    hits: tuple[Hit, ...]
    offset: int
    version: int

    def to_dicts(self) -> list[dict[str, Any]]:
        """One dictionary per hit."""
        names = [field.name for field in fields(Hit)]
        return [{name: getattr(one, name) for name in names} for one in self.hits]

    def to_arrow(self) -> pa.Table:
        """The hits as an Arrow table; the columns and types are the same for no hit."""
        import pyarrow as pa

        return pa.Table.from_pylist(self.to_dicts(), schema=_schema())

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
        raise ConfigError(msg, f"pip install {package}, or take to_arrow()") from error


def _schema() -> pa.Schema:
    import pyarrow as pa

    from osce_commitments.tables import schema

    texts = pa.list_(pa.string())
    known = {
        **{field.name: field.type for field in schema("documents")},
        **{field.name: field.type for field in schema("provisions")},
        **dict.fromkeys(("heading", "threat_areas", "addressee", "qualifiers", "delegation", "deadlines"), texts),
        "citation": pa.string(),
        "link": pa.string(),
        "score": pa.float64(),
        "highlights": pa.list_(pa.list_(pa.int32())),
    }
    return pa.schema([(field.name, known[field.name]) for field in fields(Hit)])


@dataclass(frozen=True, slots=True)
class Reference:
    """One side of citations between a document and an instrument: the other one, and the provisions that cite.

    Attributes:
        symbol: Its symbol; empty for a document that has none.
        title: Its title; empty if neither dataset nor catalogue knows one.
        document: Its id in the dataset; empty if its text is not held.
        link: Path of its page; empty if its text is not held.
        provisions: Ids of the provisions that cite, in order.
    """

    symbol: str
    title: str
    document: str
    link: str
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many provisions have a value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts of the values that found provisions have, most frequent first (strengths, areas, years in their order).

    Each is counted as if its own condition were not given, so that a page can offer the other values. Last of the areas
    stands ``none``: provisions without any.
    """

    strength: tuple[Count, ...]
    threat_areas: tuple[Count, ...]
    year: tuple[Count, ...]
    body: tuple[Count, ...]
    addressee: tuple[Count, ...]

"""Write ``docs/reference/data.md`` from the declared columns: ``python docs/data_reference.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from osce_commitments.fields import DESCRIBED_COLUMNS, SCHEMA_VERSION, TABLES
from osce_commitments.fields.column import Column, FullText, IndexedValue, SideTable
from osce_commitments.tables import describe_table

PAGE = Path(__file__).with_name("reference") / "data.md"
_SEARCHED = {FullText: "text queries", IndexedValue: "conditions", SideTable: "conditions"}


def pages() -> dict[Path, str]:
    """The page by its path."""
    return {PAGE: "\n".join(_lines())}


def _lines() -> Iterator[str]:
    yield "# Tables and columns"
    yield ""
    yield "Written by `python docs/data_reference.py` from the declarations in `pipeline/osce_commitments/fields/`: do not edit."
    yield f"Schema {SCHEMA_VERSION}. [The dataset and its limits](../explanation/dataset.md) explains what a provision and a version are."
    for name, definition in TABLES.items():
        yield ""
        yield from describe_table(definition, name, is_joined=False)
    yield from _search()
    yield ""


def _search() -> Iterator[str]:
    yield ""
    yield "## What is searched and shown"
    yield ""
    yield "Columns of a provision that a search uses, or that stand in a hit (`query`, Python, page) or in the view"
    yield "`commitments`. `symbol`, `body`, `date`, `year`, `type`, `is_adopted` and `source` are those of the document."
    yield "Its `date`, or else its `year`, is what `--since` and `--until` compare; `--document` takes its id, symbol or source."
    yield ""
    yield "| column | searched by | shown in |"
    yield "|---|---|---|"
    for column in DESCRIBED_COLUMNS:
        if column.indexed or column.shown:
            yield f"| {column.name} | {_searched(column)} | {_shown(column)} |"


def _searched(column: Column) -> str:
    return ", ".join(dict.fromkeys(_SEARCHED[type(one)] for one in column.indexed))


def _shown(column: Column) -> str:
    return ", ".join(column.shown)


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

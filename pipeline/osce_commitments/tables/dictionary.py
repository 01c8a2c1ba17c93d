"""The data dictionary of a table, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from osce_commitments.fields.column import Column, TableDefinition
from osce_commitments.tables.arrow import arrow_type


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
        yield from _labels(column)


def _labels(column: Column) -> Iterator[str]:
    defined = [label for label in column.choices or () if hasattr(label, "definition")]
    if defined:
        yield ""
        yield f"Labels of `{column.name}`:"
        yield ""
        yield from (f"- `{label}`: {label.definition}" for label in defined)

"""Results as HTML tables, which Jupyter shows for the last value of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_HEADS = ("citation", "date", "strength", "areas", "addressee", "provision")


def hits_table(rows: Iterable[Sequence[object]], summary: str) -> str:
    """An HTML table of hits; every value is escaped.

    Args:
        rows: One row per hit: citation, date, strength, areas, addressee, provision.
        summary: Line below the table.
    """
    return html_table(_HEADS, rows, summary)


def html_table(heads: Sequence[str], rows: Iterable[Sequence[object]], summary: str) -> str:
    """An HTML table with a line below it; every value is escaped."""
    head = "".join(f"<th style='text-align:left'>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{escape(summary)}</p>"


def _cell(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else "" if value is None else str(value)
    return f"<td style='text-align:left'>{escape(text)}</td>"

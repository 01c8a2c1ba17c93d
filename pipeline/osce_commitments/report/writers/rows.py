"""The rows of a report as CSV."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from osce_commitments.query import write_rows

if TYPE_CHECKING:
    from osce_commitments.report.model import Report


def as_csv(report: Report) -> bytes:
    """The rows as CSV in UTF-8; without rows only the header."""
    import pyarrow as pa

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in report.columns])
    target = io.BytesIO()
    write_rows(pa.Table.from_pylist(list(report.rows), schema=schema), "csv", target)
    return target.getvalue()

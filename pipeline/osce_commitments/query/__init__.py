"""Questions to a dataset: filters, read-only SQL, one provision in its context."""

from __future__ import annotations

from osce_commitments.query.ask import ProvisionView, run_sql, select, show
from osce_commitments.query.filters import Filters
from osce_commitments.query.formats import RowFormat, write_rows
from osce_commitments.query.graph import CitationGraph, Edge, GraphFormat, Node, citation_graph
from osce_commitments.query.views import VIEWS, connect

__all__ = [
    "VIEWS",
    "CitationGraph",
    "Edge",
    "Filters",
    "GraphFormat",
    "Node",
    "ProvisionView",
    "RowFormat",
    "citation_graph",
    "connect",
    "run_sql",
    "select",
    "show",
    "write_rows",
]

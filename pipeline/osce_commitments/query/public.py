"""The public names of the package, which imports them on first use."""

from __future__ import annotations

from osce_commitments.query.cite import (
    ReferenceFormat,
    citation,
    document_citation,
    document_link,
    provision_link,
    write_references,
)
from osce_commitments.query.conditions import CONDITIONS, NO_AREA, Condition, Conditions
from osce_commitments.query.formats import RowFormat, RowLayout, search_notes, write_rows
from osce_commitments.query.graphs import (
    CitationGraph,
    GraphFormat,
    citation_graph,
    lineage_graphml,
)
from osce_commitments.query.history import CommitmentLine, History, TakenUp
from osce_commitments.query.reader import Reader
from osce_commitments.query.result import Count, Facets, Hit, Near, ProvisionView, SearchResult
from osce_commitments.query.search.language import QueryError
from osce_commitments.query.selection import COMMITMENTS, Selection
from osce_commitments.query.sql import VIEWS, connect, run_sql
from osce_commitments.query.store import Counts

__all__ = [
    "COMMITMENTS",
    "CONDITIONS",
    "NO_AREA",
    "VIEWS",
    "CitationGraph",
    "CommitmentLine",
    "Condition",
    "Conditions",
    "Count",
    "Counts",
    "Facets",
    "GraphFormat",
    "History",
    "Hit",
    "Near",
    "ProvisionView",
    "QueryError",
    "Reader",
    "ReferenceFormat",
    "RowFormat",
    "RowLayout",
    "SearchResult",
    "Selection",
    "TakenUp",
    "citation",
    "citation_graph",
    "connect",
    "document_citation",
    "document_link",
    "lineage_graphml",
    "provision_link",
    "run_sql",
    "search_notes",
    "write_references",
    "write_rows",
]

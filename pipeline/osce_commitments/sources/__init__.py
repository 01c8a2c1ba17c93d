"""First stage: find the inputs and read their bytes."""

from __future__ import annotations

from osce_commitments.sources.discover import STDIN, discover
from osce_commitments.sources.metadata_table import attach, load_metadata, own_tables
from osce_commitments.sources.read import localise, read_source

__all__ = ["STDIN", "attach", "discover", "load_metadata", "localise", "own_tables", "read_source"]

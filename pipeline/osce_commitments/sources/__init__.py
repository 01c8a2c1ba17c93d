"""First stage: find the inputs and read their bytes."""

from __future__ import annotations

from osce_commitments.sources.discover import STDIN, discover
from osce_commitments.sources.read import localise, read_source

__all__ = ["STDIN", "discover", "localise", "read_source"]

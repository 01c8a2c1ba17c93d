"""From the bytes of a source to documents: readers of each format, layout, volumes, metadata, language."""

from __future__ import annotations

from osce_commitments.documents.parse import parse

__all__ = ["parse"]

"""Converts the bytes of a source into documents: format readers, layout, volumes, metadata, language."""

from __future__ import annotations

from osce_commitments.documents.parse import parse

__all__ = ["parse"]

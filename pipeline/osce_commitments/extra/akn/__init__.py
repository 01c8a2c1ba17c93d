"""Instruments as Akoma Ntoso documents."""

from __future__ import annotations

from osce_commitments.extra.akn.export import export, export_instruments
from osce_commitments.extra.akn.writer import akn_document

__all__ = ["akn_document", "export", "export_instruments"]

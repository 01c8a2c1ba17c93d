"""Follow provisions through the documents: which later provision takes up which earlier one, and how."""

from __future__ import annotations

from osce_commitments.lineage.lines import line_id, line_ids
from osce_commitments.lineage.links import document_links, latest, lineage_row, link_of
from osce_commitments.lineage.scores import nearest_provisions
from osce_commitments.lineage.sketches import Sketches, nearest
from osce_commitments.lineage.worded import WordedDocument
from osce_commitments.lineage.wording import procedure_of, title_words

__all__ = [
    "Sketches",
    "WordedDocument",
    "document_links",
    "latest",
    "line_id",
    "line_ids",
    "lineage_row",
    "link_of",
    "nearest",
    "nearest_provisions",
    "procedure_of",
    "title_words",
]  # fmt: skip

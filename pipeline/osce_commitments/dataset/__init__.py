"""The versioned dataset: Delta tables, pinned together by one manifest per version."""

from __future__ import annotations

from osce_commitments.dataset.diff import Diff
from osce_commitments.dataset.export import ExportFormat, export_folder, export_version
from osce_commitments.dataset.plan import Outcome
from osce_commitments.dataset.store import Dataset
from osce_commitments.dataset.versions import VersionInfo
from osce_commitments.dataset.writer import RunRecord, Writer

__all__ = [
    "Dataset", "Diff", "ExportFormat", "Outcome", "RunRecord", "VersionInfo", "Writer", "export_folder",
    "export_version",
]  # fmt: skip

"""Reports on a dataset version: overview, digest, gaps."""

from __future__ import annotations

from osce_commitments.report.kinds import (
    MOST_PRINTED,
    digest,
    first_of,
    gaps,
    overview,
    title_of,
    watch_reports,
    watched,
)
from osce_commitments.report.method import quality_lines
from osce_commitments.report.model import Cover, Report
from osce_commitments.report.statements import commitments_of, selection_in_words
from osce_commitments.report.writers import FORMATS, check_format, render, write_report

__all__ = [
    "FORMATS",
    "MOST_PRINTED",
    "Cover",
    "Report",
    "check_format",
    "commitments_of",
    "digest",
    "first_of",
    "gaps",
    "overview",
    "quality_lines",
    "render",
    "selection_in_words",
    "title_of",
    "watch_reports",
    "watched",
    "write_report",
]

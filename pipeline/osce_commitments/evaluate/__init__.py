"""Measure a classifier on labelled provisions, beside naive baselines on the same rows."""

from __future__ import annotations

from osce_commitments.evaluate.evaluation import evaluate, run_evaluation
from osce_commitments.evaluate.report import Report
from osce_commitments.evaluate.rows import LabelledRow, read_rows

__all__ = ["LabelledRow", "Report", "evaluate", "read_rows", "run_evaluation"]

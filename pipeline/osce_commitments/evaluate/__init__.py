"""Measure a classifier on labelled provisions and hold it to its floors."""

from __future__ import annotations

from osce_commitments.evaluate.classifier import evaluate, run_evaluation
from osce_commitments.evaluate.report import EvaluationReport

__all__ = ["EvaluationReport", "evaluate", "run_evaluation"]

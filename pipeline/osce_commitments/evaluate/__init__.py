"""Measure a classifier on labelled provisions, and the stages before it on documents with stand-off gold."""

from __future__ import annotations

from osce_commitments.evaluate.classifier import evaluate, run_evaluation
from osce_commitments.evaluate.gold.gold_report import GoldReport, run_gold
from osce_commitments.evaluate.report import EvaluationReport

__all__ = ["EvaluationReport", "GoldReport", "evaluate", "run_evaluation", "run_gold"]

"""Measure structure, facts and citations against documents whose mark-up says what they are."""

from osce_commitments.evaluate.structure.forms import DocumentForm
from osce_commitments.evaluate.structure.structure_run import run_structure

__all__ = ["DocumentForm", "run_structure"]

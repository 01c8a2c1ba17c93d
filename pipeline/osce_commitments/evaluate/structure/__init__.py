"""Measures structure, facts and citations against the mark-up of documents."""

from osce_commitments.evaluate.structure.forms import DocumentForm
from osce_commitments.evaluate.structure.structure_run import run_structure

__all__ = ["DocumentForm", "run_structure"]

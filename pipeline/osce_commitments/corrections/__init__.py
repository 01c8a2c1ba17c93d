"""Corrections: what people say is right, kept by what a provision is, and laid over the labels of the program."""

from __future__ import annotations

from osce_commitments.corrections.identity import Identity, identity_of
from osce_commitments.corrections.matching import Corrections
from osce_commitments.corrections.merging import Standing, new_rows, standing_answers
from osce_commitments.corrections.overlay import overlaid, reverted
from osce_commitments.corrections.record import LabelAnswer, Subject

__all__ = [
    "Corrections",
    "Identity",
    "LabelAnswer",
    "Standing",
    "Subject",
    "identity_of",
    "new_rows",
    "overlaid",
    "reverted",
    "standing_answers",
]

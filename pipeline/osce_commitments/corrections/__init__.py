"""Corrections: what people say is right, kept by what a provision is, and laid over the labels of the program."""

from __future__ import annotations

from osce_commitments.corrections.identity import Identity, identity_of
from osce_commitments.corrections.standing import (
    Corrections,
    LabelAnswer,
    Standing,
    Subject,
    new_rows,
    overlaid,
    reverted,
    standing_answers,
)

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

"""Measures and kinds that several steps of the layout share."""

from __future__ import annotations

from osce_commitments.labels import BlockKind

# Distance of two base lines on one line, in heights of the type: indices and marks of footnotes stand a little higher.
SAME_LINE = 0.3
# Distance to the line above from which a line opens a paragraph, in units of the usual distance.
PARAGRAPH_GAP = 1.3
# Further in by more than this is a level of a list.
INDENT_STEP_POINTS = 8.0
# Paragraphs that count as the opening of an instrument, which names its kind, title and date.
OPENING_PARAGRAPHS = 6
# What may stand in the middle of a paragraph, and what is passed over where neighbours are looked at.
INTERRUPTING = frozenset({BlockKind.FURNITURE, BlockKind.FOOTNOTE})
PASSED_OVER = INTERRUPTING | {BlockKind.CONTENTS}

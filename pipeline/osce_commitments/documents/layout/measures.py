"""Measures and kinds shared by the steps of the layout."""

from __future__ import annotations

from osce_commitments.labels import BlockKind

# Largest distance of two baselines on the same line, in type sizes: superscripts are a little higher.
SAME_LINE = 0.3
# A larger distance to the line above opens a paragraph; in units of the usual distance.
PARAGRAPH_GAP = 1.3
# A larger indent is a further level of a list.
INDENT_STEP_POINTS = 8.0
# Number of paragraphs in the opening of an instrument, which gives its kind, title and date.
OPENING_PARAGRAPHS = 6
# Kinds that may interrupt a paragraph, and kinds that are skipped in the search for a neighbour.
INTERRUPTING = frozenset({BlockKind.FURNITURE, BlockKind.FOOTNOTE})
PASSED_OVER = INTERRUPTING | {BlockKind.CONTENTS}

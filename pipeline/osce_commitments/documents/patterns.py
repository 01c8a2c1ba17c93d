"""The rules on layout and on the facts about a document, and measures shared by the steps of the layout."""

from __future__ import annotations

import functools

from osce_commitments.labels import BlockKind
from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.texts.dates import months_pattern

# Largest distance of two baselines on the same line, in type sizes: superscripts are a little higher.
SAME_LINE = 0.3
# A larger distance to the line above opens a paragraph; in units of the usual distance.
PARAGRAPH_GAP = 1.3
# A larger indent is a further level of a list.
INDENT_STEP_POINTS = 8.0
# Types whose sizes differ by more are not of one text.
SAME_SIZE_POINTS = 0.8
# A line with more characters is no heading, and no entry of a table of contents.
LONGEST_HEADING = 130
# Number of paragraphs in the opening of an instrument, which gives its kind, title and date.
OPENING_PARAGRAPHS = 6
# Kinds that may interrupt a paragraph, and kinds that are skipped in the search for a neighbour.
INTERRUPTING = frozenset({BlockKind.FURNITURE, BlockKind.FOOTNOTE})
PASSED_OVER = INTERRUPTING | {BlockKind.CONTENTS}


@functools.cache
def layout_rules() -> RuleSet:
    """Rules that decide the kind of a line or paragraph."""
    return load_rules("layout")


@functools.cache
def fact_rules() -> RuleSet:
    """Rules that find symbol, body, type, place and title of an instrument."""
    return load_rules("facts", {"month": months_pattern()})


def has_form(text: str, *groups: str) -> bool:
    """Whether a rule on layout matches in a text, of any of these groups."""
    rules = layout_rules()
    for group in groups:
        for rule in rules.group(group):
            if rule.search(text):
                return True
    return False

"""Lines that look like headings but are not: stems of lists, and the items below them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from osce_commitments.documents.layout.measures import INDENT_STEP_POINTS, PASSED_OVER
from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.records import Paragraph
from osce_commitments.labels import BlockKind

_SHORTEST_RUN = 2
_LONGEST_NAME = 8


def with_lists(before: Sequence[Paragraph], marked: Sequence[Paragraph]) -> list[Paragraph]:
    """Correct headings that were marked by their format alone: stems of lists and their items.

    Args:
        before: Paragraphs before headings were marked.
        marked: The same paragraphs afterwards.
    """
    result = _with_items(before, marked)
    for index, following in _neighbours(result):
        if _is_guess(before[index], result[index]) and _opens_list(before[index], following):
            result[index] = before[index]
    return result


def _neighbours(items: Sequence[Paragraph]) -> list[tuple[int, Paragraph]]:
    """Return the index of each paragraph and the paragraph that follows it, without interruptions."""
    shown = [index for index, item in enumerate(items) if item.kind not in PASSED_OVER]
    return [(here, items[below]) for here, below in pairwise(shown)]


def _is_guess(before: Paragraph, marked: Paragraph) -> bool:
    """Whether a plain line became a heading only by its format."""
    became_heading = before.kind is BlockKind.PARAGRAPH and marked.kind is BlockKind.HEADING
    return became_heading and not before.bold and not before.in_capitals


def _opens_list(stem: Paragraph, first: Paragraph) -> bool:
    """Whether a line without a full stop opens a list: what follows is in lower case, or an item without a full stop.

    Numbered paragraphs and items in whole sentences are below headings.
    """
    if (
        first.kind is not BlockKind.PARAGRAPH
        or layout_rules().finds("heading", stem.text)
        or layout_rules().finds("list_label", stem.text)
    ):
        return False
    label = layout_rules().first("list_label", first.text)
    words = first.text[label[1].end() :].lstrip() if label else first.text
    begins_small = words[:1].islower() or (label is not None and layout_rules().finds("quoted_term", words))
    if begins_small:
        return len(stem.text.split()) > 1 or layout_rules().finds("recital", stem.text)
    return (
        len(stem.text.split()) > _SHORTEST_RUN
        and layout_rules().finds("item_label", first.text)
        and not layout_rules().finds("ending.item", words)
    )


def _with_items(before: Sequence[Paragraph], marked: Sequence[Paragraph]) -> list[Paragraph]:
    """Mark lines below "… should have:", or several lines indented below a line, as its items."""
    result = list(marked)
    shown = [index for index, item in enumerate(marked) if item.kind not in PASSED_OVER]
    place = 1
    while place < len(shown):
        above = shown[place - 1]
        run = _run(before, marked, shown[place:], before[above])
        if run and _are_items(before[above], marked[above], [before[index] for index in run]):
            for index in run:
                result[index] = before[index]
            if marked[above].kind is BlockKind.HEADING:
                result[above] = before[above]
            place += len(run)
        else:
            place += 1
    return result


def _run(
    before: Sequence[Paragraph], marked: Sequence[Paragraph], places: Sequence[int], above: Paragraph
) -> list[int]:
    """Return the following lines of the same form and indent: all labelled, or all without label and full stop."""
    first = before[places[0]]
    is_labelled, is_below = (
        layout_rules().finds("list_label", first.text),
        first.indent - above.indent > INDENT_STEP_POINTS,
    )

    def is_alike(index: int) -> bool:
        line = before[index]
        if line.kind is not BlockKind.PARAGRAPH or abs(line.indent - first.indent) >= INDENT_STEP_POINTS:
            return False
        if layout_rules().finds("list_label", line.text) != is_labelled:
            return False
        return _is_plain_line(line, marked[index]) or (not is_labelled and _is_name(line, is_below=is_below))

    run = list(takewhile(is_alike, places))
    while run and not is_below and not _is_plain_line(before[run[-1]], marked[run[-1]]):
        run.pop()
    return run


def _is_name(line: Paragraph, *, is_below: bool) -> bool:
    """Whether a line in a list is a name in capitals or begins in lower case."""
    is_short = (
        len(line.text.split()) <= _LONGEST_NAME
        and layout_rules().finds("ending.without_stop", line.text)
        and not line.bold
    )
    if line.in_capitals:
        return is_short and not layout_rules().finds("heading", line.text) and (is_below or " " not in line.text)
    return is_short and line.text[:1].islower()


def _are_items(guess: Paragraph, above: Paragraph, run: Sequence[Paragraph]) -> bool:
    """Whether lines of the same form are items of the paragraph above them.

    Args:
        guess: The paragraph above, before headings were marked.
        above: The same paragraph afterwards.
        run: The lines.
    """
    further_in = run[0].indent - above.indent
    is_several = len(run) >= _SHORTEST_RUN
    if above.kind is BlockKind.PARAGRAPH and above.text.endswith(":"):
        return is_several or (further_in > INDENT_STEP_POINTS and not layout_rules().finds("list_label", run[0].text))
    if layout_rules().finds("list_label", run[0].text):
        return False
    if above.kind is BlockKind.PARAGRAPH:
        # The last item of a list, announced by the one before it; or a list below words that open it.
        is_aligned = (
            above.indent > 0
            and abs(further_in) < INDENT_STEP_POINTS
            and not layout_rules().finds("list_label", above.text)
        )
        is_announced = layout_rules().finds("ending.separator", above.text) or above.text.endswith((" and", " or"))
        return (is_aligned and is_announced) or (
            further_in > INDENT_STEP_POINTS and layout_rules().finds("lead_in", above.text)
        )
    return _is_guess(guess, above) and is_several and further_in > INDENT_STEP_POINTS


def _is_plain_line(before: Paragraph, marked: Paragraph) -> bool:
    is_heading = layout_rules().finds("heading", before.text) and not layout_rules().finds("list_label", before.text)
    return _is_guess(before, marked) and not is_heading

"""Lines that look like headings but are not: stems of lists, and the items below them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import pairwise

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
    rules = layout_rules()
    if (
        first.kind is not BlockKind.PARAGRAPH
        or rules.finds("heading", stem.text)
        or rules.finds("list_label", stem.text)
    ):
        return False
    label = rules.first("list_label", first.text)
    words = first.text[label[1].end() :].lstrip() if label else first.text
    if label is not None and not rules.finds("first_label", first.text):
        return False
    begins_small = words[:1].islower() or (label is not None and rules.finds("quoted_term", words))
    if begins_small:
        return len(stem.text.split()) > 1 or rules.finds("recital", stem.text)
    return (
        len(stem.text.split()) > _SHORTEST_RUN
        and rules.finds("item_label", first.text)
        and not rules.finds("ending.item", words)
    )


def _with_items(before: Sequence[Paragraph], marked: Sequence[Paragraph]) -> list[Paragraph]:
    """Mark lines below "… should have:", or several lines indented below a line, as its items."""
    result = list(marked)
    shown = [index for index, item in enumerate(marked) if item.kind not in PASSED_OVER]
    runs = _Runs([before[index] for index in shown], [marked[index] for index in shown])
    place = 1
    while place < len(shown):
        above = shown[place - 1]
        run = runs.below(place)
        if run and _are_items(before[above], marked[above], runs.before[place], is_several=len(run) >= _SHORTEST_RUN):
            for index in map(shown.__getitem__, run):
                result[index] = before[index]
            if marked[above].kind is BlockKind.HEADING:
                result[above] = before[above]
            place += len(run)
        else:
            place += 1
    return result


class _Runs:
    """Finds the lines of the same form and indent below a line; each stretch of such lines is read once."""

    def __init__(self, before: Sequence[Paragraph], marked: Sequence[Paragraph]) -> None:
        self.before = before
        self._marked = marked
        self._stretches: dict[tuple[float, bool, bool], tuple[range, int]] = {}
        self._label = functools.cache(lambda place: layout_rules().finds("list_label", before[place].text))
        self._plain = functools.cache(lambda place: _is_plain_line(before[place], marked[place]))
        self._name = functools.cache(lambda place, is_below: _is_name(before[place], is_below=is_below))

    def below(self, place: int) -> range:
        """Return the places of lines from a place on that are all labelled, or all without label and full stop."""
        if self.before[place].kind is not BlockKind.PARAGRAPH:
            return range(0)
        is_below = self.before[place].indent - self.before[place - 1].indent > INDENT_STEP_POINTS
        form = (self.before[place].indent, self._label(place), is_below)
        alike, stop = self._stretches.get(form, (range(0), 0))
        if place not in alike:
            alike, stop = self._stretches[form] = self._stretch(place, *form)
        return range(place, max(place, stop))

    def _stretch(self, start: int, indent: float, is_labelled: bool, is_below: bool) -> tuple[range, int]:  # noqa: FBT001
        """Return the places of alike lines, and the end of the items among them: names do not end a list."""
        places = range(start, len(self.before))
        end = next((place for place in places if not self._is_alike(place, indent, is_labelled, is_below)), places.stop)
        stop = end
        while stop > start and not is_below and not self._plain(stop - 1):
            stop -= 1
        return range(start, end), stop

    def _is_alike(self, place: int, indent: float, is_labelled: bool, is_below: bool) -> bool:  # noqa: FBT001
        line = self.before[place]
        if line.kind is not BlockKind.PARAGRAPH or abs(line.indent - indent) >= INDENT_STEP_POINTS:
            return False
        if self._label(place) != is_labelled:
            return False
        return self._plain(place) or (not is_labelled and self._name(place, is_below))


def _is_name(line: Paragraph, *, is_below: bool) -> bool:
    """Whether a line in a list is a name in capitals or begins in lower case."""
    rules = layout_rules()
    is_short = (
        len(line.text.split()) <= _LONGEST_NAME and rules.finds("ending.without_stop", line.text) and not line.bold
    )
    if line.in_capitals:
        return is_short and not rules.finds("heading", line.text) and (is_below or " " not in line.text)
    return is_short and line.text[:1].islower()


def _are_items(guess: Paragraph, above: Paragraph, first: Paragraph, *, is_several: bool) -> bool:
    """Whether lines of the same form are items of the paragraph above them.

    Args:
        guess: The paragraph above, before headings were marked.
        above: The same paragraph afterwards.
        first: The first of the lines.
        is_several: Whether there are more.
    """
    rules = layout_rules()
    further_in = first.indent - above.indent
    if above.kind is BlockKind.PARAGRAPH and above.text.endswith(":"):
        return is_several or (further_in > INDENT_STEP_POINTS and not rules.finds("list_label", first.text))
    if rules.finds("list_label", first.text):
        return False
    if above.kind is BlockKind.PARAGRAPH:
        # The last item of a list, announced by the one before it; or a list below words that open it.
        is_aligned = (
            above.indent > 0 and abs(further_in) < INDENT_STEP_POINTS and not rules.finds("list_label", above.text)
        )
        is_announced = rules.finds("ending.separator", above.text) or above.text.endswith((" and", " or"))
        return (is_aligned and is_announced) or (further_in > INDENT_STEP_POINTS and rules.finds("lead_in", above.text))
    return _is_guess(guess, above) and is_several and further_in > INDENT_STEP_POINTS


def _is_plain_line(before: Paragraph, marked: Paragraph) -> bool:
    rules = layout_rules()
    is_heading = rules.finds("heading", before.text) and not rules.finds("list_label", before.text)
    return _is_guess(before, marked) and not is_heading

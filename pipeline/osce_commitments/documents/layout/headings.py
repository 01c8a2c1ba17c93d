"""Letterhead, titles, headings and closing formulas among the paragraphs of one instrument."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from osce_commitments.documents.patterns import (
    INDENT_STEP_POINTS,
    LONGEST_HEADING,
    PASSED_OVER,
    fact_rules,
    has_form,
    layout_rules,
)
from osce_commitments.documents.records import Paragraph
from osce_commitments.labels import BlockKind
from osce_commitments.texts.capitals import is_capitals

_SHORTEST_RUN = 2
_LONGEST_NAME = 8


def with_lists(before: Sequence[Paragraph], marked: Sequence[Paragraph]) -> list[Paragraph]:
    """Correct headings that were marked by their format alone (``before`` has none): stems of lists and their items."""
    result = _with_items(before, marked)
    for index, below in pairwise(_shown(result)):
        if _is_guess(before[index], result[index]) and _is_stem_of(before[index], result[below]):
            result[index] = before[index]
    return result


def _shown(items: Sequence[Paragraph]) -> list[int]:
    """Return the places of the paragraphs without those that interrupt the text."""
    return [index for index, item in enumerate(items) if item.kind not in PASSED_OVER]


def _is_guess(before: Paragraph, marked: Paragraph) -> bool:
    """Whether a plain line became a heading only by its format."""
    became_heading = before.kind is BlockKind.PARAGRAPH and marked.kind is BlockKind.HEADING
    return became_heading and not before.bold and not before.in_capitals


def _is_stem_of(stem: Paragraph, first: Paragraph) -> bool:
    """Whether a line without a full stop opens a list: what follows is in lower case, or an item without a full stop.

    Numbered paragraphs and items in whole sentences are below headings.
    """
    rules = layout_rules()
    if first.kind is not BlockKind.PARAGRAPH or has_form(stem.text, "heading", "list_label"):
        return False
    label = rules.first("list_label", first.text)
    words = first.text[label[1].end() :].lstrip() if label else first.text
    if label is not None and not has_form(first.text, "first_label"):
        return False
    begins_small = words[:1].islower() or (label is not None and has_form(words, "quoted_term"))
    if begins_small:
        return len(stem.text.split()) > 1 or has_form(stem.text, "recital")
    return (
        len(stem.text.split()) > _SHORTEST_RUN
        and has_form(first.text, "item_label")
        and not has_form(words, "ending.item")
    )


def _with_items(before: Sequence[Paragraph], marked: Sequence[Paragraph]) -> list[Paragraph]:
    """Mark lines below "… should have:", or several lines indented below a line, as its items."""
    result = list(marked)
    shown = _shown(marked)
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
        self._stretches: dict[tuple[float, bool, bool], tuple[range, int]] = {}
        self._label = functools.cache(lambda place: has_form(before[place].text, "list_label"))
        self._plain = functools.cache(
            lambda place: (
                _is_guess(before[place], marked[place])
                and (self._label(place) or not has_form(before[place].text, "heading"))
            )
        )
        self._name = functools.cache(lambda place, is_below: _is_name(before[place], is_below=is_below))

    def below(self, place: int) -> range:
        """Return the places of lines from a place on that are all labelled, or all without label and full stop."""
        if self.before[place].kind is not BlockKind.PARAGRAPH:
            return range(0)
        is_below = self.before[place].indent - self.before[place - 1].indent > INDENT_STEP_POINTS
        form = (self.before[place].indent, self._label(place), is_below)
        alike, stop = self._stretches.get(form, (range(0), 0))
        if place not in alike:
            end = place
            while end < len(self.before) and self._is_alike(end, *form):
                end += 1
            stop = end
            # Names do not end a list.
            while stop > place and not is_below and not self._plain(stop - 1):
                stop -= 1
            self._stretches[form] = range(place, end), stop
        return range(place, max(place, stop))

    def _is_alike(self, place: int, indent: float, is_labelled: bool, is_below: bool) -> bool:  # noqa: FBT001
        line = self.before[place]
        if line.kind is not BlockKind.PARAGRAPH or abs(line.indent - indent) >= INDENT_STEP_POINTS:
            return False
        if self._label(place) != is_labelled:
            return False
        return self._plain(place) or (not is_labelled and self._name(place, is_below))


def _is_name(line: Paragraph, *, is_below: bool) -> bool:
    """Whether a line in a list is a name in capitals or begins in lower case."""
    is_short = len(line.text.split()) <= _LONGEST_NAME and has_form(line.text, "ending.without_stop") and not line.bold
    if line.in_capitals:
        return is_short and not has_form(line.text, "heading") and (is_below or " " not in line.text)
    return is_short and line.text[:1].islower()


def _are_items(guess: Paragraph, above: Paragraph, first: Paragraph, *, is_several: bool) -> bool:
    """Whether lines of the same form are items of the paragraph above them; ``guess`` is that paragraph before headings were marked."""
    further_in = first.indent - above.indent
    if above.kind is BlockKind.PARAGRAPH and above.text.endswith(":"):
        return is_several or (further_in > INDENT_STEP_POINTS and not has_form(first.text, "list_label"))
    if has_form(first.text, "list_label"):
        return False
    if above.kind is BlockKind.PARAGRAPH:
        # The last item of a list, announced by the one before it; or a list below words that open it.
        is_aligned = (
            above.indent > 0 and abs(further_in) < INDENT_STEP_POINTS and not has_form(above.text, "list_label")
        )
        is_announced = has_form(above.text, "ending.separator") or above.text.endswith((" and", " or"))
        return (is_aligned and is_announced) or (further_in > INDENT_STEP_POINTS and has_form(above.text, "lead_in"))
    return _is_guess(guess, above) and is_several and further_in > INDENT_STEP_POINTS


_MAX_HEADING_WORDS = 18
_MAX_TITLE_CHARACTERS = 400
_MAX_NAME_CHARACTERS = 60
_MOST_LINES_OF_LETTERHEAD = 30
_LONGEST_LINE_OF_LETTERHEAD = 500
_JOINED = frozenset({BlockKind.TITLE, BlockKind.HEADING})


def structured(items: Sequence[Paragraph]) -> list[Paragraph]:
    """Distinguish titles, headings and signatures from paragraphs, and set the levels of headings."""
    items = _with_letterhead(items)
    first_text = next(
        (
            index
            for index, item in enumerate(items)
            if item.kind is BlockKind.PARAGRAPH and not _may_be_title(items, index)
        ),
        len(items),
    )
    opening = next((item for item in items if item.kind not in PASSED_OVER and item.kind is not BlockKind.HEADER), None)
    if opening is not None and opening.kind is BlockKind.HEADING and opening.level == 1:
        # A format with headings marks the title itself; a byline below it is not a second title.
        first_text = 0
    # There is no title below place and day.
    first_paragraph = next((index for index, item in enumerate(items) if item.kind is BlockKind.PARAGRAPH), len(items))
    below = (index for index in range(first_paragraph + 1, first_text) if has_form(items[index].text, "place_and_day"))
    first_text = next(below, first_text)
    titled = [_as_title(item, before_text=index < first_text) for index, item in enumerate(items)]
    titled = _with_edges_of_block(_promote_headings(titled))
    marked = [_as_heading(titled, index) for index in range(len(titled))]
    return _with_levels(_joined_titles(with_lists(titled, marked)))


def _may_be_title(items: Sequence[Paragraph], index: int) -> bool:
    item = items[index]
    if item.bold and len(item.text) <= LONGEST_HEADING and not has_form(item.text, "list_label"):
        return not has_form(item.text, "numbered_act")
    if len(item.text) > _MAX_TITLE_CHARACTERS or has_form(
        item.text, "list_label", "opens_running_text", "journal_field"
    ):
        return False
    if has_form(item.text, "enacting_opening") or _names_body(item.text):
        return False
    following = _next(items, index)
    if following is not None and has_form(following.text, "list_label") and has_form(item.text, "lead_in"):
        return False
    if has_form(item.text, "decision_heading") or item.in_capitals or item.bold:
        return True
    if fact_rules().finds("title", item.text):
        return has_form(item.text, "ending.without_stop")
    is_last = all(items[place].kind is not BlockKind.PARAGRAPH for place in range(index + 1, len(items)))
    is_short = len(item.text) <= LONGEST_HEADING * 2 and not has_form(item.text, "inner_stop")
    return not is_last and is_short and has_form(item.text, "ending.without_stop")


def _names_body(text: str) -> bool:
    """Whether a line in capitals names the adopting body ("THE PERMANENT COUNCIL,") and is not a title."""
    return text.isupper() and has_form(text, "enacting_in_capitals")


def _as_title(item: Paragraph, *, before_text: bool) -> Paragraph:
    facts = fact_rules()
    if item.kind is not BlockKind.PARAGRAPH:
        return item
    if has_form(item.text, "decision_heading"):
        return replace(item, kind=BlockKind.TITLE)
    if not before_text or has_form(item.text, "heading"):
        return item
    if has_form(item.text, "header_block.possible"):
        return replace(item, kind=BlockKind.HEADER)
    words = len(item.text.split())
    is_named = facts.finds("title", item.text) or facts.finds("type.title", item.text) or item.in_capitals or item.bold
    return replace(item, kind=BlockKind.TITLE) if is_named or words > 3 else item  # noqa: PLR2004 - "Ukraine"


def _with_edges_of_block(items: Sequence[Paragraph]) -> list[Paragraph]:
    """Correct the edges of a header block: a name above it, place and date below the title."""
    result = list(items)
    shown = _shown(items)
    kinds = [items[index].kind for index in shown]
    if kinds[1:2] == [BlockKind.HEADER] and BlockKind.TITLE in kinds[2:]:
        first = items[shown[0]]
        is_name = first.kind in {BlockKind.TITLE, BlockKind.PARAGRAPH} and has_form(first.text, "ending.without_stop")
        if is_name and len(first.text) <= _MAX_NAME_CHARACTERS and not first.in_capitals:
            result[shown[0]] = replace(first, kind=BlockKind.HEADER)
    for above, here, below in zip(shown, shown[1:], shown[2:], strict=False):
        is_alone = items[above].kind is BlockKind.TITLE and items[below].kind not in {BlockKind.HEADER, BlockKind.TITLE}
        if (
            is_alone
            and items[here].kind in {BlockKind.HEADER, BlockKind.PARAGRAPH}
            and has_form(items[here].text, "place_and_day")
        ):
            result[here] = replace(items[here], kind=BlockKind.PARAGRAPH)
    return result


def _promote_headings(items: Sequence[Paragraph]) -> list[Paragraph]:
    """Turn the first top-level headings marked by the format into the title, unless text or a title precedes them."""
    result = list(items)
    begun = False
    for index, item in enumerate(items):
        is_top = (
            item.kind is BlockKind.HEADING
            and (item.level == 1 or (index > 0 and has_form(items[index - 1].text, "decision_heading")))
            and not has_form(item.text, "heading")
        )
        if is_top:
            result[index] = replace(item, kind=BlockKind.TITLE, level=0)
            begun = True
            continue
        is_text = item.kind is BlockKind.PARAGRAPH and len(item.text) > _MAX_TITLE_CHARACTERS
        is_title = item.kind is BlockKind.TITLE and not has_form(item.text, "decision_heading")
        if begun or is_text or is_title:
            break
    return result


def _as_heading(items: Sequence[Paragraph], index: int) -> Paragraph:
    rules = layout_rules()
    item = items[index]
    if item.kind is not BlockKind.PARAGRAPH:
        return item
    if has_form(item.text, "closing"):
        return replace(item, kind=BlockKind.SIGNATURE)
    heading = rules.first("heading", item.text)
    if heading is not None:
        return replace(item, kind=BlockKind.HEADING, level=int(heading[0].gives["level"]))
    if not _looks_like_heading(item):
        return item
    following = _next(items, index)
    if following is None or following.kind in {BlockKind.HEADER, BlockKind.SIGNATURE}:
        return item
    return replace(item, kind=BlockKind.HEADING, level=2 if item.in_capitals else 3)


def _next(items: Sequence[Paragraph], index: int) -> Paragraph | None:
    return next((items[place] for place in range(index + 1, len(items)) if items[place].kind not in PASSED_OVER), None)


def _looks_like_heading(item: Paragraph) -> bool:
    text = item.text
    if is_capitals(text) and len(text) <= _MAX_TITLE_CHARACTERS:
        is_text = _names_body(text) or has_form(text, "lead_in_in_capitals")
        return not has_form(text, "header_block.possible") and not is_text
    if (
        not (item.bold or text[:1].isupper())
        or len(text) > LONGEST_HEADING
        or len(text.split()) > _MAX_HEADING_WORDS
        or fact_rules().finds("article_sign", text)
        or has_form(text, "numbered_act", "form_field")
    ):
        return False
    if has_form(text, "lead_in"):
        return False
    if not has_form(text, "ending.without_stop") or has_form(text, "header_block.possible"):
        return item.bold and text.endswith(":")
    if has_form(text, "numbered_line"):
        return item.bold
    return text[0].isupper() and not has_form(text, "list_label")


def _joined_titles(items: Sequence[Paragraph]) -> list[Paragraph]:
    """Join consecutive lines of a title or heading in capitals; the number of a decision stays separate."""
    result: list[Paragraph] = []
    for item in items:
        above = result[-1] if result else None
        if above is not None and _are_lines_of_title(above, item):
            pages = above.pages or item.pages
            result[-1] = replace(above, text=f"{above.text} {item.text}", pages=pages)
        else:
            result.append(item)
    return result


def _are_lines_of_title(above: Paragraph, item: Paragraph) -> bool:
    if above.kind is not item.kind or item.kind not in _JOINED or not above.in_capitals or not item.in_capitals:
        return False
    if item.opens_page or len(above.text) > _MAX_TITLE_CHARACTERS:
        return False
    if item.kind is BlockKind.TITLE:
        return not any(has_form(line.text, "decision_heading") for line in (above, item))
    if above.level != item.level:
        return False
    if any(has_form(line.text, group) for group in ("heading", "list_label") for line in (above, item)):
        return False
    is_broken = has_form(above.text, "title_joint.end") or has_form(item.text, "title_joint.start")
    return is_broken or has_form(above.text, "title_opening")


def _with_levels(items: Sequence[Paragraph]) -> list[Paragraph]:
    """Put the name of a numbered heading ("Article 1", then "Purpose") one level below its number."""
    result: list[Paragraph] = []
    above: Paragraph | None = None
    for item in items:
        new = item
        if item.kind is BlockKind.HEADING and above is not None:
            is_named = has_form(above.text, "number_as_heading") and not has_form(item.text, "number_as_heading")
            if is_named and item.level <= above.level:
                new = replace(item, level=min(above.level + 1, 6))  # as in HTML
        result.append(new)
        if item.kind not in PASSED_OVER:
            above = new if new.kind is BlockKind.HEADING else None
    return result


def _with_letterhead(items: Sequence[Paragraph]) -> list[Paragraph]:
    """Mark the lines above the enacting formula of a printed resolution: its subject is the title, all others a header.

    The subject follows the number of the resolution ("78/226. Drills"); a resolution of the Security Council has only
    a number; in a draft the subject is the last line. Other documents stay as they are.
    """
    shown = _shown(items)[:_MOST_LINES_OF_LETTERHEAD]
    formula = next(
        (place for place, index in enumerate(shown) if _is_of_letterhead("enacting_formula", items[index])), None
    )
    signs = ["sign"] if formula is None else ["sign", "subject"]
    if formula is None:
        # A decision names the organ inside its first sentence.
        formula = next(
            (place + 1 for place, index in enumerate(shown) if _is_of_letterhead("numbered_title", items[index])), 0
        )
    above = shown[:formula]
    if not any(_is_of_letterhead(sign, items[index]) for index in above for sign in signs):
        return list(items)
    if any(
        len(items[index].text) > _LONGEST_LINE_OF_LETTERHEAD and not _is_of_letterhead("no_title", items[index])
        for index in above
    ):
        return list(items)
    numbered = [place for place, index in enumerate(above) if _is_of_letterhead("subject", items[index])]
    named = [index for index in above if _is_of_letterhead("resolution", items[index])]
    title: list[int] = []
    if numbered:
        title = [index for index in above[numbered[-1] :] if not _is_of_letterhead("no_title", items[index])]
    elif named:
        title = named[-1:]
    elif items[above[-1]].kind is not BlockKind.HEADER:
        is_other = any(_is_of_letterhead(form, items[above[-1]]) for form in ("no_title", "sign"))
        title = [] if is_other else above[-1:]
    result = list(items)
    for index in above if title else ():
        kind = BlockKind.TITLE if index in title else BlockKind.HEADER
        result[index] = replace(items[index], kind=kind, level=0)
    return result


def _is_of_letterhead(name: str, item: Paragraph) -> bool:
    return has_form(item.text, f"letterhead.{name}")

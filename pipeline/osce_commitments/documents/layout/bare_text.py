"""Lines of a text without pages, by their form: running heads, navigation of a web page, verbs on lines of their own."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.records import Line
from osce_commitments.labels import BlockKind

_ROMAN = re.compile(r"[IVX]{1,6}\.")
_PAGE = re.compile(r"\d{1,3}")
_LONGEST_HEAD = 60  # characters
_MOST_LINES_OF_A_STEM = 3
_FEWEST_LANGUAGES = 5  # no list of an instrument has five codes of languages in a row
_WORDS_OF_NAVIGATION = 6
_FAR = 3.0  # a gap that parts paragraphs
_NOTES_LOOKED_FOR = re.compile(r"\((\d{1,2})\)")
_FEWEST_NOTES = 1


def with_form(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with their furniture and notes marked and with verbs in capitals joined to their words.

    A file with pages or with a layout of its own is returned as it is.
    """
    if not lines or any(line.page or line.size for line in lines):
        return list(lines)
    marked = _with_kind(lines, {*_running_heads(lines), *_navigation(lines)}, BlockKind.FURNITURE)
    marked = _with_kind(marked, _notes(marked), BlockKind.FOOTNOTE)
    return _with_stems_apart(_with_verbs_joined(marked))


def _with_kind(lines: Sequence[Line], places: set[int], kind: BlockKind) -> list[Line]:
    return [
        replace(line, kind=kind) if place in places and line.kind is None else line for place, line in enumerate(lines)
    ]


def _running_heads(lines: Sequence[Line]) -> set[int]:
    """Return the places of lines that are alike but for the number of the page, which counts on."""
    pages: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for place, line in enumerate(lines):
        for rule in layout_rules().group("head_with_page") if len(line.text) <= _LONGEST_HEAD else ():
            if match := rule.search(line.text):
                pages[match["head"]].append((int(match["page"]), place))
    heads: set[int] = set()
    for numbered in pages.values():
        for (page, above), (following, below) in pairwise(sorted(numbered)):
            heads.update((above, below) if following == page + 1 and above < below else ())
    opening = layout_rules().first("head_with_page", lines[0].text)
    below_first = lines[1].text.casefold() if len(lines) > 1 else ""
    is_repeated = opening is not None and below_first.startswith(opening[1]["head"].casefold())
    return {*heads, *_page_counts(lines), *_page_numbers(lines), *([0] if is_repeated else [])}


def _page_numbers(lines: Sequence[Line]) -> set[int]:
    """Return the places of numbers on lines of their own that count on by one: pages, or the numbers of rows."""
    numbers = [(int(line.text), place) for place, line in enumerate(lines) if _PAGE.fullmatch(line.text)]
    places: set[int] = set()
    for (number, above), (following, below) in pairwise(numbers):
        places.update((above, below) if following == number + 1 else ())
    return places


def _page_counts(lines: Sequence[Line]) -> set[int]:
    """Return the places of "2/4" and of the symbol above or below it."""
    rules = layout_rules()
    heads: set[int] = set()
    for place, line in enumerate(lines):
        if rules.finds("page_of_pages", line.text):
            near = [beside for beside in (place - 1, place + 1) if 0 <= beside < len(lines)]
            symbols = [beside for beside in near if rules.finds("symbol_by_form", lines[beside].text)]
            heads.update([place, *symbols] if symbols else ())
    return heads


def _navigation(lines: Sequence[Line]) -> set[int]:
    """Return the places of a menu of languages and of the short lines around it."""
    rules = layout_rules()
    menu = [place for place, line in enumerate(lines) if rules.finds("language_of_menu", line.text)]
    if len(menu) < _FEWEST_LANGUAGES or menu[-1] - menu[0] > 2 * len(menu):
        return set()
    last = menu[-1]
    while last + 1 < len(lines) and len(lines[last + 1].text.split()) <= _WORDS_OF_NAVIGATION:
        last += 1
    return set(range(last + 1))


def _notes(lines: Sequence[Line]) -> set[int]:
    """Return the places of notes at the end of a text whose marks "(1)", "(2)" are printed inside its sentences."""
    numbers = [
        (place, int(match[1]))
        for place, line in enumerate(lines)
        if (match := _NOTES_LOOKED_FOR.fullmatch(line.text.strip()))
    ]
    if len(numbers) < _FEWEST_NOTES or numbers[0][1] != 1:
        return set()
    first = numbers[0][0]
    marks = {int(mark) for line in lines[:first] for mark in _NOTES_LOOKED_FOR.findall(line.text[1:])}
    if not all(number in marks for _, number in numbers):
        return set()
    return {place + step for place, _ in numbers for step in (0, 1) if place + step < len(lines)}


def _with_verbs_joined(lines: Sequence[Line]) -> list[Line]:
    """Join a verb in capitals on a line of its own ("RECALLING") to its words in lower case on the line below."""
    rules = layout_rules()
    joined: list[Line] = []
    has_speaker = False
    for line in lines:
        above = joined[-1] if joined and joined[-1].kind is line.kind is None else None
        if above is not None and line.text[:1].islower() and _is_opener(above.text, has_speaker=has_speaker):
            text = f"{above.text} {line.text}"
            width = line.right - line.left
            gap = above.gap if above.whole else max(above.gap, _FAR)
            joined[-1] = replace(above, text=text, right=above.left + max(width, above.right - above.left), gap=gap)
        elif above is not None and _ROMAN.fullmatch(above.text) and _is_opener(line.text, has_speaker=has_speaker):
            joined[-1] = replace(line, text=f"{above.text} {line.text}", gap=above.gap)
        else:
            joined.append(line)
        has_speaker = has_speaker or rules.finds("speaker_by_form", line.text)
    return joined


def _is_opener(text: str, *, has_speaker: bool) -> bool:
    rules = layout_rules()
    return rules.finds("verb_line.participle", text) or (has_speaker and rules.finds("verb_line.plain", text))


def _with_stems_apart(lines: Sequence[Line]) -> list[Line]:
    """Set verbs in lower case on lines of their own ("resolves", "instructs the Board"), and their items, apart."""
    rules = layout_rules()
    result = list(lines)
    texts = [line.text for line in lines]
    number = 0
    is_begun = False
    place = 1
    while place < len(lines):
        if end := _end_of_stem(texts, place):
            if speaker := 0 if is_begun else _start_of_speaker(texts, place):
                result[speaker] = replace(result[speaker], gap=_FAR)
            is_begun = True
            result[place] = replace(result[place], gap=_FAR)
            result[end] = replace(result[end], gap=_FAR)
            number, place = 0, end
        found = rules.first("small_number", texts[place])
        if found is not None and int(found[1]["number"]) == number + 1:
            number += 1
            result[place] = replace(result[place], gap=_FAR)
        place += 1
    return result


def _start_of_speaker(texts: Sequence[str], stem: int) -> int:
    """Return the place of the line where the words begin that name who speaks above the first stem; 0 if none do."""
    for place in range(stem - 1, max(0, stem - 1 - _MOST_LINES_OF_A_STEM), -1):
        if layout_rules().finds("speaker_by_form", " ".join(texts[place:stem])):
            return place
    return 0


def _end_of_stem(texts: Sequence[str], place: int) -> int:
    """Return the place below a stem that begins at a place; 0 if none does."""
    rules = layout_rules()
    above = next((text for text in reversed(texts[:place]) if not rules.finds("head_with_page", text)), "")
    if not rules.finds("stem_line", texts[place]) or not rules.finds("ending.item", above):
        return 0
    items = "item_below_stem.label" if "," in texts[place] else "item_below_stem"
    for end in range(place + 1, min(place + 1 + _MOST_LINES_OF_A_STEM, len(texts))):
        if rules.finds(items, texts[end]):
            return end
        if not rules.finds("ending.without_stop", texts[end]):
            break
    return 0

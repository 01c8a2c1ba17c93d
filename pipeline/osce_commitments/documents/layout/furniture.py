"""Finds lines that are not running text: furniture, header blocks, footnotes, contents.

It works on lines before they are joined to paragraphs, because a header block looks like a paragraph.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, takewhile
from re import Match

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.documents.patterns import LONGEST_HEADING, SAME_SIZE_POINTS, has_form, layout_rules
from osce_commitments.documents.records import Line
from osce_commitments.labels import BlockKind

_SHORTEST_SERIES = 2


def split_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines, split where one contains two; whole paragraphs also before acts whose numbers continue a series."""
    pending = list(reversed(list(lines)))
    while pending:
        line = pending.pop()
        # Converters run two paragraphs together ("The Security Council, Recalling …"); the halves of a header block
        # share a line ("Ministerial Council 30 November 2007").
        halves = (
            layout_rules().first("two_lines.of_header", line.text) if line.kind in (None, BlockKind.TABLE) else None
        )
        if halves is None and line.whole and line.kind is None:
            halves = layout_rules().first("two_lines.of_text", line.text)
        if halves is not None:
            line = replace(line, text=halves[1][1].strip())
            pending.append(replace(line, text=halves[1][2].lstrip("# ")))
        acts = layout_rules()["run_in_number.act"].finditer(line.text) if line.whole and line.kind is None else ()
        numbers = list(acts)
        if is_series(numbers):
            starts = [match.start("number") for match in numbers]
            for start, end in pairwise([0, *starts, len(line.text)]):
                if text := line.text[start:end].strip():
                    yield replace(line, text=text)
        else:
            yield line


def is_series(matches: Sequence[Match[str]]) -> bool:
    """Whether numbers found in a text are at least two and each is one more than the number before it."""
    numbers = [int(match["number"]) for match in matches]
    return len(numbers) >= _SHORTEST_SERIES and all(below == above + 1 for above, below in pairwise(numbers))


_MAX_SYMBOL_CHARACTERS = 40
_EDGE_LINES = 4
_MIN_REPEATS = 3
_MIN_SHARE = 0.4
_MIN_SHARE_OF_ENDS = 0.75
_MIN_ENTRIES = 3
_NEAR_LINES = 3
_HEADER_GROUPS = ("list_label", "header_block", "decision_heading", "number_as_heading")


def marked_lines(lines: Iterable[Line]) -> list[Line]:
    """Return the lines, one paragraph in each, with the kind of all that are not running text, heading or title."""
    marked = _mark_furniture(list(split_lines(lines)))
    result = list(marked)
    body = body_size(marked)
    for page, group in groupby(range(len(marked)), key=lambda index: marked[index].page) if body else ():
        positions = list(group)
        if page:
            for index in _notes_of_page(marked, positions, body - SAME_SIZE_POINTS):
                result[index] = replace(result[index], kind=BlockKind.FOOTNOTE)
    marked = [
        replace(line, kind=BlockKind.FOOTNOTE)
        if line.kind is None and line.whole and has_form(line.text, "footnote.paragraph")
        else line
        for line in _with_printed_notes(_with_notes_below_rules(result))
    ]
    marked = _mark_contents(marked)
    return _mark_headers(marked)


def is_symbol(text: str) -> bool:
    """Whether a line contains only a symbol ("MC.DEC/9/11/Corr.1")."""
    return len(text) < _MAX_SYMBOL_CHARACTERS and "/" in text and bool(printed_symbol(text))


def printed_symbol(text: str) -> str:
    """Return the canonical form of a symbol, printed with or without a note mark; empty if the line is not one."""
    return normalise_symbol(text.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")) or ""


def _is_head_line(text: str, position: int, first: dict[str, int]) -> bool:
    """Whether a line may be part of a running head: symbol, date, or the number of an annex that has begun."""
    if has_form(text, "number_as_heading") and has_form(text, "attachment"):
        return first[text] < position
    return is_symbol(text) or has_form(text, "header_block.possible")


def _without_symbol(text: str) -> str:
    return " ".join(word for word in text.split() if "/" not in word or not is_symbol(word))


def _mark_furniture(lines: Sequence[Line]) -> list[Line]:
    result = list(lines)
    edge: set[int] = set()  # places of the lines at the top or bottom of their page
    for page, group in groupby(range(len(lines)), key=lambda index: lines[index].page):
        places = list(group)
        edge.update([*places[:_EDGE_LINES], *places[-_EDGE_LINES:]] if page else ())
    repeated = _repeated(lines, edge) if edge else frozenset()
    for index, line in enumerate(lines):
        if line.kind is not None:
            continue
        is_edge = index in edge
        by_text = has_form(line.text, "running_head")
        repeats = is_edge and not _is_header_line(line.text) and _digitless(line.text) in repeated
        if by_text or repeats or (is_edge and has_form(line.text, "bare_number", "edge_line")):
            result[index] = replace(line, kind=BlockKind.FURNITURE)
    first = {line.text: index for index, line in reversed(list(enumerate(lines)))}
    numbers = [index for index, line in enumerate(lines) if has_form(line.text, "running_head.page_number")]
    # Lines that are printed twice and have no full stop are titles in running heads.
    counts = Counter(_without_symbol(line.text) for line in lines if line.text[:1].isupper()) if numbers else {}
    titles = {text for text, count in counts.items() if count > 1 and has_form(text, "ending.without_stop")}
    for index in numbers:
        _mark_head(result, index, first, titles)
    return _mark_page_tops(result, first) if edge else result


def _mark_page_tops(lines: list[Line], first: dict[str, int]) -> list[Line]:
    """Mark small print at the top of a page, and a running head of symbol and date without a page number.

    A page that opens with the organization's name or its language begins an instrument or an attachment; its
    symbol and date are a header block.
    """
    body = body_size(lines)
    seen: set[str] = set()
    for page, group in groupby(range(len(lines)), key=lambda index: lines[index].page):
        top = [index for index in group if lines[index].kind is None][:_EDGE_LINES]
        texts = [lines[index].text for index in top]
        is_known = any(text in seen for text in texts) and not any(
            has_form(text, "header_block.certain") for text in texts
        )
        for place, index in enumerate(top if page > 1 else []):
            is_head = is_known and _is_head_line(texts[place], top[0], first)
            if not is_head and not 0 < lines[index].size < body - SAME_SIZE_POINTS:
                break
            lines[index] = replace(lines[index], kind=BlockKind.FURNITURE)
        seen.update(text for text in texts if is_symbol(text))
    return lines


def _mark_head(lines: list[Line], index: int, first: dict[str, int], titles: set[str]) -> None:
    """Mark symbol, date and repeated title right after or before a page number on the same page."""
    page = lines[index].page
    for step in (1, -1):
        for distance in range(1, _NEAR_LINES + 1):
            position = index + step * distance
            if not 0 <= position < len(lines) or lines[position].page != page or lines[position].kind is not None:
                break
            text = lines[position].text
            begins = is_symbol(text.split(maxsplit=1)[0]) and has_form(text, "ending.without_stop")
            if not (begins or _without_symbol(text) in titles or _is_head_line(text, position, first)):
                break
            lines[position] = replace(lines[position], kind=BlockKind.FURNITURE)


def _repeated(lines: Sequence[Line], edge: Collection[int]) -> frozenset[str]:
    """Return texts, digits replaced, at the edge of many pages, or that open or close nearly every one (at least two).

    Header lines repeat in volumes and do not count at the edge; page numbers do not count at the end.
    """
    pages = {line.page for line in lines}
    seen = {
        (lines[index].page, _digitless(lines[index].text)) for index in edge if not _is_header_line(lines[index].text)
    }
    counts = Counter(text for _, text in seen)
    needed = max(_MIN_REPEATS, _MIN_SHARE * len(pages))
    at_ends: Counter[str] = Counter()
    stretches = 0
    for page, group in groupby(lines, key=lambda line: line.page):
        stretches += 1
        texts = [line.text for line in group] if page else []
        ends = (
            next((text for text in order if not has_form(text, "running_head.page_number", "bare_number")), None)
            for order in (texts, reversed(texts))
        )
        at_ends.update({end for end in ends if end is not None})
    least = max(2, _MIN_SHARE_OF_ENDS * stretches)
    return frozenset(
        [text for text, count in counts.items() if count >= needed]
        + [_digitless(text) for text, count in at_ends.items() if count >= least]
    )


@functools.lru_cache(maxsize=1024)  # asked twice for each line at the edge of a page
def _is_header_line(text: str) -> bool:
    if has_form(text, *_HEADER_GROUPS) or is_symbol(text):
        return True
    # A line that opens a text or its acts can be on many pages of a volume: "RESOLUTION ON", "The Assembly:".
    is_first_line = has_form(text, "part_title_above_recitals") and has_form(text, "title_joint.end")
    return is_first_line or (text.endswith((":", ",")) and has_form(text, "enacting_opening"))


def _digitless(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _with_notes_below_rules(lines: Sequence[Line]) -> list[Line]:
    """Mark the notes below a printed rule: lines that open with a note's number, and the rest of their sentences."""
    result: list[Line] = []
    is_below = False
    for line in lines:
        above = result[-1] if result else line
        is_below = (is_below or has_form(above.text, "running_head.rule")) and above.page == line.page
        if is_below and line.kind is None:
            opens = has_form(line.text, "footnote.below_rule")
            continues = above.kind is BlockKind.FOOTNOTE and not has_form(above.text, "ending.sentence")
            is_below = opens or (continues and 0 < line.gap <= 1)
        result.append(replace(line, kind=BlockKind.FOOTNOTE) if is_below and line.kind is None else line)
    return result


def _notes_of_page(lines: Sequence[Line], positions: Sequence[int], body: float) -> list[int]:
    """Return the small lines at the foot of a page, and those that begin with a mark or follow a printed rule; ``body`` is the size below which a line is small."""
    text = [index for index in positions if lines[index].kind is None]
    at_foot = list(takewhile(lambda index: lines[index].size < body, reversed(text)))
    notes = set(at_foot if len(at_foot) < len(text) else ())
    above: Line | None = None
    for index in positions:
        line = lines[index]
        if line.kind is None and 0 < line.size < body and above is not None:
            is_first = has_form(above.text, "running_head.rule") or (
                above.size >= body and has_form(line.text, "footnote.small_mark")
            )
            if is_first or index - 1 in notes:
                notes.add(index)
        above = line
    return sorted(notes)


def _with_printed_notes(lines: Sequence[Line]) -> list[Line]:
    """Mark "[1] Including …" or "1/ Including …" after a text with that mark, and the rows below it."""
    rules = layout_rules()
    seen: set[str] = set()
    result: list[Line] = []
    for line in lines:
        note = rules["footnote.printed_number"].search(line.text) if line.kind is None else None
        is_continuing = bool(result) and result[-1].kind is BlockKind.FOOTNOTE and not line.whole and 0 < line.gap <= 1
        is_note = line.kind is None and (
            (note is not None and (note["bracketed"] or note["plain"]) in seen) or (is_continuing and note is None)
        )
        result.append(replace(line, kind=BlockKind.FOOTNOTE) if is_note else line)
        seen.update(number for marks in rules.pattern("footnote.mark").findall(line.text) for number in marks if number)
    return result


def body_size(lines: Sequence[Line]) -> float:
    """Return the type size of most of the text in points; 0.0 if unknown."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    return weights.most_common(1)[0][0] if weights else 0.0


def _mark_contents(lines: Sequence[Line]) -> list[Line]:
    """Mark the entries below a heading of contents; a title and its page number in a row of cells become one."""
    entries: list[Line] = []
    in_table = False
    for line in lines:
        in_table = has_form(line.text, "contents.heading") or (in_table and line.kind is BlockKind.TABLE)
        above = entries[-1] if entries else None
        if in_table and above is not None and above.kind is BlockKind.TABLE and has_form(line.text, "bare_number"):
            entries[-1] = replace(above, text=f"{above.text} {line.text}", kind=BlockKind.CONTENTS)
        else:
            entries.append(line)
    is_below = False
    unpaged: frozenset[int] = frozenset()
    for index, line in enumerate(list(entries)):
        if line.kind is not None:
            continue
        if has_form(line.text, "contents.heading"):
            is_below = True
            unpaged = _entries_without_pages(entries, index + 1)
        elif index not in unpaged and not has_form(line.text, "contents.entry"):
            # A table without leaders has plain entries, and headings between entries.
            following = [other.text for other in entries[index + 1 : index + 3] if other.page == line.page]
            is_below = is_below and (
                has_form(line.text, "contents.plain_entry")
                or any(has_form(text, "contents.entry") for text in following)
            )
            if not is_below:
                continue
        entries[index] = replace(line, kind=BlockKind.CONTENTS)
    return entries


def _entries_without_pages(lines: Sequence[Line], start: int) -> frozenset[int]:
    """Return the short lines and numbers below a heading of contents, up to the first text.

    The last one is the heading of that text, unless it names an annex or is printed again.
    """
    run: list[int] = []
    texts: set[str] = set()
    for index in range(start, len(lines)):
        text = lines[index].text
        is_title = len(text) <= LONGEST_HEADING and has_form(text, "ending.without_stop")
        is_entry = lines[index].kind is None and (is_title or has_form(text, "contents.number"))
        if not is_entry or has_form(text, "decision_heading", "header_block.certain"):
            break
        if text in texts:
            return frozenset(run)
        run.append(index)
        texts.add(text)
    paged = ("contents.entry", "contents.plain_entry")
    if len(run) < _MIN_ENTRIES or has_form(lines[run[0]].text, *paged):
        return frozenset()
    last = lines[run[-1]].text
    is_printed_again = any(line.text == last for line in lines[run[-1] + 1 :])
    return frozenset(run if is_printed_again or has_form(last, "heading.annex") else run[:-1])


def _mark_headers(lines: Sequence[Line]) -> list[Line]:
    """Mark header blocks: first lines found only there, then less certain lines near them."""
    result = list(lines)
    # Header blocks are often set as a table without borders.
    open_positions = [index for index, line in enumerate(lines) if line.kind in (None, BlockKind.TABLE)]
    anchors = {
        place
        for place, index in enumerate(open_positions)
        if has_form(lines[index].text, "header_block.certain") or is_symbol(lines[index].text)
    }
    for place, index in enumerate(open_positions):
        if has_form(lines[index].text, "first_half_of_organization"):
            # The right half of the block comes between the two lines of the name.
            for below in range(place + 1, min(place + _NEAR_LINES, len(open_positions))):
                if has_form(
                    f"{lines[index].text} {lines[open_positions[below]].text}", "header_block.certain.organization"
                ):
                    anchors |= {place, below}
    weak = [
        place
        for place, index in enumerate(open_positions)
        if place not in anchors and has_form(lines[index].text, "header_block.possible")
    ]
    # Both ways, so that a weak line can extend a block upwards or downwards.
    for place in weak + weak[::-1]:
        if any(near in anchors for near in range(place - _NEAR_LINES, place + _NEAR_LINES + 1)):
            anchors.add(place)
    sources = {
        p for p, open_position in enumerate(open_positions) if has_form(lines[open_position].text, "source_line")
    }
    for place in anchors | sources:
        index = open_positions[place]
        result[index] = replace(result[index], kind=BlockKind.HEADER, level=0)
    return result

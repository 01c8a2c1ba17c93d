"""Joins lines into paragraphs, and decides whether a hyphen at the end of a line is kept.

Furniture and footnotes that interrupt a paragraph are moved after it, so that its text is contiguous.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from osce_commitments.documents.layout.furniture import body_size, marked_lines
from osce_commitments.documents.patterns import (
    INDENT_STEP_POINTS,
    INTERRUPTING,
    LONGEST_HEADING,
    PARAGRAPH_GAP,
    SAME_SIZE_POINTS,
    has_form,
    layout_rules,
)
from osce_commitments.documents.records import Line, Paragraph
from osce_commitments.labels import BlockKind
from osce_commitments.resources import load_yaml
from osce_commitments.texts.capitals import is_capitals

_ROMAN = re.compile(r"[IVX]{1,6}\.")
_PAGE = re.compile(r"\d{1,3}")
_LONGEST_HEAD = 60  # characters
_MOST_LINES_OF_A_STEM = 3
_FEWEST_LANGUAGES = 5  # no list of an instrument has five codes of languages in a row
_WORDS_OF_NAVIGATION = 6
_FAR = 3.0  # a gap that parts paragraphs
_NOTES_LOOKED_FOR = re.compile(r"\((\d{1,2})\)")


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
    # Numbers on lines of their own that count on by one: pages, or the numbers of rows.
    numbers = [(int(line.text), place) for place, line in enumerate(lines) if _PAGE.fullmatch(line.text)]
    for (number, above), (following, below) in pairwise(numbers):
        heads.update((above, below) if following == number + 1 else ())
    # "2/4", and the symbol above or below it.
    for place, line in enumerate(lines):
        if has_form(line.text, "page_of_pages"):
            near = [beside for beside in (place - 1, place + 1) if 0 <= beside < len(lines)]
            symbols = [beside for beside in near if has_form(lines[beside].text, "symbol_by_form")]
            heads.update([place, *symbols] if symbols else ())
    opening = layout_rules().first("head_with_page", lines[0].text)
    below_first = lines[1].text.casefold() if len(lines) > 1 else ""
    is_repeated = opening is not None and below_first.startswith(opening[1]["head"].casefold())
    return heads | ({0} if is_repeated else set())


def _navigation(lines: Sequence[Line]) -> set[int]:
    """Return the places of a menu of languages and of the short lines around it."""
    menu = [place for place, line in enumerate(lines) if has_form(line.text, "language_of_menu")]
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
    if not numbers or numbers[0][1] != 1:
        return set()
    first = numbers[0][0]
    marks = {int(mark) for line in lines[:first] for mark in _NOTES_LOOKED_FOR.findall(line.text[1:])}
    if not all(number in marks for _, number in numbers):
        return set()
    return {place + step for place, _ in numbers for step in (0, 1) if place + step < len(lines)}


def _with_verbs_joined(lines: Sequence[Line]) -> list[Line]:
    """Join a verb in capitals on a line of its own ("RECALLING") to its words in lower case on the line below."""
    joined: list[Line] = []
    verbs = {"verb_line.participle"}
    for line in lines:
        above = joined[-1] if joined and joined[-1].kind is line.kind is None else None
        if above is not None and line.text[:1].islower() and has_form(above.text, *verbs):
            text = f"{above.text} {line.text}"
            width = line.right - line.left
            gap = above.gap if above.whole else max(above.gap, _FAR)
            joined[-1] = replace(above, text=text, right=above.left + max(width, above.right - above.left), gap=gap)
        elif above is not None and _ROMAN.fullmatch(above.text) and has_form(line.text, *verbs):
            joined[-1] = replace(line, text=f"{above.text} {line.text}", gap=above.gap)
        else:
            joined.append(line)
        if has_form(line.text, "speaker_by_form"):
            verbs.add("verb_line.plain")  # "DECIDES" needs somebody who decides
    return joined


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
            # The words that name who speaks stand above the first stem.
            above = range(place - 1, max(0, place - 1 - _MOST_LINES_OF_A_STEM), -1) if not is_begun else ()
            for start in above:
                if has_form(" ".join(texts[start:place]), "speaker_by_form"):
                    result[start] = replace(result[start], gap=_FAR)
                    break
            is_begun = True
            result[place] = replace(result[place], gap=_FAR)
            result[end] = replace(result[end], gap=_FAR)
            number, place = 0, end
        numbered = rules.first("small_number", texts[place])
        if numbered is not None and int(numbered[1]["number"]) == number + 1:
            number += 1
            result[place] = replace(result[place], gap=_FAR)
        place += 1
    return result


def _end_of_stem(texts: Sequence[str], place: int) -> int:
    """Return the place below a stem that begins at a place; 0 if none does."""
    above = next((text for text in reversed(texts[:place]) if not has_form(text, "head_with_page")), "")
    if not has_form(texts[place], "stem_line") or not has_form(above, "ending.item"):
        return 0
    items = "item_below_stem.label" if "," in texts[place] else "item_below_stem"
    for end in range(place + 1, min(place + 1 + _MOST_LINES_OF_A_STEM, len(texts))):
        if has_form(texts[end], items):
            return end
        if not has_form(texts[end], "ending.without_stop"):
            break
    return 0


def with_pages_of_tables_joined(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with repeated head rows marked as furniture, and the rest of a split row as resumed cells.

    Only furniture and footnotes may come between the pages of a table.
    """
    result = list(lines)
    for table in _tables(lines):
        pages = [list(group) for _, group in groupby(table, key=lambda index: lines[index].page)]
        head = _row([lines[index] for index in pages[0]])
        for above, below in pairwise(pages):
            row, start = _row([lines[index] for index in below]), 0
            cells = [[(line.level, line.text) for line in side] for side in (row, head)]
            if len(pages[0]) > len(head) > 1 and cells[0] == cells[1]:
                start = len(head)
                for index in below[:start]:
                    result[index] = replace(lines[index], kind=BlockKind.FURNITURE, level=0)
                row = _row([lines[index] for index in below[start:]])
            rest = [lines[index] for index in above]
            last = next(
                (place for place in range(len(rest) - 1, 0, -1) if rest[place].level < rest[place - 1].level), 0
            )
            if _is_cut(rest[last:], row):
                for index in below[start : start + len(row)]:
                    result[index] = replace(lines[index], resumes=True)
    return result


def _tables(lines: Sequence[Line]) -> Iterator[list[int]]:
    """Yield the positions of the cells of each table, in formats with pages."""
    table: list[int] = []
    for index, line in enumerate(lines):
        if line.kind is BlockKind.TABLE and line.page and line.level:
            table.append(index)
        elif line.kind not in INTERRUPTING and table:
            yield table
            table = []
    if table:
        yield table


def _row(cells: Sequence[Line]) -> list[Line]:
    """Return the first row; a row ends before a cell in a column further to the left."""
    end = next((index for index in range(1, len(cells)) if cells[index].level < cells[index - 1].level), len(cells))
    return list(cells[:end])


def _is_cut(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether a row continues after a page break.

    It does if each of its cells is in a column of the last row, and one continues in the middle of a sentence. A cell
    in the first column must be that one, as a new row has its number or name there.
    """
    last = {line.level: line for line in above}
    if not below or any(line.level not in last for line in below):
        return False
    judged = below[:1] if below[0].level == above[0].level else below
    pairs = [(last[line.level].text, line.text) for line in judged]
    # Lower case is no evidence if the cell above begins in lower case too.
    return any(
        lower[:1].islower() and not upper[:1].islower() and not has_form(upper, "ending.sentence")
        for upper, lower in pairs
    )


_COLUMN_GAP = 8.0  # Wider than any gap inside a column: the text continues in the next one.
_FULL_SHARE = 0.82
_LARGE_POINTS = 1.5
_LONGEST_ITEM = 80
_LONG_TEXT = 60
_WORDS_OF_A_LINK = 2
_OPENERS = ("journal_field", "number_of_resolution", "numbered_act.verb")
_LINES_ALONE = ("enacting_line", "decision_heading", "marker_line")
_ALONE = frozenset({BlockKind.HEADER, BlockKind.CONTENTS, BlockKind.FURNITURE, BlockKind.TABLE, BlockKind.SIGNATURE})
_OPEN_ENDS = ("/", "\u2013", "\u2014")
_DASHES = (" \u2013", " \u2014")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_FIRST_WORD = re.compile(r"^[^\W\d_]+")
_HYPHENATED = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)+")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
_WORD_CHARACTERS = 80
_LINES_PER_COMPOUND = 50


@dataclass(slots=True)
class _Open:
    """A paragraph under construction."""

    lines: list[Line]
    after: list[Line] = field(default_factory=list)


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Join lines to paragraphs in reading order.

    A paragraph without a kind becomes ``PARAGRAPH``; titles and headings are distinguished later.
    """
    marked = with_pages_of_tables_joined(marked_lines(with_form(lines)))
    frame = _Frame(marked)
    done: list[_Open] = []
    body: _Open | None = None
    for line in marked:
        if line.kind in INTERRUPTING:
            _interrupt(done, body, line)
        elif line.resumes:
            next(item for item in reversed(done) if item.lines[-1].level == line.level).lines.append(line)
        elif body is not None and frame.joins(body.lines, line):
            body.lines.append(line)
        else:
            body = _Open([line])
            done.append(body)
    known = spellings([line.text for line in marked])
    items = [part for item in done for part in _closed(item, frame, known)]
    last_page = 0
    for part in items:
        if part.kind not in INTERRUPTING and part.pages:
            part.opens_page = part.pages[0][1] != last_page
            last_page = part.pages[-1][1]
    return items


def _interrupt(done: list[_Open], body: _Open | None, line: Line) -> None:
    """Move furniture and notes after the open paragraph."""
    if body is None:
        done.append(_Open([line]))
        return
    notes = body.after
    continues_note = notes and line.kind is BlockKind.FOOTNOTE and notes[-1].kind is BlockKind.FOOTNOTE
    starts_note = has_form(line.text, "footnote.opening") or line.whole
    if continues_note and not starts_note and notes[-1].page == line.page:
        before, glue = joint(notes[-1].text, line.text)
        notes[-1] = Line(f"{before}{glue}{line.text}", line.page, notes[-1].left, kind=BlockKind.FOOTNOTE)
    else:
        notes.append(line)


class _Frame:
    """Margins and type size of the running text, used to join neighbouring lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.size = body_size(lines)
        running = [line for line in lines if line.kind is None and line.right > line.left and not line.whole]
        lefts = Counter(round(line.left) for line in running if abs(line.size - self.size) < SAME_SIZE_POINTS)
        common = [left for left, count in lefts.items() if count >= 0.05 * sum(lefts.values())]
        self.left = float(min(common, default=0))
        rights = sorted(line.right for line in running)
        self.right = rights[int(0.95 * (len(rights) - 1))] if rights else 0.0
        # Neighbouring words of which the second is a number or in capitals ("Security Council", "10 May").
        self._names = {
            (word, following.rstrip(",;."))
            for line in lines
            for word, following in pairwise(line.text.split())
            if word[-1].isalnum() and not following[:1].islower()
        }
        # Asked of each line twice, as the upper and the lower one.
        self._is_alone = functools.cache(lambda text: has_form(text, *_LINES_ALONE))

    def joins(self, paragraph: Sequence[Line], line: Line) -> bool:  # noqa: PLR0911 - one test a line
        """Whether ``line`` continues a paragraph."""
        above = paragraph[-1]
        if above.kind is not line.kind or line.kind in _ALONE:
            return False
        tail = "".join([part.text for part in paragraph[-3:]])
        if self._is_alone(above.text) or self._is_alone(line.text):
            return False
        if has_form(above.text, "journal_field") and is_capitals(above.text.partition(":")[2]) and not line.in_capitals:
            return False
        if line.text[:1].islower() and line.text.endswith(":") and len(line.text.split()) <= _WORDS_OF_A_LINK:
            # "by:" waits for items and belongs to the words above it.
            return has_form(tail, "ending.without_stop")
        is_apart = above.whole or line.whole or line.gap > PARAGRAPH_GAP
        if is_apart and has_form(line.text, "clause_word") and has_form(above.text, "ending.comma"):
            return False
        if above.whole or line.whole:
            is_split = line.gap <= PARAGRAPH_GAP and _is_split_paragraph(paragraph, line, tail)
            return is_split or self._is_torn(paragraph, line)
        # Bold words inside a paragraph do not part it as the type of a heading does.
        may_part = above.bold != line.bold and (self._is_short(above) or has_form(above.text, "ending.item"))
        if may_part or abs(above.size - line.size) > SAME_SIZE_POINTS:
            return False
        if line.page != above.page or line.gap > _COLUMN_GAP:
            return self._crosses_page(paragraph, line, tail)
        if line.gap > PARAGRAPH_GAP:
            return self._is_torn(paragraph, line)
        if line.gap <= 0 or self._starts(above, line):
            return False
        return not (self._is_short(above) and has_form(above.text, "ending.sentence"))

    def _is_short(self, line: Line) -> bool:
        return self.right > 0 and line.right - self.left < _FULL_SHARE * (self.right - self.left)

    def _is_torn(self, paragraph: Sequence[Line], line: Line) -> bool:
        """Whether an empty line tore a paragraph: it ends in the middle of a sentence, which ``line`` continues."""
        above, first = paragraph[-1], paragraph[0]
        if has_form(above.text, "ending.item") or has_form(line.text, "list_label"):
            return False
        if line.kind is not None or line.level or above.bold or line.bold or above.in_capitals:
            return False
        if above.whole:
            is_text = len(above.text) > LONGEST_HEADING or self._is_text(first.text)
        elif self._is_short(above) or line.left - above.left > INDENT_STEP_POINTS:
            return False
        elif line.text[:1].islower():
            return True
        else:
            is_text = len(paragraph) > 1 or self._is_text(first.text)
        if not is_text:
            return False
        last, following = above.text.rsplit(maxsplit=1)[-1], line.text.split(maxsplit=1)[0]
        is_inside = has_form(above.text, "ending.open") or (last, following.rstrip(",;.")) in self._names
        is_act = has_form(first.text, "numbered_act.verb") and has_form(line.text, "ending.item")
        return is_inside or is_act

    @staticmethod
    def _is_text(opening: str) -> bool:
        """Whether the first line of a paragraph shows that it is no heading."""
        return has_form(opening, "list_label", "recital", "numbered_act")

    def _starts(self, above: Line, line: Line) -> bool:
        """Whether a line opens a paragraph by its label or its indent."""
        if _opens_recital(above, line) or has_form(line.text, *_OPENERS):
            return True
        if has_form(line.text, "closing"):
            return has_form(above.text, "ending.item")
        if has_form(line.text, "list_label"):
            if has_form(line.text, "ambiguous_label"):
                return has_form(above.text, "ending.item") or self._is_short(above)
            # "50)" runs on if it closes a bracket of the line above, "(b)" if it is below a full line that ends in
            # "and", with the same margin.
            if not line.text.startswith("("):
                return above.text.rfind("(") <= above.text.rfind(")")
            is_inside = above.text.endswith((" and", " or")) and abs(line.left - above.left) < 1
            return not is_inside or self._is_short(above)
        deeper = line.left - above.left > INDENT_STEP_POINTS
        hanging = has_form(above.text, "list_label")
        if above.in_capitals != line.in_capitals and min(len(above.text), len(line.text)) > 8:  # noqa: PLR2004
            return self._is_short(above)
        return deeper and not hanging and has_form(above.text, "ending.item")

    def _crosses_page(self, paragraph: Sequence[Line], line: Line, tail: str) -> bool:
        above, opens = paragraph[-1], _opens_by_indent(paragraph, line)
        if has_form(line.text, "list_label") or line.in_capitals != above.in_capitals:
            return False
        if opens or _opens_recital(above, line):
            return False
        if opens is False and not self._is_short(above):
            return not has_form(tail, "ending.list")
        if has_form(tail, "ending.sentence") or line.text[:1].islower():
            # Below a label, words in lower case with the same margin are no item.
            is_flush = len(paragraph) > 1 and abs(line.left - above.left) < 1 and not self._is_short(above)
            is_inside = is_flush and line.text[:1].islower() and has_form(paragraph[0].text, "list_label")
            return is_inside or not has_form(tail, "ending.sentence")
        if has_form(tail, "ending.comma"):
            return not has_form(line.text, "recital") and not self._is_short(above)
        return not self._is_short(above) and not above.bold


def _opens_recital(above: Line, line: Line) -> bool:
    return has_form(line.text, "recital_after_comma") and has_form(above.text, "ending.before_recital")


def _opens_by_indent(paragraph: Sequence[Line], line: Line) -> bool | None:
    """Whether the first line of a page opens a paragraph where first lines are indented; None if it cannot be said."""
    if len(paragraph) == 1 or line.page == paragraph[-1].page:
        return None
    first, second = paragraph[0].left, paragraph[1].left
    if first - second <= INDENT_STEP_POINTS or min(abs(line.left - first), abs(line.left - second)) > 1:
        return None
    return abs(line.left - first) <= 1


def _is_split_paragraph(paragraph: Sequence[Line], line: Line, tail: str) -> bool:
    """Whether a conversion split a paragraph: the first part does not end and the second does not begin like one."""
    if line.level or line.kind is not None or has_form(line.text, "list_label") or has_form(tail, "ending.sentence"):
        return False
    first, above = paragraph[0], paragraph[-1]
    # Thousands of lines may be joined already; each has a character at least.
    is_short = len(paragraph) < _LONG_TEXT and sum(len(part.text) for part in paragraph) < _LONG_TEXT
    ends_in_comma = has_form(tail, "ending.comma")
    is_recital = line.text[:1].islower() and has_form(first.text, "recital")
    if is_short and not ends_in_comma and not is_recital:  # a heading
        return False
    is_item = has_form(first.text, "list_label") and (is_short or has_form(tail, "ending.separator"))
    if is_item or has_form(line.text, "footnote.paragraph"):
        return False
    if line.text[:1].islower():
        return not _is_next_entry(above, line)
    # A recital ends in a comma, and so does an address ("Mr. Chairperson,"); running text with an inner full stop and
    # a final comma was split.
    return not is_short and ends_in_comma and has_form(above.text, "inner_stop") and not has_form(line.text, "recital")


def _is_next_entry(above: Line, line: Line) -> bool:
    """Whether lines in lower case are recitals or items, each with its comma, and not a split sentence."""
    if above.text[:1].islower():
        return has_form(above.text, "ending.separator")
    if has_form(above.text, "lead_in"):
        return len(line.text) < _LONGEST_ITEM and has_form(line.text, "ending.separator")
    return has_form(above.text, "speakers")


def _closed(item: _Open, frame: _Frame, known: frozenset[str]) -> list[Paragraph]:
    """Return the paragraph of joined lines, followed by the lines that interrupted it."""
    first = item.lines[0]
    pieces: list[str] = []
    pages: list[tuple[int, int]] = []
    length = 0
    for line in item.lines:
        if pieces:
            # Only the last line matters: looking at the whole text would take quadratic time.
            before, glue = joint(pieces[-1], line.text, known)
            length += len(before) - len(pieces[-1]) + len(glue)
            pieces[-1:] = [before + glue]
        if line.page and (not pages or pages[-1][1] != line.page):
            pages.append((length, line.page))
        pieces.append(line.text)
        length += len(line.text)
    text = "".join(pieces)
    indent = max(0.0, first.left - frame.left) if not first.whole else max(0.0, first.left)
    bold = all([line.bold or line.size > frame.size + _LARGE_POINTS for line in item.lines])  # noqa: C419 - faster
    kind = first.kind or BlockKind.PARAGRAPH
    whole = Paragraph(text, kind, tuple(pages), round(indent, 1), first.level, bold)
    between = [
        Paragraph(line.text, line.kind or BlockKind.PARAGRAPH, ((0, line.page),) if line.page else ())
        for line in item.after
    ]
    return [whole, *between]


def spellings(texts: Sequence[str]) -> frozenset[str]:
    """Return words and hyphenated words of the lines in lower case, as evidence of the document's spelling.

    Hyphenated words that line ends divide are among them, unless the print also divides plain words. One that does has a
    hyphen at the end of every tenth or twentieth line; one that does not, at every hundredth or fewer.
    """
    text = "\n".join(texts)
    inside = frozenset(map(str.lower, {*_HYPHENATED.findall(text), *_LONG_WORD.findall(text)}))
    ends = [
        (_LAST_WORD.search(above[-_WORD_CHARACTERS:]), _FIRST_WORD.search(below)) for above, below in pairwise(texts)
    ]
    divided = [(last[1].lower(), first[0].lower()) for last, first in ends if last and first]
    unsure = [(head, tail) for head, tail in divided if not _keeps_hyphen(head, tail, inside)]
    if _LINES_PER_COMPOUND * len(unsure) > len(texts) or any(head + tail in inside for head, tail in unsure):
        return inside
    return inside | frozenset(f"{head}-{tail}" for head, tail in unsure)


@functools.cache
def _hyphen_words() -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    data = load_yaml("documents_hyphens")
    return frozenset(data["prefixes"]), tuple(data["compounds"]), frozenset(data["suffixes"])


def joint(before: str, after: str, known: Collection[str] = ()) -> tuple[str, str]:
    """Return the upper of two lines, perhaps without its hyphen, and the separator to the lower: a space or nothing.

    ``known`` has the spellings of the document.
    """
    last, first = _LAST_WORD.search(before[-_WORD_CHARACTERS:]), _FIRST_WORD.search(after)
    if before.endswith(_OPEN_ENDS) and not before.endswith(_DASHES):
        return before, ""
    if last is None or first is None:
        return before, "" if re.search(r"\w-$", before[-2:]) and after[:1].isalnum() else " "
    head, tail = last[1].lower(), first[0].lower()
    if tail in {"and", "or"}:
        return before, " "
    if first[0][0].isupper() or _keeps_hyphen(head, tail, known):
        return before, ""
    return before[:-1], ""


def _keeps_hyphen(head: str, tail: str, known: Collection[str]) -> bool:
    if f"{head}-{tail}" in known:
        return True
    if head + tail in known:
        return False
    prefixes, compounds, suffixes = _hyphen_words()
    return head in prefixes or tail in suffixes or f"{head}-{tail}".startswith(compounds)

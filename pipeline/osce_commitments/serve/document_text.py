"""The text of a document for reading: its blocks, split where marks begin and end."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from osce_commitments.schema import Row

_MOST_BLOCKS = 1_200


@dataclass(frozen=True, slots=True)
class TextMark:
    """A marked span of a document's text; ``kind`` is ``here``, ``lead-in``, ``cue`` or ``citation``.

    Attributes:
        link: Target of the link; empty for none.
        hint: Explanation in words.
    """

    start: int
    end: int
    kind: str
    link: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A span of text with the same marks throughout.

    Attributes:
        provision: The provision it belongs to, if any.
        is_first: Whether that provision begins here.
        link, hint: From the innermost mark that has one.
    """

    text: str
    provision: Row | None
    is_first: bool
    kinds: tuple[str, ...]
    link: str
    hint: str


@dataclass(frozen=True, slots=True)
class ShownParagraph:
    """A block of the layout; ``page`` is the number of the page that begins before it, if one does."""

    kind: str
    level: int
    page: int | None
    pieces: tuple[ShownPiece, ...]


@dataclass(frozen=True, slots=True)
class ShownText:
    """A document's text or, if it is very long, the part around a provision."""

    paragraphs: tuple[ShownParagraph, ...]
    is_cut_before: bool
    is_cut_after: bool


def shown_text(document: Row, provisions: Sequence[Row], here: Row | None, path_of: Callable[[str], str]) -> ShownText:
    """The text of a document with its provisions marked.

    ``here`` is the provision whose lead-in, tail and cue are marked; ``path_of`` gives the path of the instrument with a symbol,
    empty if the dataset lacks it.
    """
    blocks = document["blocks"]
    place = here["start"] if here else 0
    middle = next((index for index, block in enumerate(blocks) if block["end"] > place), 0)
    first = max(0, min(middle - _MOST_BLOCKS // 2, len(blocks) - _MOST_BLOCKS))
    shown = blocks[first : first + _MOST_BLOCKS]
    marks = [*_citations(provisions, path_of), *(_place(here) if here else ())]
    rows = sorted(provisions, key=lambda row: (row["start"], -row["end"]))
    marks.sort(key=lambda mark: (mark.start, -mark.end))
    begun: set[str] = set()
    breaks: dict[int, int] = {}
    position = 0
    for page in document["pages"]:
        while position < len(shown) and shown[position]["end"] <= page["start"]:
            position += 1
        if position == len(shown):
            break
        if shown[position]["start"] < page["end"]:
            breaks.setdefault(position, page["page"])
    paragraphs = tuple(
        ShownParagraph(
            block["kind"],
            block["level"],
            breaks.get(index),
            tuple(_cut(document["text"], (block["start"], block["end"]), rows, marks, begun)),
        )
        for index, block in enumerate(shown)
    )
    return ShownText(paragraphs, first > 0, first + len(shown) < len(blocks))


def _place(here: Row) -> Iterator[TextMark]:
    for span in (*here["lead_in_spans"], *here["tail_spans"]):
        yield TextMark(span["start"], span["end"], "lead-in")
    yield TextMark(here["start"], here["end"], "here")
    cue = here["strength_cue"]
    if cue:
        hint = f"the words that explain the strength (rule {cue['rule']})"
        for start, end in spans_in_text(here, cue["field"], cue["start"], cue["end"]):
            yield TextMark(start, end, "cue", hint=hint)


def _citations(provisions: Iterable[Row], path_of: Callable[[str], str]) -> Iterator[TextMark]:
    seen: set[tuple[int, int]] = set()
    for row in provisions:
        for mention in row["mentions"]:
            link = path_of(mention["symbol"]) if mention["symbol"] else ""
            hint = mention["symbol"] or f"not resolved: {mention['note']}"
            if mention["symbol"] and not link:
                link, hint = f"/instrument/{mention['symbol']}", f"{mention['symbol']}, not in this dataset"
            for span in spans_in_text(row, mention["field"], mention["start"], mention["end"]):
                if span not in seen:
                    seen.add(span)
                    yield TextMark(*span, "citation", link, hint)


def spans_in_text(row: Row, field: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans in the document's text of characters of a provision's field; empty for title and heading."""
    if field == "text":
        return [(row["start"] + start, row["start"] + end)]
    if field != "lead_in":
        return []
    found, position = [], 0
    for span in row["lead_in_spans"]:
        length = span["end"] - span["start"]
        low, high = max(start - position, 0), min(end - position, length)
        if low < high:
            found.append((span["start"] + low, span["start"] + high))
        position += length + 1  # a space joins the stems
    return found


def _cut(
    text: str, span: tuple[int, int], provisions: Sequence[Row], marks: Sequence[TextMark], begun: set[str]
) -> Iterator[ShownPiece]:
    """A span of the text, cut where a provision or a mark begins or ends.

    Provisions and marks are sorted by their beginning, the longest first; ids of provisions that begin here join ``begun``.
    """
    start, end = span
    rows = [row for row in provisions if row["start"] < end and row["end"] > start]
    marks = [mark for mark in marks if mark.start < end and mark.end > start]
    borders = {start, end, *(row[side] for row in rows for side in ("start", "end"))}
    borders |= {border for mark in marks for border in (mark.start, mark.end)}
    for low, high in itertools.pairwise(sorted(border for border in borders if start <= border <= end)):
        over = [mark for mark in marks if mark.start <= low and mark.end >= high]
        row = next((row for row in reversed(rows) if row["start"] <= low and row["end"] >= high), None)
        is_first = row is not None and row["id"] not in begun
        if row is not None:
            begun.add(row["id"])
        link = next((mark.link for mark in reversed(over) if mark.link), "")
        hint = next((mark.hint for mark in reversed(over) if mark.hint), "")
        kinds = tuple(dict.fromkeys(mark.kind for mark in over))
        yield ShownPiece(text[low:high], row, is_first, kinds, link, hint)

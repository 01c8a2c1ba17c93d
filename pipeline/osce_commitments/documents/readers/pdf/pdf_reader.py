"""Reader of PDF files: lines in reading order with position, size and weight; cells of tables."""

from __future__ import annotations

import functools
import re
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import (
    POINTER,
    PYFUNCTYPE,
    byref,
    c_double,
    c_float,
    c_int,
    c_uint,
    c_ulong,
    c_void_p,
    cast,
    create_string_buffer,
)
from dataclasses import replace
from itertools import pairwise
from math import isfinite, pi
from types import SimpleNamespace
from typing import Any

from osce_commitments.config import Limits
from osce_commitments.documents.patterns import has_form
from osce_commitments.documents.readers.pdf.table_text import TableReader, ruled_lines_of, with_rows_joined
from osce_commitments.documents.readers.pdf.text_lines import Character, lines_of_page
from osce_commitments.documents.records import LeftOut, Line, ReaderOutput
from osce_commitments.errors import DocumentError
from osce_commitments.texts.normalise import squeeze

# PDFium has global state: two concurrent threads crash the process.
_PDFIUM = threading.Lock()
_BOLD_WEIGHT = 600
_MIN_LETTERS = 10
_MIN_GAP_SHARE = 0.12
_FULL_LINE = 0.9
_FULL_WIDTH = 0.5
_INDENT = 60
_TAIL_BYTES = 2048
_MOST_UPRIGHT = 0.1  # radians; scans are less crooked
_SPACE = ord(" ")
_GUESSED_SPACE = 0.16  # of the type size; between letters moved apart by justification there is less
_ADDED = frozenset({0, 10, 13})
_UNREADABLE = re.compile(r"[\ufffd\ue000-\uf8ff]")  # with the area for private use
_OCR = "run OCR over it first (for example ocrmypdf), then give the result"
_AGAIN = "download it again"


def read_pdf(content: bytes, *, limits: Limits) -> ReaderOutput:
    """Return the lines of a PDF file; pages are opened one at a time to limit memory for images."""
    with _PDFIUM, _opened(content) as document:
        count = len(document)
        if count > limits.max_pages:
            msg = f"the PDF has {count} pages, more than {limits.max_pages}"
            raise DocumentError(msg, "raise limits.max_pages, or split the file", reason="too_many_pages")
        tables = TableReader()
        left_out: list[LeftOut] = []
        attached = map(document.get_attachment, range(document.count_attachments()))
        left_out += [LeftOut("embedded file", attachment.get_name()) for attachment in attached]
        pages = [_page(document, index, tables, left_out) for index in range(count)]
        title = str(document.get_metadata_dict().get("Title", ""))
    _refuse_without_text([(lines, has_image) for lines, has_image, _ in pages])
    whole = "\n".join(text for _, _, text in pages)
    lines = _with_relative_gaps(with_rows_joined([line for page, _, _ in pages for line in page]))
    scanned = [number for number, (page, has_image, _) in enumerate(pages, start=1) if has_image and not page]
    notes = (f"Pages without a text layer were left out: {', '.join(map(str, scanned))}.",) if scanned else ()
    return ReaderOutput(tuple(lines), title=squeeze(title), notes=notes, held=whole, left_out=tuple(left_out))


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    import pypdfium2
    import pypdfium2.raw as pdfium

    if b"%PDF-" not in content[:1024]:
        raise DocumentError("the file is no PDF", _AGAIN, reason="not_pdf")
    cut_short = DocumentError("the PDF is cut short: its end is missing", _AGAIN, reason="truncated")
    has_end = b"%%EOF" in content[-_TAIL_BYTES:]
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            remedy = "remove its password and give it again"
            raise DocumentError("the PDF is encrypted", remedy, reason="encrypted") from error
        if not has_end:
            raise cut_short from error
        raise DocumentError(f"the PDF is damaged: {error}", _AGAIN, reason="damaged") from error
    try:
        if not has_end:
            raise cut_short
        yield document
    finally:
        document.close()


def _page(  # pypdfium2 brings no types
    document: Any,  # noqa: ANN401
    index: int,
    tables: TableReader,
    left_out: list[LeftOut],
) -> tuple[list[Line], bool, str]:
    """Return the lines of a page, whether it has an image, and its whole text as PDFium gives it."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise DocumentError(f"page {index + 1} of the PDF is damaged", _AGAIN, reason="damaged") from error
    try:
        text = page.get_textpage()
        try:
            turned: list[str] = []
            characters = list(_characters(text, turned))
            if len(turned) > len(characters):  # the page itself is turned
                characters = list(_characters(text, None))
            else:
                left_out += [LeftOut("turned passage", passage) for passage in "".join(turned).split("\n")]
            characters = _without_guessed_spaces(characters)
            runs = tables.runs(characters, ruled_lines_of(page), index + 1)
            lines = list(lines_of_page(runs, index + 1, page.get_width()))
            whole = text.get_text_range()
        finally:
            text.close()
        left_out += [LeftOut("annotation", note) for note in _annotations(page)]
        has_image = not lines and any(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    finally:
        page.close()
    return lines, has_image, whole


def _annotations(page: Any) -> Iterator[str]:  # noqa: ANN401 - pypdfium2 brings no types
    """Yield what comments, stamps and form fields of a page say: it is not part of the page's text."""
    import pypdfium2.raw as pdfium

    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        for key in (b"Contents", b"V"):
            size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
            buffer = create_string_buffer(size)
            pdfium.FPDFAnnot_GetStringValue(annotation, key, cast(buffer, POINTER(pdfium.FPDF_WCHAR)), size)
            yield buffer.raw.decode("utf-16-le", errors="replace").rstrip("\0")
        pdfium.FPDFPage_CloseAnnot(annotation)


def _characters(text: Any, turned: list[str] | None) -> Iterator[Character]:  # noqa: ANN401 - pypdfium2 brings no types
    """Yield the characters of a page in content order, without line ends added by PDFium.

    Letters that stand on their side or slant go into ``turned``: among upright ones, their places make no lines. A space that PDFium added has no size, and reaches to the origin of the next letter.
    """
    calls = _calls()
    page, x, y = text.raw, c_double(), c_double()
    edges = (c_float * 4)()
    edges_at, x_at, y_at = byref(edges), byref(x), byref(y)
    weights = _Weights(page)
    # Most time of reading a PDF goes into these calls. Letters with the same lower and upper edge stand on one baseline.
    bases: dict[tuple[float, float], float] = {}
    is_bold, is_turned, last_size = False, False, -1.0
    for index in range(calls.count(page)):
        code = calls.unicode(page, index)
        if code in _ADDED or not calls.box(page, index, edges_at):
            if turned:
                turned.append("\n")
            continue
        printed = chr(code)
        if not printed.isalnum() and code != _SPACE and calls.is_hyphen(page, index) == 1:
            printed = "-"
        left, top, right, bottom = edges
        size = top - bottom
        base = bases.get((bottom, top))
        if base is None:
            calls.origin(page, index, x_at, y_at)
            base = y.value
            if size:
                bases[bottom, top] = base
        if not isfinite(left + right + size + base):
            continue  # of a damaged matrix
        if not size and code == _SPACE and calls.origin(page, index + 1, x_at, y_at):
            right = x.value
        if code != _SPACE and (abs(size - last_size) > 0.01 or index % 16 == 0):  # noqa: PLR2004 - rounding
            # Weight rarely changes inside a line; a query for every character would double the time.
            is_bold, last_size = weights.is_bold(index), size
            is_turned = turned is not None and _MOST_UPRIGHT < calls.angle(page, index) < 2 * pi - _MOST_UPRIGHT
        if turned is not None and is_turned:
            turned.append(printed)
            continue
        yield Character(printed, left, right, base, size, is_bold)


def _without_guessed_spaces(characters: list[Character]) -> list[Character]:
    """Leave out the narrow spaces that PDFium added, on a page that prints its own spaces.

    PDFium takes letters that a justified line moved apart for two words ("accordanc e").
    """
    spaces = [character for character in characters if character.text == " "]
    if 2 * sum(not space.size for space in spaces) > len(spaces):
        return characters
    return [
        character
        for before, character in pairwise([*characters[:1], *characters])
        if character.size or character.text != " " or character.right - character.left > _GUESSED_SPACE * before.size
    ]


@functools.cache
def _calls() -> SimpleNamespace:
    """PDFium's functions on characters, without a check of their arguments, which takes longer than the functions themselves."""
    import pypdfium2.raw as pdfium

    functions = {
        "count": (pdfium.FPDFText_CountChars, c_int),
        "unicode": (pdfium.FPDFText_GetUnicode, c_uint),
        "box": (pdfium.FPDFText_GetLooseCharBox, c_int),
        "origin": (pdfium.FPDFText_GetCharOrigin, c_int),
        "is_hyphen": (pdfium.FPDFText_IsHyphen, c_int),
        "text_object": (pdfium.FPDFText_GetTextObject, c_void_p),
        "weight": (pdfium.FPDFText_GetFontWeight, c_int),
        "font": (pdfium.FPDFText_GetFontInfo, c_ulong),
        "angle": (pdfium.FPDFText_GetCharAngle, c_float),
    }
    return SimpleNamespace(
        **{name: PYFUNCTYPE(result)(cast(call, c_void_p).value or 0) for name, (call, result) in functions.items()}
    )


class _Weights:
    """Whether characters of a page are bold: asked once for each text object, as its characters share a font."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401 - pypdfium2 brings no types
        self._page, self._name = page, create_string_buffer(128)
        self._known: dict[int, bool] = {}

    def is_bold(self, index: int) -> bool:
        """Whether the character at an index is bold."""
        calls, name = _calls(), self._name
        place = calls.text_object(self._page, index)
        if place not in self._known:
            is_bold = calls.weight(self._page, index) >= _BOLD_WEIGHT
            if not is_bold and 0 < calls.font(self._page, index, name, c_ulong(len(name)), None) <= len(name):
                is_bold = any(word in name.value.lower() for word in (b"bold", b"black", b"heavy"))
            self._known[place] = is_bold
        return self._known[place]


def _refuse_without_text(pages: list[tuple[list[Line], bool]]) -> None:
    text = "".join(line.text for page, _ in pages for line in page)
    images = sum(has_image for _, has_image in pages)
    if sum(map(str.isalpha, text)) < _MIN_LETTERS:
        if images:
            raise DocumentError("the PDF has no text layer: its pages are pictures", _OCR, reason="no_text_layer")
        raise DocumentError("the PDF holds no text", "check that it is the right file", reason="empty")
    if 2 * images > len(pages):
        msg = f"{images} of {len(pages)} pages of the PDF are pictures without a text layer"
        raise DocumentError(msg, _OCR, reason="no_text_layer")
    if 3 * len(_UNREADABLE.findall(text)) > len(text):
        msg = "the text layer of the PDF does not say which letters its signs stand for"
        raise DocumentError(msg, _OCR, reason="no_text_layer")


def _with_relative_gaps(lines: list[Line]) -> list[Line]:
    """Turn gaps in line heights into gaps in units of the usual distance between lines of one paragraph.

    With short paragraphs, the distance between paragraphs is as frequent; the smallest frequent one is used.
    """
    ratios = Counter(round(line.gap, 2) for line in lines if 0.4 < line.gap < 2.5)  # noqa: PLR2004 - of one column
    frequent = [ratio for ratio, count in ratios.items() if count >= _MIN_GAP_SHARE * ratios.total()]
    usual = min(frequent, default=1.0)
    right = max((line.right for line in lines), default=0.0)
    wrapped = Counter(round(line.gap, 2) for above, line in pairwise(lines) if _is_wrapped(above, line, right))
    if wrapped:
        usual = min(usual, wrapped.most_common(1)[0][0])
    return [replace(line, gap=line.gap / usual) for line in lines]


def _is_wrapped(above: Line, line: Line, right: float) -> bool:
    """Whether a line certainly continues the paragraph above: the line above is full and does not end a sentence."""
    is_below = above.page == line.page and 0.4 < line.gap < 2.5  # noqa: PLR2004 - of one column
    is_near = is_below and abs(above.left - line.left) < _INDENT and above.size == line.size
    is_full = above.right >= _FULL_LINE * right and above.right - above.left >= _FULL_WIDTH * right
    return is_near and is_full and not has_form(above.text, "ending.item")

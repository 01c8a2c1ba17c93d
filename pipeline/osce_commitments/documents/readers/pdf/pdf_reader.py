"""Reader of PDF files: lines in reading order with position, size and weight; cells of tables."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import Array, byref, c_char, c_double, create_string_buffer
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.readers.pdf.ruled_lines import ruled_lines_of
from osce_commitments.documents.readers.pdf.table_text import TableReader, with_rows_joined
from osce_commitments.documents.readers.pdf.text_lines import Character, lines_of_page
from osce_commitments.documents.records import Line, ReaderOutput
from osce_commitments.errors import DocumentError
from osce_commitments.texts.normalise import squeeze

if TYPE_CHECKING:
    from osce_commitments.config import Limits

# PDFium has global state: two concurrent threads crash the process.
_PDFIUM = threading.Lock()
_BOLD_WEIGHT = 600
_MIN_LETTERS = 10
_MIN_GAP_SHARE = 0.12
_FULL_LINE = 0.9
_FULL_WIDTH = 0.5
_INDENT = 60
_TAIL_BYTES = 2048
_SPACE = ord(" ")
_PRIVATE_USE = range(0xE000, 0xF900)
_OCR = "run OCR over it first (for example ocrmypdf), then give the result"
_AGAIN = "download it again"


def read_pdf(content: bytes, *, limits: Limits) -> ReaderOutput:
    """Return the lines of a PDF file; pages are opened one at a time to limit memory for images.

    Raises:
        DocumentError: If the file is encrypted, damaged, truncated, without text, or has too many pages.
    """
    with _PDFIUM, _opened(content) as document:
        count = len(document)
        if count > limits.max_pages:
            msg = f"the PDF has {count} pages, more than {limits.max_pages}"
            raise DocumentError(msg, "raise limits.max_pages, or split the file", reason="too_many_pages")
        tables = TableReader()
        pages = [_page(document, index, tables) for index in range(count)]
        title = str(document.get_metadata_dict().get("Title", ""))
    _refuse_without_text(pages)
    lines = _with_relative_gaps(with_rows_joined([line for page, _ in pages for line in page]))
    scanned = [number for number, (page, has_image) in enumerate(pages, start=1) if has_image and not page]
    notes = (f"Pages without a text layer were left out: {', '.join(map(str, scanned))}.",) if scanned else ()
    return ReaderOutput(tuple(lines), title=squeeze(title), notes=notes)


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    import pypdfium2

    if b"%PDF-" not in content[:1024]:
        msg = "the file is no PDF"
        raise DocumentError(msg, _AGAIN, reason="not_pdf")
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise _refusal(content, error) from error
    try:
        if b"%%EOF" not in content[-_TAIL_BYTES:]:
            raise _cut_short()
        yield document
    finally:
        document.close()


def _cut_short() -> DocumentError:
    return DocumentError("the PDF is cut short: its end is missing", _AGAIN, reason="truncated")


def _refusal(content: bytes, error: Any) -> DocumentError:  # noqa: ANN401 - pypdfium2 brings no types
    import pypdfium2.raw as pdfium

    if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower():
        msg = "the PDF is encrypted"
        return DocumentError(msg, "remove its password and give it again", reason="encrypted")
    if b"%%EOF" not in content[-_TAIL_BYTES:]:
        return _cut_short()
    return DocumentError(f"the PDF is damaged: {error}", _AGAIN, reason="damaged")


def _page(document: Any, index: int, tables: TableReader) -> tuple[list[Line], bool]:  # noqa: ANN401 - pypdfium2 brings no types
    """Return the lines of a page, and whether it has an image."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        msg = f"page {index + 1} of the PDF is damaged"
        raise DocumentError(msg, _AGAIN, reason="damaged") from error
    try:
        text = page.get_textpage()
        try:
            runs = tables.runs(_characters(text), ruled_lines_of(page), index + 1)
            lines = list(lines_of_page(runs, index + 1, page.get_width()))
        finally:
            text.close()
        has_image = not lines and any(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))
    finally:
        page.close()
    return lines, has_image


def _characters(text: Any) -> Iterator[Character]:  # noqa: ANN401 - pypdfium2 brings no types
    """Yield the printed characters of a page in content order, without spaces and line ends added by PDFium."""
    import pypdfium2.raw as pdfium

    page, box, x, y = text.raw, pdfium.FS_RECTF(), c_double(), c_double()
    # Looked up once: most of the time of reading a PDF is spent on these calls, several for each character.
    unicode_of, box_of, origin_of = (
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetLooseCharBox,
        pdfium.FPDFText_GetCharOrigin,
    )
    box_at, x_at, y_at, name = byref(box), byref(x), byref(y), create_string_buffer(128)
    is_bold, last_size = False, -1.0
    for index in range(pdfium.FPDFText_CountChars(page)):
        code = unicode_of(page, index)
        if code in (0, 10, 13) or not box_of(page, index, box_at):
            continue
        printed = chr(code)
        if not printed.isalnum() and code != _SPACE and pdfium.FPDFText_IsHyphen(page, index) == 1:
            printed = "-"
        origin_of(page, index, x_at, y_at)
        size = box.top - box.bottom
        if code != _SPACE and (abs(size - last_size) > 0.01 or index % 16 == 0):  # noqa: PLR2004 - rounding
            # Weight rarely changes inside a line; a query for every character would double the time.
            is_bold, last_size = _is_bold(page, index, name), size
        yield Character(printed, box.left, box.right, y.value, size, is_bold)


def _is_bold(page: Any, index: int, name: Array[c_char]) -> bool:  # noqa: ANN401 - pypdfium2 brings no types
    import pypdfium2.raw as pdfium

    if pdfium.FPDFText_GetFontWeight(page, index) >= _BOLD_WEIGHT:
        return True
    if not 0 < pdfium.FPDFText_GetFontInfo(page, index, name, len(name), None) <= len(name):
        return False
    lowered = name.value.lower()
    return b"bold" in lowered or b"black" in lowered or b"heavy" in lowered


def _refuse_without_text(pages: list[tuple[list[Line], bool]]) -> None:
    text = "".join(line.text for page, _ in pages for line in page)
    images = sum(has_image for _, has_image in pages)
    if sum(character.isalpha() for character in text) < _MIN_LETTERS:
        if images:
            msg = "the PDF has no text layer: its pages are pictures"
            raise DocumentError(msg, _OCR, reason="no_text_layer")
        msg = "the PDF holds no text"
        raise DocumentError(msg, "check that it is the right file", reason="empty")
    if 2 * images > len(pages):
        msg = f"{images} of {len(pages)} pages of the PDF are pictures without a text layer"
        raise DocumentError(msg, _OCR, reason="no_text_layer")
    unreadable = sum(character == "\ufffd" or ord(character) in _PRIVATE_USE for character in text)
    if 3 * unreadable > len(text):
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
    return is_near and is_full and not layout_rules().finds("ending.item", above.text)

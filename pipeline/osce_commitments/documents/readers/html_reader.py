"""Reader of HTML pages: the main text without menus; it fetches nothing and expands no entities."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml.html.defs import block_tags

from osce_commitments.documents.layout.furniture import is_symbol
from osce_commitments.documents.patterns import layout_rules
from osce_commitments.documents.readers.text_reader import decode
from osce_commitments.documents.records import Line, ReaderOutput
from osce_commitments.errors import DocumentError
from osce_commitments.labels import BlockKind
from osce_commitments.texts.normalise import clean, squeeze, superscript
from osce_commitments.texts.numerals import format_number

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_HEAD = {"head", "title", "meta", "link", "script", "style"}
_CONTROLS = {"form", "button", "select", "input", "textarea"}
_EMBEDDED = {"iframe", "object", "svg", "canvas", "audio", "video"}
_SKIPPED = _HEAD | _CONTROLS | _EMBEDDED | {"nav", "aside", "noscript", "template"}
_SECTIONS = {"html", "body", "main", "article", "section", "aside", "header", "footer", "figure", "figcaption"}
_BLOCKS = block_tags - {"ins", "del"} | _SECTIONS  # ins and del occur within a sentence
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_INDENT_POINTS = 18.0
_LABEL_CHARACTERS = 8
_HEADER_CHARACTERS = 160
_ERROR_PAGE_CHARACTERS = 1500


def read_html(content: bytes) -> ReaderOutput:
    """Return the lines of an HTML page.

    Raises:
        DocumentError: If the page is empty or a server's error page.
    """
    from lxml import etree, html

    charset = _CHARSET.search(content[:4000])
    text = decode(content, charset[1].decode("ascii") if charset else "")
    text = _DECLARATION.sub("", text).replace("\x00", "")
    parser = html.HTMLParser(no_network=True, recover=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except etree.ParserError as error:
        msg = "the page is empty"
        raise DocumentError(msg, "download the page again", reason="empty") from error
    title = squeeze(root.findtext(".//title") or "")
    lines = _Walk(_main(root)).lines()
    _refuse_error_page(title, lines)
    return ReaderOutput(tuple(lines), title=title)


def _refuse_error_page(title: str, lines: list[Line]) -> None:
    opening = next((line.text for line in lines), "")
    if sum(len(line.text) for line in lines) < _ERROR_PAGE_CHARACTERS and (
        layout_rules().finds("web_page.error", title) or layout_rules().finds("web_page.error", opening)
    ):
        msg = f"the page is an error page of a server: {title or opening!r}"
        raise DocumentError(msg, "download the document again, or give it as a file", reason="error_page")


def _main(root: HtmlElement) -> HtmlElement:
    """Return the element of the document: the longest of main and article, if it has most of the text."""
    candidates = root.xpath("//main|//article|//*[@role='main']")
    best = max(candidates, key=_length, default=None)
    body = root.find("body")
    whole = root if body is None else body
    return best if best is not None and 2 * _length(best) >= _length(whole) else whole


def _length(element: HtmlElement) -> int:
    return len("".join(element.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::nav)]")).strip())


def _is_skipped(element: HtmlElement, *, at_top: bool) -> bool:
    tag = str(element.tag)
    if tag in _SKIPPED or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if tag in {"header", "footer"} and at_top:
        return True
    names = " ".join(element.get(name, "") for name in ("class", "id", "role"))
    return tag not in {"body", "html", "main", "article"} and layout_rules().finds("web_page.around_the_text", names)


class _Walk:
    """Turns the descendants of an element into lines, without recursion: pages can be deeply nested."""

    def __init__(self, top: HtmlElement) -> None:
        self._top = top
        self._lines: list[Line] = []
        self._text: list[str] = []
        self._label = ""
        self._lists: list[list[object]] = []  # Of each open list: label format, next number.
        self._stack: list[str] = []
        self._columns: list[int] = []  # Of each open table: the column of its last cell.

    def lines(self) -> list[Line]:
        """Return the lines in page order."""
        from lxml import etree

        skipped = None
        for event, element in etree.iterwalk(self._top, events=("start", "end")):
            if event == "start" and skipped is None:
                if element is not self._top and _is_skipped(element, at_top="article" not in self._stack):
                    skipped = element
                else:
                    self._open(element)
            elif event == "end":
                if skipped is None:
                    self._close(element)
                if element is skipped:
                    skipped = None
                if skipped is None and element is not self._top:
                    self._text.append(_flat(element.tail))
        self._flush()
        return self._lines

    def _open(self, element: HtmlElement) -> None:
        tag = str(element.tag)
        if tag in _BLOCKS:
            self._flush()
        self._stack.append(tag)
        if tag in {"ol", "ul"}:
            self._lists.append([_label_format(element), _integer(element.get("start"), 1)])
        elif tag == "li" and self._lists:
            self._label = self._next_label(element)
        elif tag == "br":
            self._text.append("\n")
        elif tag == "table":
            self._columns.append(0)
        elif self._columns and tag in {"tr", "td", "th"}:
            self._columns[-1] = 0 if tag == "tr" else self._columns[-1] + 1
        text = _flat(element.text)
        self._text.append(superscript(text) if tag == "sup" and text.strip().isdigit() else text)

    def _next_label(self, element: HtmlElement) -> str:
        form, number = self._lists[-1]
        number = _integer(element.get("value"), _integer(number, 1))
        self._lists[-1][1] = number + 1
        if form == "none":
            return ""
        return "• " if form == "bullet" else f"{format_number(number, str(form))}. "

    def _close(self, element: HtmlElement) -> None:
        tag = str(element.tag)
        if tag in _BLOCKS:
            self._flush(tag)
        self._stack.pop()
        if tag in {"ol", "ul"}:
            self._lists.pop()
        elif tag == "table":
            self._columns.pop()

    def _flush(self, tag: str = "") -> None:
        text = clean("".join(self._text))
        self._text.clear()
        if not text.strip():
            return
        if tag not in _HEADINGS:
            tag = next((name for name in reversed(self._stack) if name in _BLOCKS), "")
        in_table = "td" in self._stack or "th" in self._stack
        kind = BlockKind.HEADING if tag in _HEADINGS else BlockKind.TABLE if in_table else None
        indent = _INDENT_POINTS * len(self._lists)
        first, *others = broken(text)
        # Labels ("(a)") that an author typed into an unnumbered list are kept.
        label = "" if layout_rules().finds("list_label", first) else self._label
        column = self._columns[-1] if self._columns and kind is BlockKind.TABLE else 0
        for part in (label + first, *others):
            self._lines.append(Line(part, left=indent, whole=True, kind=kind, level=_HEADINGS.get(tag, column)))
        self._label = ""


def broken(text: str) -> list[str]:
    """Split a paragraph at its line breaks if it is a header block or contains list items, else join the lines."""
    parts = [part for part in map(squeeze, text.split("\n")) if part]
    is_header = any(
        layout_rules().finds(group, part)
        for part in parts
        for group in ("header_block.certain", "decision_heading", "attachment")
    )
    is_header = (
        is_header
        or any(map(is_symbol, parts))
        or all(layout_rules().finds("header_block.possible", part) for part in parts)
    )
    starts_items = len(parts[0]) > _LABEL_CHARACTERS and any(
        layout_rules().finds("list_label", part) for part in parts[1:]
    )
    if is_header and all(len(part) < _HEADER_CHARACTERS for part in parts):
        return parts
    return parts if starts_items else [" ".join(parts)]


def _flat(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _integer(value: object, default: int) -> int:
    try:
        return int(str(value))
    except ValueError:
        return default


def _label_format(element: HtmlElement) -> str:
    style = element.get("style", "").replace(" ", "")
    if "list-style:none" in style or "list-style-type:none" in style:
        return "none"
    if element.tag == "ul":
        return "bullet"
    named = re.search(r"list-style(?:-type)?:(lower|upper)-(alpha|latin|roman)", style)
    if named:
        return named[1] + ("Roman" if named[2] == "roman" else "Letter")
    return _FORMATS.get(element.get("type", "1"), "decimal")

"""Reader of HTML pages: the main text without menus; it fetches nothing and expands no entities.

An element that it does not know keeps its text. What is left out on purpose is a short list, and each passage of it is recorded.
"""

from __future__ import annotations

import html as escapes
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml.html.defs import block_tags

from osce_commitments.config import Limits
from osce_commitments.documents.layout.furniture import is_symbol
from osce_commitments.documents.patterns import has_form
from osce_commitments.documents.readers.bounds import bounded, check_elements
from osce_commitments.documents.readers.text_reader import decode
from osce_commitments.documents.records import LeftOut, Line, ReaderOutput, comments_in
from osce_commitments.errors import DocumentError
from osce_commitments.labels import BlockKind
from osce_commitments.texts.normalise import clean, squeeze, superscript
from osce_commitments.texts.numerals import format_number

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SPACES = re.compile(r"\s+")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\s*+<\?xml[^>]*+>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_DOCTYPE_PART = re.compile(r"[>\[]")
_DOCTYPE_END = re.compile(r"\]\s*+>")
# The parser compares each attribute of an element with those before it: 100,000 take it half a minute.
_MOST_ATTRIBUTES = 5_000
_LONG_TAG = re.compile(rf"<[A-Za-z][^<>]{{{2 * _MOST_ATTRIBUTES},}}")
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# Elements that are left out, with the kind of their passages; an empty kind is no text.
_LEFT_OUT = {
    **dict.fromkeys(("head", "meta", "link", "script", "style"), ""),
    **dict.fromkeys(("button", "select", "input", "option", "textarea"), "form control"),
    **dict.fromkeys(("iframe", "object", "svg", "canvas", "audio", "video"), "embedded object"),
    "nav": "navigation block",
    "aside": "side block",
    "noscript": "noscript passage",
    "template": "template",
}
_ATTRIBUTES = ("value", "alt", "placeholder", "label", "srcdoc")  # words that a browser shows
_AT_TOP = {"header": "page header", "footer": "page footer"}
_ELEMENTS_OF_TEXT = ("p", "h1", "h2", "h3", "h4", "li", "table")
_NO_LENGTH = frozenset({"head", "script", "style", "nav"})
_CANDIDATES = frozenset({"main", "article"})
# Comments, scripts and tags, for the plain walk; no alternative is tried twice at one place.
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|title)\b.*?(?:</\1\s*+>|\Z)|<!\[CDATA\[|\]\]>"
    r"|<[a-z/!?](?:[^<>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+>?",
    re.IGNORECASE | re.DOTALL,
)
_SECTIONS = {"html", "body", "main", "article", "section", "aside", "header", "footer", "figure", "figcaption"}
_BLOCKS = block_tags - {"ins", "del"} | _SECTIONS  # ins and del occur within a sentence
_FORMATS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_INDENT_POINTS = 18.0
_LABEL_CHARACTERS = 8
_HEADER_CHARACTERS = 160
_ERROR_PAGE_CHARACTERS = 1500
_OF_HEADERS = ("header_block.certain", "decision_heading", "attachment")


def read_html(content: bytes, *, limits: Limits) -> ReaderOutput:
    """Return the lines of an HTML page."""
    charset = _CHARSET.search(content[:4000])
    if content.count(0) <= len(content) // 4:  # else it is UTF-16
        content = content.replace(b"\0", b"")
    text = decode(content, charset[1].decode("ascii") if charset else "").replace("\x00", "")
    check_elements(text.count("<") - text.count("</"), limits, "the page")
    # A browser takes a marked section for a comment; in XHTML it is text.
    first, *sections = _without_declarations(text).split("<![CDATA[")
    halves = (section.partition("]]>") for section in sections)
    text = first + "".join(escapes.escape(inside) + rest if end else inside for inside, end, rest in halves)
    root = _root(text)
    title = squeeze(root.findtext(".//title") or "")
    top = main_of(root)
    walk = _Walk(top)
    lines = tuple(bounded(walk.lines(), limits))
    opening = next((line.text for line in lines), "")
    is_short = sum(len(line.text) for line in lines) < _ERROR_PAGE_CHARACTERS
    if is_short and any(has_form(words, "web_page.error") for words in (title, opening)):
        msg = f"the page is an error page of a server: {title or opening!r}"
        raise DocumentError(msg, "download the document again, or give it as a file", reason="error_page")
    left_out = (*walk.left_out, *_around(top), *comments_in(text))
    return ReaderOutput(lines, title, held=escapes.unescape(_MARKUP.sub(" ", text)), left_out=left_out)


def lines_of_fragment(content: bytes, *, is_page: bool) -> Iterator[Line]:
    """Yield the lines of a page, or of a plain text, that is part of another file."""
    text = decode(content)
    if is_page:
        yield from _Walk(_root(_without_declarations(text))).lines()
    else:
        yield from (Line(squeeze(row), whole=True) for row in clean(text).split("\n") if row.strip())


def main_of(root: HtmlElement) -> HtmlElement:
    """Return the longest of main and article, if it has most of the text, else the whole page."""
    lengths = _lengths(root)
    candidates = [element for element in lengths if element is not root or _is_candidate(element)]
    best = max(candidates, key=lengths.__getitem__, default=None)
    return best if best is not None and 2 * lengths[best] >= lengths[root] else root


def _is_candidate(element: HtmlElement) -> bool:
    return element.tag in _CANDIDATES or element.get("role") == "main"


def _lengths(root: HtmlElement) -> dict[HtmlElement, int]:
    """Characters of text in each candidate, in document order, and in the page; white space at both ends does not count."""
    from lxml import etree

    lengths: dict[HtmlElement, int] = {}
    firsts: list[int] = []  # offset of the first and the last letter of each text
    lasts: list[int] = []
    total = hidden = 0

    def add(text: str | None) -> int:
        if not text or hidden:
            return 0
        solid = text.strip()
        if solid:
            firsts.append(total + len(text) - len(text.lstrip()))
            lasts.append(firsts[-1] + len(solid))
        return len(text)

    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_hidden = element.tag in _NO_LENGTH
        is_measured = element is root or _is_candidate(element)
        if event == "start":
            hidden += is_hidden
            lengths.update({element: total} if is_measured else {})
            total += add(element.text)
            continue
        if is_measured:
            first = bisect_left(firsts, lengths[element])
            lengths[element] = lasts[-1] - firsts[first] if first < len(firsts) else 0
        hidden -= is_hidden
        total += add(element.tail) if element is not root else 0
    return lengths


def _around(top: HtmlElement) -> Iterator[LeftOut]:
    """Yield the passages around the main text."""
    inside = top
    while (parent := inside.getparent()) is not None:
        for element in parent:
            if element is not inside and _LEFT_OUT.get(str(element.tag)) != "":
                kind = _LEFT_OUT.get(str(element.tag), _AT_TOP.get(str(element.tag), "passage around the main text"))
                yield LeftOut(kind, _text_of(element))
            yield LeftOut("passage around the main text", element.tail or "")
        yield LeftOut("passage around the main text", parent.text or "")
        inside = parent


def _text_of(element: HtmlElement) -> str:
    """The words of an element that is left out, and those that its pictures and controls hold in attributes."""
    from lxml import etree

    texts: list[str] = []
    depth = 0
    for event, part in etree.iterwalk(element, events=("start", "end")):
        is_code = part.tag in {"script", "style"}
        if event == "start":
            depth += is_code
            texts += ["" if depth else part.text or "", *(part.get(name, "") for name in _ATTRIBUTES)]
        else:
            depth -= is_code
            texts.append("" if depth or part is element else part.tail or "")
    return " ".join(texts)


def _root(text: str) -> HtmlElement:
    from lxml import etree, html

    if any(len(tag[0].split()) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        msg = f"an element of the page has more than {_MOST_ATTRIBUTES:,} attributes"
        raise DocumentError(msg, "save the page from a browser as text or PDF, and give that", reason="too_large")
    parser = html.HTMLParser(no_network=True, recover=True, remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except etree.ParserError as error:
        raise DocumentError("the page is empty", "download the page again", reason="empty") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        # The parser leaves out the rest of such a page.
        msg = "the page has elements more than 2,000 deep"
        raise DocumentError(msg, "save it from a browser as text or PDF, and give that", reason="too_deep")
    root.extend(list(root.itersiblings()))  # what comes after the end of the page
    return root


def _without_declarations(text: str) -> str:
    """Remove the XML declaration and document type declarations, with the entities in them."""
    declaration = _XML_DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    pieces, rest, part, end = [], 0, 0, 0
    for opening in _DOCTYPE.finditer(text):
        # Neither search is made again before the place that it found last.
        part = _place(_DOCTYPE_PART, text, opening.end(), part)
        if opening.start() < rest or part == len(text):
            continue
        if text[part] == "[":
            end = _place(_DOCTYPE_END, text, part, end)
        if text[part] == "[" and end == len(text):
            continue
        pieces.append(text[rest : opening.start()])
        rest = text.index(">", end if text[part] == "[" else part) + 1
    return "".join([*pieces, text[rest:]])


def _place(pattern: re.Pattern[str], text: str, start: int, last: int) -> int:
    """Offset of the first match from ``start``; ``last`` was the first one from an earlier start."""
    if last >= start:
        return last
    match = pattern.search(text, start)
    return match.start() if match else len(text)


def _kind_left_out(element: HtmlElement, *, at_top: bool) -> str | None:
    """The kind of an element that is left out; None if it is read."""
    tag = str(element.tag)
    if tag in _LEFT_OUT:
        return _LEFT_OUT[tag]
    if tag in _AT_TOP and at_top:
        return _AT_TOP[tag]
    if tag == "form" and next(element.iter(*_ELEMENTS_OF_TEXT), None) is None:
        return "form"
    if not element.keys():
        return None
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return "hidden passage"
    names = " ".join(element.get(name, "") for name in ("class", "id", "role"))
    is_around = tag not in {"body", "html", "main", "article"} and has_form(names, "web_page.around_the_text")
    return "page block" if is_around else None


class _Walk:
    """Turns the descendants of an element into lines, without recursion: pages can be deeply nested."""

    def __init__(self, top: HtmlElement) -> None:
        self._top = top
        self.left_out: list[LeftOut] = []
        self._lines: list[Line] = []
        self._text: list[str] = []
        self._label = ""
        self._lists: list[list[object]] = []  # Of each open list: label format, next number.
        self._blocks: list[str] = []  # Open elements that are blocks.
        self._cells = 0  # Number of open table cells, and of open articles.
        self._articles = 0
        self._columns: list[int] = []  # Of each open table: the column of its last cell.

    def lines(self) -> Iterator[Line]:
        """Yield the lines in page order."""
        from lxml import etree

        skipped = None
        for event, element in etree.iterwalk(self._top, events=("start", "end")):
            if event == "start" and skipped is None:
                kind = _kind_left_out(element, at_top=not self._articles) if element is not self._top else None
                if kind is not None:
                    skipped = element
                    self.left_out += [LeftOut(kind, _text_of(element))] if kind else []
                else:
                    self._open(element)
            elif event == "end":
                if skipped is None:
                    tag = str(element.tag)
                    if tag in _BLOCKS:
                        self._flush(tag)
                        self._blocks.pop()
                    self._cells -= tag in {"td", "th"}
                    self._articles -= tag == "article"
                    if tag in {"ol", "ul"}:
                        self._lists.pop()
                    elif tag == "table":
                        self._columns.pop()
                if element is skipped:
                    skipped = None
                if skipped is None and element is not self._top:
                    self._text.append(_flat(element.tail))
            if self._lines:
                yield from self._lines
                self._lines.clear()
        self._flush()
        yield from self._lines

    def _open(self, element: HtmlElement) -> None:
        tag = str(element.tag)
        if tag in _BLOCKS:
            self._flush()
            self._blocks.append(tag)
        self._cells += tag in {"td", "th"}
        self._articles += tag == "article"
        if tag in {"ol", "ul"}:
            self._lists.append([_label_format(element), _integer(element.get("start"), 1)])
        elif tag == "li" and self._lists:
            form, number = self._lists[-1]
            number = _integer(element.get("value"), _integer(number, 1))
            self._lists[-1][1] = number + 1
            labels = {"none": "", "bullet": "• "}
            self._label = labels[str(form)] if form in labels else f"{format_number(number, str(form))}. "
        elif tag == "br":
            self._text.append("\n")
        elif tag in {"img", "area"}:
            self.left_out.append(LeftOut("picture description", element.get("alt", "")))
        elif tag == "table":
            self._columns.append(0)
        elif self._columns and tag in {"tr", "td", "th"}:
            self._columns[-1] = 0 if tag == "tr" else self._columns[-1] + 1
        text = _flat(element.text)
        self._text.append(superscript(text) if tag == "sup" and text.strip().isdigit() else text)

    def _flush(self, tag: str = "") -> None:
        written = "".join(self._text)
        self._text.clear()
        if not written or not (text := clean(written)).strip():
            return
        if tag not in _HEADINGS:
            tag = self._blocks[-1] if self._blocks else ""
        kind = BlockKind.HEADING if tag in _HEADINGS else BlockKind.TABLE if self._cells else None
        indent = _INDENT_POINTS * len(self._lists)
        first, *others = broken(text)
        # Labels ("(a)") that an author typed into an unnumbered list are kept.
        label = "" if has_form(first, "list_label") else self._label
        column = self._columns[-1] if self._columns and kind is BlockKind.TABLE else 0
        for part in (label + first, *others):
            self._lines.append(Line(part, left=indent, whole=True, kind=kind, level=_HEADINGS.get(tag, column)))
        self._label = ""


def broken(text: str) -> list[str]:
    """Split a paragraph at its line breaks if it is a header block or contains list items, else join the lines."""
    parts = [part for part in map(squeeze, text.split("\n")) if part]
    if len(parts) == 1:
        return parts
    is_header = (
        any(has_form(part, group) for part in parts for group in _OF_HEADERS)
        or any(map(is_symbol, parts))
        or all(has_form(part, "header_block.possible") for part in parts)
    )
    starts_items = len(parts[0]) > _LABEL_CHARACTERS and any(has_form(part, "list_label") for part in parts[1:])
    if is_header and all(len(part) < _HEADER_CHARACTERS for part in parts):
        return parts
    return parts if starts_items else [" ".join(parts)]


def _flat(text: str | None) -> str:
    return _SPACES.sub(" ", text) if text else ""


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

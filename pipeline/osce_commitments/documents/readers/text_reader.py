"""Reader of plain text and Markdown."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import quantiles
from typing import Any

import yaml

from osce_commitments.catalogue.given import GIVEN_COLUMNS
from osce_commitments.config import Limits
from osce_commitments.documents.patterns import has_form, layout_rules
from osce_commitments.documents.readers.bounds import too_long
from osce_commitments.documents.records import FEWEST_WORDS, LeftOut, Line, ReaderOutput
from osce_commitments.errors import DocumentError
from osce_commitments.labels import BlockKind
from osce_commitments.texts.normalise import clean, squeeze

_BLOCK = re.compile(r"\s{0,200}---[ \t]*\n(?P<yaml>[\w\"'#-].{0,20000}?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"^([\w\"' -]{1,60}):(?:\s|$)", re.MULTILINE)
_SMALL = re.compile(r"[a-z][a-z0-9_-]*")
_COLON_IN_VALUE = re.compile(r"^(?P<key>[\w-]+): (?P<value>[^\s\"'\[{|>&*!#][^\n]*: [^\n]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Facts at the beginning of a text, as written, the rest of the text, and what is wrong or no fact."""

    rest: str
    facts: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    unused: tuple[str, ...] = ()


def split_front_matter(text: str) -> FrontMatter:
    """Separate the front matter of a text, which is never part of it; other keys than those of facts do not count.

    A block is front matter if it has the key of a fact, or only keys in small letters. Anything else is text between lines.
    """
    block = _BLOCK.match(text)
    keys = [key.strip().strip("\"'") for key in _KEY.findall(block["yaml"])] if block else []
    if block is None or not keys:
        return FrontMatter(text)
    if not any(key.casefold() in GIVEN_COLUMNS for key in keys) and not all(map(_SMALL.fullmatch, keys)):
        return FrontMatter(text)
    rest = text[block.end() :]
    try:
        values = _load(block["yaml"])
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = f" (line {place.line + 2})" if place else ""
        note = f"The front matter was not used: it is not YAML{where}."
        return FrontMatter(rest, note=note, unused=(block["yaml"],))
    if not isinstance(values, dict):
        return FrontMatter(text)
    lower = {str(key).strip().casefold(): value for key, value in values.items()}
    facts = {name: lower[name].strip() for name in GIVEN_COLUMNS if isinstance(lower.get(name), str)}
    several = ", ".join(name for name in GIVEN_COLUMNS if isinstance(lower.get(name), list | dict))
    note = f"The front matter was not used for {several}: it is not one value." if several else ""
    unused = tuple(
        f"{name}: {value}"
        for name, value in lower.items()
        if name not in facts and len(str(value).split()) >= FEWEST_WORDS
    )
    return FrontMatter(rest, {name: written for name, written in facts.items() if written}, note, unused)


def _load(written: str) -> Any:  # noqa: ANN401 - of any form
    """Load YAML with all scalars as texts; a value with a colon needs no quotation marks."""
    try:
        return yaml.load(written, Loader=yaml.BaseLoader)  # noqa: S506 - it makes only texts, lists and mappings
    except yaml.YAMLError:
        quoted = _COLON_IN_VALUE.sub(lambda match: f"{match['key']}: {json.dumps(match['value'])}", written)
        return yaml.load(quoted, Loader=yaml.BaseLoader)  # noqa: S506


_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Encodings of Python that no page is written in; some take time that grows with the square of the length.
_NO_CHARSETS = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)
_WRAP_COLUMNS = 120  # lines wrapped by a person or pdftotext are shorter
_SURE_SHARE = 0.8
_SHORTEST_FULL_ROW = 40
_FEWEST_ROWS_APART = 8
_TORN_SHARE = 0.25
_FEWEST_CELLS = 3
_FEWEST_BROKEN_ROWS = 2
_CELL = "\u241f"
_CHARACTER_POINTS = 5.0
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,500}\)")
_EMPHASIS = re.compile(r"(\*\*\*|\*\*|\*|__)(?=\S)(.{1,500}?)(?<=\S)\1")
_COMMENT = re.compile(r"<!--.{0,5000}?-->", re.DOTALL)
_NO_TEXT = re.compile(r"\\?#{1,6}|(?:\\[*_-]\s*)+")  # marks alone, also as characters
_HASHES = re.compile(r"^(#{1,6})\s*(\S.*?)\s*#*$")
_ESCAPED_MARKS = re.compile(r"^[ \t]*\\#{1,6}[ \t]*", re.MULTILINE)
_ESCAPED_LABEL = re.compile(r"^([ \t]*\(?(?:\d{1,3}|[a-z]{1,4}))\\(?=[.)])", re.MULTILINE)
_COLUMNS = re.compile(r"\s{5,}(?=\S)")
_MOST_WORDS_OF_A_NOTE = 30
_RULE = re.compile(r"^(?!_{5,}$)(?:[-*_=]\s*){3,}$")  # underscores may be the rule above notes


def decode(content: bytes, declared: str = "") -> str:
    """Decode bytes by byte order mark, zero bytes (UTF-16), as UTF-8, as declared, else as cp1252."""
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    sample = content[:4000]
    if sample.count(0) > len(sample) // 4:
        # In UTF-16, every second byte of English text is zero; its position gives the byte order.
        encoding = "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le"
        return content.decode(encoding, errors="replace")
    if sample.count(0):
        msg = "the text holds zero bytes: it is a binary file"
        raise DocumentError(msg, "give the file as PDF, DOCX, HTML or plain text", reason="not_text")
    for encoding in ("utf-8", declared):
        try:
            if encoding and codecs.lookup(encoding).name not in _NO_CHARSETS:
                return content.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return content.decode("cp1252", errors="replace")


def read_text(content: bytes, *, limits: Limits) -> ReaderOutput:
    """Return the lines of a plain text or Markdown file; form feeds separate pages."""
    decoded = decode(content)
    if len(decoded) > 2 * limits.max_characters:  # half may be white space
        raise too_long(limits)
    front = split_front_matter(decoded.replace("\r\n", "\n"))
    left_out = [LeftOut("comment", comment[4:-3]) for comment in _COMMENT.findall(front.rest)]
    left_out += [LeftOut("entry of the front matter", entry) for entry in front.unused]
    left_out += [LeftOut("", match[0][match.end(1) - match.start() :]) for match in _LINK.finditer(front.rest)]
    # Converters to Markdown set backslashes before marks of headings and labels.
    unescaped = _ESCAPED_LABEL.sub(r"\1", _ESCAPED_MARKS.sub("", _COMMENT.sub("", front.rest)))
    text = clean(_with_cells(unescaped))
    pages = [_without_blank_rows(page) for page in text.split("\f")]
    rows = [row for page in pages for row in page.split("\n")]
    reader = _wrapped if _is_wrapped(rows, is_paged=len(pages) > 1) else _paragraphs
    lines: list[Line] = []
    for number, page in enumerate(pages, start=1):
        lines.extend(reader(page.split("\n"), number if len(pages) > 1 else 0))
    notes = [front.note] if front.note else []
    # Letters of other alphabets than ASCII were decoded as Western European ones, for want of another sign.
    is_guess = decoded == content.decode("cp1252", errors="replace") and any(
        letter.isalpha() and not letter.isascii() for letter in decoded
    )
    if "\ufffd" in decoded or is_guess:
        notes.append("The file names no encoding that fits: letters with marks or of other scripts may be wrong.")
    lines = _with_closing_note(lines, rows)
    return ReaderOutput(tuple(lines), "", tuple(notes), front.facts, held=front.rest, left_out=tuple(left_out))


def _without_blank_rows(page: str) -> str:
    """Remove one empty row after each row of a page whose rows were wrapped and then set apart by empty rows."""
    rows = [row.rstrip() for row in page.split("\n")]
    printed = [place for place, row in enumerate(rows) if row]
    texts = [rows[place].strip() for place in printed]
    is_apart = all(below - above > 1 for above, below in pairwise(printed))
    if not is_apart or len(texts) < _FEWEST_ROWS_APART or max(map(len, texts)) > _WRAP_COLUMNS:
        return page
    torn = sum(_continues(above, below) for above, below in pairwise(texts))
    if torn < _TORN_SHARE * len(texts):
        return page
    return "\n".join(row for place, row in enumerate(rows) if row or not place or not rows[place - 1])


def _continues(above: str, below: str) -> bool:
    return below[:1].islower() and not has_form(above, "ending.item")


def _with_closing_note(lines: list[Line], rows: Sequence[str]) -> list[Line]:
    """Mark a few words after the last rule as a closing note on the copy, which is not an act."""
    last_rule = max((place for place, row in enumerate(rows) if _RULE.match(row.strip())), default=None)
    if last_rule is None:
        return lines
    behind = [row for row in rows[last_rule + 1 :] if row.strip()]
    is_note = 0 < len(" ".join(behind).split()) <= _MOST_WORDS_OF_A_NOTE and not any(
        has_form(row, "list_label") for row in behind
    )
    if not is_note or len(lines) <= 2 * len(behind) or len(behind) > len(lines):
        return lines
    count = len(behind)
    note = [line if line.kind else replace(line, kind=BlockKind.SIGNATURE) for line in lines[-count:]]
    return lines[:-count] + note


def _is_wrapped(rows: Sequence[str], *, is_paged: bool) -> bool:
    """Whether lines were wrapped at a column: many fill it, and no line is much longer."""
    lengths = [len(row.strip()) for row in rows if row.strip()]
    longest = max(lengths, default=0)
    if len(lengths) < 4:  # noqa: PLR2004 - too few to tell
        return False
    ninth = quantiles(lengths, n=10)[8]
    upper = [len(a.strip()) for a, b in pairwise(rows) if a.strip() and b.strip()]
    if ninth > _WRAP_COLUMNS or not upper:
        return False
    if is_paged:
        # Form feeds come from a printer driver or pdftotext, which wrap.
        return True
    # Sentences continue in the next row because its first word did not fit.
    broken = [
        len(above.strip()) + len(row.split()[0]) >= longest
        for above, row in pairwise(rows)
        if above.strip() and _continues(above.strip(), row.strip())
    ]
    breaks_sentences = len(broken) >= _FEWEST_BROKEN_ROWS and sum(broken) >= _SURE_SHARE * len(broken)
    if longest <= _WRAP_COLUMNS and (breaks_sentences or _hangs(rows)):
        return True
    full = sum(length >= 0.7 * ninth for length in upper)
    if full >= _SURE_SHARE * len(upper) and longest <= _WRAP_COLUMNS and min(upper) >= _SHORTEST_FULL_ROW:
        # Few paragraphs are longer than a row, but each row with a continuation is full.
        return True
    return full >= 0.4 * len(upper) and len(upper) >= 0.25 * len(lengths)


def _hangs(rows: Sequence[str]) -> bool:
    """Whether a row has a hanging indent: it continues right below the words of an item."""
    for above, row in pairwise(rows):
        label = layout_rules().first("list_label", above.strip())
        if label is None or not row.strip() or has_form(row.strip(), "list_label"):
            continue
        left = len(above) - len(above.lstrip()) + label[1].end()
        if len(row) - len(row.lstrip()) == left:
            return True
    return False


def _with_cells(text: str) -> str:
    """Mark the tabs between table cells, which cleaning would turn into spaces."""
    rows = text.splitlines(keepends=True)
    is_table = [row.strip().count("\t") >= _FEWEST_CELLS - 1 for row in rows]
    beside = [False, *is_table, False]
    return "".join(
        row.replace("\t", _CELL) if here and (above or below) else row
        for row, above, here, below in zip(rows, beside, is_table, beside[2:], strict=False)
    )


def _row(row: str, page: int) -> Iterator[Line]:
    for column, cell in enumerate(row.split(_CELL), start=1):
        if cell.strip():
            yield Line(" ".join(cell.split()), page, whole=True, kind=BlockKind.TABLE, level=column)


def _wrapped(rows: Sequence[str], page: int) -> Iterator[Line]:
    gap = 0.0
    for row in rows:
        if _CELL in row:
            yield from _row(row, page)
            continue
        if not row.strip() or _RULE.match(row.strip()):
            gap += 1.0
            continue
        stripped = row.rstrip()
        left = (len(stripped) - len(stripped.lstrip())) * _CHARACTER_POINTS
        for part_of_row in _columns(stripped.strip()):
            line = _markdown(part_of_row)
            width = len(part_of_row) * _CHARACTER_POINTS
            if line:
                yield Line(line[0], page, left, left + width, gap=1.0 + gap, kind=line[1], level=line[2])
            gap = 0.0


def _paragraphs(rows: Sequence[str], page: int) -> Iterator[Line]:
    open_row, left = "", 0.0
    for row in rows:
        if _CELL in row:
            yield from (*(_whole(open_row, page, left) if open_row else ()), *_row(row, page))
            open_row = ""
            continue
        stripped = row.strip()
        # Two spaces at the end of a row are a line break in Markdown; converters leave them at wrapped lines.
        if open_row and stripped and not stripped.startswith("#") and not has_form(stripped, "list_label"):
            stripped = f"{open_row} {stripped}"
        else:
            yield from _whole(open_row, page, left) if open_row else ()
            left = (len(row) - len(row.lstrip())) * _CHARACTER_POINTS
        open_row = ""
        if stripped and row.endswith("  ") and not stripped.startswith("#"):
            open_row = stripped
        elif stripped and not _RULE.match(stripped):
            yield from _whole(stripped, page, left)
    if open_row:
        yield from _whole(open_row, page, left)


def _columns(row: str) -> list[str]:
    """Split a row at wide gaps; a title and its page number in a table of contents stay together."""
    title, *rest = parts = _COLUMNS.split(row)
    label = layout_rules().first("list_label", title) if rest else None
    if label is not None and label[1].end() == len(title):
        title, *rest = parts = [f"{title} {rest[0]}", *rest[1:]]
    if not rest or has_form(squeeze(row), "journal_field"):
        return [row]
    if len(rest) != 1:
        return parts
    joined = f"{title} {rest[0]}"
    is_row = has_form(rest[0], "bare_number") and " " in title and not has_form(title, "header_block.possible")
    return [joined] if is_row or has_form(joined, "contents.entry") else parts


def _whole(row: str, page: int, left: float) -> Iterator[Line]:
    for part_of_row in _columns(row.strip()):
        line = _markdown(part_of_row)
        if line:
            yield Line(line[0], page, left, whole=True, kind=line[1], level=line[2])


def _markdown(row: str) -> tuple[str, BlockKind | None, int] | None:
    """Return a row without markup, its kind and level; None if nothing is left."""
    text = _LINK.sub(r"\1", row.strip())
    is_marked = "*" in text or "__" in text
    if is_marked and not has_form(text, "two_lines.of_text", "running_head"):
        text = _EMPHASIS.sub(r"\2", text)
    hashes = _HASHES.match(text)
    text = squeeze(hashes[2] if hashes else text)
    if not text or _NO_TEXT.fullmatch(text):
        return None
    return (text, BlockKind.HEADING, len(hashes[1])) if hashes else (text, None, 0)

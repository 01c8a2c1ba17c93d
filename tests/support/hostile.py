"""Makers of small files that ask a reader for much time or memory, or that are damaged."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PARTS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>"
_WORDS = b"the States will report act protect lamps harbours theft Council year end decide support promote women border".split()
_HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica %s>>"


def pdf(objects: Sequence[bytes]) -> bytes:
    """A PDF whose first object is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, rows)
    out += b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(out)


def stream(content: bytes, entries: bytes = b"", *, is_packed: bool = True) -> bytes:
    """A stream object."""
    packed = zlib.compress(content, 9) if is_packed else content
    how = b"/Filter /FlateDecode " if is_packed else b""
    return b"<< %s%s /Length %d >>\nstream\n%s\nendstream" % (how, entries, len(packed), packed)


def one_page(content: bytes, resources: bytes, *others: bytes) -> bytes:
    """A PDF of one page; the further objects begin with number 5."""
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            _PAGE % resources,
            stream(content),
            *others,
        ]
    )


def form_that_draws_itself(times: int = 3) -> bytes:
    """A form that draws itself several times."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F 5 0 R >> >>"
    return one_page(b"/F Do", b"<< /XObject << /F 5 0 R >> >>", stream(b"/F Do " * times, form))


def forms_in_forms(depth: int, times: int) -> bytes:
    """Forms that each draw the next one several times; the last one draws words."""
    forms = []
    for level in range(depth):
        inner = b"<< /XObject << /F %d 0 R >> /Font << /T %d 0 R >> >>" % (6 + level, 5 + depth)
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources " + inner
        is_last = level == depth - 1
        content = b"BT /T 12 Tf 72 700 Td (The States decide.) Tj ET" if is_last else b"/F Do " * times
        forms.append(stream(content, entries))
    return one_page(b"/F Do", b"<< /XObject << /F 5 0 R >> >>", *forms, _HELVETICA % b"")


def letter_that_stands_for_many(letters: int = 20_000, times: int = 2_000) -> bytes:
    """A font that says that its only letter stands for a long text."""
    target = b"0041" * letters
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n1 beginbfchar <41> <%s> endbfchar\nendcmap end end"
        % target
    )
    text = b"BT /T 12 Tf 72 700 Td (%s) Tj ET" % (b"A" * times)
    return one_page(text, b"<< /Font << /T 5 0 R >> >>", _HELVETICA % b"/ToUnicode 6 0 R ", stream(cmap))


def content_bomb(megabytes: int) -> bytes:
    """A page whose packed content unpacks to so many megabytes of words."""
    words = b"BT /T 12 Tf 1 0 0 1 72 700 Tm (The States decide.) Tj ET\n"
    return one_page(words * (megabytes * 1_000_000 // len(words)), b"<< /Font << /T 5 0 R >> >>", _HELVETICA % b"")


def line_bomb(count: int) -> bytes:
    """A page that draws so many short lines and one sentence."""
    words = b"BT /T 12 Tf 72 700 Td (The States decide that this is a sentence.) Tj ET\n"
    drawn = b"".join(b"%d %d m %d %d l S\n" % (k % 595, k % 842, k % 595 + 5, k % 842) for k in range(count))
    return one_page(words + drawn, b"<< /Font << /T 5 0 R >> >>", _HELVETICA % b"")


def letters_on_one_spot(count: int, words: bytes = b"1. The States will report on lamps. ") -> bytes:
    """A page that prints so many letters on one spot."""
    letters = b"".join(b"1 0 0 1 72 600 Tm (%c) Tj\n" % words[k % len(words)] for k in range(count))
    text = b"BT /T 12 Tf 1 0 0 1 72 700 Tm (The States decide that this is a sentence.) Tj\n%sET" % letters
    return one_page(text, b"<< /Font << /T 5 0 R >> >>", _HELVETICA % b"")


def many_pages(count: int, lines: int = 8) -> bytes:
    """So many pages of words by chance."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(count))
    head = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        _HELVETICA % b"",
    ]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /T 3 0 R >> >> >>"
    chance = random.Random(1)
    pages = [(page % (5 + 2 * number), stream(lines_of_words(chance, lines))) for number in range(count)]
    return pdf([*head, *(part for pair in pages for part in pair)])


def lines_of_words(chance: random.Random, count: int) -> bytes:
    """So many lines of a page."""
    rows = (
        b"1 0 0 1 72 %d Tm (%s) Tj\n" % (700 - 14 * k, b" ".join(chance.choices(_WORDS, k=12))) for k in range(count)
    )
    return b"BT /T 12 Tf %sET" % b"".join(rows)


def table_of_cells(count: int, text: str = "The States will report.") -> bytes:
    """A DOCX file with a table of so many cells."""
    row = f"<w:tr>{f'<w:tc>{paragraph(text)}</w:tc>' * 5}</w:tr>"
    return word(f"{paragraph('The States decide that this is a sentence.')}<w:tbl>{row * (count // 5)}</w:tbl>")


def attributes(count: int) -> bytes:
    """A page with so many attributes in one element."""
    names = " ".join(f"a{number}='b'" for number in range(count))
    return f"<html><body><p {names}>The States decide that this is a sentence.</p></body></html>".encode()


def pages_that_share_a_page(count: int, content: bytes = b"") -> bytes:
    """A page tree that counts one page so many times."""
    kids = b"3 0 R " * count
    content = content or b"BT /T 12 Tf 72 700 Td (The States decide that this is a sentence.) Tj ET"
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
            _PAGE % b"<< /Font << /T 5 0 R >> >>",
            stream(content),
            _HELVETICA % b"",
        ]
    )


def word(body: str, parts: Mapping[str, str] | None = None, *, root: str = "w:document") -> bytes:
    """A DOCX file with this content of its body, and further parts by name ("styles", "footnotes")."""
    names = {"document": f"<w:body>{body}</w:body>" if root == "w:document" else body, **(parts or {})}
    roots = {"document": root, "styles": "w:styles", "numbering": "w:numbering"}
    types = {name: "document.main" if name == "document" else name for name in names}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_PARTS}.{kind}+xml"/>' for name, kind in types.items()
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
        for n, name in enumerate(names)
        if name != "document"
    )
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": _relations(f'<Relationship Id="r" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'),
        "word/_rels/document.xml.rels": _relations(relations),
    }
    for name, content in names.items():
        tag = roots.get(name, f"w:{name}")
        files[f"word/{name}.xml"] = f'<{tag} xmlns:w="{WORD}">{content}</{tag}>'
    return packed(files)


def _relations(content: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{content}</Relationships>'
    )


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def paragraph(text: str) -> str:
    """A paragraph of a DOCX file."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def word_bomb(megabytes: int) -> bytes:
    """A DOCX file of empty runs that unpacks to so many megabytes."""
    run = "<w:r><w:t/></w:r>"
    return word(f"<w:p>{run * (megabytes * 1_000_000 // len(run))}</w:p>{paragraph('The States decide.')}")


# Each ran out of all memory before documents had a budget.
BOMBS_OF_MEMORY: Mapping[str, Callable[[], bytes]] = {
    "form_that_draws_itself.pdf": form_that_draws_itself,
    "forms_10x10.pdf": lambda: forms_in_forms(10, 10),
    "letter_for_20000.pdf": letter_that_stands_for_many,
}
# Large only.
BOMBS: Mapping[str, Callable[[], bytes]] = {
    "forms_6x10.pdf": lambda: forms_in_forms(6, 10),
    "content_20_mb.pdf": lambda: content_bomb(20),
    "content_60_mb.pdf": lambda: content_bomb(60),
    "lines_400000.pdf": lambda: line_bomb(400_000),
    "shared_pages.pdf": lambda: pages_that_share_a_page(2_999),
    "runs_200_mb.docx": lambda: word_bomb(200),
    "letters_on_one_spot.pdf": lambda: letters_on_one_spot(1_000_000),
    "letters_on_one_spot_items.pdf": lambda: letters_on_one_spot(1_000_000, b"(a) Lamps. "),
    "cells_50000.docx": lambda: table_of_cells(50_000),
    "cells_29000.docx": lambda: table_of_cells(29_000),
    "attributes_100000.html": lambda: attributes(100_000),
    "pages_2900.pdf": lambda: many_pages(2_900),
    "shared_pages_of_words.pdf": lambda: pages_that_share_a_page(2_999, lines_of_words(random.Random(1), 30)),
}

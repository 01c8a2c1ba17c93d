"""Patterns of text and mark-up that make slow code slow: each is repeated until a document has a given length."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from osce_commitments.labels import MediaType
from osce_commitments.schema import Source, SourceRef
from tests.support import hostile

_AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
_OPENING = "The States decide that "

# One paragraph of plain text each.
UNITS = (
    "\u2014 ", "\u2014", "\u2013 ", "((((", "))))", "()", "[[[[", "[](", "[1] ", "(a) ", "a) ", "(1) ", "(i) (ii) ", "1. ", "A. ", "I. ",
    "a-", "\u201ca\u201d ", "\u201c", '"a ', "\u2019 ", ": ", ":", ", ", "; ", ". ", "... ", "\u2022 ", "\u20ac ", "\u00b9", "\U0001f600", "d\u0301\u0323", "\u044f ",
    "no. ", "Mr. ", "pp. ", "stem; ", "to ", "by ", "if ", "not ", "and ", "the ", "who ", "that ", "which, ", "of the ",
    "will ", "within ", "xvi ", "on behalf of ", "no later than ", "States, ", "United Nations ", "Chairperson-in-Office ",
    "by 2012 ", "Decision No. ", "Decision No. 1/12, ", "Decisions Nos. ", "Decisions Nos. 1, 2 and 3, ",
    "resolution 1373 (2001), ", "of 3 May 2012, ", "article 5 of the Convention, ", "hyphen\u00ad", "a\u00a0", "word ", "Word ",
    "word", "7", "A", "(a)(a)", "1.1.1.", "*a*", "**", "[a](b)", "_ ", "= ", "a.b.", "https://a.b/c ", "a/b/c/", "&amp; ",
    "requests the Secretary General to report by 3 May 2012 and ", "and shall report annually to the Permanent Council ",
    "\u201cthe States decide that \u201cit ",
)  # fmt: skip
# Many paragraphs or lines of plain text each.
ROWS = (
    "\n", "\n\n", "     ", "a\n", "a\n\n", ";\n", "Name Surname\n", "Albania\n\n", "1.\n", "(a) a\n", "(a) calls;\n\n", "- a\n",
    "a\tb\tc\n", "# a\n", "# Heading\n\nThe States decide.\n\n", "---\n", "-- \n\n", "a\f", "<!-- ", "[a](", "**a ", "| a | b |\n",
    "1 Note.\n\n", "Word\u00b9 word.\n\n\u00b9 A note.\n\n", "ANNEX\n\n", "Article 1\n\n", "The States will report;\n\n",
    "Requests:\n\n(a) the Chair:\n\n(i) to report;\n\n", "Decides to:\n\n", "PC.DEC/1\n\n", "\u201cWe will,\n\n",
)  # fmt: skip
# Many elements of a page each.
HTML_UNITS = (
    "<p>a", "<div>a</div>", "<br>a", "<br>", "<!DOCTYPE ", "<!DOCTYPE [", "<!-- ", "<article>a</article>", "<main>a</main>",
    "<table><tr><td>a</td></tr></table>", "<tr><td>a", "<li>a", "<ol><li>a</ol>", "<sup>1</sup>", "<a href=x>a</a> ", "&#97; ",
    "<b><i>a</b></i>", "<h2>a</h2>", "<script>", "<?xml ", "<p class=x id=y role=z>a</p>", "a<br>", "\u00a0",
)  # fmt: skip
NESTED = ("article", "main", "div", "table", "ul", "section", "blockquote", "b", "span", "nav")
# Rows with a number that is never the same.
COUNTED = (
    "Recalling lamp #,\n\n",
    "(#) calls;\n\n",
    "The States decide# it.[#]\n\n[#] Note #.\n\n",
    "The States decide #.\f",
)


def text(unit: str, length: int, opening: str = _OPENING) -> Source:
    """A plain text of a repeated unit."""
    return _source((opening + unit * (length // len(unit))).encode(), MediaType.TEXT)


def counted(unit: str, length: int, opening: str = f"{_OPENING}this.\n\n") -> Source:
    """A plain text of a unit with a number that is never the same, so that nothing is remembered."""
    rows = "".join(unit.replace("#", str(n)) for n in range(length // len(unit)))
    return text(rows, len(rows), opening)


def html(unit: str, length: int, before: str = "", after: str = "") -> Source:
    """A page of a repeated unit."""
    content = f"<html><body>{before}{unit * (length // len(unit))}{after}<p>The States decide.</p></body></html>"
    return _source(content.encode(), MediaType.HTML)


def nested(element: str, length: int, words: str = "a") -> Source:
    """A page of elements in each other, with some words in each."""
    count = length // (2 * len(element) + 5 + len(words))
    content = f"<html><body>{f'<{element}>{words}' * count}{f'</{element}>' * count}<p>The States decide.</p>"
    return _source(content.encode(), MediaType.HTML)


def footnotes(length: int) -> Source:
    """A DOCX file of paragraphs with a note each."""
    count = length // 60
    mark = '<w:r><w:footnoteReference w:id="%d"/></w:r>'
    body = "".join(f"<w:p><w:r><w:t>Word</w:t></w:r>{mark % number}</w:p>" for number in range(1, count))
    notes = "".join(f'<w:footnote w:id="{n}">{hostile.paragraph("A note.")}</w:footnote>' for n in range(1, count))
    return word(hostile.paragraph("The States decide.") + body, {"footnotes": notes})


def word(body: str, parts: Mapping[str, str] | None = None) -> Source:
    """A DOCX file."""
    return _source(hostile.word(body, parts), MediaType.DOCX)


def chained_styles(length: int) -> Source:
    """A DOCX file whose styles are based on each other, with a paragraph in each."""
    count = length // 100
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="s{n}"><w:name w:val="s{n}"/><w:basedOn w:val="s{n + 1}"/></w:style>'
        for n in range(count)
    )
    rows = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="s{n}"/></w:pPr><w:r><w:t>Word</w:t></w:r></w:p>' for n in range(count)
    )
    return word(hostile.paragraph("The States decide.") + rows, {"styles": styles})


def nested_word_tables(length: int) -> Source:
    """A DOCX file of tables in each other."""
    count = length // 90
    body = "<w:tbl><w:tr><w:tc>" * count + hostile.paragraph("a") + "</w:tc></w:tr></w:tbl>" * count
    return word(hostile.paragraph("The States decide.") + body)


def akn(unit: str, length: int, before: str = "", after: str = "") -> Source:
    """An Akoma Ntoso file whose body is a repeated unit."""
    body = before + unit * (length // len(unit)) + after
    content = (
        f'<akomaNtoso xmlns="{_AKN}"><statement name="resolution"><meta/><mainBody>'
        f"<p>The States decide.</p>{body}</mainBody></statement></akomaNtoso>"
    )
    return _source(content.encode(), MediaType.AKN)


def akn_notes(length: int) -> Source:
    """An Akoma Ntoso file of paragraphs that refer to notes at its end."""
    count = length // 120
    rows = "".join(f'<p>Word<noteRef href="#n{n}" marker="{n}"/></p>' for n in range(count))
    notes = "".join(f'<note eId="n{n}"><p>A note.</p></note>' for n in range(count))
    return akn(rows, len(rows), after=notes)


def printed(unit: str, length: int) -> Source:
    """A PDF of one page with short pieces of text in many places."""
    pieces = "".join(
        f"1 0 0 1 {20 + 37 * n % 500} {20 + 11 * n % 800} Tm ({unit}) Tj\n" for n in range(length // max(len(unit), 1))
    )
    content = f"BT /T 8 Tf 1 0 0 1 72 700 Tm (The States decide.) Tj\n{pieces}ET".encode()
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return _source(hostile.one_page(content, b"<< /Font << /T 5 0 R >> >>", font), MediaType.PDF)


def printed_line(unit: str, length: int) -> Source:
    """A PDF of one long line."""
    content = f"BT /T 8 Tf 1 0 0 1 72 700 Tm ({unit * (length // len(unit))}) Tj ET".encode()
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return _source(hostile.one_page(content, b"<< /Font << /T 5 0 R >> >>", font), MediaType.PDF)


def ruled(length: int) -> Source:
    """A PDF with a table of many ruled cells."""
    side = max(int((length / 2) ** 0.5), 2)
    step = 500 / side
    lines = "".join(f"{40 + k * step} 100 m {40 + k * step} 600 l S\n" for k in range(side + 1))
    lines += "".join(f"40 {100 + k * step} m 540 {100 + k * step} l S\n" for k in range(side + 1))
    words = "".join(
        f"1 0 0 1 {40 + x * step + 0.2} {100 + y * step + 0.2} Tm (a) Tj\n" for y in range(side) for x in range(side)
    )
    content = f"{lines}BT /T 1 Tf 1 0 0 1 72 700 Tm (The States decide.) Tj\n{words}ET".encode()
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return _source(hostile.one_page(content, b"<< /Font << /T 5 0 R >> >>", font), MediaType.PDF)


def _source(content: bytes, media_type: MediaType) -> Source:
    return Source(SourceRef(f"/in/pattern.{media_type.value}", media_type), content)


_AFTER_THIS = f"{_OPENING}this.\n\n"
_WORD_ROW = "<w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>"
_NAMED: dict[str, Callable[[int], Source]] = {
    "counted given names": lambda length: counted(
        'They sign the Charter of Lamps (hereinafter the "Lamp N# Guide") here.\n\n', length
    ),
    "counted days of own texts": lambda length: counted(
        "its decision of 8 February 2018 on lamp #.\n\n",
        length,
        "PERMANENT COUNCIL\n\nDECISION No. 9912\n\nLAMPS\n\nThe Permanent Council,\n\nDecides to see.\n\n",
    ),
    "rows of items below a long stem": lambda length: text(
        "(a) lamps;\n\n", length // 2, f"Lamps of the seas {'and lamps ' * (length // 20)}:\n\n"
    ),
    "counted contents": lambda length: counted("Lamp #\n", length, f"{_OPENING}this.\n\nContents\n\n"),
    "rows of items and tails": lambda length: text(
        "(a) to see a;\n\nand to act on it\n\n", length, f"{_OPENING}this.\n\nRequests the Chair:\n\n"
    ),
    "akn wrap-ups": lambda length: akn(
        "<point><num>(a)</num><content><p>act;</p></content></point><wrapUp><p>in time.</p></wrapUp>",
        length,
        "<section><list><intro><p>The States shall:</p></intro>",
        "</list></section>",
    ),
    "html paragraphs that continue": lambda length: html(
        "<p>and so on", length, f"<p>{_OPENING}all of them {'and others ' * 9}go on and"
    ),
    "docx footnotes": footnotes,
    "docx styles on styles": chained_styles,
    "docx nested tables": nested_word_tables,
    "docx runs": lambda length: word(f"<w:p>{'<w:r><w:t>and </w:t></w:r>' * (length // 4)}</w:p>"),
    "docx paragraphs": lambda length: word(hostile.paragraph("The States.") * (length // 12)),
    "docx rows": lambda length: word(
        hostile.paragraph("The States decide.") + f"<w:tbl>{_WORD_ROW * (length // 10)}</w:tbl>"
    ),
    "docx line breaks": lambda length: word(
        f"<w:p>{'<w:r><w:t>a</w:t><w:br/></w:r>' * (length // 2)}</w:p>{hostile.paragraph('The States.')}"
    ),
    "akn paragraphs": lambda length: akn("<p>The States will report.</p>", length),
    "akn notes": akn_notes,
    "akn nested lists": lambda length: akn(
        "<blockList><item><num>(a)</num>" * min(length // 60, 60)
        + "<p>a</p>"
        + "</item></blockList>" * min(length // 60, 60),
        length,
    ),
    "akn points": lambda length: akn(
        "<point><num>(a)</num><content><p>a</p></content></point>", length, "<list>", "</list>"
    ),
    "akn attachments": lambda length: akn("<container name='a'><heading>a</heading><p>a</p></container>", length),
    "pdf pieces": lambda length: printed("word", length // 6),
    "pdf letters": lambda length: printed("a", length // 25),
    "pdf long line": lambda length: printed_line("word ", length),
    "pdf labels": lambda length: printed("(a)", length // 8),
    "pdf ruled cells": lambda length: ruled(length // 30),
}

# Name of a pattern -> maker of a document of about so many characters or bytes.
PATTERNS: Mapping[str, Callable[[int], Source]] = {
    **{f"text {unit!a}": partial(text, unit) for unit in UNITS},
    **{f"rows {unit!a}": partial(text, unit, opening=_AFTER_THIS) for unit in ROWS},
    **{f"html {unit}": partial(html, unit) for unit in HTML_UNITS},
    **{f"html nested {element}": partial(nested, element) for element in NESTED},
    **{f"counted {unit!a}": partial(counted, unit) for unit in COUNTED},
    **_NAMED,
}

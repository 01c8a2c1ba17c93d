# ruff: noqa: RUF001 - dashes and quotation marks as they are printed
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.errors import DocumentError
from osce_commitments.labels import BlockKind, MediaType

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from osce_commitments.schema import Document, Source

PAGE = """<!DOCTYPE html><html><head><title>Decision | Site</title><script>var a = "x";</script></head><body>
<header><a href="/">The site</a></header><nav><ul><li>Menu entry</li></ul></nav>
<div class="cookie-banner">We use cookies.</div>
<main><article>
<div>Organization for Security and Co-operation in Europe<br>Permanent Council<br>PC.DEC/9063<br>7 June 2012<br>
Original: ENGLISH</div>
<h1>DECISION No.&nbsp;9063<br>STORMS AND LIGHTHOUSES</h1>
<p>The Permanent Council,</p>
<p>Recalling that storms return<sup>1</sup> every year,</p>
<h2>Measures</h2>
<ol start="3"><li>Decides to count storms;
  <ol type="a"><li>in summer;</li><li value="4">in winter;</li></ol></li>
<li><p>Requests the Secretariat to report on them.</p></li></ol>
<ul style="list-style: none"><li>– at sea;</li></ul><ul><li>on land.</li></ul>
<table><tr><td>Cell one</td><td>Cell two</td></tr></table>
</article></main><footer>Contact us</footer></body></html>"""


def test_text_without_menus_and_with_labels(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(PAGE, MediaType.HTML, "https://example.org/pc/1.html")
    assert (document.symbol, document.title) == ("PC.DEC/9063", "STORMS AND LIGHTHOUSES")
    assert str(document.date) == "2012-06-07"
    assert texts(document, BlockKind.PARAGRAPH) == [
        "The Permanent Council,",
        "Recalling that storms return¹ every year,",
        "3. Decides to count storms;",
        "a. in summer;",
        "d. in winter;",
        "4. Requests the Secretariat to report on them.",
        "– at sea;",
        "• on land.",
    ]
    assert texts(document, BlockKind.HEADING) == ["Measures"]
    assert texts(document, BlockKind.TABLE) == ["Cell one", "Cell two"]
    assert not any(word in document.text for word in ("Menu", "cookies", "Contact", "var a", "The site"))
    assert document.pages == ()


def test_no_external_entity_is_read(tmp_path: Path, parsed: Callable[..., list[Document]]) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET", encoding="utf-8")
    page = (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY xxe SYSTEM "{secret.as_uri()}"><!ENTITY b "boom">]>'
        "<html><body><p>The participating States will act &xxe; together &b; at sea.</p></body></html>"
    )
    (document,) = parsed(page, MediaType.HTML)
    assert "TOPSECRET" not in document.text
    assert "boom" not in document.text
    assert "The participating States will act" in document.text


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>", "error_page"),
        ("<html><body><h1>Access denied</h1><p>You may not read this.</p></body></html>", "error_page"),
        ("<html><body><nav>Only a menu</nav></body></html>", "empty"),
        ("<!-- nothing -->", "empty"),
        (f"<p {' '.join(f'a{n}' for n in range(5_001))}>The States will act.</p>", "too_large"),
    ],
)
def test_pages_that_are_no_document(page: str, reason: str, source: Callable[..., Source]) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(source(page, MediaType.HTML), limits=Limits())
    assert caught.value.reason == reason
    assert caught.value.remedy


def test_a_long_page_about_errors_is_a_document(parsed: Callable[..., list[Document]]) -> None:
    body = "".join(f"<p>The participating States will answer call {number} without delay.</p>" for number in range(60))
    (document,) = parsed(
        f"<html><head><title>Access denied to terrorists</title></head><body>{body}</body></html>", MediaType.HTML
    )
    assert len(document.blocks) == 60


def test_a_declared_charset_is_used_and_nesting_does_no_harm(parsed: Callable[..., list[Document]]) -> None:
    page = "<meta charset='iso-8859-2'>" + "<div>" * 300 + "<p>The States met in Łódź and will meet again.</p>"
    (document,) = parsed(page.encode("iso-8859-2"), MediaType.HTML)
    assert document.text == "The States met in Łódź and will meet again."


def test_cells_of_a_table_know_their_column(parsed: Callable[..., list[Document]]) -> None:
    row = "<tr><td>{}</td><td>The guards will count all lights.</td><td></td><td>2099</td></tr>"
    (document,) = parsed(f"<p>We agree.</p><table>{row.format(1)}{row.format(2)}</table>", MediaType.HTML)
    cells = [(document.text[b.start : b.end], b.level) for b in document.blocks if b.kind == BlockKind.TABLE]
    assert [level for _, level in cells] == [1, 2, 4, 1, 2, 4]


def test_marks_of_an_editor_stay_in_their_sentence_and_captions_stand_alone(
    parsed: Callable[..., list[Document]],
) -> None:
    page = "<p>The States <del>may</del> <ins>will</ins> meet.</p><table><caption>Lights</caption><tr><td>2099</td></tr></table>"
    (document,) = parsed(page, MediaType.HTML)
    assert [document.text[b.start : b.end] for b in document.blocks] == ["The States may will meet.", "Lights", "2099"]

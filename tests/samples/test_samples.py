from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from corpora._authoring.files import stale
from corpora._authoring.samples import build
from osce_commitments.catalogue.store import load_catalogue
from osce_commitments.catalogue.symbols import find_symbols
from tests.support.corpora import SAMPLES as FOLDER

SAMPLES = sorted(FOLDER.iterdir())
SOURCES = sorted(build.SOURCES.glob("*.txt"))
NOTE = "Authored sample for software; not an OSCE document."
HEADS = [
    head
    for path in SOURCES
    for head in re.findall(r"^right: ([^|\n\[]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
]
# The catalogue's own numbers stay below these, so a printed symbol cannot be mistaken for a real one.
INVENTED = re.compile(r"/9\d(/\d\d)?$|/9\d{3}(/\d\d)?$|/9\d\d/\d\d$|RES 9\d E$|JOUR/9\d$")


def text_of(path: Path) -> str:
    if path.suffix == ".pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(path) as pdf:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if re.fullmatch(r"word/(document|footer\d)\.xml", name)]
            return " ".join(re.sub("<[^>]+>", " ", archive.read(name).decode()) for name in names)
    return path.read_text(encoding="utf-8")


def test_the_rendered_files_are_up_to_date() -> None:
    files = build.rendered()
    assert len(files) == 20
    assert stale(files, FOLDER) == []


def test_all_formats_are_there() -> None:
    assert Counter(path.suffix for path in SAMPLES) == {".pdf": 9, ".docx": 4, ".html": 2, ".txt": 5}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_file_says_that_it_is_no_osce_document(path: Path) -> None:
    assert NOTE in text_of(path)


@pytest.mark.parametrize("path", [path for path in SAMPLES if path.suffix == ".pdf"], ids=lambda path: path.name)
def test_every_page_says_that_it_is_no_osce_document(path: Path) -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as pdf:
        assert text_of(path).count(NOTE) == len(pdf)


def test_the_symbols_belong_to_no_real_document() -> None:
    symbols = [head.strip() for head in HEADS]
    catalogue = load_catalogue()
    assert len(symbols) == 21
    assert len(set(symbols)) == 21
    assert [symbol for symbol in symbols if catalogue.instrument(symbol.removesuffix("/Corr.1"))] == []
    assert [symbol for symbol in symbols if not INVENTED.search(symbol.removesuffix("/Corr.1"))] == []


def test_what_the_samples_cite_is_in_the_catalogue_or_plainly_invented() -> None:
    catalogue = load_catalogue()
    cited = {match.symbol for path in SOURCES for match in find_symbols(path.read_text(encoding="utf-8"))}
    unknown = sorted(symbol for symbol in cited if catalogue.instrument(symbol) is None)
    assert [symbol for symbol in unknown if not INVENTED.search(symbol)] == []
    assert len(cited) - len(unknown) >= 20


def test_every_source_has_a_purpose() -> None:
    purposes = [re.search(r"^purpose: (.{30,})$", path.read_text(encoding="utf-8"), re.MULTILINE) for path in SOURCES]
    assert len(purposes) == 20
    assert all(purposes)


def test_words_are_broken_at_line_ends_and_keep_their_letters() -> None:
    text = text_of(FOLDER / "article-seams-of-security.pdf")
    assert "confidence\ufffebuilding measures" in text
    assert "smuggled person from a traf\ufffeficked one" in text


def test_a_stem_is_split_by_the_page() -> None:
    import pypdfium2

    with pypdfium2.PdfDocument(FOLDER / "mc-dec-93-12.pdf") as pdf:
        first, second = (" ".join(page.get_textpage().get_text_range().split()) for page in pdf)
    assert "6. The Secretary General is tasked" in first
    assert "whose experience is of use, and with: (a) Drawing up an inventory" in second
    assert second.startswith("- 2 - MC.DEC/93/12 16 November 2012")


def test_no_word_of_a_pdf_source_is_lost() -> None:
    for source in SOURCES:
        facts, _, body = source.read_text(encoding="utf-8").partition("\n---\n")
        name = re.search(r"^file: (.*\.pdf)$", facts, re.MULTILINE)
        if name is None:
            continue
        body = re.sub(r"^!.*$|^(right|session|journal): .*$|\[\^\w\]", " ", body, flags=re.MULTILINE)
        words = Counter(re.findall(r"[^\W\d_]{4,}", body.replace("-", "")))
        printed = re.sub(r"-|\ufffe|-\s+", "", text_of(FOLDER / name[1]))
        found = Counter(re.findall(r"[^\W\d_]{4,}", printed))
        assert {word: count for word, count in words.items() if found[word] < count} == {}, source.name


def test_automatic_labels_are_in_no_text_of_the_document() -> None:
    for name in ("mc-dec-92-13", "pc-dec-9140", "pa-resolution-2018"):
        path = FOLDER / f"{name}.docx"
        assert re.findall(r"\((?:a|i)\) ", text_of(path)) == []
        with zipfile.ZipFile(path) as archive:
            assert b"<w:numPr>" in archive.read("word/styles.xml")
            assert b"<w:numPr>" not in archive.read("word/document.xml")
    assert "(3)" in text_of(FOLDER / "mc-dec-94-16.docx")


def test_hard_characters_are_there() -> None:
    docx = text_of(FOLDER / "mc-dec-92-13.docx")
    html = text_of(FOLDER / "pc-dec-9125.html")
    assert "DECISION №\u00a092/13" in docx
    assert "15\u2009May\u20092017" in text_of(FOLDER / "mc-dec-94-16.docx")
    assert "&shy;" in html
    assert "9\u202fApril 2015" in html
    assert "\f" in text_of(FOLDER / "sum-doc-93-10.txt")


def test_the_readme_lists_every_file() -> None:
    readme = (build.SOURCES.parent / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+\.(?:pdf|docx|html|txt))` \|", readme, re.MULTILINE)
    assert sorted(listed) == [path.name for path in SAMPLES]

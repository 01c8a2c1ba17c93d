"""Mutated files of every format go through all stages: each is read or refused with a remedy, and its offsets are right.

The cases are the same in every run. By hand, more of them: ``FUZZ_CASES=20000 pytest tests/documents/test_fuzz.py``.
"""

from __future__ import annotations

import io
import os
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from osce_commitments.classify import RULES, load_classifier
from osce_commitments.config import Limits
from osce_commitments.extra.akn import akn_document
from osce_commitments.flows.reading import process
from osce_commitments.labels import MediaType
from osce_commitments.schema import DEFECT_REASON, Source, SourceRef
from osce_commitments.tables import document_row, provision_row
from tests.support import growing, hostile

CASES = int(os.environ.get("FUZZ_CASES", "25"))
LIMITS = Limits(max_characters=300_000, max_elements=100_000, max_pages=50, max_unpacked_megabytes=20)
SAMPLES = {
    MediaType.PDF: "pc-dec-9104.pdf",
    MediaType.DOCX: "mc-dec-92-13.docx",
    MediaType.HTML: "mc-doc-93-17.html",
    MediaType.TEXT: "csce-concluding-document-1993.txt",
}
# Files that ended as a defect when more cases were tried by hand.
FINDS = sorted((Path(__file__).parent / "data" / "finds").iterdir())
# What is put into a file: marks of each format, numbers at the ends of their ranges, odd characters.
PIECES = (
    b"<", b">", b"</p>", b"<table>", b"<w:p/>", b"<w:sectPr/>", b"</w:body>", b"<num>", b"<!DOCTYPE ", b"<![CDATA[", b"&#0;",
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae", b"(a) ", b"1. ", b"obj", b"endobj", b"stream", b"/Kids", b"/Length 9",
    b"-1", b"99999999999", b"4294967296", b"9" * 5000, b"\r", b"\f", b"\t\t\t", b"---\n", b"[](", b"**", b"\xc2\xb2", b"xref", b"%%EOF",
)  # fmt: skip
FUZZ = settings(
    max_examples=CASES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
seeds = st.integers(0, 2**32)
counts = st.integers(1, 12)


def mutated(content: bytes, seed: int, count: int) -> bytes:
    """Content with some pieces inserted, removed, repeated or overwritten."""
    chance = random.Random(seed)
    data = bytearray(content)
    for _ in range(count):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((1, 2, 8, 40, 400)))
        how = chance.randrange(4)
        if how == 0:
            data[at:at] = chance.choice(PIECES)
        elif how == 1:
            del data[at:end]
        elif how == 2:
            data[at:at] = data[at:end] * chance.choice((1, 2, 30))
        else:
            data[at:end] = bytes(chance.randrange(256) for _ in range(end - at))
    return bytes(data)


def check(content: bytes, media_type: MediaType) -> None:
    source = Source(SourceRef(f"/in/a.{media_type.value}", media_type), content)
    result = process(source, LIMITS, load_classifier(RULES))
    assert result.documents or result.rejects
    for reject in result.rejects:
        assert reject.reason != DEFECT_REASON, reject
        assert reject.message, reject
        assert reject.remedy, reject
    texts = {document.id: document.text for document in result.documents}
    for one in result.provisions:
        provision, tags = one.tagged.provision, one.tagged.tags
        assert texts[provision.document][provision.start : provision.end] == provision.text
        assert all(getattr(provision, tag.field)[tag.start : tag.end] == tag.text for tag in tags), provision
    for document in result.documents:
        own = [item for item in result.provisions if item.tagged.provision.document == document.id]
        rows = [provision_row(item, document) for item in own]
        etree.fromstring(akn_document(document_row(document, "p", len(rows)), rows))


@pytest.mark.parametrize("media_type", SAMPLES)
@FUZZ
@given(seed=seeds, count=counts)
def test_a_mutated_file_is_read_or_refused(media_type: MediaType, samples: Path, seed: int, count: int) -> None:
    check(mutated((samples / SAMPLES[media_type]).read_bytes(), seed, count), media_type)


@pytest.mark.parametrize("path", FINDS, ids=[path.name for path in FINDS])
def test_what_was_found_by_hand_stays_right(path: Path) -> None:
    check(path.read_bytes(), MediaType(path.suffix.removeprefix(".")))


@FUZZ
@given(seed=seeds, count=counts)
def test_mutated_mark_up_is_read_or_refused(seed: int, count: int) -> None:
    content = growing.akn(
        "<point eId='a'><num>(a)</num><content><p>The States will report;</p></content></point>",
        900,
        "<list>",
        "</list>",
    ).content
    check(mutated(content, seed, count), MediaType.AKN)


@pytest.fixture(scope="module")
def exported(samples: Path) -> bytes:
    """A sample as Akoma Ntoso, with all that an export has."""
    source = Source(SourceRef("/in/a.html", MediaType.HTML), (samples / SAMPLES[MediaType.HTML]).read_bytes())
    result = process(source, LIMITS, load_classifier(RULES))
    (document,) = result.documents
    rows = [provision_row(item, document) for item in result.provisions]
    return akn_document(document_row(document, "p", len(rows)), rows)


@FUZZ
@given(seed=seeds, count=counts)
def test_a_mutated_export_is_read_or_refused(exported: bytes, seed: int, count: int) -> None:
    check(mutated(exported, seed, count), MediaType.AKN)


@FUZZ
@given(seed=seeds, count=counts)
def test_a_docx_file_with_mutated_parts_is_read_or_refused(samples: Path, seed: int, count: int) -> None:
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO((samples / SAMPLES[MediaType.DOCX]).read_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(files))
    files[name] = mutated(files[name], seed, count)
    check(hostile.packed(files), MediaType.DOCX)


@FUZZ
@given(text=st.text(max_size=400), seed=seeds)
def test_any_text_is_read_or_refused(text: str, seed: int) -> None:
    check(mutated(text.encode("utf-8", "surrogatepass"), seed, 3), MediaType.TEXT)

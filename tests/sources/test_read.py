"""Bytes of files and of standard input."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Fetch, Limits
from osce_commitments.errors import SourceError
from osce_commitments.ids import content_sha256
from osce_commitments.labels import MediaType
from osce_commitments.schema import Source, SourceRef
from osce_commitments.sources import discover, localise, read_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMITS = Limits(max_megabytes=1)
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more"


def read_file(path: Path, media_type: MediaType) -> Source:
    return read_source(SourceRef(str(path), media_type), limits=LIMITS, fetch=Fetch())


def read_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes, media_type: MediaType = MediaType.TEXT) -> Source:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    return read_source(SourceRef("-", media_type), limits=LIMITS, fetch=Fetch())


FITTING = [
    (MediaType.PDF, b"%PDF-1.7 body"),
    (MediaType.PDF, b"\r\nsome mailer's line\r\n%PDF-1.4 body"),
    (MediaType.DOCX, b"PK\x03\x04 archive"),
    (MediaType.HTML, b"<!DOCTYPE html><html></html>"),
    (MediaType.HTML, b"<p>fragment</p>"),
    (MediaType.TEXT, b"<html> is where a page begins"),
    (MediaType.TEXT, b"A line that speaks of %PDF-1.7"),
]


@pytest.mark.parametrize(("media_type", "content"), FITTING)
def test_content_that_fits(tmp_path: Path, media_type: MediaType, content: bytes) -> None:
    path = tmp_path / f"a.{media_type.value}"
    path.write_bytes(content)
    source = read_file(path, media_type)
    assert (source.content, source.ref.media_type) == (content, media_type)
    assert source.sha256 == content_sha256(content)


MISFITS = [
    ("error page named .pdf", MediaType.PDF, b"<!DOCTYPE html><title>Not found</title>", "HTML page"),
    ("text named .pdf", MediaType.PDF, b"plain words", "something else"),
    ("PDF named .docx", MediaType.DOCX, b"%PDF-1.7", "PDF file"),
    ("old Word named .docx", MediaType.DOCX, OLD_WORD, "old or encrypted Word"),
    ("PDF named .txt", MediaType.TEXT, b"%PDF-1.7", "PDF file"),
    ("old Word named .txt", MediaType.TEXT, OLD_WORD, "old Word"),
    ("DOCX named .html", MediaType.HTML, b"PK\x03\x04", "DOCX file"),
]


@pytest.mark.parametrize(("phenomenon", "media_type", "content", "what"), MISFITS)
def test_content_that_does_not_fit(
    tmp_path: Path, phenomenon: str, media_type: MediaType, content: bytes, what: str
) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=what) as caught:
        read_file(path, media_type)
    assert caught.value.reason == "wrong_type", phenomenon
    assert caught.value.remedy


def test_file_that_went_away_or_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with pytest.raises(SourceError) as caught:
        read_file(path, MediaType.TEXT)
    assert caught.value.reason == "missing"
    path.write_bytes(b"")
    with pytest.raises(SourceError) as caught:
        read_file(path, MediaType.TEXT)
    assert caught.value.reason == "empty"
    path.write_bytes(b"x" * 1_000_001)
    with pytest.raises(SourceError) as caught:
        read_file(path, MediaType.TEXT)
    assert caught.value.reason == "too_large"
    with pytest.raises(SourceError) as caught:
        read_file(tmp_path, MediaType.TEXT)
    assert caught.value.reason == "unreadable"


def _as_link(path: Path, other: Path) -> None:
    path.unlink()
    path.symlink_to(other)


def _below_link(path: Path, other: Path) -> None:
    path.parent.rename(other.parent / "kept")
    path.parent.symlink_to(other.parent)
    (other.parent / path.name).write_text("Secret.")


def _as_pipe(path: Path, _: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there, and pipes have no name in a folder")
@pytest.mark.parametrize("swap", [_as_link, _below_link, _as_pipe])
def test_what_takes_the_place_of_a_file_after_it_was_found_is_not_read(
    tmp_path: Path, swap: Callable[[Path, Path], None]
) -> None:
    path, other = tmp_path / "in" / "deep" / "a.txt", tmp_path / "private" / "b.txt"
    for one in (path, other):
        one.parent.mkdir(parents=True)
        one.write_text("The States decide.")
    (ref,) = discover([str(tmp_path / "in")], limits=LIMITS).refs
    swap(path, other)
    with pytest.raises(SourceError) as caught:
        read_source(ref, limits=LIMITS, fetch=Fetch())
    assert caught.value.reason == "unreadable"
    assert "another file has taken its place" in str(caught.value)


STDIN = [
    (b"Plain words.", MediaType.TEXT, MediaType.TEXT),
    (b"%PDF-1.7", MediaType.TEXT, MediaType.PDF),
    (b"\xef\xbb\xbf <HTML lang='en'>", MediaType.TEXT, MediaType.HTML),
    (b"<?xml version='1.0'?><html xmlns='x'>", MediaType.TEXT, MediaType.HTML),
    (b"<p>fragment</p>", MediaType.HTML, MediaType.HTML),
]


@pytest.mark.parametrize(("content", "given", "seen"), STDIN)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes, given: MediaType, seen: MediaType) -> None:
    source = read_stdin(monkeypatch, content, given)
    assert (source.content, source.ref) == (content, SourceRef("-", seen))


def test_standard_input_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError) as caught:
        read_stdin(monkeypatch, b"")
    assert caught.value.reason == "empty"
    with pytest.raises(SourceError) as caught:
        read_stdin(monkeypatch, b"x" * 1_000_001)
    assert caught.value.reason == "too_large"


def test_standard_input_is_kept_for_a_second_reading(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"<html>page")))
    fetch = Fetch(cache=tmp_path / "cache")
    ref = localise(SourceRef("-", MediaType.TEXT), limits=LIMITS, fetch=fetch)
    assert (ref.uri, ref.media_type) == ("-", MediaType.HTML)
    for _ in range(2):
        assert read_source(ref, limits=LIMITS, fetch=fetch).content == b"<html>page"
    assert localise(ref, limits=LIMITS, fetch=fetch) is ref


def test_local_file_stays_where_it_is(tmp_path: Path) -> None:
    ref = SourceRef(str(tmp_path / "a.txt"), MediaType.TEXT)
    assert localise(ref, limits=LIMITS, fetch=Fetch()) == replace(ref, path=ref.uri)

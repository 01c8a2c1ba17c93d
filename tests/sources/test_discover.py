"""What the user names becomes a source or a reject, never nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from osce_commitments.config import Limits
from osce_commitments.labels import MediaType
from osce_commitments.schema import SourceRef
from osce_commitments.sources import discover

LIMITS = Limits(max_megabytes=1)


def write(path: Path, content: bytes = b"text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def local(path: Path, media_type: MediaType) -> SourceRef:
    return SourceRef(str(path), media_type, path=str(path))


def names(folder: Path, refs: list[SourceRef]) -> list[str]:
    return [os.path.relpath(ref.uri, folder) for ref in refs]


def test_folder_is_searched_through_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.html", "a/c.PDF", "d.docx", ".hidden.txt", ".git/config.txt"):
        write(tmp_path / name)
    refs, rejects, _ = discover([str(tmp_path)], limits=LIMITS)
    assert names(tmp_path, refs) == ["a/c.PDF", "a/z.html", "b.txt", "d.docx"]
    assert [ref.media_type for ref in refs] == [MediaType.PDF, MediaType.HTML, MediaType.TEXT, MediaType.DOCX]
    assert rejects == []


ENDINGS = {
    ".pdf": MediaType.PDF,
    ".docx": MediaType.DOCX,
    ".html": MediaType.HTML,
    ".htm": MediaType.HTML,
    ".xhtml": MediaType.HTML,
    ".txt": MediaType.TEXT,
    ".text": MediaType.TEXT,
    ".md": MediaType.TEXT,
    ".markdown": MediaType.TEXT,
    ".xml": MediaType.AKN,
    ".akn": MediaType.AKN,
}


@pytest.mark.parametrize(("ending", "media_type"), ENDINGS.items())
def test_endings(tmp_path: Path, ending: str, media_type: MediaType) -> None:
    path = write(tmp_path / f"decision{ending}")
    assert discover([str(path)], limits=LIMITS) == ([local(path, media_type)], [], [])


REMEDIES = [
    ("old.doc", "DOCX or PDF"),
    ("old.RTF", "DOCX or PDF"),
    ("old.odt", "DOCX or PDF"),
    ("old.wpd", "DOCX or PDF"),
    ("mail.eml", "PDF or text"),
    ("scan.tiff", "text recognition"),
    ("all.zip", "unpack"),
    ("noending", ".pdf"),
]


@pytest.mark.parametrize(("name", "remedy"), REMEDIES)
def test_unsupported_files_are_rejects_alone_and_in_folders(
    tmp_path: Path, name: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    path = write(tmp_path / name)
    for item in (path, tmp_path):
        refs, (reject,), _ = discover([str(item)], limits=LIMITS)
        assert refs == []
        assert (reject.source, reject.reason, reject.stage) == (str(path), "unsupported", "sources")
        assert remedy in reject.remedy


def test_a_converter_that_is_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = write(tmp_path / "bin" / "soffice", b"#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    path = write(tmp_path / "old words.doc")
    _, (reject,), _ = discover([str(path)], limits=LIMITS)
    assert reject.remedy == f"convert it: soffice --headless --convert-to docx '{path}'"


def test_file_without_ending_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    path = write(tmp_path / "download", b"%PDF-1.7\n")
    assert discover([str(path)], limits=LIMITS)[0] == [local(path, MediaType.PDF)]


def test_akoma_ntoso_without_ending_is_known_by_its_root(tmp_path: Path) -> None:
    (tmp_path / "lamps").write_text('<?xml version="1.0"?>\n<an:akomaNtoso xmlns:an="x"/>')
    assert discover([str(tmp_path)], limits=LIMITS).refs[0].media_type is MediaType.AKN


def test_each_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt")
    (tmp_path / "link.txt").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    refs, rejects, _ = discover([str(path), "a.txt", "*.txt", ".", "./a.txt"], limits=LIMITS)
    assert (names(tmp_path, refs), rejects) == (["a.txt"], [])


def test_globs(tmp_path: Path) -> None:
    for name in ("x/1.txt", "x/y/2.txt", "3.txt"):
        write(tmp_path / name)
    refs, _, _ = discover([f"{tmp_path}/**/*.txt"], limits=LIMITS)
    assert names(tmp_path, refs) == ["3.txt", "x/1.txt", "x/y/2.txt"]
    refs, _, _ = discover([f"{tmp_path}/x*"], limits=LIMITS)
    assert names(tmp_path, refs) == ["x/1.txt", "x/y/2.txt"]


def test_name_with_brackets_is_a_file_before_it_is_a_pattern(tmp_path: Path) -> None:
    path = write(tmp_path / "MC(9) [en].txt")
    assert discover([str(path)], limits=LIMITS)[0] == [local(path, MediaType.TEXT)]


def test_rejects_have_distinct_reasons(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path / "zero.pdf", b"")
    write(tmp_path / "large.txt", b"x" * 1_000_001)
    cases = {
        f"{tmp_path}/none.pdf": "missing",
        f"{tmp_path}/*.none": "no_match",
        f"{tmp_path}/empty": "empty_folder",
        f"{tmp_path}/dangling.txt": "missing",
        f"{tmp_path}/pipe.txt": "unsupported",
        f"{tmp_path}/zero.pdf": "empty",
        f"{tmp_path}/large.txt": "too_large",
        "ftp://example.org/a.pdf": "unknown_scheme",
        "file:///a.pdf": "unknown_scheme",
        "catalogue:MC.DEC/91/07": "unknown_symbol",
        "catalogue:MC.DEC/9/11": "no_address",
    }
    refs, rejects, _ = discover(list(cases), limits=LIMITS)
    assert refs == []
    assert {reject.source: reject.reason for reject in rejects} == cases
    assert all(reject.message and reject.remedy and "\n" not in reject.message for reject in rejects)


def test_same_reject_once(tmp_path: Path) -> None:
    assert len(discover([f"{tmp_path}/none.pdf"] * 2, limits=LIMITS)[1]) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_unreadable(tmp_path: Path) -> None:
    locked = write(tmp_path / "locked.txt")
    locked.chmod(0)
    assert [reject.reason for reject in discover([str(locked)], limits=LIMITS)[1]] == ["unreadable"]


def test_unreadable_folder_is_not_called_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    assert [reject.reason for reject in discover([str(tmp_path)], limits=LIMITS)[1]] == ["unreadable"]


def test_link_loops_end(tmp_path: Path) -> None:
    write(tmp_path / "a/b.txt")
    (tmp_path / "a/up").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    refs, rejects, _ = discover([str(tmp_path)], limits=LIMITS)
    assert names(tmp_path, refs) == ["a/b.txt"]
    assert [reject.reason for reject in rejects] == ["unreadable"]


def test_addresses_and_standard_input() -> None:
    items = ["https://example.org/a.pdf?x=1", "http://example.org/mc/1", "-", "-"]
    refs, rejects, _ = discover(items, limits=LIMITS)
    assert [(ref.uri, ref.media_type) for ref in refs] == [
        ("https://example.org/a.pdf?x=1", MediaType.PDF),
        ("http://example.org/mc/1", MediaType.HTML),
        ("-", MediaType.TEXT),
    ]
    assert rejects == []
    assert discover(["-"], stdin_type=MediaType.HTML, limits=LIMITS)[0] == [SourceRef("-", MediaType.HTML)]


def test_address_that_is_none_is_left_to_fetching() -> None:
    assert discover(["http://["], limits=LIMITS) == ([SourceRef("http://[", MediaType.HTML)], [], [])


def test_catalogue_rows() -> None:
    refs, rejects, _ = discover(["catalogue:mc.doc 4/15", "catalogue:MC.DOC/4/15"], limits=LIMITS)
    assert rejects == []
    (ref,) = refs
    assert ref.symbol == "MC.DOC/4/15"
    assert ref.uri.startswith("https://")


def test_side_files_in_folders_are_passed_over_and_listed(tmp_path: Path) -> None:
    for name in ("a.txt", "sources.csv", "build.py", "old.doc"):
        (tmp_path / name).write_text("The Ministerial Council,", encoding="utf-8")
    refs, rejects, passed_over = discover([str(tmp_path)], limits=LIMITS)
    assert [Path(ref.uri).name for ref in refs] == ["a.txt"]
    assert [Path(reject.source).name for reject in rejects] == ["old.doc"]
    assert [Path(path).name for path in passed_over] == ["build.py", "sources.csv"]


def test_a_side_file_that_is_named_is_a_reject(tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text("a,b", encoding="utf-8")
    _, (reject,), passed_over = discover([str(tmp_path / "sources.csv")], limits=LIMITS)
    assert (reject.reason, passed_over) == ("unsupported", [])


@pytest.mark.parametrize("where", ["file", "folder"])
def test_a_name_that_is_not_utf_8_is_one_reject(tmp_path: Path, where: str) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/in/bad\xff")
    write(tmp_path / "in" / "good.txt")
    write(Path(odd) / "x.txt" if where == "folder" else Path(f"{odd}.txt"))
    refs, (reject,), _ = discover([str(tmp_path / "in")], limits=LIMITS)
    assert names(tmp_path / "in", refs) == ["good.txt"]
    assert reject.reason == "name"
    assert reject.source == f"{tmp_path}/in/bad\\xff" + ("/x.txt" if where == "folder" else ".txt")
    for text in (reject.source, reject.message, reject.remedy):
        text.encode()
    discover([odd], limits=LIMITS).rejects[0].source.encode()


def test_a_link_that_leads_out_of_the_folder_is_a_reject(tmp_path: Path) -> None:
    secret, inside = write(tmp_path / "secret.txt"), write(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "passwords.txt").symlink_to(secret)
    (tmp_path / "in" / "same.txt").symlink_to(inside)
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    refs, rejects, _ = discover([str(tmp_path / "in")], limits=LIMITS)
    assert names(tmp_path / "in", refs) == ["a.txt"]
    assert {(reject.reason, Path(reject.source).name) for reject in rejects} == {
        ("link", "passwords.txt"),
        ("link", "up"),
    }
    refs, rejects, _ = discover([str(tmp_path / "in" / "passwords.txt")], limits=LIMITS)
    assert ([Path(ref.uri).name for ref in refs], rejects) == (["passwords.txt"], [])


def test_a_folder_of_any_depth_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(1_500):
        Path("d").mkdir()
        os.chdir("d")
    write(tmp_path / "a.txt")
    os.chdir(tmp_path)
    refs, rejects, _ = discover([str(tmp_path)], limits=LIMITS)
    subprocess.run(["rm", "-r", "d"], check=True)
    assert names(tmp_path, refs) == ["a.txt"]
    assert {reject.reason for reject in rejects} <= {"unreadable"}

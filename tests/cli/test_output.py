"""A file that a command writes is whole or as it was."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pytest
import typer
from rich.console import Console

from osce_commitments.cli import terminal
from osce_commitments.cli.exits import CLOSED_PIPE_EXIT
from osce_commitments.cli.output import near, whole_file
from osce_commitments.cli.query import emit_rows
from osce_commitments.cli.terminal import print_next
from osce_commitments.errors import ConfigError
from osce_commitments.texts.printable import visible, wrapped
from tests.support.cli import run


def write(out: Path, *pieces: bytes, error: Exception | None = None) -> None:
    with whole_file(out) as stream:
        stream.writelines(pieces)
        if error:
            raise error


def test_a_file_appears_whole(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", b"one", b"two")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.csv", b"onetwo")]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyError("x")])
def test_an_earlier_file_outlives_an_error(tmp_path: Path, error: Exception) -> None:
    out = tmp_path / "a.csv"
    out.write_bytes(b"before")
    wanted = ConfigError if isinstance(error, OSError) else type(error)
    with pytest.raises(wanted) as caught:
        write(out, b"half", error=error)
    if isinstance(error, OSError):
        assert str(caught.value).startswith(f"{out} cannot be written: No space left on device. Give --out")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.csv", b"before")]


def test_a_link_and_the_rights_of_a_file_stay(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_bytes(b"before")
    (tmp_path / "real.csv").chmod(0o640)
    (tmp_path / "link.csv").symlink_to("real.csv")
    write(tmp_path / "link.csv", b"after")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"after"
    assert (tmp_path / "real.csv").stat().st_mode & 0o777 == 0o640


def test_a_device_is_written_directly() -> None:
    write(Path(os.devnull), b"x")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["_versions/000001.json", "new.csv", "documents/a.parquet"])
def test_nothing_is_written_inside_a_dataset(tmp_path: Path, name: str) -> None:
    for folder in ("_versions", "documents"):
        (tmp_path / folder).mkdir()
    with pytest.raises(ConfigError, match="is inside the dataset"):
        write(tmp_path / name, b"x")
    assert not (tmp_path / name).exists()


def test_a_folder_that_does_not_exist_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written: No such file or directory"):
        write(tmp_path / "none" / "a.csv", b"x")


def test_a_file_name_does_not_steer_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    evil = tmp_path / "in" / "\x1b]0;owned\x07\x1b[2J.pdf"
    evil.parent.mkdir()
    evil.write_bytes(b"%PDF-1.7 and no more")
    (tmp_path / "in" / "\x1b[31m.csv").touch()
    answer = run(monkeypatch, capfdbinary, "run", evil.parent, "--data", tmp_path / "data", "--model", "rules")
    assert answer.code == 1
    assert "\x1b" not in answer.out + answer.err
    assert "\\x1b]0;owned\\x07" in answer.out
    assert "\x1b" not in run(monkeypatch, capfdbinary, "query", "--data", "no\x1bne").err
    assert visible("a\tb\nc é") == "a\tb\nc é"
    assert visible("a\u202etxt.exe\x9b2J") == r"a\u202etxt.exe\x9b2J"


def test_json_on_a_terminal_has_no_raw_signs_that_steer_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    name = "a\u202etxt.exe\x9b2J.txt"
    (tmp_path / name).write_text("The Permanent Council,\n\nDecides to meet.\n", encoding="utf-8")
    run(monkeypatch, capfdbinary, "run", tmp_path / name, "--data", tmp_path / "data", "--model", "rules")
    answer = run(monkeypatch, capfdbinary, "query", "meet", "--data", tmp_path / "data", "--format", "jsonl")
    assert "\u202e" not in answer.out
    assert "\x9b" not in answer.out
    assert json.loads(answer.out.splitlines()[0])["source"].endswith(name)


@pytest.mark.parametrize(("is_terminal", "shown"), [(True, b"name\na\\x1b[2J\n"), (False, b"name\na\x1b[2J\n")])
def test_csv_on_a_terminal_has_no_signs_that_steer_it(
    monkeypatch: pytest.MonkeyPatch,
    is_terminal: bool,  # noqa: FBT001
    shown: bytes,
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stdout", stream)
    emit_rows(pa.table({"name": ["a\x1b[2J"]}), "csv", None)
    stream.flush()
    assert stream.buffer.getvalue() == shown  # type: ignore[attr-defined]


def test_a_closed_pipe_ends_a_command_quietly() -> None:
    read, written = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "osce_commitments", "query", "--help"]
    ended = subprocess.run(command, stdout=written, stderr=subprocess.PIPE, check=False)
    os.close(written)
    assert (ended.returncode, ended.stderr) == (CLOSED_PIPE_EXIT, b"")


def test_what_to_do_next_is_said_when_all_is_ready(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, samples: Path
) -> None:
    monkeypatch.setattr("osce_commitments.cli.run._prepare_search", lambda _: typer.echo("search is prepared"))
    source, data = samples / "sum-doc-93-10.txt", tmp_path / "my data"
    answer = run(monkeypatch, capfdbinary, "run", source, "--data", data, "--engine", "inline")
    ready, first, second = answer.out.splitlines()[-3:]
    assert (answer.code, ready) == (0, "search is prepared")
    assert first == f"next: osce-commitments serve --data '{data}'"
    assert second.strip() == f"osce-commitments query --area terrorism --strength \">=urging\" --data '{data}'"


def test_what_to_do_next_has_the_path_of_a_command_that_the_shell_does_not_find(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/osce-commitments", "run"])
    monkeypatch.setenv("PATH", "")
    print_next(SimpleNamespace(version=1, data="data"))  # type: ignore[arg-type] # all that it reads
    assert capsys.readouterr().out.startswith("next: .venv/bin/osce-commitments serve\n")


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is printed on a terminal of 40 columns."""
    screen = io.StringIO()
    monkeypatch.setattr(
        terminal, "console", lambda: Console(file=screen, force_terminal=True, width=40, color_system=None)
    )
    return screen


def test_rows_that_fit_a_terminal_are_a_table(narrow: io.StringIO) -> None:
    terminal.print_rows([{"figure": "mae", "a": 0.25, "b": None, "sure": True}])
    lines = [" ".join(line.split()) for line in narrow.getvalue().splitlines() if line.strip()]
    assert (lines[0], lines[-1]) == ("figure a b sure", "mae 0.25 yes")


def test_rows_that_do_not_fit_are_records_with_aligned_lines(narrow: io.StringIO) -> None:
    terminal.print_rows([{"id": "p1", "date": None, "strength": "urging", "text": "a long text " * 5}])
    assert [line.rstrip() for line in narrow.getvalue().splitlines()] == [
        "id        p1",
        "date      -",
        "strength  urging",
        "text      a long text a long text a long",
        "          text a long text a long text",
        "",
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_break_between_words_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    line = "  - a line of seven words that does not fit forty columns"
    assert wrapped(line, io.StringIO()) == line
    assert wrapped(line, Terminal(), "    ").splitlines() == [
        "  - a line of seven words that does not",
        "    fit forty columns",
    ]


def test_a_path_below_the_working_folder_is_short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert near(str(tmp_path / "papers" / "a.pdf")) == str(Path("papers/a.pdf"))
    for other in (f"{tmp_path}2/a.pdf", "https://example.org/a.pdf", "-"):
        assert near(other) == other

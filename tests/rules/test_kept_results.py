"""Compiled rules are kept between processes; nothing depends on the file in which they are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from osce_commitments.resources import kept_results
from osce_commitments.resources.kept_results import kept, open_kept, save_kept
from osce_commitments.rules.kinds import rule_set
from osce_commitments.rules.needed_strings import Parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Prints how many expressions were parsed, and what was read.
READ_A_TEXT = """
import sys
from pathlib import Path
from osce_commitments.resources.kept_results import open_kept, save_kept
from osce_commitments.rules.needed_strings import Parsed
open_kept(Path(sys.argv[1]))
parsed = []
for name in ("_found", "_made"):
    setattr(Parsed, name, lambda one, make=getattr(Parsed, name): parsed.append(one) or make(one))
from osce_commitments.config import Limits
from osce_commitments.flows.reading import read
from osce_commitments.labels import MediaType
from osce_commitments.schema import Source, SourceRef
text = b"The Permanent Council decides to publish a list of stolen passports by 30 June 2012 and urges the States to use it."
reading = read(Source(SourceRef("/in/one.txt", MediaType.TEXT), text), Limits())
save_kept()
print(len(parsed), reading.documents, reading.provisions)
"""


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    kept_results._KEPT = kept_results._Kept()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "kept.sqlite3"


def fail() -> object:
    raise AssertionError


def test_a_result_is_made_once(path: Path) -> None:
    open_kept(path)
    assert kept(lambda: [1, {"a": None}], "kind", "key") == [1, {"a": None}]
    save_kept()
    open_kept(path)
    assert kept(fail, "kind", "key") == [1, {"a": None}]
    assert kept(lambda: "other", "kind", "other key") == "other"
    assert kept(lambda: "joined", "kindkey") == "joined"


def test_without_a_file_every_result_is_made(path: Path) -> None:
    assert (kept(lambda: 1, "key"), kept(lambda: 2, "key")) == (1, 2)
    save_kept()
    assert not path.parent.exists()


@pytest.mark.parametrize("value", [(1, 2), {1: "one"}, {1}, float("nan")])
def test_what_json_would_change_is_not_kept(value: object, path: Path) -> None:
    open_kept(path)
    kept(lambda: value, "key")
    save_kept()
    open_kept(path)
    assert kept(lambda: "made again", "key") == "made again"


def test_a_few_new_results_are_not_written(path: Path) -> None:
    open_kept(path)
    for number in range(100):
        kept(lambda: 0, str(number))
    save_kept()
    for number in range(100, 105):
        kept(lambda: 0, str(number))
    save_kept()
    before = path.read_bytes()
    kept(lambda: 0, "the sixth")
    save_kept()
    assert path.read_bytes() != before
    open_kept(path)
    assert len(kept_results._KEPT.old) == 106


@pytest.mark.parametrize("content", [b"no database" * 1000, b""])
def test_a_damaged_file_is_made_again(content: bytes, path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    open_kept(path)
    assert kept(lambda: 1, "key") == 1
    save_kept()
    open_kept(path)
    assert kept(fail, "key") == 1


def test_a_damaged_result_is_made_again(path: Path) -> None:
    open_kept(path)
    kept(lambda: 1, "key")
    (key,) = kept_results._KEPT.new
    kept_results._KEPT.old[key] = "[1,"
    assert kept(lambda: 2, "key") == 2


def test_a_file_of_another_user_is_neither_read_nor_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_kept(path)
    kept(lambda: 1, "key")
    save_kept()
    before = path.read_bytes()
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    open_kept(path)
    assert kept(lambda: 2, "key") == 2
    save_kept()
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_made_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    open_kept(tmp_path / "file" / "kept.sqlite3")
    assert kept(lambda: 1, "key") == 1
    save_kept()


@pytest.mark.parametrize("kind", ["citations", "roles", "time"])
def test_a_kept_expression_is_the_compiled_one(kind: str, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patterns = [rule.pattern for rule in rule_set(kind) if rule.branch_sources]
    open_kept(path)
    for one in patterns:
        Parsed(one.pattern, one._flags).compiled()
    save_kept()
    open_kept(path)
    monkeypatch.setattr(Parsed, "_made", fail)
    for one in patterns:
        found, compiled = Parsed(one.pattern, one._flags).compiled(), re.compile(one.pattern, one._flags)
        assert found == compiled  # the same code
        assert (found.groups, found.groupindex) == (compiled.groups, compiled.groupindex)


def test_a_second_process_parses_no_rule(path: Path) -> None:
    first, second = (
        subprocess.run(
            [sys.executable, "-c", READ_A_TEXT, str(path)], capture_output=True, text=True, check=True
        ).stdout.split(" ", 1)
        for _ in range(2)
    )
    assert int(first[0]) > 100
    assert second == ["0", first[1]]

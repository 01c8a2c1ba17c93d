"""What `run` starts before it has imported everything: only for one file that is new or changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from osce_commitments.cli.run import _is_one_new_file
from osce_commitments.sources.seen import SEEN_FILE, Seen

if TYPE_CHECKING:
    from pathlib import Path


def test_one_new_file_is_worth_an_early_start(tmp_path: Path) -> None:
    file, data = tmp_path / "decision.txt", tmp_path / "data"
    file.write_text("The Council decides to act.")
    assert _is_one_new_file([str(file)], data)
    for sources in ([str(tmp_path)], [str(file)] * 2, ["-"], ["catalogue:MC.DEC/1/93"], [str(tmp_path / "*.txt")]):
        assert not _is_one_new_file(sources, data)


@pytest.mark.parametrize("system", ["posix", "windows"])
def test_a_file_that_is_known_needs_none_until_it_changes(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if system == "windows":
        monkeypatch.delattr("os.getuid", raising=False)
    file, seen = tmp_path / "decision.txt", Seen({})
    file.write_text("The Council decides to act.")
    seen.remember(str(file), file.stat(), "hash", time.time_ns() + 3600 * 1_000_000_000)
    seen.save(tmp_path / SEEN_FILE)
    assert not _is_one_new_file([str(file)], tmp_path)
    file.write_text("The Council decides to act at once.")
    assert _is_one_new_file([str(file)], tmp_path)

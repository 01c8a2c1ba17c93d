"""Label commands: what a person types and gets."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from osce_commitments.dataset import Dataset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.cli import Answer

    Cli = Callable[..., Answer]


def _ids(dataset: Path) -> list[str]:
    return [str(one) for one in Dataset(dataset).read("provisions", columns=["id"])["id"].to_pylist()]


def test_export_writes_the_named_provisions_in_the_order_given(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    first, *_, last = _ids(sample_dataset)
    out = tmp_path / "some.csv"
    answer = cli(
        "labels", "export", "--where", f"id={last[:14]}", "--where", f"id={first}", "-o", out, "--data", sample_dataset
    )
    assert answer.code == 0, answer.err
    assert "2 provisions written" in answer.err
    with out.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["provision"] for row in csv.DictReader(stream)] == [last, first]


def test_a_wrong_label_names_the_option(cli: Cli, sample_dataset: Path) -> None:
    answer = cli(
        "labels", "set", _ids(sample_dataset)[0], "--strength", "firm", "--area", "arm", "--by", "Ada",
        "--data", sample_dataset,
    )  # fmt: skip
    assert answer.code == 2
    assert "--strength: unknown label 'firm'; choose from: none, permissive" in answer.err
    assert "--area: unknown label 'arm', did you mean 'arms'?" in answer.err
    assert "import" not in answer.err

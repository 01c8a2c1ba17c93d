"""A folder of short authored documents, and what a dataset of them holds; for the benchmarks that disturb writers."""

from __future__ import annotations

from pathlib import Path

from osce_commitments.config import RunConfig
from osce_commitments.dataset import Dataset
from osce_commitments.flows.doctor import check_dataset

TABLES = ("documents", "provisions", "rejects")
CONFIG = RunConfig(batch_size=1, model="rules")
TEXT = "DECISION No. 9{n}/90 ON LAMPS\n\nThe Permanent Council,\n\nRecalling its lamps,\n\n{acts}\n"


def make_inbox(folder: Path, count: int = 8) -> Path:
    """Write short documents and a broken one."""
    folder.mkdir()
    for n in range(count):
        acts = "\n\n".join(f"{k}. Tasks Mission {n} to count {k} lamps by 30 June 2092;" for k in range(1, 6))
        (folder / f"{n}.txt").write_text(TEXT.format(n=n, acts=acts), encoding="utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    return folder


def contents(data: Path) -> dict[str, object]:
    """The rows of the newest version."""
    return {name: Dataset(data).read(name).to_pylist() for name in TABLES}


def is_whole(data: Path) -> bool:
    """Whether doctor finds nothing."""
    return all(one.is_ok for one in check_dataset(data))

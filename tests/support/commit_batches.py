"""Commit eight batches to a dataset, two to a version, and say so before each; run as a program, to be killed.

Batch 0 to 5 bring documents of several years, undated ones and rejects; 6 changes three documents, 7 mends a reject.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.dataset import Dataset, RunRecord
from tests.support.makers import batch, document, reject

if TYPE_CHECKING:
    from osce_commitments.schema import BatchResult

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
COUNT, VERSIONS = 8, 4


def batches() -> list[BatchResult]:
    found = []
    for number in range(COUNT - 2):
        documents = [
            document(
                f"{number}-{index}.pdf",
                [f"Calls upon State {number} to share list {index}.{line};" for line in range(20)],
                date=dt.date(2090 + index, 1, 1 + number) if index else None,
            )
            for index in range(4)
        ]
        found.append(batch(*documents, rejects=[reject(f"{number}-bad.pdf")]))
    dates = (None, dt.date(2091, 6, 1), dt.date(2099, 6, 1))
    changed = [document(f"{n}-{n}.pdf", [f"Tasks State {n} to act."], date=date) for n, date in enumerate(dates)]
    return [*found, batch(*changed), batch(document("3-bad.pdf", ["Tasks State 9 to act."]))]


def main(path: str, run: str, wait_seconds: float = 600.0) -> None:
    with Dataset(Path(path)).writer(run, pipeline="p1", wait_seconds=wait_seconds) as writer:
        for number, one in enumerate(batches()):
            print("commit", number, flush=True)  # noqa: T201 - the killer listens
            writer.commit(one)
            if number % 2:
                writer.publish()
        writer.finish(RunRecord(NOW, NOW, "{}", "rules", [], {}, {}))
    print("done", flush=True)  # noqa: T201 - the killer listens


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])

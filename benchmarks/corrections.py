"""CPU milliseconds of searches, SQL and views of the page without corrections and with 10,000 of them.

Usage: ``python benchmarks/corrections.py DATASET [COUNT]``; ``many.py`` makes a dataset of 50,000 provisions. The dataset is copied.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from fastapi.testclient import TestClient

import osce_commitments
from osce_commitments.dataset import Dataset
from osce_commitments.labelling.answers import answers_of
from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.items import load_items
from osce_commitments.labelling.session import keep_answers
from osce_commitments.query import run_sql
from osce_commitments.serve import create_app

_ROUNDS = 15
_CONFIRMED = {"strength": "ok", "area_1": "ok"}
_SQL = (
    "SELECT strength, count(*) FROM provisions GROUP BY 1",
    "SELECT year, count(*) FROM commitments WHERE list_contains(threat_areas, 'terrorism') GROUP BY 1",
    "SELECT count(*) FROM commitments WHERE reading ILIKE '%travel document%'",
)
_VIEWS = ("/", "/?area=terrorism&strength=%3E%3Durging", "/matrix", "/timeline", "/?text=border")


def correct(data: Path, count: int) -> None:
    """Confirm the labels of ``count`` provisions: with the same labels, every question has the same answer as before."""
    dataset = Dataset(data)
    items = list({item.key: item for item in load_items(dataset)}.values())
    step = max(1, len(items) // count)
    given = [Given(f"row {at}", item.id, item.key, _CONFIRMED) for at, item in enumerate(items[::step][:count])]
    start = time.process_time()
    added, version = keep_answers(dataset, answers_of("benchmark", given, items, by="benchmark").answers)
    print(f"{added:,} corrections in {time.process_time() - start:.1f} CPU s, version {version}")


def measure(data: Path) -> dict[str, float]:
    """Median CPU milliseconds of each question."""
    dataset, reader = Dataset(data), osce_commitments.open(data)
    found = {f"sql: {one}": _median(lambda one=one: run_sql(dataset, one)) for one in _SQL}  # type: ignore[misc]
    found["search: terrorism"] = _median(lambda: reader.search("terrorism", area="terrorism"))
    found["search: facets"] = _median(lambda: reader.facets("border"))
    found["search: all commitments"] = _median(lambda: reader.search(strength=">=permissive", adopted="yes", limit=50))
    with TestClient(create_app(data), base_url="http://localhost") as page:
        for view in _VIEWS:
            found[f"page: {view}"] = _median(lambda view=view: page.get(view))  # type: ignore[misc]
    return found


def _median(ask: Callable[[], object]) -> float:
    ask()
    times = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        ask()
        times.append(1000 * (time.process_time() - start))
    return statistics.median(times)


def main(arguments: Iterable[str]) -> None:
    """Measure, correct, measure."""
    data, *rest = arguments
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "data"
        shutil.copytree(data, copy)
        before = measure(copy)
        correct(copy, int(rest[0]) if rest else 10_000)
        after = measure(copy)
    for name, value in before.items():
        print(f"{value:8.1f} -> {after[name]:8.1f} ms  {100 * (after[name] / value - 1):+5.0f} %  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])

"""CPU milliseconds of searches, SQL and views of the page without corrections and with 10,000 of them, and of an answer on the page.

``many.py`` makes a dataset of 50,000 provisions. The dataset is copied.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from fastapi.testclient import TestClient

import osce_commitments
from osce_commitments.dataset import Dataset
from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.desk import Desk
from osce_commitments.labelling.items import load_items
from osce_commitments.labelling.session import answers_of, keep_answers
from osce_commitments.query import run_sql
from osce_commitments.serve import create_app

_ROUNDS = 40
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


def review(data: Path, count: int = 200) -> None:
    """Answer on the page: time and space of an answer, with those of the versions."""
    dataset, desk = Dataset(data), Desk(Dataset(data), "benchmark")
    size, version, asked, answered = _bytes(data), dataset.latest_version(), 0.0, 0.0
    for at in range(count):
        start = time.process_time()
        chosen = desk.current()
        assert chosen is not None  # noqa: S101 - the dataset is large enough
        desk.document(chosen.item)
        asked += time.process_time() - start
        start = time.process_time()
        desk.answer(chosen.item.id, {"strength": str(at % 6), "more_areas": "none"})
        answered += time.process_time() - start
    start = time.process_time()
    desk.close()
    last = time.process_time() - start
    print(
        f"{count} answers: {1000 * answered / count:.0f} ms to keep one, {1000 * asked / count:.0f} ms to show the next, "
        f"{1000 * last:.0f} ms for the last version; {(_bytes(data) - size) / count / 1000:.0f} kB each; "
        f"{dataset.latest_version() - version} versions"
    )


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measure(plain: Path, corrected: Path) -> dict[str, tuple[float, float]]:
    """Median CPU milliseconds of each question without and with corrections, asked in turn."""
    sides = [_questions(plain), _questions(corrected)]
    return {name: _medians([side[name] for side in sides]) for name in sides[0]}


def _questions(data: Path) -> dict[str, Callable[[], object]]:
    dataset, reader = Dataset(data), osce_commitments.open(data)
    page = TestClient(create_app(data), base_url="http://localhost")
    return {
        **{f"sql: {one}": partial(run_sql, dataset, one) for one in _SQL},
        "search: terrorism": partial(reader.search, "terrorism", area="terrorism"),
        "search: facets": partial(reader.facets, "border"),
        "search: all commitments": partial(reader.search, strength=">=permissive", adopted="yes", limit=50),
        **{f"page: {view}": partial(page.get, view) for view in _VIEWS},
    }


def _medians(asked: Sequence[Callable[[], object]]) -> tuple[float, float]:
    times: list[list[float]] = [[], []]
    for _ in range(_ROUNDS + 1):
        for at, ask in enumerate(asked):
            start = time.process_time()
            ask()
            times[at].append(1000 * (time.process_time() - start))
    first, second = (statistics.median(one[1:]) for one in times)
    return first, second


def main() -> None:
    """Correct a copy, and measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="dataset")
    parser.add_argument("count", type=int, nargs="?", default=10_000, help="number of corrections")
    choices = parser.parse_args()
    if not choices.data.is_dir():
        parser.error(f"there is no dataset at {choices.data}")
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "data"
        shutil.copytree(choices.data, copy)
        review(copy)
        correct(copy, choices.count)
        for name, (plain, corrected) in measure(choices.data, copy).items():
            print(f"{plain:8.1f} -> {corrected:8.1f} ms  {100 * (corrected / plain - 1):+5.0f} %  {name}")


if __name__ == "__main__":
    main()

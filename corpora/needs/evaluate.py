"""Measures how well searches rank, on the authored information needs of ``corpora/needs``.

    python -m corpora.needs.evaluate           # write evaluation/notes/retrieval.md
    python -m corpora.needs.evaluate --pool    # print what the methods find and nobody has judged yet

Four methods rank the provisions of a fixed collection (``corpora/needs/collection.yaml``) for every need: ``keyword`` (its
full-text query), ``structured`` (its conditions, by date), ``semantic`` (likeness to its plain words) and ``combined``
(words and likeness under its conditions). What the methods rank first was pooled and judged by reading: 2 answers the need,
1 belongs to the topic, 0 neither. What nobody judged counts as 0.
"""

from __future__ import annotations

import argparse
import csv
import math
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

import osce_commitments
from corpora._authoring.markup import read_sample
from corpora._authoring.plain import render_text
from corpora.gold.annotation import plain
from corpora.needs import questions
from osce_commitments.config import RunConfig
from osce_commitments.errors import DatasetError
from osce_commitments.flows.steps import ingest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from osce_commitments.query import Hit, Reader

FOLDER = Path(__file__).resolve().parent
CORPORA = FOLDER.parent
REPORT = CORPORA.parent / "evaluation" / "notes" / "retrieval.md"
DEPTH, RECALLED = 10, 50
_RESAMPLES, _SEED = 2_000, 7

Need = dict[str, Any]
Judged = dict[str, dict["Key", int]]  # grades by need and provision
Key = tuple[str, str]  # file of the document and reading text: they outlive a new segmenter better than an id

METHODS: Mapping[str, Callable[[Reader, Need], Sequence[Hit]]] = {
    "keyword": lambda reader, need: reader.search(need["query"], limit=RECALLED).hits,
    "structured": lambda reader, need: reader.search(limit=RECALLED, order="oldest", **need["conditions"]).hits,
    "semantic": lambda reader, need: reader.search(need["text"], by="meaning", limit=RECALLED).hits,
    "combined": lambda reader, need: reader.search(need["text"], by="both", limit=RECALLED, **need["conditions"]).hits,
}


def main() -> None:
    """Write the report, or print what is to be judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a dataset of the collection; without, one is made")
    parser.add_argument("--pool", action="store_true", help="print what nobody has judged")
    choices = parser.parse_args()
    if choices.data and not choices.data.is_dir():
        parser.error(f"there is no dataset at {choices.data}")
    with tempfile.TemporaryDirectory() as folder:
        data = choices.data or Path(folder) / "data"
        if choices.data is None:
            ingest([str(path) for path in documents(Path(folder) / "in")], data, RunConfig(model="rules"))
        reader = open_collection(data)
        needs = yaml.safe_load((FOLDER / "needs.yaml").read_text(encoding="utf-8"))
        judged = read_judgements(FOLDER / "judgements.csv")
        if choices.pool:
            print_pool(reader, needs, judged)
            return
        asked = read_judgements(FOLDER / "question_judgements.csv")
        lines = (*report(reader, needs, judged), *questions.report(reader, asked, key, interval), *_note("questions"))
        REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def collection() -> list[Path]:
    """The documents that the needs are asked of: samples as they are, others as their sources."""
    patterns = yaml.safe_load((FOLDER / "collection.yaml").read_text(encoding="utf-8"))
    return sorted(path for pattern in patterns for path in CORPORA.glob(pattern))


def documents(folder: Path) -> list[Path]:
    """The files of the collection; those that have only a source are rendered into ``folder``."""
    folder.mkdir()
    return [path if path.parent.name == "samples" else _rendered(path, folder) for path in collection()]


def _rendered(source: Path, folder: Path) -> Path:
    path = folder / source.name
    path.write_bytes(render_text(plain(read_sample(source))))
    return path


def open_collection(data: Path) -> Reader:
    """A reader of the collection.

    Raises:
        DatasetError: If the dataset is one of other documents.
    """
    reader = osce_commitments.open(data)
    names = {Path(row["source"]).name for row in reader.documents()}
    if other := names ^ {path.name for path in collection()}:
        msg = f"{data} is no dataset of the collection: {', '.join(sorted(other)[:3])}"
        raise DatasetError(msg, "leave --data out")
    return reader


def key(hit: Hit) -> Key:
    """What a judgement is about."""
    return Path(hit.source).name, hit.reading


def read_judgements(path: Path) -> Judged:
    """Grades by need and provision."""
    judged: defaultdict[str, dict[Key, int]] = defaultdict(dict)
    if path.exists():
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                judged[row["need"]][row["file"], row["reading"]] = int(row["grade"])
    return judged


def print_pool(reader: Reader, needs: Sequence[Need], judged: Judged) -> None:
    """Print the provisions that a method ranks among its first and nobody has judged, by need."""
    for need in needs:
        pooled = {key(hit) for method in METHODS.values() for hit in method(reader, need)[:DEPTH]}
        todo = sorted(pooled - judged.get(need["id"], {}).keys())
        print(f"# {need['id']} {need['question']}")  # noqa: T201 - the answer
        for file, reading in todo:
            print(f"{file}\t{reading}")  # noqa: T201 - the answer


@dataclass(frozen=True)
class Scores:
    """One number per need."""

    ndcg: list[float]
    recall: list[float]
    unjudged: list[float]


def score(found: Sequence[Hit], grades: Mapping[Key, int]) -> tuple[float, float, float]:
    """NDCG@10, recall@50 of what has grade 2, and the share of the first ten that nobody judged."""
    gains = [grades.get(key(hit), 0) for hit in found[:DEPTH]]
    best = sorted(grades.values(), reverse=True)[:DEPTH]
    wanted = {one for one, grade in grades.items() if grade == 2}  # noqa: PLR2004 - the scale
    recalled = len(wanted & {key(hit) for hit in found})
    unjudged = sum(key(hit) not in grades for hit in found[:DEPTH]) / DEPTH
    return _dcg(gains) / _dcg(best), recalled / len(wanted), unjudged


def _dcg(gains: Sequence[int]) -> float:
    return math.fsum((2**gain - 1) / math.log2(rank + 2) for rank, gain in enumerate(gains))


def measure(reader: Reader, needs: Sequence[Need], judged: Judged) -> dict[str, Scores]:
    """The scores of every method on every need."""
    scores = {}
    for name, method in METHODS.items():
        rows = [score(method(reader, need), judged[need["id"]]) for need in needs]
        scores[name] = Scores(*(list(column) for column in zip(*rows, strict=True)))
    return scores


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the mean, needs drawn with replacement."""
    drawn = np.random.default_rng(_SEED).integers(len(values), size=(_RESAMPLES, len(values)))
    means = np.asarray(values)[drawn].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def report(reader: Reader, needs: Sequence[Need], judged: Judged) -> Iterator[str]:
    """The lines of the report."""
    scores = measure(reader, needs, judged)
    grades = [grade for of in judged.values() for grade in of.values()]
    yield "# Retrieval: do searches rank what an analyst needs?"
    yield ""
    yield f"Written by `corpora/needs/evaluate.py`. {len(needs)} authored information needs over {reader.search().total:,}"
    yield f"provisions of {len(reader.documents())} authored documents (`corpora/needs/collection.yaml`), labelled by `rules`;"
    yield f"{len(grades):,} judgements of pooled provisions ({grades.count(2)} of grade 2, {grades.count(1)} of grade 1)."
    yield "Intervals are 95 %, over needs."
    yield ""
    yield "| method | nDCG@10 | recall@50 | not judged in the first ten |"
    yield "|---|---|---|---|"
    for name, of in scores.items():
        yield f"| {name} | {_mean(of.ndcg)} | {_mean(of.recall)} | {np.mean(of.unjudged):.0%} |"
    yield ""
    yield "Differences to `keyword`, need by need:"
    yield ""
    yield "| method | nDCG@10 | recall@50 |"
    yield "|---|---|---|"
    for name, of in list(scores.items())[1:]:
        yield f"| {name} | {_difference(of, scores['keyword'])} |"
    yield from _note("methods")
    yield from _note("encoders")
    yield from _by_need(needs, scores)


def _difference(one: Scores, other: Scores) -> str:
    return f"{_mean(_less(one.ndcg, other.ndcg))} | {_mean(_less(one.recall, other.recall))}"


def _less(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [a - b for a, b in zip(one, other, strict=True)]


def _mean(values: Sequence[float]) -> str:
    low, high = interval(values)
    return f"{np.mean(values):.3f} ({low:.3f} to {high:.3f})"


def _note(name: str) -> Iterator[str]:
    """What a person measured once and wrote down, from ``notes``."""
    yield ""
    yield from (FOLDER / "notes" / f"{name}.md").read_text(encoding="utf-8").splitlines()


def _by_need(needs: Sequence[Need], scores: Mapping[str, Scores]) -> Iterator[str]:
    yield ""
    yield "## By need"
    yield ""
    yield f"| need | {' | '.join(f'{name} nDCG@10' for name in scores)} |"
    yield f"|---|{'---|' * len(scores)}"
    for at, need in enumerate(needs):
        yield f"| {need['id']} {need['question']} | {' | '.join(f'{of.ndcg[at]:.2f}' for of in scores.values())} |"


if __name__ == "__main__":
    main()

"""Measures how well searches rank, on the authored information needs of ``corpora/needs``.

    python corpora/evaluate_needs.py           # write evaluation/retrieval.md
    python corpora/evaluate_needs.py --pool    # print what the methods find and nobody has judged yet

Four methods rank the provisions of the authored documents for every need: ``keyword`` (its full-text query), ``structured``
(its conditions, by date), ``semantic`` (likeness to its plain words) and ``combined`` (words and likeness under its
conditions). The first twenty of each were pooled and judged by reading: 2 answers the need, 1 belongs to the topic, 0
neither. What nobody judged counts as 0.
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
from osce_commitments.config import RunConfig
from osce_commitments.flows.steps import ingest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from osce_commitments.query import Hit, Reader

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "corpora" / "needs"
SOURCES = [ROOT / "corpora" / "samples", ROOT / "corpora" / "commitments" / "documents"]
REPORT = ROOT / "evaluation" / "retrieval.md"
POOLED, DEPTH, RECALLED = 20, 10, 50
_RESAMPLES, _SEED = 2_000, 7

Need = dict[str, Any]
Key = tuple[str, str]  # file of the document and reading text: they outlive a new segmenter better than an id

METHODS: Mapping[str, Callable[[Reader, Need], Sequence[Hit]]] = {
    "keyword": lambda reader, need: reader.search(need["query"], limit=RECALLED).hits,
    "structured": lambda reader, need: reader.search(limit=RECALLED, **need["conditions"]).hits,
    "semantic": lambda reader, need: reader.search(need["text"], by="meaning", limit=RECALLED).hits,
    "combined": lambda reader, need: reader.search(need["text"], by="both", limit=RECALLED, **need["conditions"]).hits,
}


def main() -> None:
    """Write the report, or print what is to be judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a dataset of the authored documents; without, one is made")
    parser.add_argument("--pool", action="store_true", help="print what nobody has judged")
    choices = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = choices.data or Path(folder) / "data"
        if choices.data is None:
            ingest([str(source) for source in SOURCES], data, RunConfig(model="rules"))
        reader = osce_commitments.open(data)
        needs = yaml.safe_load((FOLDER / "needs.yaml").read_text(encoding="utf-8"))
        judged = read_judgements(FOLDER / "judgements.csv")
        if choices.pool:
            print_pool(reader, needs, judged)
            return
        REPORT.write_text("\n".join(report(reader, needs, judged)) + "\n", encoding="utf-8")


def key(hit: Hit) -> Key:
    """What a judgement is about."""
    return Path(hit.source).name, hit.reading


def read_judgements(path: Path) -> dict[str, dict[Key, int]]:
    """Grades by need and provision."""
    judged: defaultdict[str, dict[Key, int]] = defaultdict(dict)
    if path.exists():
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                judged[row["need"]][row["file"], row["reading"]] = int(row["grade"])
    return judged


def print_pool(reader: Reader, needs: Sequence[Need], judged: Mapping[str, Mapping[Key, int]]) -> None:
    """Print the provisions that a method ranks among its first and nobody has judged, by need."""
    for need in needs:
        pooled = {key(hit): None for rank in METHODS.values() for hit in rank(reader, need)[:POOLED]}
        todo = sorted(set(pooled) - judged.get(need["id"], {}).keys())
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
    return sum((2**gain - 1) / math.log2(rank + 2) for rank, gain in enumerate(gains))


def measure(reader: Reader, needs: Sequence[Need], judged: Mapping[str, Mapping[Key, int]]) -> dict[str, Scores]:
    """The scores of every method on every need."""
    found = {}
    for name, rank in METHODS.items():
        rows = [score(rank(reader, need), judged[need["id"]]) for need in needs]
        found[name] = Scores(*(list(column) for column in zip(*rows, strict=True)))
    return found


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the mean, needs drawn with replacement."""
    drawn = np.random.default_rng(_SEED).integers(len(values), size=(_RESAMPLES, len(values)))
    means = np.asarray(values)[drawn].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def report(reader: Reader, needs: Sequence[Need], judged: Mapping[str, Mapping[Key, int]]) -> Iterator[str]:
    """The lines of the report."""
    scores = measure(reader, needs, judged)
    grades = [grade for of in judged.values() for grade in of.values()]
    yield "# Retrieval: do searches rank what an analyst needs?"
    yield ""
    yield f"Written by `corpora/evaluate_needs.py`. {len(needs)} authored information needs over {reader.search().total}"
    yield f"provisions of {len(reader.documents())} authored documents, labelled by `rules`; {len(grades)} judgements of pooled"
    yield f"provisions ({grades.count(2)} of grade 2, {grades.count(1)} of grade 1). Intervals are 95 %, over needs."
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
    first = scores["keyword"]
    for name, of in list(scores.items())[1:]:
        ndcg, recall = _less(of.ndcg, first.ndcg), _less(of.recall, first.recall)
        yield f"| {name} | {_mean(ndcg)} | {_mean(recall)} |"
    yield from _method_note()
    yield from _by_need(needs, scores)


def _less(one: Sequence[float], other: Sequence[float]) -> list[float]:
    return [a - b for a, b in zip(one, other, strict=True)]


def _mean(values: Sequence[float]) -> str:
    low, high = interval(values)
    return f"{np.mean(values):.3f} ({low:.3f} to {high:.3f})"


def _method_note() -> Iterator[str]:
    yield ""
    yield "`keyword` is the need's full-text query, `structured` its conditions by date, `semantic` likeness to its plain words"
    yield "by latent semantic analysis, `combined` words and likeness under its conditions. nDCG takes gains of 3 and 1 for"
    yield "grades 2 and 1; recall counts grade 2. The first twenty of every method were pooled and judged by one reader, who"
    yield "saw neither rank nor method (`corpora/needs/README.md`); what lies deeper is not judged and counts as nothing, so"
    yield "recall is that of the pool. Needs, queries and documents come from the same hands as the program: real questions"
    yield "will be harder. A condition on strength or area also loses what the classifier mislabels."


def _by_need(needs: Sequence[Need], scores: Mapping[str, Scores]) -> Iterator[str]:
    yield ""
    yield f"| need | {' | '.join(f'{name} nDCG@10' for name in scores)} |"
    yield f"|---|{'---|' * len(scores)}"
    for at, need in enumerate(needs):
        yield f"| {need['id']} {need['question']} | {' | '.join(f'{of.ndcg[at]:.2f}' for of in scores.values())} |"


if __name__ == "__main__":
    main()

"""The figures of an evaluation in plain words, for readers who do not know what an F1 is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Basis
from osce_commitments.schema import Classification
from osce_commitments.scoring.judges import Judge, Truth
from osce_commitments.scoring.metrics import confusion
from osce_commitments.texts.printable import counted_noun

FEW_DOCUMENTS = 30
_FEW_IMPLIED = 20  # with fewer implied areas, the share of wrong ones says little
_FEW_CASES = 8  # with fewer cases, the F1 of an area says little


def plain_sentences(
    results: Sequence[Classification], judge: Judge, truth: Truth, bases: Mapping[str, Mapping[str, int]]
) -> list[str]:
    """Return about how many of a hundred labels are wrong, where, and what the review mark catches.

    ``bases`` has the number of given and of right areas by what they stand on.
    """
    wrong_level = judge.levels != truth.levels
    wrong_areas = (judge.areas != truth.areas).any(axis=1)
    marked = np.array([result.needs_review for result in results], dtype=bool)
    return [
        f"Of 100 levels of strength, about {_of_hundred(wrong_level.mean())} are wrong.{_confused(judge, truth)}",
        *_areas(judge, truth),
        *_bases(bases),
        (
            f"The review mark is on {_of_hundred(marked.mean())} of 100 provisions. It catches "
            f"{_caught(wrong_level, marked)} of 100 wrong levels and {_caught(wrong_areas, marked)} of 100 provisions with a "
            "wrong or missing area."
        ),
    ]


def few_documents(documents: int) -> str:
    """Return a warning for an evaluation on few documents; empty if there are enough."""
    if documents >= FEW_DOCUMENTS:
        return ""
    return (
        f"There {'is' if documents == 1 else 'are'} only {counted_noun(documents, 'document')}: the intervals are too narrow, and small differences say nothing. "
        f"Measure on {FEW_DOCUMENTS} or more."
    )


def _of_hundred(share: float) -> str:
    number = 100 * float(share)
    return f"{number:.0f}" if number >= 1 or number == 0 else "fewer than 1"


def _confused(judge: Judge, truth: Truth) -> str:
    """Return the two levels that are confused most often."""
    counts = confusion(truth.levels, judge.levels, len(STRENGTHS))
    np.fill_diagonal(counts, 0)
    if not counts.any():
        return ""
    expected, wrong = np.unravel_index(counts.argmax(), counts.shape)
    return f" The most frequent error: “{STRENGTHS[wrong]}” where people read “{STRENGTHS[expected]}”."


def _areas(judge: Judge, truth: Truth) -> Iterator[str]:
    positives, true = int(judge.areas.sum()), int(truth.areas.sum())
    right = int((judge.areas & truth.areas).sum())
    if not positives or not true:
        return
    yield (
        f"Of 100 threat areas that it gives, about {_of_hundred(1 - right / positives)} are wrong. Of 100 that people give, it "
        f"misses about {_of_hundred(1 - right / true)}.{_weakest(judge.areas, truth.areas)}"
    )


def _weakest(areas: NDArray[np.bool_], true: NDArray[np.bool_]) -> str:
    hits, sums, cases = (areas & true).sum(axis=0), areas.sum(axis=0) + true.sum(axis=0), true.sum(axis=0)
    scores = np.where(cases >= _FEW_CASES, 2 * hits / np.maximum(1, sums), np.inf)
    if not np.isfinite(scores).any():
        return ""
    return f" It is weakest in {THREAT_AREAS[int(scores.argmin())].value.replace('_', ' ')}."


def _bases(bases: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    implied = bases[Basis.IMPLIED]
    named = {key: sum(counts[key] for counts in bases.values()) - implied[key] for key in ("given", "right")}
    if implied["given"] >= _FEW_IMPLIED and named["given"]:
        yield (
            f"Of 100 areas that a word names, about {_of_hundred(1 - named['right'] / named['given'])} are wrong; of 100 that are "
            f"only implied, about {_of_hundred(1 - implied['right'] / implied['given'])}."
        )


def _caught(wrong: NDArray[np.bool_], marked: NDArray[np.bool_]) -> str:
    return _of_hundred(marked[wrong].mean()) if wrong.any() else "0"

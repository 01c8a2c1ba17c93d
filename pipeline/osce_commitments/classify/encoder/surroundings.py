"""Features from the surrounding document: its register, and the areas of the provisions before and after.

A label may depend on the provision's own document, never on other documents that are classified in the same call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.labels import THREAT_AREAS, Role

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.schema import Provision

    Floats = NDArray[np.float64]

# A document of few provisions says little of how it is written: some provisions of usual length are added.
_USUAL_WORDS, _ADDED = 30.0, 3
_WINDOW, _FADING = 4, 0.8
ROLES = (Role.PREAMBLE, Role.OPERATIVE, Role.TITLE, Role.ANNEX, Role.OTHER)
_POINTS_BACK = frozenset(
    ["such", "these", "this", "those", "that's", "thereof", "therein", "it", "they", "them", "its", "their"]
)
_OPENS_BACK = frozenset(
    ["and", "or", "but", "also", "such", "these", "this", "those", "they", "it", "he", "she", "each", "both"]
)
_PAIRS_BACK = frozenset({("in", "this"), ("to", "this"), ("to", "that"), ("for", "this"), ("the", "same")})
_OPENING = 3


def of_documents(provisions: Sequence[Provision]) -> list[NDArray[np.int64]]:
    """Row numbers of each document, in the order of the document."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, provision in enumerate(provisions):
        rows[provision.document].append(row)
    return [np.array(sorted(members, key=lambda row: provisions[row].index)) for members in rows.values()]


def mean_words(provisions: Sequence[Provision]) -> Floats:
    """Words of a provision in the document of each, shape ``(provisions,)``."""
    words = np.array([len(provision.text.split()) for provision in provisions], dtype=np.float64)
    means = np.zeros(len(words))
    for rows in of_documents(provisions):
        means[rows] = (words[rows].sum() + _ADDED * _USUAL_WORDS) / (len(rows) + _ADDED)
    return means


def cell_features(provisions: Sequence[Provision], hints: Floats, logits: Floats, heads: Floats) -> Floats:
    """Features of every cell, a provision and an area, from the provision and from its document.

    Args:
        provisions: What is judged.
        hints: Areas that each field names and the rules give, shape ``(provisions, 5, areas)``.
        logits: Log-odds of the areas by the network, shape ``(provisions, areas)``.
        heads: The same by the heads that were learnt on its features.

    Returns:
        Shape ``(provisions, areas, features)``.
    """
    documents = of_documents(provisions)
    text = hints[:, 0]
    by_network, by_heads = sigmoid(logits), sigmoid(heads)
    order = np.sort(by_network, axis=1)
    strongest_other = np.where(by_network >= order[:, -1:], order[:, -2:-1], order[:, -1:])
    cells = [logits, heads, by_heads, strongest_other, *hints.transpose(1, 0, 2)]
    for values in (text, by_network, by_heads):
        cells += list(_around(values, documents))
    size = len(provisions)
    rows = np.column_stack([*_of_rows(provisions, hints), *_of_documents(hints, documents)])
    spread = np.broadcast_to(rows[:, None, :], (size, len(THREAT_AREAS), rows.shape[1]))
    areas = np.broadcast_to(np.arange(len(THREAT_AREAS), dtype=np.float64)[None, :, None], (size, len(THREAT_AREAS), 1))
    return np.concatenate([np.stack(cells, axis=2), spread, areas], axis=2)


def _around(values: Floats, documents: Sequence[NDArray[np.int64]]) -> Iterator[Floats]:
    """Of the other provisions of the document: mean; the one before, two before, the one after; the four before, fading."""
    mean, before, second, after, window = (np.zeros_like(values) for _ in range(5))
    for rows in documents:
        own = values[rows]
        mean[rows] = (own.sum(axis=0) - own) / max(1, len(rows) - 1)
        before[rows[1:]], after[rows[:-1]], second[rows[2:]] = own[:-1], own[1:], own[:-2]
        faded = np.zeros_like(own)
        for step in range(1, min(_WINDOW, len(rows) - 1) + 1):
            faded[step:] = np.maximum(faded[step:], own[:-step] * _FADING ** (step - 1))
        window[rows] = faded
    yield from (mean, before, second, after, window)


def _of_rows(provisions: Sequence[Provision], hints: Floats) -> Iterator[Floats]:
    named = hints[:, 0].sum(axis=1)
    yield np.log1p([len(provision.text.split()) for provision in provisions])
    yield np.array([_points_back(provision.text) for provision in provisions], dtype=np.float64)
    yield np.array([_opens_back(provision.text) for provision in provisions], dtype=np.float64)
    yield np.array([bool(provision.lead_in) for provision in provisions], dtype=np.float64)
    yield from (named, (named > 0).astype(np.float64), hints.max(axis=(1, 2)))
    for role in ROLES:
        yield np.array([provision.role is role for provision in provisions], dtype=np.float64)


def _of_documents(hints: Floats, documents: Sequence[NDArray[np.int64]]) -> Iterator[Floats]:
    """Shares of the other provisions whose text, or any field, names a threat; the size of the document."""
    size = np.zeros(len(hints))
    for rows in documents:
        size[rows] = np.log(len(rows))
    for names in (hints[:, 0].max(axis=1), hints.max(axis=(1, 2))):
        share = np.zeros(len(hints))
        for rows in documents:
            share[rows] = (names[rows].sum() - names[rows]) / max(1, len(rows) - 1)
        yield share
    yield size


def _points_back(text: str) -> bool:
    words = text.lower().split()
    return bool(_POINTS_BACK & {word.strip(",.;:()") for word in words}) or any(
        pair in _PAIRS_BACK for pair in pairwise(words)
    )


def _opens_back(text: str) -> bool:
    words = [word.strip(",.;:()") for word in text.lower().split()[:_OPENING]]
    return bool(words) and (words[0] in _OPENS_BACK or tuple(words[:2]) in _PAIRS_BACK)


def sigmoid(logits: Floats) -> Floats:
    """Probabilities from log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -60, 60))))

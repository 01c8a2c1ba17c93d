"""Provisions that answer to each other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from osce_commitments.serve.differences import Aligned, align


def _aligned(*rows: list[float]) -> list[tuple[int | None, int | None]]:
    return [(one.left, one.right) for one in align(np.array(rows, dtype=np.float32))]


def test_the_most_alike_are_paired_and_the_rest_stays_alone() -> None:
    assert _aligned([0.2, 0.3], [0.9, 0.8], [0.7, 0.1]) == [(0, None), (1, 0), (2, None), (None, 1)]


def test_of_equal_ones_the_nearest_are_paired() -> None:
    assert _aligned([1.0, 1.0, 0.1], [1.0, 1.0, 0.2], [0.1, 0.2, 1.0]) == [(0, 0), (1, 1), (2, 2)]


def test_nothing_beside_something() -> None:
    assert align(np.zeros((0, 0), dtype=np.float32)) == []
    assert align(np.zeros((1, 0), dtype=np.float32)) == [Aligned(0, None, 0.0)]
    assert align(np.zeros((0, 1), dtype=np.float32)) == [Aligned(None, 0, 0.0)]


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-1, 1, width=32)))
def test_every_provision_occurs_in_the_comparison_once(cosines: np.ndarray) -> None:
    found = align(cosines)
    lefts, rights = cosines.shape
    assert sorted(one.left for one in found if one.left is not None) == list(range(lefts))
    assert [one.right for one in found if one.right is not None] == list(range(rights))

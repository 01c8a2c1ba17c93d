"""The interface of text embedders, whose vectors are compared by cosine.

The embedder given to ``osce_commitments.open`` is used, else the released encoder (``query/search/encoder.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors.

    Attributes:
        id: Name and version; vectors with the same id are comparable and cached together.
        floor: Cosine with a query below which a text is no hit. Optional; without it, no text is too distant.
        dimension: Length of a vector. Optional; with it, kept vectors of another length are made again.
    """

    @property
    def id(self) -> str:
        """See the class."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of unit length per text, shape ``(texts, dimensions)``; zeros for a text without known words."""

"""What turns texts into vectors whose cosine says how alike they are.

One rule says which answers: the one that ``osce_commitments.open`` was given, else the released encoder
(``query/search/encoder.py``).
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
        id: Name and version: vectors of one id are comparable, and are cached under it.
    """

    @property
    def id(self) -> str:
        """See the class."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of unit length per text, shape ``(texts, dimensions)``; zeros for a text it knows nothing of."""

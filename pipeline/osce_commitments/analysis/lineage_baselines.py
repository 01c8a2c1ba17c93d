"""Simple ways to find the counterpart of a provision, to which lineage is compared."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]
    Baseline = Callable[[Sequence[str], str], Scores]

_WORD = re.compile(r"\w+")
_REUSED = 5  # words in a row that count as reuse


def baselines(*, encoder: bool) -> Iterator[tuple[str, Baseline]]:
    """Their names and functions, which score a text against earlier ones, 0 to 1.

    Args:
        encoder: Whether the cosine of the sentence encoder is one of them; it is left out where no encoder is installed.
    """
    yield "difflib ratio of words", _difflib
    yield f"reuse of {_REUSED} words in a row", _reuse
    yield "TF-IDF cosine", _tfidf
    with contextlib.suppress(ConfigError):
        if encoder:
            yield "cosine of the encoder", _Encoder().scores


def _difflib(earlier: Sequence[str], later: str) -> Scores:
    words = _words(later)
    return np.array([SequenceMatcher(None, _words(one), words, autojunk=False).ratio() for one in earlier])


def _reuse(earlier: Sequence[str], later: str) -> Scores:
    ours = _shingles(later)
    found = [_shingles(one) for one in earlier]
    return np.array([len(ours & one) / max(1, min(len(ours), len(one))) for one in found])


def _tfidf(earlier: Sequence[str], later: str) -> Scores:
    bags = [Counter(_words(one)) for one in (*earlier, later)]
    seen = Counter(word for bag in bags for word in bag)
    weights = {word: np.log((len(bags) + 1) / (count + 0.5)) for word, count in seen.items()}
    vectors = [{word: count * weights[word] for word, count in bag.items()} for bag in bags]
    norms = [np.sqrt(sum(value**2 for value in vector.values())) or 1.0 for vector in vectors]
    last = vectors[-1]
    dots = [sum(value * last.get(word, 0.0) for word, value in vector.items()) for vector in vectors[:-1]]
    return np.array([dot / (norm * norms[-1]) for dot, norm in zip(dots, norms, strict=False)])


class _Encoder:
    def __init__(self) -> None:
        from osce_commitments.query.search.encoder import released_encoder

        self._encoder = released_encoder()
        self._known: dict[str, Any] = {}

    def scores(self, earlier: Sequence[str], later: str) -> Scores:
        missing = [text for text in (*earlier, later) if text not in self._known]
        if missing:
            self._known.update(zip(missing, self._encoder.embed(missing), strict=True))
        return np.asarray(np.stack([self._known[one] for one in earlier]) @ self._known[later], np.float64)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[at : at + _REUSED]) for at in range(max(1, len(words) - _REUSED + 1))}

"""The language of a text, out of those used in documents of the Organization and its States."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from osce_commitments.documents.records import Paragraph
from osce_commitments.labels import BlockKind

LANGUAGES = {
    "cs": "Czech",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ru": "Russian",
    "sr": "Serbian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
}
_BODY = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.TITLE, BlockKind.TABLE})
_MIN_LETTERS = 60
_CHUNK_CHARACTERS = 600
_MAX_CHUNKS = 40


_WORD = re.compile(r"\w+")
# Words that are frequent in English and rare in the others. A text with enough of them is English without a look at the model,
# which takes as long to load as some pages to read.
_ENGLISH = frozenset({
    "all", "and", "as", "at", "be", "by", "for", "from", "has", "have", "in", "is", "it", "its", "of", "on", "or", "other",
    "shall", "such", "that", "the", "their", "this", "to", "was", "which", "with",
})  # fmt: skip
_ENGLISH_SHARE = 0.15


@functools.cache
def _identifier() -> Any:  # noqa: ANN401 - py3langid has no type hints
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(LANGUAGES))
    return identifier


def shares(items: Sequence[Paragraph]) -> dict[str, float]:
    """Return the share of each language in the body, largest first; empty if there are too few letters."""
    weights: Counter[str] = Counter()
    for chunk in _chunks(items):
        words = _WORD.findall(chunk.lower())
        frequent = sum(map(_ENGLISH.__contains__, words))
        is_english = "the" in words and "and" in words and frequent >= _ENGLISH_SHARE * len(words)
        weights["en" if is_english else str(_identifier().classify(chunk)[0])] += len(chunk)
    total = sum(weights.values())
    return {code: weight / total for code, weight in weights.most_common()}


def _chunks(items: Sequence[Paragraph]) -> list[str]:
    """Return chunks of the body of a few hundred characters each, evenly spread over a long body."""
    chunks, waiting = [], ""
    for item in items:
        if item.kind not in _BODY:
            continue
        waiting = f"{waiting} {item.text}".strip()
        if len(waiting) >= _CHUNK_CHARACTERS:
            chunks.append(waiting[: 2 * _CHUNK_CHARACTERS])
            waiting = ""
    if waiting and (not chunks or len(waiting) > _MIN_LETTERS):
        chunks.append(waiting)
    step = max(1, len(chunks) // _MAX_CHUNKS)
    return [chunk for chunk in chunks[::step] if len(re.findall(r"[^\W\d_]", chunk)) >= _MIN_LETTERS]

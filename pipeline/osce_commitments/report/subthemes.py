"""Sub-themes of the threat areas, by the words of a commitment: see ``resources/subthemes.yaml``."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from osce_commitments.labels import THREAT_AREAS, ThreatArea
from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_AHEAD = re.compile(r"\(\?!(?:[^()]|\([^()]*\))*\)")


@functools.cache
def subthemes(area: ThreatArea) -> tuple[str, ...]:
    """Names of an area's sub-themes in order; the last one collects all other commitments."""
    return (*(name for name, _ in _lexicon(area)), str(load_yaml("subthemes")["other"]))


def subthemes_of_rows(rows: pa.Table) -> pa.Array:
    """The sub-themes of commitments, one for each of ``threat_areas``.

    The rows have the columns ``threat_areas``, ``text``, ``lead_in``, ``heading`` and ``title``.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    areas = rows["threat_areas"].combine_chunks()
    owners, names = pc.list_parent_indices(areas), areas.flatten()
    headings = pc.binary_join(rows["heading"], " / ")
    # Neighbouring provisions share lead-in, headings and title.
    fields = [rows["text"], *(one.dictionary_encode() for one in (rows["lead_in"], headings, rows["title"]))]
    full = np.full(len(names), "", dtype=object)
    for area in THREAT_AREAS:
        flatnonzero = np.flatnonzero(pc.equal(names, area.value).to_numpy(zero_copy_only=False))
        if len(flatnonzero):
            mine = owners.take(pa.array(flatnonzero))
            full[flatnonzero] = _of_texts(area, [field.take(mine) for field in fields])
    return pa.ListArray.from_arrays(_offsets(areas), pa.array(full, pa.string()))


def _offsets(lists: pa.ListArray) -> pa.Array:
    import pyarrow.compute as pc

    return pc.subtract(lists.offsets, lists.offsets[0])


def _of_texts(area: ThreatArea, fields: Sequence[pa.ChunkedArray]) -> list[str]:
    """The sub-themes of rows by the first of their fields that has a match."""
    import numpy as np
    import pyarrow as pa

    chosen = np.full(len(fields[0]), len(_lexicon(area)))
    for field in fields:
        left = np.flatnonzero(chosen == len(_lexicon(area)))
        texts = field.take(pa.array(left)).combine_chunks()
        different = texts.dictionary if pa.types.is_dictionary(texts.type) else texts
        counts = np.stack([_count(different, pattern) for _, pattern in _lexicon(area)])
        if different is not texts:
            counts = counts[:, texts.indices]
        chosen[left] = np.where(counts.any(axis=0), counts.argmax(axis=0), chosen[left])
    return [subthemes(area)[one] for one in chosen]


def _count(texts: pa.Array, pattern: re.Pattern[str]) -> np.ndarray:
    """How often a pattern is in each text."""
    import numpy as np
    import pyarrow.compute as pc

    # Arrow's expressions cannot look ahead. Their word characters are those of ASCII: with those of
    # Unicode, each pattern takes milliseconds to make.
    plain = _AHEAD.sub("", pattern.pattern)
    counts = np.asarray(pc.count_substring_regex(texts, plain, ignore_case=True)).copy()
    if plain != pattern.pattern:
        for at in np.flatnonzero(counts):
            counts[at] = sum(1 for _ in pattern.finditer(texts[at].as_py()))
    return counts


@functools.cache
def _lexicon(area: ThreatArea) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = load_yaml("subthemes")[area.value]
    return tuple((row["name"], re.compile(row["pattern"], re.IGNORECASE)) for row in rows)

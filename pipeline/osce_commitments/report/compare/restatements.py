"""Restatements: earlier or later provisions with similar meaning and words."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.report.statements import COMMITMENT, Statement
from osce_commitments.texts.diff import likeness

if TYPE_CHECKING:
    from osce_commitments.query import Conditions, Hit, Reader

# A commitment restates another if their cosine reaches CLOSE, or reaches NEAR and they also share words: the encoder alone
# finds everything on one subject similar. Set on pairs that were read: evaluation/notes/restatements.md.
CLOSE, NEAR, SHARED_WORDS = 0.9, 0.6, 0.5
_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Restatement:
    """A commitment and the most similar earlier one.

    Attributes:
        shared_words: Share of common words, 0 to 1.
    """

    earlier: Statement
    later: Statement
    shared_words: float


def nearest_earlier(
    reader: Reader, new: Sequence[Statement], earlier: Mapping[str, Statement], until: str = ""
) -> list[Restatement]:
    """The new commitments that restate an earlier one, each with the most similar one.

    Args:
        reader: The dataset version.
        new: New commitments.
        earlier: Earlier commitments, by id.
        until: Last day of the earlier ones; empty if ``earlier`` alone decides.
    """
    conditions: Conditions = {**COMMITMENT, "until": until}
    answers = reader.more_like_each([one.id for one in new], limit=_CANDIDATES, **conditions)
    restated = []
    for one, answer in zip(new, answers, strict=True):
        known = (hit for hit in answer.hits if hit.id in earlier and _is_same(one, hit))
        if hit := next(known, None):
            restated.append(Restatement(earlier[hit.id], one, likeness(hit.text, one.text)))
    return restated


def taken_up(reader: Reader, statements: Sequence[Statement], citing: Mapping[str, dt.date]) -> dict[str, str]:
    """Citation of a later provision that follows up a commitment, by the id of the commitment.

    Args:
        reader: The dataset version.
        statements: Commitments; undated ones have no later provisions.
        citing: Date of the latest document that cites an instrument, by its symbol.
    """
    dated = [one for one in statements if one.date is not None]
    found = _cited(reader, dated, citing)
    rest = [one for one in dated if one.id not in found]
    answers = reader.more_like_each([one.id for one in rest], limit=_CANDIDATES, later=True)
    for one, answer in zip(rest, answers, strict=True):
        if hit := next((hit for hit in answer.hits if _is_same(one, hit)), None):
            found[one.id] = hit.citation
    return found


def _cited(reader: Reader, dated: Sequence[Statement], citing: Mapping[str, dt.date]) -> dict[str, str]:
    """Follow-up in later provisions that cite the instrument."""
    by_symbol: defaultdict[str, list[Statement]] = defaultdict(list)
    for one in dated:
        if one.date and citing.get(one.symbol, one.date) > one.date:
            by_symbol[one.symbol].append(one)
    found = {}
    for symbol, some in by_symbol.items():
        answers = reader.more_like_each([one.id for one in some], limit=1, later=True, cites=symbol)
        for one, answer in zip(some, answers, strict=True):
            if answer.hits and answer.hits[0].score >= NEAR:
                found[one.id] = answer.hits[0].citation
    return found


def _is_same(one: Statement, hit: Hit) -> bool:
    if hit.document == one.document:
        return False
    return hit.score >= CLOSE or (hit.score >= NEAR and likeness(hit.text, one.text) >= SHARED_WORDS)

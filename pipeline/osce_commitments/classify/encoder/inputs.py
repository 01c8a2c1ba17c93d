"""The input of a model: the context and the text of a provision as one pair of sequences.

Training and inference both build it here, so that they cannot differ.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from osce_commitments.rules.lexicon import spelled_out
from osce_commitments.schema import Provision

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

SEPARATOR = " | "
_CACHED_TEXTS = 4096


class ContextField(StrEnum):
    """A part of a provision's surroundings that its context can contain."""

    ROLE = "role"
    TITLE = "title"
    HEADING = "heading"
    LEAD_IN = "lead_in"


# The order in which parts get the room that the text leaves: the lead-in nearest the item first, the title last.
_PRIORITY = (ContextField.LEAD_IN, ContextField.ROLE, ContextField.HEADING, ContextField.TITLE)
# These are cut at their beginning, because their end is nearest to the text; the others at their end.
_KEEPS_END = frozenset({ContextField.LEAD_IN, ContextField.HEADING})


class InputSettings(BaseModel):
    """Parts of a model's input and their lengths; stored with the model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    context: tuple[ContextField, ...] = Field(
        default=(ContextField.ROLE, ContextField.TITLE, ContextField.HEADING, ContextField.LEAD_IN),
        description="parts of the context, in this order",
    )
    max_length: Annotated[int, Field(ge=16, le=512)] = Field(default=128, description="tokens of one input")
    lead_in_tokens: Annotated[int, Field(ge=0)] = Field(
        default=32, description="tokens that a long text leaves to its lead-in"
    )


@dataclass(frozen=True, slots=True)
class Encoded:
    """One input.

    Attributes:
        ids: Token ids.
        segments: For each token 0 in the context and 1 from the text on.
    """

    ids: tuple[int, ...]
    segments: tuple[int, ...]


def context_text(provision: Provision, field: ContextField) -> str:
    """Return the words of one part of a provision's context."""
    if field == ContextField.HEADING:
        return " / ".join(provision.heading)
    return str(getattr(provision, field.value))


class Composer:
    """Turns provisions into token ids with a tokenizer's own special tokens around them.

    Args:
        tokenizer: The tokenizer of the encoder; its truncation and padding are switched off.
        settings: What to include.
    """

    def __init__(self, tokenizer: Tokenizer, settings: InputSettings) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self.settings = settings
        self._tokenizer = tokenizer
        self._cached = functools.lru_cache(_CACHED_TEXTS)(self._tokens)
        pair = tokenizer.encode("a", "a")
        kinds = pair.sequence_ids
        first, second = kinds.index(0), kinds.index(1)
        last = len(kinds) - kinds[::-1].index(1)
        middle = [position for position in range(first, second) if kinds[position] is None]
        self._before, self._between, self._after = (
            tuple(pair.ids[:first]),
            tuple(pair.ids[position] for position in middle),
            tuple(pair.ids[last:]),
        )
        self._separator = self._tokens(SEPARATOR)

    def encode(self, provision: Provision) -> Encoded:
        """The ids of context and text, at most ``max_length`` of them."""
        room = self.settings.max_length - len(self._before) - len(self._between) - len(self._after)
        uses_lead_in = ContextField.LEAD_IN in self.settings.context
        lead_in = self._cached(provision.lead_in) if uses_lead_in else ()
        lead_in_length = min(len(lead_in), self.settings.lead_in_tokens)
        text = self._tokens(provision.text)[: room - lead_in_length]
        context = self._context(provision, room - len(text))
        first = (*self._before, *context, *self._between)
        second = (*text, *self._after)
        return Encoded((*first, *second), (0,) * len(first) + (1,) * len(second))

    def _context(self, provision: Provision, room: int) -> tuple[int, ...]:
        parts: dict[ContextField, tuple[int, ...]] = {}
        for field in _PRIORITY:
            ids = self._cached(context_text(provision, field)) if field in self.settings.context else ()
            size = min(len(ids), room - (len(self._separator) if parts else 0))
            if size <= 0:
                continue
            room -= size + (len(self._separator) if parts else 0)
            parts[field] = ids[-size:] if field in _KEEPS_END else ids[:size]
        joined: tuple[int, ...] = ()
        for field in self.settings.context:
            if field in parts:
                joined += (*(self._separator if joined else ()), *parts[field])
        return joined

    def _tokens(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(spelled_out(text), add_special_tokens=False).ids)


def pad(batch: Sequence[Encoded]) -> dict[str, NDArray[Any]]:
    """Ids, mask and segments of shape ``(inputs, longest)``, with mask 0 where an input is filled up."""
    shape = (len(batch), max(len(encoded.ids) for encoded in batch))
    arrays: dict[str, NDArray[Any]] = {
        name: np.zeros(shape, dtype=np.int64) for name in ("input_ids", "attention_mask", "segment_ids")
    }
    for row, encoded in enumerate(batch):
        size = len(encoded.ids)
        arrays["input_ids"][row, :size] = encoded.ids
        arrays["attention_mask"][row, :size] = 1
        arrays["segment_ids"][row, :size] = encoded.segments
    return arrays


def length_sorted(inputs: Sequence[Encoded], size: int) -> Iterator[list[int]]:
    """Yield positions in batches of up to ``size`` inputs of similar length, because padding is wasted work."""
    order = sorted(range(len(inputs)), key=lambda row: len(inputs[row].ids))
    for start in range(0, len(order), size):
        yield order[start : start + size]

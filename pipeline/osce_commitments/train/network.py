"""Two heads on one encoder: one level of the ordinal scale, and any number of areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.train.settings import Network

_LEVELS = len(STRENGTHS)


class TwoHeads(nn.Module):
    """An encoder with a head for strength and one for areas. It reads words alone, so that it can contradict the rules.

    Args:
        encoder: Any Hugging Face encoder.
        settings: Dropout and weights of the losses.
        level_weights: Weight of a row by its level; equal if omitted.
        area_weights: Weight of a row with the area relative to one without.
    """

    def __init__(
        self,
        encoder: Any,  # noqa: ANN401 - the many encoders of transformers share no narrower type
        settings: Network,
        level_weights: Sequence[float] = (1.0,) * _LEVELS,
        area_weights: Sequence[float] = (1.0,) * len(THREAT_AREAS),
    ) -> None:
        super().__init__()
        self.encoder, self.settings = encoder, settings
        width = 2 * encoder.config.hidden_size
        self.norm, self.dropout = nn.LayerNorm(width), nn.Dropout(settings.dropout)
        self.level_head = nn.Linear(width, _LEVELS)
        self.area_head = nn.Linear(width, len(THREAT_AREAS))
        self.register_buffer("level_weights", torch.tensor(level_weights), persistent=False)
        self.register_buffer("area_weights", torch.tensor(area_weights), persistent=False)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        segment_ids: Tensor,
        targets: Tensor | None = None,
        areas: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """Return log-probabilities of the levels, log-odds of the areas and, with targets, the loss."""
        features = self.dropout(self._features(input_ids, attention_mask, segment_ids))
        level_logits, area_logits = self.level_head(features), self.area_head(features)
        outputs = {"log_levels": functional.log_softmax(level_logits, dim=1), "area_logits": area_logits}
        if targets is None or areas is None:
            return outputs
        of_areas = functional.binary_cross_entropy_with_logits(area_logits, areas, pos_weight=self.area_weights)
        return {"loss": self._level_loss(level_logits, targets) + self.settings.area_weight * of_areas, **outputs}

    def _features(self, input_ids: Tensor, attention_mask: Tensor, segment_ids: Tensor) -> Tensor:
        """The pooled and normed output of the encoder, shape ``(rows, width)``."""
        kinds = getattr(self.encoder.config, "type_vocab_size", 1) or 1
        extra = {"token_type_ids": segment_ids} if kinds > 1 else {}
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **extra).last_hidden_state
        by_part = (_mean(hidden, attention_mask * (1 - segment_ids)), _mean(hidden, attention_mask * segment_ids))
        normed: Tensor = self.norm(torch.cat(by_part, dim=1))
        return normed

    def _level_loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        weights = self.level_weights[targets.argmax(dim=1)]
        entropy = -(targets * functional.log_softmax(logits, dim=1)).sum(dim=1)
        # Squared earth mover's distance: how far probability must move along the scale.
        distance = (logits.softmax(dim=1).cumsum(dim=1) - targets.cumsum(dim=1)).square().sum(dim=1)
        return ((entropy + self.settings.emd_weight * distance) * weights).sum() / weights.sum()


def _mean(hidden: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(dim=1) / weights.sum(dim=1).clamp_min(1.0)

"""Two heads on one encoder: one level of the ordinal scale, and any number of areas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from osce_commitments.classify.encoder.hints import AREA_HINTS, LEVEL_HINTS
from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.train.settings import Loss, Network, Pooling

_LEVELS = len(STRENGTHS)


class TwoHeads(nn.Module):
    """An encoder with a head for strength and one for areas.

    Args:
        encoder: Any Hugging Face encoder.
        settings: Pooling, loss, weights.
        level_weights: Weight of a row by its level; equal if omitted.
        area_weights: Weight of a row with the area relative to one without.
        takes_hints: Whether it reads the findings of the rules. One gate per provision weighs the hints of all labels,
            because whether an act takes the area of its title does not depend on the area.
    """

    def __init__(
        self,
        encoder: Any,  # noqa: ANN401 - the many encoders of transformers share no narrower type
        settings: Network,
        level_weights: Sequence[float] = (1.0,) * _LEVELS,
        area_weights: Sequence[float] = (1.0,) * len(THREAT_AREAS),
        *,
        takes_hints: bool = False,
    ) -> None:
        super().__init__()
        self.encoder, self.settings = encoder, settings
        width = encoder.config.hidden_size * (2 if settings.pooling == Pooling.SEGMENTS else 1)
        self.norm, self.dropout = nn.LayerNorm(width), nn.Dropout(settings.dropout)
        self.level_head = nn.Linear(width, _LEVELS)
        self.area_head = nn.Linear(width, len(THREAT_AREAS))
        self.area_gates = nn.Linear(width, AREA_HINTS[0]) if takes_hints else None
        self.level_gate = nn.Linear(width, 1) if takes_hints else None
        self.level_hints = nn.Linear(LEVEL_HINTS, self.level_head.out_features) if takes_hints else None
        self.register_buffer("level_weights", torch.tensor(level_weights), persistent=False)
        self.register_buffer("area_weights", torch.tensor(area_weights), persistent=False)

    def forward(  # noqa: PLR0913, PLR0917 - a trainer gives the columns of its data set by name
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        segment_ids: Tensor,
        area_hints: Tensor | None = None,
        level_hints: Tensor | None = None,
        targets: Tensor | None = None,
        areas: Tensor | None = None,
    ) -> dict[str, Tensor]:
        """Return log-probabilities of the levels, log-odds of the areas and, with targets, the loss."""
        level_logits, area_logits = self.logits(input_ids, attention_mask, segment_ids, area_hints, level_hints)
        outputs = {"log_levels": functional.log_softmax(level_logits, dim=1), "area_logits": area_logits}
        if targets is None or areas is None:
            return outputs
        of_areas = functional.binary_cross_entropy_with_logits(area_logits, areas, pos_weight=self.area_weights)
        return {"loss": self._level_loss(level_logits, targets) + self.settings.area_weight * of_areas, **outputs}

    def logits(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        segment_ids: Tensor,
        area_hints: Tensor | None = None,
        level_hints: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """Return the outputs of both heads."""
        features = self.dropout(self.features(input_ids, attention_mask, segment_ids))
        levels, areas = self.level_head(features), self.area_head(features)
        if self.area_gates is None or self.level_gate is None or self.level_hints is None:
            return levels, areas
        if area_hints is None or level_hints is None:
            return levels, areas
        if self.training:
            area_hints, level_hints = self._withheld(area_hints, level_hints)
        areas = areas + (self.area_gates(features).unsqueeze(2) * area_hints).sum(dim=1)
        return levels + functional.softplus(self.level_gate(features)) * self.level_hints(level_hints), areas

    def _withheld(self, area_hints: Tensor, level_hints: Tensor) -> tuple[Tensor, Tensor]:
        """Return the hints with some rows blanked, so that the network also learns from the words, and some levels changed.

        The rules were written from the training rows: there they are right more often than elsewhere.
        """
        # Drawn on the processor, whose random state a checkpoint keeps, wherever the network is.
        size, place = len(area_hints), area_hints.device
        is_mistaken = (torch.rand(size, 1) < self.settings.mistaken_share).to(place)
        level_hints = torch.where(is_mistaken, level_hints[torch.randperm(size).to(place)], level_hints)
        is_hinted = (torch.rand(size, 1) >= self.settings.blind_share).to(place, area_hints.dtype)
        return area_hints * is_hinted.unsqueeze(2), level_hints * is_hinted

    def features(self, input_ids: Tensor, attention_mask: Tensor, segment_ids: Tensor) -> Tensor:
        """Return the input of both heads: the pooled and normed output of the encoder, shape ``(rows, width)``."""
        kinds = getattr(self.encoder.config, "type_vocab_size", 1) or 1
        extra = {"token_type_ids": segment_ids} if kinds > 1 else {}
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **extra).last_hidden_state
        if self.settings.pooling == Pooling.SEGMENTS:
            pooled = torch.cat(
                [_mean(hidden, attention_mask * (1 - segment_ids)), _mean(hidden, attention_mask * segment_ids)], dim=1
            )
        else:
            pooled = _mean(hidden, attention_mask)
        normed: Tensor = self.norm(pooled)
        return normed

    def _level_loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        weights = self.level_weights[targets.argmax(dim=1)]
        each = -(targets * functional.log_softmax(logits, dim=1)).sum(dim=1)
        if self.settings.loss == Loss.EMD:
            # Squared earth mover's distance: how far probability must move along the scale.
            distance = logits.softmax(dim=1).cumsum(dim=1) - targets.cumsum(dim=1)
            each = each + self.settings.emd_weight * distance.square().sum(dim=1)
        return (each * weights).sum() / weights.sum()


def freeze_layers(model: TwoHeads, *, embeddings: bool, layers: int) -> None:
    """Freeze the embeddings and the lower layers of an encoder of any architecture.

    Raises:
        ConfigError: If layers are to be frozen and the encoder has no list of as many layers as its configuration says.
    """
    if embeddings:
        embeddings_module = getattr(model.encoder, "embeddings", None) or model.encoder.get_input_embeddings()
        embeddings_module.requires_grad_(requires_grad=False)
    if layers:
        for layer in _layers(model.encoder)[:layers]:
            layer.requires_grad_(requires_grad=False)


def _layers(encoder: Any) -> Sequence[nn.Module]:  # noqa: ANN401 - see above
    number = encoder.config.num_hidden_layers
    lists = (module for module in encoder.modules() if isinstance(module, nn.ModuleList) and len(module) == number)
    if (layers := next(lists, None)) is None:
        raise ConfigError(f"the layers of a {type(encoder).__name__} are not known", "set schedule.frozen_layers: 0")
    return list(layers)


def _mean(hidden: Tensor, mask: Tensor) -> Tensor:
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(dim=1) / weights.sum(dim=1).clamp_min(1.0)

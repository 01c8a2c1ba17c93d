"""The two heads and their losses."""

from __future__ import annotations

import torch

from osce_commitments.train.encoders import load_encoder
from osce_commitments.train.network import TwoHeads
from osce_commitments.train.settings import Network

TEXTS = ["Decides to act against trafficking", "Calls upon States to act", "Recalling the debate"]


def network(**settings: object) -> TwoHeads:
    torch.manual_seed(1)
    return TwoHeads(load_encoder("tiny", "", TEXTS).module, Network.model_validate(settings)).eval()


def batch() -> dict[str, torch.Tensor]:
    return {
        "input_ids": torch.tensor([[2, 6, 3, 7, 3], [2, 3, 8, 3, 0]]),
        "attention_mask": torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0]]),
        "segment_ids": torch.tensor([[0, 0, 0, 1, 1], [0, 0, 1, 1, 0]]),
    }


def test_a_batch_gives_probabilities_and_a_gradient() -> None:
    model = network()
    found = model(**batch(), targets=torch.eye(6)[[4, 0]], areas=torch.zeros(2, 12))
    assert torch.allclose(found["log_levels"].exp().sum(dim=1), torch.ones(2), atol=1e-5)
    found["loss"].backward()
    assert all(weights.grad is not None for weights in model.level_head.parameters())


def test_the_loss_counts_how_far_a_guess_is_off() -> None:
    model = network()
    with torch.no_grad():
        far, near, right = (
            float(model._level_loss(8.0 * torch.eye(6)[[level]], torch.eye(6)[[4]])) for level in (0, 3, 4)
        )
    assert far > near > right


def test_padding_changes_nothing() -> None:
    model, whole = network(), batch()
    alone = {name: tensor[1:, :4] for name, tensor in whole.items()}
    with torch.no_grad():
        assert torch.allclose(model(**whole)["log_levels"][1], model(**alone)["log_levels"][0], atol=1e-5)


def test_the_history_has_the_figures_of_each_pass() -> None:
    from osce_commitments.train.fit import passes

    log = [
        {"step": 15, "epoch": 1.0, "eval_loss": 2.0, "eval_score": 0.5, "eval_strength_macro_f1": 0.4},
        {"step": 20, "epoch": 1.3, "eval_loss": 1.8, "eval_score": 0.6, "eval_strength_macro_f1": 0.5},
        {"step": 20, "epoch": 1.3, "train_runtime": 1.0},
    ]
    assert [(row["epoch"], row["validation_loss"], row["score"]) for row in passes(log)] == [
        (1.0, 2.0, 0.5),
        (1.3, 1.8, 0.6),
    ]

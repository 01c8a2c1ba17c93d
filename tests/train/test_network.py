"""The two heads and their losses."""

from __future__ import annotations

import pytest
import torch

from osce_commitments.train.encoders import load_encoder
from osce_commitments.train.network import TwoHeads, freeze_layers
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


@pytest.mark.parametrize("loss", ["cross_entropy", "emd"])
@pytest.mark.parametrize("pooling", ["mean", "segments"])
def test_every_loss_and_pooling_gives_probabilities_and_a_gradient(loss: str, pooling: str) -> None:
    model = network(loss=loss, pooling=pooling)
    found = model(**batch(), targets=torch.eye(6)[[4, 0]], areas=torch.zeros(2, 12))
    assert torch.allclose(found["log_levels"].exp().sum(dim=1), torch.ones(2), atol=1e-5)
    found["loss"].backward()
    assert all(weights.grad is not None for weights in model.level_head.parameters())


def level_loss(loss: str, guessed: int) -> float:
    model = network(loss=loss)
    with torch.no_grad():
        return float(model._level_loss(8.0 * torch.eye(6)[[guessed]], torch.eye(6)[[4]]))


def test_the_ordinal_loss_counts_how_far_a_guess_is_off_and_plain_cross_entropy_does_not() -> None:
    assert level_loss("emd", 0) > level_loss("emd", 3) > level_loss("emd", 4)
    assert level_loss("cross_entropy", 0) == pytest.approx(level_loss("cross_entropy", 3))


def test_padding_changes_nothing() -> None:
    model, whole = network(), batch()
    alone = {name: tensor[1:, :4] for name, tensor in whole.items()}
    with torch.no_grad():
        assert torch.allclose(model(**whole)["log_levels"][1], model(**alone)["log_levels"][0], atol=1e-5)


def test_frozen_parts_have_no_gradient() -> None:
    model = network()
    freeze_layers(model, embeddings=True, layers=1)
    assert not any(weights.requires_grad for weights in model.encoder.embeddings.parameters())
    assert [next(layer.parameters()).requires_grad for layer in model.encoder.encoder.layer] == [False, True]


@pytest.mark.parametrize(("shares", "told", "own"), [((0.0, 0.0), 200, 200), ((1.0, 0.0), 0, 0), ((0.0, 1.0), 200, 1)])
def test_some_rows_are_told_nothing_and_some_the_level_of_another(
    shares: tuple[float, float], told: int, own: int
) -> None:
    blind, mistaken = shares
    model = network(blind_share=blind, mistaken_share=mistaken)
    levels = torch.eye(200)
    areas, given = model._withheld(torch.ones(200, 5, 12), levels)
    assert int(given.sum()) == told
    assert int(areas[:, 0, 0].sum()) == told
    assert abs(int((given * levels).sum()) - own) <= (5 if mistaken else 0)


def test_layers_of_another_architecture_are_frozen_too() -> None:
    from transformers import DistilBertConfig, DistilBertModel

    encoder = DistilBertModel(DistilBertConfig(vocab_size=20, dim=16, n_layers=3, n_heads=2, hidden_dim=16))
    heads = TwoHeads(encoder, Network())
    freeze_layers(heads, embeddings=True, layers=2)
    learns = {name for name, weights in encoder.named_parameters() if weights.requires_grad}
    assert learns
    assert all(name.startswith("transformer.layer.2.") for name in learns)


def test_the_history_has_the_mean_loss_and_the_last_rate_of_each_pass() -> None:
    from osce_commitments.train.fit import passes

    log = [
        {"step": 10, "epoch": 0.7, "loss": 3.0, "learning_rate": 2e-4},
        {"step": 15, "epoch": 1.0, "loss": 1.5, "learning_rate": 1e-4},
        {"step": 15, "epoch": 1.0, "eval_loss": 2.0, "eval_score": 0.5, "eval_strength_macro_f1": 0.4},
        {"step": 20, "epoch": 1.3, "loss": 1.0, "learning_rate": 5e-5},
        {"step": 20, "epoch": 1.3, "eval_loss": 1.8, "eval_score": 0.6, "eval_strength_macro_f1": 0.5},
        {"step": 20, "epoch": 1.3, "train_runtime": 1.0},
    ]
    first, second = passes(log)
    assert (first["loss"], first["validation_loss"], first["learning_rate"], first["score"]) == (2.5, 2.0, 1e-4, 0.5)
    assert (second["loss"], second["learning_rate"]) == (1.0, 5e-5)

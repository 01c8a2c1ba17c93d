"""Export of a fine-tuned network to ONNX: full precision for comparison, small weights for release."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osce_commitments.classify.encoder.inputs import Encoded, pad
from osce_commitments.silent_onnx import import_onnxruntime
from osce_commitments.train.fit import Trained, load_network

if TYPE_CHECKING:
    from osce_commitments.train.network import TwoHeads

INPUTS = ("input_ids", "attention_mask", "segment_ids")
OUTPUTS = ("log_levels", "area_logits")
OPSET = 17
# Share of the outliers of a layer's input that moves into its weights; of 0.3 to 0.95 this value lost least.
_MOVED = 0.7
_LEAST = 1e-5


def export_full(trained: Trained, path: Path) -> None:
    """Write the network in full precision."""
    _export(load_network(trained), path)


def export_base(trained: Trained, path: Path, inputs: Sequence[Encoded]) -> None:
    """Write the network ready to be shrunk; see :func:`prepare_graph`."""
    network = load_network(trained)
    prepare_graph(network, inputs)
    _export(network, path)


def prepare_graph(network: Any, inputs: Sequence[Encoded]) -> None:  # noqa: ANN401 - torch loads late
    """Make a network ready to be shrunk, in place: word embeddings as 8-bit numbers, outliers moved into the weights.

    The encoder takes the arrays of ``pad`` by name. Typical inputs show the outliers.
    """
    _smooth(network, inputs)
    network.encoder.set_input_embeddings(_small_embedding(network.encoder.get_input_embeddings()))


def shrink(source: Path, target: Path) -> None:
    """Store the weights of the encoder's products as 8-bit numbers with one scale per column; the heads keep theirs.

    Products are computed with 8-bit inputs too.
    """
    import_onnxruntime()
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().setLevel(logging.ERROR)  # the quantiser advises a step that has no effect here
    quantize_dynamic(
        source,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=True,  # else processors without VNNI overflow
        weight_type=QuantType.QInt8,
    )


def _export(network: TwoHeads, path: Path) -> None:
    import torch

    class Outputs(torch.nn.Module):
        """The network with plain outputs, because a graph has no dictionaries."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, *inputs: Any) -> tuple[Any, Any]:  # noqa: ANN401
            """Log-probabilities of the levels, log-odds of the areas."""
            outputs = self.network(*inputs)
            return outputs["log_levels"], outputs["area_logits"]

    axes = {name: {0: "rows", 1: "tokens"} for name in INPUTS}
    example = tuple(torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]]) for _ in INPUTS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Outputs().eval(),
            example,
            str(path),
            input_names=list(axes),
            output_names=list(OUTPUTS),
            dynamic_axes=axes | dict.fromkeys(OUTPUTS, {0: "rows"}),  # noqa: RUF024 - only read
            opset_version=OPSET,
            dynamo=False,
        )


def _small_embedding(words: Any) -> Any:  # noqa: ANN401 - torch loads late
    import torch

    class Small(torch.nn.Module):
        """Word embeddings as 8-bit numbers, each row with its own scale."""

        def __init__(self) -> None:
            super().__init__()
            weight = words.weight.detach()
            scale = weight.abs().amax(dim=1, keepdim=True).clamp_min(_LEAST) / 127
            self.register_buffer("numbers", (weight / scale).round().to(torch.int8))
            self.register_buffer("scale", scale)

        def forward(self, ids: Any) -> Any:  # noqa: ANN401
            """The embedding of every id."""
            rows = torch.nn.functional.embedding(ids, self.numbers).float()
            return rows * torch.nn.functional.embedding(ids, self.scale)

    return Small()


def _smooth(network: Any, inputs: Sequence[Encoded]) -> None:  # noqa: ANN401 - torch loads late
    """Divide every product's input and multiply its weights by the same factors, one per column of the input.

    Inputs with outliers lose most when they are stored in 8 bits (G. Xiao et al., SmoothQuant, 2023).
    """
    import torch

    class Smooth(torch.nn.Module):
        """A linear layer that divides its input by the factors of its weights."""

        def __init__(self, linear: Any, largest: Any) -> None:  # noqa: ANN401
            super().__init__()
            weight = linear.weight.detach()
            factor = largest.clamp_min(_LEAST) ** _MOVED / weight.abs().amax(dim=0).clamp_min(_LEAST) ** (1 - _MOVED)
            self.register_buffer("inverse", 1 / factor)
            self.linear = linear
            self.linear.weight.data = weight * factor

        def forward(self, hidden: Any) -> Any:  # noqa: ANN401
            """The same as the layer that it replaces."""
            return self.linear(hidden * self.inverse)

    for name, largest in _largest_inputs(network, inputs).items():
        parent, _, leaf = name.rpartition(".")
        owner = network.encoder.get_submodule(parent)
        setattr(owner, leaf, Smooth(getattr(owner, leaf), largest))


def _largest_inputs(network: Any, inputs: Sequence[Encoded]) -> dict[str, Any]:  # noqa: ANN401 - torch loads late
    """Largest absolute value in every column of the input of every linear layer that the encoder uses."""
    import torch

    largest: dict[str, Any] = {}

    def watch(name: str) -> Any:  # noqa: ANN401
        def look(_: Any, arguments: tuple[Any, ...]) -> None:  # noqa: ANN401
            peaks = arguments[0].detach().abs().flatten(0, -2).amax(dim=0)
            largest[name] = torch.maximum(largest[name], peaks) if name in largest else peaks

        return look

    layers = [(name, layer) for name, layer in network.encoder.named_modules() if isinstance(layer, torch.nn.Linear)]
    # The pooler's output is not used, so its layer is not in the graph.
    hooks = [layer.register_forward_pre_hook(watch(name)) for name, layer in layers if "pooler" not in name]
    with torch.no_grad():
        for layer in inputs:
            network(**{name: torch.from_numpy(array) for name, array in pad([layer]).items()})
    for hook in hooks:
        hook.remove()
    return largest

"""A released classifier: a fine-tuned encoder, the rules and a model of words, witnesses that are pooled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.classify.encoder.artefact import (
    HEADS_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    WORDS_FILE,
    Artefact,
    read_artefact,
    release_file,
)
from osce_commitments.classify.encoder.bag_of_ngrams import run_words
from osce_commitments.classify.encoder.heads import Heads, NetworkOutput, ask_heads, needs_network
from osce_commitments.classify.encoder.inputs import Composer, pad
from osce_commitments.classify.encoder.pooling import Judgement, combine, gather
from osce_commitments.classify.rules.areas import bases_of
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.classify.rules.strength import is_certain
from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Classification, Provision, TaggedProvision
from osce_commitments.silent_onnx import import_onnxruntime

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Network = Callable[[dict[str, NDArray[Any]]], Sequence[NDArray[np.float32]]]


class TransformerClassifier:
    """Labels provisions by a network with heads, the rules and the words, pooled as the artefact says.

    Args:
        artefact: Settings and origin.
        composer: Makes the inputs.
        network: Takes padded arrays, returns log-probabilities of the levels, log-odds of the areas and features.
        words: Takes the arrays of `pad_runs`, returns log-probabilities of the levels.
        heads: Read the features of the network.
        folder: The folder of its files.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the files of an artefact
        self, artefact: Artefact, composer: Composer, network: Network, words: Network, heads: Heads, folder: Path
    ) -> None:
        self.artefact, self.folder = artefact, folder
        self._composer, self._network, self._words, self._heads = composer, network, words, heads
        self._rules = RuleClassifier()

    @classmethod
    def load(cls, folder: Path, *, threads: int = 1) -> TransformerClassifier:
        """The classifier in a folder, its files checked against their hashes.

        Args:
            folder: The artefact.
            threads: Threads of one inference; several processes with one thread each are faster.

        Raises:
            ConfigError: If the folder holds no intact artefact.
        """
        from tokenizers import Tokenizer

        artefact = read_artefact(folder)
        try:
            tokenizer = Tokenizer.from_file(str(release_file(folder, TOKENIZER_FILE)))
        except Exception as error:  # the library raises nothing narrower
            msg = f"{folder / TOKENIZER_FILE} is not a tokenizer: {' '.join(str(error).split())[:200]}"
            raise ConfigError(msg, "release it again, or fetch the folder again") from error
        return cls(
            artefact,
            Composer(tokenizer, artefact.inputs),
            onnx_network(release_file(folder, MODEL_FILE), threads, artefact.features),
            onnx_network(release_file(folder, WORDS_FILE), threads),
            Heads.read(release_file(folder, HEADS_FILE)),
            folder,
        )

    @property
    def id(self) -> str:
        """Name and version, stored with every label."""
        return f"{self.artefact.name}@{self.artefact.version}"

    def classify(self, provisions: Sequence[TaggedProvision]) -> list[Classification]:
        """Return one classification per provision, in order; the network reads only what it decides."""
        if not provisions:
            return []
        judged, untagged = self._rules.classify(provisions), [tagged.provision for tagged in provisions]
        pooling, certain = self.artefact.pooling, [is_certain(*pair) for pair in zip(provisions, judged, strict=True)]
        rules = gather(untagged, judged, self.artefact.rules, run_words(self._words, untagged))
        read = needs_network(rules.with_certain(certain), pooling.registers)
        rows = np.flatnonzero(read).tolist()
        outputs = run_network(
            self._network, self._composer, [untagged[row] for row in rows], [judged[row] for row in rows]
        )
        evidence = ask_heads(self._heads, outputs, rules, untagged, read).with_certain(certain)
        judgement = combine(evidence, pooling)
        return [self._labels(judgement, row, *pair) for row, pair in enumerate(zip(untagged, judged, strict=True))]

    def _labels(self, judgement: Judgement, row: int, provision: Provision, rule: Classification) -> Classification:
        """Return the labels; those that the rule classifier shares are explained by its words and rules."""
        strength = STRENGTHS[judgement.levels[row]]
        areas = tuple(area for area, is_given in zip(THREAT_AREAS, judgement.areas[row], strict=True) if is_given)
        return Classification(
            strength=strength,
            strength_probabilities=tuple(float(value) for value in judgement.level_probabilities[row]),
            threat_areas=areas,
            area_probabilities=tuple(float(value) for value in judgement.area_probabilities[row]),
            model_id=self.id,
            strength_cue=rule.strength_cue if rule.strength == strength else None,
            area_cues=tuple(cue for cue in rule.area_cues if cue.area in areas),
            area_basis=bases_of(provision, areas, rule.area_cues),
            needs_review=bool(judgement.needs_review[row]),
        )


def onnx_network(path: Path, threads: int = 1, features: str = "") -> Network:
    """A network in an ONNX file: what it takes and gives is named in the file.

    Args:
        path: The file.
        threads: Threads of one inference.
        features: Name of a tensor inside the network that it returns too, as its last output; empty for none.

    Raises:
        ConfigError: If the file is no network that this runtime can run.
    """
    onnxruntime = import_onnxruntime()
    states = onnxruntime.capi.onnxruntime_pybind11_state
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    try:
        model = path.read_bytes() + _as_output(features) if features else str(path)
        session: Any = onnxruntime.InferenceSession(
            model,
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # the sum and its norm apart take a tenth less time
        )
    except (states.Fail, states.InvalidGraph, states.InvalidProtobuf) as error:
        msg = f"{path} cannot be run: {' '.join(str(error).split())[:200]}"
        raise ConfigError(msg, "export the model again") from error
    return lambda arrays: session.run(None, arrays)


def _as_output(tensor: str) -> bytes:
    """Bytes that make a tensor an output where they follow an ONNX model.

    Protocol Buffers merges messages that follow each other: this is a model whose graph has one output more. So a release
    can read the features of an older one's network without a second copy of its weights.
    """

    def field(number: int, content: bytes) -> bytes:
        size, length = len(content), b""
        while size > 0x7F:  # noqa: PLR2004 - seven bits to a byte
            length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
        return bytes([number << 3 | 2]) + length + bytes([size]) + content

    floats = field(2, field(1, b"\x08\x01"))  # it holds floats
    return field(7, field(12, field(1, tensor.encode()) + floats))


def run_network(
    network: Network, composer: Composer, provisions: Sequence[Provision], judged: Sequence[Classification]
) -> NetworkOutput:
    """Log-probabilities of the levels, log-odds of the areas and features, one row per provision, in order.

    Each input is run alone. The small weights are scaled by the largest value of a call, so companions in one call
    would change the result; on one core, a call per input is not slower, because nothing is padded.

    Args:
        network: Takes the arrays of `pad`.
        composer: Makes the inputs.
        provisions: Provisions to read.
        judged: Their classifications by the rules.
    """
    answers: dict[bytes, Sequence[NDArray[np.float32]]] = {}  # cells of tables repeat each other by the thousand
    outputs = []
    for provision, rule in zip(provisions, judged, strict=True):
        arrays = pad([composer.encode(provision, rule)])
        key = b"".join(array.tobytes() for array in arrays.values())
        if key not in answers:
            answers[key] = network(arrays)
        outputs.append(answers[key])
    columns = list(zip(*outputs, strict=True)) or [(), (), ()]
    sizes = (len(STRENGTHS), len(THREAT_AREAS), columns[2][0].shape[1] if outputs else 0)
    return NetworkOutput(
        *(
            np.array([values[0] for values in column], dtype=np.float64).reshape(len(outputs), size)
            for column, size in zip(columns, sizes, strict=True)
        )
    )

"""A released classifier: a fine-tuned encoder and the rules, two witnesses that are pooled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.classify.encoder.artefact import (
    MODEL_FILE,
    TOKENIZER_FILE,
    Artefact,
    read_artefact,
    release_file,
)
from osce_commitments.classify.encoder.inputs import Composer, Encoded, pad
from osce_commitments.classify.encoder.pooling import Judgement, combine, gather
from osce_commitments.classify.rules.areas import bases_of
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Classification, Provision, TaggedProvision
from osce_commitments.silent_onnx import import_onnxruntime

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Network = Callable[[dict[str, NDArray[Any]]], Sequence[NDArray[np.float32]]]


class TransformerClassifier:
    """Labels provisions by a network and the rules, pooled as the artefact says.

    Args:
        artefact: Settings and origin.
        composer: Makes the inputs.
        network: Takes padded arrays, returns log-probabilities of the levels and log-odds of the areas.
        folder: The folder of its files.
    """

    def __init__(self, artefact: Artefact, composer: Composer, network: Network, folder: Path) -> None:
        self.artefact, self.folder = artefact, folder
        self._composer, self._network, self._rules = composer, network, RuleClassifier()

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
            onnx_network(release_file(folder, MODEL_FILE), threads),
            folder,
        )

    @property
    def id(self) -> str:
        """Name and version, stored with every label."""
        return f"{self.artefact.name}@{self.artefact.version}"

    def classify(self, provisions: Sequence[TaggedProvision]) -> list[Classification]:
        """Return one classification per provision, in order."""
        if not provisions:
            return []
        judged, untagged = self._rules.classify(provisions), [tagged.provision for tagged in provisions]
        outputs = run_network(self._network, self._composer, untagged)
        judgement = combine(gather(judged, self.artefact.rules, *outputs), self.artefact.pooling)
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


def onnx_network(path: Path, threads: int = 1) -> Network:
    """A network in an ONNX file: what it takes and gives is named in the file.

    Raises:
        ConfigError: If the file is no network that this runtime can run.
    """
    onnxruntime = import_onnxruntime()
    states = onnxruntime.capi.onnxruntime_pybind11_state
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    try:
        session: Any = onnxruntime.InferenceSession(
            str(path),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # the sum and its norm apart take a tenth less time
        )
    except (states.Fail, states.InvalidGraph, states.InvalidProtobuf) as error:
        msg = f"{path} cannot be run: {' '.join(str(error).split())[:200]}"
        raise ConfigError(msg, "export the model again") from error
    return lambda arrays: session.run(None, arrays)


def run_network(network: Network, composer: Composer, provisions: Sequence[Provision]) -> tuple[Floats, Floats]:
    """Log-probabilities of the levels and log-odds of the areas, one row per provision, in order.

    Each input is run alone. The small weights are scaled by the largest value of a call, so companions in one call
    would change the result; on one core, a call per input is not slower, because nothing is padded.
    """
    levels, areas = np.zeros((len(provisions), len(STRENGTHS))), np.zeros((len(provisions), len(THREAT_AREAS)))
    answers: dict[Encoded, Sequence[NDArray[np.float32]]] = {}  # cells of tables repeat each other by the thousand
    for row, encoded in enumerate(map(composer.encode, provisions)):
        if encoded not in answers:
            answers[encoded] = network(pad([encoded]))
        levels[row], areas[row] = (output[0] for output in answers[encoded])
    return levels, areas

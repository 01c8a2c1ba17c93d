"""A released classifier: a fine-tuned encoder, the rules and a model of words, witnesses that are pooled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.classify.encoder.area_cues import cue_shares
from osce_commitments.classify.encoder.artefact import (
    HEADS_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    WORDS_FILE,
    Artefact,
    Combination,
    read_artefact,
    release_file,
)
from osce_commitments.classify.encoder.bag_of_ngrams import run_words
from osce_commitments.classify.encoder.heads import Heads, NetworkOutput, area_hints, as_rules, ask_heads, needs_network
from osce_commitments.classify.encoder.inputs import Composer, pad
from osce_commitments.classify.encoder.pooling import Evidence, Judgement, combine, gather
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

ALONE = "transformer"  # the pooling that was fitted without hints from the rules


class TransformerClassifier:
    """Labels provisions by a network, the rules and the words, pooled as the artefact says.

    Args:
        artefact: How inputs are made and outputs are read.
        composer: Makes the inputs.
        network: Takes padded arrays, returns log-probabilities of the levels and log-odds of the areas.
        combination: Name of the pooling; empty for the artefact's default.
        folder: Where its files are.
        words: Takes the arrays of `pad_runs`, returns log-probabilities of the levels; None for an artefact without.
        heads: What was learnt on the network's features, which it then returns too; None for an artefact without.

    Raises:
        ConfigError: If the artefact has no combination of that name.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the files of an artefact
        self,
        artefact: Artefact,
        composer: Composer,
        network: Network,
        combination: str,
        folder: Path,
        words: Network | None = None,
        heads: Heads | None = None,
    ) -> None:
        self.folder, self._words, self._heads = folder, words, heads
        self._artefact, self._composer, self._network = artefact, composer, network
        self._name = combination or artefact.default
        if self._name not in artefact.combinations:
            msg = f"{artefact.name}@{artefact.version} has no combination {combination!r}"
            raise ConfigError(msg, f"choose from: {', '.join(artefact.combinations)}")
        self._rules = RuleClassifier()

    @classmethod
    def load(cls, folder: Path, combination: str = "", *, threads: int = 1) -> TransformerClassifier:
        """The classifier in a folder, its files checked against their hashes.

        Args:
            folder: The artefact.
            combination: ``transformer``, ``hybrid``, or empty for the one that is served.
            threads: Threads of one inference; several processes with one thread each are faster.

        Raises:
            ConfigError: If the folder holds no intact artefact or it has no such combination.
        """
        from tokenizers import Tokenizer

        artefact = read_artefact(folder)
        try:
            tokenizer = Tokenizer.from_file(str(release_file(folder, TOKENIZER_FILE)))
        except Exception as error:  # the library raises nothing narrower
            msg = f"{folder / TOKENIZER_FILE} is not a tokenizer: {' '.join(str(error).split())[:200]}"
            raise ConfigError(msg, "release it again, or fetch the folder again") from error
        composer = Composer(tokenizer, artefact.inputs)
        words = onnx_network(release_file(folder, WORDS_FILE), threads) if artefact.has_words else None
        heads = Heads.read(release_file(folder, HEADS_FILE)) if artefact.features else None
        network = onnx_network(release_file(folder, MODEL_FILE), threads, artefact.features)
        return cls(artefact, composer, network, combination, folder, words, heads)

    @property
    def id(self) -> str:
        """Name and version, stored with every label; a pooling that is not the default is named too."""
        base = f"{self._artefact.name}@{self._artefact.version}"
        return base if self._name == self._artefact.default else f"{base}:{self._name}"

    @property
    def pooling(self) -> str:
        """Name of the combination that answers."""
        return self._name

    @property
    def artefact(self) -> Artefact:
        """The settings and origin of the classifier."""
        return self._artefact

    def classify(self, provisions: Sequence[TaggedProvision]) -> list[Classification]:
        """Return one classification per provision, in order."""
        if not provisions:
            return []
        judged = self._rules.classify(provisions)
        judgement = combine(self._gathered(provisions, judged), self._artefact.combinations[self._name])
        pairs = zip((tagged.provision for tagged in provisions), judged, strict=True)
        return [self._classification(judgement, row, *pair) for row, pair in enumerate(pairs)]

    def evidence(self, provisions: Sequence[TaggedProvision]) -> Evidence:
        """The outputs of the witnesses for provisions, before they are pooled."""
        return self._gathered(provisions, self._rules.classify(provisions))

    def _gathered(self, provisions: Sequence[TaggedProvision], judged: Sequence[Classification]) -> Evidence:
        plain_provisions, combination = (
            [tagged.provision for tagged in provisions],
            self._artefact.combinations[self._name],
        )
        if self._name == ALONE:
            outputs = run_network(self._network, self._composer, plain_provisions)
            by_words = run_words(self._words, plain_provisions) if self._words and combination.word_weight else None
            return gather(outputs.log_levels, outputs.area_logits, judged, self._artefact.rules, by_words)
        certain = [is_certain(*pair) for pair in zip(provisions, judged, strict=True)]
        return self._evidence(plain_provisions, judged, certain, combination).with_certain(certain)

    def _evidence(
        self,
        provisions: Sequence[Provision],
        judged: Sequence[Classification],
        certain: Sequence[bool],
        combination: Combination,
    ) -> Evidence:
        """The outputs of all witnesses; the network reads only what it decides."""
        is_asked = combination.word_weight or combination.registers
        by_words = run_words(self._words, provisions) if self._words and is_asked else None
        if self._heads is None or combination.registers is None or by_words is None:
            outputs = run_network(self._network, self._composer, provisions, judged)
            return gather(outputs.log_levels, outputs.area_logits, judged, self._artefact.rules, by_words)
        field_areas = area_hints(provisions, judged)
        shares = cue_shares(judged, field_areas, self._artefact.rules.by_area_cue)
        rules = replace(gather(by_words, by_words, judged, self._artefact.rules, by_words), cue_shares=shares)
        read = needs_network(
            provisions, judged, rules.with_certain(certain).log_words, field_areas, combination.registers
        )
        positions = np.flatnonzero(read).tolist()
        outputs = run_network(
            self._network, self._composer, [provisions[row] for row in positions], [judged[row] for row in positions]
        )
        return ask_heads(self._heads, as_rules(outputs, read, rules), rules, field_areas, provisions, judged, read)

    def _classification(
        self, judgement: Judgement, row: int, provision: Provision, rule: Classification
    ) -> Classification:
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
    network: Network,
    composer: Composer,
    provisions: Sequence[Provision],
    judged: Sequence[Classification] | None = None,
) -> NetworkOutput:
    """Log-probabilities of the levels, log-odds of the areas and features, one row per provision, in order.

    Each input is run alone. The small weights are scaled by the largest value of a call, so companions in one call
    would change the result; on one core, a call per input is not slower, because nothing is padded.

    Args:
        network: Takes the arrays of `pad`.
        composer: Makes the inputs.
        provisions: What is judged.
        judged: Their classifications by the rules; without them, the network reads no hints.
    """
    inputs = [
        composer.encode(provision, rule)
        for provision, rule in zip(provisions, judged or repeat(None, len(provisions)), strict=True)
    ]
    answers: dict[bytes, Any] = {}  # cells of tables repeat each other by the thousand
    outputs = []
    for arrays in (pad([encoded], takes_hints=composer.settings.rule_hints) for encoded in inputs):
        key = b"".join(array.tobytes() for array in arrays.values())
        if key not in answers:
            answers[key] = network(arrays)
        outputs.append(answers[key])
    features = [output[2][0] if len(output) > 2 else () for output in outputs]  # noqa: PLR2004 - where the network returns them
    return NetworkOutput(
        np.array([output[0][0] for output in outputs], dtype=np.float64).reshape(len(inputs), len(STRENGTHS)),
        np.array([output[1][0] for output in outputs], dtype=np.float64).reshape(len(inputs), len(THREAT_AREAS)),
        np.array(features, dtype=np.float64).reshape(len(inputs), len(features[0]) if features else 0),
    )

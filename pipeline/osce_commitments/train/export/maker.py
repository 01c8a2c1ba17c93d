"""Make a candidate: train the witnesses, run them on every part of the corpus, and pool them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from osce_commitments.classify.encoder.area_cues import cue_shares
from osce_commitments.classify.encoder.artefact import Combination, RuleWitness
from osce_commitments.classify.encoder.bag_of_ngrams import run_words
from osce_commitments.classify.encoder.heads import (
    Heads,
    NetworkOutput,
    area_hints,
    as_rules,
    ask_heads,
    head_inputs,
    needs_network,
)
from osce_commitments.classify.encoder.inputs import Composer, Encoded, InputSettings
from osce_commitments.classify.encoder.pooling import Evidence, HeadEvidence, Judgement, combine, gather
from osce_commitments.classify.encoder.surroundings import mean_words
from osce_commitments.classify.encoder.transformer import onnx_network, run_network
from osce_commitments.labels import STRENGTHS
from osce_commitments.schema import Classification, Provision
from osce_commitments.scoring.judges import Truth, truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.row_sources import read_rows
from osce_commitments.train.data import Corpus
from osce_commitments.train.decide import fit_combination, headline, uncalibrated
from osce_commitments.train.heads import HeadRows, learn_heads, writers_of
from osce_commitments.train.ngrams import write_words
from osce_commitments.train.settings import TrainConfig, Witnesses
from osce_commitments.train.witnesses import rule_judgements, witness_of

_Figures = dict[str, dict[str, float]]

VALIDATION, TEST = "validation", "test"
_SAMPLES = 256


@dataclass(frozen=True, slots=True)
class Part:
    """Coded rows with their labels by the rules, and the log-probabilities of the levels by the words."""

    rows: tuple[LabelledRow, ...]
    judged: tuple[Classification, ...]
    by_words: NDArray[np.float64]

    @property
    def provisions(self) -> list[Provision]:
        """The rows as provisions."""
        return [row.provision(index) for index, row in enumerate(self.rows)]

    @property
    def truth(self) -> Truth:
        """The labels of people."""
        return truth_of(self.rows)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One precision of the weights, with everything fitted to its outputs; ``size`` counts network and words, in bytes."""

    precision: str
    model: Path
    size: int
    heads: Heads | None
    features: str
    combinations: dict[str, Combination]
    figures: dict[str, dict[str, _Figures]]


@dataclass(frozen=True, slots=True)
class Maker:
    """Everything that the precisions of one network share; ``samples`` are typical inputs, ``words`` is a file.

    ``head_rows`` are those that new heads are learnt from, with the rows of validation; ``kept`` are the heads of an older
    release, which are kept where there are no such rows.
    """

    composer: Composer
    words: Path
    witness: RuleWitness
    parts: dict[str, Part]
    samples: tuple[LabelledRow, ...]
    config: TrainConfig
    head_rows: Part | None = None
    kept: Heads | None = None

    def inputs(self, rows: Sequence[LabelledRow]) -> list[Encoded]:
        """The rows as the network reads them."""
        return [self.composer.encode(row.provision(index)) for index, row in enumerate(rows)]

    def candidate(self, precision: str, model: Path) -> Candidate:
        """Run a network on every part, fit the pooling on validation, measure on all parts."""
        from osce_commitments.train.export.onnx_graph import feature_tensor

        features = feature_tensor(model) if self.head_rows or self.kept else ""
        outputs = {name: self._said(model, features, part) for name, part in self.parts.items()}
        heads, held_out = self._heads(model, features, outputs[VALIDATION])
        evidence = {name: self._evidence(part, *outputs[name], heads) for name, part in self.parts.items()}
        if held_out:
            hybrid = evidence[VALIDATION][Witnesses.HYBRID]
            read = self._read(self.parts[VALIDATION])
            evidence[VALIDATION][Witnesses.HYBRID] = replace(hybrid, heads=held_out.where(read, hybrid.heads))
        truth = self.parts[VALIDATION].truth
        combinations = {
            str(name): fit_combination(
                evidence[VALIDATION][name],
                truth.levels,
                truth.areas,
                self.config.decision,
                pools=name == Witnesses.HYBRID,
            )
            for name in Witnesses
        }
        figures = {name: self._figures(evidence[name], part, combinations) for name, part in self.parts.items()}
        size = model.stat().st_size + self.words.stat().st_size
        return Candidate(precision, model, size, heads, features, combinations, figures)

    def _said(self, model: Path, features: str, part: Part) -> tuple[NetworkOutput, NetworkOutput]:
        """Outputs of the network with hints, and its outputs alone, without them."""
        network = onnx_network(model, self.config.schedule.threads, features)
        hinted = run_network(network, self.composer, part.provisions, part.judged)
        return hinted, run_network(network, self.composer, part.provisions)

    def _evidence(
        self, part: Part, hinted: NetworkOutput, alone: NetworkOutput, heads: Heads | None
    ) -> dict[Witnesses, Evidence]:
        """The outputs of the witnesses."""
        field_areas = area_hints(part.provisions, part.judged)
        evidence = replace(
            self._gathered(part, hinted), cue_shares=cue_shares(part.judged, field_areas, self.witness.by_area_cue)
        )
        if heads:
            read = self._read(part)
            known = as_rules(NetworkOutput(*(array[read] for array in _arrays(hinted))), read, evidence)
            evidence = ask_heads(heads, known, evidence, field_areas, part.provisions, part.judged, read)
        return {Witnesses.TRANSFORMER: self._gathered(part, alone), Witnesses.HYBRID: evidence}

    def _read(self, part: Part) -> NDArray[np.bool_]:
        """The rows of a part that the network reads; with weights that are still to be fitted, all."""
        pools = self.config.decision.pools
        if not pools:
            return np.ones(len(part.rows), dtype=np.bool_)
        field_areas = area_hints(part.provisions, part.judged)
        return needs_network(part.provisions, part.judged, part.by_words, field_areas, pools)

    def _gathered(self, part: Part, outputs: NetworkOutput) -> Evidence:
        return gather(outputs.log_levels, outputs.area_logits, part.judged, self.witness, part.by_words)

    def _heads(
        self, model: Path, features: str, of_validation: tuple[NetworkOutput, NetworkOutput]
    ) -> tuple[Heads | None, HeadEvidence | None]:
        """The heads, and what they say of the rows of validation without having learnt from their writers."""
        if not self.head_rows:
            return self.kept, None
        network = onnx_network(model, self.config.schedule.threads, features)
        further, validation = self.head_rows, self.parts[VALIDATION]
        outputs = run_network(network, self.composer, further.provisions, further.judged)
        both = Part(
            (*further.rows, *validation.rows),
            (*further.judged, *validation.judged),
            np.vstack([further.by_words, validation.by_words]),
        )
        joined = NetworkOutput(
            *(np.vstack(pair) for pair in zip(_arrays(outputs), _arrays(of_validation[0]), strict=True))
        )
        field_areas, evidence = area_hints(both.provisions, both.judged), self._gathered(both, joined)
        truth = both.truth
        rows = HeadRows(
            provisions=both.provisions,
            inputs=head_inputs(joined.features, evidence, field_areas, both.provisions, both.judged),
            hints=field_areas,
            logits=joined.area_logits,
            levels=truth.levels,
            areas=truth.areas,
            writers=writers_of(truth.documents, self.config.heads.writers),
        )
        learnt = learn_heads(rows, self.config.heads)
        start, named = len(further.rows), rows.hints.any(axis=1).astype(bool)
        words = mean_words(both.provisions)
        return learnt.heads, HeadEvidence(learnt.levels, learnt.areas, learnt.implied, named, words).at(
            np.arange(start, len(both.rows))
        )

    def _figures(
        self, evidence: Mapping[Witnesses, Evidence], part: Part, combinations: Mapping[str, Combination]
    ) -> dict[str, _Figures]:
        alone = evidence[Witnesses.TRANSFORMER]
        judged = {
            "rules": _rules_alone(alone, part.judged),
            "uncalibrated": combine(alone, uncalibrated()),
            **{str(name): combine(evidence[name], combinations[name]) for name in Witnesses},
        }
        return {name: headline(judgement, part.truth) for name, judgement in judged.items()}


def make_maker(  # noqa: PLR0913, PLR0917 - what the witnesses are made from
    tokenizer_file: Path,
    inputs: InputSettings,
    corpus: Corpus,
    config: TrainConfig,
    words: Path,
    say: Callable[[str], None],
    heads: Heads | None = None,
) -> Maker:
    """Train the other witnesses and let them judge; ``words`` is the file to write."""
    from tokenizers import Tokenizer

    say("learning from the words")
    write_words(corpus.train, config.decision.word_penalty, words)
    say("judging the rows by rule")

    rows: dict[str, Sequence[LabelledRow]] = {VALIDATION: corpus.validation}
    if config.data.test:
        rows[TEST] = read_rows(config.data.test)
    parts = {name: _part(part_rows, words) for name, part_rows in rows.items()}
    witness = witness_of(corpus.train, rule_judgements(corpus.train), config.decision.rule_smoothing)
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    samples = corpus.train[:: -(-len(corpus.train) // _SAMPLES)]
    head_rows = _part(corpus.heads, words) if corpus.heads else None
    return Maker(Composer(tokenizer, inputs), words, witness, parts, samples, config, head_rows, heads)


def _arrays(outputs: NetworkOutput) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    return outputs.log_levels, outputs.area_logits, outputs.features


def _part(rows: Sequence[LabelledRow], words: Path) -> Part:
    provisions = [row.provision(index) for index, row in enumerate(rows)]
    return Part(tuple(rows), tuple(rule_judgements(rows)), run_words(onnx_network(words), provisions))


def _rules_alone(evidence: Evidence, judged: Sequence[Classification]) -> Judgement:
    return Judgement(
        np.eye(len(STRENGTHS))[evidence.rule_levels],
        evidence.rule_areas,
        evidence.rule_levels,
        evidence.rule_areas.astype(bool),
        np.array([result.needs_review for result in judged], dtype=bool),
    )

"""Turns a training, or a released network, into a classifier that can be released: witnesses, pooling, figures, files."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from osce_commitments._version import __version__
from osce_commitments.classify import releases
from osce_commitments.classify.encoder import artefact as files
from osce_commitments.classify.encoder.artefact import Artefact, Pooling
from osce_commitments.classify.encoder.bag_of_ngrams import run_words
from osce_commitments.classify.encoder.heads import Heads, NetworkOutput, ask_heads, head_inputs, needs_network
from osce_commitments.classify.encoder.inputs import Composer, InputSettings
from osce_commitments.classify.encoder.pooling import Evidence, Judgement, combine, gather
from osce_commitments.classify.encoder.transformer import onnx_network, run_network
from osce_commitments.classify.quality import Quality, QualityFile
from osce_commitments.defaults import TRAINING_FOLDER
from osce_commitments.errors import ConfigError
from osce_commitments.evaluate.files import markdown_page, write_files
from osce_commitments.evaluate.floors import read_figures
from osce_commitments.labels import STRENGTHS
from osce_commitments.schema import Classification, Provision
from osce_commitments.scoring.corrected_rows import read_rows
from osce_commitments.scoring.judges import Truth, truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.train.data import Corpus, read_corpus
from osce_commitments.train.decide import fit_pooling, headline
from osce_commitments.train.fit import RECORD_FILE, read_trained
from osce_commitments.train.heads import learn_heads
from osce_commitments.train.settings import TrainConfig, require_extra
from osce_commitments.train.witnesses import rule_judgements, witness_of, write_words

CANDIDATE = "candidate"
_Figures = dict[str, dict[str, float]]
_Say = Callable[[str], None]
_VALIDATION, _TEST = "validation", "test"
_PRECISION = "int8"
_SAMPLES = 256
_COLUMNS = (
    ("strength", "accuracy"),
    ("strength", "macro_f1"),
    ("strength", "kappa_quadratic"),
    ("strength", "mae"),
    ("strength", "ece"),
    ("areas", "micro_f1"),
    ("areas", "macro_f1"),
    ("areas", "ece_likely"),
)
_GOOD_WHEN_LOW = frozenset({"mae", "ece", "ece_likely"})


def export_candidate(
    config: TrainConfig, work: Path = TRAINING_FOLDER, *, version: str = "", say: _Say = lambda _: None
) -> Path:
    """Turn the training in ``work`` into a classifier that can be released: export, calibrate, measure.

    Name, decision and export may differ from the settings of the training. The result is in the folder ``candidate`` of
    ``work``, which ``releases.add`` keeps and ``load_classifier`` loads. Without a ``version``, it gets the number
    after the highest released one.

    Raises:
        ConfigError: If there is no finished training, or small weights are too large or cost too much.
        InputError: If a part of the corpus cannot be read.
    """
    require_extra()
    from osce_commitments.train.onnx_graph import export_base, export_full, shrink

    if not (work / RECORD_FILE).exists():
        raise ConfigError(f"{work} contains no finished training", "train first: osce-commitments train")
    folder, number = work / CANDIDATE, version or releases.next_version(releases.releases_root(), config.name)
    releases.check_name(config.name, number)
    trained, corpus = read_trained(work), read_corpus(config.data)
    with tempfile.TemporaryDirectory() as name:
        scratch, tokenizer_file = Path(name), trained.folder / files.TOKENIZER_FILE
        maker = _Maker(tokenizer_file, trained.config.inputs, corpus, config, scratch / files.WORDS_FILE, say)
        export_full(trained, scratch / "full.onnx")
        full = maker.candidate(scratch / "full.onnx")
        export_base(trained, scratch / "base.onnx", maker.samples)
        shrink(scratch / "base.onnx", scratch / "small.onnx")
        small = maker.candidate(scratch / "small.onnx")
        cost_points = {part: _losses(full, small, part) for part in small.figures}
        _check_bounds(config, small, cost_points[_VALIDATION], say)
        artefact = Artefact(
            name=config.name,
            version=number,
            package_version=__version__,
            inputs=trained.config.inputs,
            encoder=files.EncoderSource(source=trained.config.encoder.source, sha256=trained.record["encoder_sha256"]),
            rules=maker.witness,
            features=small.features,
            pooling=small.pooling,
            corpus=trained.record["corpus"],
            training=trained.record["config"] | {"decision": config.decision.model_dump(mode="json")},
            precision=_PRECISION,
        )
        figures = {
            "parts": small.figures,
            "full_precision": full.figures,
            "cost_points": cost_points,
            "model_bytes": small.size,
            "rows": trained.record["rows"],
            "training_precision": trained.record["precision"],
            "training_seconds": trained.record["seconds"],
            "history": trained.record["history"],
        }
        _write(folder, artefact, tokenizer_file, maker.words, small, figures)
    return folder


def repool(config: TrainConfig, model: str, folder: Path, *, version: str = "", say: _Say = lambda _: None) -> Path:
    """Write a new classifier with the network of a released one into a folder; words, rules and pooling are fitted again.

    Without rows for heads in the configuration, its heads stay as well. The cost of small weights is taken from the
    training of the network.

    Raises:
        ConfigError: If there is no such release, it is damaged, or the extra is not installed.
        InputError: If a part of the corpus cannot be read.
    """
    require_extra()
    old, corpus = releases.locate(model), read_corpus(config.data)
    released = files.read_artefact(old)
    number = version or releases.next_version(releases.releases_root(), released.name)
    heads = None if config.data.heads else Heads.read(files.release_file(old, files.HEADS_FILE))
    with tempfile.TemporaryDirectory() as scratch:
        tokenizer_file, words = files.release_file(old, files.TOKENIZER_FILE), Path(scratch) / files.WORDS_FILE
        maker = _Maker(tokenizer_file, released.inputs, corpus, config, words, say, heads)
        small = maker.candidate(files.release_file(old, files.MODEL_FILE))
        choices = {name: getattr(config, name).model_dump(mode="json") for name in ("data", "heads", "decision")}
        if heads:  # they have the rows and choices with which they were learnt
            choices["data"]["heads"] = released.training["data"].get("heads")
            choices["heads"] = released.training.get("heads", choices["heads"])
        head_corpus = {part: digest for part, digest in released.corpus.items() if heads and part == "heads"}
        artefact = released.model_copy(
            update={
                "version": number,
                "package_version": __version__,
                "rules": maker.witness,
                "features": small.features,
                "network_of": released.network_of or f"{released.name}@{released.version}",
                "pooling": small.pooling,
                "corpus": head_corpus | corpus.sha256,
                "network_corpus": released.network_corpus or released.corpus,
                "training": released.training | choices,
            }
        )
        before = json.loads((old / files.METRICS_FILE).read_text(encoding="utf-8"))
        # Heads that are kept may have learnt from the rows of validation: figures on these would flatter.
        is_known = heads is not None and released.corpus.get(_VALIDATION) == corpus.sha256.get(_VALIDATION)
        figures = before | {
            "parts": {part: judges for part, judges in small.figures.items() if part != _VALIDATION or not is_known},
            "model_bytes": small.size,
            "rows": {"train": len(corpus.train), "validation": len(corpus.validation)},
            "network_rows": before.get("network_rows", before["rows"]),
        }
        _write(folder, artefact, tokenizer_file, words, small, figures)
    return folder


@dataclass(frozen=True, slots=True)
class _Part:
    """Coded rows with the labels of people and what rules and words say."""

    provisions: list[Provision]
    judged: list[Classification]
    rules: Evidence
    truth: Truth

    def at(self, rows: slice) -> _Part:
        truth = Truth(self.truth.levels[rows], self.truth.areas[rows], self.truth.documents[rows])
        return _Part(self.provisions[rows], self.judged[rows], self.rules.at(rows), truth)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A network with everything fitted to its outputs; ``size`` counts network and words, in bytes."""

    model: Path
    size: int
    heads: Heads
    features: str
    pooling: Pooling
    figures: dict[str, dict[str, _Figures]]


class _Maker:
    """Trains rules and words, lets all witnesses judge every part of the corpus, and pools them.

    Without ``kept`` heads of an older release, heads are learnt from the rows for heads and those of validation.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - the origins of the witnesses
        self,
        tokenizer_file: Path,
        inputs: InputSettings,
        corpus: Corpus,
        config: TrainConfig,
        words: Path,
        say: _Say,
        kept: Heads | None = None,
    ) -> None:
        from tokenizers import Tokenizer

        self.words, self._config, self._kept = words, config, kept
        say("learning from the words")
        write_words(corpus.train, config.decision.word_penalty, words)
        say("judging the rows by rule")
        judged = rule_judgements(corpus.train)
        self.witness = witness_of(corpus.train, judged, config.decision.rule_smoothing)
        self._composer = Composer(Tokenizer.from_file(str(tokenizer_file)), inputs)
        typical = list(enumerate(zip(corpus.train, judged, strict=True)))[:: -(-len(judged) // _SAMPLES)]
        self.samples = [self._composer.encode(row.provision(index), rule) for index, (row, rule) in typical]
        self._learning = self._part((*corpus.heads, *corpus.validation))
        self._validation = slice(len(corpus.heads), None)
        self._test = self._part(read_rows(config.data.test)) if config.data.test else None

    def _part(self, rows: Sequence[LabelledRow]) -> _Part:
        provisions, judged = [row.provision(index) for index, row in enumerate(rows)], rule_judgements(rows)
        by_words = run_words(onnx_network(self.words), provisions)
        return _Part(provisions, judged, gather(provisions, judged, self.witness, by_words), truth_of(rows))

    def candidate(self, model: Path) -> _Candidate:
        """Run a network on every part, fit the pooling on validation, measure on validation and test."""
        from osce_commitments.train.onnx_graph import feature_tensor

        features, settings = feature_tensor(model), self._config
        network = onnx_network(model, settings.schedule.threads, features)
        outputs = run_network(network, self._composer, self._learning.provisions, self._learning.judged)
        heads, held_out = self._kept, None
        if heads is None:
            whole = replace(self._learning.rules, log_levels=outputs.log_levels, area_logits=outputs.area_logits)
            inputs = head_inputs(outputs.features, whole, self._learning.provisions)
            heads, held_out = learn_heads(
                inputs, whole, self._learning.provisions, self._learning.truth, settings.heads
            )
        evidence = self._evidence(self._learning, outputs, heads)
        if held_out:  # of their own rows, heads know too much
            read = self._read(self._learning)[:, None]
            evidence = replace(
                evidence,
                head_levels=np.where(read, held_out.head_levels, evidence.head_levels),
                head_areas=np.where(read, held_out.head_areas, evidence.head_areas),
                implied=np.where(read, held_out.implied, evidence.implied),
            )
        validation, evidence = self._learning.at(self._validation), evidence.at(self._validation)
        pooling = fit_pooling(evidence, validation.truth, settings.decision)
        figures = {_VALIDATION: _figures(validation, evidence, pooling)}
        if self._test:
            outputs = run_network(network, self._composer, self._test.provisions, self._test.judged)
            figures[_TEST] = _figures(self._test, self._evidence(self._test, outputs, heads), pooling)
        size = model.stat().st_size + self.words.stat().st_size
        return _Candidate(model, size, heads, features, pooling, figures)

    def _evidence(self, part: _Part, outputs: NetworkOutput, heads: Heads) -> Evidence:
        read = self._read(part)
        known = NetworkOutput(outputs.log_levels[read], outputs.area_logits[read], outputs.features[read])
        return ask_heads(heads, known, part.rules, part.provisions, read)

    def _read(self, part: _Part) -> Any:  # noqa: ANN401 - a mask
        """The rows of a part that the network reads; with weights that are still to be fitted, all."""
        pools = self._config.decision.pools
        return needs_network(part.rules, pools) if pools else np.ones(len(part.provisions), dtype=np.bool_)


def _figures(part: _Part, evidence: Evidence, pooling: Pooling) -> dict[str, _Figures]:
    rules, areas = part.rules, part.rules.rule_areas
    by_rules = Judgement(np.eye(len(STRENGTHS))[rules.rule_levels], areas, rules.rule_levels, areas > 0, rules.unsure)
    return {"rules": headline(by_rules, part.truth), "pooled": headline(combine(evidence, pooling), part.truth)}


def _losses(full: _Candidate, small: _Candidate, part: str) -> dict[str, float]:
    """Return the points that the small weights lose on every headline figure; negative for a gain.

    Each candidate has its own fit, as it would be released.
    """
    losses = {}
    for group in ("strength", "areas"):
        before, after = (candidate.figures[part]["pooled"][group] for candidate in (full, small))
        for name, value in before.items():
            change = after[name] - value if name in _GOOD_WHEN_LOW else value - after[name]
            losses[f"{group}.{name}"] = round(100 * change, 2)
    return losses


def _check_bounds(config: TrainConfig, small: _Candidate, losses: Mapping[str, float], say: _Say) -> None:
    bounds, cost, size = config.export, max(losses.values()), small.size / 1e6
    verdict = f"{_PRECISION}: {size:.1f} MB, costs at most {cost:.2f} points"
    say(verdict)
    if size > bounds.max_megabytes or cost > bounds.max_loss_points:
        msg = (
            f"small weights are not within {bounds.max_megabytes:g} MB and {bounds.max_loss_points:g} points: {verdict}"
        )
        raise ConfigError(msg, "train longer or with another seed, or widen export.max_loss_points")


def _write(  # noqa: PLR0913, PLR0917 - the files of a release
    folder: Path, artefact: Artefact, tokenizer: Path, words: Path, small: _Candidate, figures: Mapping[str, Any]
) -> None:
    """Write a classifier with its card into a folder in one step; an older one is replaced."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name, file in {files.TOKENIZER_FILE: tokenizer, files.WORDS_FILE: words, files.MODEL_FILE: small.model}.items():
        shutil.copy(file, partial / name)
    np.savez_compressed(partial / files.HEADS_FILE, allow_pickle=False, **small.heads.as_arrays())
    texts = {
        files.ARTEFACT_FILE: artefact.model_dump_json(indent=1) + "\n",
        files.METRICS_FILE: json.dumps(figures, indent=1) + "\n",
        files.CARD_FILE: write_card(artefact, figures),
    }
    for name, text in texts.items():
        (partial / name).write_text(text, encoding="utf-8")
    files.write_sums(partial, [path.name for path in partial.iterdir()])
    shutil.rmtree(folder, ignore_errors=True)
    partial.replace(folder)


def write_card(artefact: Artefact, figures: Mapping[str, Any], kinds: Sequence[Quality] = ()) -> str:
    """Return the card as Markdown: purpose, quality in plain words, weaknesses, origin, figures."""
    is_chosen = bool(artefact.training["decision"].get("pools"))
    return markdown_page("card", artefact=artefact, figures=figures, kinds=kinds, columns=_COLUMNS, is_chosen=is_chosen)


def add_figures(folder: Path, measured: Mapping[str, Path]) -> tuple[Quality, ...]:
    """Write the figures of an unreleased candidate into its ``quality.json``, its ``metrics.json`` and its card.

    ``measured`` has the ``metrics.json`` of each kind of documents, real ones first.

    Raises:
        ConfigError: If the folder is damaged, or the figures are of another classifier.
        InputError: If figures cannot be read.
    """
    artefact = files.read_artefact(folder)
    own = files.sums_sha256(folder)
    stored: dict[str, Any] = json.loads((folder / files.METRICS_FILE).read_text(encoding="utf-8"))
    figures = {kind: read_figures(file) for kind, file in measured.items()}
    for kind, values in figures.items():
        if values.get("model_sha256") != own:
            msg = f"the figures on {kind} are of {values['model_id']} with other files than {folder}"
            raise ConfigError(msg, f"measure it: osce-commitments evaluate --model {folder}")
    kinds = tuple(
        Quality(
            kind=kind,
            provisions=values["data"]["rows"],
            documents=values["data"]["documents"],
            sentences=tuple(values.get("in_words", ())),
        )
        for kind, values in figures.items()
    )
    stored["measured"] = {kind: _kept(values) for kind, values in figures.items()}
    texts = {
        files.METRICS_FILE: json.dumps(stored, indent=1) + "\n",
        files.QUALITY_FILE: QualityFile(kinds=kinds).model_dump_json(indent=1) + "\n",
        files.CARD_FILE: write_card(artefact, stored, kinds),
    }
    write_files(folder, texts)
    listed = files.listed_sums(folder).keys()
    files.write_sums(folder, sorted(listed | {files.QUALITY_FILE}))
    return kinds


def _kept(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures without classes, groups and other judges."""
    strength = {name: value for name, value in figures["strength"].items() if name not in {"classes", "confusion"}}
    areas = {name: value for name, value in figures["areas"].items() if name != "classes"}
    data = {name: value for name, value in figures["data"].items() if name != "path"}
    return {"data": data, "strength": strength, "areas": areas, "review": figures.get("review", {})}

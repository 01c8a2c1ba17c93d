"""Turns a training, or a released network, into a classifier that can be released: trust in rules, pooling, figures, files."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from osce_commitments._version import __version__
from osce_commitments.classify import releases
from osce_commitments.classify.encoder import artefact as files
from osce_commitments.classify.encoder.artefact import Artefact, Pooling, RuleWitness
from osce_commitments.classify.encoder.inputs import Composer, InputSettings
from osce_commitments.classify.encoder.pooling import Judgement, combine, softmax
from osce_commitments.classify.encoder.transformer import onnx_network, run_network
from osce_commitments.classify.quality import Quality, QualityFile, quality_of
from osce_commitments.defaults import TRAINING_FOLDER
from osce_commitments.errors import ConfigError, InputError
from osce_commitments.evaluate.files import markdown_page, write_files
from osce_commitments.evaluate.floors import read_figures
from osce_commitments.files import read_regular
from osce_commitments.labels import STRENGTHS
from osce_commitments.scoring.corrected_rows import read_rows
from osce_commitments.scoring.judges import truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.train.data import Corpus, read_corpus
from osce_commitments.train.decide import Part, fit, headline, judge_held_out
from osce_commitments.train.encoders import BASE_KEY, CONFIG_FILE, RELEASE_KEY
from osce_commitments.train.fit import ENCODER_FOLDER, RECORD_FILE, read_trained
from osce_commitments.train.settings import TrainConfig, require_extra
from osce_commitments.train.witnesses import rule_judgements

CANDIDATE = "candidate"
_Figures = dict[str, dict[str, float]]
_Say = Callable[[str], None]
_REAL, _VALIDATION, _TEST = "tune", "validation", "test"
_PRECISION = "int8"
_SAMPLES = 256  # typical inputs that show the outliers of each layer
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
# Wanted of a release on real documents that nobody has read. A goal and no floor: a release may miss it, but its card says so.
_GOAL = {"strength": {"accuracy": 0.955, "macro_f1": 0.935, "kappa_quadratic": 0.93}, "areas": {"micro_f1": 0.94}}


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
    shape = json.loads((work / ENCODER_FOLDER / CONFIG_FILE).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as name:
        scratch, tokenizer_file = Path(name), trained.folder / files.TOKENIZER_FILE
        maker = _Maker(tokenizer_file, trained.config.inputs, corpus, config, say)
        export_full(trained, scratch / "full.onnx")
        full = maker.candidate(scratch / "full.onnx")
        export_base(trained, scratch / "base.onnx", maker.samples)
        shrink(scratch / "base.onnx", scratch / "small.onnx")
        small = maker.candidate(scratch / "small.onnx")
        cost_points = {part: _losses(full, small, part) for part in small.figures}
        bounds, cost, size = config.export, max(cost_points[_VALIDATION].values()), small.size / 1e6
        verdict = f"{_PRECISION}: {size:.1f} MB, costs at most {cost:.2f} points"
        say(verdict)
        if size > bounds.max_megabytes or cost > bounds.max_loss_points:
            limits = f"{bounds.max_megabytes:g} MB and {bounds.max_loss_points:g} points"
            msg = f"small weights are not within {limits}: {verdict}"
            raise ConfigError(msg, "train longer or with another seed, or widen export.max_loss_points")
        artefact = Artefact(
            name=config.name,
            version=number,
            package_version=__version__,
            inputs=trained.config.inputs,
            encoder=files.EncoderSource(
                source=trained.config.encoder.source,
                sha256=trained.record["encoder_sha256"],
                base=shape.get(BASE_KEY, trained.config.encoder.source),
                attention_heads=shape.get("num_attention_heads", 1),
            ),
            rules=small.witness,
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
            "rows": _sizes(corpus),
            "encoder_release": shape.get(RELEASE_KEY, ""),
            "training_precision": trained.record["precision"],
            "training_seconds": trained.record["seconds"],
            "history": trained.record["history"],
        }
        _write(folder, artefact, tokenizer_file, small.model, figures)
    return folder


def repool(config: TrainConfig, model: str, folder: Path, *, version: str = "", say: _Say = lambda _: None) -> Path:
    """Write a new classifier with the network of a released one into a folder; trust in rules and pooling are fitted again.

    The cost of small weights is taken from the training of the network.

    Raises:
        ConfigError: If there is no such release, it is damaged, or the extra is not installed.
        InputError: If a part of the corpus cannot be read.
    """
    require_extra()
    old, corpus = releases.locate(model), read_corpus(config.data)
    released = files.read_artefact(old)
    number = version or releases.next_version(releases.releases_root(), released.name)
    tokenizer_file = files.release_file(old, files.TOKENIZER_FILE)
    maker = _Maker(tokenizer_file, released.inputs, corpus, config, say)
    small = maker.candidate(files.release_file(old, files.MODEL_FILE))
    choices = {name: getattr(config, name).model_dump(mode="json") for name in ("data", "decision")}
    artefact = released.model_copy(
        update={
            "version": number,
            "package_version": __version__,
            "rules": small.witness,
            "network_of": released.network_of or f"{released.name}@{released.version}",
            "pooling": small.pooling,
            "corpus": corpus.sha256,
            "network_corpus": released.network_corpus or released.corpus,
            "training": released.training | choices,
        }
    )
    before = json.loads((old / files.METRICS_FILE).read_text(encoding="utf-8"))
    figures = before | {
        "parts": small.figures,
        "model_bytes": small.size,
        "rows": _sizes(corpus),
        "network_rows": before.get("network_rows", before["rows"]),
    }
    _write(folder, artefact, tokenizer_file, small.model, figures)
    return folder


def _sizes(corpus: Corpus) -> dict[str, int]:
    return {"train": len(corpus.learnt), "open": len(corpus.open), "validation": len(corpus.validation)}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A network with everything fitted to its outputs; ``size`` is that of the network, in bytes."""

    model: Path
    size: int
    witness: RuleWitness
    pooling: Pooling
    figures: dict[str, dict[str, _Figures]]


class _Maker:
    """Lets rules and network judge every part of the corpus, and pools them."""

    def __init__(
        self, tokenizer_file: Path, inputs: InputSettings, corpus: Corpus, config: TrainConfig, say: _Say
    ) -> None:
        from tokenizers import Tokenizer

        self._config, self._corpus = config, corpus
        say("judging the rows by rule")
        self._learnt = (rule_judgements(corpus.learnt), truth_of(corpus.learnt).levels)
        self._open = rule_judgements(corpus.open)
        self._composer = Composer(Tokenizer.from_file(str(tokenizer_file)), inputs)
        typical = list(enumerate(corpus.learnt))[:: -(-len(corpus.learnt) // _SAMPLES)]
        self.samples = [self._composer.encode(row.provision(index)) for index, row in typical]

    def candidate(self, model: Path) -> _Candidate:
        """Run a network on every part, fit the pooling on the open rows, measure there held out, and on the test part."""
        network, settings = onnx_network(model, self._config.schedule.threads), self._config.decision

        def asked(rows: Sequence[LabelledRow], judged: Sequence[Any]) -> Part:
            provisions = [row.provision(index) for index, row in enumerate(rows)]
            return Part(judged, *run_network(network, self._composer, provisions), truth_of(rows))

        part = asked(self._corpus.open, self._open)
        witness, pooling = fit(part, self._learnt, settings)
        held_out = judge_held_out(part, self._learnt, settings)
        border = len(part.judged) - len(self._corpus.validation)
        parts = {_REAL: np.arange(border), _VALIDATION: np.arange(border, len(part.judged))}
        figures = {
            name: _figures(part.at(rows), witness, held_out.at(rows)) for name, rows in parts.items() if len(rows)
        }
        if self._config.data.test:
            rows = read_rows(self._config.data.test)
            test = asked(rows, rule_judgements(rows))
            figures[_TEST] = _figures(test, witness, combine(test.evidence(witness), pooling))
        return _Candidate(model, model.stat().st_size, witness, pooling, figures)


def _figures(part: Part, witness: RuleWitness, pooled: Judgement) -> dict[str, _Figures]:
    """The figures of each witness alone and of both."""
    evidence = part.evidence(witness)
    nobody = np.zeros(len(part.judged), dtype=np.bool_)
    flags, chances = evidence.rule_areas, 1.0 / (1.0 + np.exp(-evidence.area_logits))
    by_rules = Judgement(np.eye(len(STRENGTHS))[evidence.rule_levels], flags, evidence.rule_levels, flags > 0, nobody)
    levels = softmax(evidence.log_levels)
    by_network = Judgement(levels, chances, levels.argmax(axis=1), evidence.area_logits >= 0, nobody)
    judges = {"rules": by_rules, "network": by_network, "pooled": pooled}
    return {name: headline(judged, part.truth) for name, judged in judges.items()}


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


def _write(folder: Path, artefact: Artefact, tokenizer: Path, model: Path, figures: Mapping[str, Any]) -> None:
    """Write a classifier with its card into a folder in one step; an older one is replaced."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for name, file in {files.TOKENIZER_FILE: tokenizer, files.MODEL_FILE: model}.items():
        shutil.copy(file, partial / name)
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
    return markdown_page("card", artefact=artefact, figures=figures, kinds=kinds, columns=_COLUMNS, goal=_GOAL)


def add_figures(folder: Path, measured: Mapping[str, Path], openings: Path | None = None) -> tuple[Quality, ...]:
    """Write the figures of a classifier into its ``quality.json``, its ``metrics.json`` and its card.

    Labels depend on none of these files, so a released classifier may be described again, for example after the sealed
    part was opened for it.

    Args:
        folder: The classifier.
        measured: The ``metrics.json`` of each kind of documents, real ones first; "kind: what was chosen on it" says both.
            Without any, the kinds stay as they are.
        openings: The log of ``corpora.real.sealed``. Without it, the figures of the sealed part stay as they are.

    Raises:
        ConfigError: If the folder is damaged, or the figures are of another classifier.
        InputError: If figures or the log cannot be read.
    """
    artefact, own = files.read_artefact(folder), files.sums_sha256(folder)
    stored: dict[str, Any] = json.loads((folder / files.METRICS_FILE).read_text(encoding="utf-8"))
    quality, kinds = QualityFile(kinds=quality_of(str(folder))), {}
    for named, file in measured.items():
        kind, _, chosen = (part.strip() for part in named.partition(":"))
        kinds[kind] = values = read_figures(file)
        if values.get("model_sha256") != own:
            msg = f"the figures on {kind} are of {values['model_id']} with other files than {folder}"
            raise ConfigError(msg, f"measure it: osce-commitments evaluate --model {folder}")
        kinds[kind]["chosen"] = chosen
    if measured:
        quality = QualityFile(
            kinds=tuple(
                Quality(
                    kind=kind,
                    provisions=values["data"]["rows"],
                    documents=values["data"]["documents"],
                    sentences=tuple(values.get("in_words", ())),
                )
                for kind, values in kinds.items()
            )
        )
        stored["measured"] = {kind: _kept(values) for kind, values in kinds.items()}
    if openings:
        stored["sealed"] = sealed_figures(openings, own)
    texts = {
        files.METRICS_FILE: json.dumps(stored, indent=1) + "\n",
        files.QUALITY_FILE: quality.model_dump_json(indent=1) + "\n",
        files.CARD_FILE: write_card(artefact, stored, quality.kinds),
    }
    write_files(folder, texts)
    files.write_sums(folder, sorted(files.listed_sums(folder).keys() | {files.QUALITY_FILE}))
    return quality.kinds


def _kept(figures: Mapping[str, Any]) -> dict[str, Any]:
    """The figures without classes, groups and other judges."""
    strength = {name: value for name, value in figures["strength"].items() if name not in {"classes", "confusion"}}
    areas = {name: value for name, value in figures["areas"].items() if name != "classes"}
    data = {name: value for name, value in figures["data"].items() if name != "path"}
    chosen = {"chosen": figures["chosen"]} if figures["chosen"] else {}
    return {"data": data, "strength": strength, "areas": areas, "review": figures.get("review", {})} | chosen


def sealed_figures(openings: Path, model_sha256: str) -> dict[str, Any]:
    """The last opening of the sealed part for a classifier, how often it was opened for it, and the one before for another.

    Empty if it was never opened for it.
    """
    try:
        lines = [json.loads(line) for line in read_regular(openings).splitlines()]
    except (OSError, ValueError) as error:
        raise InputError(f"{openings} cannot be read: {error}", "give the log of corpora.real.sealed") from error
    own = [number for number, line in enumerate(lines) if line["model_sha256"] == model_sha256]
    if not own:
        return {}
    before = lines[own[0] - 1] if own[0] else None
    return {"opening": lines[own[-1]], "times": len(own), "before": before}

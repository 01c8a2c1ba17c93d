"""The card of a released classifier, written from its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from osce_commitments.classify.encoder.artefact import Artefact, Registers
    from osce_commitments.classify.quality import Quality

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


def write_card(artefact: Artefact, figures: Mapping[str, Any], kinds: Sequence[Quality] = ()) -> str:
    """Return the card as Markdown: purpose, quality in plain words, weaknesses, origin, figures.

    Args:
        artefact: The released classifier.
        figures: Content of ``metrics.json``.
        kinds: Its quality in plain words, by the kind of documents.
    """
    parts = (_description(artefact), _in_words(kinds), _limits(), _training(artefact, figures), _measured(figures))
    return "\n".join([*(line for part in parts for line in part), *_figures(artefact, figures)])


def _in_words(kinds: Sequence[Quality]) -> Iterator[str]:
    if not kinds:
        return
    yield from ("## How good it is", "")
    for one in kinds:
        yield from (f"**{one.heading}**", "", *(f"- {sentence}" for sentence in one.sentences), "")


def _measured(figures: Mapping[str, Any]) -> Iterator[str]:
    """Describe the served pooling on every measured kind of documents."""
    measured: Mapping[str, Any] = figures.get("measured", {})
    if not measured:
        return
    heads = [f"{group} {name}" for group, name in _COLUMNS] + ["named areas micro_f1", "for review"]
    yield from (
        "## On documents of other kinds",
        "",
        f"| documents | {' | '.join(heads)} |",
        f"|---|{'---|' * len(heads)}",
    )
    for kind, one in measured.items():
        cells = [f"{one[group][name]:.3f}" for group, name in _COLUMNS]
        cells += [f"{one['areas']['named']['micro_f1']:.3f}", f"{one['review'].get('share', 0):.0%}"]
        yield f"| {kind} ({one['data']['rows']:,} provisions, {one['data']['documents']} documents) | {' | '.join(cells)} |"
    yield ""


def _description(artefact: Artefact) -> Iterator[str]:
    yield from (
        f"# {artefact.name}@{artefact.version}",
        "",
        "Judges provisions of OSCE documents in English: obligation strength on an ordinal scale of six levels, and any",
        "of twelve transnational threat areas, each with a calibrated probability. It runs with `onnxruntime` and",
        f"`tokenizers` alone: `osce-commitments classify --model {artefact.name}@{artefact.version} TEXT`.",
        "",
        "It is meant for finding and compiling commitments when a person checks what is quoted. It is not meant for legal",
        "judgements, nor for decisions that nobody reviews.",
        "",
        f"It answers by default with the pooling `{artefact.default}`: " + _pooling(artefact),
        *_review(artefact.combinations[artefact.default].registers),
        "",
    )


def _review(registers: Registers | None) -> Iterator[str]:
    yield "`needs_review` asks for a person's look where the best level is not probable enough (more is asked where a"
    yield "witness names another level) or an area's probability is close to its threshold."
    if registers and registers.formal_review:
        share = registers.formal_review.area_cue
        yield from (
            "In formal documents, where the network reads little, it also asks where the rules doubt their level, and where the",
            f"rule that named an area was right in fewer than {share:.0%} of its training rows.",
        )


def _pooling(artefact: Artefact) -> str:
    if artefact.default != "hybrid":
        return "the fine-tuned encoder alone; the rules only mark doubts and explain labels that they share."
    third = ", the composition rules and, for strength, a model of runs of words are three witnesses"
    named = third if artefact.has_words else " and the composition rules are two witnesses"
    both = f"the fine-tuned encoder{named}, {_weights(artefact)}"
    hints = " The encoder's heads also read what the rules find and weigh it."
    return f"{both}{hints}" if artefact.inputs.rule_hints else both


def _weights(artefact: Artefact) -> str:
    decision = artefact.training["decision"]
    if artefact.combinations[artefact.default].registers:
        origin = "chosen (see the choices of its pooling)" if decision.get("pools") else "fitted on validation"
        return (
            "with heads on the encoder's features as another witness. Named and implied areas are two decisions; implied ones "
            f"read the document too. Weights depend on how a document is written and were {origin}."
        )
    chosen = decision.get("areas")
    areas = (
        f" Those of areas were chosen instead: {chosen['network']:g} for the encoder, {chosen['rules']:g} for the rules, "
        f"{chosen['offset']:+g} in every case."
        if chosen
        else ""
    )
    return f"pooled with weights fitted on validation.{areas}"


def _training(artefact: Artefact, figures: Mapping[str, Any]) -> Iterator[str]:
    schedule, network = artefact.training["schedule"], artefact.training["network"]
    context = ", ".join(artefact.inputs.context) or "no context"
    size = figures["model_bytes"] / 1e6
    rows = figures.get("network_rows", figures["rows"])
    yield from (
        "## What it was made of",
        "",
        f"- Encoder: `{artefact.encoder.source}`, SHA-256 of its weights `{artefact.encoder.sha256 or 'random weights'}`.",
        f"- Input: a pair of context ({context}) and text, at most {artefact.inputs.max_length} tokens.",
        f"- Heads: strength with the loss `{network['loss']}`, areas with binary cross-entropy; pooling `{network['pooling']}`.",
        (
            f"- Training: {rows['train']} provisions, at most {schedule['epochs']} passes in {figures['training_precision']},"
            f" seed {schedule['seed']}; {rows['validation']} further provisions stopped it, calibrated it and set the thresholds."
        ),
        *(f"- `{part}`: SHA-256 `{digest}`" for part, digest in (artefact.network_corpus or artefact.corpus).items()),
        *_repooling(artefact, figures),
        f"- Weights: {artefact.precision}, {size:.1f} MB. Package {artefact.package_version}, rules {artefact.rules.version}.",
        "",
    )


def _repooling(artefact: Artefact, figures: Mapping[str, Any]) -> Iterator[str]:
    """Describe what words, rules and pooling were fitted on, if the network is older."""
    if not artefact.network_of:
        return
    rows, data = figures["rows"], artefact.training["data"]
    yield (
        f"- The weights of the network are those of `{artefact.network_of}`; words, rules and pooling were fitted again, on"
        f" {rows['train']} and {rows['validation']} provisions:"
    )
    for part, digest in artefact.corpus.items():
        yield f"  - {part}: `{data.get(part) or part}`, SHA-256 `{digest}`"


def _figures(artefact: Artefact, figures: Mapping[str, Any]) -> Iterator[str]:
    yield from ("## What it gives", "")
    for part, judges in figures["parts"].items():
        yield from (f"### On the {part} part", "")
        yield f"| judge | {' | '.join(f'{group} {name}' for group, name in _COLUMNS)} | for review |"
        yield f"|---|{'---|' * (len(_COLUMNS) + 1)}"
        for judge, values in judges.items():
            cells = [f"{values[group][name]:.3f}" for group, name in _COLUMNS]
            mark = "**" if judge == artefact.default else ""
            yield f"| {mark}{judge}{mark} | {' | '.join(cells)} | {values['review']['share']:.0%} |"
        # A repooled network has no weights in full precision: its cost was measured for its own release.
        worst = max(figures["cost_points"][part].values())
        owner = f" `{artefact.network_of}`" if artefact.network_of else ""
        yield from (
            "",
            f"Small weights cost{owner} at most {worst:.2f} points against full precision on any of these figures.",
            "",
        )


def _limits() -> Iterator[str]:
    yield from (
        "## Where it fails",
        "",
        "- It learnt from authored provisions: words and constructions that they lack are judged by likeness only.",
        "- For strength it sees one provision with its context, not its neighbours: a sentence that continues the one before it is labelled less well.",
        "- Languages other than English are not supported; interpretative statements are recognised by their role only.",
        "- Probabilities are calibrated on authored text; on text of another kind they may be too sure.",
        "",
    )

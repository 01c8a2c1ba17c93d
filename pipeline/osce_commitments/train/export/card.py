"""The card of a released classifier, written from its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from osce_commitments.classify.encoder.artefact import Artefact
from osce_commitments.classify.quality import Quality
from osce_commitments.evaluate.files import markdown_page

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
    """Return the card as Markdown: purpose, quality in plain words, weaknesses, origin, figures."""
    return markdown_page(
        "card", artefact=artefact, figures=figures, kinds=kinds, columns=_COLUMNS, pooling=_pooling(artefact)
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

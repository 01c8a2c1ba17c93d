"""A label depends on the provision and its own document, never on what else is classified in the same call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from osce_commitments.classify import load_classifier
from osce_commitments.classify.encoder import transformer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pytest

    from osce_commitments.schema import Classification, TaggedProvision

_TEXTS = (
    "States will share what they learn about lost and stolen passports.",
    "Requests the Secretary General to report by June.",
    (
        "Encourages the field operations to help the police of the host country against gangs that sell heroin, "
        "against smugglers who cross the green border at night, and against those who wash the money."
    ),
    "Notes the report.",
    "We call on all of us to clear mines.",
)


def of_document(tagged: TaggedProvision, name: int, index: int = 0) -> TaggedProvision:
    return replace(tagged, provision=replace(tagged.provision, document=f"document {name}", index=index))


def _probabilities(labels: Sequence[Classification]) -> list[tuple[float, ...]]:
    return [(*one.strength_probabilities, *one.area_probabilities) for one in labels]


def test_alone_in_pairs_and_together_a_provision_gets_the_same_labels(make: Callable[..., TaggedProvision]) -> None:
    classifier = load_classifier("default")
    asked = [of_document(make(text), name) for name, text in enumerate(_TEXTS)]
    together = classifier.classify(asked)
    alone = [label for one in asked for label in classifier.classify([one])]
    turned = list(reversed(classifier.classify(list(reversed(asked)))))
    assert _probabilities(alone) == _probabilities(together)
    assert _probabilities(turned) == _probabilities(together)
    assert [(one.strength, one.threat_areas, one.needs_review) for one in alone] == [
        (one.strength, one.threat_areas, one.needs_review) for one in together
    ]


def test_a_repeated_provision_is_read_by_the_network_once(
    make: Callable[..., TaggedProvision], monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier = load_classifier("default")
    assert isinstance(classifier, transformer.TransformerClassifier)
    network, inputs = classifier._network, []
    monkeypatch.setattr(classifier, "_network", lambda arrays: inputs.append(arrays) or network(arrays))
    asked = [of_document(make(_TEXTS[4]), 1, index) for index in range(40)]
    labels = classifier.classify(asked)
    assert len(inputs) == 1
    assert len({tuple(label.strength_probabilities) for label in labels}) == 1


def test_a_document_gets_the_same_labels_whatever_other_documents_are_in_the_call(
    make: Callable[..., TaggedProvision],
) -> None:
    classifier = load_classifier("default")
    own = [of_document(make(text), 1, index) for index, text in enumerate(_TEXTS)]
    long = (
        "Decides that the Secretariat shall present a report on the destruction of landmines to the Permanent Council "
    )
    others = [of_document(make(long * 2), 2, index) for index in range(4)]
    alone = classifier.classify(own)
    among = classifier.classify([*others[:2], *own[:3], *others[2:], *own[3:]])
    found = [*among[2:5], *among[7:]]
    assert _probabilities(found) == _probabilities(alone)
    assert [(one.strength, one.threat_areas, one.needs_review) for one in found] == [
        (one.strength, one.threat_areas, one.needs_review) for one in alone
    ]

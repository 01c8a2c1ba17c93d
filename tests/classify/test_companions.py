"""A label never depends on what is classified beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from osce_commitments.classify import load_classifier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

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


def _probabilities(labels: Sequence[Classification]) -> NDArray[np.float64]:
    return np.array([(*one.strength_probabilities, *one.area_probabilities) for one in labels])


def test_alone_in_pairs_and_together_a_provision_gets_the_same_labels(make: Callable[..., TaggedProvision]) -> None:
    classifier = load_classifier("default")
    asked = [make(text) for text in _TEXTS]
    together = classifier.classify(asked)
    alone = [label for one in asked for label in classifier.classify([one])]
    turned = list(reversed(classifier.classify(list(reversed(asked)))))
    assert _probabilities(alone) == pytest.approx(_probabilities(together), abs=1e-4)
    assert _probabilities(turned) == pytest.approx(_probabilities(together), abs=1e-4)
    assert [(one.strength, one.threat_areas, one.needs_review) for one in alone] == [
        (one.strength, one.threat_areas, one.needs_review) for one in together
    ]

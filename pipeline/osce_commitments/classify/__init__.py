"""Classify provisions by obligation strength and threat area."""

from __future__ import annotations

from osce_commitments.classify.base import Classifier
from osce_commitments.registry import Registry

__all__ = ["CLASSIFIERS", "Classifier", "load_classifier"]

CLASSIFIERS = Registry("classifier")
CLASSIFIERS.add("rules", "osce_commitments.classify.rules:RuleClassifier")


def load_classifier(name: str) -> Classifier:
    """The classifier registered under ``name``, ready for use.

    Raises:
        ConfigError: If the name is unknown (the known ones are listed) or its extra is missing.
    """
    classifier: Classifier = CLASSIFIERS[name]()
    return classifier

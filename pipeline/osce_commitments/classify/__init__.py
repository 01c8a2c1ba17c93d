"""Classify provisions by obligation strength and threat area."""

from __future__ import annotations

from osce_commitments.classify.base import Classifier
from osce_commitments.defaults import SERVED_CLASSIFIER
from osce_commitments.registry import Registry

__all__ = ["CLASSIFIERS", "DEFAULT", "RULES", "Classifier", "load_classifier"]

RULES, DEFAULT = "rules", "default"
CLASSIFIERS = Registry("classifier")
CLASSIFIERS.add(RULES, "osce_commitments.classify.rules.rule_classifier:RuleClassifier")


def load_classifier(name: str, *, threads: int = 1) -> Classifier:
    """Return the classifier called ``name``, ready for use.

    Args:
        name: ``rules``; a released one as ``NAME`` (its promoted version), ``NAME@VERSION`` or the path of its
            folder, each with ``:transformer`` or ``:hybrid`` to override its default; or ``default``: the promoted
            release of this project, or the rules if none is promoted.
        threads: Threads of one inference.

    Raises:
        ConfigError: If no classifier has that name (the known ones are listed) or its files are damaged.
    """
    from osce_commitments.classify.releases import is_served, locate

    if name == DEFAULT:
        name = SERVED_CLASSIFIER if is_served(SERVED_CLASSIFIER) else RULES
    if name in CLASSIFIERS:
        classifier: Classifier = CLASSIFIERS[name]()
        return classifier
    from osce_commitments.classify.encoder.transformer import TransformerClassifier

    found = locate(name)
    return TransformerClassifier.load(found.folder, found.combination, threads=threads)

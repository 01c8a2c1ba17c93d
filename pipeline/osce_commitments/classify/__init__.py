"""Classify provisions by obligation strength and threat area."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Protocol

from osce_commitments.defaults import SERVED_CLASSIFIER
from osce_commitments.errors import ConfigError
from osce_commitments.schema import Classification, TaggedProvision

__all__ = ["DEFAULT", "RULES", "Classifier", "classifier_id", "load_classifier"]

RULES, DEFAULT = "rules", "default"


class Classifier(Protocol):
    """Labels provisions; the same input always gives the same labels."""

    @property
    def id(self) -> str:
        """Name and version, stored with every label."""

    def classify(self, provisions: Sequence[TaggedProvision]) -> list[Classification]:
        """Return one classification per provision, in order."""


def load_classifier(name: str, *, threads: int = 1) -> Classifier:
    """Return the classifier called ``name``, ready for use.

    Args:
        name: ``rules``; a released one as ``NAME`` (its promoted version), ``NAME@VERSION`` or the path of its
            folder; or ``default``: the promoted release of this project.
        threads: Threads of one inference.

    Raises:
        ConfigError: If no classifier has that name (the known ones are listed) or its files are damaged.
    """
    if name == RULES:
        from osce_commitments.classify.rules.rule_classifier import RuleClassifier

        return RuleClassifier()
    from osce_commitments.classify.encoder.transformer import TransformerClassifier
    from osce_commitments.classify.releases import locate

    return TransformerClassifier.load(locate(_served(name)), threads=threads)


def classifier_id(name: str) -> str:
    """The id of the classifier called ``name``, without loading it.

    Raises:
        ConfigError: If nothing has that name, or its description is damaged.
    """
    if name == RULES:
        return load_classifier(name).id
    from osce_commitments.classify.encoder.artefact import read_id
    from osce_commitments.classify.releases import locate

    return read_id(locate(_served(name)))


def _served(name: str) -> str:
    from osce_commitments.classify.releases import ENVIRONMENT, INDEX_FILE, Releases, read_index, releases_root

    if name != DEFAULT:
        return name
    root = releases_root()
    if os.environ.get(ENVIRONMENT) and not root.is_dir():
        msg = f"{ENVIRONMENT} is {root}, which is not a folder"
        raise ConfigError(msg, "set it to the folder with index.json, or unset it")
    if not read_index(root).models.get(SERVED_CLASSIFIER, Releases()).promoted:
        msg = f"no classifier is released in {root / INDEX_FILE}"
        raise ConfigError(msg, f"restore the file, or choose the rules alone: --model {RULES}")
    return SERVED_CLASSIFIER

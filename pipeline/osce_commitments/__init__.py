"""Find, classify and compare the commitments in OSCE decisions and declarations."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language

    from osce_commitments.dataset.versions import VersionSpec
    from osce_commitments.query.reader import Reader
    from osce_commitments.query.search.vectors import Embedder

from osce_commitments._version import __version__

__all__ = ["__version__", "load", "nlp", "open"]


def open(  # noqa: A001 - osce_commitments.open reads as what it does
    path: str | os.PathLike[str],
    version: VersionSpec = None,
    *,
    embedder: Embedder | None = None,
    labels: str = "corrected",
) -> Reader:
    """Open one version of a dataset to search in it.

    Args:
        path: Folder of the dataset.
        version: None or "latest" for the newest at this moment, a number, a day (2026-03-01: the last of that day).
        embedder: See :class:`osce_commitments.query.Reader`.
        labels: ``corrected``, or ``model`` for the labels of the program alone.

    Raises:
        DatasetError: If there is no such dataset or version.
        ConfigError: If ``labels`` is another word.
    """
    from osce_commitments.query.reader import Reader

    return Reader(path, version, embedder, labels)


def nlp(config: Path | None = None, **changes: Any) -> Language:  # noqa: ANN401 - what spacy.load takes
    """The spaCy pipeline with which ``run`` and ``classify`` tag; ``spacy.load("osce_commitments")`` gives the same.

    Args:
        config: A spaCy configuration of one's own, such as a changed copy of ``resources/tagger.cfg``.
        changes: ``vocab``, ``disable``, ``enable``, ``exclude`` as in ``spacy.load``.

    Raises:
        ConfigError: If the configuration cannot be used.
    """
    from osce_commitments.tag.components import load_pipeline

    return load_pipeline(config, **changes)


def load(config: Mapping[str, Any], **changes: Any) -> Language:  # noqa: ANN401 - what spacy.load passes
    """The pipeline for ``spacy.load("osce_commitments")``."""
    return nlp(overrides=config, **changes)

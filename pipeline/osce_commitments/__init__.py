"""Find, classify and compare the commitments in OSCE decisions and declarations."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from osce_commitments.dataset.versions import VersionSpec
    from osce_commitments.query.reader import Reader
    from osce_commitments.query.search.embed import Embedder

from osce_commitments._version import __version__

__all__ = ["__version__", "open"]


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

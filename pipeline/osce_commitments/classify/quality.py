"""Quality of a released classifier in plain words: one source for page, reports and card."""

from __future__ import annotations

import contextlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from osce_commitments.classify.encoder.artefact import QUALITY_FILE
from osce_commitments.classify.releases import locate
from osce_commitments.errors import ConfigError
from osce_commitments.files import read_regular


class Quality(BaseModel):
    """Quality on one kind of documents.

    Attributes:
        kind: What the documents are: "real documents", "authored documents by writers that it has not met", …
        provisions, documents: How many were measured; people had labelled them.
        sentences: Of a hundred labels about how many are wrong, where, and what the review mark catches.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    provisions: int
    documents: int
    sentences: tuple[str, ...]

    @property
    def heading(self) -> str:
        """The kind with the size of the measurement: "Real documents (860 provisions of 36 documents)"."""
        return (
            f"{self.kind[:1].upper()}{self.kind[1:]} ({self.provisions:,} provisions of {self.documents:,} documents)"
        )


class QualityFile(BaseModel):
    """The content of ``quality.json``: the kinds of documents, real ones first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: tuple[Quality, ...] = ()


def quality_of(model: str, root: Path | None = None) -> tuple[Quality, ...]:
    """Measurements of a classifier before its release; empty for the rules and for releases without them.

    Args:
        model: Id that labels bear ("tnt@6"), a name, or a folder.
        root: Folder of the releases; the usual one if left out.
    """
    with contextlib.suppress(ConfigError, OSError, ValidationError):
        text = read_regular(locate(model, root) / QUALITY_FILE)
        return QualityFile.model_validate_json(text).kinds
    return ()

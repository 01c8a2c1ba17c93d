"""What a run says about a source that it cannot use."""

from __future__ import annotations

import logging
import traceback
from pathlib import PurePath

from osce_commitments.errors import InputError
from osce_commitments.schema import DEFECT_REASON, Reject, Source, SourceRef

_LOG = logging.getLogger(__name__)


def refusal(source: Source, stage: str, error: InputError) -> Reject:
    """The reject for a source that a stage refuses."""
    return Reject(source.ref.uri, source.sha256, stage, error.reason, error.message, error.remedy)


def defect(ref: SourceRef, sha256: str, stage: str, error: Exception) -> Reject:
    """The reject for a bug in this package; the traceback goes to the log."""
    _LOG.debug("defect while reading %s", ref.uri, exc_info=error)
    text = " ".join(str(error).split())[:200]
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "osce_commitments" in frame.filename]
    where = f"{PurePath(ours[-1].filename).name}:{ours[-1].lineno}"
    return Reject(
        source=ref.uri,
        source_sha256=sha256,
        stage=stage,
        reason=DEFECT_REASON,
        message=f"{type(error).__name__} in our code ({where}): {text}",
        remedy="report it with the file; the other inputs were processed",
    )

"""Import ONNX Runtime so that it reports nothing to anyone."""

from __future__ import annotations

import os
from typing import Any


def import_onnxruntime() -> Any:  # noqa: ANN401 - an untyped library
    """The library; from release 1.32 on it sends usage data to its maker unless this is set before its import."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    return onnxruntime

"""Nothing of what a user reads or asks leaves the machine unasked."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import osce_commitments
from osce_commitments.silent_onnx import import_onnxruntime

if TYPE_CHECKING:
    import pytest

PACKAGE = Path(osce_commitments.__file__).parent


def test_onnx_runtime_sends_no_usage_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    import_onnxruntime()
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


def test_only_one_module_imports_it() -> None:
    direct = re.compile(r"^\s*import onnxruntime", re.MULTILINE)
    found = [path.name for path in PACKAGE.rglob("*.py") if direct.search(path.read_text(encoding="utf-8"))]
    assert found == ["silent_onnx.py"]

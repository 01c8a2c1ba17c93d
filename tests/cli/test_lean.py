"""A run does not pay for libraries that only happen to be installed."""

from __future__ import annotations

import subprocess
import sys


def test_arrow_comes_without_pandas_and_pandas_can_still_be_imported() -> None:
    code = (
        "import sys; from osce_commitments.cli.lean import import_arrow_alone; import_arrow_alone(); import pyarrow as pa; "
        "pa.table({'a': [[1]]}).to_pylist(); assert 'pandas' not in sys.modules; "
        "import importlib.util; assert not any('lean' in type(one).__module__ for one in sys.meta_path)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

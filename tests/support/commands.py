"""Run command lines one after another in this process: ``python -m tests.support.commands``, each a JSON list on standard input."""

from __future__ import annotations

import contextlib
import io
import json
import sys

from osce_commitments.cli import main


def run_all() -> None:
    """Print the exit code and the output of each, as JSON, before the next one starts."""
    for line in sys.stdin:
        sys.argv = ["osce-commitments", *json.loads(line)]
        output, code = io.StringIO(), 0
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0
        print(json.dumps([sys.argv[1:], code, " ".join(output.getvalue().split())]), flush=True)  # noqa: T201


if __name__ == "__main__":
    run_all()

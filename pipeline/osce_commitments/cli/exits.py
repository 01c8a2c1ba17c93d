"""Exit codes and the one line that goes with a failure."""

from __future__ import annotations

import sys

from osce_commitments.errors import OsceCommitmentsError

DONE = 0
REJECTED = 1
USAGE = 2
DEFECT = 3


def complain(error: Exception, code: int) -> int:
    """Print an error as one line on stderr and hand back the exit code."""
    line = str(error) if isinstance(error, OsceCommitmentsError) else f"{type(error).__name__}: {error}"
    if code == DEFECT:
        line += ". This is a defect of the program; set OSCE_COMMITMENTS_DEBUG=1 to see where"
    print(f"error: {' '.join(line.split())}", file=sys.stderr)  # noqa: T201 - the one place that prints errors
    return code

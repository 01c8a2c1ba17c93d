"""Exit codes and the one line that goes with a failure."""

from __future__ import annotations

import sys

from osce_commitments.errors import OsceCommitmentsError

DONE_EXIT = 0
REJECTED_EXIT = 1
USAGE_EXIT = 2
DEFECT_EXIT = 3


def complain(error: Exception, code: int) -> int:
    """Print an error as one line on stderr and hand back the exit code."""
    line = str(error) if isinstance(error, OsceCommitmentsError) else f"{type(error).__name__}: {error}"
    if code == DEFECT_EXIT:
        line += ". This is a defect of the program; set OSCE_COMMITMENTS_DEBUG=1 to see where"
    print(f"error: {' '.join(line.split())}", file=sys.stderr)  # noqa: T201 - the one place that prints errors
    return code

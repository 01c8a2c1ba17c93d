"""``python -m osce_commitments``, and the program ``osce-commitments``."""

from __future__ import annotations

import sys


def run_program() -> None:
    """Run the command line; a Ctrl-C while its modules are imported ends it without a traceback."""
    try:
        from osce_commitments.cli import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)  # as shells report SIGINT


if __name__ == "__main__":
    run_program()

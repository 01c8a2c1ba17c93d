"""``python -m osce_commitments``."""

from osce_commitments.cli import main

if __name__ == "__main__":
    main()

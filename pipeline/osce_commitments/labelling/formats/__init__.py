"""Files for people to fill in, and the same files read back: one module for each program."""

from __future__ import annotations

from osce_commitments.labelling.formats.registry import LabelFormat, format_of, read_file, write_file

__all__ = ["LabelFormat", "format_of", "read_file", "write_file"]

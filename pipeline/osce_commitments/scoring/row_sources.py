"""Labelled rows from where they are: a file of the corpus, or a dataset with corrected labels."""

from __future__ import annotations

from pathlib import Path

from osce_commitments.scoring.corrected_rows import corrected_rows
from osce_commitments.scoring.labelled_rows import LabelledRow, rows_of_file


def read_rows(path: Path) -> list[LabelledRow]:
    """Read labelled rows: a JSONL file, or the folder of a dataset in which people corrected labels.

    Raises:
        InputError: If the file cannot be read, is empty, or a value is missing or wrong; or if nobody has
            corrected a label in the dataset.
        DatasetError: If a folder is no dataset.
    """
    return corrected_rows(path) if path.is_dir() else rows_of_file(path)

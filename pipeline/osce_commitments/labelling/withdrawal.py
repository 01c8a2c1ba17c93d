"""Take an answer back."""

from __future__ import annotations

from osce_commitments.corrections import LabelAnswer, Subject
from osce_commitments.dataset import Dataset
from osce_commitments.errors import DatasetError
from osce_commitments.labels import CorrectionKind


def withdrawal(dataset: Dataset, key: str, by: str, origin: str = "take-back") -> LabelAnswer:
    """The row that takes back what a person said about the provision with a key, whether or not it is still there.

    Raises:
        DatasetError: If nobody has answered about it.
    """
    rows = [row for row in dataset.read("corrections").to_pylist() if row["key"] == key]
    if not rows:
        msg = f"nobody has answered about {key}"
        raise DatasetError(msg, "osce-commitments labels status lists what people checked")
    return LabelAnswer(Subject.of_correction(rows[-1]), by, CorrectionKind.WITHDRAWAL, origin=origin)

"""Take an answer back."""

from __future__ import annotations

from osce_commitments.corrections import LabelAnswer, Subject
from osce_commitments.dataset import Dataset
from osce_commitments.errors import DatasetError
from osce_commitments.labels import CorrectionKind, ObligationStrength, Role, ThreatArea


def withdrawal(dataset: Dataset, key: str, by: str, origin: str = "take-back") -> LabelAnswer:
    """The row that takes back what a person said about the provision with a key, whether or not it is still there.

    Raises:
        DatasetError: If nobody has answered about it.
    """
    rows = [row for row in dataset.read("corrections").to_pylist() if row["key"] == key]
    if not rows:
        msg = f"nobody has answered about {key}"
        raise DatasetError(msg, "osce-commitments labels status lists what people checked")
    row = rows[-1]
    subject = Subject(
        provision=row["provision"],
        key=key,
        symbol=row["symbol"],
        title=row["title"],
        heading=tuple(row["heading"]),
        lead_in=row["lead_in"],
        text=row["text"],
        model_id=row["model_id"],
        model_strength=ObligationStrength(row["model_strength"]),
        model_areas=tuple(map(ThreatArea, row["model_areas"])),
        model_role=Role(row["model_role"]),
        model_addressee=tuple(row["model_addressee"]),
    )
    return LabelAnswer(subject, by, CorrectionKind.WITHDRAWAL, origin=origin)

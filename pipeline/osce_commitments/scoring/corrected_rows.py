"""The answers of people in a dataset, as labelled rows: what a training or a measurement reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from osce_commitments.corrections import Standing, standing_answers
from osce_commitments.dataset import Dataset
from osce_commitments.errors import InputError
from osce_commitments.files import read_regular_bytes
from osce_commitments.ids import content_sha256
from osce_commitments.labels import LabelKind, ObligationStrength, Role, ThreatArea
from osce_commitments.scoring.labelled_rows import LabelledRow, rows_of_file

_NEEDED = (LabelKind.STRENGTH, LabelKind.THREAT_AREAS)


def read_rows(path: Path) -> list[LabelledRow]:
    """Read labelled rows: a JSONL file, or the folder of a dataset in which people corrected labels.

    Raises:
        InputError: If the file cannot be read, is empty, or a value is missing or wrong; or if nobody has
            corrected a label in the dataset.
        DatasetError: If a folder is no dataset.
    """
    return corrected_rows(path) if path.is_dir() else rows_of_file(path)


def corrected_rows(folder: Path) -> list[LabelledRow]:
    """Provisions whose strength and areas people have checked, in the order of their first answer.

    Those on which persons differ and nobody has decided are left out, and so are those with wrong boundaries.

    Raises:
        DatasetError: If there is no dataset.
        InputError: If nobody has checked any provision.
    """
    rows = [_labelled(standing) for standing in _usable(folder)]
    if not rows:
        msg = f"{folder}: nobody has checked strength and areas of any provision"
        raise InputError(msg, "correct labels first: osce-commitments labels export --out FILE.xlsx", reason="empty")
    return rows


def rows_sha256(path: Path) -> str:
    """SHA-256 of a file of labelled rows, or of the answers in a dataset that count."""
    if not path.is_dir():
        return content_sha256(read_regular_bytes(path))
    values = [[standing.key, standing.row["title"], standing.values] for standing in _usable(path)]
    return content_sha256(json.dumps(sorted(values, key=lambda value: str(value[0])), ensure_ascii=False).encode())


def _usable(folder: Path) -> Iterator[Standing]:
    dataset = Dataset(folder)
    dataset.info()
    for standing in standing_answers(dataset.read("corrections").to_pylist()).values():
        is_settled = not set(_NEEDED) & set(standing.disputed) and standing.boundary is None
        if is_settled and all(kind.value in standing.values for kind in _NEEDED):
            yield standing


def _labelled(standing: Standing) -> LabelledRow:
    row, values = standing.row, standing.values
    return LabelledRow(
        id=standing.key,
        document=row["symbol"] or row["title"] or row["provision"],
        title=row["title"],
        role=Role(values.get(LabelKind.ROLE.value) or row["model_role"]),
        heading=tuple(row["heading"]),
        lead_in=row["lead_in"],
        number="",
        text=row["text"],
        strength=ObligationStrength(values[LabelKind.STRENGTH.value]),
        threat_areas=frozenset(map(ThreatArea, values[LabelKind.THREAT_AREAS.value])),
    )


def corpus_lines(folder: Path) -> Iterator[Mapping[str, object]]:
    """The same provisions in the form of the corpus, each with who answered, when, why and what the classifier said.

    Raises:
        DatasetError: If there is no dataset.
        InputError: If nobody has checked any provision.
    """
    labelled = {row.id: row for row in corrected_rows(folder)}
    for standing in _usable(folder):
        row, answer_row = labelled[standing.key], standing.row
        strengths = [answer["strength"] for name, answer in standing.answers.items() if name and answer.get("strength")]
        yield {
            "id": row.id,
            "document": row.document,
            "title": row.title,
            "role": row.role.value,
            "heading": " / ".join(row.heading),
            "lead_in": row.lead_in,
            "number": row.number,
            "text": row.text,
            "strength": row.strength.value,
            "threat_areas": [area.value for area in ThreatArea if area in row.threat_areas],
            "strength_a": (strengths or [row.strength.value])[0],
            "strength_b": (strengths or [row.strength.value])[-1],
            "provenance": {
                "made_by": list(standing.people),
                "made_at": answer_row["made_at"].isoformat(timespec="seconds"),
                "rule": answer_row["rule"],
                "reason": answer_row["reason"],
                "provision": answer_row["provision"],
                "model_id": answer_row["model_id"],
                "model_strength": answer_row["model_strength"],
                "model_areas": list(answer_row["model_areas"]),
            },
        }

"""Labelled rows as items of a file, for persons who look at them again."""

from __future__ import annotations

from collections.abc import Iterable

from osce_commitments.corrections import identity_of
from osce_commitments.labelling.items import LabelItem
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.scoring.labelled_rows import LabelledRow


def doubted_items(rows: Iterable[tuple[LabelledRow, str]]) -> list[LabelItem]:
    """Rows of a corpus with the reason of the doubt; their labels take the place of the program's."""
    return [_item(row, doubt) for row, doubt in rows]


def _item(row: LabelledRow, doubt: str) -> LabelItem:
    areas = [area.value for area in THREAT_AREAS if area in row.threat_areas]
    values = {
        "id": row.id,
        "key": identity_of("", row.title, row.lead_in, row.text).key,
        "symbol": "",
        "title": row.title,
        "heading": list(row.heading),
        "lead_in": row.lead_in,
        "text": row.text,
        "reading": f"{row.lead_in} {row.text}".strip(),
        "page": None,
        "role": row.role.value,
        "strength": row.strength.value,
        "strength_probabilities": {one.value: float(one == row.strength) for one in STRENGTHS},
        "strength_cue": None,
        "threat_areas": areas,
        "area_probabilities": {one.value: float(one.value in areas) for one in THREAT_AREAS},
        "area_basis": ["as coded"] * len(areas),
        "area_cues": [],
        "addressee": [],
        "model_id": "corpus",
    }
    document = {"id": row.document, "symbol": "", "title": row.title, "source": row.document}
    return LabelItem(values, document, "", "", answers=doubt)

"""Prodigy: one task a line for the interface ``choice``, and its annotations read back.

Source: Prodigy documentation, "Annotation interfaces: choice" and "Annotation task formats".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from osce_commitments.errors import InputError
from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.formats.json_files import parsed_json
from osce_commitments.labelling.formats.table import shown_row
from osce_commitments.labelling.items import LabelItem
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.query.condition_values import NO_AREA

_STRENGTH, _AREA = "strength:", "area:"
_OPTIONS = [
    *({"id": f"{_STRENGTH}{one}", "text": f"{one}: {one.definition}"} for one in STRENGTHS),
    *({"id": f"{_AREA}{one}", "text": f"{one}: {one.definition}"} for one in THREAT_AREAS),
    {"id": f"{_AREA}{NO_AREA}", "text": "no threat area"},
]


def prodigy_tasks(items: Sequence[LabelItem]) -> Iterator[dict[str, Any]]:
    """Tasks; the labels of the program are chosen already."""
    for item in items:
        row = shown_row(item)
        areas = item.row["threat_areas"] or [NO_AREA]
        reading = f"{row['lead_in']} {row['text']}".strip()
        yield {
            "text": reading,
            "options": _OPTIONS,
            "accept": [f"{_STRENGTH}{item.row['strength']}", *(f"{_AREA}{area}" for area in areas)],
            "config": {"choice_style": "multiple", "choice_auto_accept": False},
            "meta": {
                "document": row["document"],
                "title": row["title"],
                "heading": row["heading"],
                "model": row["model"],
            },
            "osce": {name: row[name] for name in ("provision", "key", "text", "reasons", "before", "after")},
        }


def write_prodigy(items: Sequence[LabelItem], out: Path) -> list[Path]:
    """Write JSON lines."""
    with out.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(json.dumps(task, ensure_ascii=False) + "\n" for task in prodigy_tasks(items))
    return [out]


def read_prodigy(path: Path) -> list[Given]:
    """Read what ``prodigy db-out`` printed; rejected and ignored tasks count as empty rows.

    Raises:
        InputError: If a line is no JSON object.
    """
    prodigy = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        task = parsed_json(str(path), line, number)
        if not isinstance(task, dict):
            msg = f"{path}, line {number}: not a JSON object"
            raise InputError(msg, "write it again with prodigy db-out", reason="json")
        prodigy.append(_given(number, task))
    return prodigy


def _given(number: int, task: Mapping[str, Any]) -> Given:
    ours = task.get("osce") or {}
    # Nobody has seen a task without "answer": its accepted labels are those of the program.
    chosen = list(map(str, task.get("accept") or [])) if task.get("answer") == "accept" else []
    cells = {
        "strength": "; ".join(one.removeprefix(_STRENGTH) for one in chosen if one.startswith(_STRENGTH)),
        "more_areas": "; ".join(one.removeprefix(_AREA) for one in chosen if one.startswith(_AREA)),
    }
    unknown = [one for one in chosen if not one.startswith((_STRENGTH, _AREA))]
    if unknown:
        cells["strength"] = "; ".join([cells["strength"], *unknown]).strip("; ")
    person = str(task.get("_annotator_id") or task.get("_session_id") or "")
    where = f"line {number}"
    return Given(
        where, str(ours.get("provision", "")), str(ours.get("key", "")), cells, person, str(ours.get("text", ""))
    )

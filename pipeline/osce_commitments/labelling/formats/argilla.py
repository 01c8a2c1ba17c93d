"""Argilla 2: a folder that ``rg.Dataset.from_disk`` reads, and records with responses read back.

Source: Argilla documentation, "Import and export datasets", and the models of its Python SDK 2.8.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.formats.json_files import load_json, records_of, write_json
from osce_commitments.labelling.formats.table import shown_row
from osce_commitments.labelling.guide import guide_lines, guide_rules
from osce_commitments.labelling.items import LabelItem
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Boundary, ObligationStrength
from osce_commitments.query.condition_values import NO_AREA

RECORDS_FILE = "records.json"
_SETTINGS, _DATASET = Path(".argilla") / "settings.json", Path(".argilla") / "dataset.json"
_FIELDS = ("title", "heading", "lead_in", "text", "before", "after", "reasons")
_METADATA = ("provision", "key", "document", "model")
_AREAS = {**{area.value: area.definition for area in THREAT_AREAS}, NO_AREA: "the act is about no threat"}


def settings() -> dict[str, Any]:
    """The fields, questions and guidelines of the data set."""
    fields = [
        {"name": name, "title": name, "required": name == "text", "settings": {"type": "text", "use_markdown": False}}
        for name in _FIELDS
    ]
    metadata = [
        {"name": name, "title": name, "settings": {"type": "terms", "values": None}, "visible_for_annotators": True}
        for name in _METADATA
    ]
    questions = [
        _question("strength", {one.value: one.definition for one in STRENGTHS}, "label_selection"),
        _question("areas", _AREAS, "multi_label_selection"),
        _question("boundary", {one.value: one.definition for one in Boundary}, "label_selection", required=False),
        _question("rule", guide_rules(), "label_selection", required=False),
        {"name": "reason", "title": "reason", "required": False, "settings": {"type": "text", "use_markdown": False}},
    ]
    return {
        "guidelines": "\n".join(f"- {kind} **{choice}**: {meaning}" for kind, choice, meaning in guide_lines()),
        "allow_extra_metadata": True,
        "distribution": {"strategy": "overlap", "min_submitted": 1},
        "fields": fields,
        "questions": questions,
        "metadata": metadata,
        "vectors": [],
    }


def _question(name: str, meanings: Mapping[str, str], kind: str, *, required: bool = True) -> dict[str, Any]:
    options = [{"value": value, "text": value, "description": meaning} for value, meaning in meanings.items()]
    chosen: dict[str, Any] = {"type": kind, "options": options, "visible_options": len(options)}
    if kind == "multi_label_selection":
        chosen["options_order"] = "natural"
    return {"name": name, "title": name, "required": required, "settings": chosen}


def records(items: Sequence[LabelItem]) -> Iterator[dict[str, Any]]:
    """Records with the labels of the program as suggestions."""
    for item in items:
        row = {name: str(value) for name, value in shown_row(item).items()}
        areas, odds = item.row["threat_areas"], dict(zip(map(str, THREAT_AREAS), item.areas, strict=True))
        level = item.levels[ObligationStrength(item.row["strength"]).level]
        scores = [round(odds[area], 4) for area in areas] or [round(1 - max(item.areas), 4)]
        agent = item.row["model_id"]
        yield {
            "id": item.id,
            "fields": {name: row[name] for name in _FIELDS},
            "metadata": {name: row[name] for name in _METADATA},
            "suggestions": {
                "strength": {"value": item.row["strength"], "score": round(level, 4), "agent": agent},
                "areas": {"value": list(areas) or [NO_AREA], "score": scores, "agent": agent},
            },
            "responses": {},
            "vectors": {},
            "status": "pending",
        }


def write_argilla(items: Sequence[LabelItem], out: Path) -> list[Path]:
    """Write the settings, the description and the records of a data set into a folder."""
    (out / _SETTINGS).parent.mkdir(exist_ok=True)
    described = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, "osce-commitments")),
        "name": "osce-commitments",
        "status": "draft",
        "guidelines": None,
        "allow_extra_metadata": True,
    }
    return [
        write_json(out / _SETTINGS, settings()),
        write_json(out / _DATASET, described),
        write_json(out / RECORDS_FILE, list(records(items))),
    ]


def read_argilla(path: Path) -> list[Given]:
    """Read records that ``to_disk`` or ``records.to_json`` wrote, one row per person.

    Raises:
        InputError: If it is no such file.
    """
    path = path / RECORDS_FILE if path.is_dir() else path
    return [
        answer for number, one in enumerate(records_of(path, load_json(path)), 1) for answer in _answers(number, one)
    ]


def _answers(number: int, record: Mapping[str, Any]) -> Iterator[Given]:
    metadata = record.get("metadata") or {}
    provision = str(metadata.get("provision") or record.get("id") or "")
    by_person: dict[str, dict[str, str]] = {}
    for question, answers in (record.get("responses") or {}).items():
        for answer in answers or []:
            value = answer.get("value")
            joined = "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")
            column = "more_areas" if question == "areas" else question
            by_person.setdefault(str(answer.get("user_id") or ""), {})[column] = joined
    text = str((record.get("fields") or {}).get("text", ""))
    for person, cells in (by_person or {"": {}}).items():
        yield Given(f"record {number}", provision, str(metadata.get("key", "")), cells, person, text)

"""Label Studio: the configuration of a project, tasks with predictions, and its JSON export read back.

Source: Label Studio documentation, "Format of JSON that Label Studio uses" and "Import pre-annotated data"; tried with 1.23.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from osce_commitments.errors import InputError
from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.formats.json_files import load_json, records_of, write_json
from osce_commitments.labelling.formats.table import shown_row
from osce_commitments.labelling.guide import guide_rules
from osce_commitments.labelling.items import LabelItem
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Boundary, ObligationStrength
from osce_commitments.query.condition_values import NO_AREA

CONFIG_FILE, TASKS_FILE = "config.xml", "tasks.json"
_TO = "text"
_AREA_KEYS = "qwertyuiopasd"


def config() -> str:
    """The labelling configuration: what is shown, and the choices with their keys."""
    level_keys = dict(zip(STRENGTHS, "123456", strict=True))
    areas: dict[str, str] = {area.value: area.definition for area in THREAT_AREAS}
    areas[NO_AREA] = "the act is about no threat"
    area_keys = dict(zip(areas, _AREA_KEYS, strict=True))
    lines = [
        "<View>",
        '  <Header value="$document" size="4"/>',
        '  <Text name="title" value="$title"/>',
        '  <Text name="heading" value="$heading"/>',
        '  <Header value="Lead-in" size="6"/>',
        '  <Text name="lead_in" value="$lead_in"/>',
        '  <Header value="Provision" size="5"/>',
        f'  <Text name="{_TO}" value="$text"/>',
        *_choices("strength", {one: one.definition for one in STRENGTHS}, level_keys, "single"),
        *_choices("areas", areas, area_keys, "multiple"),
        *_choices("boundary", {one: one.definition for one in Boundary}, {}, "single", required=False),
        *_choices("rule", guide_rules(), {}, "single", required=False),
        f'  <TextArea name="reason" toName="{_TO}" placeholder="Reason" rows="2" maxSubmissions="1" required="false"/>',
        '  <Header value="Before" size="6"/>',
        '  <Text name="before" value="$before"/>',
        '  <Header value="After" size="6"/>',
        '  <Text name="after" value="$after"/>',
        '  <Header value="What the program says" size="6"/>',
        '  <Text name="model_strength" value="$model_strength"/>',
        '  <Text name="model_areas" value="$model_areas"/>',
        '  <Text name="reasons" value="$reasons"/>',
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def _choices(
    name: str, meanings: Mapping[Any, str], keys: Mapping[Any, str], choice: str, *, required: bool = True
) -> Iterator[str]:
    wanted = "true" if required else "false"
    layout = "select" if name == "rule" else "inline"
    yield f'  <Header value="{name.capitalize()}" size="5"/>'
    yield f'  <Choices name="{name}" toName="{_TO}" choice="{choice}" required="{wanted}" layout="{layout}" showInline="true">'
    for value, meaning in meanings.items():
        key = f' hotkey="{keys[value]}"' if value in keys else ""
        yield f"    <Choice value={quoteattr(str(value))} hint={quoteattr(meaning)}{key}/>"
    yield "  </Choices>"


def studio_tasks(items: Sequence[LabelItem]) -> list[dict[str, Any]]:
    """Tasks with one prediction each: the labels of the program, its name and its certainty."""
    return [
        {"data": {name: str(value) for name, value in shown_row(item).items()}, "predictions": [_prediction(item)]}
        for item in items
    ]


def _prediction(item: LabelItem) -> dict[str, Any]:
    row = item.row
    areas = list(row["threat_areas"]) or [NO_AREA]
    level = item.levels[ObligationStrength(row["strength"]).level]
    sure = [
        p if area in row["threat_areas"] else 1 - p for area, p in zip(map(str, THREAT_AREAS), item.areas, strict=True)
    ]
    return {
        "model_version": row["model_id"],
        "score": round(min(level, *sure), 4),
        "result": [_choice("strength", [row["strength"]]), _choice("areas", areas)],
    }


def _choice(name: str, choices: Sequence[str]) -> dict[str, Any]:
    return {"from_name": name, "to_name": _TO, "type": "choices", "value": {"choices": list(choices)}}


def write_studio(items: Sequence[LabelItem], out: Path) -> list[Path]:
    """Write the configuration of a project and its tasks into a folder."""
    (out / CONFIG_FILE).write_text(config(), encoding="utf-8")
    return [out / CONFIG_FILE, write_json(out / TASKS_FILE, studio_tasks(items))]


def read_studio(path: Path) -> list[Given]:
    """Read an export of Label Studio in the format JSON; a cancelled or unanswered task counts as an empty row.

    Raises:
        InputError: If it is no such export.
    """
    path = path / TASKS_FILE if path.is_dir() else path
    tasks = records_of(path, load_json(path))
    if not all(isinstance(task.get("data"), Mapping) for task in tasks):
        msg = f"{path} is not an export of Label Studio in the format JSON"
        raise InputError(msg, "choose JSON, not JSON-MIN, when you export", reason="json")
    return [answer for number, task in enumerate(tasks, 1) for answer in _answers(number, task)]


def _answers(number: int, task: Mapping[str, Any]) -> Iterator[Given]:
    data = task["data"]
    where, provision, key = f"task {task.get('id', number)}", str(data.get("provision", "")), str(data.get("key", ""))
    text = str(data.get("text", ""))
    for made in task.get("annotations") or [{}]:
        cells = {} if made.get("was_cancelled") else _cells(made.get("result") or [])
        yield Given(where, provision, key, cells, _person(made.get("completed_by")), text)


def _cells(result: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for one in result:
        name, value = str(one.get("from_name", "")), one.get("value") or {}
        values = value.get("choices") or value.get("text") or []
        joined = "; ".join(map(str, values if isinstance(values, list) else [values]))
        column = "more_areas" if name == "areas" else name
        if joined:
            cells[column] = joined
    return cells


def _person(by: object) -> str:
    if isinstance(by, Mapping):
        return str(by.get("email") or by.get("username") or by.get("id") or "")
    return f"Label Studio user {by}" if by else ""

"""Label Studio, Argilla and Prodigy: their files written for people to label, and read back.

Sources: Label Studio documentation, "Format of JSON that Label Studio uses" and "Import pre-annotated data", tried with 1.23;
Argilla 2 documentation, "Import and export datasets", and the models of its Python SDK 2.8; Prodigy documentation,
"Annotation interfaces: choice" and "Annotation task formats".
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from osce_commitments.errors import InputError
from osce_commitments.files import read_regular
from osce_commitments.labelling.cells import Given, guide_lines, guide_rules
from osce_commitments.labelling.formats.table import shown_row
from osce_commitments.labelling.items import LabelItem
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Boundary, ObligationStrength
from osce_commitments.query.conditions import NO_AREA

CONFIG_FILE, TASKS_FILE, RECORDS_FILE = "config.xml", "tasks.json", "records.json"
_SETTINGS, _DATASET = Path(".argilla") / "settings.json", Path(".argilla") / "dataset.json"
_STRENGTHS = {strength.value: strength.definition for strength in STRENGTHS}
_AREAS = {**{area.value: area.definition for area in THREAT_AREAS}, NO_AREA: "the act is about no threat"}
_BOUNDARIES = {boundary.value: boundary.definition for boundary in Boundary}
_EXPORT_AGAIN = "export it again from the program in which it was labelled"


def _parsed(where: str, text: str, line: int = 1) -> Any:  # noqa: ANN401 - of any shape
    """The value of a JSON text that begins at a line of a file."""
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        row, column, problem = (
            (error.lineno, error.colno, error.msg) if isinstance(error, json.JSONDecodeError) else (1, 1, "too deep")
        )
        msg = f"{where}, line {line - 1 + row}, column {column}: not JSON ({problem})"
        raise InputError(msg, _EXPORT_AGAIN, reason="json") from error


def _records_of(path: Path) -> list[dict[str, Any]]:
    content = _parsed(str(path), read_regular(path, "utf-8-sig"))
    if isinstance(content, list) and all(isinstance(record, dict) for record in content):
        return content
    raise InputError(f"{path} holds no list of records", _EXPORT_AGAIN, reason="json")


def _write_json(path: Path, content: Any) -> Path:  # noqa: ANN401 - of any shape
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _joined(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _texts(item: LabelItem) -> dict[str, str]:
    return {name: str(value) for name, value in shown_row(item).items()}


def _level_of(item: LabelItem) -> float:
    """The probability of the strength that the program gives."""
    return item.levels[ObligationStrength(item.row["strength"]).level]


# --- Label Studio


def config() -> str:
    """The labelling configuration: what is shown, and the choices with their keys."""
    level_keys = dict(zip(_STRENGTHS, "123456", strict=True))
    area_keys = dict(zip(_AREAS, "qwertyuiopasd", strict=True))
    lines = [
        "<View>",
        '  <Header value="$document" size="4"/>',
        *map(_shown, ("title", "heading")),
        '  <Header value="Lead-in" size="6"/>',
        _shown("lead_in"),
        '  <Header value="Provision" size="5"/>',
        _shown("text"),
        *_choices("strength", _STRENGTHS, level_keys, "single"),
        *_choices("areas", _AREAS, area_keys, "multiple"),
        *_choices("boundary", _BOUNDARIES, {}, "single", required=False),
        *_choices("rule", guide_rules(), {}, "single", required=False),
        '  <TextArea name="reason" toName="text" placeholder="Reason" rows="2" maxSubmissions="1" required="false"/>',
        '  <Header value="Before" size="6"/>',
        _shown("before"),
        '  <Header value="After" size="6"/>',
        _shown("after"),
        '  <Header value="What the program says" size="6"/>',
        *map(_shown, ("model_strength", "model_areas", "reasons")),
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def _shown(name: str) -> str:
    return f'  <Text name="{name}" value="${name}"/>'


def _choices(
    name: str, meanings: Mapping[str, str], keys: Mapping[str, str], choice: str, *, required: bool = True
) -> Iterator[str]:
    layout = "select" if name == "rule" else "inline"
    attributes = f'choice="{choice}" required="{str(required).lower()}" layout="{layout}" showInline="true"'
    yield f'  <Header value="{name.capitalize()}" size="5"/>'
    yield f'  <Choices name="{name}" toName="text" {attributes}>'
    for value, meaning in meanings.items():
        key = f' hotkey="{keys[value]}"' if value in keys else ""
        yield f"    <Choice value={quoteattr(value)} hint={quoteattr(meaning)}{key}/>"
    yield "  </Choices>"


def _prediction(item: LabelItem) -> dict[str, Any]:
    """The labels of the program, its name and its certainty."""
    row, names = item.row, map(str, THREAT_AREAS)
    sure = [p if area in row["threat_areas"] else 1 - p for area, p in zip(names, item.areas, strict=True)]
    labels = {"strength": [row["strength"]], "areas": list(row["threat_areas"]) or [NO_AREA]}
    return {
        "model_version": row["model_id"],
        "score": round(min(_level_of(item), *sure), 4),
        "result": [
            {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": choices}}
            for name, choices in labels.items()
        ],
    }


def write_studio(items: Sequence[LabelItem], out: Path) -> list[Path]:
    """Write the configuration of a project, and its tasks with the labels of the program, into a folder."""
    (out / CONFIG_FILE).write_text(config(), encoding="utf-8")
    tasks = [{"data": _texts(item), "predictions": [_prediction(item)]} for item in items]
    return [out / CONFIG_FILE, _write_json(out / TASKS_FILE, tasks)]


def read_studio(path: Path) -> list[Given]:
    """Read an export of Label Studio in the format JSON; a cancelled or unanswered task counts as an empty row."""
    path = path / TASKS_FILE if path.is_dir() else path
    tasks = _records_of(path)
    if not all(isinstance(task.get("data"), Mapping) for task in tasks):
        msg = f"{path} is not an export of Label Studio in the format JSON"
        raise InputError(msg, "choose JSON, not JSON-MIN, when you export", reason="json")
    rows = []
    for number, task in enumerate(tasks, 1):
        data = task["data"]
        provision, key, text = (str(data.get(name, "")) for name in ("provision", "key", "text"))
        for annotation in task.get("annotations") or [{}]:
            cells = {} if annotation.get("was_cancelled") else _cells(annotation.get("result") or [])
            person = _person(annotation.get("completed_by"))
            rows.append(Given(f"task {task.get('id', number)}", provision, key, cells, person, text))
    return rows


def _cells(result: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for part in result:
        name, value = str(part.get("from_name", "")), part.get("value") or {}
        if words := _joined(value.get("choices") or value.get("text")):
            cells["more_areas" if name == "areas" else name] = words
    return cells


def _person(by: object) -> str:
    if isinstance(by, Mapping):
        return str(by.get("email") or by.get("username") or by.get("id") or "")
    return f"Label Studio user {by}" if by else ""


# --- Argilla


_FIELDS = ("title", "heading", "lead_in", "text", "before", "after", "reasons")
_METADATA = ("provision", "key", "document", "model")


def _settings() -> dict[str, Any]:
    """The fields, questions and guidelines of the data set."""
    plain = {"type": "text", "use_markdown": False}
    terms = {"type": "terms", "values": None}
    return {
        "guidelines": "\n".join(f"- {kind} **{choice}**: {meaning}" for kind, choice, meaning in guide_lines()),
        "allow_extra_metadata": True,
        "distribution": {"strategy": "overlap", "min_submitted": 1},
        "fields": [{"name": name, "title": name, "required": name == "text", "settings": plain} for name in _FIELDS],
        "questions": [
            _question("strength", _STRENGTHS, "label_selection"),
            _question("areas", _AREAS, "multi_label_selection"),
            _question("boundary", _BOUNDARIES, "label_selection", required=False),
            _question("rule", guide_rules(), "label_selection", required=False),
            {"name": "reason", "title": "reason", "required": False, "settings": plain},
        ],
        "metadata": [
            {"name": name, "title": name, "settings": terms, "visible_for_annotators": True} for name in _METADATA
        ],
        "vectors": [],
    }


def _question(name: str, meanings: Mapping[str, str], kind: str, *, required: bool = True) -> dict[str, Any]:
    options = [{"value": value, "text": value, "description": meaning} for value, meaning in meanings.items()]
    chosen: dict[str, Any] = {"type": kind, "options": options, "visible_options": len(options)}
    if kind == "multi_label_selection":
        chosen["options_order"] = "natural"
    return {"name": name, "title": name, "required": required, "settings": chosen}


def _record(item: LabelItem) -> dict[str, Any]:
    """A record with the labels of the program as suggestions."""
    row, areas = _texts(item), item.row["threat_areas"]
    odds = dict(zip(map(str, THREAT_AREAS), item.areas, strict=True))
    scores = [round(odds[area], 4) for area in areas] or [round(1 - max(item.areas), 4)]
    agent = item.row["model_id"]
    return {
        "id": item.id,
        "fields": {name: row[name] for name in _FIELDS},
        "metadata": {name: row[name] for name in _METADATA},
        "suggestions": {
            "strength": {"value": item.row["strength"], "score": round(_level_of(item), 4), "agent": agent},
            "areas": {"value": list(areas) or [NO_AREA], "score": scores, "agent": agent},
        },
        "responses": {},
        "vectors": {},
        "status": "pending",
    }


def write_argilla(items: Sequence[LabelItem], out: Path) -> list[Path]:
    """Write the settings, the description and the records of a data set into a folder that ``rg.Dataset.from_disk`` reads."""
    (out / _SETTINGS).parent.mkdir(exist_ok=True)
    described = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, "osce-commitments")),
        "name": "osce-commitments",
        "status": "draft",
        "guidelines": None,
        "allow_extra_metadata": True,
    }
    contents = {_SETTINGS: _settings(), _DATASET: described, Path(RECORDS_FILE): list(map(_record, items))}
    return [_write_json(out / path, content) for path, content in contents.items()]


def read_argilla(path: Path) -> list[Given]:
    """Read records that ``to_disk`` or ``records.to_json`` wrote, one row per person."""
    path = path / RECORDS_FILE if path.is_dir() else path
    return [row for number, record in enumerate(_records_of(path), 1) for row in _responses(number, record)]


def _responses(number: int, record: Mapping[str, Any]) -> Iterator[Given]:
    metadata = record.get("metadata") or {}
    provision = str(metadata.get("provision") or record.get("id") or "")
    by_person: dict[str, dict[str, str]] = {}
    for question, answers in (record.get("responses") or {}).items():
        column = "more_areas" if question == "areas" else question
        for answer in answers or []:
            by_person.setdefault(str(answer.get("user_id") or ""), {})[column] = _joined(answer.get("value"))
    text = str((record.get("fields") or {}).get("text", ""))
    for person, cells in (by_person or {"": {}}).items():
        yield Given(f"record {number}", provision, str(metadata.get("key", "")), cells, person, text)


# --- Prodigy


_STRENGTH, _AREA = "strength:", "area:"
_OPTIONS = [
    *({"id": f"{_STRENGTH}{name}", "text": f"{name}: {meaning}"} for name, meaning in _STRENGTHS.items()),
    *({"id": f"{_AREA}{area}", "text": f"{area}: {area.definition}"} for area in THREAT_AREAS),
    {"id": f"{_AREA}{NO_AREA}", "text": "no threat area"},
]


def _task(item: LabelItem) -> dict[str, Any]:
    """A task for the interface ``choice``; the labels of the program are chosen already."""
    row, areas = shown_row(item), item.row["threat_areas"] or [NO_AREA]
    return {
        "text": f"{row['lead_in']} {row['text']}".strip(),
        "options": _OPTIONS,
        "accept": [f"{_STRENGTH}{item.row['strength']}", *(f"{_AREA}{area}" for area in areas)],
        "config": {"choice_style": "multiple", "choice_auto_accept": False},
        "meta": {name: row[name] for name in ("document", "title", "heading", "model")},
        "osce": {name: row[name] for name in ("provision", "key", "text", "reasons", "before", "after")},
    }


def write_prodigy(items: Sequence[LabelItem], out: Path) -> list[Path]:
    """Write JSON lines, a task each."""
    with out.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(json.dumps(_task(item), ensure_ascii=False) + "\n" for item in items)
    return [out]


def read_prodigy(path: Path) -> list[Given]:
    """Read what ``prodigy db-out`` printed; rejected and ignored tasks count as empty rows."""
    rows = []
    for number, line in enumerate(read_regular(path, "utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        task = _parsed(str(path), line, number)
        if not isinstance(task, dict):
            msg = f"{path}, line {number}: not a JSON object"
            raise InputError(msg, "write it again with prodigy db-out", reason="json")
        provision, key, text = (str((task.get("osce") or {}).get(name, "")) for name in ("provision", "key", "text"))
        person = str(task.get("_annotator_id") or task.get("_session_id") or "")
        rows.append(Given(f"line {number}", provision, key, _accepted(task), person, text))
    return rows


def _accepted(task: Mapping[str, Any]) -> dict[str, str]:
    # Nobody has seen a task without "answer": its accepted labels are those of the program.
    chosen = list(map(str, task.get("accept") or [])) if task.get("answer") == "accept" else []
    levels = [name.removeprefix(_STRENGTH) for name in chosen if name.startswith(_STRENGTH)]
    areas = [name.removeprefix(_AREA) for name in chosen if name.startswith(_AREA)]
    unknown = [name for name in chosen if not name.startswith((_STRENGTH, _AREA))]
    return {"strength": "; ".join([*levels, *unknown]), "more_areas": "; ".join(areas)}

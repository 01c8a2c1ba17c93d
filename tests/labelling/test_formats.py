"""Files for people: written, filled in, and read back."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError, InputError
from osce_commitments.labelling.cells import ANSWER_COLUMNS
from osce_commitments.labelling.formats import format_of, read_file, write_file
from osce_commitments.labelling.formats.programs import config
from osce_commitments.labelling.items import load_items
from osce_commitments.labelling.session import import_file

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("label-studio", "argilla")


def target(folder: Path, name: str) -> Path:
    return folder / {"csv": "x.csv", "xlsx": "x.xlsx", "prodigy": "x.jsonl"}.get(name, name)


def fill_csv(path: Path, **answers: str) -> None:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[1] |= answers
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def fill_xlsx(path: Path, **answers: Any) -> None:  # noqa: ANN401 - of any cell
    book = load_workbook(path)
    sheet = book["rows"]
    names = [cell.value for cell in sheet[1]]
    for name, value in answers.items():
        sheet.cell(3, names.index(name) + 1).value = value
    book.save(path)


def fill_label_studio(path: Path, **answers: str) -> None:
    tasks = json.loads((path / "tasks.json").read_text())
    made = [
        {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": value.split("; ")}}
        for name, value in answers.items()
    ]
    for number, task in enumerate(tasks):
        task["annotations"] = [{"completed_by": {"email": "ada@example.org"}, "result": made}] if number == 1 else []
    (path / "tasks.json").write_text(json.dumps(tasks))


def fill_argilla(path: Path, **answers: str) -> None:
    records = json.loads((path / "records.json").read_text())
    records[1]["responses"] = {
        name: [{"user_id": "u1", "value": value.split("; ") if name == "areas" else value}]
        for name, value in answers.items()
    }
    (path / "records.json").write_text(json.dumps(records))


def fill_prodigy(path: Path, strength: str, areas: str) -> None:
    tasks = [json.loads(line) for line in path.read_text().splitlines()]
    for number, task in enumerate(tasks):
        task["answer"] = "accept" if number == 1 else "ignore"
    tasks[1]["accept"] = [f"strength:{strength}", *(f"area:{area}" for area in areas.split("; "))]
    path.write_text("\n".join(map(json.dumps, tasks)))


FILL: dict[str, Any] = {
    "csv": lambda path: fill_csv(path, strength="committing", area_1="arms", more_areas="ICT security"),
    "xlsx": lambda path: fill_xlsx(path, strength=4, area_1="arms", area_2="ict_security"),
    "label-studio": lambda path: fill_label_studio(path, strength="committing", areas="arms; ict_security"),
    "argilla": lambda path: fill_argilla(path, strength="committing", areas="arms; ict_security"),
    "prodigy": lambda path: fill_prodigy(path, "committing", "arms; ict_security"),
}


@pytest.mark.parametrize("name", FILL)
def test_the_way_there_and_back(data: Path, tmp_path: Path, name: str) -> None:
    dataset = Dataset(data)
    items = load_items(dataset)
    path = target(tmp_path, name)
    assert all(one.exists() for one in write_file(items, path, name))
    assert format_of(path) == name
    done = import_file(dataset, path, "Ada")
    assert (done.answers, done.added, done.version) == (0, 0, 1)
    FILL[name](path)
    done = import_file(dataset, path, "Ada")
    assert (done.answers, done.empty, done.added, done.version) == (1, len(items) - 1, 1, 2)
    (row,) = [row for row in dataset.read("provisions").to_pylist() if row["corrected"]]
    assert (row["id"], row["strength"], row["threat_areas"]) == (items[1].id, "committing", ["ict_security", "arms"])
    assert import_file(dataset, path, "Ada").added == 0
    assert dataset.latest_version() == 2


@pytest.mark.parametrize("name", ["label-studio", "argilla"])
def test_files_of_programs_name_the_person(data: Path, tmp_path: Path, name: str) -> None:
    dataset, path = Dataset(data), target(tmp_path, name)
    write_file(load_items(dataset), path, name)
    FILL[name](path)
    import_file(dataset, path)
    assert dataset.read("corrections")["made_by"].to_pylist() == [
        {"label-studio": "ada@example.org", "argilla": "u1"}[name]
    ]


def test_a_table_needs_a_person(data: Path, tmp_path: Path) -> None:
    dataset, path = Dataset(data), tmp_path / "x.csv"
    write_file(load_items(dataset), path, "")
    FILL["csv"](path)
    with pytest.raises(ConfigError, match=r"row 3 names nobody who answered\. Give --by NAME"):
        import_file(dataset, path)


def test_ok_confirms_the_program_and_none_takes_all_areas_away(data: Path, tmp_path: Path) -> None:
    dataset, path = Dataset(data), tmp_path / "x.csv"
    write_file(load_items(dataset), path, "")
    fill_csv(
        path,
        strength="ok",
        area_1="none",
        addressee="ODIHR; the Secretariat",
        role="annex",
        rule="s6",
        reason="because",
    )
    import_file(dataset, path, "Ada")
    (row,) = dataset.read("corrections").to_pylist()
    assert (row["strength"], row["threat_areas"], row["area_basis"]) == (row["model_strength"], [], [])
    assert (row["addressee"], row["role"], row["rule"], row["reason"]) == (
        ["ODIHR", "the Secretariat"],
        "annex",
        "S6",
        "because",
    )


def test_a_file_filled_in_before_the_documents_were_read_again_still_counts(data: Path, tmp_path: Path) -> None:
    dataset, path = Dataset(data), tmp_path / "x.csv"
    write_file(load_items(dataset), path, "")
    fill_csv(path, provision="p0000000000000000", strength="none")
    assert import_file(dataset, path, "Ada").added == 1


def test_a_formula_in_a_document_stays_a_text(data: Path, tmp_path: Path) -> None:
    items = load_items(Dataset(data))
    write_file(items, tmp_path / "x.csv", "")
    write_file(items, tmp_path / "x.xlsx", "")
    assert "'=1+1 is no formula" in (tmp_path / "x.csv").read_text(encoding="utf-8-sig")
    cells = [cell for line in load_workbook(tmp_path / "x.xlsx")["rows"].iter_rows() for cell in line]
    assert "f" not in {cell.data_type for cell in cells}
    assert all(one.text == item.row["text"] for one, item in zip(read_file(tmp_path / "x.csv"), items, strict=True))


def test_the_workbook_has_lists_and_the_guide(data: Path, tmp_path: Path) -> None:
    write_file(load_items(Dataset(data)), tmp_path / "x.xlsx", "")
    book = load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["rows", "guide", "choices"]
    assert book["choices"].sheet_state == "hidden"
    lists = {str(one.sqref).partition("2:")[0]: one.formula1 for one in book["rows"].data_validations.dataValidation}
    names = [cell.value for cell in book["rows"][1]]
    assert len(lists) == len({"strength", "area_1", "area_2", "area_3", "role", "boundary", "rule"} & set(names))
    guide = {cell.value for line in book["guide"].iter_rows() for cell in line}
    assert {"mandating", "terrorism", "S1", "T5", "not_text"} <= guide


def test_predictions_name_the_model_and_its_certainty(data: Path, tmp_path: Path) -> None:
    write_file(load_items(Dataset(data)), tmp_path / "ls", "label-studio")
    tasks = json.loads((tmp_path / "ls" / "tasks.json").read_text())
    (prediction,) = tasks[1]["predictions"]
    assert prediction["model_version"] == "rules"
    assert 0 < prediction["score"] <= 1
    assert {one["from_name"] for one in prediction["result"]} == {"strength", "areas"}
    assert set(ANSWER_COLUMNS).isdisjoint(tasks[1]["data"])
    assert 'value="$text"' in config()
    keys = [part.partition('"')[0] for part in config().split('hotkey="')[1:]]
    assert len(keys) == len(set(keys)) == 19


def test_unknown_formats(data: Path, tmp_path: Path) -> None:
    items = load_items(Dataset(data))
    with pytest.raises(ConfigError, match="has no known ending"):
        write_file(items, tmp_path / "x.ods", "")
    with pytest.raises(InputError, match="does not exist"):
        read_file(tmp_path / "none.csv")

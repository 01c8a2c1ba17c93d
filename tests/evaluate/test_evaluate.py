from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.errors import ConfigError, InputError
from osce_commitments.evaluate import evaluate, run_evaluation
from osce_commitments.evaluate.report import FEW_DOCUMENTS, TELLING_ERRORS, few_documents, find_mistakes, telling
from osce_commitments.labels import Basis, ObligationStrength, Role, ThreatArea
from osce_commitments.schema import Classification, TaggedProvision
from osce_commitments.scoring.corrected_rows import read_rows, rows_sha256
from osce_commitments.scoring.labelled_rows import LabelledRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROW: dict[str, Any] = {
    "id": "1",
    "doc": "a",
    "title": "Decision on terrorism",
    "role": "operative",
    "heading": "",
    "lead_in": "",
    "number": "1",
    "text": "Calls upon States to exchange lists;",
    "strength": "urging",
    "threat_areas": ["terrorism"],
}
ROWS = [
    ROW,
    ROW | {"id": "2", "text": "Recalling its decision,", "role": "preamble", "strength": "none"},
    ROW | {"id": "3", "doc": "b", "text": "Work on arms continues.", "strength": "mandating", "threat_areas": ["arms"]},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS) + "\n", encoding="utf-8")
    return path


def test_writes_figures_and_report(data: Path, tmp_path: Path) -> None:
    report = run_evaluation(data, tmp_path / "out", "rules")
    figures = json.loads((tmp_path / "out" / "metrics.json").read_text(encoding="utf-8"))
    assert figures == report.figures
    assert figures["strength"]["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["strength"]["mae"] == pytest.approx(5 / 3, abs=1e-4)
    assert set(figures["strength"]["intervals"]) == {"accuracy", "macro_f1", "kappa_quadratic", "mae", "ece"}
    assert figures["areas"]["micro_f1"] == 1.0
    assert figures["areas"]["intervals"]["macro_f1"] == [1.0, 1.0]
    assert figures["areas"]["named"]["micro_f1"] == 1.0
    assert figures["areas"]["bases"]["title"] == {"given": 2, "right": 2}
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "| named in the title | 2 | 2 |" in text
    assert "named areas only" in text
    assert figures["strength"]["classes"]["urging"]["f1"] == 1.0
    assert figures["strength"]["confusion"][5][0] == 1
    assert figures["data"] == {
        "name": "rows.jsonl",
        "path": data.as_posix(),
        "sha256": rows_sha256(data),
        "rows": 3,
        "documents": 2,
    }
    assert figures["peers"]["strength"] == {}


class _Fixed:
    """A classifier with one answer."""

    id = "fixed"

    def __init__(self, answer: Classification) -> None:
        self._answer = answer

    def classify(self, provisions: Sequence[TaggedProvision]) -> list[Classification]:
        return [self._answer for _ in provisions]


def test_areas_are_measured_where_a_word_names_them_and_everywhere() -> None:
    row = LabelledRow("1", "a", "", Role.OPERATIVE, (), "", "1", "Ban arms.", ObligationStrength.URGING, frozenset())
    rows = [replace(row, threat_areas=frozenset({ThreatArea.ARMS, ThreatArea.POLICING}))]
    given = (ThreatArea.TERRORISM, ThreatArea.ARMS)
    result = Classification(
        ObligationStrength.URGING, (0.0, 0.0, 0.0, 1.0, 0.0, 0.0), given, (0.0,) * 12, "m",
        area_basis=(Basis.IMPLIED, Basis.TEXT),
    )  # fmt: skip
    areas = evaluate(rows, _Fixed(result)).figures["areas"]
    assert areas["micro_f1"] == pytest.approx(0.5)
    assert areas["named"]["micro_f1"] == 1.0
    scores = {basis: (counts["given"], counts["right"]) for basis, counts in areas["bases"].items()}
    assert scores == dict.fromkeys(Basis, (0, 0)) | {Basis.TEXT: (1, 1), Basis.IMPLIED: (1, 0)}


def test_spaces_are_read_as_a_run_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    spaced = {"text": "Calls  upon\u00a0States to act;", "lead_in": "The\u2002Council:", "heading": "A / B  C"}
    path.write_text(json.dumps(ROW | spaced), encoding="utf-8")
    (row,) = read_rows(path)
    assert (row.text, row.lead_in, row.heading) == ("Calls upon States to act;", "The Council:", ("A", "B C"))


def test_errors_are_listed_with_what_explains_them(data: Path, tmp_path: Path) -> None:
    run_evaluation(data, tmp_path, "rules")
    (line,) = (tmp_path / "errors.jsonl").read_text(encoding="utf-8").splitlines()
    error = json.loads(line)
    assert (error["id"], error["document"], error["text"]) == ("3", "b", "Work on arms continues.")
    assert error["gold"] == {"strength": "mandating", "threat_areas": ["arms"]}
    assert error["said"] == {"strength": "none", "threat_areas": ["arms"]}
    assert error["probabilities"] == {"strength": {"none": 1.0}, "threat_areas": {"arms": 1.0}}
    assert error["cue"] is None


def test_the_report_shows_the_errors_that_the_classifier_was_surest_of(data: Path, tmp_path: Path) -> None:
    run_evaluation(data, tmp_path, "rules")
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    errors = text.split("## Errors")[1]
    assert "1 provisions have a wrong label" in errors
    assert "mandating expected, none given (no rule)" in errors
    assert "Work on arms continues." in errors
    assert "Calls upon States" not in errors


def test_telling_mistakes_are_wrong_levels_then_wrong_areas_the_surest_of_each_document() -> None:
    sure = Classification(ObligationStrength.NONE, (1.0, 0.0, 0.0, 0.0, 0.0, 0.0), (), (0.0,) * 12, "m")
    unsure = replace(sure, strength_probabilities=(0.4, 0.3, 0.3, 0.0, 0.0, 0.0))
    row = LabelledRow("1", "a", "", Role.OPERATIVE, (), "", "1", "Act.", ObligationStrength.URGING, frozenset())
    missed = replace(row, strength=ObligationStrength.NONE, threat_areas=frozenset({ThreatArea.ARMS}))
    rows = [row, replace(row, id="2"), replace(row, id="3", document="b"), replace(missed, id="4", document="c")]
    found = list(find_mistakes(rows, [unsure, sure, unsure, replace(sure, area_probabilities=(0.3,) * 12)]))
    assert len(found) == 4
    assert [one.row.id for one in telling(found, 10)] == ["2", "3", "4"]
    assert [one.row.id for one in telling(found, 2)] == ["2", "4"]


def test_the_report_is_one_page_however_many_errors_there_are(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [ROW | {"id": str(at), "doc": f"d{at}", "strength": "none", "threat_areas": ["arms"]} for at in range(100)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    run_evaluation(path, tmp_path, "rules")
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "100 provisions have a wrong label" in text
    assert text.count("Calls upon States") == TELLING_ERRORS
    assert "## Calibration" in text


def test_others_are_measured_on_the_same_rows_and_the_gain_is_told(data: Path) -> None:
    urging = Classification(ObligationStrength.URGING, (0.0, 0.0, 0.0, 1.0, 0.0, 0.0), (), (0.0,) * 12, "m")
    figures = evaluate(read_rows(data), RuleClassifier(), others=[_Fixed(urging)]).figures["peers"]
    assert figures["strength"]["fixed"]["accuracy"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["strength"]["fixed"]["gain_over"]["accuracy"][0] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["areas"]["fixed"]["micro_f1"] == 0.0


def test_slices_split_the_rows(data: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    coded = [
        row | {"date": date, "hard_cases": ["r1"]}
        for row, date in zip(rows, ("1992-01-01", "2001-05-05", ""), strict=True)
    ]
    data.write_text("\n".join(map(json.dumps, coded)), encoding="utf-8")
    found = {(one["by"], one["name"]): one for one in run_evaluation(data, tmp_path, "rules").figures["slices"]}
    assert found["role", "operative"]["rows"] == 2
    assert found["role", "operative"]["accuracy"] == 0.5
    assert found["role", "preamble"]["accuracy"] == 1.0
    assert found["decade", "1990s"]["rows"] == 1
    assert ("hard case", "r1") not in found, "one group is no comparison"


def test_rows_without_a_document_take_the_title_for_it(data: Path) -> None:
    row = {key: value for key, value in ROW.items() if key != "doc"}
    data.write_text(json.dumps(row), encoding="utf-8")
    assert [one.document for one in read_rows(data)] == ["Decision on terrorism"]


def test_a_folder_that_cannot_be_made_is_named(data: Path) -> None:
    with pytest.raises(ConfigError, match=r"rows\.jsonl.* cannot be written.*--out"):
        run_evaluation(data, data / "out", "rules")


def test_unknown_model_lists_the_known(data: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Choose from: .*rules"):
        run_evaluation(data, tmp_path, "oracle")


@pytest.mark.parametrize(
    ("line", "message", "reason"),
    [
        ('{"id": "1",', "line 2, column", "json"),
        ("[1]", "line 2: not a JSON object", "json"),
        (json.dumps({k: v for k, v in ROW.items() if k != "lead_in"}), "line 2: column 'lead_in' is missing", "column"),
        (json.dumps(ROW | {"text": 3}), "line 2: column 'text' is no text", "column"),
        (json.dumps(ROW | {"id": "2", "text": " "}), "line 2: column 'text' is empty", "column"),
        (json.dumps(ROW), "line 2: column 'id' has '1', which is already in line 1", "id"),
        (json.dumps(ROW | {"role": "poem"}), "line 2: column 'role' has the unknown label 'poem'", "label"),
        (json.dumps(ROW | {"strength": "firm"}), "line 2: column 'strength' has the unknown label 'firm'", "label"),
        (
            json.dumps({k: v for k, v in ROW.items() if k != "threat_areas"}),
            "line 2: column 'threat_areas' is missing",
            "column",
        ),
        (json.dumps(ROW | {"threat_areas": "arms"}), "line 2: column 'threat_areas' is no list", "column"),
        (json.dumps(ROW | {"threat_areas": ["x"]}), "line 2: column 'threat_areas' has the unknown label 'x'", "label"),
    ],
)
def test_bad_rows_name_file_line_and_column(tmp_path: Path, line: str, message: str, reason: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(json.dumps(ROW) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_rows(path)
    assert "bad.jsonl" in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.reason == reason


def test_missing_and_empty_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_rows(tmp_path / "none.jsonl")
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="contains no rows"):
        read_rows(empty)
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        read_rows(tmp_path / "binary.jsonl")


def test_a_separator_of_lines_inside_a_text_ends_no_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROW | {"text": "to act\u2028at once"}, ensure_ascii=False) + "\r\n", encoding="utf-8")
    assert [row.text for row in read_rows(path)] == ["to act at once"]


def test_a_mark_of_the_byte_order_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROW) + "\n", encoding="utf-8-sig")
    assert [row.id for row in read_rows(path)] == [ROW["id"]]


def test_the_first_page_says_in_plain_words_how_many_labels_are_wrong(data: Path, tmp_path: Path) -> None:
    report = run_evaluation(data, tmp_path, "rules")
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert report.figures["in_words"][0] == (
        "Of 100 levels of strength, about 33 are wrong. The most frequent error: “none” where people read “mandating”."
    )
    assert "Of 100 threat areas that it gives, about 0 are wrong." in text
    assert "The review mark is on 33 of 100 provisions." in text
    assert text.index(report.figures["in_words"][0]) < text.index("## Obligation strength")
    assert "only 2 documents" in text


def test_enough_documents_need_no_warning() -> None:
    assert few_documents(FEW_DOCUMENTS) == ""
    assert "only 29 documents" in few_documents(FEW_DOCUMENTS - 1)


def test_intervals_by_writer_are_wider_where_writers_differ(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [
        ROW | {"id": str(at), "doc": f"{at % 2}-{at}", "strength": "urging" if at % 2 else "none"} for at in range(40)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    figures = run_evaluation(path, tmp_path, "rules", writers=re.compile("^[0-9]+")).figures
    by_writer = figures["by_writer"]["strength"]["intervals"]["accuracy"]
    assert by_writer == [0.0, 1.0]
    assert figures["strength"]["intervals"]["accuracy"][0] > 0.2
    assert "intervals by writer (2)" in (tmp_path / "report.md").read_text(encoding="utf-8")
    with pytest.raises(InputError, match="names no writer"):
        run_evaluation(path, tmp_path, "rules", writers=re.compile("^[a-z]+"))

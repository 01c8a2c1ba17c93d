from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.errors import ConfigError, InputError
from osce_commitments.evaluate import read_rows, run_evaluation
from osce_commitments.evaluate.baselines import keywords, majority, modal_lexicon
from osce_commitments.labels import ObligationStrength, ThreatArea
from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
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
    ROW | {"id": "3", "doc": "b", "text": "Work on arms goes on.", "strength": "mandating", "threat_areas": ["arms"]},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS) + "\n", encoding="utf-8")
    return path


def test_writes_figures_and_report(data: Path, tmp_path: Path) -> None:
    report = run_evaluation(data, tmp_path / "out", "rules")
    figures = json.loads((tmp_path / "out" / "metrics.json").read_text(encoding="utf-8"))
    assert figures == report.as_dict()
    assert figures["strength"]["accuracy"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["strength"]["mae"] == pytest.approx(5 / 3, abs=1e-4)
    assert set(figures["strength"]["intervals"]) == {"accuracy", "macro_f1", "kappa_quadratic", "mae"}
    assert figures["areas"]["micro_f1"] == 1.0
    assert figures["areas"]["intervals"]["macro_f1"] == [1.0, 1.0]
    assert figures["strength"]["classes"]["urging"]["f1"] == 1.0
    assert figures["strength"]["confusion"][5][0] == 1
    assert figures["data"] == {"name": "rows.jsonl", "sha256": report.data_sha256, "rows": 3, "documents": 2}
    assert set(figures["baselines"]["strength"]) == {"modal lexicon", "majority"}


def test_report_lists_errors_with_their_text(data: Path, tmp_path: Path) -> None:
    text = run_evaluation(data, tmp_path, "rules").as_markdown()
    errors = text.split("## Errors")[1]
    assert "mandating expected, none given (no rule)" in errors
    assert "Work on arms goes on." in errors
    assert "Calls upon States" not in errors


def test_baselines(data: Path) -> None:
    rows = read_rows(data)
    assert modal_lexicon(rows) == [ObligationStrength.URGING, ObligationStrength.NONE, ObligationStrength.NONE]
    terrorism = frozenset({ThreatArea.TERRORISM})
    assert keywords(rows) == [terrorism, terrorism, frozenset({ThreatArea.ARMS})]


def test_majority_is_the_most_frequent_level(data: Path) -> None:
    rows = read_rows(data)
    assert majority([rows[1], *rows, rows[0], rows[0]]) == [ObligationStrength.URGING] * 6
    assert majority([]) == []


WORDS = [
    ("modals", "mandating", "It requests a report.", "It may requestion it."),
    ("modals", "committing", "We undertake to act.", "a willing State"),
    ("modals", "urging", "It calls on States.", "It calls for calm."),
    ("modals", "encouraging", "States should act.", "shoulder to shoulder"),
    ("modals", "permissive", "voluntarily", "in dismay"),
    ("keywords", "transnational_threats", "transnational threats", "transnational trade"),
    ("keywords", "terrorism", "Terrorist acts", "terror"),
    ("keywords", "violent_extremism", "radicalisation", "radical reform"),
    ("keywords", "organized_crime", "organised crime", "an organized event"),
    ("keywords", "illicit_drugs", "Narcotics", "medicines"),
    ("keywords", "human_trafficking", "trafficking in persons", "air traffic"),
    ("keywords", "cybercrime", "cyber-crime", "cyber attachés"),
    ("keywords", "ict_security", "cyber attachés", "online trade"),
    ("keywords", "border_security", "Customs officers", "frontiers of science"),
    ("keywords", "arms", "explosives", "explicit"),
    ("keywords", "illicit_finance", "money-laundering", "a laundry"),
    ("keywords", "policing", "police reform", "policy reform"),
]


def test_every_word_list_of_the_baselines_has_a_case() -> None:
    lists = load_yaml("baselines")
    assert [(kind, name) for kind, name, _, _ in WORDS] == [(kind, name) for kind in lists for name in lists[kind]]
    assert len(WORDS) == 17


@pytest.mark.parametrize(("kind", "name", "match", "no_match"), WORDS)
def test_word_lists_of_the_baselines(kind: str, name: str, match: str, no_match: str) -> None:
    pattern = load_yaml("baselines")[kind][name]
    assert re.search(pattern, match, re.IGNORECASE)
    assert not re.search(pattern, no_match, re.IGNORECASE)


def test_a_folder_that_cannot_be_made_is_named(data: Path) -> None:
    with pytest.raises(ConfigError, match=r"rows\.jsonl.* cannot be written.*--out"):
        run_evaluation(data, data / "out", "rules")


def test_unknown_model_lists_the_known(data: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"choose from: .*rules"):
        run_evaluation(data, tmp_path, "oracle")


@pytest.mark.parametrize(
    ("line", "message", "reason"),
    [
        ('{"id": "1",', "line 2, column", "json"),
        ("[1]", "line 2: no JSON object", "json"),
        (json.dumps({k: v for k, v in ROW.items() if k != "lead_in"}), "line 2: column 'lead_in' is missing", "column"),
        (json.dumps(ROW | {"text": 3}), "line 2: column 'text' is no text", "column"),
        (json.dumps(ROW | {"role": "poem"}), "line 2: column 'role' has the unknown label 'poem'", "label"),
        (json.dumps(ROW | {"strength": "firm"}), "line 2: column 'strength' has the unknown label 'firm'", "label"),
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
    with pytest.raises(InputError, match="holds no rows"):
        read_rows(empty)
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        read_rows(tmp_path / "binary.jsonl")

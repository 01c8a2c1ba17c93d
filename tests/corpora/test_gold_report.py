from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpora._authoring.files import write
from corpora.gold.build import rendered
from corpora.gold.files import read_gold
from corpora.gold.measure import main, run_gold, summarise
from corpora.tallies import FileScore
from osce_commitments.errors import InputError

# Documents of each part, with their sources in dev.
FEW = {"dev": ("mc-dec-901-12", "pc-dec-9208"), "test": ("pc-dec-9208",)}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    gold = tmp_path_factory.mktemp("gold")
    for part, names in FEW.items():
        files = {Path(part, Path(path).name): content for name in names for path, content in rendered(name).items()}
        write({str(path): content for path, content in files.items()}, gold)
    return gold


def scores() -> list[FileScore]:
    files = []
    for name, (hits, given, gold) in {"a": (8, 10, 8), "b": (0, 0, 2)}.items():
        score = FileScore(name)
        tally = score.tallies["boundary"]
        tally.hits, tally.given, tally.gold = hits, given, gold
        score.tallies["role"].share(is_hit=name == "a")
        score.complain("role", "1 (a)", "Some words.", "preamble", "operative")
        files.append(score)
    return files


def test_counts_are_added_up_and_documents_resampled() -> None:
    report = summarise("dev", scores(), shows_errors=True)
    values = report.as_dict()
    boundary = values["figures"]["boundary"]
    assert (boundary["hits"], boundary["given"], boundary["gold"]) == (8, 10, 10)
    assert boundary["precision"] == boundary["recall"] == boundary["f1"] == 0.8
    assert boundary["intervals"]["recall"] == [0.0, 1.0]
    assert values["figures"]["role"] == {"hits": 1, "of": 2, "share": 0.5, "intervals": {"share": [0.0, 1.0]}}
    assert report.problems()[0].as_dict() == {
        "document": "a",
        "what": "role",
        "number": "1 (a)",
        "text": "Some words.",
        "expected": "preamble",
        "given": "operative",
    }
    text = report.as_markdown()
    assert "| boundary | 0.800" in text
    assert "2 errors; `errors.jsonl` lists all of them" in text
    assert "- role, 2: preamble expected, operative given (a 1 (a))\n  - Some words." in text


def test_errors_and_documents_can_be_kept_back() -> None:
    report = summarise("test", scores(), shows_errors=False)
    assert report.problems() == []
    assert "Some words." not in report.as_markdown()
    assert "## Documents" not in report.as_markdown()


def test_command_runs_the_stages_on_files(
    few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["measure", str(few), "--out", str(tmp_path / "dev")])
    main()
    assert "boundary" in capsys.readouterr().out
    values = json.loads((tmp_path / "dev" / "metrics.json").read_text(encoding="utf-8"))
    assert values["documents"] == 2
    assert values["figures"]["boundary"]["gold"] == 40
    assert values["figures"]["boundary"]["f1"] > 0.9
    assert values["figures"]["provision offsets"]["share"] == 1.0
    assert (tmp_path / "dev" / "report.md").read_text(encoding="utf-8").count("\n## ") == 4


def test_errors_of_the_test_part_are_told_only_on_demand(few: Path, tmp_path: Path) -> None:
    for name, shows_errors in (("a", False), ("b", True)):
        run_gold(few, "test", tmp_path / name, shows_errors=shows_errors)
    hidden, shown = (json.loads((tmp_path / name / "metrics.json").read_text(encoding="utf-8")) for name in "ab")
    assert not (tmp_path / "a" / "errors.jsonl").exists()
    assert (tmp_path / "b" / "errors.jsonl").exists()
    assert "## Errors" not in (tmp_path / "a" / "report.md").read_text(encoding="utf-8")
    assert hidden["figures"] == shown["figures"]


def test_a_file_that_the_stages_refuse_counts_as_empty(few: Path, tmp_path: Path) -> None:
    (gold,) = (few / "test").glob("*.json")
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / gold.name).write_bytes(gold.read_bytes())
    (tmp_path / "test" / "pc-dec-9208.txt").touch()
    report = run_gold(tmp_path, "test", tmp_path / "out", shows_errors=True)
    assert report.figures["boundary"].gold == 20
    assert report.figures["boundary"].hits == 0
    assert [one.document for score in report.scores for one in score.problems if one.what == "rejected"] == [
        "pc-dec-9208.txt"
    ]


def test_a_folder_without_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="contains no gold"):
        run_gold(tmp_path, "dev", tmp_path / "out", shows_errors=True)


@pytest.mark.parametrize("content", ["", "[]", '{"document": "a.txt", "parts": [{}]}'])
def test_broken_gold_is_refused_with_its_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.json is not a gold file"):
        read_gold(path)

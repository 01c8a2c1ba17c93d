from __future__ import annotations

import dataclasses
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpora.commitments import build, corpus
from osce_commitments.labels import STRENGTHS
from tests.support.corpora import CORPORA

FOLDER = CORPORA / "commitments"
SOURCE = """\
---
file: x.txt
genre: pc-decision
symbol: PC.DEC/8999
date: 2015-01-01
body: PC
width: 40
---

= DECISION ON THE BALLAST OF FERRIES [[0 bo]]

@preamble

Determined to end the carriage of ammunition in ballast tanks,[^1] [[0 ar #r1-preamble]]

@operative

# Ports

1. Calls upon the participating States to: =>

  (a) open every ballast tank of a ferry that arrives from a closed harbour; [[3 bo #r2-inherit]]

  (b) tell the harbour master, who shall answer within a day. [[5 bo #r2-own-verb]]

2. Thanks the pilots. [[0]] // The list will shorten delays. [[0 #r7-will-effect]]

[^1]: Measured in tonnes. [[0]]
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "x.txt"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_rows_carry_code_context_and_offsets(source: Path) -> None:
    read = corpus.read_corpus([source])
    assert read.problems == []
    assert [(row.first.strength, row.role) for row in read.rows] == [
        (0, "title"),
        (0, "preamble"),
        (3, "operative"),
        (5, "operative"),
        (0, "operative"),
        (0, "operative"),
        (0, "other"),
    ]
    item = read.rows[2]
    assert (item.number, item.heading, item.lead_in) == ("1 (a)", "Ports", "Calls upon the participating States to:")
    for row in read.rows:
        words = read.texts["x.txt"][row.start : row.end].replace("[1]", "")
        assert " ".join(words.split()) == row.text


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[[3 bo #r2-inherit]]", "", "no code: open every"),
        ("[[3 bo", "[[7 bo", "no level 0 to 5"),
        ("[[3 bo", "[[3 xx", "xx unknown"),
        ("#r2-inherit", "#r2-nothing", "r2-nothing unknown"),
        ("[[0 ar #r1", "[[4 ar #r1", "preamble with level 4"),
        ("[[0 #r7-will-effect]]", "[[4 #r7-will-effect]]", "#r7-will-effect with level 4"),
        ("[[0 bo]]", "[[0 tt bo]]", "tt beside other areas"),
        ("[[3 bo #r2-inherit]]", "[[3 bo #a-untied]]", "#a-untied with border_security"),
        ("genre: pc-decision", "genre: poem", "genre 'poem'"),
    ],
)
def test_what_contradicts_the_guide_is_named(source: Path, old: str, new: str, problem: str) -> None:
    assert old in SOURCE
    source.write_text(SOURCE.replace(old, new, 1), encoding="utf-8")
    assert any(problem in one for one in corpus.read_corpus([source]).problems)


def test_a_code_for_other_words_does_not_count(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = corpus.read_corpus([source]).rows
    codes = [f"{row.id}\t{row.check}\t{row.first.strength}\t{' '.join(_short(row))}" for row in rows]
    (tmp_path / "second.tsv").write_text("\n".join(codes) + "\n", encoding="utf-8")
    monkeypatch.setattr(corpus, "SOURCES", tmp_path)
    monkeypatch.setattr(corpus, "CODES", tmp_path)
    assert corpus.read_corpus().problems == []
    source.write_text(SOURCE.replace("within a day", "within an hour"), encoding="utf-8")
    assert "x-003: the second code was given to other words; code it again" in corpus.read_corpus().problems
    (tmp_path / "second.tsv").write_text("\n".join(codes).replace("\t5\t", "\t3\t"), encoding="utf-8")
    source.write_text(SOURCE, encoding="utf-8")
    assert corpus.read_corpus().problems == ["x-003: the coders differ and nobody has settled it"]
    (tmp_path / "adjudicated.tsv").write_text(f"x-003\t{rows[3].check}\t5\tbo\town modal wins\n", encoding="utf-8")
    settled = corpus.read_corpus()
    assert settled.problems == []
    assert settled.rows[3].final.strength == 5


def _short(row: corpus.Row) -> list[str]:
    return [code for code, name in corpus.AREAS.items() if name in row.first.areas]


def test_near_duplicates_are_pairs_of_like_words(source: Path) -> None:
    rows = corpus.read_corpus([source]).rows
    assert corpus.near_duplicates(rows) == []
    assert corpus.near_duplicates([*rows, rows[2]]) == [(2, len(rows))]


def test_a_new_document_is_drawn_into_train_validation_or_test(source: Path) -> None:
    row = corpus.read_corpus([source]).rows[2]
    rows = [
        dataclasses.replace(row, document=f"{name}.txt", cluster=name, text=" ".join(f"{name}{at}" for at in range(9)))
        for name in "abcdefgh"
    ]
    parts = build.splits(rows, {"a.txt": "unseen"})
    assert parts.pop("a.txt") == "unseen"
    assert set(parts.values()) == {"train", "validation", "test"}


def test_a_document_stays_in_its_part_when_its_cluster_changes(source: Path) -> None:
    row = corpus.read_corpus([source]).rows[2]
    old, new, other = (
        dataclasses.replace(row, document=f"{name}.txt", cluster=name, text=" ".join(f"{word}{at}" for at in range(9)))
        for name, word in (("b", "w"), ("a", "w"), ("c", "x"))
    )
    assert build.splits([old, new, other], {"b.txt": "test"})["a.txt"] == "test"
    apart = dataclasses.replace(new, text="quite other words than those of the older document")
    assert build.splits([old, apart, other], {"b.txt": "test", "a.txt": "test"})["b.txt"] == "test"
    with pytest.raises(ValueError, match=r"a\.txt \(train\), b\.txt \(test\): .* reword"):
        build.splits([old, new, other], {"b.txt": "test", "a.txt": "train"})


def test_unseen_documents_are_by_writers_of_whom_nothing_is_elsewhere() -> None:
    parts = json.loads((FOLDER / "splits.json").read_text(encoding="utf-8"))["documents"]
    writers = {part: {name[:2] for name, of in parts.items() if of == part} for part in set(parts.values())}
    unseen = writers.pop("unseen")
    assert unseen
    assert not unseen & set.union(*writers.values())


# Two minutes on a quiet machine; the limit is there for a hang.
@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_corpus_is_up_to_date_and_reaches_its_floors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["build", "--check"])
    assert build.main() == 0, capsys.readouterr().out


@pytest.mark.slow
def test_rows_follow_their_schema_and_no_cluster_is_split() -> None:
    import jsonschema

    check = jsonschema.Draft202012Validator(json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")))
    parts: dict[str, set[str]] = {}
    for part in corpus.PARTS:
        for line in (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            check.validate(row)
            parts.setdefault(row["cluster"], set()).add(part)
    assert parts
    assert all(len(some) == 1 for some in parts.values())


def _card() -> dict[str, Any]:
    _, header, _ = (FOLDER / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(header)


def test_the_dataset_card_names_every_part_and_every_column() -> None:
    card = _card()
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    (config,) = card["configs"]
    assert [one["split"] for one in config["data_files"]] == list(corpus.PARTS)
    assert all((FOLDER / one["path"]).is_file() for one in config["data_files"])
    assert [one["name"] for one in card["dataset_info"]["features"]] == schema["required"]
    assert card["license"] == "cc0-1.0"


def test_the_dataset_card_tells_the_size_of_every_part() -> None:
    parts = Counter(json.loads((FOLDER / "splits.json").read_text(encoding="utf-8"))["documents"].values())
    rows = {part: (FOLDER / f"{part}.jsonl").read_text(encoding="utf-8").count("\n") for part in corpus.PARTS}
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for part in corpus.PARTS:
        assert f"| `{part}` | {parts[part]} | {rows[part]:,} |" in card


@pytest.mark.train
def test_datasets_loads_the_folder_without_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    monkeypatch.chdir(CORPORA.parent)
    loaded = datasets.load_dataset("corpora/commitments", cache_dir=str(tmp_path))
    assert list(loaded) == list(corpus.PARTS)
    assert loaded["validation"].num_rows == 1472
    row = loaded["validation"][0]
    assert row["strength"] in list(STRENGTHS)
    assert isinstance(row["threat_areas"], list)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a-2\t123456\t7\tbo", "second.tsv, line 2: no level 0 to 5 in [[7 bo]]"),
        ("a-2\t123456\t3\tsea", "second.tsv, line 2: sea unknown in [[3 sea]]"),
        ("a-2 123456 3", "second.tsv, line 2: id, check and level are wanted, with tabs between them"),
    ],
)
def test_a_line_that_is_no_code_is_named_and_the_others_are_read(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "second.tsv"
    path.write_text(f"a-1\t123456\t3\tbo\n{line}\n# remark\n\na-3\t123456\t0\n", encoding="utf-8")
    problems: list[str] = []
    assert corpus.read_codes(path, problems).keys() == {"a-1", "a-3"}
    assert problems == [told]

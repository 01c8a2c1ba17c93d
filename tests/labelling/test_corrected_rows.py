"""Corrections as labelled rows: what a training, a measurement and the corpus take."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.dataset import Dataset
from osce_commitments.errors import InputError
from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.items import load_items
from osce_commitments.labelling.session import answers_of, keep_answers
from osce_commitments.scoring.context import in_context
from osce_commitments.scoring.corrected_rows import read_rows, rows_sha256
from osce_commitments.train.data import read_corpus
from osce_commitments.train.settings import DataFiles
from tests.support.makers import LINES, batch, document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osce_commitments.schema import Classification, TaggedProvision


def say(data: Path, at: int, by: str = "Ada", **cells: str) -> None:
    dataset = Dataset(data)
    item = load_items(dataset)[at]
    read = answers_of("test", [Given("row 1", item.id, item.key, cells)], [item], by=by)
    keep_answers(dataset, read.answers)


def test_only_whole_and_settled_answers_are_rows(data: Path) -> None:
    with pytest.raises(InputError, match="nobody has checked strength and areas"):
        read_rows(data)
    say(data, 0, strength="committing", area_1="arms", role="annex")
    say(data, 1, strength="none")
    say(data, 2, strength="none", area_1="none", boundary="too_long")
    say(data, 3, strength="none", area_1="none")
    say(data, 3, "Ben", strength="urging", area_1="none")
    (row,) = read_rows(data)
    assert (row.strength, set(row.threat_areas), row.role) == ("committing", {"arms"}, "annex")
    assert row.document == load_items(Dataset(data))[0].place


def test_the_hash_changes_with_the_answers(data: Path, tmp_path: Path) -> None:
    say(data, 0, strength="committing", area_1="arms")
    before = rows_sha256(data)
    assert rows_sha256(data) == before
    say(data, 0, strength="urging")
    assert rows_sha256(data) != before
    (tmp_path / "x").write_bytes(b"")
    assert rows_sha256(tmp_path / "x").startswith("e3b0c442")


def test_a_training_reads_corrections(data: Path, tmp_path: Path) -> None:
    for at in range(6):
        say(data, at, strength="committing", area_1="arms")
    say(data, 0, "Ben", strength="committing", area_1="arms")
    line = {
        "id": "1",
        "doc": "d",
        "title": "t",
        "role": "operative",
        "heading": "",
        "lead_in": "",
        "number": "",
        "text": "x",
    }
    for name in ("train", "validation"):
        (tmp_path / name).write_text(json.dumps(line | {"strength": "none", "threat_areas": []}))
    found = read_corpus(
        DataFiles(train=tmp_path / "train", validation=tmp_path / "validation", test=None, corrections=data)
    )
    assert len(found.train) + len(found.validation) == 2 + 6
    learnt, held = ({row.document for row in part} for part in (found.train, found.validation))
    assert not (learnt - {"d"}) & (held - {"d"})
    assert found.sha256["corrections"] == rows_sha256(data)
    assert {row.strength for row in read_rows(data)} == {"committing"}


def test_the_rows_of_the_corpus_say_where_they_come_from(data: Path, tmp_path: Path, cli: Any) -> None:  # noqa: ANN401 - a fixture
    say(data, 0, strength="committing", area_1="arms", rule="S6", reason="as agreed")
    out = tmp_path / "rows.jsonl"
    assert cli("labels", "to-corpus", "-o", out, "--data", data).code == 0
    (line,) = map(json.loads, out.read_text().splitlines())
    assert line["provenance"]["made_by"] == ["Ada"]
    assert (line["provenance"]["rule"], line["provenance"]["reason"]) == ("S6", "as agreed")
    assert [row.strength for row in read_rows(out)] == [row.strength for row in read_rows(data)]


def test_a_measurement_reads_corrections(data: Path, tmp_path: Path, cli: Any) -> None:  # noqa: ANN401 - a fixture
    for at in range(6):
        say(data, at, strength="ok", area_1="none")
    answer = cli("evaluate", "--data", data, "--model", "rules", "--out", tmp_path / "report")
    assert answer.code == 0, answer.err
    figures = json.loads((tmp_path / "report" / "metrics.json").read_text())
    assert figures["data"]["rows"] == 6


class _Counting(RuleClassifier):
    """Doubts every provision of a document of which it does not see four."""

    def classify(self, tagged: Sequence[TaggedProvision]) -> list[Classification]:
        sizes = Counter(one.provision.document for one in tagged)
        seen = [sizes[one.provision.document] == 4 for one in tagged]
        return [replace(one, needs_review=not known) for one, known in zip(super().classify(tagged), seen, strict=True)]


def test_checked_provisions_are_judged_next_to_the_rest_of_their_documents(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf", [*LINES, "Calls upon B to act;"])))
    say(dataset.path, 0, strength="ok", area_1="ok")
    say(dataset.path, 2, strength="ok", area_1="ok")
    rows = read_rows(dataset.path)
    found = in_context(rows, dataset.path)
    assert [one.provision.text for one in found.rows] == [row.text for row in rows]
    assert len(found.provisions) == len(load_items(dataset)) == 4
    assert not any(one.needs_review for one in found.classified(_Counting()))
    assert all(one.needs_review for one in in_context(rows).classified(_Counting()))


def test_a_checked_provision_that_is_gone_is_judged_alone(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf")))
    say(dataset.path, 0, strength="ok", area_1="ok")
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf", ["Calls upon B to act;"])))
    rows = read_rows(dataset.path)
    found = in_context(rows, dataset.path)
    assert [one.provision.text for one in found.rows] == [row.text for row in rows]

"""Corrections in the dataset: they win, survive what changes around them, and can be switched off."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.corrections import LabelAnswer, Subject
from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.labels import Basis, CorrectionKind, ObligationStrength, Role, ThreatArea
from tests.support.makers import LINES, batch, document, provisions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from osce_commitments.schema import BatchResult, Row

B = "Calls upon B to act;"
ARMS = {"threat_areas": (ThreatArea.ARMS,), "area_basis": (Basis.IMPLIED,)}


def two_documents(dataset: Dataset) -> None:
    commit(dataset, batch(document("a.pdf"), document("b.pdf", [B], date=None, symbol="MC.DEC/91/91")))


@pytest.fixture
def filled(copied: Callable[..., Dataset], tmp_path: Path) -> Dataset:
    return copied(two_documents, tmp_path)


def commit(dataset: Dataset, *batches: BatchResult) -> None:
    with dataset.writer("run", pipeline="p1") as writer:
        for one in batches:
            writer.commit(one)


def row_of(dataset: Dataset, text: str, version: int | None = None) -> Row:
    (found,) = [row for row in dataset.read("provisions", version).to_pylist() if row["text"] == text]
    return found


def answer(dataset: Dataset, text: str, by: str = "Ada", **said: Any) -> LabelAnswer:  # noqa: ANN401 - any label
    return LabelAnswer(Subject.of(row_of(Dataset(dataset.path, "model"), text)), by, **said)


def correct(dataset: Dataset, *answers: LabelAnswer) -> int | None:
    with dataset.writer("hand", pipeline="p1") as writer:
        return writer.correct(answers)


def test_a_correction_wins_and_is_marked(filled: Dataset) -> None:
    said = answer(filled, LINES[1], strength=ObligationStrength.COMMITTING, **ARMS)
    assert correct(filled, said) == 2
    row = row_of(filled, LINES[1])
    assert (row["strength"], row["strength_level"], row["threat_areas"]) == ("committing", 4, ["arms"])
    assert (row["corrected"], row["corrected_by"]) == (["strength", "threat_areas"], "Ada")
    assert row["strength_cue"] is None
    assert not row["needs_review"]
    assert filled.info().message == "1 correction by Ada"
    assert filled.info().counts["corrections"] == 1
    before = row_of(filled, LINES[1], 1)
    assert (before["strength"], before["corrected"]) == ("urging", [])


def test_other_provisions_stay(filled: Dataset) -> None:
    before = [row for row in filled.read("provisions").to_pylist() if row["text"] != LINES[1]]
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.NONE))
    assert [row for row in filled.read("provisions").to_pylist() if row["text"] != LINES[1]] == before


def test_the_labels_of_the_program_can_be_read(filled: Dataset) -> None:
    before = filled.read("provisions")
    correct(
        filled,
        answer(filled, LINES[2], strength=ObligationStrength.NONE, role=Role.ANNEX, addressee=("ODIHR",), **ARMS),
    )
    assert row_of(filled, LINES[2])["addressee"] == ["ODIHR"]
    assert Dataset(filled.path, "model").read("provisions").equals(before)
    assert Dataset(filled.path, "model").scan("provisions").count_rows() == before.num_rows
    with pytest.raises(ConfigError, match=r"unknown labels 'mine'\. Choose from: corrected, model"):
        Dataset(filled.path, "mine")


def test_the_same_answer_twice_is_no_change(filled: Dataset) -> None:
    said = answer(filled, LINES[1], strength=ObligationStrength.COMMITTING)
    assert correct(filled, said) == 2
    assert correct(filled, said, said) is None
    assert filled.latest_version() == 2


def test_a_person_may_change_their_mind(filled: Dataset) -> None:
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.COMMITTING, **ARMS))
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.NONE))
    row = row_of(filled, LINES[1])
    assert (row["strength"], row["threat_areas"]) == ("none", ["arms"])
    assert filled.read("corrections").num_rows == 2


def test_an_answer_is_taken_back_by_a_new_row(filled: Dataset) -> None:
    before = row_of(filled, LINES[1])
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.COMMITTING))
    assert correct(filled, answer(filled, LINES[1], kind=CorrectionKind.WITHDRAWAL)) == 3
    assert row_of(filled, LINES[1]) == before
    assert filled.read("corrections").num_rows == 2
    assert correct(filled, answer(filled, LINES[1], kind=CorrectionKind.WITHDRAWAL)) is None


def test_taking_back_leaves_the_answers_of_others(filled: Dataset) -> None:
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.COMMITTING))
    correct(filled, answer(filled, LINES[1], "Ben", strength=ObligationStrength.NONE))
    correct(filled, answer(filled, LINES[1], "Ben", kind=CorrectionKind.WITHDRAWAL))
    row = row_of(filled, LINES[1])
    assert (row["strength"], row["corrected_by"]) == ("committing", "Ada")


def test_two_who_differ_are_marked_until_somebody_decides(filled: Dataset) -> None:
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.COMMITTING, **ARMS))
    correct(filled, answer(filled, LINES[1], "Ben", strength=ObligationStrength.NONE, **ARMS))
    row = row_of(filled, LINES[1])
    assert (row["strength"], row["needs_review"], row["corrected_by"]) == ("none", True, "Ben")
    decided = answer(
        filled, LINES[1], "Cleo", kind=CorrectionKind.ADJUDICATION, strength=ObligationStrength.COMMITTING, **ARMS
    )
    correct(filled, decided)
    row = row_of(filled, LINES[1])
    assert (row["strength"], row["needs_review"], row["corrected_by"]) == ("committing", False, "Cleo")
    correct(filled, answer(filled, LINES[1], "Ben", strength=ObligationStrength.URGING))
    assert row_of(filled, LINES[1])["strength"] == "committing"


def test_a_correction_survives_a_file_fetched_again(filled: Dataset) -> None:
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.COMMITTING))
    again = document("a.pdf", [LINES[0], LINES[1].upper().replace(" ", "  "), "Tasks A to act."])
    commit(filled, batch(again))
    rows = {row["text"]: row for row in filled.read("provisions").to_pylist()}
    assert rows[LINES[1].upper().replace(" ", "  ")]["strength"] == "committing"
    assert rows["Tasks A to act."]["corrected"] == []


@pytest.mark.parametrize("change", [{"symbol": "MC.DEC/90/92"}, {"title": "Decision on the security of borders"}])
def test_a_correction_survives_a_new_symbol_or_title(filled: Dataset, change: dict[str, str]) -> None:
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.COMMITTING))
    of = replace(document("a.pdf", content="new"), **change)
    commit(filled, batch(of))
    assert row_of(filled, LINES[1])["strength"] == "committing"


def test_a_correction_does_not_reach_another_document(filled: Dataset) -> None:
    correct(filled, answer(filled, B, strength=ObligationStrength.NONE))
    commit(filled, batch(replace(document("c.pdf", [B], symbol="MC.DEC/92/92"), title="Decision on lamps")))
    rows = [row for row in filled.read("provisions").to_pylist() if row["text"] == B]
    assert sorted((row["strength"], row["corrected_by"]) for row in rows) == [("none", "Ada"), ("urging", "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Calls upon the participating States to share lists of stolen travel documents;", ("none", "Ada", True)),
        ("share lists of stolen documents;", ("none", "", False)),  # short items recur under other lead-ins
    ],
)
def test_a_correction_under_another_lead_in_is_marked_for_review(
    filled: Dataset, text: str, expected: tuple[str, str, bool]
) -> None:
    first = document("c.pdf", [text], symbol="MC.DEC/91/93")
    commit(filled, batch(first))
    correct(filled, answer(filled, text, strength=ObligationStrength.NONE, threat_areas=(), area_basis=()))
    again = document("c.pdf", [text], symbol="MC.DEC/91/93", content="again")
    led = [
        replace(one, tagged=replace(one.tagged, provision=replace(one.tagged.provision, lead_in="The Council:")))
        for one in provisions(again)
    ]
    commit(filled, replace(batch(again), provisions=tuple(led)))
    row = row_of(filled, text)
    assert (row["strength"], row["corrected_by"], row["needs_review"]) == expected
    assert filled.read("corrections").num_rows == 1


def test_a_correction_survives_another_model(filled: Dataset) -> None:
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.COMMITTING))
    with filled.writer("new model", pipeline="p1") as writer:
        for items in filled.other_models("other@1"):
            assert {item.labels.strength for item in items} == {"none", "urging", "mandating"}
            new = [
                replace(item, labels=replace(item.labels, model_id="other@1", strength=ObligationStrength.PERMISSIVE))
                for item in items
            ]
            writer.relabel(new)
    assert row_of(filled, LINES[1])["strength"] == "committing"
    assert row_of(Dataset(filled.path, "model"), LINES[1])["strength"] == "permissive"
    assert row_of(filled, LINES[2])["strength"] == "permissive"


def test_diff_lists_corrections(filled: Dataset) -> None:
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.COMMITTING))
    found = filled.diff(1, 2)
    assert [(a["strength"], b["strength"]) for a, b in found.relabelled] == [("urging", "committing")]
    assert [row["made_by"] for row in found.corrections] == ["Ada"]
    assert filled.diff(2, 1).corrections == ()


def test_a_dataset_is_needed(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "none")
    with dataset.writer("hand", pipeline="p1") as writer, pytest.raises(DatasetError, match="there is no dataset"):
        writer.correct([])


def test_corrections_belong_to_versions(filled: Dataset) -> None:
    correct(filled, answer(filled, LINES[1], strength=ObligationStrength.COMMITTING))
    assert filled.read("corrections", 1).num_rows == 0
    row = filled.read("corrections").to_pylist()[0]
    assert (row["model_strength"], row["strength"], row["threat_areas"]) == ("urging", "committing", None)
    assert row["made_at"] <= dt.datetime.now(dt.UTC)

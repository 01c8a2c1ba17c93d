"""What to look at next, agreement, status."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from osce_commitments.corrections import standing_answers
from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError
from osce_commitments.labelling.agreement import agreement, answers_in_words
from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.items import load_items
from osce_commitments.labelling.queue import choose_rows, learnt_doubts, next_items, plain_doubts
from osce_commitments.labelling.session import answers_of, disputed_items, keep_answers, status_of, withdrawal
from osce_commitments.labels import THREAT_AREAS, CorrectionKind, LabelKind
from osce_commitments.scoring.metrics import alpha_ordinal
from tests.support.makers import LINES, batch, document


def say(data: Path, at: int, by: str = "Ada", kind: CorrectionKind = CorrectionKind.ANSWER, **cells: str) -> None:
    dataset = Dataset(data)
    item = load_items(dataset)[at]
    read = answers_of("test", [Given("row 1", item.id, item.key, cells)], [item], by=by, kind=kind)
    keep_answers(dataset, read.answers)


def test_what_a_person_has_checked_is_not_asked_again(data: Path) -> None:
    dataset = Dataset(data)
    every = {one.item.id for one in next_items(dataset, 50)}
    assert len(every) == len(load_items(dataset)) == 6
    first = next_items(dataset, 1)[0].item
    at = [item.id for item in load_items(dataset)].index(first.id)
    say(data, at, strength="none")
    assert first.id in {one.item.id for one in next_items(dataset, 50)}
    assert first.id not in {one.item.id for one in next_items(dataset, 50, "strength")}
    say(data, at, area_1="none")
    assert {one.item.id for one in next_items(dataset, 50)} == every - {first.id}
    assert first.id in {one.item.id for one in next_items(dataset, 50, by="Ben")}
    assert first.id not in {one.item.id for one in next_items(dataset, 50, by="Ada")}


def test_the_doubtful_ones_come_first(data: Path) -> None:
    found = next_items(Dataset(data), 6)
    assert [one.doubt for one in found] == sorted((one.doubt for one in found), reverse=True)


def test_a_first_round_spreads_over_the_documents(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    many = [
        document(f"{n}.pdf", [f"Calls upon State {n} to act {line};" for line in range(6)], symbol=f"MC.DEC/9{n}/1")
        for n in range(4)
    ]
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(*many))
    places = [one.item.place for one in next_items(dataset, 12)]
    assert {places.count(place) for place in places} == {3}


def test_errors_that_people_found_raise_the_doubt_of_the_area(data: Path) -> None:
    dataset = Dataset(data)
    items, column = load_items(dataset), THREAT_AREAS.index("border_security")  # type: ignore[arg-type]
    before = plain_doubts(items).areas[:, column]
    for at in (0, 1):
        say(data, at, area_1="none")
    after = learnt_doubts(items, standing_answers(dataset.read("corrections").to_pylist())).areas[:, column]
    is_there = np.array([item.document["id"] == items[0].document["id"] for item in items])
    assert (after > before).tolist() == is_there.tolist()
    assert not is_there.all()


def test_answers_that_confirm_lower_the_doubt(data: Path) -> None:
    dataset = Dataset(data)
    items = load_items(dataset)
    for at in (0, 1, 2):
        say(data, at, strength="ok", area_1="ok")
    standing = standing_answers(dataset.read("corrections").to_pylist())
    before, after = learnt_doubts(items, {}), learnt_doubts(items, standing)
    assert after.of()[0] < before.of()[0]
    assert (after.of() <= before.of()).all()
    assert (after.expected() <= before.expected()).all()


def test_errors_in_a_strength_raise_the_doubt_of_that_strength(data: Path) -> None:
    dataset = Dataset(data)
    items = load_items(dataset)
    say(data, 0, strength="none")
    standing = standing_answers(dataset.read("corrections").to_pylist())
    before, after = learnt_doubts(items, {}).strength, learnt_doubts(items, standing).strength
    assert (after > before).tolist() == [item.row["strength"] == items[0].row["strength"] for item in items]


def test_a_provision_that_is_marked_for_review_is_worth_more(data: Path) -> None:
    marked, *_ = items = load_items(Dataset(data))
    plain = replace(marked, row=marked.row | {"needs_review": False})
    marked = replace(marked, row=marked.row | {"needs_review": True})
    for wanted, is_more in (("", True), ("strength", True), ("areas", False)):
        first, second = learnt_doubts([marked, plain, *items[1:]], {}).expected(wanted)[:2]
        assert (first > second) == is_more


def test_near_copies_are_not_chosen_together(data: Path) -> None:
    items = load_items(Dataset(data))[:4]
    same = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    doubts = np.array([0.5, 0.49, 0.3, 0.1])
    assert choose_rows(items, 3, doubts, is_first=False, embed=lambda _: same.astype(np.float32))[:2] == [0, 2]
    assert choose_rows(items, 3, doubts, is_first=False)[:2] == [0, 1]


def test_an_unknown_label_is_refused(data: Path) -> None:
    with pytest.raises(ConfigError, match="there is no label 'weapons'"):
        next_items(Dataset(data), 5, "weapons")


@pytest.mark.parametrize(
    ("units", "alpha"),
    [
        ([[1, 1], [2, 2], [5, 5]], 1.0),
        # Computed by hand from the coincidence matrix: values 0, 1, 1, 1; ranks 0.5, 2.5; one pair of four differs.
        ([[0, 1], [1, 1]], 0.0),
        ([[3], [4]], 1.0),
    ],
)
def test_alpha(units: list[list[int]], alpha: float) -> None:
    assert alpha_ordinal(units, 6) == pytest.approx(alpha)


def test_alpha_punishes_distance_and_takes_missing_codes() -> None:
    near = [[0, 0, 0], [1, 1, 2], [3, 3], [5, 5, 5], [2, 2, 2]]
    far = [[0, 0, 0], [1, 1, 5], [3, 3], [5, 5, 5], [2, 2, 2]]
    assert 1 > alpha_ordinal(near, 6) > alpha_ordinal(far, 6) > 0


def test_agreement_of_two(data: Path) -> None:
    for at, (one, other) in enumerate(
        [("none", "none"), ("urging", "urging"), ("none", "mandating"), ("urging", "urging")]
    ):
        say(data, at, strength=one, area_1="arms")
        say(data, at, "Ben", strength=other, area_1="arms" if at else "none")
    say(data, 4, strength="none", area_1="none")
    found = agreement(standing_answers(Dataset(data).read("corrections").to_pylist()))
    assert (found.people, found.strength_units, found.area_units, found.same_areas) == (("Ada", "Ben"), 4, 4, 0.75)
    assert found.alpha is not None
    assert 0 < found.alpha < 1
    arms = next(one for one in found.areas if one.area == "arms")
    assert (arms.given, arms.differing, arms.kappa) == (7, 1, 0.0)
    assert [answers_in_words(one) for one in found.differing] == [
        "Ada: none, arms; Ben: mandating, arms",
        "Ada: none, arms; Ben: none, no area",
    ]


def test_disagreements_are_decided(data: Path) -> None:
    say(data, 0, strength="none")
    say(data, 0, "Ben", strength="urging")
    (item,) = disputed_items(Dataset(data))
    assert item.answers == "Ada: none; Ben: urging"
    assert len(status_of(Dataset(data)).disputed) == 1
    say(data, 0, "Cleo", CorrectionKind.ADJUDICATION, strength="urging")
    assert disputed_items(Dataset(data)) == []
    assert status_of(Dataset(data)).people == {"Ada": 1, "Ben": 1, "Cleo": 1}


def test_status_lists_corrections_that_find_no_provision(data: Path) -> None:
    texts = [item.row["text"] for item in load_items(Dataset(data))]
    say(data, texts.index(LINES[1]), strength="committing")
    say(data, texts.index(LINES[0]), strength="ok")
    found = status_of(Dataset(data))
    assert (found.unattached, found.answered, found.same) == ((), {LabelKind.STRENGTH: 2}, {LabelKind.STRENGTH: 1})
    dataset = Dataset(data)
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf", [LINES[0], "Calls upon others to act."])))
    (lost,) = status_of(dataset).unattached
    assert lost.row["text"] == LINES[1]
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf", [*LINES, "More."])))
    assert status_of(dataset).unattached == ()
    keep_answers(dataset, [withdrawal(dataset, lost.key, "Ada")])
    assert len(status_of(dataset).standing) == 1


def test_commands(data: Path, tmp_path: Path, cli: Any) -> None:  # noqa: ANN401 - a fixture
    ids = [item.id for item in load_items(Dataset(data))]
    at = ["--data", data]
    assert ids[0] in cli("labels", "next", "--no-meaning", *at).out
    assert cli("labels", "set", ids[0], "--strength", "urging", "--by", "Ada", *at).code == 0
    assert "unchanged" in cli("labels", "set", ids[0], "--strength", "3", "--by", "Ada", *at).out
    assert "no label is given" in cli("labels", "set", ids[0], "--by", "Ada", *at).err
    assert "unknown label" in cli("labels", "set", ids[0], "--strength", "x", "--by", "Ada", *at).err
    assert "checked by  Ada: strength; the program said strength" in " ".join(
        cli("show", ids[0], *at).out.split("\n")
    ).replace("   ", "  ")
    assert "person" in cli("rules", "why", ids[0], *at).out
    assert "checked by" not in cli("show", ids[0], "--labels", "model", *at).out
    assert "strength urging" in cli("diff", "1", "2", *at).out
    assert '"corrections": 1' in cli("versions", "--json", *at).out
    assert "1 provision checked (1 answer)" in cli("labels", "status", *at).out
    assert "alpha" in cli("labels", "agreement", *at).out
    assert "no open disagreement" in cli("labels", "adjudicate", "-o", tmp_path / "d.xlsx", *at).out
    assert cli("query", "--corrected", "--format", "jsonl", *at).out.count('"id"') == 1
    assert "made_by" in cli("sql", "SELECT made_by FROM corrections", *at).out
    counts = "SELECT count(*) AS n FROM provisions WHERE strength = 'urging'"
    assert cli("sql", counts, *at).out != cli("sql", counts, "--labels", "model", *at).out
    assert "taken back" in cli("labels", "take-back", ids[0], "--by", "Ada", *at).out
    assert "Ada has no answer" in cli("labels", "take-back", ids[0], "--by", "Ada", *at).err
    assert cli("labels", "export", "-o", tmp_path / "x.csv", "--no-meaning", "--budget", "2", *at).code == 0
    assert "0 new" in cli("labels", "import", tmp_path / "x.csv", "--by", "Ada", *at).out

from __future__ import annotations

from typing import TYPE_CHECKING

from osce_commitments.dataset import Outcome
from tests.support.makers import batch, document, reject

if TYPE_CHECKING:
    from osce_commitments.dataset import Dataset

NEW, CHANGED, UNCHANGED, DUPLICATE, REJECTED = Outcome

A, B, U = document("a.pdf"), document("b.pdf", ["Tasks B."]), document("u.pdf", ["Tasks U."], date=None)
BAD, DEFECT = reject("bad.pdf"), reject("defect.pdf", reason="defect")
UNREAD = reject("gone.pdf", content="")
A_SHA, B_SHA, OTHER = A.source_sha256, B.source_sha256, "0" * 64


def filled(dataset: Dataset) -> Dataset:
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(A, B, U, rejects=[BAD, DEFECT, UNREAD, reject("b.pdf", content="old")]))
        writer.commit(batch(B))
        writer.commit(batch(rejects=[reject("u.pdf", content="newer")]))
    return dataset


def test_everything_is_new_to_an_empty_dataset(dataset: Dataset) -> None:
    inputs = [("a.pdf", A_SHA), ("copy.pdf", A_SHA), ("-", ""), ("http://x.invalid/", "")]
    assert dataset.plan(inputs, "p1") == [NEW, DUPLICATE, NEW, NEW]
    assert [outcome.is_work for outcome in Outcome] == [True, True, False, False, False]


def test_known_bytes_are_unchanged(dataset: Dataset) -> None:
    inputs = [("a.pdf", A_SHA), ("b.pdf", B_SHA), ("copy.pdf", A_SHA), ("bad.pdf", BAD.source_sha256)]
    assert filled(dataset).plan(inputs, "p1") == [UNCHANGED, UNCHANGED, DUPLICATE, REJECTED]


def test_other_bytes_another_pipeline_and_unread_bytes_are_work(dataset: Dataset) -> None:
    filled(dataset)
    assert dataset.plan([("a.pdf", OTHER), ("bad.pdf", OTHER), ("a.pdf", "")], "p1") == [CHANGED] * 3
    assert dataset.plan([("a.pdf", A_SHA), ("bad.pdf", BAD.source_sha256)], "p2") == [CHANGED] * 2
    assert dataset.plan([("a.pdf", A_SHA), ("copy.pdf", A_SHA)], "p2") == [CHANGED, DUPLICATE]


def test_what_was_never_read_or_met_a_defect_is_tried_again(dataset: Dataset) -> None:
    inputs = [("gone.pdf", OTHER), ("defect.pdf", DEFECT.source_sha256)]
    assert filled(dataset).plan(inputs, "p1") == [CHANGED, CHANGED]


def test_a_source_that_is_good_again_is_seen_again_so_that_its_reject_goes(dataset: Dataset) -> None:
    assert filled(dataset).plan([("u.pdf", U.source_sha256)], "p1") == [CHANGED]
    with dataset.writer("run2", pipeline="p1") as writer:
        assert writer.commit(batch(U)) is not None
    assert dataset.plan([("u.pdf", U.source_sha256)], "p1") == [UNCHANGED]


def test_a_copy_is_work_once_the_first_path_gets_other_bytes(dataset: Dataset) -> None:
    inputs = [("a.pdf", OTHER), ("copy.pdf", A_SHA)]
    assert filled(dataset).plan(inputs, "p1") == [CHANGED, NEW]
    with dataset.writer("run2", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf", ["Tasks A."]), document("copy.pdf")))
    assert dataset.read("documents")["source"].to_pylist() == ["a.pdf", "b.pdf", "copy.pdf", "u.pdf"]


def test_the_copy_may_come_before_the_first_path(dataset: Dataset) -> None:
    with filled(dataset).writer("run2", pipeline="p1") as writer:
        writer.commit(batch(document("copy.pdf")))
        writer.commit(batch(document("a.pdf", ["Tasks A."])))
    assert dataset.read("documents")["source"].to_pylist() == ["a.pdf", "b.pdf", "copy.pdf", "u.pdf"]


def test_a_path_that_becomes_a_copy_gives_its_old_document_up(dataset: Dataset) -> None:
    inputs = [("a.pdf", A_SHA), ("b.pdf", A_SHA)]
    assert filled(dataset).plan(inputs, "p1") == [UNCHANGED, CHANGED]
    with dataset.writer("run2", pipeline="p1") as writer:
        writer.commit(batch(document("b.pdf")))
    assert dataset.read("documents")["source"].to_pylist() == ["b.pdf", "u.pdf"]
    assert [outcome.is_work for outcome in dataset.plan(inputs, "p1")] == [False, False]


def test_other_limits_are_work_for_what_was_refused_only(dataset: Dataset) -> None:
    with dataset.writer("run1", pipeline="p1/small") as writer:
        writer.commit(batch(A, rejects=[BAD]))
    inputs = [("a.pdf", A_SHA), ("bad.pdf", BAD.source_sha256)]
    assert dataset.plan(inputs, "p1/small") == [UNCHANGED, REJECTED]
    assert dataset.plan(inputs, "p1/large") == [UNCHANGED, CHANGED]
    assert dataset.plan(inputs, "p2/small") == [CHANGED, CHANGED]

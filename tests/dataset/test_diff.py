from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.errors import DatasetError
from osce_commitments.texts.places import place
from tests.support.makers import LINES, batch, document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from osce_commitments.dataset import Dataset
    from osce_commitments.schema import Document


def commit(dataset: Dataset, *documents: Document) -> Dataset:
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(*documents))
    return dataset


def texts(rows: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(row["text"] for row in rows)


def test_added_and_removed_documents(dataset: Dataset) -> None:
    commit(dataset, document("a.pdf"))
    commit(dataset, document("b.pdf", ["Tasks B."], date=None))
    there, back = dataset.diff(1, 2), dataset.diff(2, 1)
    assert [row["source"] for row in there.documents_added] == ["b.pdf"]
    assert texts(there.provisions_added) == ["Tasks B."]
    assert (there.documents_removed, there.documents_changed, there.provisions_removed) == ((), (), ())
    assert back.documents_removed == there.documents_added
    assert texts(back.provisions_removed) == ["Tasks B."]
    assert (there.before, there.after) == (1, 2)


def test_an_edited_document_shows_only_what_was_edited(dataset: Dataset) -> None:
    commit(dataset, document("a.pdf"), document("b.pdf", ["Tasks B."]))
    commit(dataset, document("a.pdf", ["A new first line;", *LINES[:2], "Tasks C."], date=dt.date(2093, 1, 1)))
    diff = dataset.diff(1, 2)
    ((before, after),) = diff.documents_changed
    assert (before["source"], before["date"].year, after["date"].year) == ("a.pdf", 2091, 2093)
    assert texts(diff.provisions_added) == ["A new first line;", "Tasks C."]
    assert texts(diff.provisions_removed) == [LINES[2]]
    assert {row["symbol"] for row in diff.provisions_added} == {"MC.DEC/90/91"}
    assert (diff.documents_added, diff.relabelled, diff.is_empty) == ((), (), False)


def test_a_repeated_sentence_is_counted(dataset: Dataset) -> None:
    commit(dataset, document("a.pdf", ["Tasks B."] * 3))
    commit(dataset, document("a.pdf", ["Tasks B."] * 2))
    diff = dataset.diff(1, 2)
    assert (texts(diff.provisions_removed), diff.provisions_added) == (["Tasks B."], ())


def test_rows_have_the_places_of_their_citations(dataset: Dataset) -> None:
    commit(dataset, document("a.pdf"))
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("b.pdf", ["Recalling A,", "Tasks B.", "Tasks C."]), number="4"))
    added = dataset.diff(1, 2).provisions_added
    assert [place(row) for row in added] == ["preamble, para. 4", "para. 4, first sentence", "para. 4, second sentence"]


def test_the_same_sentence_elsewhere_is_another(dataset: Dataset) -> None:
    commit(dataset, document("a.pdf", ["Tasks B."]))
    commit(dataset, document("b.pdf", ["Tasks B.", "Tasks C."]))
    assert texts(dataset.diff(1, 2).provisions_added) == ["Tasks B.", "Tasks C."]


def test_a_version_does_not_differ_from_itself(dataset: Dataset) -> None:
    commit(dataset, document("a.pdf"))
    commit(dataset, document("b.pdf", ["Tasks B."]))
    assert dataset.diff(1, "1").is_empty
    assert dataset.diff(None, "latest").is_empty


def test_a_version_that_does_not_exist(dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match=r"there is no version 2\. Available: 1"):
        commit(dataset, document("a.pdf")).diff(1, 2)

"""The form score: what known forms explain of a text, and what follows for counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import osce_commitments
from osce_commitments import report
from osce_commitments.config import Limits
from osce_commitments.dataset import Dataset
from osce_commitments.documents import parse
from osce_commitments.flows.reading import loaded_tagger, with_form_score
from osce_commitments.labels import MediaType, TextForm
from osce_commitments.provisions import segment
from osce_commitments.query import Selection, run_sql
from osce_commitments.schema import Document, Source, SourceRef
from tests.support.makers import batch, document

ACTS = ["Decides to count the lamps;", "Requests the Keepers to report every year."]
TALES = [
    "Lamps on the coast are old and few.",
    "Their oil comes from the valleys in carts of two wheels.",
    "No keeper remembers a winter without storms.",
]
CASES = [
    ("a decision", ["The Board of Lamps,", "Recalling its rules,", *(f"{n}. {act}" for n, act in enumerate(ACTS, 1))], ""),
    ("acts without enacting words", ["The guards shall count the lamps.", "Each keeper shall report every year."], ""),
    ("a tale", TALES, "0% of the text explained: no enacting words found and no recitals found"),
    ("a numbered tale", [f"{n}. {tale}" for n, tale in enumerate(TALES, 1)], "0% of the text explained: no enacting words found"),
    ("a tale with one act", [*TALES, *TALES, "The guards shall count."], "of the text explained: no enacting words found"),
]  # fmt: skip


@pytest.mark.parametrize(("paragraphs", "because"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_form_of_a_text(paragraphs: Sequence[str], because: str) -> None:
    scored = _scored("LAMPS OF THE COAST", *paragraphs)
    assert scored.form is (TextForm.UNKNOWN if because else TextForm.KNOWN)
    assert because in scored.form_because
    assert scored.is_doubtful is bool(because)


def test_a_text_that_nobody_adopts_has_no_score() -> None:
    scored = _scored("REPORT ON THE LAMPS", *TALES)
    assert (scored.form, scored.form_score) == (TextForm.KNOWN, None)


def test_acts_of_a_text_of_unknown_form_do_not_count_unless_asked_for(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    because = "18% of the text explained: no enacting words found"
    unread = replace(
        document("in/unread.pdf", ["Tasks B to act."]), form=TextForm.UNKNOWN, form_score=0.18, form_because=because
    )
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(document("in/read.pdf"), unread))
    reader = osce_commitments.open(dataset.path)
    assert {row["source"] for row in reader.rows(commitments=True)} == {"in/read.pdf"}
    assert set(run_sql(dataset, "SELECT form FROM commitments")["form"].to_pylist()) == {"known"}
    assert {row["source"] for row in reader.rows(form="unknown")} == {"in/unread.pdf"}
    assert {row["source"] for row in reader.rows(form="any")} == {"in/read.pdf", "in/unread.pdf"}
    facets = reader.facets(commitments=True)
    assert [count.value for count in facets.form] == ["known"]
    usual, every = (
        report.render(report.overview(reader, Selection.of(**conditions)), "md").decode()
        for conditions in ({}, {"form": "any"})
    )
    assert because in usual
    assert "form unknown" not in usual
    assert "form unknown" in every


def _scored(*paragraphs: str) -> Document:
    source = Source(SourceRef("/in/x.txt", MediaType.TEXT), "\n\n".join(paragraphs).encode())
    ((document,), _) = parse(source, limits=Limits())
    return with_form_score(document, loaded_tagger().tag(segment(document)))

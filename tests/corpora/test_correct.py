"""Labels of the corpus, corrected from a file that a person filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora.commitments.corpus import SOURCES, read_corpus
from corpora.commitments.correct import lines_of
from osce_commitments.labelling.cells import WrongCellsError
from osce_commitments.labelling.formats import read_file, write_file
from osce_commitments.labelling.items import doubted_items
from osce_commitments.labels import STRENGTHS, Role, ThreatArea
from osce_commitments.scoring.labelled_rows import LabelledRow
from tests.labelling.test_formats import fill_csv


def test_answers_become_lines_of_the_adjudication(tmp_path: Path) -> None:
    rows = read_corpus([min(SOURCES.glob("*.txt"))]).rows
    labelled = [
        LabelledRow(
            row.id, row.document, row.title, Role(row.role), (), row.lead_in, row.number, row.text,
            STRENGTHS[row.final.strength], frozenset(map(ThreatArea, row.final.areas)),
        )
        for row in rows[:3]
    ]  # fmt: skip
    path = tmp_path / "doubted.csv"
    write_file(doubted_items((row, "strength: none, likelier urging") for row in labelled), path, "")
    assert "likelier urging" in path.read_text(encoding="utf-8-sig")
    assert lines_of("x", read_file(path), rows, "Ada") == []
    fill_csv(path, strength="urging", area_1="arms", area_2="policing", rule="S6", reason="as\tagreed")
    (line,) = lines_of("x", read_file(path), rows, "Ada")
    assert line.split("\t") == [rows[1].id, rows[1].check, "3", "ar po", "by Ada; S6; as agreed"]
    fill_csv(path, strength="x")
    with pytest.raises(WrongCellsError, match="row 3, column strength: unknown label 'x'"):
        lines_of("x", read_file(path), rows, "Ada")

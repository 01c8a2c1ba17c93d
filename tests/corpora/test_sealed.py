"""The sealed part is measured, logged and never shown."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from corpora.real import sealed
from osce_commitments.scoring.addressed_rows import passage_of

TEXTS = {"Members shall count the boats.": "mandating", "Boats sail on lakes.": "committing"}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    parts = {"lakes": "sealed", "hills": "learn"}
    documents = [
        {"id": name, "kind": "forum", "title": "Boats", "address": "", "part": part} for name, part in parts.items()
    ]
    rows = [
        {
            "id": f"{document}-{number}",
            "document": document,
            "role": "operative",
            "number": "1",
            "heading": [],
            "lead_in": [],
        }
        | {"text": [passage_of(text)], "strength": strength, "threat_areas": []}
        for document in parts
        for number, (text, strength) in enumerate(TEXTS.items())
    ]
    for name, lines in (("documents", documents), ("rows", rows)):
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    (tmp_path / "lakes.txt").write_text("The Forum of Lakes,\n\n" + "\n\n".join(TEXTS))
    return tmp_path


def test_an_opening_has_figures_of_the_sealed_rows_alone_and_no_text(corpus: Path) -> None:
    line = sealed.opening("rules", [], [str(corpus / "lakes.txt")], corpus)
    assert (line["rows"], line["documents"], line["missing"]) == (2, 1, 0)
    assert line["strength"]["accuracy"] == 0.5
    assert "boats" not in json.dumps(line).lower()


def test_each_opening_adds_a_line_and_prints_no_row(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = corpus / "log.jsonl"
    monkeypatch.setattr(sealed, "_CORPUS", corpus)
    monkeypatch.setattr(
        sys, "argv", ["sealed", "rules", str(corpus / "lakes.txt"), "--beside", "rules", "--log", str(log)]
    )
    sealed.main()
    sealed.main()
    assert len(log.read_text().splitlines()) == 2
    printed = capsys.readouterr().out
    assert "2 rows of 1 documents; 0 rows are missing" in printed
    assert "boats" not in printed.lower()


def test_documents_without_a_sealed_word_are_refused(corpus: Path, tmp_path: Path) -> None:
    (other := tmp_path / "other.txt").write_text("The Forum of Hills,\n\nCounts its goats.")
    with pytest.raises(sealed.InputError, match="no document has the words of a sealed row"):
        sealed.opening("rules", [], [str(other)], corpus)

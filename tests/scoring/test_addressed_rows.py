"""Labelled rows without text: the words come back from the documents, however they are cut."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from osce_commitments.cli import build
from osce_commitments.config import Fetch, Limits
from osce_commitments.errors import ConfigError, InputError
from osce_commitments.scoring.addressed_rows import hydrate, passage_of
from osce_commitments.scoring.labelled_rows import rows_of_file

DOCUMENT = """The Forum of Lakes,

1. Calls upon its members to:
(a) Mark each boat that leaves “Port\u00a0One”;
(b) Count the boats.
"""
STEM = "1. Calls upon its members to:"


def _corpus(folder: Path, *texts: str, part: str = "learn") -> Path:
    folder.mkdir()
    document = {"id": "lakes", "kind": "forum", "title": "Boats", "address": "", "part": part}
    rows = [
        {"id": text[:8], "document": "lakes", "role": "operative", "number": "1", "heading": []}
        | {"lead_in": [passage_of(STEM)], "text": [passage_of(text)], "strength": "urging", "threat_areas": []}
        for text in texts
    ]
    (folder / "documents.jsonl").write_text(json.dumps(document))
    (folder / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "lakes.txt"
    path.write_text(DOCUMENT)
    return path


def test_words_come_back_with_their_marks(tmp_path: Path, document: Path) -> None:
    corpus = _corpus(tmp_path / "corpus", "mark each boat that leaves Port One")
    out = tmp_path / "rows.jsonl"
    result = CliRunner().invoke(
        build("corpora"), ["corpora", "hydrate", str(document), "--corpus", str(corpus), "-o", str(out)]
    )
    assert result.exit_code == 0, result.output
    (row,) = rows_of_file(out)
    assert (row.title, row.text) == ("Boats", "Mark each boat that leaves “Port One”;")
    assert row.lead_in.endswith("Calls upon its members to:")


def test_a_row_whose_words_differ_is_named(tmp_path: Path, document: Path) -> None:
    corpus = _corpus(tmp_path / "corpus", "Count the boats", "Sell all the boats at once")
    result = CliRunner().invoke(build("corpora"), ["corpora", "hydrate", str(document), "--corpus", str(corpus)])
    assert result.exit_code != 0
    assert "Sell all of lakes: no document has its words" in result.output
    assert "1 rows have their text, 1 have not" in result.output


def test_a_letter_that_grows_in_lower_case_moves_nothing(tmp_path: Path, document: Path) -> None:
    document.write_text(DOCUMENT.replace("The Forum of Lakes", "The Forum of İznik and İpsala"))
    corpus = _corpus(tmp_path / "corpus", "Count the boats")
    result = CliRunner().invoke(build("corpora"), ["corpora", "hydrate", str(document), "--corpus", str(corpus)])
    assert json.loads(result.stdout)["text"] == "Count the boats."


def test_words_of_two_documents_make_no_row(tmp_path: Path, document: Path) -> None:
    document.write_text(DOCUMENT.replace("(b) Count the boats.\n", ""))
    (tmp_path / "other.txt").write_text("The Forum of Hills,\n\n1. Decides to:\n(a) Count the boats.\n")
    corpus = _corpus(tmp_path / "corpus", "Count the boats")
    result = CliRunner().invoke(build("corpora"), ["corpora", "hydrate", str(tmp_path), "--corpus", str(corpus)])
    assert "Count th of lakes: no document has its words" in result.output


@pytest.mark.parametrize(
    ("row", "problem"), [("{}", "row 1 lacks"), ("[]", "row 1 is no JSON object"), ("{", "cannot be read")]
)
def test_a_damaged_corpus_is_named(tmp_path: Path, document: Path, row: str, problem: str) -> None:
    corpus = _corpus(tmp_path / "corpus", "Count the boats")
    (corpus / "rows.jsonl").write_text(row)
    with pytest.raises(InputError, match=problem):
        hydrate(corpus, [str(document)], limits=Limits(), fetch=Fetch())


def test_the_sealed_part_stays_shut(tmp_path: Path, document: Path) -> None:
    corpus = _corpus(tmp_path / "corpus", "Count the boats", part="sealed")
    result = CliRunner().invoke(build("corpora"), ["corpora", "hydrate", str(document), "--corpus", str(corpus)])
    assert "0 rows have their text, 0 have not" in result.output


def test_without_documents_one_line_says_what_to_do() -> None:
    with pytest.raises(ConfigError, match="no documents"):
        CliRunner().invoke(build("corpora"), ["corpora", "hydrate"], catch_exceptions=False)

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest

from osce_commitments.errors import ConfigError
from osce_commitments.query import document_link, write_references
from osce_commitments.query.cite import citation

ROW = {
    "symbol": "MC.DEC/9/11", "title": "DECISION No. 9/11\nON X", "year": 2011, "role": "operative", "number": "3 (a)",
    "note_mark": "", "page": 2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "cited"),
    [
        ({}, "MC.DEC/9/11, para. 3 (a), p. 2"),
        ({"page": None}, "MC.DEC/9/11, para. 3 (a)"),
        ({"role": "preamble", "number": ""}, "MC.DEC/9/11, preamble, p. 2"),
        ({"role": "annex", "number": "7"}, "MC.DEC/9/11, annex, para. 7, p. 2"),
        ({"role": "other", "number": "", "note_mark": "1"}, "MC.DEC/9/11, note 1, p. 2"),
        ({"role": "operative", "number": ""}, "MC.DEC/9/11, p. 2"),
        ({"symbol": "", "number": "1"}, "\u201cDECISION No. 9/11 ON X\u201d (2011), para. 1, p. 2"),
        ({"symbol": "", "title": "", "year": None, "number": ""}, "untitled document (undated), p. 2"),
    ],
)
def test_citations(change: dict[str, Any], cited: str) -> None:
    assert citation(ROW | change) == cited


def test_links_keep_slashes_and_nothing_else() -> None:
    assert document_link({"symbol": "S/RES/1373 (2001)", "id": "d1"}) == "/instrument/S/RES/1373%20%282001%29"
    assert document_link({"symbol": "A?b#c<", "id": "d1"}) == "/instrument/A%3Fb%23c%3C"
    assert document_link({"symbol": "", "id": "d1"}) == "/document/d1"


DOCUMENT = {
    "id": "d1", "symbol": "MC.DEC/9/11", "body": "MC", "type": "decision", "title": "On {50%} & \\more\nwork", "year": 2011,
    "date": dt.date(2011, 12, 7), "place": "Vilnius", "meeting": "", "language": "en",
}  # fmt: skip


def written(file_format: str, *documents: dict[str, Any]) -> str:
    target = io.BytesIO()
    write_references(documents, file_format, target)
    return target.getvalue().decode()


def test_bibtex_holds_no_command_of_the_document() -> None:
    text = written("bibtex", DOCUMENT)
    assert text.startswith("@misc{mc-dec-9-11,\n  author = {{Ministerial Council}},\n")
    assert r"title = {{On \{50\%\} \& \textbackslash{}more work}}" in text
    assert "meeting" not in text


def test_csl_has_only_what_is_known() -> None:
    undated = DOCUMENT | {"id": "d2", "date": None, "year": None, "place": ""}
    first, second = json.loads(written("csl", DOCUMENT, undated))
    assert (first["id"], second["id"]) == ("mc-dec-9-11-d1", "mc-dec-9-11-d2")
    assert first["issued"] == {"date-parts": [[2011, 12, 7]]}
    assert "issued" not in second
    assert "event-place" not in second


def test_an_unknown_format_of_references() -> None:
    with pytest.raises(ConfigError, match=r"unknown reference format 'ris'\. Choose from: bibtex, csl"):
        written("ris")

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpora._authoring.markup import read_sample
from corpora.gold.annotation import annotated, gold_of, plain

HEAD = "---\nfile: x.txt\nsymbol: PC.DEC/9999\ndate: 2015-01-01\nbody: PC\n---\n\n"
BODY = """\
@operative

Decides to: =>

(a) meet;

(b) speak {q best_effort|as soon as possible}. =>!

  • twice;

where needed. <=

1. First. // Second.[^1] // Read: => // (a) this; // (b) that.

2. Do: =>

  a) those: =>

    • part.

[^1]: A note.
"""


@pytest.fixture
def part(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "x.txt"
    path.write_text(HEAD + BODY, encoding="utf-8")
    return gold_of(read_sample(path))["parts"][0]


def test_tags_are_taken_out_and_counted() -> None:
    found = annotated("It will, it {v will|will} do {q consistent_with|as {i MC.DEC/9/11|MC.DEC/9/11} says}[^2].")
    assert found.text == "It will, it will do as MC.DEC/9/11 says."
    assert [(tag["kind"], tag["text"], tag["nth"]) for tag in found.tags] == [
        ("action", "will", 2),
        ("qualifier", "as MC.DEC/9/11 says", 1),
        ("instrument", "MC.DEC/9/11", 1),
    ]
    assert found.notes == [{"mark": "2", "at": 39}]


def test_a_range_has_one_tag_per_member() -> None:
    tags = annotated("{i MC.DEC/3/05+MC.DEC/4/05|Nos. 3/05 to 4/05}").tags
    assert [(tag["ref"], tag["text"]) for tag in tags] == [
        ("MC.DEC/3/05", "Nos. 3/05 to 4/05"),
        ("MC.DEC/4/05", "Nos. 3/05 to 4/05"),
    ]


def test_the_body_is_the_implied_actor() -> None:
    tags = annotated("{V decide|Decides} to meet.", "PC").tags
    assert [(tag["kind"], tag["ref"], tag["text"], tag["note"]) for tag in tags] == [
        ("action", "decide", "Decides", ""),
        ("addressee", "Permanent Council", "", "implied"),
    ]


@pytest.mark.parametrize("source", ["{v will|will", "will}", "{x y|z}", "{a Nobody|they}", "two  spaces"])
def test_faulty_annotation_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"braces or spaces|no actor"):
        annotated(source)


def test_items_hang_on_their_stems(part: dict[str, Any]) -> None:
    stems = [stem["text"] for stem in part["stems"]]
    rows = [(one["number"], [stems[index] for index in one["lead_in"]], one["text"]) for one in part["provisions"]]
    assert rows == [
        ("(a)", ["Decides to:"], "meet;"),
        ("(b)", ["Decides to:"], "speak as soon as possible."),
        ("(b)", ["Decides to:", "speak as soon as possible."], "twice;"),
        ("1", [], "First."),
        ("1", [], "Second."),
        ("1 (a)", ["Read:"], "this;"),
        ("1 (b)", ["Read:"], "that."),
        ("2 a)", ["Do:", "those:"], "part."),
        ("", [], "A note."),
    ]
    assert [one["tail"] for one in part["provisions"]] == [2, 2, 2, None, None, None, None, None, None]
    assert (part["provisions"][-1]["footnote"], part["provisions"][-1]["footnote_of"]) == ("1", 4)


def test_the_document_is_free_of_annotation(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text(HEAD + BODY, encoding="utf-8")
    document = plain(read_sample(path))
    assert [block.text for block in document.parts[0].blocks] == [
        "Decides to:",
        "meet;",
        "speak as soon as possible.",
        "twice;",
        "where needed.",
        "First. Second.[^1] Read: (a) this; (b) that.",
        "Do:",
        "those:",
        "part.",
    ]

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.documents.readers.text_reader import split_front_matter
from osce_commitments.labels import Adopted, BlockKind, DocumentType, MediaType
from osce_commitments.provisions import segment
from osce_commitments.schema import Source, SourceRef

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document

BODY = "# Lamps\n\nWe, the governments of Ruritania and Freedonia, met in Ghent.\n\nWe commit to light every lamp.\n"


def test_front_matter_is_metadata_and_no_text(parsed: Callable[..., list[Document]]) -> None:
    front = "---\nTitle: 'Light for all'\ndate: 2091-05-04\nbody: G9\ntype: Action plan\nadopted: false\nsymbol: G9-1\nurl: x\n---\n"
    (document,) = parsed(front + BODY, name="/in/x.md")
    assert (document.title, document.date, document.year, document.body) == (
        "Light for all",
        dt.date(2091, 5, 4),
        2091,
        "G9",
    )
    assert (document.type, document.symbol) == (DocumentType.ACTION_PLAN, "G9-1")
    assert (document.adopted, document.adopted_because) == (Adopted.NO, "the front matter says no")
    assert document.facts_from["title"] == document.facts_from["adopted"] == "front matter"
    assert "2091" not in document.text


def test_a_given_table_comes_before_front_matter() -> None:
    ref = SourceRef("/in/x.md", MediaType.TEXT, given=(("title", "Lamps at night"), ("date", "2090")))
    content = f"---\ntitle: Light for all\ndate: 4 May 2091\n---\n{BODY}".encode()
    (document,) = parse(Source(ref, content), limits=Limits())[0]
    assert (document.title, document.year, document.date) == ("Lamps at night", 2090, None)
    assert (document.facts_from["title"], document.given_hash != "") == ("metadata", True)


@pytest.mark.parametrize(
    ("front", "facts", "note"),
    [
        ("---\ntitle: Statement: light\n---\n", {"title": "Statement: light"}, ""),
        ("---\ntitle: [a\n---\n", {}, "The front matter was not used: it is not YAML (line 3)."),
        ("---\ntags: [a, b]\nlayout: page\n...\n", {}, ""),
        (
            "---\ntitle: [a, b]\ndate: 2091\n---\n",
            {"date": "2091"},
            "The front matter was not used for title: it is not one value.",
        ),
    ],
)
def test_forms_of_front_matter(front: str, facts: dict[str, str], note: str) -> None:
    found = split_front_matter(front + BODY)
    assert (found.rest, found.facts, found.note) == (BODY, facts, note)


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "---\nLamps burn.\n---\n\nGuards count.\n",
        "---\n\n---\n",
        "Lamps\n---\ntitle: x\n---\n",
        "---\nDecision: the guards will count the lamps\nReason: storms\n---\n\nGuards count.\n",
        "---\nThe Council: it met\n\nGuards count.\n---\n\nLamps burn.\n",
    ],
)
def test_what_is_no_front_matter_stays(text: str) -> None:
    assert split_front_matter(text).rest == text


def test_a_wrong_fact_is_noted(parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed(f"---\ndate: spring\n---\n{BODY}", name="/in/x.md")
    assert document.date is None
    assert document.notes == (
        "The front matter was not used for date: 'spring' is neither a day nor a year: write 2020-12-31 or 2020.",
    )


def test_of_a_volume_only_body_and_date_are_given() -> None:
    lines = ["MC.DEC/91/07", "Ministerial Council", "DECISION No. 91/07", "COUNTING LIGHTS", "The Ministerial Council,"]
    act = "Decides that each lighthouse keeper shall count all lights of the coast in the first week of each month;"
    both = [*lines, act, *(line.replace("91/07", "92/07") for line in lines), act]
    ref = SourceRef("/in/x.txt", MediaType.TEXT, given=(("title", "Lamps"), ("date", "2007-11-30")))
    documents = parse(Source(ref, "\n\n".join(both).encode()), limits=Limits())[0]
    assert [(one.title, one.date) for one in documents] == [("COUNTING LIGHTS", dt.date(2007, 11, 30))] * 2
    assert documents[0].notes == ("The file holds several documents; the metadata was not used for title.",)


def test_comments_marks_and_ellipses_are_no_provisions(parsed: Callable[..., list[Document]]) -> None:
    text = "# Lamps\n\n<!-- a note\non two lines -->\n\nWe commit to:\n\n- light lamps;\n\n\\###\n\n(…)\n\n...\n\n- count them.\n"
    (document,) = parsed(text, name="/in/x.md")
    assert [one.text for one in segment(document)][-2:] == ["light lamps;", "count them."]
    assert "note" not in document.text
    assert not any(
        "#" in document.text[one.start : one.end] for one in document.blocks if one.kind is BlockKind.PARAGRAPH
    )

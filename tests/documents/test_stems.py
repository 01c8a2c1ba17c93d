# ruff: noqa: RUF001 - the texts hold dashes as they are printed
"""Lines of lists that look like headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import BlockKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document

_TITLE = "CODE OF CONDUCT FOR KEEPERS\n\nThis code applies to all bridges. It was written in Ghent.\n\n"
_HEADINGS = [
    (
        "numbered paragraphs",
        "Duties of keepers\n\n1. Keepers light lamps.\n\n2. They count carts.",
        "Duties of keepers",
    ),
    (
        "items in whole sentences",
        "Duties of keepers\n\n– Keepers light lamps.\n\n– They count carts.",
        "Duties of keepers",
    ),
    ("one word above items", "Training\n\n(a) Courses\n\n(b) Manuals", "Training"),
    ("running text", "Duties of keepers\n\nKeepers light lamps.", "Duties of keepers"),
    ("capitals above items", "DUTIES OF KEEPERS\n\n– to light lamps;\n\n– to count carts.", "DUTIES OF KEEPERS"),
    ("one line further in", "Duties of keepers\n\n        By night\n\nKeepers light lamps.", "Duties of keepers"),
]
_STEMS = [
    ("items that begin small", "The keepers of bridges\n\n– light lamps;\n\n– count carts.", "The keepers of bridges"),
    ("items without a stop", "Duties of the keepers\n\n(a) Light lamps\n\n(b) Count carts", "Duties of the keepers"),
    ("defined words", "In this code the word\n\n(1) “keeper” means a guard;\n\n(2) “lamp” means a light.", "In this code the word"),
    ("words that wait", "Ten keepers came, of whom\n\n– 4 had lamps;\n\n– 6 had none.", "Ten keepers came, of whom"),
    ("a participle", "Resolved\n\n(a) to light lamps,\n\n(b) to count carts,", "Resolved"),
    ("a verb in capitals", "RECALLING:\n\n– the Charter;\n\n– the storm.", "RECALLING:"),
]  # fmt: skip


def _kinds(document: Document) -> dict[str, BlockKind]:
    return {document.text[one.start : one.end]: one.kind for one in document.blocks}


@pytest.mark.parametrize(("layout", "text", "line"), _HEADINGS, ids=[case[0] for case in _HEADINGS])
def test_stays_a_heading(layout: str, text: str, line: str, parsed: Callable[..., list[Document]]) -> None:
    assert _kinds(parsed(f"{_TITLE}{text}\n\nThe end is near, and the lamps burn.")[0])[line] == BlockKind.HEADING, (
        layout
    )


@pytest.mark.parametrize(("layout", "text", "line"), _STEMS, ids=[case[0] for case in _STEMS])
def test_is_a_stem(layout: str, text: str, line: str, parsed: Callable[..., list[Document]]) -> None:
    kinds = _kinds(parsed(f"{_TITLE}{text}\n\nThe end is near, and the lamps burn.")[0])
    assert kinds[line] == BlockKind.PARAGRAPH, layout


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The group has members from:\n\n    Austria\n\n    the Netherlands\n\n    INTERPOL\n\n    Malta", ["Austria", "INTERPOL", "Malta"]),
        ("Members of the group\n\n    Austria\n\n    Belgium", ["Members of the group", "Austria", "Belgium"]),
        ("The following will report, namely\n\n    the Board,\n\n    Interpol and\n\n    Europol", ["Europol"]),
        ("The group has one member from:\n\n    Malta", ["Malta"]),
    ],
)  # fmt: skip
def test_bare_names_are_items(text: str, names: list[str], parsed: Callable[..., list[Document]]) -> None:
    kinds = _kinds(parsed(f"{_TITLE}{text}\n\nThe end is near, and the lamps burn.")[0])
    assert [kinds[name] for name in names] == [BlockKind.PARAGRAPH] * len(names)


def test_centred_headings_of_several_lengths_are_no_items(parsed: Callable[..., list[Document]]) -> None:
    text = (
        "                    Article 2\n\n               Members of the Board of Keepers\n\nThe Board has nine members."
    )
    kinds = _kinds(parsed(f"{_TITLE}{text}")[0])
    assert kinds["Article 2"] == kinds["Members of the Board of Keepers"] == BlockKind.HEADING


def test_words_that_wait_for_items_are_no_title(parsed: Callable[..., list[Document]]) -> None:
    text = "CODE OF KEEPERS\n\nThe keepers met in Ghent in 1992. The keepers will\n\n– light lamps;\n\n– count carts."
    assert parsed(text)[0].title == "CODE OF KEEPERS"


def test_rows_are_wrapped_where_the_next_word_found_no_room(parsed: Callable[..., list[Document]]) -> None:
    rows = "The keepers of the bridges met in Ghent in the\nspring, as they had promised at the end of the\nlast storm.\n\n"
    short = "".join(f"{number}. Keepers act.\n\n" for number in range(1, 12))
    document = parsed(f"CODE OF KEEPERS\n\n{rows}{short}")[0]
    assert "in the spring, as they" in " ".join(document.text.split())
    assert any("met in Ghent" in words and "last storm." in words for words in _kinds(document))


def test_short_rows_that_begin_small_are_not_wrapped(parsed: Callable[..., list[Document]]) -> None:
    rows = "CODE OF THE KEEPERS OF ALL THE BRIDGES OF GHENT\n\nKeepers have:\nlamps\noil\nhats\n\nThey may use them by night.\n"
    assert "lamps" in _kinds(parsed(rows)[0])

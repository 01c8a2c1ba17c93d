"""Marks in a text: where lead-ins, cues and citations stand, and how the text is cut for them."""

from __future__ import annotations

from typing import Any

from osce_commitments.serve.document_text import shown_text, spans_in_text

TEXT = "Title\nCalls upon States:\n(a) To heed MC.DEC/1/01;\n(b) To act."
STEM = {"start": 6, "end": 24}


def row(start: int, end: int, **more: object) -> dict[str, Any]:
    values = {
        "id": f"p{start}", "start": start, "end": end, "lead_in_spans": [STEM], "tail_spans": [], "strength_cue": None,
        "mentions": [],
    }  # fmt: skip
    return values | more


def document(*ends: int, pages: list[dict[str, int]] | None = None) -> dict[str, Any]:
    starts = [0, *(end + 1 for end in ends[:-1])]
    blocks = [
        {"kind": "paragraph", "level": 0, "start": start, "end": end} for start, end in zip(starts, ends, strict=True)
    ]
    return {"text": TEXT, "blocks": blocks, "pages": pages or []}


MENTION = {"symbol": "MC.DEC/1/01", "text": "MC.DEC/1/01", "note": "", "field": "text", "start": 8, "end": 19}
FIRST = row(
    29, 49, mentions=[MENTION], strength_cue={"field": "lead_in", "start": 0, "end": 10, "text": "", "rule": "r"}
)
SECOND = row(54, 61)
WHOLE = document(5, 24, 49, 61, pages=[{"page": 1, "start": 0, "end": 24}, {"page": 2, "start": 25, "end": 61}])


def test_offsets_of_a_field_become_offsets_of_the_text() -> None:
    assert [TEXT[a:b] for a, b in spans_in_text(FIRST, "text", 8, 19)] == ["MC.DEC/1/01"]
    assert [TEXT[a:b] for a, b in spans_in_text(FIRST, "lead_in", 0, 10)] == ["Calls upon"]
    assert spans_in_text(FIRST, "title", 0, 3) == []


def test_a_cue_over_two_stems_stands_in_both() -> None:
    two = row(54, 61, lead_in_spans=[{"start": 6, "end": 16}, {"start": 29, "end": 36}])
    # "Calls upon" + " " + "To heed"
    assert [TEXT[a:b] for a, b in spans_in_text(two, "lead_in", 6, 13)] == ["upon", "To"]


def test_pieces_are_the_text_with_its_marks() -> None:
    found = shown_text(WHOLE, [FIRST, SECOND], FIRST, lambda symbol: f"/instrument/{symbol}")
    assert ["".join(piece.text for piece in one.pieces) for one in found.paragraphs] == TEXT.split("\n")
    pieces = {piece.text: piece for one in found.paragraphs for piece in one.pieces}
    assert pieces["Calls upon"].kinds == ("lead-in", "cue")
    assert pieces[" States:"].kinds == ("lead-in",)
    assert pieces["MC.DEC/1/01"].kinds == ("here", "citation")
    assert pieces["MC.DEC/1/01"].link == "/instrument/MC.DEC/1/01"
    assert pieces["To act."].kinds == ()
    assert [piece.text for piece in pieces.values() if piece.is_first] == ["To heed ", "To act."]


def test_a_citation_that_is_not_held_or_not_resolved_says_so() -> None:
    unresolved = MENTION | {"symbol": "", "note": "no such instrument"}
    for mention, hint, link in (
        (MENTION, "MC.DEC/1/01, not in this dataset", "/instrument/MC.DEC/1/01"),
        (unresolved, "not resolved: no such instrument", ""),
    ):
        found = shown_text(WHOLE, [row(29, 49, mentions=[mention])], None, lambda _: "")
        (piece,) = [piece for one in found.paragraphs for piece in one.pieces if piece.text == "MC.DEC/1/01"]
        assert (piece.hint, piece.link) == (hint, link)


def test_pages_begin_where_they_begin() -> None:
    assert [one.page for one in shown_text(WHOLE, [], None, str).paragraphs] == [1, None, 2, None]


def test_a_very_long_text_is_cut_around_the_place() -> None:
    blocks = [{"kind": "paragraph", "level": 0, "start": at, "end": at + 1} for at in range(5_000)]
    long = {"text": "x" * 5_000, "blocks": blocks, "pages": []}
    at_start, middle = shown_text(long, [], None, str), shown_text(long, [], row(2_500, 2_501, lead_in_spans=[]), str)
    assert (at_start.is_cut_before, at_start.is_cut_after) == (False, True)
    assert (middle.is_cut_before, middle.is_cut_after) == (True, True)
    assert sum("here" in piece.kinds for one in middle.paragraphs for piece in one.pieces) == 1
    at_end = shown_text(long, [], row(4_999, 5_000, lead_in_spans=[]), str)
    assert (at_end.is_cut_before, at_end.is_cut_after) == (True, False)
    assert len(at_start.paragraphs) == len(middle.paragraphs) == len(at_end.paragraphs)

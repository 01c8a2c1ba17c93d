# ruff: noqa: RUF001 - the texts hold dashes as they are printed
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from osce_commitments.labels import BlockKind, DocumentType
from osce_commitments.provisions import segment
from osce_commitments.provisions.item_labels import read_label
from osce_commitments.provisions.patterns import role_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document

_LABELS = [
    "", "1. ", "2. ", "3. ", "4) ", "(5) ", "(a) ", "(b) ", "c) ", "d. ", "(h) ", "(i) ", "(ii) ", "(v) ", "I. ", "II. ", "A. ", "B. ",
    "– ", "- ", "• ", "* ", "—", "1.1 ", "2.3. ", "    ", "            ", "        - ", "@heading ", "@heading2 ", "@footnote ", "@table ",
    "@title ", "@furniture ", "ANNEX ", "The Permanent Council, ", "Recalling ", "Have agreed as follows: ", "Action 7. ", "where ", "@footnote ¹ ", "Attachment 1\n\n",
    "By the delegation of Belarus: ", "1. Aims\n\n1.1 ",
]  # fmt: skip
_WORDS = [
    "States will act", "Recalling bridges", "noting the risk", "Decides to act", "(a) guard all old bridges", "(b) light all old tunnels",
    "- mend it", "2. They", "No. 5", "in 2099", "Have agreed as follows:", "We agree", "the Council", "“Code” of", "e.g. boats", "Annex 2",
    "United Nations", "J. Doe", "S/RES/9373", "(i) a", "paragraph (a) and (b)", "y", "where appropriate", "a lamp¹ burns", "the delegation of Canada", "é", "Deeply concerned", "The Security Council,",
]  # fmt: skip
_MARKERS = ["Annex", "ANNEX", "Action"]  # open headings, which no provision may follow
_JOINTS = [" ", " ", ", ", "; ", ". ", ": ", "; and ", ".12 ", "\n", " – "]
_ENDS = [".", ";", ",", ":", "; and", "", " to", ", by", ".”"]


@st.composite
def _marked(draw: st.DrawFn) -> str:
    def paragraph() -> str:
        words = draw(st.lists(st.tuples(st.sampled_from(_WORDS), st.sampled_from(_JOINTS)), min_size=1, max_size=7))
        body = "".join(word + joint for word, joint in words[:-1]) + words[-1][0]
        return draw(st.sampled_from(_LABELS)) + body + draw(st.sampled_from(_ENDS))

    return "\n\n".join(paragraph() for _ in range(draw(st.integers(0, 12))))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(marked=_marked(), document_type=st.sampled_from(sorted(DocumentType)))
def test_provisions_are_exact_ordered_and_lose_no_word(
    make_document: Callable[..., Document], marked: str, document_type: DocumentType
) -> None:
    document = make_document(marked, type=document_type)
    provisions = segment(document)
    text = document.text
    last_end = 0
    for index, provision in enumerate(provisions):
        assert provision.index == index
        assert text[provision.start : provision.end] == provision.text == provision.text.strip() != ""
        assert provision.start >= last_end
        last_end = provision.end
        assert " ".join(text[start:end] for start, end in provision.lead_in_spans) == provision.lead_in
        assert all(end <= provision.start for _, end in provision.lead_in_spans)
        assert list(provision.lead_in_spans) == sorted(provision.lead_in_spans)
        assert " ".join(text[start:end] for start, end in provision.tail_spans) == provision.tail
        assert all(start >= provision.end for start, _ in provision.tail_spans)
        assert not provision.note_of or provision.note_mark
    ids = {provision.id for provision in provisions}
    assert len(ids) == len(provisions)
    assert {provision.note_of for provision in provisions} <= {*ids, ""}
    assert _lost_words(document) == []


def _lost_words(document: Document) -> list[str]:
    """Words of paragraphs that stand in no provision, lead-in, heading or label."""
    text = document.text
    kept = [False] * len(text)
    headings = set()
    for provision in segment(document):
        headings.update(provision.heading)
        for start, end in ((provision.start, provision.end), *provision.lead_in_spans, *provision.tail_spans):
            kept[start:end] = [True] * (end - start)
    spoken = [*headings, *_MARKERS]
    return [
        match.group()
        for block in document.blocks
        if block.kind == BlockKind.PARAGRAPH and not role_rules().finds("annex", text[block.start : block.end])
        for match in re.compile(r"[^\W\d_]{2,}").finditer(text, block.start, block.end)
        if not any(kept[match.start() : match.end()])
        and not _is_label(text, match.start())
        and not any(match.group() in heading for heading in spoken)
    ]


def _is_label(text: str, offset: int) -> bool:
    """Whether the word at an offset is the "ii" of "(ii) " or "ii. "."""
    return any(read_label(text, at) is not None for at in (offset, max(offset - 1, 0)))

from __future__ import annotations

from pathlib import Path

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.labels import BlockKind, MediaType
from osce_commitments.provisions import segment
from osce_commitments.schema import Document, Provision, Source, SourceRef

DATA = Path(__file__).parent / "data"
SAMPLE = Path(__file__).parents[2] / "corpora" / "samples" / "mc-dec-92-13.docx"
NOTE = "Authored sample for software; not an OSCE document."


def read(path: Path, media_type: MediaType) -> Document:
    (document,), rejects = parse(Source(SourceRef(str(path), media_type), path.read_bytes()), limits=Limits())
    assert rejects == []
    return document


def listed(provision: Provision) -> tuple[str, str, str, str]:
    words = " ".join(provision.text.split())
    return str(provision.role), provision.number, " ".join(provision.lead_in.split()), words


def test_a_word_processor_says_the_same_in_both_formats() -> None:
    printed, typed = read(DATA / "libreoffice.pdf", MediaType.PDF), read(SAMPLE, MediaType.DOCX)
    assert [listed(one) for one in segment(printed)] == [listed(one) for one in segment(typed)]
    furniture = [printed.text[block.start : block.end] for block in printed.blocks if block.kind == BlockKind.FURNITURE]
    assert furniture.count(NOTE) == len({page.page for page in printed.pages}) == 2
    assert (printed.symbol, printed.date, printed.title) == (typed.symbol, typed.date, typed.title)


def test_what_latex_prints() -> None:
    document = read(DATA / "latex.pdf", MediaType.PDF)
    assert (document.symbol, str(document.date)) == ("PC.DEC/9188", "2014-05-22")
    assert document.title == "OFFICIAL FIRST-LINE TRAINING AGAINST FORGED TRAVEL DOCUMENTS"
    encourage = "Decides to: Encourage participating States:"
    found = segment(document)
    (note,) = (one for one in found if one.note_mark)
    assert (note.note_mark, note.note_of) == ("1", next(one.id for one in found if one.number == "1"))
    assert [listed(one) for one in found] == [
        ("title", "", "", f"DECISION No. 9188 {document.title}"),
        ("other", "", "", "The Permanent Council,"),
        (
            "preamble",
            "",
            "",
            "Recalling the efforts of field offices to find affordable equipment for first-line officers,",
        ),
        (
            "operative",
            "1",
            "Decides to:",
            (
                "Task the Secretariat with organizing, within available resources, a yearly course on the identification "
                "of forged passports\u00b9 and on the confidentiality of personal data;"
            ),
        ),
        (
            "operative",
            "2 (a)",
            encourage,
            "To offer trainers, on a voluntary basis, from their specialized offices;",
        ),
        (
            "operative",
            "2 (b)",
            encourage,
            (
                "To affix to every false document that is found a note of its origin, in co-operation with the issuing "
                "State;"
            ),
        ),
        (
            "operative",
            "3",
            "Decides to:",
            "Request the Secretary General to report on the results by 31 March 2015.",
        ),
        ("other", "", "", "The first course is planned for officers of the eastern region."),
        (
            "operative",
            "",
            "",
            "The effect of the course on the flow of forged documents will be discussed once a year.",
        ),
        ("other", "", "", NOTE),
    ]

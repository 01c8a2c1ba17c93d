# ruff: noqa: RUF001 - dashes and quotation marks as they are printed
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.config import Limits
from osce_commitments.documents import parse
from osce_commitments.labels import Adopted, BlockKind, DocumentType, MediaType

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Source

ENGLISH = "Decides that the participating States shall count the lighthouses on their coasts every year from now on;"
FRENCH = (
    "Décide que les États participants compteront chaque année les phares de leurs côtes et qu’ils en feront connaître "
    "le nombre au Secrétariat avant la fin du mois de juin, sans attendre les tempêtes de l’automne."
)

SENTENCE = (
    "The Council notes that the keepers of all lights count their lamps every evening, and asks them to write it down. "
    * 3
)


def block(symbol: str, *more: str) -> str:
    lines = [
        "Organization for Security and Co-operation in Europe",
        "Ministerial Council",
        symbol,
        "30 November 2007",
        *more,
    ]
    return "\n\n".join([*lines, "Original: ENGLISH"])


def decision(number: str, subject: str, text: str = ENGLISH) -> str:
    return f"DECISION No. {number}\n\n{subject}\n\nThe Ministerial Council,\n\n1. {text}\n\n2. Thanks the keepers of the lights.\n\n"


COVER = "Ninety-First Meeting of the Ministerial Council\n\nCONTENTS\n\nDecision No. 91/07 on lights ........ 2\n\n"


def test_a_volume_with_header_blocks(parsed: Callable[..., list[Document]]) -> None:
    text = "".join(
        [
            f"{block('MC.DEC/91/07')}\n\n{decision('91/07', 'COUNTING LIGHTS')}",
            "MC.DEC/91/07\n\n30 November 2007\n\nAnnex to MC.DEC/91/07\n\nMAP OF THE LIGHTS\n\nThe map shows all of them.\n\n",
            f"{block('MC.DEC/92/07')}\n\n{decision('92/07', 'COUNTING STORMS')}",
            f"{block('MC.DEC/92/07', 'Attachment')}\n\nINTERPRETATIVE STATEMENT\n\nThe delegation of Ruritania has no storms.\n\n",
            f"{block('MC.DEL/93/07')}\n\nSTATEMENT BY THE DELEGATION OF RURITANIA\n\nRuritania thanks the Chairperson for the meeting.",
        ]
    )
    documents = parsed(text)
    assert [document.symbol for document in documents] == ["MC.DEC/91/07", "MC.DEC/92/07", "MC.DEL/93/07"]
    assert [document.part for document in documents] == [1, 2, 3]
    assert [document.title for document in documents[:2]] == ["COUNTING LIGHTS", "COUNTING STORMS"]
    assert documents[2].type is DocumentType.DELEGATION_STATEMENT
    assert documents[2].adopted is Adopted.NO
    assert "The map shows all of them." in documents[0].text
    assert "Ruritania has no storms" in documents[1].text
    assert len({document.id for document in documents}) == 3


def test_a_volume_without_header_blocks_and_with_a_cover(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    statement = (
        "MINISTERIAL DECLARATION ON STORMS\n\nWe, the members of the Ministerial Council, will count the storms of every year "
        "together, and we will publish their names and their number before the autumn of each year begins.\n\n"
    )
    documents = parsed(COVER + decision("91/07", "COUNTING LIGHTS") + decision("92/07", "COUNTING WAVES") + statement)
    assert [document.number for document in documents] == ["91/07", "92/07", ""]
    assert [document.symbol for document in documents] == ["MC.DEC/91/07", "MC.DEC/92/07", ""]
    assert (documents[2].type, documents[2].body) == (DocumentType.DECLARATION, "MC")
    assert texts(documents[0], BlockKind.CONTENTS) == ["CONTENTS", "Decision No. 91/07 on lights ........ 2"]
    assert documents[0].title == "COUNTING LIGHTS"


DECISION_LINES = "\n\nDECISION No. 91/07\n\nCOUNTING LIGHTS\n\nThe Ministerial Council,\n\n1. Decides to count them;\n"
CONTENTS = {
    "dots, the number behind a wide gap": "CONTENTS\n\nDecision No. 91/07 on lights . . . . . .      14\nII. Statements\nOn storms ........      16",
    "no dots, the number behind a wide gap": "CONTENTS\n\nDecision No. 91/07 on lights            14\nStatement on storms            16",
    "one paragraph a row": "CONTENTS\n\nDecision No. 91/07 on lights . . . . . .      14\n\nStatement on storms ........      16",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_row_of_contents_is_one_line_with_its_page(
    name: str, parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed(CONTENTS[name] + DECISION_LINES)
    heading, first, *_, last = texts(document, BlockKind.CONTENTS)
    assert (heading, document.title) == ("CONTENTS", "COUNTING LIGHTS")
    assert (first.startswith("Decision No. 91/07 on lights"), first.endswith(" 14")) == (True, True)
    assert last.endswith(" 16")


def test_numbers_at_the_right_that_are_no_pages_of_contents(
    parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]
) -> None:
    (document,) = parsed("The States will count:\n\nLights of the north            14\n\nThey will report on them.")
    assert texts(document, BlockKind.CONTENTS) == []
    assert "Lights of the north 14" in document.text


def test_contents_in_a_table(parsed: Callable[..., list[Document]], texts: Callable[..., list[str]]) -> None:
    rows = "".join(
        f"<tr><td>{title}</td><td>{page}</td></tr>" for title, page in (("On lights", 14), ("On storms", 16))
    )
    body = DECISION_LINES.strip().replace("\n\n", "</p><p>")
    (document,) = parsed(f"<p>CONTENTS</p><table>{rows}</table><p>{body}</p>", MediaType.HTML)
    assert texts(document, BlockKind.CONTENTS) == ["CONTENTS", "On lights 14", "On storms 16"]


def test_a_decision_that_cites_another_is_one_document(parsed: Callable[..., list[Document]]) -> None:
    text = decision("91/07", "COUNTING LIGHTS") + "3. Recalls Decision No. 92/07 on waves and MC.DEC/93/07 on storms;\n"
    assert len(parsed(block("MC.DEC/91/07") + "\n\n" + text)) == 1


def test_each_part_keeps_its_own_pages(pdf: Callable[..., bytes], parsed: Callable[..., list[Document]]) -> None:
    def page(number: str) -> list[tuple[float, float, float, bool, str]]:
        top = [
            (72, 780, 12, True, "Organization for Security and Co-operation in Europe"),
            (430, 780, 12, False, f"MC.DEC/{number}"),
            (72, 766, 12, True, "Ministerial Council"),
            (430, 766, 12, False, "30 November 2007"),
            (430, 752, 12, False, "Original: ENGLISH"),
            (220, 700, 13, True, f"DECISION No. {number}"),
            (200, 685, 13, True, "COUNTING ALL LIGHTS"),
        ]
        text = ("The Ministerial Council,", "1. Decides that all lighthouses of the participating States shall be counted;",
                "2. Tasks the Secretariat with a map of all the lighthouses that were counted;")  # fmt: skip
        return [*top, *((72, 650 - 28 * row, 12, False, line) for row, line in enumerate(text))]

    documents = parsed(pdf([page("91/07"), page("92/07")]), MediaType.PDF)
    assert [document.symbol for document in documents] == ["MC.DEC/91/07", "MC.DEC/92/07"]
    assert [document.page_at(0) for document in documents] == [1, 2]


def test_a_part_in_another_language_is_rejected_alone(source: Callable[..., Source]) -> None:
    text = f"{block('MC.DEC/91/07')}\n\n{decision('91/07', 'COUNTING LIGHTS')}{block('MC.DEC/92/07')}\n\n" + decision(
        "92/07", "DÉNOMBREMENT DES PHARES", f"{FRENCH} {FRENCH}"
    )
    documents, rejects = parse(source(text), limits=Limits())
    assert [document.symbol for document in documents] == ["MC.DEC/91/07"]
    (reject,) = rejects
    assert (reject.stage, reject.reason, reject.message) == ("documents", "language", "part 2 is in French")
    assert reject.remedy


def test_a_foreign_text_is_rejected_and_a_mixed_one_noted(source: Callable[..., Source]) -> None:
    documents, rejects = parse(source(f"{FRENCH}\n\n{FRENCH}"), limits=Limits())
    assert documents == []
    assert [reject.message for reject in rejects] == ["the text is in French"]
    mixed = "\n\n".join([ENGLISH] * 12 + [FRENCH] * 4)
    (document,) = parse(source(mixed), limits=Limits())[0]
    assert document.language == "en"
    assert document.notes == ("A part of the text is in French.",)


def test_a_russian_text_is_rejected(source: Callable[..., Source]) -> None:
    russian = "Государства-участники будут ежегодно считать маяки на своих берегах и сообщать Секретариату их число."
    documents, (reject,) = parse(source("\n\n".join([russian] * 3)), limits=Limits())
    assert (documents, reject.reason, reject.message) == ([], "language", "the text is in Russian")


def test_too_little_text_to_tell_is_kept(parsed: Callable[..., list[Document]]) -> None:
    (document,) = parsed("The States act.")
    assert document.language == ""
    assert "language" not in document.facts_from


def test_a_symbol_alone_on_its_line_is_a_source_and_opens_nothing(parsed: Callable[..., list[Document]]) -> None:
    quoted = [f"{SENTENCE}\n\nS/PRST/209{number}/1" for number in range(4)]
    text = "\n\n".join(["United Nations", "S/PRST/2099/5", "Security Council", "Distr.: General", *quoted, SENTENCE])
    assert [document.symbol for document in parsed(text)] == ["S/PRST/2099/5"]
    another = block("S/PRST/2099/6", "Distr.: General") + SENTENCE
    assert [document.symbol for document in parsed(f"{text}\n\n{another}")] == ["S/PRST/2099/5", "S/PRST/2099/6"]


RECITALS = "1. Recalling the work of the keepers,\n\n2. Noting that lamps are rare in storms,\n\n"
ACTS = "The OSCE Parliamentary Assembly:\n\n3. Calls on participating States to light the lamps on all of their coasts;\n\n4. Urges keepers to share oil with all who have none of it left.\n\n"


def test_resolutions_of_one_style_open_parts_where_recitals_begin_anew(parsed: Callable[..., list[Document]]) -> None:
    documents = parsed(
        f"GHENT DECLARATION\n\nCHAPTER I\n\n{RECITALS}{ACTS}"
        f"RESOLUTION ON\n\nLAMPS OF THE NORTH\n\n{RECITALS}{ACTS}RESOLUTION ON OIL\n\n{RECITALS}{ACTS}"
    )
    assert [one.title for one in documents] == [
        "GHENT DECLARATION",
        "RESOLUTION ON LAMPS OF THE NORTH",
        "RESOLUTION ON OIL",
    ]


def test_resolutions_of_one_session_have_its_day(parsed: Callable[..., list[Document]]) -> None:
    resolution = f"RESOLUTION ON OIL\n\n1. Whereas oil is dear,\n\n{ACTS}"
    cover = "GHENT DECLARATION AND RESOLUTIONS ADOPTED BY THE OSCE PARLIAMENTARY ASSEMBLY"
    day = "GHENT, 28 JUNE TO 2 JULY 2099"
    documents = parsed(f"{cover}\n\n{day}\n\nCHAPTER I\n\n{RECITALS}{ACTS}{resolution}")
    assert [str(one.date) for one in documents] == ["2099-07-02", "2099-07-02"]
    apart = parsed(f"GHENT DECLARATION\n\n{day}\n\nCHAPTER I\n\n{RECITALS}{ACTS}{resolution}")
    assert [one.date is None for one in apart] == [False, True]


def test_resolutions_that_open_every_page_alike(
    pdf: Callable[..., bytes], parsed: Callable[..., list[Document]]
) -> None:
    def page(subject: str) -> list[tuple[float, float, float, bool, str]]:
        top = [(240, 780, 12, True, "RESOLUTION ON"), (200, 764, 12, True, subject)]
        text = ("1. Noting that lamps are rare in storms of the north,", "2. Recalling the work of the keepers,",
                "The OSCE Parliamentary Assembly:", "3. Calls on all participating States to light the lamps;",
                "4. Urges keepers to share oil with those who have none.")  # fmt: skip
        return [*top, *((72, 730 - 28 * row, 12, False, line) for row, line in enumerate(text))]

    documents = parsed(pdf([page("LAMPS OF THE NORTH"), page("OIL"), page("STORMS")]), MediaType.PDF)
    assert [one.title for one in documents] == [
        "RESOLUTION ON LAMPS OF THE NORTH",
        "RESOLUTION ON OIL",
        "RESOLUTION ON STORMS",
    ]
    assert all("The OSCE Parliamentary Assembly:" in one.text for one in documents)


def test_a_heading_on_resolutions_above_acts_opens_no_part(parsed: Callable[..., list[Document]]) -> None:
    assert (
        len(parsed(f"GHENT DECLARATION\n\n{RECITALS}{ACTS}RESOLUTION ON OIL\n\n5. Asks all keepers to read it.")) == 1
    )


def test_a_cited_symbol_opens_no_part(parsed: Callable[..., list[Document]]) -> None:
    quoted = (
        "Lamps are to be lit on every bridge and on every coast, by day and by night, in storms and in calm weather."
    )
    sources = "S/PRST/2009/91\n\nS/RES/9738 (2006), para. 3\n\n"
    (document,) = parsed(
        f"S/PRST/2010/92\n\nStatement by the President of the Security Council\n\n{quoted}\n\n{quoted}\n\n{sources}{quoted}\n\n{sources}"
    )
    assert (document.symbol, document.text.count(quoted)) == ("S/PRST/2010/92", 3)


def test_a_statement_with_its_own_symbol_is_an_instrument(parsed: Callable[..., list[Document]]) -> None:
    statement = "INTERPRETATIVE STATEMENT\n\nBy the delegation of Ruritania:\n\nWe regard lamps as voluntary."
    documents = parsed(
        f"{block('MC.DEC/91/07')}\n\n{decision('91/07', 'COUNTING LIGHTS')}{block('MC.DEL/93/07')}\n\n{statement}"
    )
    assert [document.symbol for document in documents] == ["MC.DEC/91/07", "MC.DEL/93/07"]
    assert documents[1].type is DocumentType.DELEGATION_STATEMENT

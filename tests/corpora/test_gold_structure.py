from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from corpora.gold.files import GoldFile, gold_file
from corpora.gold.scores import PLACES, score_file
from corpora.gold.tags import Mention, compare_tags
from corpora.tallies import FileScore
from osce_commitments.ids import content_sha256, document_id, provision_id
from osce_commitments.labels import Field, MediaType, Role, TagKind
from osce_commitments.schema import Document, Provision, Tag, TaggedProvision

DOCUMENT = document_id(content_sha256(b"tiny"), 1)
STEM = "Calls upon participating States to:"
TEXT = (
    "The Permanent Council,\nRecalling PC.DEC/9012,\nDecides to meet yearly.\n"
    f"{STEM}\n(a) share lists by 1 July 2030; and\n(b) train guards, as appropriate.\n"
)


def words(text: str, **more: object) -> dict[str, Any]:
    return {"text": text, "tags": [], "notes": []} | more


def unit(role: str, text: str, number: str = "", lead_in: tuple[int, ...] = (), **more: object) -> dict[str, Any]:
    return words(text, role=role, number=number, lead_in=list(lead_in), **more)


def mark(kind: str, ref: str, text: str, words: str, note: str = "") -> dict[str, Any]:
    start = words.index(text)
    return {"kind": kind, "ref": ref, "start": start, "end": start + len(text), "text": text, "note": note}


def gold() -> GoldFile:
    recital, decides = "Recalling PC.DEC/9012,", "Decides to meet yearly."
    lists, guards = "share lists by 1 July 2030; and", "train guards, as appropriate."
    implied = mark("addressee", "Permanent Council", "", decides, "implied")
    provisions = [
        unit("preamble", recital, tags=[mark("instrument", "PC.DEC/9012", "PC.DEC/9012", recital)]),
        unit(
            "operative",
            decides,
            tags=[
                mark("action", "decide", "Decides", decides),
                implied,
                mark("periodicity", "R/P1Y", "yearly", decides),
            ],
        ),
        unit("operative", lists, "(a)", (0,), tags=[mark("deadline", "2030-07-01", "by 1 July 2030", lists)]),
        unit("operative", guards, "(b)", (0,), tags=[mark("qualifier", "as_appropriate", "as appropriate", guards)]),
    ]
    stem = words(
        STEM,
        tags=[
            mark("action", "call upon", "Calls upon", STEM),
            mark("addressee", "participating States", "participating States", STEM),
        ],
    )
    part = {"symbol": "PC.DEC/9199", "date": "2029-01-31", "not_coded": ["The Permanent Council,"]}
    return gold_file({"document": "tiny.txt", "parts": [part | {"stems": [stem], "provisions": provisions}]})


def document() -> Document:
    return Document(
        id=DOCUMENT,
        source="tiny.txt",
        source_sha256="",
        part=1,
        media_type=MediaType.TEXT,
        text=TEXT,
        blocks=(),
        symbol="PC.DEC/9199",
        date=dt.date(2029, 1, 31),
    )


def tag(kind: TagKind, ref: str, text: str, words: str, where: Field = Field.TEXT) -> Tag:
    start = words.index(text)
    return Tag(kind, where, start, start + len(text), text, ref)


STEM_TAGS = (
    tag(TagKind.ACTION, "call upon", "Calls upon", STEM, Field.LEAD_IN),
    tag(TagKind.ADDRESSEE, "participating States", "participating States", STEM, Field.LEAD_IN),
)


def given(
    text: str, role: Role = Role.OPERATIVE, number: str = "", lead_in: str = "", tags: tuple[Tag, ...] = ()
) -> TaggedProvision:
    start = TEXT.index(text)
    ident = provision_id(DOCUMENT, start, start + len(text), text)
    provision = Provision(
        id=ident,
        document=DOCUMENT,
        index=0,
        start=start,
        end=start + len(text),
        text=text,
        role=role,
        number=number,
        lead_in=lead_in,
    )
    return TaggedProvision(provision, tags)


def right() -> list[TaggedProvision]:
    recital, decides = "Recalling PC.DEC/9012,", "Decides to meet yearly."
    lists, guards = "share lists by 1 July 2030", "train guards, as appropriate."
    return [
        given(recital, Role.PREAMBLE, tags=(tag(TagKind.INSTRUMENT, "PC.DEC/9012", "PC.DEC/9012", recital),)),
        given(
            decides,
            tags=(
                tag(TagKind.ACTION, "decide", "Decides", decides),
                tag(TagKind.ADDRESSEE, "Permanent Council", "Decides", decides),
                tag(TagKind.PERIODICITY, "R/P1Y", "yearly", decides),
            ),
        ),
        given(
            lists,
            number="(a)",
            lead_in=STEM,
            tags=(*STEM_TAGS, tag(TagKind.DEADLINE, "2030-07-01", "by 1 July 2030", lists)),
        ),
        given(
            guards,
            number="(b)",
            lead_in=STEM,
            tags=(*STEM_TAGS, tag(TagKind.QUALIFIER, "as_appropriate", "as appropriate", guards)),
        ),
    ]


def score(provisions: list[TaggedProvision]) -> FileScore:
    return score_file(gold(), [document()], provisions)


def counts(found: FileScore, name: str) -> tuple[int, int, int]:
    tally = found.tallies[name]
    return tally.hits, tally.given, tally.gold


def complaints(found: FileScore) -> list[tuple[str, str, str]]:
    return [(one.what, one.expected, one.given) for one in found.problems]


def test_gold_of_structure_only_scores_no_tag() -> None:
    found = score_file(dataclasses.replace(gold(), is_tagged=False), [document()], right())
    assert not any(tally.gold or tally.given for name, tally in found.tallies.items() if name.startswith("action"))
    assert found.tallies["lead-in attachment"].hits == 2


def test_what_is_right_has_no_errors() -> None:
    found = score(right())
    assert not found.problems
    assert counts(found, "boundary") == (4, 4, 4)
    for name in ("role", "number", "lead-in", "provision offsets"):
        assert counts(found, name) == (4, 4, 4)
    assert counts(found, "lead-in attachment") == counts(found, "lead-in end to end") == (2, 2, 2)
    assert counts(found, "no lead-in") == (2, 2, 2)
    assert counts(found, "tag offsets") == (10, 10, 10)
    assert counts(found, "symbol") == counts(found, "date") == (1, 1, 1)
    # Both items bear the stem's tags; the gold has them once. The implied addressee counts neither way.
    assert counts(found, "addressee") == counts(found, "addressee end to end") == (1, 1, 1)
    assert counts(found, "action") == counts(found, "action strict") == (2, 2, 2)
    for name in ("instrument", "qualifier", "deadline", "periodicity"):
        assert counts(found, name) == (1, 1, 1)


def test_a_missing_provision_costs_recall_and_its_tags_only_end_to_end() -> None:
    found = score([right()[0], *right()[2:]])
    assert counts(found, "boundary") == (3, 3, 4)
    assert complaints(found) == [("boundary", "a provision (operative)", "none")]
    assert counts(found, "periodicity") == (0, 0, 0)
    assert counts(found, "periodicity end to end") == (0, 1, 1)
    assert counts(found, "action end to end") == (1, 2, 2)


def test_an_extra_provision_costs_precision() -> None:
    found = score([*right(), given("meet yearly.")])
    assert counts(found, "boundary") == (4, 5, 4)
    assert complaints(found) == [("boundary", "none", "a provision (operative)")]


def test_a_stem_is_no_provision() -> None:
    assert counts(score([*right(), given(STEM)]), "boundary") == (4, 5, 4)


def test_a_line_that_is_not_coded_counts_neither_way() -> None:
    found = score([given("The Permanent Council,", Role.OTHER), *right()])
    assert counts(found, "boundary") == (4, 4, 4)
    assert counts(found, "neutral provisions") == (0, 1, 0)
    assert not found.problems


@pytest.mark.parametrize("shifted", ["to meet yearly.", "Decides to meet", "Council,\nRecalling PC.DEC/9012,"])
def test_a_shifted_boundary_is_a_miss_and_an_extra(shifted: str) -> None:
    index = 0 if "Recalling" in shifted else 1
    provisions = right()
    provisions[index] = given(shifted)
    assert counts(score(provisions), "boundary") == (3, 4, 4)


def test_joined_provisions_are_two_misses_and_one_extra() -> None:
    joined = given("Recalling PC.DEC/9012,\nDecides to meet yearly.")
    assert counts(score([joined, *right()[2:]]), "boundary") == (2, 3, 4)


def test_role_number_and_lead_in_are_judged_apart() -> None:
    provisions = right()
    provisions[0] = given("Recalling PC.DEC/9012,", Role.OPERATIVE, lead_in=STEM)
    provisions[3] = given("train guards, as appropriate.", number="2 (b)")
    found = score(provisions)
    assert counts(found, "role") == counts(found, "number") == (3, 4, 4)
    assert counts(found, "lead-in") == (2, 4, 4)
    assert counts(found, "lead-in attachment") == counts(found, "no lead-in") == (1, 2, 2)
    assert complaints(found)[:4] == [
        ("role", "preamble", "operative"),
        ("lead-in", "none", STEM),
        ("number", "(b)", "2 (b)"),
        ("lead-in", STEM, "none"),
    ]


def with_decision_tags(*tags: Tag) -> FileScore:
    provisions = right()
    provisions[1] = given("Decides to meet yearly.", tags=tags)
    return score(provisions)


DECIDES = "Decides to meet yearly."
DECIDE = tag(TagKind.ACTION, "decide", "Decides", DECIDES)
YEARLY = tag(TagKind.PERIODICITY, "R/P1Y", "yearly", DECIDES)


def test_an_implied_addressee_may_be_left_out() -> None:
    found = with_decision_tags(DECIDE, YEARLY)
    assert counts(found, "addressee") == (1, 1, 1)
    assert not found.problems


def test_an_implied_addressee_of_another_name_or_place_is_an_extra() -> None:
    wrong = tag(TagKind.ADDRESSEE, "Ministerial Council", "Decides", DECIDES)
    elsewhere = tag(TagKind.ADDRESSEE, "Permanent Council", "yearly", DECIDES)
    assert counts(with_decision_tags(DECIDE, YEARLY, wrong), "addressee") == (1, 2, 1)
    assert counts(with_decision_tags(DECIDE, YEARLY, elsewhere), "addressee") == (1, 2, 1)


def test_a_wrong_ref_is_a_miss_and_an_extra_but_one_error() -> None:
    found = with_decision_tags(DECIDE, tag(TagKind.PERIODICITY, "R/P1M", "yearly", DECIDES))
    assert counts(found, "periodicity") == (0, 1, 1)
    assert counts(found, "periodicity end to end") == (0, 1, 1)
    assert complaints(found) == [("periodicity", "“yearly” = R/P1Y", "“yearly” = R/P1M")]


def test_an_overlap_is_a_hit_but_not_a_strict_one() -> None:
    found = with_decision_tags(tag(TagKind.ACTION, "decide", "Decides to meet", DECIDES), YEARLY)
    assert counts(found, "action") == (2, 2, 2)
    assert counts(found, "action strict") == (1, 2, 2)


def test_the_same_ref_elsewhere_is_no_hit() -> None:
    found = with_decision_tags(tag(TagKind.ACTION, "decide", "meet", DECIDES), YEARLY)
    assert counts(found, "action") == (1, 2, 2)
    assert complaints(found) == [("action", "“Decides” = decide", "none"), ("action", "none", "“meet” = decide")]


def test_two_tags_do_not_share_one_hit() -> None:
    found = with_decision_tags(DECIDE, tag(TagKind.ACTION, "decide", "Decides to", DECIDES), YEARLY)
    assert counts(found, "action") == (2, 3, 2)


def test_kinds_that_the_gold_does_not_know_are_left_out() -> None:
    found = with_decision_tags(DECIDE, YEARLY, tag(TagKind.ACTOR, "Permanent Council", "meet", DECIDES))
    assert not found.problems


def test_only_instruments_are_judged_outside_of_operative_text() -> None:
    recital = "Recalling PC.DEC/9012,"
    provisions = right()
    act = tag(TagKind.ACTION, "recall", "Recalling", recital)
    wrong = tag(TagKind.INSTRUMENT, "PC.DEC/9013", "PC.DEC/9012", recital)
    provisions[0] = given(recital, Role.PREAMBLE, tags=(act, wrong))
    found = score(provisions)
    assert counts(found, "action") == (2, 2, 2)
    assert counts(found, "instrument") == (0, 1, 1)


def test_an_item_with_its_own_addressee_does_not_hide_the_stems() -> None:
    provisions = right()
    provisions[2] = given("share lists by 1 July 2030", number="(a)", lead_in=STEM, tags=STEM_TAGS[:1])
    assert counts(score(provisions), "addressee") == (1, 1, 1)
    provisions[3] = given("train guards, as appropriate.", number="(b)", lead_in=STEM, tags=STEM_TAGS[:1])
    assert counts(score(provisions), "addressee") == (0, 0, 1)


def test_tags_of_a_stem_with_a_wrong_lead_in_count_end_to_end_only() -> None:
    provisions = [*right()[:2], given("share lists by 1 July 2030", number="(a)")]
    found = score(provisions)
    assert counts(found, "addressee") == (0, 0, 0)
    assert counts(found, "addressee end to end") == (0, 1, 1)


def test_a_duration_in_weeks_is_the_same_in_days() -> None:
    days, weeks = (Mention("periodicity", ref, 0, 6, "yearly") for ref in ("R/P14D", "R/P2W"))
    months = Mention("periodicity", "R/P2M", 0, 6, "yearly")
    assert compare_tags([days], [weeks]).found == ((days, weeks),)
    assert compare_tags([days], [months]).wrong == ((days, months),)


def test_offsets_that_do_not_lead_back_are_told() -> None:
    provisions = right()
    bad = provisions[1].provision
    shifted = Provision(**{name: getattr(bad, name) for name in bad.__dataclass_fields__} | {"start": bad.start + 1})
    provisions[1] = TaggedProvision(shifted, (Tag(TagKind.ACTION, Field.TEXT, 1, 8, "Decides", "decide"),))
    found = score(provisions)
    assert counts(found, "provision offsets") == (3, 4, 4)
    assert counts(found, "tag offsets") == (7, 8, 8)
    assert [one.what for one in found.problems].count("offsets") == 2


def test_a_missing_instrument_is_told() -> None:
    found = score_file(gold(), [], [])
    assert counts(found, "symbol") == counts(found, "date") == (0, 0, 1)
    assert complaints(found)[0] == ("instruments", "PC.DEC/9199 2029-01-31", "")
    assert counts(found, "boundary") == (0, 0, 4)


def test_footnote_marks_in_the_text_shift_no_tag() -> None:
    text = "Lists1 shall open."
    values = {
        "document": "tiny.txt",
        "parts": [
            {
                "symbol": "",
                "date": "2029-01-31",
                "not_coded": [],
                "stems": [],
                "provisions": [
                    unit(
                        "operative",
                        "Lists shall open.",
                        notes=[{"mark": "1", "at": 5}],
                        tags=[mark("action", "shall", "shall", "Lists shall open.")],
                    )
                ],
            }
        ],
    }
    one = Provision(provision_id(DOCUMENT, 0, 18, text), DOCUMENT, 0, 0, 18, text, Role.OPERATIVE)
    tagged = TaggedProvision(one, (tag(TagKind.ACTION, "shall", "shall", text),))
    whole = Document(DOCUMENT, "tiny.txt", "", 1, MediaType.TEXT, text, ())
    found = score_file(gold_file(values), [whole], [tagged])
    assert counts(found, "boundary") == (1, 1, 1)
    assert counts(found, "action strict") == (1, 1, 1)


def test_places_are_counted_both_ways() -> None:
    statement = {"delegation": "Turkey", "about": "PC.DEC/9199"}
    wanted = [
        unit("attachment", "Recalling PC.DEC/9012,", **statement),
        unit("operative", "share lists by 1 July 2030; and", "(a)", (0,), tail=1),
        unit("other", "train guards, as appropriate.", footnote="1", footnote_of=1),
    ]
    part = {"symbol": "PC.DEC/9199", "date": "2029-01-31", "not_coded": ["The Permanent Council,"]}
    stems = [words(STEM), words("where appropriate.")]
    one = gold_file({"document": "tiny.txt", "parts": [part | {"stems": stems, "provisions": wanted}]})

    first, second, note = (
        one.provision
        for one in (given(wanted[0]["text"]), given("share lists by 1 July 2030"), given(wanted[2]["text"]))
    )
    right_ones = [
        dataclasses.replace(first, delegation=("Turkey", "Canada"), about="PC.DEC/9199"),
        dataclasses.replace(second, tail="where\nappropriate."),
        dataclasses.replace(note, note_mark="1", note_of=second.id),
    ]
    found = score_file(one, [document()], [TaggedProvision(unit_) for unit_ in right_ones])
    assert [counts(found, name) for name in PLACES] == [(1, 1, 1)] * 4
    wrong_ones = [
        dataclasses.replace(first, delegation=("Canada", "Turkey"), about=""),
        dataclasses.replace(second, tail="at once.", about="PC.DEC/9199"),
        dataclasses.replace(note, note_mark="1", note_of=first.id),
    ]
    found = score_file(one, [document()], [TaggedProvision(unit_) for unit_ in wrong_ones])
    assert [counts(found, name) for name in PLACES] == [(0, 1, 1)] * 4
    assert ("delegation", "Türkiye", "Canada") in complaints(found)

"""Which provision takes up which, in documents whose lines are their provisions."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from osce_commitments.labels import Relation
from osce_commitments.lineage import (
    Sketches,
    WordedDocument,
    document_links,
    latest,
    line_ids,
    nearest,
    nearest_provisions,
    sketches,
)

if TYPE_CHECKING:
    from osce_commitments.schema import LineageLink

GUARDS = "Calls upon participating States to train border guards in the detection of forged passports and visas;"
WEAPONS = "Encourages participating States to destroy surplus small arms and to report on stockpiles of ammunition;"
VICTIMS = "Urges participating States to protect victims of trafficking and to open shelters for children;"
CYBER = "Invites the Chairmanship to hold exercises on attacks against power grids and water supply;"
MONEY = "Recalls the need to freeze assets of terrorists and to supervise remittance companies and charities;"
FIRST = (GUARDS, WEAPONS, VICTIMS, CYBER)
LEAD = "Requests the Secretariat to buy:"  # of the last lines that are items
NATO = ("alfa", "bravo", "delta", "echo", "foxtrot", "golf", "hotel", "india")
NATO_LINES = [f"Asks the {word} union to publish charts of {word} waters;" for word in NATO]


def cue(line: str) -> dict[str, object] | None:
    """The cue of a line that marks it with a bar; most have none."""
    return {"field": "text", "start": line.index("|"), "end": line.index("|") + 8} if "|" in line else None


def compared(
    name: str, year: int, *lines: str, title: str = "Declaration on threats", items: int = 0, **values: object
) -> WordedDocument:
    rows = [
        {
            "id": f"{name}-{at}", "document": name, "index": at, "role": "operative", "note_mark": "", "text": line,
            "tail": "", "lead_in": LEAD if at >= len(lines) - items else "", "reading": line, "title": title, "date": dt.date(year, 12, 1), "year": year,
            "strength_cue": cue(line),
        } | values
        for at, line in enumerate(lines)
    ]  # fmt: skip
    found = WordedDocument.of(rows)
    assert found
    return found


def pairs(one: WordedDocument, other: WordedDocument) -> dict[tuple[str, str], str]:
    return {(link.earlier, link.later): link.relation.value for link in document_links(one, other)}


def test_the_same_words_in_another_order_of_paragraphs() -> None:
    found = pairs(compared("a", 2091, *FIRST), compared("b", 2092, VICTIMS, GUARDS, CYBER, WEAPONS))
    assert found == {
        ("a-2", "b-0"): "verbatim",
        ("a-0", "b-1"): "verbatim",
        ("a-3", "b-2"): "verbatim",
        ("a-1", "b-3"): "verbatim",
    }


@pytest.mark.parametrize(
    ("later", "relation"),
    [
        (GUARDS.replace("Calls upon", "Again calls on"), Relation.VERBATIM),
        (
            GUARDS.replace("visas", "visas, to buy readers of fingerprints and to exchange lists of lost papers"),
            Relation.EXTENDED,
        ),
        ("Calls upon participating States to train border guards;", Relation.NARROWED),
        (
            "Calls upon participating States to train customs officers in the detection of forged passports;",
            Relation.REWORDED,
        ),
    ],
)
def test_relations(later: str, relation: Relation) -> None:
    found = pairs(compared("a", 2091, *FIRST), compared("b", 2092, later, *FIRST[1:]))
    assert found["a-0", "b-0"] == relation


@pytest.mark.parametrize("new", ["stolen", "stolen and altered"])
def test_words_in_exchange_for_others_reword_a_long_provision(new: str) -> None:
    long = f"{GUARDS[:-1]}, {WEAPONS[:-1]}, {VICTIMS[:-1]} and {CYBER}"
    (found, *_) = document_links(
        compared("a", 2091, long, *FIRST), compared("b", 2092, long.replace("forged", new), *FIRST)
    )
    assert found.relation is Relation.REWORDED


def test_the_same_formula_on_another_matter_is_no_link() -> None:
    other = "Calls upon participating States to train judges in the law of the sea and of fisheries;"
    found = pairs(compared("a", 2091, *FIRST), compared("b", 2092, other, *FIRST[1:]))
    assert not any(later == "b-0" for _, later in found)


def test_a_split() -> None:
    long = f"{GUARDS[:-1]}, and to buy scanners for ports, lighthouses, harbours and terminals of cruise ships;"
    part = "Calls upon participating States to buy scanners for ports, lighthouses, harbours and terminals of cruise ships;"
    found = document_links(compared("a", 2091, long, *FIRST[1:]), compared("b", 2092, GUARDS, part, *FIRST[1:]))
    split = {one.later: one.is_main for one in found if one.relation is Relation.SPLIT}
    assert set(split) == {"b-0", "b-1"}
    assert sorted(split.values()) == [False, True]


ITEMS = (
    "scanners for harbours and lighthouses;",
    "readers of fingerprints and of stamps;",
    "charts of berths and quays;",
)


@pytest.mark.parametrize(
    ("whole", "items", "unfolded"),
    [
        (f"Requests the Secretariat to buy {' '.join(ITEMS)}", ITEMS, [0, 1, 2]),
        (f"Requests the Secretariat to buy {' '.join(ITEMS)}", ("libraries of museums in towns;", ITEMS[1]), []),
        (f"Requests the Secretariat to buy {ITEMS[1]}", ITEMS, []),  # it is one of the items
        (
            f"Requests the Secretariat to buy {' '.join(ITEMS)}",
            (*ITEMS[:2], ITEMS[2].replace(";", ", MC.DEC/9/92;")),
            [0, 1],
        ),
    ],
)
def test_a_list_that_unfolds_a_provision(whole: str, items: tuple[str, ...], unfolded: list[int]) -> None:
    earlier, later = compared("a", 2091, *FIRST, whole), compared("b", 2092, *FIRST, *items, items=len(items))
    found = [one for one in document_links(earlier, later) if one.relation is Relation.SPLIT]
    assert [int(one.later[2:]) - len(FIRST) for one in found] == unfolded
    assert sum(one.is_main for one in found) == bool(unfolded)


HARBOURS = "buy scanners for ports, lighthouses, harbours and terminals of cruise ships"
BERTHS = "publish charts of berths, quays, wharves and moorings in three languages"


@pytest.mark.parametrize(
    ("part", "is_part"),
    [
        (f"Encourages them to {HARBOURS};", True),
        (f"Welcomes the offer to {HARBOURS};", True),
        ("Encourages them to buy scanners for offices of judges and for libraries of museums in towns;", False),
        (GUARDS.replace("forged passports and visas", "stolen cars"), False),  # its partner still has these words
    ],
)
def test_a_part_has_what_the_other_part_lacks(part: str, *, is_part: bool) -> None:
    whole = f"{GUARDS[:-1]}, and to {HARBOURS};"
    found = pairs(compared("a", 2091, whole, *FIRST[1:]), compared("b", 2092, GUARDS, *FIRST[1:], part))
    assert found["a-0", "b-0"] == ("split" if is_part else "narrowed")
    assert (("a-0", "b-4") in found) is is_part


@pytest.mark.parametrize(("lead", "is_part"), [("", True), ("The States will", False)])
def test_a_whole_act_is_a_part_however_much_is_new(lead: str, *, is_part: bool) -> None:
    whole = f"{GUARDS[:-1]}, encourages museums to {BERTHS}, and urges them to {HARBOURS};"
    rest = f"{GUARDS[:-1]}, and urges them to {HARBOURS};"
    new = ", ".join(f"ports of {one} waters with {one} boats" for one in NATO)
    earlier = compared("a", 2091, whole, *FIRST[1:])
    later = compared("b", 2092, rest, *FIRST[1:], f"Encourages museums to {BERTHS} and to visit {new};", lead_in=lead)
    assert (("a-0", "b-4") in pairs(earlier, later)) is is_part


@pytest.mark.parametrize(
    ("half", "is_half"), [(WEAPONS, True), (f"{WEAPONS[:-1]}, to {BERTHS} and to {HARBOURS};", False)]
)
def test_half_of_a_merger_is_mostly_in_it(half: str, *, is_half: bool) -> None:
    both = f"{GUARDS[:-1]}, and encourages them to destroy surplus small arms;"
    found = pairs(compared("a", 2091, GUARDS, half, *FIRST[2:]), compared("b", 2092, both, *FIRST[2:]))
    assert (("a-1", "b-0") in found) is is_half


ROUND = "Requests the Secretariat to convene the fifteenth round of consultations on vessels that carry forged papers;"
NEXT = (
    "Also requests the Secretariat to convene the sixteenth round of consultations on vessels, for two days in spring;"
)
AGAIN = ROUND.replace(";", " and stamps;")


@pytest.mark.parametrize(
    ("partner", "new", "is_round"),
    [
        (AGAIN, NEXT, True),
        (ROUND, NEXT, False),  # the partner has every word of it: the new one is another matter
        (ROUND, NEXT.replace("vessels,", "vessels that carry forged papers,"), True),
    ],
)
def test_a_new_round_of_what_the_partner_restates(partner: str, new: str, *, is_round: bool) -> None:
    found = document_links(compared("a", 2091, ROUND, *FIRST), compared("b", 2092, partner, new, *FIRST))
    of_first = {(one.earlier, one.later): one.is_main for one in found if one.earlier == "a-0"}
    assert of_first == {("a-0", "b-0"): True} | ({("a-0", "b-1"): False} if is_round else {})


@pytest.mark.parametrize(
    "later",
    [
        (AGAIN, *FIRST, NEXT),  # far from what it would repeat
        (AGAIN, NEXT.replace("in spring", "as MC.DEC/9/92 asks"), *FIRST),  # another text asks for it
        (AGAIN, NEXT.replace("Also requests the Secretariat to", "Recalls its decision to"), *FIRST),  # it only states
    ],
)
def test_no_new_round(later: tuple[str, ...]) -> None:
    found = document_links(compared("a", 2091, ROUND, *FIRST), compared("b", 2092, *later))
    assert [(one.later) for one in found if one.earlier == "a-0"] == ["b-0"]


def test_the_next_item_of_a_list_is_no_new_round() -> None:
    lead = {"lead_in": "Requests the Secretariat:"}
    found = document_links(compared("a", 2091, ROUND, *FIRST, **lead), compared("b", 2092, AGAIN, NEXT, *FIRST, **lead))
    assert [(one.later) for one in found if one.earlier == "a-0"] == ["b-0"]


STUDY = "Recalls the study on lighthouses and buoys that the spring meeting of captains endorsed, and its summary in three languages;"
MEETING = "Notes that the {} of captains praised {} and asked for a guide to foghorns{};"
AUTUMN = MEETING.format("autumn meeting", "the drafts on lighthouses", " and sirens")
NEARER = MEETING.format("meeting", "a survey of lighthouses", " and buoys")


@pytest.mark.parametrize(
    ("between", "role", "is_linked"),
    [
        ((AUTUMN,), "operative", True),  # alone in its place
        ((AUTUMN, MONEY), "operative", False),
        ((NEARER, MONEY), "operative", False),
        ((NEARER, MONEY), "preamble", True),
    ],
)
def test_between_two_sure_neighbours_fewer_words_are_enough(
    between: tuple[str, ...], role: str, *, is_linked: bool
) -> None:
    first = compared("a", 2091, *FIRST[:2], STUDY, *FIRST[2:], role=role)
    second = compared("b", 2092, *FIRST[:2], *between, *FIRST[2:], role=role)
    assert (("a-2", "b-2") in pairs(first, second)) is is_linked


def test_a_place_that_a_sure_pair_took_is_not_alone() -> None:
    first = compared("a", 2091, *FIRST[:2], STUDY, *FIRST[2:], MONEY)
    found = pairs(first, compared("b", 2092, *FIRST[:2], MONEY, *FIRST[2:], AUTUMN))
    assert found["a-5", "b-2"] == "verbatim"
    assert ("a-2", "b-5") not in found


@pytest.mark.parametrize("old", ["Highlights the importance for ports of keeping", "Reminds ports to keep"])
def test_what_was_only_stated_and_is_now_called_for_is_firmer(old: str) -> None:
    first = compared("a", 2091, f"{old} lists of lost passports of sailors;", *FIRST)
    for act, expected in (("Calls upon", True), ("Recalls the duty of", False)):
        later = compared("b", 2092, f"{act} ports to keep lists of lost passports of sailors;", *FIRST)
        assert document_links(first, later)[0].force_changed is expected


@pytest.mark.parametrize(("old", "changes"), [("Regrets that the talks on", True), ("Notes that the talks on", False)])
def test_what_was_only_noted_does_not_become_firmer(old: str, *, changes: bool) -> None:
    first = compared("a", 2091, f"{old} lists of lost passports of sailors did not end;", *FIRST)
    later = compared("b", 2092, "Requests that the talks on lists of lost passports of sailors end;", *FIRST)
    assert document_links(first, later)[0].force_changed is changes


def test_a_short_provision_is_near_if_most_of_it_is_in_a_long_one() -> None:
    long = "Urges ports {} to hire pilots, to repaint buoys, lighthouses and moorings, and to train crews of tugboats in first aid;"
    short = compared("a", 2091, "Requests ports to close berths without lights;", *FIRST)
    shares = [
        nearest_provisions(compared("b", 2092, long.format(some), *FIRST[:2]), short)["b-0"]
        for some in ("without lights to close all berths,", "with lights")
    ]
    assert [key for _, key in shares] == ["a-0", "a-0"]
    assert [share > 1 / 3 for share, _ in shares] == [True, False]


LONG_NAME = "Working Group on Illegal and Unregulated Fishing"


def test_between_linked_neighbours_the_words_of_names_count() -> None:
    earlier = f"Notes that the {LONG_NAME} welcomed the study on vessels and asked for a summary in three languages;"
    later = f"Notes the rules for vessels of the Second Meeting of the {LONG_NAME} and Related Matters;"
    unlike = "Notes the rules for vessels of the Second Meeting of the Group on Museums and Related Matters;"
    document = compared("a", 2091, GUARDS, earlier, *FIRST[1:])
    assert ("a-1", "b-1") in pairs(document, compared("b", 2092, GUARDS, later, *FIRST[1:]))
    assert ("a-1", "b-1") not in pairs(document, compared("b", 2092, GUARDS, unlike, *FIRST[1:]))


@pytest.mark.parametrize(
    ("later", "is_linked"),
    [
        ("Requests the Secretariat to hold again a seminar on lotteries and on harbour dues;", True),
        ("Recalls its request to the Secretariat to hold a seminar on lotteries and casinos;", True),
        ("Notes with appreciation that the Secretariat held seminars on lotteries and casinos;", False),
    ],
)
def test_a_note_that_something_was_done_does_not_ask_for_it(later: str, *, is_linked: bool) -> None:
    request = "Requests the Secretariat to hold a seminar on lotteries and on casinos;"
    found = pairs(compared("a", 2091, *FIRST, request), compared("b", 2092, *FIRST, later))
    assert (("a-4", "b-4") in found) is is_linked


@pytest.mark.parametrize(("place", "count"), [("Alfania", 4), ("Bravonia", 0)])
def test_the_same_form_on_another_subject_is_no_link(place: str, count: int) -> None:
    form = (
        "Decides to extend the mandate of the mission in {0} until the end of {1} and to review its budget each quarter;",
        "Requests the mission in {0} to train border guards in the detection of forged passports and visas;",
        "Calls upon the authorities in {0} to protect victims of trafficking and to open shelters for children;",
        "Emphasizes that every mission needs vehicles, interpreters, radios and medical supplies in good time;",
    )
    for lines in (form, form[:1]):
        first = compared("a", 2091, *(one.format("Alfania", 2091) for one in lines), title="Mission in Alfania")
        later = [one.format(place, 2092) for one in lines]
        found = pairs(first, compared("b", 2092, *later, title=f"Mission in {place}"))
        assert list(found.values()) == ["verbatim"] * min(count, len(lines))


def test_a_heading_that_is_part_of_a_provision_is_no_commitment() -> None:
    one = "Major groups, lobbies, banks and other interested parties."
    other = (
        "Invites interested parties, insurers, lenders, shipowners, pilots, tugboat crews, dredging firms, lighthouse keepers"
        " and major groups to observe the talks on berths, quays, wharves and moorings;"
    )
    more = [f"Asks the {word} union to publish charts of {word} waters;" for word in NATO]
    found = pairs(compared("a", 2091, *FIRST, *more, one), compared("b", 2092, other, *FIRST, *more))
    assert ("a-12", "b-0") not in found


def test_an_item_of_one_name_is_compared() -> None:
    item, lead = "to continue the Sponsorship Programme", "Recalls the following decisions:"
    one = compared("a", 2091, *FIRST, item, lead_in=lead)
    assert ("a-4", "b-4") in pairs(one, compared("b", 2092, *FIRST, item, lead_in=lead))


def test_a_merger() -> None:
    both = (
        f"{GUARDS[:-1]}, and encourages them to destroy surplus small arms and to report on stockpiles of ammunition;"
    )
    found = document_links(compared("a", 2091, *FIRST), compared("b", 2092, both, *FIRST[2:]))
    merged = {one.earlier: one.is_main for one in found if one.relation is Relation.MERGED}
    assert set(merged) == {"a-0", "a-1"}
    assert sorted(merged.values()) == [False, True]


def test_recitals_and_acts_are_apart() -> None:
    recital = compared("a", 2091, *FIRST, role="preamble")
    assert pairs(recital, compared("b", 2092, *FIRST)) == {}


def test_a_document_takes_up_older_ones_only() -> None:
    one, other = compared("a", 2091, *FIRST), compared("b", 2091, *FIRST)
    assert document_links(one, other) == []
    assert document_links(compared("c", 2092, *FIRST), one) == []
    year_only = compared("d", 2091, *FIRST, date=None)
    assert document_links(one, year_only) == []


def test_documents_that_share_a_clause_need_more() -> None:
    others = (
        "Approves the budget of the mission for the coming year;", "Appoints the auditors of the fund;",
        "Thanks the host country for its hospitality;", "Extends the lease of the premises by a year;",
        "Amends the rules of procedure on the circulation of notes verbales;",
    )  # fmt: skip
    unlike = "Calls upon participating States to train customs officers in the use of scanners and of visas;"
    earlier = compared("a", 2091, GUARDS, *others, title="Finance")
    assert pairs(earlier, compared("b", 2092, GUARDS, *FIRST[1:], MONEY)) == {("a-0", "b-0"): "verbatim"}
    assert pairs(earlier, compared("b", 2092, unlike, *FIRST[1:], MONEY)) == {}


def test_force_changes_with_the_act_alone() -> None:
    later = GUARDS.replace("Calls upon", "Encourages")
    (first, *_) = document_links(compared("a", 2091, *FIRST), compared("b", 2092, later, *FIRST[1:]))
    assert (first.force_changed, first.relation) == (True, Relation.REWORDED)


@pytest.mark.parametrize(("act", "changes"), [("Reaffirms that", False), ("Recalls that", True)])
def test_what_is_reaffirmed_keeps_its_force(act: str, *, changes: bool) -> None:
    decided = "Decides that arms sold to guards of harbours shall not be given to others;"
    earlier = compared("a", 2091, decided, *FIRST)
    (first, *_) = document_links(earlier, compared("b", 2092, decided.replace("Decides that", act), *FIRST))
    assert first.force_changed is changes


def test_a_further_act_changes_the_force() -> None:
    one = f"Welcomes the handbook on harbours and {GUARDS.replace('Calls upon', 'encourages')}"
    same, firmer = (
        f"Welcomes the guide on lakes and {one[41:]}",
        f"Welcomes the handbook on harbours and {GUARDS.lower()}",
    )
    other = one.replace("visas", "visas and decides to buy scanners for ports")
    for later, expected in ((firmer, True), (same, False), (other, False)):
        (first, *_) = document_links(compared("a", 2091, one, *FIRST[1:]), compared("b", 2092, later, *FIRST[1:]))
        assert first.force_changed is expected


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("|encourages them to open shelters for children", "|decides to open shelters for children", True),
        # Two acts became firmer or softer, but the cues, which give the levels, are of another matter each or the same.
        ("|encourages them to open shelters for children", "|decides to freeze assets of charities", False),
        ("encourages them to open shelters for children", "decides to open shelters for children", True),
        ("|reiterates its request to buy scanners", "|reiterates its request to buy scanners", False),
    ],
)
def test_the_cues_of_the_levels_are_of_one_matter(before: str, after: str, *, changes: bool) -> None:
    shelters = (
        "invites them to publish charts of berths and quays",
        "requests them to publish charts of berths and quays",
    )
    one, two = (f"Recalls the handbook, {some}, {act};" for some, act in zip(shelters, (before, after), strict=True))
    (first, *_) = document_links(compared("a", 2091, one, *FIRST), compared("b", 2092, two, *FIRST))
    assert first.force_changed is changes


def test_a_new_round_is_no_change_of_force() -> None:
    nudge = NEXT.replace("Also requests", "Also invites")
    found = document_links(compared("a", 2091, ROUND, *FIRST), compared("b", 2092, AGAIN, nudge, *FIRST))
    assert {one.later: one.force_changed for one in found if one.earlier == "a-0"} == {"b-0": False, "b-1": False}


def test_the_latest_edition_is_taken_up_in_any_order() -> None:
    documents = [compared(name, year, *FIRST) for name, year in (("a", 2091), ("b", 2092), ("c", 2093))]
    links = [*document_links(documents[0], documents[2]), *document_links(documents[1], documents[2])]
    expected = {(f"b-{at}", f"c-{at}") for at in range(4)}
    for order in itertools.permutations(links[:6]):
        kept: list[LineageLink] = []
        for one in (*order, *links[6:]):
            kept = latest([*kept, one])
        assert {(one.earlier, one.later) for one in kept} == expected
        break
    assert {(one.earlier, one.later) for one in latest(reversed(links))} == expected


def test_what_an_edition_left_out_comes_back_with_its_own_words() -> None:
    reworded = "Recalls the need to freeze assets of terrorists and to license brokers, charities and lotteries;"
    first, second = compared("a", 2091, *FIRST, MONEY), compared("b", 2092, *FIRST)
    for line, expected in ((MONEY, {("a-4", "c-4")}), (reworded, set())):
        third = compared("c", 2093, *FIRST, line)
        links = [*document_links(first, third), *document_links(second, third)]
        assert ("a-4", "c-4") in {(one.earlier, one.later) for one in links}
        kept = {(one.earlier, one.later) for one in latest(links)}
        assert {pair for pair in kept if pair[0].startswith("a")} == expected


def test_a_text_of_another_title_is_an_edition_if_it_repeats_most() -> None:
    weak = MONEY.replace("remittance companies and charities", "banks, lotteries and art dealers")
    old = [f"Asks the {word} union to publish charts of {word} waters;" for word in NATO[:2]]
    first = compared("a", 2091, *FIRST, MONEY, *old)
    for repeated, expected in ((FIRST, True), (FIRST[:3], False)):
        filler = [f"Thanks museums in {word} towns for exhibits on {word} sailors;" for word in NATO[:4]]
        later = compared("b", 2092, *repeated, weak, *filler, title="Decision on harbours")
        found = document_links(first, later)
        assert all(bool(one.overlap) is expected for one in found)
        assert (("a-4", f"b-{len(repeated)}") in {(one.earlier, one.later) for one in found}) is expected


def test_outside_the_last_edition_nearly_the_same_words_are_needed() -> None:
    ports = "Decides to publish the list of harbours, to train inspectors of vessels, to mark containers with seals and to pay;"
    near = ports.replace("seals", "flags")
    last = compared("b", 2092, *FIRST)
    for line, expected in ((ports, True), (near, False)):
        other = compared("a", 2091, VICTIMS, line, title="Decision on banks")
        third = compared("c", 2093, *FIRST, ports)
        links = [*document_links(other, third), *document_links(last, third)]
        assert (("a-1", "c-4") in {(one.earlier, one.later) for one in links}) is True
        assert (("a-1", "c-4") in {(one.earlier, one.later) for one in latest(links)}) is expected


def test_what_many_provisions_name_is_the_subject() -> None:
    form = ("trains the police of", "removes mines near villages of", "advises the courts of", "rebuilds schools of")
    lines = {name: [f"Decides that the mission {what} {name};" for what in form] for name in ("Alfania", "Bravonia")}
    first = compared("a", 2091, *lines["Alfania"], title="Resolution")
    assert not document_links(first, compared("b", 2092, *lines["Bravonia"], title="Resolution"))
    assert len(document_links(first, compared("b", 2092, *lines["Alfania"], title="Resolution"))) == len(form)


@pytest.mark.parametrize("subject", ["the Republic of Bravonia", "the Republic of Alfania"])
def test_a_form_of_a_title_is_no_title(subject: str) -> None:
    reworded = MONEY.replace("remittance companies and charities", "banks, lotteries and art dealers")
    first = compared("a", 2091, *FIRST, MONEY, title="Situation of human rights in the Republic of Alfania")
    between = compared("b", 2092, *FIRST[1:], *NATO_LINES, title=f"Situation of human rights in {subject}")
    third = compared(
        "c", 2093, *FIRST[1:], GUARDS, reworded, title="Situation of human rights in the Republic of Alfania"
    )
    kept = latest([*document_links(first, third), *document_links(between, third)])
    last_of_own = ("a-4", "c-4") in {(one.earlier, one.later) for one in kept}
    assert last_of_own is (subject == "the Republic of Bravonia")


def test_an_edition_of_the_same_title_may_repeat_little() -> None:
    old = [f"Asks the {word} union to publish charts of {word} waters;" for word in NATO]
    new = [f"Thanks museums in {word} towns for exhibits on {word} sailors;" for word in NATO]
    first, second = compared("a", 2091, *FIRST), compared("b", 2092, *FIRST[:3], *old)
    third = compared("c", 2093, *FIRST, *new)
    links = [*document_links(first, third), *document_links(second, third)]
    assert sorted({one.overlap for one in links}) == [0.25, 0.333]
    assert ("b-0", "c-0") in {(one.earlier, one.later) for one in latest(links)}


@pytest.mark.parametrize(("repeated", "is_edition"), [(FIRST[:1], False), (FIRST[:3], True)])
def test_a_rollover_is_no_edition(repeated: tuple[str, ...], *, is_edition: bool) -> None:
    """A few lines that extend a mandate do not cut the history of the rest; they give that of their own lines."""
    reworded = MONEY.replace("remittance companies and charities", "banks, lotteries and art dealers")
    mandate = compared("a", 2091, *FIRST, MONEY)
    between = compared("b", 2092, *repeated)
    renewed = compared("c", 2093, *FIRST, reworded)
    links = [*document_links(mandate, renewed), *document_links(between, renewed)]
    for order in (links, links[::-1]):
        kept = {one.later: one.earlier for one in latest(order)}
        assert kept.get("c-4") == (None if is_edition else "a-4")
        assert [kept[f"c-{at}"] for at in range(len(repeated))] == [f"b-{at}" for at in range(len(repeated))]


def test_lines_join_links_and_keep_their_id() -> None:
    first = line_ids([("a", "b"), ("b", "c"), ("x", "y")])
    assert first["a"] == first["b"] == first["c"] != first["x"]
    assert line_ids([("a", "b"), ("b", "c"), ("c", "d")])["d"] == first["a"]


def test_candidates_share_pairs_of_words() -> None:
    one, other, third = compared("a", 2091, *FIRST), compared("b", 2092, GUARDS, MONEY), compared("c", 2093, MONEY)
    index = Sketches()
    index.add([one, other, third])
    assert index.candidates(one) == {"b": 1}
    assert nearest(index.candidates(other)) == ["a", "c"]
    index.remove(["a"])
    assert index.candidates(other) == {"c": 1}
    again = Sketches.of_arrays(*index.arrays())
    assert again.candidates(other) == {"c": 1}
    assert np.array_equal(again.arrays()[2], index.arrays()[2])


def test_candidates_do_not_depend_on_the_parts_and_few_documents_are_sorted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each document is sorted again a few times, not once for every batch after it."""
    lines = [(GUARDS, MONEY), (MONEY,), FIRST, (GUARDS,)]
    documents = [compared(f"{at:03}", 2000 + at, *lines[at % 4]) for at in range(64)]
    whole = Sketches()
    whole.add(documents)
    sorted_again, real = [], sketches._Part

    def counted(known: dict[str, object]) -> object:
        sorted_again.append(len(known))
        return real(known)  # type: ignore[arg-type] # as given

    monkeypatch.setattr(sketches, "_Part", counted)
    index = Sketches()
    for one in documents:
        index.add([one])
        index.candidates(one)
    assert sum(sorted_again) <= 64 * 7 < 64 * 64 // 2
    assert [index.candidates(one) for one in documents] == [whole.candidates(one) for one in documents]
    index.remove(["003", "040"])
    index.add([documents[3]])
    whole.remove(["040"])
    assert [index.candidates(one) for one in documents] == [whole.candidates(one) for one in documents]

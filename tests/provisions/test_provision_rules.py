"""Every role and lead-in says which rule gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import DocumentType, Role
from osce_commitments.provisions import segment
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.rules.kinds import find_rule

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import Document, Provision

    Make = Callable[..., Document]

DECISION = """
@title DECISION ON LAMPS

The Permanent Council,

Recalling the Charter on Bridges,

Whereas lamps are old, and

Decides to light all bridges.

Guards will watch.

Done at Ghent, this fifth day of May

Jane Smith

Annex

Guidelines on Lamps

Guards should wear hats.

Statement by the delegation of Ruritania

We regard hats as voluntary.
"""

RULES = [
    ("DECISION ON LAMPS", Role.TITLE, "title"),
    ("The Permanent Council,", Role.OTHER, "enacting.decision_making_body"),
    ("Recalling the Charter on Bridges,", Role.PREAMBLE, "recital.opener"),
    ("Whereas lamps are old, and", Role.PREAMBLE, "recital.by_place"),
    ("Decides to light all bridges.", Role.OPERATIVE, "operative_after_enacting"),
    ("Guards will watch.", Role.OPERATIVE, "operative_after_enacting"),
    ("Done at Ghent, this fifth day of May", Role.OTHER, "closing.testimonium"),
    ("Jane Smith", Role.OTHER, "signature.after_testimonium"),
    ("Guidelines on Lamps", Role.TITLE, "title_below_marker"),
    ("Guards should wear hats.", Role.ANNEX, "annex"),
    ("Statement by the delegation of Ruritania", Role.TITLE, "attachment.statement_of_a_delegation"),
    ("We regard hats as voluntary.", Role.ATTACHMENT, "attachment.statement_of_a_delegation"),
]


@pytest.mark.parametrize(("words", "role", "rule"), RULES, ids=[words for words, _, _ in RULES])
def test_a_role_says_which_rule_gave_it(make_document: Make, words: str, role: Role, rule: str) -> None:
    one = found(segment(make_document(DECISION)), words)
    assert (one.role, one.role_rule) == (role, f"roles.{rule}")


ALONE = [
    ("Guards will watch.", DocumentType.OTHER, "default_operative"),
    ("The guards met in Ghent.", DocumentType.REPORT, "narrative_text"),
    ("Lamps are old.\n\nWe agree to light bridges.", DocumentType.DECLARATION, "recital.in_whole_sentences"),
    ("We reaffirm the Charter.\n\nWe recall the storms.\n\nWe agree to act.", DocumentType.DECLARATION,
     "recital.before_other_recitals"),
    ("Have agreed as follows:\n\nEach Party shall watch.", DocumentType.TREATY, "formula.have_agreed"),
    ("Recalling the Charter,\n\nStates will watch.", DocumentType.OTHER, "recital.opener"),
    ("Guarding the bridges by day,\n\nStates will watch.", DocumentType.OTHER, "recital.participle"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "kind", "rule"), ALONE, ids=[rule for _, _, rule in ALONE])
def test_the_first_paragraph_says_which_rule_gave_its_role(
    make_document: Make, marked: str, kind: DocumentType, rule: str
) -> None:
    assert segment(make_document(marked, type=kind))[0].role_rule == f"roles.{rule}"


def test_acts_below_recitals_have_a_rule_of_their_own(make_document: Make) -> None:
    marked = "Recalling the Charter,\n\nStates will watch.\n\nGuards will wake."
    assert [one.role_rule for one in segment(make_document(marked))[1:]] == ["roles.operative_after_recitals"] * 2


STEMS = [
    ("States will:\n\n(a) light bridges;\n\n(b) paint tunnels.", "opens_list"),
    ("Decides\n\n(a) to light bridges;\n\n(b) to paint tunnels.", "verb_alone"),
    ("States will take care that guards (a) light bridges; and (b) paint all tunnels.", "inline_label"),
    ("States will: - light all bridges; - paint all tunnels.", "inline_dash"),
    ("Guards on bridges\n\n    lamps\n\n    hats", "items_further_in"),
    ("Calls on States, with care,\n\nto light bridges;\n\nto paint tunnels.", "items_begin_small"),
    ("1. Lamps\n\n(a) Guards light them.\n\n(b) Guards clean them.", "items_of_lower_rank"),
]


@pytest.mark.parametrize(("marked", "rule"), STEMS, ids=[rule for _, rule in STEMS])
def test_a_lead_in_says_which_rule_made_it(make_document: Make, marked: str, rule: str) -> None:
    items = [one for one in segment(make_document(marked)) if one.lead_in]
    assert items
    assert {one.lead_in_rule for one in items} == {f"lists.{rule}"}


def test_no_lead_in_has_no_rule(make_document: Make) -> None:
    assert [one.lead_in_rule for one in segment(make_document(DECISION))] == [""] * len(
        segment(make_document(DECISION))
    )


def test_the_innermost_stem_gives_the_rule(make_document: Make) -> None:
    marked = "States will:\n\n(a) light\n\n        (i) bridges;\n\n        (ii) tunnels."
    assert [one.lead_in_rule for one in segment(make_document(marked))] == ["lists.items_further_in"] * 2


def test_every_rule_named_is_a_record(make_document: Make) -> None:
    texts = [DECISION, *(marked for marked, *_ in ALONE), *(marked for marked, _ in STEMS)]
    for one in (one for marked in texts for one in segment(make_document(marked))):
        assert find_rule(one.role_rule)
        assert not one.lead_in_rule or find_rule(one.lead_in_rule)


def test_every_opening_word_opens_a_recital_alone_and_after_an_adverb() -> None:
    for word in role_rules().words["recital_openers"]:
        assert role_rules().finds("recital.opener", f"{word} such decisions"), word
        assert role_rules().finds("recital.opener", f"Also {word[0].lower()}{word[1:]} such decisions"), word
        assert not role_rules().finds("recital.opener", f"{word}x"), word


def found(provisions: list[Provision], words: str) -> Provision:
    return next(one for one in provisions if one.text == words)

"""What a document says of its provisions, and which of them the network has to read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from osce_commitments.classify.encoder.artefact import Register, Registers, RuleWitness
from osce_commitments.classify.encoder.heads import Dense, Heads, NetworkOutput, Trees, ask_heads, needs_network
from osce_commitments.classify.encoder.pooling import Evidence, area_probabilities, gather
from osce_commitments.classify.encoder.surroundings import cell_features, mean_words, of_documents
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.labels import STRENGTHS, THREAT_AREAS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from osce_commitments.schema import Provision, TaggedProvision

    Make = Callable[..., TaggedProvision]

_ONE = Register(
    level_network=1,
    level_rules=1,
    level_words=1,
    level_heads=1,
    area_network=1,
    area_heads=1,
    area_rules=1,
    area_offset=0,
)
_REGISTERS = Registers(plain=_ONE, formal=_ONE, plain_words=22, formal_words=32, reads_all_until=0.5)
_LONG = " within the framework of the commitments that they have made in this field, and to report on them" * 3


def provisions(make: Make, texts: Sequence[str], document: str = "a") -> list[Provision]:
    return [replace(make(text).provision, document=document, index=index) for index, text in enumerate(texts)]


def features(given: Sequence[Provision], logits: float = 0.0) -> np.ndarray:
    told = np.zeros((len(given), 5, len(THREAT_AREAS)))
    values = np.linspace(-1, 1, len(given))[:, None] * np.ones(len(THREAT_AREAS)) + logits
    return cell_features(given, told, values, values)


def test_rows_of_a_document_are_taken_in_its_own_order(make: Make) -> None:
    first, second, third = provisions(make, ["One.", "Two.", "Three."])
    other = replace(first, document="b")
    assert [rows.tolist() for rows in of_documents([third, other, first, second])] == [[2, 3, 0], [1]]


def test_other_documents_and_the_order_of_a_call_change_nothing(make: Make) -> None:
    own = provisions(make, ["Notes the report.", "Such persons will be helped.", "To this end, States will act."])
    others = provisions(make, ["Decides to ban mines." + _LONG] * 4, "b")
    alone = features(own)
    assert features([*own, *others])[:3].shape == alone.shape
    told = np.zeros((7, 5, len(THREAT_AREAS)))
    values = np.vstack([np.linspace(-1, 1, 3)[:, None] * np.ones(12), np.full((4, 12), 9.0)])
    together = cell_features([*own, *others], told, values, values)
    turned = cell_features(
        [*others, *own][::-1],
        told,
        np.vstack([values[3:], values[:3]])[::-1],
        np.vstack([values[3:], values[:3]])[::-1],
    )
    assert together[:3] == pytest.approx(alone)
    assert turned[::-1][4:] == pytest.approx(alone)
    assert mean_words([*own, *others])[:3] == pytest.approx(mean_words(own))


def test_a_short_document_is_taken_for_one_of_usual_length(make: Make) -> None:
    assert mean_words(provisions(make, ["Act now."]))[0] == pytest.approx((2 + 90) / 4)


def spared(make: Make, texts: Sequence[str]) -> list[bool]:
    tagged = [replace(make(text)) for text in texts]
    given = [replace(one.provision, document="a", index=index) for index, one in enumerate(tagged)]
    judged = RuleClassifier().classify(tagged)
    by_words = np.log(np.full((len(texts), len(STRENGTHS)), 0.01))
    by_words[np.arange(len(texts)), [one.strength.level for one in judged]] = -0.05
    return (~needs_network(gather(given, judged, _witness(), by_words), _REGISTERS)).tolist()


def test_in_a_formal_document_the_network_reads_what_the_rules_leave_open(make: Make) -> None:
    sure = "Calls upon participating States to combat trafficking in human beings" + _LONG
    open_ = "The police and the customs services of the participating States keep lists" + _LONG
    assert spared(make, [sure, sure, sure, open_]) == [True, True, True, False]


def test_in_a_plain_document_it_reads_everything(make: Make) -> None:
    assert spared(make, ["Calls upon States to combat terrorism."] * 3) == [False] * 3


def test_words_that_say_otherwise_are_a_reason_to_read(make: Make) -> None:
    text = "Calls upon participating States to combat trafficking in human beings" + _LONG
    tagged = [make(text)]
    given, judged = [tagged[0].provision], RuleClassifier().classify(tagged)
    by_words = np.log(np.full((1, len(STRENGTHS)), 0.01))
    by_words[0, 0] = -0.05
    assert needs_network(gather(given, judged, _witness(), by_words), _REGISTERS).all()


@pytest.mark.parametrize(
    ("share", "is_unsure", "is_read"),
    [(0.4, False, False), (0.05, False, True), (0.4, True, True), (0.9, True, False)],
)
def test_what_one_side_questions_is_read_only_if_the_words_find_it_unlikely(
    make: Make, share: float, *, is_read: bool, is_unsure: bool
) -> None:
    tagged = make("Calls upon participating States to combat trafficking in human beings" + _LONG)
    (rule,) = RuleClassifier().classify([tagged])
    judged, level = [replace(rule, needs_review=is_unsure)], rule.strength.level
    by_words = np.log(np.full((1, len(STRENGTHS)), 0.01))
    by_words[0, [level, (level + 1) % len(STRENGTHS)]] = np.log([share, 0.95 - share])
    given = [tagged.provision]
    read = needs_network(gather(given, judged, _witness(), by_words), _REGISTERS)
    assert read.tolist() == [is_unsure or share < 0.475]
    spare = _REGISTERS.model_copy(update={"doubted_below": 0.1})
    assert needs_network(gather(given, judged, _witness(), by_words), spare).tolist() == [is_read]


def test_where_areas_may_be_implied_the_network_reads_what_names_none(make: Make) -> None:
    tagged = [
        make(f"Calls upon participating States to {aim}{_LONG}")
        for aim in ("combat trafficking in human beings", "keep lists")
    ]
    given = [replace(one.provision, index=index) for index, one in enumerate(tagged)]
    judged, words = RuleClassifier().classify(tagged), mean_words(given)[0]
    by_words = np.log(np.full((2, len(STRENGTHS)), 0.01))
    by_words[[0, 1], [one.strength.level for one in judged]] = -0.05
    for bounds, read in (
        (None, [False, False]),
        ((words, words + 1), [False, True]),
        ((words - 1, words), [False, False]),
    ):
        registers = _REGISTERS.model_copy(update={"implied_words": bounds})
        assert needs_network(gather(given, judged, _witness(), by_words), registers).tolist() == read


def test_of_what_it_has_not_read_network_and_heads_say_what_the_rules_say(make: Make) -> None:
    tagged = [make("Calls upon States to combat terrorism."), make("Notes the report.")]
    judged, given = RuleClassifier().classify(tagged), [one.provision for one in tagged]
    rules = gather(given, judged, _witness(), np.log(np.full((2, len(STRENGTHS)), 1 / 6)))
    said = NetworkOutput(np.full((1, 6), -1.0), np.full((1, 12), 0.5), np.ones((1, 3)))
    width = 3 + 5 * 12 + 12 + 6 + 1 + 6 + 6 + 6 + 5
    none = np.zeros(width), np.ones(width), np.zeros((width, 1)), np.zeros(1), np.zeros((1, 18)), np.zeros(18)
    leaf = (
        np.zeros(1, dtype=np.int64),
        np.full(1, -1),
        np.zeros(1),
        *(np.full(1, -1),) * 2,
        np.zeros(1),
        np.full(1, 3.0),
    )
    whole = ask_heads(Heads(Dense(*none), Trees(*leaf)), said, rules, given, np.array([False, True]))
    for levels in (whole.log_levels, whole.head_levels):
        assert (levels[0] == rules.log_rules[0]).all()
    for areas in (whole.area_logits, whole.head_areas):
        assert (areas[0] > 0).tolist() == [area in judged[0].threat_areas for area in THREAT_AREAS]
    assert whole.log_levels[1].tolist() == [-1.0] * 6
    assert (whole.area_logits[1].tolist(), whole.head_areas[1].tolist()) == ([0.5] * 12, [0.0] * 12)
    assert (whole.implied[0] < 0).all()
    assert (whole.implied[1] == 3.0).all()


def _witness() -> RuleWitness:
    shares = tuple(tuple(np.eye(6)[level] * 0.9 + 0.1 / 6) for level in range(6))
    return RuleWitness(version="rules", by_rule={}, by_level=shares, by_area_cue={})


def test_named_and_implied_areas_are_two_decisions() -> None:
    formal = _ONE.model_copy(update={"area_offset": -9.0, "implied_offset": -9.0})
    registers = Registers(plain=_ONE, formal=formal, plain_words=20, formal_words=30)
    named = np.zeros((3, 5, 12))
    named[:, 0, 0] = 1.0
    levels, cells, nothing = np.zeros((3, 6)), np.full((3, 12), 1.0), np.zeros((3, 12))
    evidence = Evidence(
        rule_levels=np.zeros(3, dtype=int), log_rules=levels, rule_areas=nothing, unsure=np.zeros(3, dtype=bool),
        cue_shares=cells, field_areas=named, words=np.array([10.0, 25.0, 40.0]), log_words=levels, log_levels=levels,
        area_logits=cells, head_levels=levels, head_areas=cells, implied=np.full((3, 12), -2.0),
    )  # fmt: skip
    found = area_probabilities(evidence, registers)
    assert np.log(found / (1 - found))[:, 0] == pytest.approx([2.0, -2.5, -7.0])
    assert np.log(found / (1 - found))[:, 1] == pytest.approx([-2.0, -6.5, -11.0])
    found = area_probabilities(evidence, registers.model_copy(update={"implied_words": (25.0, 35.0)}))
    assert np.log(found / (1 - found))[:, 0] == pytest.approx([2.0, -2.5, -7.0])
    assert np.log(found / (1 - found))[:, 1] == pytest.approx([-2.0, -2.0, -11.0])

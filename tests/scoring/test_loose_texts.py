"""Labels of single texts: the same as in a document, at the price of what they hang on."""

from __future__ import annotations

from pathlib import Path

import pytest

from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.classify.rules.strength import READ_TAGS
from osce_commitments.labels import ObligationStrength, Role
from osce_commitments.scoring.corrected_rows import read_rows
from osce_commitments.scoring.loose_texts import classify_texts
from osce_commitments.tag import Tagger, load_tagger

CORPUS = Path(__file__).resolve().parents[2] / "corpora" / "commitments" / "validation.jsonl"
REQUEST = "Requests {} to keep a register of lost passports."


def test_labels_hang_on_no_other_tags() -> None:
    provisions = [row.provision(index) for index, row in enumerate(read_rows(CORPUS)[:1000])]
    wanted = RuleClassifier().classify(load_tagger().tag(provisions))
    assert RuleClassifier().classify(Tagger(READ_TAGS).tag(provisions)) == wanted


@pytest.mark.parametrize(
    ("addressee", "level"),
    [
        ("the OSCE Mission to Skopje", ObligationStrength.MANDATING),
        ("OSCE participating States", ObligationStrength.URGING),
    ],
)
def test_a_request_is_judged_by_whom_it_addresses(addressee: str, level: ObligationStrength) -> None:
    (found,) = classify_texts([REQUEST.format(addressee)], "rules", role=Role.OPERATIVE)
    assert found.labels.strength == level
    assert found.tagged.tags


def test_each_text_is_a_document_of_its_own() -> None:
    """Companions change neither probabilities nor review marks."""
    texts = [
        "Calls upon States to act against terrorism.",
        "Participating States will exchange views on such measures.",
    ]
    texts.append("The Secretariat shall report on border management and on the forging of passports each year.")
    together = classify_texts(texts, "default", role=Role.OPERATIVE)
    assert len({item.tagged.provision.document for item in together}) == len(texts)
    for text, item in zip(texts, together, strict=True):
        (alone,) = classify_texts([text], "default", role=Role.OPERATIVE)
        assert alone.labels == item.labels


def test_spaces_are_read_as_a_run_reads_them() -> None:
    plain, spaced = "Calls upon States to act.", "Calls  upon\u00a0States\u2003to act."
    found = [classify_texts([text], "rules", role=Role.OPERATIVE, lead_in=text) for text in (plain, spaced)]
    assert found[0] == found[1]

"""Labels of single texts: the same as in a document, at the price of what they hang on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from osce_commitments.analysis.loose_texts import classify_texts
from osce_commitments.classify.rules.own_structures import READ_TAGS
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.labels import ObligationStrength, Role
from osce_commitments.scoring.row_sources import read_rows
from osce_commitments.tag import Tagger, load_tagger

CORPUS = Path(__file__).resolve().parents[2] / "corpora" / "commitments" / "validation.jsonl"
REQUEST = "Requests {} to keep a register of lost passports."


def test_labels_hang_on_no_other_tags() -> None:
    provisions = [row.provision(index) for index, row in enumerate(read_rows(CORPUS))]
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


def test_classifying_starts_without_spacy() -> None:
    code = (
        "import sys; from osce_commitments.analysis.loose_texts import classify_texts; from osce_commitments.labels import Role; "
        f"classify_texts([{REQUEST.format('the OSCE')!r}], 'rules', role=Role.OPERATIVE); sys.exit('spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""Labels of single texts: the same as in a document, at the price of what they hang on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from osce_commitments.analysis.loose_texts import classify_texts
from osce_commitments.classify.rules.own_structures import reads_tags
from osce_commitments.classify.rules.rule_classifier import RuleClassifier
from osce_commitments.labels import ObligationStrength, Role
from osce_commitments.schema import TaggedProvision
from osce_commitments.scoring.labelled_rows import read_rows
from osce_commitments.tag import load_tagger

CORPUS = Path(__file__).resolve().parents[2] / "corpora" / "commitments" / "validation.jsonl"
APPEAL = "Calls upon participating States to keep a register of lost passports."
REQUEST = "Requests {} to keep a register of lost passports."


def test_labels_without_tags_are_those_with_tags_where_none_are_read() -> None:
    provisions = [row.provision(index) for index, row in enumerate(read_rows(CORPUS))]
    tagged = load_tagger().tag(provisions)
    wanted = RuleClassifier().classify(tagged)
    bare = [one if reads_tags(one.provision) else TaggedProvision(one.provision) for one in tagged]
    assert sum(not one.tags for one in bare) > len(bare) / 2
    assert RuleClassifier().classify(bare) == wanted
    assert RuleClassifier().classify(load_tagger(for_labels=True).tag(provisions)) == wanted


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


def test_one_request_among_texts_has_all_of_them_tagged() -> None:
    found = classify_texts([APPEAL, REQUEST.format("the OSCE")], "rules", role=Role.OPERATIVE)
    assert all(one.tagged.tags for one in found)


@pytest.mark.parametrize(
    ("text", "wanted"), [(APPEAL, "[]"), (REQUEST.format("UNODC"), "[]"), (REQUEST.format("the OSCE"), "['spacy']")]
)
def test_spacy_starts_only_where_a_label_hangs_on_a_tag(text: str, wanted: str) -> None:
    code = (
        "import sys; from osce_commitments.analysis.loose_texts import classify_texts; from osce_commitments.labels import Role; "
        f"classify_texts([{text!r}], 'rules', role=Role.OPERATIVE); print([m for m in ('spacy',) if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == wanted

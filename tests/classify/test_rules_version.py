"""``rules-N`` is stored with every label and named in the cards of models: a change of the rules needs a decision."""

from __future__ import annotations

from osce_commitments.classify.rules.rule_classifier import RULES_VERSION
from osce_commitments.stages import hash_of, stage_files

HASHES = {"6": "ee2756096638689b"}


def test_the_rules_are_those_of_their_version() -> None:
    reached = stage_files("classify.rules.rule_classifier")
    rules = [path for path in reached if path.startswith(("classify/rules/", "grammar/")) or path.endswith(".yaml")]
    found = hash_of(rules)
    assert {RULES_VERSION: found} == HASHES, (
        f"the rules changed. Measure them (`osce-commitments evaluate --model rules`). If labels change, raise RULES_VERSION and say in models/rules.md and"
        f' CHANGELOG.md how. Then write {{"{RULES_VERSION}": "{found}"}} into {__file__}'
    )

"""The version of the rules is stored with every label: it follows from the code and the records that decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from osce_commitments.classify.rules import rule_classifier
from osce_commitments.classify.rules.rule_classifier import RuleClassifier, rules_version

if TYPE_CHECKING:
    import pytest


def test_the_version_follows_from_what_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(rule_classifier, "hash_of", lambda paths: hashed.extend(paths) or "0123456789")
    rules_version.cache_clear()
    assert RuleClassifier().id == "rules-01234567"
    rules_version.cache_clear()
    rules = {"resources/rules/strength.yaml", "resources/rules/areas.yaml", "resources/lexicon/verbs.yaml"}
    assert {*rules, "classify/rules/strength.py", "grammar/heads.py"} <= set(hashed)


def test_the_version_is_short() -> None:
    assert re.fullmatch(r"rules-[0-9a-f]{8}", RuleClassifier().id)

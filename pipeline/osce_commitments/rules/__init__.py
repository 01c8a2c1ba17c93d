"""Linguistic rules as records: one schema, one loader, one place to ask which rule exists and why."""

from __future__ import annotations

from osce_commitments.rules.loader import load_rules
from osce_commitments.rules.record import Rule, RuleSet

__all__ = ["Rule", "RuleSet", "load_rules"]

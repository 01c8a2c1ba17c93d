"""Linguistic rules as records, with a schema and a loader."""

from __future__ import annotations

from osce_commitments.rules.loader import load_rules
from osce_commitments.rules.pattern import Pattern
from osce_commitments.rules.record import Rule, RuleSet

__all__ = ["Pattern", "Rule", "RuleSet", "load_rules"]

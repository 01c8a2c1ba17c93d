"""Operative heads of a provision: pure functions over text, shared by the tagger and the rule classifier."""

from __future__ import annotations

from osce_commitments.grammar.heads import Head, Position, find_heads, governing, plain_verbs
from osce_commitments.grammar.lexicon import Form

__all__ = ["Form", "Head", "Position", "find_heads", "governing", "plain_verbs"]

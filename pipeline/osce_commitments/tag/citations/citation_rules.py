"""The rules on citations, with the catalogue's places and bodies as atoms."""

from __future__ import annotations

import functools

from osce_commitments.catalogue import cities, places
from osce_commitments.resources import load_yaml
from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.rules.lexicon import alternatives
from osce_commitments.texts.dates import months_pattern
from osce_commitments.texts.numerals import ordinal_pattern


@functools.cache
def citation_rules() -> RuleSet:
    """Rules that find which texts are cited."""
    return load_rules(
        "citations",
        {
            "month": months_pattern(),
            "ordinal": ordinal_pattern(),
            "city": cities(),
            "place": places(),
            "body": alternatives(load_yaml("rules/citations")["words"]["bodies"]),
        },
    )


def body_code(printed: str | None) -> str:
    """Return the catalogue's code of a printed body; empty without one."""
    return str(citation_rules().words["bodies"][printed]) if printed else ""

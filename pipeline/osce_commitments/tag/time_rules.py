"""The rules on deadlines and periods, with the places, months and numbers that code gives them."""

from __future__ import annotations

import functools

from osce_commitments.catalogue import cities
from osce_commitments.resources import load_yaml
from osce_commitments.rules import RuleSet, load_rules
from osce_commitments.rules.lexicon import alternatives
from osce_commitments.texts.dates import months_pattern
from osce_commitments.texts.numerals import ordinal_pattern


@functools.cache
def time_rules() -> RuleSet:
    """Return the rules on deadlines, periods, expressions that are not deadlines, and events that set a date."""
    numbers = load_yaml("rules/time")["words"]["numbers"]
    return load_rules(
        "time",
        {
            "month": months_pattern(),
            "city": cities(),
            "nth": ordinal_pattern(),
            "number": rf"\d{{1,3}}|{alternatives(numbers)}",
        },
    )


def read_number(printed: str) -> int:
    """The value of a number in words or figures."""
    return int(printed) if printed.isdigit() else int(time_rules().words["numbers"][printed.lower()])

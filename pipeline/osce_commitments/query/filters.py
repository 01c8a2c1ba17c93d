"""Parsed conditions of a search."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Unpack

from osce_commitments.errors import ConfigError
from osce_commitments.query.conditions import BY_NAME, Conditions, without_empty
from osce_commitments.query.search.language import QueryNode, parse_query


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on a provision; all that are given must hold.

    Attributes:
        text: The text query; None for any text.
        values: The other conditions by name, as their ``read`` returns them.
    """

    text: QueryNode | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, *, text: str = "", **conditions: Unpack[Conditions]) -> Filters:
        """Parse conditions as a person writes them.

        Args:
            text: A query: words, "phrases", AND OR NOT, brackets, beginnings*, ``title: heading: lead_in: text:``.
            conditions: See :class:`Conditions`.

        Raises:
            ConfigError: If a name or form is wrong; the message lists the choices.
            QueryError: If the text is not a valid query; the message says where.
            TypeError: If a condition does not exist.
        """
        read = {name: BY_NAME[name].read(given, name) for name, given in without_empty(conditions).items()}
        found = {name: value for name, value in read.items() if value is not None}
        for name in found:
            _check_order(found, name, BY_NAME[name].end)
        return cls(parse_query(text), found)

    def without(self, names: Collection[str]) -> Filters:
        """The filters without some conditions."""
        return replace(self, values={name: value for name, value in self.values.items() if name not in names})


def _check_order(found: Mapping[str, Any], first: str, last: str) -> None:
    if last in found and found[first] > found[last]:
        msg = f"{first} {found[first]} is after {last} {found[last]}"
        raise ConfigError(msg, f"give the earlier day with {first}")

"""Values of conditions that no provision has, and values that look like them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.query.conditions import BY_NAME
from osce_commitments.query.filters import Filters
from osce_commitments.query.where import where

if TYPE_CHECKING:
    from osce_commitments.query.store import Store

_SHOWN, _LEAST_LIKENESS = 3, 0.6
_KNOWN = {
    "document": "SELECT symbol FROM documents WHERE symbol <> ''",
    "cites": "SELECT DISTINCT symbol FROM citations",
    "model": "SELECT DISTINCT model FROM provisions",
    "addressee": "SELECT name FROM addressees GROUP BY name ORDER BY count(*) DESC",
}


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A value of a condition that no provision has.

    Attributes:
        name: Name of the condition.
        near: Similar values that some provision has, best first.
    """

    name: str
    value: str
    near: tuple[str, ...]

    @property
    def message(self) -> str:
        """One sentence for people."""
        meant = f" Did you mean {' or '.join(repr(one) for one in self.near)}?" if self.near else ""
        return f"No provision has the {BY_NAME[self.name].label.lower()} {self.value!r}.{meant}"


def unmatched_values(store: Store, filters: Filters) -> list[Unmatched]:
    """The values of conditions with open sets of values that no provision has."""
    return [one for name in _KNOWN if name in filters.values for one in _unmatched(store, name, filters.values[name])]


def _unmatched(store: Store, name: str, value: Any) -> Iterator[Unmatched]:  # noqa: ANN401 - of any condition
    condition = where(Filters(values={name: value}), store.words)
    if store.rows(f"SELECT 1 FROM provisions p WHERE {condition.sql} LIMIT 1", condition.values):  # noqa: S608 - ours
        return
    written = value[0] if isinstance(value, tuple) else value
    yield Unmatched(name, written, _near(written, (known for (known,) in store.rows(_KNOWN[name]))))


def _near(written: str, known: Iterable[str]) -> tuple[str, ...]:
    folded = {one.casefold(): one for one in known}
    found = difflib.get_close_matches(written.casefold(), folded, _SHOWN, _LEAST_LIKENESS)
    return tuple(folded[one] for one in found)

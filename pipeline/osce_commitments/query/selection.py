"""A selection of provisions, and its SQL over the search index; values are always bound parameters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Unpack

from osce_commitments.errors import ConfigError
from osce_commitments.labels import Basis
from osce_commitments.query.conditions import AREAS, BY_NAME, Conditions, Sql, days_within, without_empty
from osce_commitments.query.search.language import QueryNode, compile_query, parse_query, plain_words, within_limit

By = Literal["words", "meaning", "both"]
Order = Literal["", "relevance", "newest", "oldest", "firmest", "due"]
BY, ORDERS = ("words", "meaning", "both"), ("relevance", "newest", "oldest", "firmest", "due")
USUAL_LIMIT = 50
_MATCHING = "p.number IN (SELECT rowid FROM found WHERE found MATCH ?)"
_FIRST_DUE = "(SELECT min(last_day) FROM deadlines WHERE provision = p.number{})"
ANYTHING = "1"
ANYTHING_MATCHING = f"{ANYTHING} AND {_MATCHING}"
# Weights of title, heading, lead-in, text, reading. The text of an item counts twice, because its reading repeats it.
RANK = "bm25(found, 1.0, 1.0, 1.0, 1.0, 1.0)"


class Asked(Conditions, total=False):
    """The keywords of :meth:`Selection.of`: conditions, order and page."""

    text: str
    by: By
    order: Order
    limit: int | None
    offset: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Provisions that a text query and conditions choose, all of which must hold; their order, and how many of them.

    Command line, page, API, reports, watches, labels and history pass it to the methods of :class:`Reader`.

    Attributes:
        text: Words, "phrases", AND OR NOT, brackets, beginnings*, ``title: heading: lead_in: text:``.
        conditions: The conditions as a person writes them; see :class:`Conditions`.
        by: ``words`` matches the query; ``meaning`` finds, of the provisions that meet the conditions, those closest to
            the query: at most ``CLOSEST``, and none below the encoder's floor of likeness; ``both`` ranks
            what meets the query or is close to it by its concepts and its meaning.
        order: ``relevance``, ``newest``, ``oldest``, ``firmest`` or ``due`` (first deadline within the chosen days);
            by default ``relevance`` with text and ``newest`` without.
        limit: Maximum number; None for all.
        offset: Number to skip.
        query: The parsed text; None for any text.
        values: The conditions by name, as their ``read`` returns them.

    Raises:
        ConfigError: If a name or form is wrong; the message lists the choices. QueryError, a subclass, if the text is not a
            valid query; the message says where.
        TypeError: If a condition does not exist.
    """

    text: str = ""
    conditions: Mapping[str, Any] = field(default_factory=dict)
    by: By = "words"
    order: Order = ""
    limit: int | None = USUAL_LIMIT
    offset: int = 0
    query: QueryNode | None = field(init=False, compare=False)
    values: Mapping[str, Any] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        if self.by not in BY:
            msg = f"unknown search by {self.by!r}"
            raise ConfigError(msg, f"search by {', '.join(BY)}")
        if self.offset < 0 or (self.limit is not None and self.limit < 0):
            msg = f"limit {self.limit} or offset {self.offset} is negative"
            raise ConfigError(msg, "use limit and offset of 0 or more")
        checked_order(self.order)
        conditions = without_empty(self.conditions)
        read = {name: BY_NAME[name].read(value, name) for name, value in conditions.items()}
        values = {name: value for name, value in read.items() if value is not None}
        for first, value in values.items():
            last = BY_NAME[first].end
            if last in values and value > values[last]:
                msg = f"{first} {value} is after {last} {values[last]}"
                raise ConfigError(msg, f"give the earlier day with {first}")
        object.__setattr__(self, "conditions", conditions)
        object.__setattr__(self, "query", parse_query(self.text))
        object.__setattr__(self, "values", values)

    def __hash__(self) -> int:
        return hash((self.text, *self.conditions.items(), self.by, self.order, self.limit, self.offset))

    @classmethod
    def of(cls, selection: Selection | str = "", **keywords: Unpack[Asked]) -> Selection:
        """The selection of a text query and keywords; a selection stays as it is, but for the keywords."""
        conditions: dict[str, Any] = dict(keywords)
        parts = {
            name: conditions.pop(name) for name in ("text", "by", "order", "limit", "offset") if name in conditions
        }
        if isinstance(selection, str):
            return cls(**{"text": selection, **parts}, conditions=conditions)
        return replace(selection, conditions={**selection.conditions, **conditions}, **parts)

    @property
    def is_ranked(self) -> bool:
        """Whether meaning ranks it: there must be words to rank by."""
        return self.by != "words" and bool(plain_words(self.query))

    def without(self, names: Collection[str]) -> Selection:
        """The selection without some conditions."""
        return replace(self, conditions={name: self.conditions[name] for name in self.conditions if name not in names})


def checked_order(order: str) -> str:
    """An order; empty for the usual one.

    Raises:
        ConfigError: If it is unknown.
    """
    if order and order not in ORDERS:
        msg = f"unknown order {order!r}"
        raise ConfigError(msg, f"order by {', '.join(ORDERS)}")
    return order


COMMITMENTS = Selection(conditions={"commitments": True}, limit=None)
"""All commitments."""


@dataclass(frozen=True, slots=True)
class Where:
    """An SQL condition over ``provisions p``.

    Attributes:
        match: Full-text expression for ranking; may be empty.
        areas: Expression for the mask of a provision's areas, of which only those on the chosen bases count.
        due: Expression for the last day of a provision's first deadline within the chosen days, with its values.
    """

    sql: str
    values: tuple[Any, ...]
    match: str = ""
    areas: str = "p.areas"
    due: Sql = ("NULL", ())

    @property
    def matching(self) -> Where:
        """The same with the full-text expression as part of the condition."""
        if not self.match:
            return self
        return replace(self, sql=f"{self.sql} AND {_MATCHING}", values=(*self.values, self.match), match="")


def where(query: QueryNode | None, values: Mapping[str, Any], expand: Callable[[str], Sequence[str]]) -> Where:
    """The condition for a parsed text query and parsed conditions.

    Raises:
        QueryError: If the text query is not valid.
    """
    # The days of a period in which one row must lie are one condition.
    joined = {BY_NAME[name].end for name in values if BY_NAME[name].between}
    parts: list[Sql] = []
    for name, value in values.items():
        condition = BY_NAME[name]
        if condition.between:
            parts.append(condition.between(value, values.get(condition.end)))
        elif name not in joined:
            parts.append(condition.sql(value))
    match = ""
    if query is not None:
        expression = compile_query(query, within_limit(expand))
        match = expression.match
        if match and expression.unless:
            match = f"({match}) NOT ({expression.unless})"
        elif expression.unless:
            parts.append((f"NOT ({_MATCHING})", (expression.unless,)))
    areas = areas_on(values.get("basis", ()))
    statement = " AND ".join(f"({sql})" for sql, _ in parts).replace(AREAS, areas) or ANYTHING
    within, days = days_within(values.get("due_since"), values.get("due_until"))
    due = _FIRST_DUE.format(f" AND {within}" if within else "")
    return Where(statement, tuple(value for _, bound in parts for value in bound), match, areas, (due, days))


def areas_on(bases: Iterable[Basis]) -> str:
    """Expression for the mask of the areas on some bases; without any, of all areas."""
    return f"({' | '.join(f'p.areas_{basis}' for basis in bases) or 'p.areas'})"

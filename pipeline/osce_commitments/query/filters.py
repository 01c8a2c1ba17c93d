"""What a person filters by, read from the words of a command line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from osce_commitments.catalogue import load_catalogue, normalise_symbol
from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, ObligationStrength, Qualifier, Role, ThreatArea
from osce_commitments.query.search.language import QueryNode, parse_query, unprintable

if TYPE_CHECKING:
    from typing_extensions import Unpack

NO_AREA = "none"
_STRENGTH = re.compile(r"(?P<sign>>=|<=|>|<|=)?\s*(?P<first>\w+)\s*(?:\.\.\s*(?P<last>\w+))?")
_YEAR = re.compile(r"\d{4}")


class Conditions(TypedDict, total=False):
    """What :meth:`Filters.parse` reads: what command line, page and Python call a condition; empty ones do not filter.

    Attributes:
        threats: Threat areas; ``none`` for provisions without any.
        strength: ``urging``, ``>=urging``, ``<3``, ``encouraging..committing``.
        addressee: Part of a name, or an abbreviation that the catalogue knows.
        bodies: Adopting bodies, such as MC, PC, FSC.
        since: Year or day (2005, 2005-12-06).
        until: The same; a year counts to its end.
        roles: Roles.
        document: Symbol in any printed form, source, file name or id.
        qualifiers: Qualifiers.
        needs_review: Whether the classifier asks for a look.
        is_adopted: Whether a body adopted the document.
        cites: Symbol of a cited instrument in any printed form.
        model: Classifier that set the labels, or its name without version.
        has_deadline: Whether it says by when or how often to act.
        due_since: Year or day.
        due_until: The same; a year counts to its end.
    """

    threats: Sequence[str]
    strength: str
    addressee: str
    bodies: Sequence[str]
    since: str
    until: str
    roles: Sequence[str]
    document: str
    qualifiers: Sequence[str]
    needs_review: bool | None
    is_adopted: bool | None
    cites: str
    model: str
    has_deadline: bool | None
    due_since: str
    due_until: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on a provision; all that are given must hold.

    Attributes:
        threats: It has one of these areas; empty: any, unless ``without_area``.
        without_area: It has no area, or one of ``threats``.
        levels: Lowest and highest strength level.
        addressee: Part of the addressee's name, letter case aside.
        addressee_name: Canonical name of the actor that ``addressee`` means; empty if none.
        bodies: One of these adopted the document; empty: any.
        since, until: Days between which the document is dated. One of which only the year is known is found if
            that year reaches into them; an undated one is not.
        text: What its words must meet; None: anything.
        roles: It has one of these roles; empty: any.
        document: Symbol, source, file name or id of its document.
        qualifiers: It has one of these; empty: any.
        needs_review: Whether the classifier asks for a look; None: either.
        is_adopted: Whether a body adopted the document; None: either.
        cites: Symbol of an instrument that it cites; empty: any.
        model: Classifier that set its labels, or its name without version; empty: any.
        has_deadline: Whether it says by when or how often to act; None: either.
        due_since, due_until: Days between which a dated deadline of it lies, or a period begins or ends.
    """

    threats: tuple[ThreatArea, ...] = ()
    without_area: bool = False
    levels: tuple[int, int] = (0, len(STRENGTHS) - 1)
    addressee: str = ""
    addressee_name: str = ""
    bodies: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    text: QueryNode | None = None
    roles: tuple[Role, ...] = ()
    document: str = ""
    qualifiers: tuple[Qualifier, ...] = ()
    needs_review: bool | None = None
    is_adopted: bool | None = None
    cites: str = ""
    model: str = ""
    has_deadline: bool | None = None
    due_since: dt.date | None = None
    due_until: dt.date | None = None

    @classmethod
    def parse(cls, *, text: str = "", **conditions: Unpack[Conditions]) -> Filters:
        """Read conditions as a person writes them.

        Args:
            text: A query: words, "phrases", AND OR NOT, brackets, beginnings*, ``title: heading: lead_in: text:``.
            conditions: See :class:`Conditions`.

        Raises:
            ConfigError: If a name or form is wrong; the message lists the choices.
            QueryError: If the text is no query; the message says where.
            TypeError: If there is no condition of a name.
        """
        given: Mapping[str, Any] = conditions
        if unknown := given.keys() - _READ.keys():
            msg = f"there is no condition {min(unknown)!r}"
            raise TypeError(msg)
        fields = {field: value for name, said in given.items() for field, value in _READ[name](said, name).items()}
        found = cls(text=parse_query(text), **fields)
        _check_order(found.since, found.until, "since", "until")
        _check_order(found.due_since, found.due_until, "due_since", "due_until")
        return found


def _check_order(first: dt.date | None, last: dt.date | None, *names: str) -> None:
    if first and last and first > last:
        msg = f"{names[0]} {first} is after {names[1]} {last}"
        raise ConfigError(msg, f"give the earlier day with {names[0]}")


_Label = TypeVar("_Label", bound="StrEnum")


def _labels(kind: type[_Label], names: Iterable[str], what: str) -> tuple[_Label, ...]:
    by_name = {str(label): label for label in kind}
    return tuple(by_name[_choose(name, by_name, what)] for name in names)


def _choose(name: str, known: Iterable[str], what: str) -> str:
    folded = {_fold(one): one for one in known}
    if _fold(name) not in folded:
        msg = f"there is no {what} {name!r}"
        raise ConfigError(msg, f"choose from: {', '.join(folded.values())}")
    return folded[_fold(name)]


def _fold(name: str) -> str:
    return name.strip().casefold().replace("-", "_").replace(" ", "_")


def _bodies(names: Iterable[str]) -> tuple[str, ...]:
    known = dict.fromkeys(row.body for row in load_catalogue().instruments)
    return tuple(_choose(name, known, "body") for name in names)


def _levels(strength: str) -> tuple[int, int]:
    lowest, highest = 0, len(STRENGTHS) - 1
    if not strength.strip():
        return lowest, highest
    match = _STRENGTH.fullmatch(strength.strip())
    if match is None or (match["sign"] and match["last"]):
        msg = f"{strength!r} is no condition on strength"
        raise ConfigError(msg, f"write 'urging', '>=urging' or 'urging..mandating'; strengths: {', '.join(STRENGTHS)}")
    level = _level(match["first"])
    if match["last"]:
        pair = (level, _level(match["last"]))
        return min(pair), max(pair)
    bounds = {">=": (level, highest), ">": (level + 1, highest), "<=": (lowest, level), "<": (lowest, level - 1)}
    return bounds.get(match["sign"], (level, level))


def _level(name: str) -> int:
    if name.isdecimal() and int(name) < len(STRENGTHS):
        return int(name)
    return ObligationStrength(_choose(name, STRENGTHS, "strength")).level


def _day(text: str, what: str, end: tuple[int, int]) -> dt.date | None:
    text = text.strip()
    if not text:
        return None
    try:
        return dt.date(int(text), *end) if _YEAR.fullmatch(text) else dt.date.fromisoformat(text)
    except ValueError as error:
        msg = f"{what} {text!r} is neither a year nor a day"
        raise ConfigError(msg, "write 2005 or 2005-12-06") from error


def _threats(names: Sequence[str], _: str) -> dict[str, Any]:
    known = {**{str(area): area for area in ThreatArea}, NO_AREA: None}
    chosen = [known[_choose(name, known, "threat area")] for name in names]
    return {"threats": tuple(area for area in chosen if area), "without_area": None in chosen}


def _addressee(said: str, what: str) -> dict[str, Any]:
    name = _written(said, what)
    actor = load_catalogue().actor(name) if name else None
    return {"addressee": name, "addressee_name": actor.name if actor else ""}


def _symbol(said: str, what: str) -> dict[str, Any]:
    written = _written(said, what)
    return {what: normalise_symbol(written) or written}


def _written(said: str, what: str) -> str:
    """The words without space around them.

    Raises:
        ConfigError: If there is an unprintable character among them.
    """
    written = said.strip()
    if unprintable(written) is not None:
        msg = f"{what} {said!r} has an unprintable character"
        raise ConfigError(msg, "leave it out")
    return written


# How each condition is read: from what was said and its name into fields of the filters.
_READ: Mapping[str, Callable[[Any, str], dict[str, Any]]] = {
    "threats": _threats,
    "strength": lambda said, _: {"levels": _levels(said)},
    "addressee": _addressee,
    "bodies": lambda said, _: {"bodies": _bodies(said)},
    "since": lambda said, what: {what: _day(said, what, (1, 1))},
    "until": lambda said, what: {what: _day(said, what, (12, 31))},
    "roles": lambda said, _: {"roles": _labels(Role, said, "role")},
    "document": _symbol,
    "qualifiers": lambda said, _: {"qualifiers": _labels(Qualifier, said, "qualifier")},
    "needs_review": lambda said, what: {what: said},
    "is_adopted": lambda said, what: {what: said},
    "cites": _symbol,
    "model": lambda said, what: {what: _written(said, what)},
    "has_deadline": lambda said, what: {what: said},
    "due_since": lambda said, what: {what: _day(said, what, (1, 1))},
    "due_until": lambda said, what: {what: _day(said, what, (12, 31))},
}

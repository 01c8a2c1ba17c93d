"""Values of conditions: parsing, SQL over the index, and words.

The catalogue and the engine are imported late: the command line imports this module for its help.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any

from osce_commitments.errors import ConfigError
from osce_commitments.labels import NAMED, STRENGTHS, Adopted, Basis, ObligationStrength, ThreatArea, act_sql
from osce_commitments.phrases import did_you_mean, folded_name, similar
from osce_commitments.texts.printable import counted_noun

NO_AREA = "none"
ANY = "any"
NAMED_ANYWHERE = "named"
LAST_MEETING = "last"
AREAS = "{areas}"  # in a condition: the mask of the areas on the chosen bases, which ``where`` fills in
Sql = tuple[str, tuple[Any, ...]]  # a condition over ``provisions p`` and its bound values

_STRENGTH = re.compile(r"(?P<sign>>=|<=|>|<|=)?\s*(?P<first>\w+)\s*(?:\.\.\s*(?P<last>\w+))?")
_MONTH = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d\d))?")
_ANY = "any "
_EARLIER_STATES = {"true": "yes", "false": "no"}
_ESCAPED = str.maketrans({"%": r"\%", "_": r"\_", "\\": "\\\\"})
_ALL_LEVELS = (0, len(STRENGTHS) - 1)


# --- parsing


def _choose(name: str, known: Iterable[str], what: str) -> str:
    folded = {folded_name(one): one for one in known}
    if folded_name(name) not in folded:
        msg = f"unknown {what} {name!r}"
        remedy = f"{did_you_mean(similar(name, folded.values()))} Choose from: {', '.join(folded.values())}"
        raise ConfigError(msg, remedy.strip())
    return folded[folded_name(name)]


def labels_of(kind: type[StrEnum]) -> Callable[[Sequence[str], str], tuple[StrEnum, ...]]:
    """A parser of labels in any letter case, with hyphens, spaces or underscores."""
    return lambda names, what: tuple(kind(_choose(name, map(str, kind), what)) for name in names)


def chosen_areas(names: Sequence[str], _: str) -> tuple[str, ...]:
    """Threat areas; ``none`` last."""
    known = {**{str(area): area for area in ThreatArea}, NO_AREA: NO_AREA}
    chosen = [known[_choose(name, known, "threat area")] for name in names]
    return tuple(sorted(chosen, key=lambda area: area == NO_AREA))


def chosen_bases(names: Sequence[str], what: str) -> tuple[Basis, ...]:
    """What areas may stand on, in the order of the set; ``named`` stands for all but ``implied``."""
    chosen = {_choose(name, (NAMED_ANYWHERE, *Basis), what) for name in names}
    named = NAMED if NAMED_ANYWHERE in chosen else ()
    return tuple(basis for basis in Basis if basis in chosen or basis in named)


def body_codes() -> tuple[str, ...]:
    """Codes of adopting bodies, in the order of the catalogue; a body without a code has its name."""
    from osce_commitments.catalogue import organs

    return tuple(dict.fromkeys(organ.body for organ in organs()))


def chosen_bodies(names: Sequence[str], what: str) -> tuple[str, ...]:
    """Codes of adopting bodies; one that a single organ has, or a name of the page, may be given by name."""
    from osce_commitments.catalogue import body_name, organ_named

    known = body_codes()
    codes = {folded_name(written): code for code in known for written in (code, body_name(code))}
    bodies = []
    for name in names:
        organ = organ_named(name)
        code = codes.get(folded_name(organ.name if organ and folded_name(name) not in codes else name))
        if organ and not code:
            msg = f"the {organ.name} has no code of its own in the column body"
            raise ConfigError(msg, f"use {organ.body}, which contains it")
        # Bodies that the catalogue does not know have their printed name in the column, which is no word of a closed set.
        bodies.append(code or (name.strip() if " " in name.strip() else _choose(name, known, what)))
    return tuple(bodies)


def adoption_states(names: Sequence[str], what: str) -> tuple[Adopted, ...]:
    """States of adoption; ``any`` stands for all, ``true`` and ``false`` are earlier spellings."""
    chosen = [_choose(_EARLIER_STATES.get(folded_name(name), name), (*Adopted, ANY), what) for name in names]
    return tuple(Adopted) if ANY in chosen else tuple(map(Adopted, chosen))


def strength_levels(strength: str, _: str) -> tuple[int, int] | None:
    """Lowest and highest level; None for all."""
    lowest, highest = _ALL_LEVELS
    if not strength.strip():
        return None
    match = _STRENGTH.fullmatch(strength.strip())
    if match is None or (match["sign"] and match["last"]):
        msg = f"{strength!r} is not a condition on strength"
        raise ConfigError(msg, f"write 'urging', '>=urging' or 'urging..mandating'; strengths: {', '.join(STRENGTHS)}")
    level = _level(match["first"])
    last = _level(match["last"]) if match["last"] else level
    bounds = {">=": (level, highest), ">": (level + 1, highest), "<=": (lowest, level), "<": (lowest, level - 1)}
    found = bounds.get(match["sign"], (min(level, last), max(level, last)))
    return None if found == _ALL_LEVELS else found


def _level(name: str) -> int:
    if name.isdecimal() and int(name) < len(STRENGTHS):
        return int(name)
    return ObligationStrength(_choose(name, STRENGTHS, "strength")).level


def _days(text: str, what: str) -> tuple[dt.date, dt.date] | None:
    text = text.strip()
    if not text:
        return None
    try:
        match = _MONTH.fullmatch(text)
        if match is None:
            day = dt.date.fromisoformat(text)
            return day, day
        year, first = int(match["year"]), int(match["month"] or 1)
        last = int(match["month"] or 12)
        return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
    except ValueError as error:
        msg = f"{what} {text!r} is not a year, a month or a day"
        raise ConfigError(msg, "write 2005, 2005-12 or 2005-12-06") from error


def earliest_day(text: str, what: str) -> dt.date | None:
    """The day, or the first of a year or month."""
    days = _days(text, what)
    return days and days[0]


def latest_day(text: str, what: str) -> dt.date | None:
    """The day, or the last of a year or month."""
    days = _days(text, what)
    return days and days[1]


def meeting_number(text: str, _: str) -> int | None:
    """Ordinal of a meeting of the Ministerial Council; 0 for ``last``."""
    from osce_commitments.catalogue import meeting_named

    if not text.strip():
        return None
    return 0 if folded_name(text) == LAST_MEETING else meeting_named(text).ordinal


def printable_words(text: str, what: str) -> str | None:
    """The words without surrounding space; unprintable characters are refused."""
    from osce_commitments.query.search.language import unprintable

    written = text.strip()
    if unprintable(written) is not None:
        msg = f"{what} {text!r} contains an unprintable character"
        raise ConfigError(msg, "remove it")
    return written or None


def instrument_symbol(text: str, what: str) -> str | None:
    """A symbol in its normal form; other words unchanged."""
    from osce_commitments.catalogue import normalise_symbol

    written = printable_words(text, what)
    return written and (normalise_symbol(written) or written)


def actor_names(text: str, what: str) -> tuple[str, ...] | None:
    """The given name, and the canonical name of its actor; after "any" also the names of all parts of that group."""
    from osce_commitments.catalogue import load_catalogue

    written = printable_words(text, what)
    if not written:
        return None
    catalogue = load_catalogue()
    if written.lower().startswith(_ANY) and (group := catalogue.actor(written[len(_ANY) :].strip())):
        return written, group.name, *(actor.name for actor in catalogue.actors if actor.broader == group.name)
    actor = catalogue.actor(written)
    return written, actor.name if actor else written


# --- SQL over the index


def bound(sql: str) -> Callable[[Any], Sql]:
    """A condition on one value; the index stores days as text."""
    return lambda value: (sql, (str(value) if isinstance(value, dt.date) else value,))


def one_of(column: str) -> Callable[[Sequence[Any]], Sql]:
    """A condition on a column with one of several values."""
    return lambda values: (f"{column} IN ({', '.join('?' * len(values))})", tuple(map(str, values)))


def beside(table: str, condition: str) -> str:
    """The condition that a side table has a matching row."""
    return f"p.number IN (SELECT provision FROM {table} WHERE {condition})"  # noqa: S608 - names and conditions are ours


def _like(before: str, text: str, after: str = "") -> str:
    return f"{before}{text.translate(_ESCAPED)}{after}"


def area_sql(areas: Sequence[str]) -> Sql:
    """Provisions that have one of the areas."""
    from osce_commitments.query.search.index import area_mask

    return f"{AREAS} & ?" + (f" OR {AREAS} = 0" if NO_AREA in areas else ""), (area_mask(areas),)


def basis_sql(_: Sequence[Basis]) -> Sql:
    """Provisions with an area on one of the chosen bases."""
    return f"{AREAS} != 0", ()


def due_sql(first: dt.date | None, last: dt.date | None) -> Sql:
    """Provisions with a deadline between two days: one and the same deadline must lie within both."""
    parts = [("last_day >= ?", first), ("first_day <= ?", last)]
    given = [(sql, str(day)) for sql, day in parts if day is not None]
    return beside("deadlines", " AND ".join(sql for sql, _ in given)), tuple(day for _, day in given)


def commitments_sql(wanted: bool) -> Sql:  # noqa: FBT001 - the value of the condition
    """Commitments, as the view ``commitments`` defines them, or all other provisions."""
    sql = f"{act_sql('p.role', 'p.strength')} AND p.adopted = 'yes'"
    return (sql if wanted else f"NOT ({sql})"), ()


def dated_sql(wanted: bool) -> Sql:  # noqa: FBT001 - the value of the condition
    """Provisions of documents with (without) a day or year."""
    return f"p.last_day IS {'NOT ' if wanted else ''}NULL", ()


def meeting_sql(ordinal: int) -> Sql:
    """Provisions that the Ministerial Council adopted at a meeting, or (0) at the last one that the dataset holds."""
    if ordinal:
        return "p.meeting = ?", (ordinal,)
    return "p.meeting = (SELECT max(meeting) FROM provisions)", ()


def qualifier_sql(qualifiers: Sequence[str]) -> Sql:
    """Provisions that have one of the qualifiers."""
    from osce_commitments.query.search.index import qualifier_mask

    return "p.qualifiers & ?", (qualifier_mask(qualifiers),)


def addressee_sql(names: tuple[str, ...]) -> Sql:
    """Provisions with an addressee whose name contains the given words or is one of the canonical names."""
    marks = ", ".join("?" * (len(names) - 1))
    sql = beside("addressees", rf"fold(name) LIKE ? ESCAPE '\' OR fold(name) IN ({marks})")
    return sql, (_like("%", names[0].lower(), "%"), *(name.lower() for name in names[1:]))


def id_sql(ids: Sequence[str]) -> Sql:
    """Provisions with one of any number of ids."""
    return "p.id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)


def document_sql(key: str) -> Sql:
    """Provisions of documents with a symbol, id, source or file name."""
    sql = (
        "p.document IN (SELECT number FROM documents "
        r"WHERE symbol = ? OR id = ? OR source = ? OR source LIKE ? ESCAPE '\')"
    )
    return sql, (key, key, key, _like("%/", key))


def model_sql(name: str) -> Sql:
    """Provisions labelled by a classifier, in one version or any."""
    return r"p.model = ? OR p.model LIKE ? ESCAPE '\'", (name, _like("", name, "@%"))


# --- words for people


def with_given(words: str) -> Callable[[str, Any], str]:
    """Words with the given value."""
    return lambda given, _: words.format(given)


def with_values(words: str) -> Callable[[str, Any], str]:
    """Words with the list of values."""
    return lambda _, value: words.format(", ".join(str(one).replace("_", " ") for one in value))


def basis_words(_: str, bases: Sequence[Basis]) -> str:
    """What areas stand on."""
    if tuple(bases) == NAMED:
        return "areas that a word names"
    return f"areas {', '.join(basis.in_words for basis in bases)}"


def body_words(_: str, bodies: Any) -> str:  # noqa: ANN401 - the values of the condition
    """Adopting bodies by their short names."""
    from osce_commitments.catalogue import body_name

    names = (body_name(body) for body in bodies)
    return f"adopted by {', '.join(name if name.startswith('another') else f'the {name}' for name in names)}"


def yes_no_words(yes: str, no: str) -> Callable[[str, Any], str]:
    """Words for yes and for no."""
    return lambda _, value: yes if value else no


def meeting_words(given: str, ordinal: int) -> str:
    """The meeting by its number and place."""
    from osce_commitments.catalogue import meeting_named

    if not ordinal:
        return "adopted at the last meeting of the Ministerial Council in the dataset"
    return f"adopted at the {meeting_named(given).in_words}"


def ids_words(_: str, ids: Sequence[str]) -> str:
    """How many provisions were chosen one by one."""
    return counted_noun(len(ids), "selected provision")


def strength_words(_: str, levels: tuple[int, int]) -> str:
    """The levels in words; empty for all commitments."""
    # Descriptions are of commitments, whose lowest level is permissive.
    low, high = max(levels[0], 1), levels[1]
    if (low, high) == (1, _ALL_LEVELS[1]):
        return ""
    if high == _ALL_LEVELS[1] and low <= high:
        return f"at least {STRENGTHS[low]}"
    if low == 1 < high:
        return f"at most {STRENGTHS[high]}"
    return f"strength {STRENGTHS[low]}" if low == high else f"strength {STRENGTHS[low]} to {STRENGTHS[high]}"

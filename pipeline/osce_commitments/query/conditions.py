"""The conditions of a search, one declaration each: how a value is read, its SQL over the index, and its words.

They define the options of the command line, the keywords of :class:`Reader`, the parameters of the page and the JSON API,
the controls and chips of the page, and the selection of reports. To add a condition, add a declaration to ``CONDITIONS``,
its keyword to :class:`Conditions` and, if needed, a column to the index.

The command line imports this module for its help, so the catalogue and the engine are imported late.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypedDict

from osce_commitments.errors import ConfigError
from osce_commitments.labels import (
    NAMED,
    STRENGTHS,
    Adopted,
    Basis,
    DocumentType,
    ObligationStrength,
    Qualifier,
    Role,
    TextForm,
    ThreatArea,
    act_sql,
    counted_sql,
)
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


def states_of(kind: type[StrEnum]) -> Callable[[Sequence[str], str], tuple[StrEnum, ...]]:
    """A parser of states; ``any`` stands for all, ``true`` and ``false`` are earlier spellings of ``yes`` and ``no``."""

    def read(names: Sequence[str], what: str) -> tuple[StrEnum, ...]:
        chosen = [_choose(_EARLIER_STATES.get(folded_name(name), name), (*kind, ANY), what) for name in names]
        return tuple(kind) if ANY in chosen else tuple(map(kind, chosen))

    return read


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


def day_of(end: int) -> Callable[[str, str], dt.date | None]:
    """A parser of a day; of a month or year, its first (0) or last (-1) day."""

    def read(text: str, what: str) -> dt.date | None:
        if not text.strip():
            return None
        try:
            month = _MONTH.fullmatch(text.strip())
            if month is None:
                return dt.date.fromisoformat(text.strip())
            year, number = int(month["year"]), int(month["month"] or (12 if end else 1))
            return dt.date(year, number, calendar.monthrange(year, number)[1] if end else 1)
        except ValueError as error:
            msg = f"{what} {text.strip()!r} is not a year, a month or a day"
            raise ConfigError(msg, "write 2005, 2005-12 or 2005-12-06") from error

    return read


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
    from osce_commitments.fields.provisions import area_mask

    return f"{AREAS} & ?" + (f" OR {AREAS} = 0" if NO_AREA in areas else ""), (area_mask(areas),)


def days_within(first: dt.date | None, last: dt.date | None) -> Sql:
    """A condition on a row with ``first_day`` and ``last_day``: it must lie within the days that are given."""
    parts = [(sql, str(day)) for sql, day in (("last_day >= ?", first), ("first_day <= ?", last)) if day]
    return " AND ".join(sql for sql, _ in parts), tuple(day for _, day in parts)


def due_sql(first: dt.date | None, last: dt.date | None) -> Sql:
    """Provisions with a deadline between two days: one and the same deadline must lie within both."""
    condition, days = days_within(first, last)
    return beside("deadlines", condition), days


def commitments_sql(wanted: bool) -> Sql:  # noqa: FBT001 - the value of the condition
    """Commitments, as the view ``commitments`` defines them, or all other provisions."""
    sql = f"{act_sql('p.role', 'p.strength')} AND {counted_sql('p')}"
    return (sql if wanted else f"NOT ({sql})"), ()


def qualifier_sql(qualifiers: Sequence[str]) -> Sql:
    """Provisions that have one of the qualifiers."""
    from osce_commitments.fields.provisions import qualifier_mask

    return "p.qualifiers & ?", (qualifier_mask(qualifiers),)


def addressee_sql(names: tuple[str, ...]) -> Sql:
    """Provisions with an addressee whose name contains the given words or is one of the canonical names."""
    marks = ", ".join("?" * (len(names) - 1))
    sql = beside("addressees", rf"fold(name) LIKE ? ESCAPE '\' OR fold(name) IN ({marks})")
    return sql, (_like("%", names[0].lower(), "%"), *(name.lower() for name in names[1:]))


def document_sql(key: str) -> Sql:
    """Provisions of documents with a symbol, id, source or file name."""
    sql = (
        "p.document IN (SELECT number FROM documents "
        r"WHERE symbol = ? OR id = ? OR source = ? OR source LIKE ? ESCAPE '\')"
    )
    return sql, (key, key, key, _like("%/", key))


# --- words for people


def with_given(words: str) -> Callable[[str, Any], str]:
    """Words with the given value."""
    return lambda given, _: words.format(given)


def with_values(words: str) -> Callable[[str, Any], str]:
    """Words with the list of values."""
    return lambda _, value: words.format(", ".join(str(one).replace("_", " ") for one in value))


def body_words(_: str, bodies: Any) -> str:  # noqa: ANN401 - the values of the condition
    """Adopting bodies by their short names."""
    from osce_commitments.catalogue import body_name

    names = (body_name(body) for body in bodies)
    return f"adopted by {', '.join(name if name.startswith('another') else f'the {name}' for name in names)}"


def meeting_words(given: str, ordinal: int) -> str:
    """The meeting by its number and place."""
    from osce_commitments.catalogue import meeting_named

    if not ordinal:
        return "adopted at the last meeting of the Ministerial Council in the dataset"
    return f"adopted at the {meeting_named(given).in_words}"


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


# --- declarations

_NOTHING: tuple[object, ...] = (None, "", (), [])


class Conditions(TypedDict, total=False):
    """The keywords of :class:`Reader`, in the forms that ``CONDITIONS`` describes.

    Any of several values matches, a year in ``until`` and ``due_until`` counts to its end, and empty values do not filter.
    Periods never contain undated documents; a document with only a year is found if the year overlaps the period.
    """

    area: str | Sequence[str]
    basis: str | Sequence[str]
    strength: str
    addressee: str
    body: str | Sequence[str]
    since: str
    until: str
    commitments: bool | None
    meeting: str
    type: str | Sequence[str]
    dated: bool | None
    id: str | Sequence[str]
    role: str | Sequence[str]
    qualifier: str | Sequence[str]
    adopted: str | Sequence[str]
    form: str | Sequence[str]
    has_deadline: bool | None
    needs_review: bool | None
    corrected: bool | None
    due_since: str
    due_until: str
    document: str
    cites: str
    model: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """One condition of a search.

    Attributes:
        name: The keyword, the parameter, and with hyphens the option.
        help: Description for the command line and the API.
        label: Name of its control on the page.
        kind: One word, several words of which one must match, or yes or no; shown as a text field, check boxes or a select.
        read: Parses the given value (with the name for messages); returns None for no condition.
        sql: The condition over the index.
        words: The given and the parsed value as part of a sentence.
        chip: Name in the list of active filters; the label in lower case by default.
        metavar: Placeholder of its value in the help.
        choices: Labels to choose from, if the set is closed.
        longest: Maximum length of one value on the page.
        facet: Field of :class:`Facets` that counts its values; such a condition has its own place on the page.
        end: Name of the condition with the last day of the period that this one begins.
        span: Both days in words.
        single: The words if both are the same.
        between: The condition on both days, where one row must lie within both; without it each day is a condition of its own.
        in_reports: Whether it applies to reports, which always contain operative text.
    """

    name: str
    help: str
    label: str
    kind: Literal["word", "words", "yes_no"] = "word"
    read: Callable[[Any, str], Any] = lambda given, _: given
    sql: Callable[[Any], Sql] = lambda _: ("1", ())
    words: Callable[[str, Any], str]
    chip: str = ""
    metavar: str = "TEXT"
    choices: tuple[StrEnum, ...] = ()
    longest: int = 200
    facet: str = ""
    end: str = ""
    span: str = ""
    single: str = ""
    between: Callable[[Any, Any], Sql] | None = None
    in_reports: bool = True


TEXT = Condition(
    name="text",
    help='Words, "phrases", AND OR NOT, title: lead_in: text:',
    label="Search provisions",
    chip="words",
    words=with_given("with the words {}"),
    longest=2_000,
)
"""The text query; :class:`Filters` parses it and ``where`` compiles it, because it also ranks the results."""

# One line each for names, help, functions and the rest.
# fmt: off
CONDITIONS = (
    Condition(
        name="area", label="Threat area", chip="area", kind="words", metavar="AREA", facet="threat_areas",
        help="Threat area; 'none' for provisions without one.",
        read=chosen_areas, sql=area_sql, words=with_values("on {}"),
        choices=tuple(ThreatArea),
    ),
    Condition(
        name="basis", label="What the area stands on", chip="area basis", kind="words", metavar="BASIS", facet="basis",
        help="Count an area only if it stands on this: named (in any field), text, lead_in, heading, title, implied.",
        read=chosen_bases, sql=lambda _: (f"{AREAS} != 0", ()),
        words=lambda _, bases: "areas that a word names" if bases == NAMED else f"areas {', '.join(base.in_words for base in bases)}",
        choices=tuple(Basis),
    ),
    Condition(
        name="strength", label="Strength", metavar="STRENGTH", facet="strength",
        help=f"A level or a range: urging, >=urging, encouraging..committing. Levels: {', '.join(ObligationStrength)}.",
        read=strength_levels, sql=lambda levels: ("p.strength BETWEEN ? AND ?", levels), words=strength_words,
    ),
    Condition(
        name="addressee", label="Addressee", metavar="NAME", facet="addressee",
        help="Part of a name, or an abbreviation; “any States” finds every group of States.",
        read=actor_names, sql=addressee_sql, words=with_given("addressed to “{}”"),
    ),
    Condition(
        name="body", label="Body", kind="words", metavar="BODY", facet="body",
        help="Adopting body, by name or code: MC, PC, FSC, Summit, PA, Secretariat, EEF, ODIHR, HCNM, RFoM, CSCE, UN, CoE; or its full name.",
        read=chosen_bodies, sql=one_of("p.body"), words=body_words,
    ),
    Condition(
        name="since", label="from", metavar="DAY", facet="year",
        help="Documents from this year, month or day.",
        read=day_of(0), sql=bound("p.last_day >= ?"), words=with_given("adopted since {}"),
        end="until", span="adopted from {} to {}", single="adopted in {}",
    ),
    Condition(
        name="until", label="to", metavar="DAY", facet="year",
        help="Documents up to this year, month or day.",
        read=day_of(-1), sql=bound("p.first_day <= ?"), words=with_given("adopted until {}"),
    ),
    Condition(
        name="commitments", label="Commitments", kind="yes_no", facet="commitments", in_reports=False,
        help="Only commitments (only the rest): operative text of adopted documents of known form that asks for or promises an act.",
        sql=commitments_sql, words=lambda _, wanted: "commitments" if wanted else "no commitments",
    ),
    Condition(
        name="meeting", label="Ministerial Council", chip="meeting", metavar="MEETING", facet="meeting",
        help="Meeting of the Ministerial Council: 'last', '18th', 'MC 2011', 'Vilnius'.",
        read=meeting_number, words=meeting_words,
        sql=lambda ordinal: ("p.meeting = coalesce(nullif(?, 0), (SELECT max(meeting) FROM provisions))", (ordinal,)),
    ),
    Condition(
        name="type", label="Document type", chip="type", kind="words", metavar="TYPE", facet="type",
        help="Type of the document, such as decision or declaration.",
        read=labels_of(DocumentType), sql=one_of("p.type"), words=with_values("type {}"), choices=tuple(DocumentType),
    ),
    Condition(
        name="dated", label="Dated", kind="yes_no",
        help="Only provisions of dated (undated) documents.",
        sql=lambda wanted: (f"p.last_day IS {'NOT ' if wanted else ''}NULL", ()), words=lambda _, wanted: "dated" if wanted else "undated",
    ),
    Condition(
        name="role", label="Part of the document", chip="role", kind="words", metavar="ROLE",
        help="Part of the document.",
        read=labels_of(Role), sql=one_of("p.role"), words=with_values("role {}"),
        choices=tuple(Role), in_reports=False,
    ),
    Condition(
        name="qualifier", label="Qualifier", kind="words", metavar="QUALIFIER",
        help="Qualifier.",
        read=labels_of(Qualifier), sql=qualifier_sql, words=with_values("qualified by {}"),
        choices=tuple(Qualifier),
    ),
    Condition(
        name="adopted", label="Adopted", chip="adopted", kind="words", metavar="ADOPTED", facet="adopted",
        help="Whether the document is adopted: yes, no, unknown; any for all.",
        read=states_of(Adopted), sql=one_of("p.adopted"), words=with_values("adopted: {}"),
        choices=tuple(Adopted),
    ),
    Condition(
        name="form", label="Form of the text", chip="form", kind="words", metavar="FORM", facet="form",
        help="Whether known forms explain the document's text: known, unknown; any for all.",
        read=states_of(TextForm), sql=one_of("p.form"), words=with_values("form of the text: {}"),
        choices=tuple(TextForm),
    ),
    Condition(
        name="has_deadline", label="Has a deadline", chip="with deadline", kind="yes_no",
        help="Only provisions with (without) a deadline or regular interval.",
        sql=bound("p.has_deadline = ?"), words=lambda _, wanted: "with a deadline" if wanted else "without a deadline",
    ),
    Condition(
        name="needs_review", label="Needs review", kind="yes_no",
        help="Only provisions that need (do not need) review.",
        sql=bound("p.needs_review = ?"), words=lambda _, wanted: "needing review" if wanted else "not needing review",
    ),
    Condition(
        name="corrected", label="Checked by a person", kind="yes_no",
        help="Only provisions that a person has (has not) checked or corrected.",
        sql=bound("p.is_corrected = ?"), words=lambda _, wanted: "checked by a person" if wanted else "not checked by a person",
    ),
    Condition(
        name="due_since", label="Due from", metavar="DAY",
        help="Due in or after this year, month or day. Starts and ends of mandates do not count.",
        read=day_of(0), words=with_given("due from {}"),
        end="due_until", span="due from {} to {}", single="due in {}", between=due_sql,
    ),
    Condition(
        name="due_until", label="Due until", metavar="DAY",
        help="Due up to this year, month or day.",
        read=day_of(-1), sql=lambda last: due_sql(None, last), words=with_given("due up to {}"),
    ),
    Condition(
        name="document", label="Document",
        help="Symbol, source, file name or id.",
        read=instrument_symbol, sql=document_sql, words=with_given("in {}"),
        longest=300,
    ),
    Condition(
        name="cites", label="Cites", metavar="SYMBOL",
        help="Symbol of a cited instrument.",
        read=instrument_symbol, sql=bound(beside("citations", "symbol = ?")), words=with_given("citing {}"),
        longest=300,
    ),
    Condition(
        name="id", label="Provision id", chip="id", kind="words", metavar="ID",
        help="Id of a provision.",
        sql=lambda ids: ("p.id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)), words=lambda _, ids: counted_noun(len(ids), "selected provision"),
    ),
    Condition(
        name="model", label="Classifier", chip="model", metavar="NAME",
        help="Classifier that set the labels.",
        read=printable_words, sql=lambda name: (r"p.model = ? OR p.model LIKE ? ESCAPE '\'", (name, _like("", name, "@%"))), words=with_given("labelled by {}"),
    ),
)
# fmt: on
BY_NAME: Mapping[str, Condition] = {condition.name: condition for condition in (TEXT, *CONDITIONS)}


def without_empty(given: Mapping[str, Any]) -> dict[str, Any]:
    """The given conditions without empty ones.

    Raises:
        TypeError: If a condition does not exist.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in BY_NAME:
            known = {condition.label: condition.name for condition in BY_NAME.values()} | {key: key for key in BY_NAME}
            question = did_you_mean(similar(name, known))
            raise TypeError(f"unknown condition {name!r}{f'; {question}' if question else ''}")
        if value in _NOTHING:
            continue
        if BY_NAME[name].choices and isinstance(value, bool):
            value = "yes" if value else "no"  # noqa: PLW2901
        if BY_NAME[name].kind == "words":
            found[name] = (value,) if isinstance(value, str) else tuple(value)
        else:
            found[name] = value
    return found

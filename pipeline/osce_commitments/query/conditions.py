"""The conditions of a search: one declaration each, from which all that asks for a condition follows.

These are the options of the command line, the keywords of :class:`Reader`, the parameters of the page and the JSON API,
the controls and chips of the page, and the selection of reports. To add a condition, add a declaration to ``CONDITIONS``
and its keyword to :class:`Conditions`. If the index has no column for it yet, add that as well.

The command line imports this module for its help: it imports neither the catalogue nor the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypedDict

from osce_commitments.labels import Qualifier, Role, ThreatArea
from osce_commitments.query.condition_values import (
    Sql,
    actor_names,
    addressee_sql,
    area_sql,
    as_said,
    beside,
    bound,
    chosen_areas,
    chosen_bodies,
    document_sql,
    earliest_day,
    either,
    instrument_symbol,
    labels_of,
    latest_day,
    model_sql,
    named_in,
    one_of,
    qualifier_sql,
    strength_levels,
    strength_words,
    written_words,
)

_NOTHING: tuple[object, ...] = (None, "", (), [])


class Conditions(TypedDict, total=False):
    """The keywords of :class:`Reader`: what a person asks for, in the forms that ``CONDITIONS`` describes.

    Several values are any of them, a year counts to its end in ``until`` and ``due_until``, and empty values do not filter. An
    undated document is in no period; one of which only the year is known is found if the year reaches into the period.
    """

    area: str | Sequence[str]
    strength: str
    addressee: str
    body: str | Sequence[str]
    since: str
    until: str
    role: str | Sequence[str]
    qualifier: str | Sequence[str]
    adopted: bool | None
    has_deadline: bool | None
    needs_review: bool | None
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
        help: What it is, for the command line and the API.
        label: Name of its control on the page.
        kind: Whether a person gives a word, several of which one must hold, or yes or no. It decides how the condition
            is shown: as text field, check boxes or select.
        read: From what a person gives, and the name for messages, to the value; None if nothing is asked for.
        sql: The condition over the index that a value means.
        words: What a person gave and its value in words, as a part of a sentence.
        chip: Name before its value in the list of conditions in force; without it, the label in small letters.
        metavar: What stands for its value in the help.
        choices: Labels to choose from, if the set is closed.
        longest: Most characters of one value on the page.
        facet: Field of :class:`Facets` that counts its values; such a condition has a place of its own on the page.
        end: The condition that gives the last day of the time of which this one gives the first.
        span: Both days in words.
        in_reports: Whether reports can be narrowed by it. They hold adopted operative text in any case.
        old: Earlier names, each with the form that its value takes now. They are accepted and shown nowhere.
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
    in_reports: bool = True
    old: Mapping[str, str] = field(default_factory=dict)


TEXT = Condition(
    name="text",
    help='Words, "phrases", AND OR NOT, title: lead_in: text:',
    label="Search in the provisions",
    chip="words",
    words=as_said("found by “{}”"),
    longest=2_000,
)
"""The text query. :class:`Filters` reads it and ``where`` compiles it, since it also ranks what it finds."""

# One line for the names, one for what it is, one for how it works, one for the rest.
# fmt: off
CONDITIONS = (
    Condition(
        name="area", label="Threat area", chip="area", kind="words", metavar="AREA", facet="threat_areas",
        help="Threat areas; any of them. 'none' for provisions without any.",
        read=chosen_areas, sql=area_sql, words=named_in("on {}"),
        choices=tuple(ThreatArea), old={"threat": "{}", "threats": "{}", "areas": "{}"},
    ),
    Condition(
        name="strength", label="Strength", metavar="STRENGTH", facet="strength",
        help="urging, >=urging, encouraging..committing",
        read=strength_levels, sql=lambda levels: ("p.strength BETWEEN ? AND ?", levels), words=strength_words,
        old={"min_strength": ">={}"},
    ),
    Condition(
        name="addressee", label="Addressee", metavar="NAME", facet="addressee",
        help="Part of a name, or an abbreviation.",
        read=actor_names, sql=addressee_sql, words=as_said("addressed to “{}”"),
    ),
    Condition(
        name="body", label="Body", kind="words", metavar="BODY", facet="body",
        help="Adopting bodies, such as MC, PC, FSC; any of them.",
        read=chosen_bodies, sql=one_of("p.body"), words=named_in("adopted by {}"),
        old={"bodies": "{}"},
    ),
    Condition(
        name="since", label="from", metavar="DAY", facet="year",
        help="Year or day from which documents count.",
        read=earliest_day, sql=bound("p.last_day >= ?"), words=as_said("adopted since {}"),
        end="until", span="adopted from {} to {}",
    ),
    Condition(
        name="until", label="to", metavar="DAY", facet="year",
        help="Year or day up to which documents count.",
        read=latest_day, sql=bound("p.first_day <= ?"), words=as_said("adopted until {}"),
    ),
    Condition(
        name="role", label="Part of the document", chip="role", kind="words", metavar="ROLE",
        help="Roles; any of them.",
        read=labels_of(Role), sql=one_of("p.role"), words=named_in("role {}"),
        choices=tuple(Role), in_reports=False, old={"roles": "{}"},
    ),
    Condition(
        name="qualifier", label="Qualifier", kind="words", metavar="QUALIFIER",
        help="Qualifiers; any of them.",
        read=labels_of(Qualifier), sql=qualifier_sql, words=named_in("qualified by {}"),
        choices=tuple(Qualifier), old={"qualifiers": "{}"},
    ),
    Condition(
        name="adopted", label="Adopted by a body", chip="adopted", kind="yes_no",
        help="Whether a body adopted the document.",
        sql=bound("p.is_adopted = ?"), words=either("adopted by a body", "not adopted by a body"),
        in_reports=False, old={"is_adopted": "{}"},
    ),
    Condition(
        name="has_deadline", label="Says by when", chip="with deadline", kind="yes_no",
        help="Whether it says by when or how often to act.",
        sql=bound("p.has_deadline = ?"), words=either("with a deadline", "without a deadline"),
    ),
    Condition(
        name="needs_review", label="Needs review", kind="yes_no",
        help="Whether the classifier asks for a look.",
        sql=bound("p.needs_review = ?"), words=either("in need of review", "without need of review"),
    ),
    Condition(
        name="due_since", label="Due from", metavar="DAY",
        help="Year or day from which deadlines count.",
        read=earliest_day, sql=bound(beside("deadlines", "last_day >= ?")), words=as_said("due since {}"),
        end="due_until", span="due from {} to {}",
    ),
    Condition(
        name="due_until", label="Due until", metavar="DAY",
        help="Year or day up to which deadlines count.",
        read=latest_day, sql=bound(beside("deadlines", "first_day <= ?")), words=as_said("due until {}"),
    ),
    Condition(
        name="document", label="Document",
        help="Symbol, source, file name or id.",
        read=instrument_symbol, sql=document_sql, words=as_said("in {}"),
        longest=300,
    ),
    Condition(
        name="cites", label="Cites", metavar="SYMBOL",
        help="Symbol of an instrument that it cites.",
        read=instrument_symbol, sql=bound(beside("citations", "symbol = ?")), words=as_said("citing {}"),
        longest=300,
    ),
    Condition(
        name="model", label="Classifier", chip="model", metavar="NAME",
        help="Classifier that set the labels.",
        read=written_words, sql=model_sql, words=as_said("labelled by {}"),
    ),
)
# fmt: on
BY_NAME: Mapping[str, Condition] = {one.name: one for one in (TEXT, *CONDITIONS)}
_OLD = {old: (one.name, form) for one in CONDITIONS for old, form in one.old.items()}


def renamed(name: str, given: Any) -> tuple[str, Any]:  # noqa: ANN401 - a value of any condition
    """A condition by its present name, and what a person gave for it in the present form."""
    present, form = _OLD.get(name, (name, "{}"))
    return present, form.format(given) if given and form != "{}" else given


def current(given: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions as a person gives them, under their present names, without those that ask for nothing.

    Raises:
        TypeError: If there is no condition of a name.
    """
    found: dict[str, Any] = {}
    for name, value in (renamed(*pair) for pair in given.items()):
        if name not in BY_NAME:
            msg = f"there is no condition {name!r}"
            raise TypeError(msg)
        if value in _NOTHING:
            continue
        if BY_NAME[name].kind == "words":
            found[name] = (*found.get(name, ()), *((value,) if isinstance(value, str) else value))
        else:
            found[name] = value
    return found

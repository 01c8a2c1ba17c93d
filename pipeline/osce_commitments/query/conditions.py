"""The conditions of a search, one declaration each.

They define the options of the command line, the keywords of :class:`Reader`, the parameters of the page and the JSON API,
the controls and chips of the page, and the selection of reports. To add a condition, add a declaration to ``CONDITIONS``,
its keyword to :class:`Conditions` and, if needed, a column to the index.

The command line imports this module for its help, so it imports neither the catalogue nor the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypedDict

from osce_commitments.labels import Adopted, Basis, DocumentType, ObligationStrength, Qualifier, Role, ThreatArea
from osce_commitments.phrases import did_you_mean, similar
from osce_commitments.query.condition_values import (
    Sql,
    actor_names,
    addressee_sql,
    adoption_states,
    area_sql,
    basis_sql,
    basis_words,
    beside,
    body_words,
    bound,
    chosen_areas,
    chosen_bases,
    chosen_bodies,
    commitments_sql,
    dated_sql,
    document_sql,
    due_sql,
    earliest_day,
    id_sql,
    ids_words,
    instrument_symbol,
    labels_of,
    latest_day,
    meeting_number,
    meeting_sql,
    meeting_words,
    model_sql,
    one_of,
    printable_words,
    qualifier_sql,
    strength_levels,
    strength_words,
    with_given,
    with_values,
    yes_no_words,
)

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
        read=chosen_bases, sql=basis_sql, words=basis_words, choices=tuple(Basis),
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
        read=earliest_day, sql=bound("p.last_day >= ?"), words=with_given("adopted since {}"),
        end="until", span="adopted from {} to {}", single="adopted in {}",
    ),
    Condition(
        name="until", label="to", metavar="DAY", facet="year",
        help="Documents up to this year, month or day.",
        read=latest_day, sql=bound("p.first_day <= ?"), words=with_given("adopted until {}"),
    ),
    Condition(
        name="commitments", label="Commitments", kind="yes_no", facet="commitments", in_reports=False,
        help="Only commitments (only the rest): operative text of adopted documents that asks for or promises an act.",
        sql=commitments_sql, words=yes_no_words("commitments", "no commitments"),
    ),
    Condition(
        name="meeting", label="Ministerial Council", chip="meeting", metavar="MEETING", facet="meeting",
        help="Meeting of the Ministerial Council: 'last', '18th', 'MC 2011', 'Vilnius'.",
        read=meeting_number, sql=meeting_sql, words=meeting_words,
    ),
    Condition(
        name="type", label="Document type", chip="type", kind="words", metavar="TYPE", facet="type",
        help="Type of the document, such as decision or declaration.",
        read=labels_of(DocumentType), sql=one_of("p.type"), words=with_values("type {}"), choices=tuple(DocumentType),
    ),
    Condition(
        name="dated", label="Dated", kind="yes_no",
        help="Only provisions of dated (undated) documents.",
        sql=dated_sql, words=yes_no_words("dated", "undated"),
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
        read=adoption_states, sql=one_of("p.adopted"), words=with_values("adopted: {}"),
        choices=tuple(Adopted),
    ),
    Condition(
        name="has_deadline", label="Has a deadline", chip="with deadline", kind="yes_no",
        help="Only provisions with (without) a deadline or regular interval.",
        sql=bound("p.has_deadline = ?"), words=yes_no_words("with a deadline", "without a deadline"),
    ),
    Condition(
        name="needs_review", label="Needs review", kind="yes_no",
        help="Only provisions that need (do not need) review.",
        sql=bound("p.needs_review = ?"), words=yes_no_words("needing review", "not needing review"),
    ),
    Condition(
        name="corrected", label="Checked by a person", kind="yes_no",
        help="Only provisions that a person has (has not) checked or corrected.",
        sql=bound("p.is_corrected = ?"), words=yes_no_words("checked by a person", "not checked by a person"),
    ),
    Condition(
        name="due_since", label="Due from", metavar="DAY",
        help="Due in or after this year, month or day. Starts and ends of mandates do not count.",
        read=earliest_day, sql=bound(beside("deadlines", "last_day >= ?")), words=with_given("due from {}"),
        end="due_until", span="due from {} to {}", single="due in {}", between=due_sql,
    ),
    Condition(
        name="due_until", label="Due until", metavar="DAY",
        help="Due up to this year, month or day.",
        read=latest_day, sql=bound(beside("deadlines", "first_day <= ?")), words=with_given("due up to {}"),
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
        sql=id_sql, words=ids_words,
    ),
    Condition(
        name="model", label="Classifier", chip="model", metavar="NAME",
        help="Classifier that set the labels.",
        read=printable_words, sql=model_sql, words=with_given("labelled by {}"),
    ),
)
# fmt: on
BY_NAME: Mapping[str, Condition] = {one.name: one for one in (TEXT, *CONDITIONS)}


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

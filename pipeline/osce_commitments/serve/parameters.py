"""Query parameters of the page: checked values, and links with the same parameters."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeVar, cast
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from osce_commitments.fields import columns_at
from osce_commitments.fields.column import Column, Place
from osce_commitments.query.conditions import BY_NAME, CONDITIONS, TEXT, Condition
from osce_commitments.query.search.language import unprintable
from osce_commitments.query.selection import Selection
from osce_commitments.report import Cover

MOST_HITS_OF_A_PAGE = 200
_NOTE = "note."
_YES_NO = {"": None, "yes": True, "no": False, "any": None}
TABLE_COLUMNS = columns_at(Place.PAGE)
_PAGE_NAMES = [column.name_at(Place.PAGE) for column in TABLE_COLUMNS]
_Column = StrEnum("_Column", [(name.upper(), name) for name in _PAGE_NAMES])  # type: ignore[misc] # of the declarations


def _printable(text: str) -> str:
    if unprintable(text) is not None:
        kind, message = "unprintable", "it contains an unprintable character"
        raise PydanticCustomError(kind, message)
    return text


PrintableText = Annotated[str, AfterValidator(_printable)]
KeyParameter = Annotated[PrintableText, Field(max_length=300)]


class Pinned(BaseModel):
    """Parameters of every view; unknown ones are refused, so that a typing error never widens a search."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    version: Annotated[
        str, Field(pattern=r"^\d{0,9}$", description="Version of the dataset; the newest by default.")
    ] = ""

    @property
    def pinned(self) -> Pinned:
        """Only the version."""
        return Pinned(version=self.version)

    @property
    def carried(self) -> Pinned:
        """The parameters that links to other views keep."""
        return self.pinned

    @functools.cached_property
    def _given(self) -> dict[str, Any]:
        # A page has some hundred links.
        return self.model_dump(exclude_defaults=True)

    def link(self, path: str, **changes: object) -> str:
        """Address of the first page of a view with the same parameters and some changes; empty ones are left out."""
        values = self._given | {"page": ""} | changes
        given = {name: value for name, value in values.items() if value not in ("", None, ())}
        return f"{path}?{urlencode(given, doseq=True)}" if given else path


_Model = TypeVar("_Model", bound=type[BaseModel])


def _with_conditions(model: _Model) -> _Model:
    """The model with one more field for each condition."""
    fields: dict[str, Any] = {condition.name: _field(condition) for condition in CONDITIONS}
    made = create_model(model.__name__, __base__=model, __doc__=model.__doc__, __module__=model.__module__, **fields)
    return cast("_Model", made)


def _field(condition: Condition) -> tuple[Any, object]:
    description = Field(description=condition.help)
    if condition.name == "commitments":
        # The page opens on commitments; "any" is everything.
        return Annotated[Literal["", "yes", "no", "any"], description], ""
    if condition.kind == "yes_no":
        return Annotated[Literal["", "yes", "no"], description], ""
    word = Annotated[PrintableText, Field(max_length=condition.longest)]
    if condition.kind == "words":
        return Annotated[tuple[word, ...], Field(max_length=40), description], ()
    return Annotated[word, description], ""


def with_notes(given: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Parameters of an address; a note from a form carries the id of its provision in its name."""
    return [
        ("note", f"{name.removeprefix(_NOTE)} {value}" if value.strip() else "")
        if name.startswith(_NOTE)
        else (name, value)
        for name, value in given
    ]


@_with_conditions
class Ask(Pinned):
    """The conditions on provisions, with the names of the command line."""

    text: Annotated[PrintableText, Field(max_length=TEXT.longest, description=TEXT.help)] = ""
    by: Annotated[Literal["words", "meaning", "both"], Field(description="Match words, rank by meaning, or both.")] = (
        "words"
    )

    @property
    def selection(self) -> Selection:
        """The commitments or other provisions that these parameters choose."""
        values = {condition.name: getattr(self, condition.name) for condition in CONDITIONS}
        values["commitments"] = values["commitments"] or "yes"
        typed = {name: _YES_NO[value] if BY_NAME[name].kind == "yes_no" else value for name, value in values.items()}
        return Selection(self.text, typed, self.by)

    @property
    def carried(self) -> Ask:
        """Only the conditions: counts do not depend on order and page."""
        return Ask(**{name: getattr(self, name) for name in Ask.model_fields})

    def without(self, name: str, value: str) -> dict[str, object]:
        """The change that removes one condition."""
        now: Any = getattr(self, name)
        return {name: tuple(one for one in now if one != value) if isinstance(now, tuple) else ""}

    def given(self) -> list[tuple[str, str]]:
        """Every condition that is set, by name and value; commitments only is the usual case, not a condition."""
        pairs: list[tuple[str, str]] = []
        for name in Ask.model_fields:
            value = getattr(self, name)
            values = value if isinstance(value, tuple) else (value,)
            pairs += [(name, value) for value in values if value and name not in {"version", "commitments", "by"}]
        return pairs


class Gridded(Ask):
    """Conditions, and what the cells of a matrix show."""

    unit: Annotated[Literal["count", "share"], Field(description="Numbers, or shares of the row.")] = "count"


class Paged(Ask):
    """Conditions, and the page of a list."""

    page: Annotated[int, Field(ge=1, le=100_000, description="Page of the list, from 1.")] = 1


class ListedDocuments(Pinned):
    """Documents, and the page of their list."""

    words: Annotated[PrintableText, Field(max_length=TEXT.longest, description="Words of symbol, title or year.")] = ""
    page: Annotated[int, Field(ge=1, le=100_000, description="Page of the list, from 1.")] = 1


class Listed(Ask):
    """Conditions, and the page and order of the results."""

    order: Annotated[
        Literal["", "relevance", "newest", "oldest", "firmest", "due"],
        Field(description="Order of the results; by default relevance with words, newest without."),
    ] = ""
    page: Annotated[int, Field(ge=1, le=100_000, description="Page of results, from 1.")] = 1
    size: Annotated[int, Field(ge=1, le=MOST_HITS_OF_A_PAGE, description="Results per page.")] = 25

    @property
    def selection(self) -> Selection:
        """See :class:`Ask`; a page of it in an order."""
        return replace(super().selection, order=self.order, limit=self.size, offset=(self.page - 1) * self.size)


class Explored(Listed):
    """The results as a list or as a table."""

    view: Literal["list", "table"] = "list"
    columns: Annotated[tuple[_Column, ...], Field(max_length=len(TABLE_COLUMNS))] = ()

    @property
    def shown_columns(self) -> list[Column]:
        """The table's columns."""
        usual = {
            name
            for name, column in zip(_PAGE_NAMES, TABLE_COLUMNS, strict=True)
            if column.shown[Place.PAGE].is_usual or (name == "due" and self.asks_due)
        }
        chosen = self.columns or usual
        return [column for name, column in zip(_PAGE_NAMES, TABLE_COLUMNS, strict=True) if name in chosen]

    @property
    def asks_due(self) -> bool:
        """Whether the search is about deadlines."""
        return self.order == "due" or bool(self.due_since or self.due_until)  # type: ignore[attr-defined] # conditions

    def link(self, path: str, **changes: object) -> str:
        """See :meth:`Pinned.link`; other views know no table."""
        return super().link(path, **({} if path == "/" else {"view": "", "columns": ""}) | changes)


_Notes = Annotated[
    tuple[Annotated[PrintableText, Field(max_length=600)], ...],
    Field(max_length=200, description="A note: id of a provision, a space, words."),
]


def notes_by_id(notes: Iterable[str]) -> dict[str, str]:
    """Notes by the id that each begins with."""
    found = (note.partition(" ") for note in notes)
    return {key: words.strip() for key, _, words in found if words.strip()}


class Basketed(Pinned):
    """Selected provisions, with notes."""

    id: Annotated[tuple[Annotated[PrintableText, Field(max_length=64)], ...], Field(max_length=200)] = ()
    note: _Notes = ()

    def listed(self) -> Ask:
        """The same provisions as a search."""
        return Ask.model_validate({"version": self.version, "id": self.id, "commitments": "any"})


_CoverLine = Annotated[PrintableText, Field(max_length=200)]


class Reported(Listed):
    """A report on the commitments of a search."""

    note: _Notes = ()
    title: _CoverLine = ""
    audience: _CoverLine = ""
    author: _CoverLine = ""
    day: _CoverLine = ""
    marking: _CoverLine = ""
    printed: Annotated[Literal["", "all"], Field(description="Whether Word and PDF have all commitments.")] = ""

    @property
    def cover(self) -> Cover:
        """What the form puts on the report."""
        return Cover(self.title, self.audience, self.author, self.day, self.marking)


class ReportFile(Reported):
    """A report as a file."""

    format: Annotated[Literal["docx", "pdf", "html", "md", "ics"], Field(description="File format.")] = "docx"


class Downloaded(Listed):
    """The results as a file."""

    note: _Notes = ()

    format: Annotated[
        Literal["csv", "xlsx", "json", "jsonl", "parquet", "bibtex", "csl"],
        Field(description="Rows as csv, xlsx, json, jsonl or parquet; their instruments as bibtex or csl."),
    ] = "csv"


class Compared(Pinned):
    """Two documents, by symbol or id."""

    left: KeyParameter = ""
    right: KeyParameter = ""

    def swapped(self) -> Self:
        """The same documents with the sides swapped."""
        return self.model_copy(update={"left": self.right, "right": self.left})


_Wording = Annotated[Literal["", "all"], Field(description="Whether all wordings are open.")]


class PinnedLine(Pinned):
    """The line of a provision."""

    wording: _Wording = ""


class FollowedLines(Ask):
    """The lines of a search."""

    wording: _Wording = ""


class ListedActs(Pinned):
    """How the acts of an instrument are listed."""

    group: Annotated[Literal["text", "theme", "strength"], Field(description="Group by place in the text, …")] = "text"
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


class Changed(Pinned):
    """Two versions of the dataset."""

    before: Annotated[str, Field(pattern=r"^\d{0,9}$")] = ""
    after: Annotated[str, Field(pattern=r"^\d{0,9}$")] = ""

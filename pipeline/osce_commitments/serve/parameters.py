"""What the address of a page asks for: its parameters, checked, and the addresses that they lead on to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from osce_commitments.query.search.language import unprintable

if TYPE_CHECKING:
    from osce_commitments.query import Conditions

MOST_HITS_OF_A_PAGE = 200
_YES_NO: Mapping[str, bool | None] = {"": None, "yes": True, "no": False}


def _written(text: str) -> str:
    if unprintable(text) is not None:
        kind, message = "unprintable", "it has an unprintable character"
        raise PydanticCustomError(kind, message)
    return text


Written = Annotated[str, AfterValidator(_written)]
WordParameter = Annotated[Written, Field(max_length=200)]
WordsParameter = Annotated[tuple[WordParameter, ...], Field(max_length=40)]
YesNo = Literal["", "yes", "no"]
KeyParameter = Annotated[Written, Field(max_length=300)]


class Pinned(BaseModel):
    """Parameters that every view has; unknown ones are refused, so that a typing error never widens an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    version: Annotated[
        str, Field(pattern=r"^\d{0,9}$", description="Version of the dataset; without it, the newest.")
    ] = ""

    @property
    def pinned(self) -> Pinned:
        """The version alone."""
        return Pinned(version=self.version)

    @property
    def carried(self) -> Pinned:
        """What the other views keep of the question."""
        return self.pinned

    def link(self, path: str, **changes: object) -> str:
        """Address of a view with the same parameters, some of them changed; empty ones are left out."""
        values = self.model_dump(exclude_defaults=True) | changes
        given = {name: value for name, value in values.items() if value not in ("", None, ())}
        return f"{path}?{urlencode(given, doseq=True)}" if given else path


class Ask(Pinned):
    """The conditions on provisions, with the names of the command line."""

    text: Annotated[
        Written, Field(max_length=2_000, description='Words, "phrases", AND OR NOT, title: lead_in: text:')
    ] = ""
    threat: Annotated[
        WordsParameter, Field(description="Threat areas; any of them. 'none' for provisions without any.")
    ] = ()
    strength: Annotated[WordParameter, Field(description="urging, >=urging, encouraging..committing")] = ""
    addressee: Annotated[WordParameter, Field(description="Part of a name, or an abbreviation.")] = ""
    body: Annotated[WordsParameter, Field(description="Adopting bodies, such as MC, PC, FSC; any of them.")] = ()
    since: Annotated[WordParameter, Field(description="Year or day from which documents count.")] = ""
    until: Annotated[WordParameter, Field(description="Year or day up to which documents count.")] = ""
    role: Annotated[WordsParameter, Field(description="Roles; any of them.")] = ()
    document: Annotated[KeyParameter, Field(description="Symbol, source, file name or id.")] = ""
    qualifier: Annotated[WordsParameter, Field(description="Qualifiers; any of them.")] = ()
    needs_review: Annotated[YesNo, Field(description="Whether the classifier asks for a look.")] = ""
    adopted: Annotated[YesNo, Field(description="Whether a body adopted the document.")] = ""
    cites: Annotated[KeyParameter, Field(description="Symbol of an instrument that it cites.")] = ""
    model: Annotated[WordParameter, Field(description="Classifier that set the labels.")] = ""
    has_deadline: Annotated[YesNo, Field(description="Whether it says by when or how often to act.")] = ""
    due_since: Annotated[WordParameter, Field(description="Year or day from which deadlines count.")] = ""
    due_until: Annotated[WordParameter, Field(description="Year or day up to which deadlines count.")] = ""

    def conditions(self) -> Conditions:
        """The conditions but the text, as a reader takes them."""
        return {
            "threats": self.threat,
            "strength": self.strength,
            "addressee": self.addressee,
            "bodies": self.body,
            "since": self.since,
            "until": self.until,
            "roles": self.role,
            "document": self.document,
            "qualifiers": self.qualifier,
            "needs_review": _YES_NO[self.needs_review],
            "is_adopted": _YES_NO[self.adopted],
            "cites": self.cites,
            "model": self.model,
            "has_deadline": _YES_NO[self.has_deadline],
            "due_since": self.due_since,
            "due_until": self.due_until,
        }

    @property
    def carried(self) -> Ask:
        """The conditions alone, without order and page: what a count or a matrix depends on."""
        return Ask(**{name: getattr(self, name) for name in Ask.model_fields})

    def without(self, name: str, value: str) -> dict[str, object]:
        """The change that takes one condition back."""
        now: Any = getattr(self, name)
        return {name: tuple(one for one in now if one != value) if isinstance(now, tuple) else ""}

    def given(self) -> list[tuple[str, str]]:
        """Every condition that is set, by name and value."""
        pairs: list[tuple[str, str]] = []
        for name in Ask.model_fields:
            value = getattr(self, name)
            values = value if isinstance(value, tuple) else (value,)
            pairs += [(name, one) for one in values if one and name != "version"]
        return pairs


class Listed(Ask):
    """Conditions, and which part of what is found is shown in which order."""

    by: Annotated[
        Literal["words", "meaning", "both"], Field(description="Find the words, rank by likeness to them, or both.")
    ] = "words"
    order: Literal["relevance", "date", "strength"] = "relevance"
    page: Annotated[int, Field(ge=1, le=100_000, description="Page of the list, from 1.")] = 1
    size: Annotated[int, Field(ge=1, le=MOST_HITS_OF_A_PAGE, description="Hits of a page.")] = 25

    @property
    def offset(self) -> int:
        """Hits before this page."""
        return (self.page - 1) * self.size

    def link(self, path: str, **changes: object) -> str:
        """See :meth:`Pinned.link`; another question begins at its first page."""
        return super().link(path, **{"page": "", **changes})


class Downloaded(Listed):
    """What is found, as a file."""

    format: Annotated[
        Literal["csv", "xlsx", "json", "jsonl", "parquet", "bibtex", "csl"],
        Field(description="Rows as csv, xlsx, json, jsonl or parquet; their instruments as bibtex or csl."),
    ] = "csv"


class Compared(Pinned):
    """Two documents, by symbol or id."""

    left: KeyParameter = ""
    right: KeyParameter = ""

    def swapped(self) -> Self:
        """The other way round."""
        return self.model_copy(update={"left": self.right, "right": self.left})


class Changed(Pinned):
    """Two versions of the dataset."""

    before: Annotated[str, Field(pattern=r"^\d{0,9}$")] = ""
    after: Annotated[str, Field(pattern=r"^\d{0,9}$")] = ""

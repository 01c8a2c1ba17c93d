"""What the components of the pipeline share: their context, their output, their base."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import Field, Role, TagKind, Why, note_text
from osce_commitments.schema import Tag
from osce_commitments.tag.memory import Memory

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class Context:
    """What a component knows about the text of a Doc.

    Attributes:
        field: Field of the provision that the text is.
        date: Date of the document, the anchor of deadlines.
        lead_in: The stems above the text; empty for a lead-in itself.
        text: The text of the Doc, which spaCy would put together again at every look; empty if nobody gave it.
        role: Role of the provision.
        symbol: Symbol of the document, else empty.
        body: Code of the body that adopted it, else empty.
        charged: Refs of the actors that the stems above the text charge with something.
        memory: What the document said before; components read it, the tagger fills it.
    """

    field: Field = Field.TEXT
    date: dt.date | None = None
    lead_in: str = ""
    text: str = ""
    role: Role = Role.OPERATIVE
    symbol: str = ""
    body: str = ""
    charged: tuple[str, ...] = ()
    memory: Memory = dataclasses.field(default_factory=Memory)


_NO_CONTEXT = Context()


class Component:
    """A step of the spaCy pipeline: ``process`` finds, ``__call__`` alone writes on the Doc."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """The tags found in a Doc, which stays as it is."""
        raise NotImplementedError

    def __call__(self, doc: Doc) -> Doc:
        """Add the tags to ``doc._.osce_tags``."""
        found = self.process(doc)
        if found:
            doc._.osce_tags = [*doc._.osce_tags, *found]
        return doc


# Where spaCy keeps ``doc._.osce_context`` and ``doc._.osce_tags``: a look there costs a tenth of one through ``doc._``.
_CONTEXT: Any = ("._.", "osce_context", None, None)
_TAGS: Any = ("._.", "osce_tags", None, None)


def context_of(doc: Doc) -> Context:
    """The context of a Doc."""
    found: Context | None = doc.user_data.get(_CONTEXT)
    return found or _NO_CONTEXT


def make_tag(  # noqa: PLR0913 - the fields of a tag
    doc: Doc,
    kind: TagKind,
    span: tuple[int, int],
    ref: str = "",
    note: str = "",
    *,
    rule: str = "",
    why: Why | None = None,
) -> Tag:
    """A tag over characters ``span`` of a Doc; its note is that of ``why`` unless one is given."""
    start, end = span
    return Tag(kind, context_of(doc).field, start, end, text_of(doc)[start:end], ref, note or note_text(why), rule, why)


def why_unresolved(names: Sequence[str]) -> tuple[Why, str]:
    """Why a name has no ref, and the note on it: several bear it, or nothing in the catalogue does."""
    why = Why.AMBIGUOUS if names else Why.NOT_IN_CATALOGUE
    return why, note_text(why, " | ".join(names))


def text_of(doc: Doc) -> str:
    """The text of a Doc."""
    return context_of(doc).text or doc.text


def tags_of(doc: Doc, *kinds: TagKind) -> list[Tag]:
    """Tags of some kinds that earlier components found."""
    return [tag for tag in doc.user_data.get(_TAGS, ()) if tag.kind in kinds]


def is_free(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    """Whether a span overlaps none of the others."""
    return all(span[1] <= start or span[0] >= end for start, end in taken)


def is_inside(tag: Tag, others: Iterable[Tag]) -> bool:
    """Whether a tag lies within one of the others."""
    return any(other.field == tag.field and other.start <= tag.start and tag.end <= other.end for other in others)

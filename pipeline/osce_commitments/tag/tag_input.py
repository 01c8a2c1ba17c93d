"""What the steps of the tagger share: the text, its context and the tags found so far."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from osce_commitments.labels import Field, Polarity, Role, TagKind, Voice, Why, note_text
from osce_commitments.schema import Link, Tag
from osce_commitments.tag.memory import Memory


@dataclass(slots=True)  # a frozen one takes five times as long to make
class Context:
    """What a step knows about a text besides its words.

    Attributes:
        field: Field of the provision that contains the text.
        date: Date of the document, the anchor of deadlines.
        lead_in: The stems above the text; empty for a lead-in itself.
        role: Role of the provision.
        symbol: Symbol of the document, else empty.
        body: Code of the body that adopted it, else empty.
        title: Title of the document, else empty.
        charged: Names of the actors that the stems above the text give a task.
        subjects: Names of the actors that are the subject of its first verb, where the stem above it has none.
        links: Citations in the text that the mark-up of the source gives.
        memory: What the document has said before; the tagger fills it, the steps read it.
    """

    field: Field = Field.TEXT
    date: dt.date | None = None
    lead_in: str = ""
    role: Role = Role.OPERATIVE
    symbol: str = ""
    body: str = ""
    title: str = ""
    charged: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    memory: Memory = dataclasses.field(default_factory=Memory)


@dataclass(frozen=True, slots=True)
class Actions:
    """The operative heads of a provision.

    Attributes:
        tags: Of kind ``action``; ref is the lemma, note says why a head does not govern the provision.
        main: The governing verb phrase as printed in the text or lead-in; empty without one.
        polarity, voice: Of that phrase.
    """

    tags: tuple[Tag, ...] = ()
    main: str = ""
    polarity: Polarity = Polarity.DO
    voice: Voice = Voice.ACTIVE


@dataclass(slots=True)
class TagInput:
    """A plain text and the tags found in it so far; each step of the tagger adds more.

    Attributes:
        text: Plain text of a provision or lead-in.
        context: What is known about it.
        tags: What earlier steps found.
        actions: The operative heads; None before they have been searched for.
    """

    text: str
    context: Context = dataclasses.field(default_factory=Context)
    tags: list[Tag] = dataclasses.field(default_factory=list)
    actions: Actions | None = None

    def of(self, *kinds: TagKind) -> list[Tag]:
        """Return the tags of some kinds that earlier steps found."""
        return [tag for tag in self.tags if tag.kind in kinds]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a step has found in a plain text.

    Attributes:
        ref: What it means: canonical name, ISO 8601 time, label; empty if it is not known.
        note: What is unknown or conflicts; by default the text for ``why``.
        rule: Id of the rule that found it.
    """

    start: int
    end: int
    ref: str = ""
    note: str = ""
    rule: str = ""
    why: Why | None = None


def tags_of(tag_input: TagInput, kind: TagKind, findings: Iterable[Finding]) -> list[Tag]:
    """The findings of a step as tags of a kind."""
    text, field = tag_input.text, tag_input.context.field
    return [
        Tag(
            kind,
            field,
            finding.start,
            finding.end,
            text[finding.start : finding.end],
            finding.ref,
            finding.note or note_text(finding.why),
            finding.rule,
            finding.why,
        )
        for finding in findings
    ]


def why_unresolved(names: Sequence[str]) -> tuple[Why, str]:
    """Return why a name has no ref, with the note: several actors share it, or it is not in the catalogue."""
    why = Why.AMBIGUOUS if names else Why.NOT_IN_CATALOGUE
    return why, note_text(why, " | ".join(names))


def is_free(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> bool:
    """Whether a span does not overlap any of the others."""
    return all(span[1] <= start or span[0] >= end for start, end in taken)


def is_inside(tag: Tag, others: Iterable[Tag]) -> bool:
    """Whether a tag lies within one of the others."""
    return any(other.field == tag.field and other.start <= tag.start and tag.end <= other.end for other in others)

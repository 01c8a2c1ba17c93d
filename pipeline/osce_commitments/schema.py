"""The records that stages pass on: frozen, typed, without timestamps.

Offsets are counted in characters (Unicode code points), half open: ``text[start:end]``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from osce_commitments.ids import DocumentId, ProvisionId, content_sha256
from osce_commitments.labels import (
    ADOPTING_BODY,
    Adopted,
    Basis,
    BlockKind,
    DocumentType,
    Field,
    MediaType,
    ObligationStrength,
    Polarity,
    Relation,
    Role,
    TagKind,
    TextForm,
    ThreatArea,
    Voice,
    Why,
)

_ITEM_END = re.compile(r"[\s;,]*(?:(?<=[\s;,])(?:and|or)\b)?[\s;,]*$")

Row = dict[str, Any]  # one row of a table, by column

MARK_UP = "mark-up"  # the origin of a fact, and the rule of a role, that the mark-up of the source gives
DEFECT_REASON = "defect"  # the reason of a reject that a bug of this package caused


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Location and format of a source; its bytes are read later.

    Attributes:
        uri: Absolute path, URL, or ``-`` for standard input.
        media_type: File format.
        symbol: Symbol of the catalogue row that it was fetched for, else empty.
        path: Local file that holds the bytes; empty for standard input and for an address not yet fetched.
        given: Facts that the run's table of metadata gives about it: names and texts, in the order of the columns.
        final_url: Address that it came from in the end, if redirects led elsewhere; else empty.
    """

    uri: str
    media_type: MediaType
    symbol: str = ""
    path: str = ""
    given: tuple[tuple[str, str], ...] = ()
    final_url: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one input."""

    ref: SourceRef
    content: bytes
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", content_sha256(self.content))


@dataclass(frozen=True, slots=True)
class Reject:
    """A rejected input, with stage, reason and remedy.

    Attributes:
        source: Uri of the input.
        source_sha256: Hash of its bytes, empty if they could not be read.
        stage: Stage that refused it (``sources``, ``documents``, ``provisions``, …).
        reason: Short code (``no_text_layer``, ``language``, ``empty``, …); ``defect`` for a bug of this package.
        message: One line for a person.
        remedy: What the person can do.
        is_part: Only a part of the input is refused; the rest became documents.
    """

    source: str
    source_sha256: str
    stage: str
    reason: str
    message: str
    remedy: str
    is_part: bool = False

    @property
    def is_defect(self) -> bool:
        """Whether a bug of this package refused it."""
        return self.reason == DEFECT_REASON


@dataclass(frozen=True, slots=True)
class Link:
    """A citation that the mark-up of a format gives.

    Attributes:
        start, end: Offsets in the text that the link belongs to.
        ref: Symbol of the cited instrument.
        field: Field of a provision to which the offsets refer.
    """

    start: int
    end: int
    ref: str
    field: Field = Field.TEXT


@dataclass(frozen=True, slots=True)
class MarkUp:
    """What the mark-up of a format says of a block; the segmenter honours it and decides only the rest.

    Attributes:
        role: Part of the document that the block belongs to.
        number: Own number, as cited: "3", "(a)"; empty for a dash and for a block without a number.
        label: Number of characters of the printed label before the words.
        depth: Number of stems above it; None if the mark-up does not say whether it is an item.
        is_tail: It ends the sentence of the stem at that depth.
        is_frame: It only frames the text: an enacting formula, a closing line.
        part: Number of its annex or attachment, from 1; 0 before the first.
        links: Citations, with offsets in the block.
    """

    role: Role
    number: str = ""
    label: int = 0
    depth: int | None = None
    is_tail: bool = False
    is_frame: bool = False
    part: int = 0
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a document's text that the layout separates: a paragraph, heading, running head.

    Attributes:
        kind: Its kind, from the layout.
        start, end: Character offsets in the document's text.
        indent: Left edge in points from the body's margin; 0.0 where the format does not say.
        level: Depth of a heading from 1; column of a table cell from 1 where the format tells; else 0.
        marked: What the mark-up says of it; None where the format has none.
    """

    kind: BlockKind
    start: int
    end: int
    indent: float = 0.0
    level: int = 0
    marked: MarkUp | None = None


@dataclass(frozen=True, slots=True)
class PageSpan:
    """Characters ``start`` to ``end`` of a document's text are on page ``page`` (from 1)."""

    page: int
    start: int
    end: int


# Where facts come from that a person writes at the beginning of a text.
FRONT_MATTER = "front matter"
# Each note on a broken source begins so.
BROKEN = "The source looks broken: "
# The note on letters of a source that nobody accounts for begins so.
INCOMPLETE = "The text lacks "
MANY_LETTERS = 20  # four words of English


@dataclass(frozen=True, slots=True)
class Document:
    r"""One instrument, its text frozen.

    The text is NFC, lines end in ``\n``, in reading order: page furniture and footnotes that interrupt
    a paragraph follow it, so that a paragraph is one contiguous stretch.

    Attributes:
        id: Hash of the source's bytes and the part.
        source: Uri of the source.
        source_sha256: Hash of the source's bytes.
        part: Position of the instrument in its source, from 1 (a volume holds several).
        text: The frozen text.
        blocks: Cover the text in order, without overlap; white space between them belongs to none.
        pages: In order of ``start``; empty where the format has no pages.
        symbol: Normalised symbol ("MC.DEC/9/11"), else empty.
        body: Adopting body as the catalogue names it ("MC", "PC", "UN", …), else empty.
        date: Date of adoption, if known.
        adopted: Whether anybody adopted it, by the evidence in ``adopted_because``.
        adopted_because: The evidence in words; empty if there is none.
        form: Whether known forms explain its text.
        form_score: The share of its letters that they explain; None if it is a text that nobody adopts.
        form_because: What they leave unexplained, in words; empty if the form is known.
        facts_from: For each metadata field that is filled: ``metadata``, ``front matter``, ``mark-up``, ``text``,
            ``catalogue``, or ``file name`` (the type only).
        notes: Conflicts and doubts, one sentence each; signs of a broken source begin with ``BROKEN``.
        letters_missing: Letters of the source that are in no text and were not left out on purpose.
        given_hash: Hash of the facts that the run's table of metadata gave; empty without any.
    """

    id: DocumentId
    source: str
    source_sha256: str
    part: int
    media_type: MediaType
    text: str
    blocks: tuple[Block, ...]
    pages: tuple[PageSpan, ...] = ()
    symbol: str = ""
    body: str = ""
    type: DocumentType = DocumentType.OTHER
    adopted: Adopted = Adopted.UNKNOWN
    adopted_because: str = ""
    form: TextForm = TextForm.KNOWN
    form_score: float | None = None
    form_because: str = ""
    number: str = ""
    year: int | None = None
    date: dt.date | None = None
    place: str = ""
    meeting: str = ""
    language: str = ""
    title: str = ""
    facts_from: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    letters_missing: int = 0
    given_hash: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether a person should look at its rows: many letters of its source are missing, or known forms explain little."""
        return self.letters_missing >= MANY_LETTERS or self.form is TextForm.UNKNOWN

    @property
    def is_counted(self) -> bool:
        """Whether its acts are commitments."""
        return self.adopted is Adopted.YES and self.form is not TextForm.UNKNOWN

    @property
    def is_broken(self) -> bool:
        """Whether its source lost line ends, capitals or full stops."""
        return any(note.startswith(BROKEN) for note in self.notes)

    def page_at(self, offset: int) -> int | None:
        """Page of the character at ``offset``; None where the format has no pages."""
        position = bisect_right(self.pages, offset, key=attrgetter("start")) if self.pages else 0
        return self.pages[position - 1].page if position else None


@dataclass(frozen=True, slots=True)
class Provision:
    """The smallest stretch of a document that states one act.

    Attributes:
        document: Id of its document.
        index: Position in the document, from 0.
        start, end: ``document.text[start:end] == text``.
        title: Title of the document (context for tagging and classification).
        heading: Headings above it, outermost first.
        number: Paragraph number as printed, composed: "3 (a)"; empty if unnumbered.
        paragraph_id: Identifier of its paragraph, which a citation names: provisions down to the next number share it.
        sentence, sentences: Position among the provisions of its paragraph from 1, and how many these are.
        lead_in: Stems above it at every level, as one text; empty if none.
        lead_in_spans: Positions of the stems in the document's text, outermost first.
        page: Page on which it starts; None where the format has no pages.
        date: Date of the document (anchor of deadlines), if known.
        symbol: Symbol of the document, else empty ("this Decision" means it).
        body: Body that adopted the document, else empty ("Decides" and "We" mean it).
        tail: Words after the list that complete the sentence of its stem; empty if none.
        tail_spans: Their positions in the document's text, innermost list first.
        note_mark: Mark of a footnote, without brackets ("1", "*"); empty if it is not a footnote.
        note_of: Id of the provision with that mark, or of the first one whose stem or tail contains it; else empty.
        delegation: Delegations that speak in an attachment, in order: canonical names if known, else as printed.
        about: Symbol of the decision that an attachment is about; empty if none.
        role_rule: Id of the rule that set the role; empty if none.
        lead_in_rule: Id of the rule that found the lead-in; empty if none.
        links: Citations that the mark-up of the source gives in the text and the lead-in.
    """

    id: ProvisionId
    document: DocumentId
    index: int
    start: int
    end: int
    text: str
    role: Role
    title: str = ""
    heading: tuple[str, ...] = ()
    number: str = ""
    paragraph_id: str | None = None
    sentence: int | None = None
    sentences: int | None = None
    lead_in: str = ""
    lead_in_spans: tuple[tuple[int, int], ...] = ()
    page: int | None = None
    date: dt.date | None = None
    symbol: str = ""
    body: str = ""
    tail: str = ""
    tail_spans: tuple[tuple[int, int], ...] = ()
    note_mark: str = ""
    note_of: str = ""
    delegation: tuple[str, ...] = ()
    about: str = ""
    role_rule: str = ""
    lead_in_rule: str = ""
    links: tuple[Link, ...] = ()

    @property
    def reading(self) -> str:
        """Lead-in, text and tail as one sentence; the item's own final "; and" gives way to the tail."""
        text = _ITEM_END.sub("", self.text) if self.tail else self.text
        head = f"{self.lead_in} {text}" if self.lead_in else text
        whole = head if not self.tail else f"{head}{'' if self.tail[0] in ',;.' else ' '}{self.tail}"
        return " ".join(whole.split())


@dataclass(frozen=True, slots=True)
class Tag:
    """A typed span of a provision's text or lead-in.

    Attributes:
        kind: Kind of the span.
        field: Field to which the offsets refer: ``getattr(provision, field)[start:end] == text``.
        ref: Canonical name, symbol, ISO 8601 date, lemma or qualifier; empty if unresolved.
        note: Why it is unresolved, or what conflicts with the catalogue; empty if nothing.
        rule: Id of the rule that found it; "catalogue" for an exact name of the catalogue; else empty.
        why: Reason in the note, for programs; datasets contain only the note.
    """

    kind: TagKind
    field: Field
    start: int
    end: int
    text: str
    ref: str = ""
    note: str = ""
    rule: str = ""
    why: Why | None = dataclasses.field(default=None, compare=False)

    @property
    def name(self) -> str:
        """What the span stands for, to be shown: the ref, else the words; "adopting body" for a "we" of none known."""
        return self.ref or (self.note if self.note == ADOPTING_BODY else self.text)


@dataclass(frozen=True, slots=True)
class TaggedProvision:
    """A provision with its tags and the grammar of its main act.

    Attributes:
        tags: By field, start.
        action: The main operative verb phrase as printed in the text or lead-in; empty if none.
        polarity: Whether the actor is to act or to refrain.
        voice: Voice of the main operative verb.
    """

    provision: Provision
    tags: tuple[Tag, ...] = ()
    action: str = ""
    polarity: Polarity = Polarity.DO
    voice: Voice = Voice.ACTIVE

    def of(self, kind: TagKind) -> tuple[Tag, ...]:
        """The tags of one kind, in order."""
        return tuple(tag for tag in self.tags if tag.kind == kind)


@dataclass(frozen=True, slots=True)
class Cue:
    """The words and the rule that explain a label.

    Attributes:
        field: Field to which the offsets refer; headings are joined by " / ".
        rule: Id of the rule ("strength.request_to_structure", "areas.terrorism.foreign_fighters").
    """

    field: Field
    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class AreaCue:
    """The words that led to a threat area."""

    area: ThreatArea
    cue: Cue


@dataclass(frozen=True, slots=True)
class Classification:
    """The labels of one provision and their cues.

    Attributes:
        strength: Obligation strength.
        strength_probabilities: One per level, in the order of the scale; they sum to 1.
        threat_areas: In the order of ``THREAT_AREAS``.
        area_probabilities: One per area, in that order; independent of each other.
        area_basis: What each area of ``threat_areas`` stands on, in their order.
        strength_cue: None if nothing in the text explains the level.
        needs_review: Whether a person should check the labels.
    """

    strength: ObligationStrength
    strength_probabilities: tuple[float, ...]
    threat_areas: tuple[ThreatArea, ...]
    area_probabilities: tuple[float, ...]
    model_id: str
    strength_cue: Cue | None = None
    area_cues: tuple[AreaCue, ...] = ()
    needs_review: bool = False
    area_basis: tuple[Basis, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassifiedProvision:
    """A tagged provision with its labels."""

    tagged: TaggedProvision
    labels: Classification


@dataclass(frozen=True, slots=True)
class LineageLink:
    """A provision that takes up one of an earlier document.

    Attributes:
        earlier, later: Ids of the provisions.
        earlier_date: Last possible day of the earlier document.
        score: Likeness of their words, 0 to 1.
        is_main: Whether it continues the line; not for the further parts of a split or a merger.
        overlap: Share of the later document's provisions that have a counterpart in the earlier one; 0 for a mere clause.
        same_title: Whether the titles of the documents name the same subject.
        is_procedure: Whether both are procedure.
        force_changed: Whether the words that give the obligation its force differ in kind.
    """

    earlier: str
    later: str
    earlier_document: str
    later_document: str
    earlier_date: dt.date
    relation: Relation
    score: float
    is_main: bool
    overlap: float
    same_title: bool
    is_procedure: bool
    force_changed: bool


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The results of one batch of sources.

    Attributes:
        documents: The instruments found.
        provisions: Their provisions, in the order of the documents.
        rejects: Rejected inputs or parts of inputs.
        seconds: Time spent per stage.
    """

    documents: tuple[Document, ...]
    provisions: tuple[ClassifiedProvision, ...]
    rejects: tuple[Reject, ...]
    seconds: Mapping[str, float] = field(default_factory=dict)

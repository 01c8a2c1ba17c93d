"""Records for the tests of tables, dataset and query: short documents whose provisions are their lines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from osce_commitments.ids import content_sha256, document_id, provision_id
from osce_commitments.labels import (
    STRENGTHS,
    THREAT_AREAS,
    Adopted,
    Basis,
    BlockKind,
    DocumentType,
    Field,
    MediaType,
    ObligationStrength,
    Role,
    TagKind,
    ThreatArea,
)
from osce_commitments.schema import (
    AreaCue,
    BatchResult,
    Block,
    Classification,
    ClassifiedProvision,
    Cue,
    Document,
    PageSpan,
    Provision,
    Reject,
    Tag,
    TaggedProvision,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LINES = (
    "Recalling MC.DEC/91/07 on passenger data,",
    "Calls upon the participating States to share lists of stolen travel documents where appropriate;",
    "Tasks the Secretary General to report by 30 June 2092.",
)
_STRENGTHS = {
    "Recalling": ObligationStrength.NONE,
    "Calls": ObligationStrength.URGING,
    "Tasks": ObligationStrength.MANDATING,
    "Encourages": ObligationStrength.ENCOURAGING,
}
_BASES = {"Calls": Basis.TEXT, "Tasks": Basis.TITLE}
_SPANS = {
    "MC.DEC/91/07": (TagKind.INSTRUMENT, "MC.DEC/91/07", ""),
    "the Vaduz Concept": (TagKind.INSTRUMENT, "", "no instrument of that name"),
    "participating States": (TagKind.ADDRESSEE, "participating States", ""),
    "Secretary General": (TagKind.ADDRESSEE, "Secretary General", ""),
    "where appropriate": (TagKind.QUALIFIER, "as_appropriate", ""),
    "by 30 June 2092": (TagKind.DEADLINE, "2092-06-30", ""),
    "by 30 June 2095": (TagKind.DEADLINE, "2095-06-30", ""),
    "until 30 June 2098": (TagKind.DEADLINE, "2098-06-30", ""),
}


def document(  # noqa: PLR0913 - what a test varies
    source: str,
    lines: Sequence[str] = LINES,
    *,
    date: dt.date | None = dt.date(2091, 11, 30),
    content: str = "",
    part: int = 1,
    symbol: str = "MC.DEC/90/91",
    kind: DocumentType = DocumentType.DECISION,
) -> Document:
    sha256 = content_sha256((content or "\n".join([*lines, str(date)])).encode())
    text = "\n".join(lines)
    blocks, start = [], 0
    for line in lines:
        blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(line)))
        start += len(line) + 1
    return Document(
        id=document_id(sha256, part),
        source=source,
        source_sha256=sha256,
        part=part,
        media_type=MediaType.PDF,
        text=text,
        blocks=tuple(blocks),
        pages=(PageSpan(1, 0, len(text)),),
        symbol=symbol,
        body="MC",
        type=kind,
        adopted=Adopted.NO if kind is DocumentType.ARTICLE else Adopted.YES,
        adopted_because="it is a text for tests",
        number="90/91",
        year=date.year if date else None,
        date=date,
        place="Vaduz",
        language="en",
        title="Decision on border security",
        facts_from={"date": "text", "body": "catalogue"} if date else {},
        notes=("the place is given twice",),
    )


def provisions(
    of: Document, *, model: str = "rules", area: ThreatArea = ThreatArea.BORDER_SECURITY, number: str = ""
) -> list[ClassifiedProvision]:
    found = []
    for index, block in enumerate(of.blocks):
        text = of.text[block.start : block.end]
        provision = Provision(
            id=provision_id(of.id, block.start, block.end, text),
            document=of.id,
            index=index,
            start=block.start,
            end=block.end,
            text=text,
            role=Role.PREAMBLE if text.startswith("Recalling") else Role.OPERATIVE,
            title=of.title,
            heading=("Borders", "Documents"),
            number=number or (f"{index} (a)" if index else ""),
            lead_in_spans=((0, 1),),
            page=1,
            date=of.date,
            symbol=of.symbol,
        )
        tagged = TaggedProvision(provision, tags(text), action=text.partition(" ")[0].lower())
        found.append(ClassifiedProvision(tagged, labels(text, model, area)))
    return found


def tags(text: str) -> tuple[Tag, ...]:
    found = [
        Tag(kind, Field.TEXT, text.index(span), text.index(span) + len(span), span, ref, note)
        for span, (kind, ref, note) in _SPANS.items()
        if span in text
    ]
    return tuple(sorted(found, key=lambda tag: tag.start))


def labels(text: str, model: str, area: ThreatArea) -> Classification:
    verb = text.partition(" ")[0]
    strength = _STRENGTHS.get(verb, ObligationStrength.NONE)
    cue = Cue(Field.TEXT, 0, len(verb), verb, "verb")
    return Classification(
        strength=strength,
        strength_probabilities=tuple(0.9 if label is strength else 0.02 for label in STRENGTHS),
        threat_areas=(area,),
        area_probabilities=tuple(0.8 if label is area else 0.05 for label in THREAT_AREAS),
        model_id=model,
        strength_cue=cue if strength.level else None,
        area_cues=(AreaCue(area, cue),) if verb in _BASES else (),
        area_basis=(_BASES.get(verb, Basis.IMPLIED),),
        needs_review=verb == "Tasks",
    )


def batch(*documents: Document, rejects: Sequence[Reject] = (), model: str = "rules", number: str = "") -> BatchResult:
    found = [item for one in documents for item in provisions(one, model=model, number=number)]
    return BatchResult(tuple(documents), tuple(found), tuple(rejects), {"documents": 0.5})


def reject(source: str, content: str = "x", reason: str = "no_text_layer") -> Reject:
    sha256 = content_sha256(content.encode()) if content else ""
    return Reject(source, sha256, "documents", reason, "the PDF has no text layer", "run OCR on it first")

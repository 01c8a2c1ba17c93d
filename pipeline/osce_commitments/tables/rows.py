"""Records as rows and rows as records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from osce_commitments.labels import (
    STRENGTHS,
    THREAT_AREAS,
    Field,
    ObligationStrength,
    Polarity,
    Role,
    TagKind,
    ThreatArea,
    Voice,
)
from osce_commitments.schema import (
    AreaCue,
    Classification,
    ClassifiedProvision,
    Cue,
    Document,
    Provision,
    Reject,
    Row,
    Tag,
    TaggedProvision,
)

_DOCUMENT_FIELDS = (
    "id", "source", "source_sha256", "part", "symbol", "body", "number", "year", "date", "place", "meeting",
    "language", "title", "text",
)  # fmt: skip
_PROVISION_FIELDS = (
    "id", "document", "index", "start", "end", "page", "title", "number", "lead_in", "text", "date", "symbol", "body",
    "tail", "note_mark", "note_of", "about",
)  # fmt: skip


def document_row(document: Document, pipeline: str, provision_count: int) -> Row:
    """A row of ``documents``; ``pipeline`` is the fingerprint of what made it."""
    return {name: getattr(document, name) for name in _DOCUMENT_FIELDS} | {
        "media_type": document.media_type.value,
        "type": document.type.value,
        "is_adopted": document.type.is_adopted,
        "page_count": max((span.page for span in document.pages), default=None),
        "character_count": len(document.text),
        "provision_count": provision_count,
        "blocks": [{"kind": b.kind.value, "start": b.start, "end": b.end, "level": b.level} for b in document.blocks],
        "pages": [{"page": span.page, "start": span.start, "end": span.end} for span in document.pages],
        "facts_from": dict(document.facts_from),
        "notes": list(document.notes),
        "pipeline": pipeline,
    }


def provision_row(item: ClassifiedProvision, document: Document) -> Row:
    """A row of ``provisions``; the document gives the year that the table is partitioned by."""
    provision = item.tagged.provision
    plain = {name: getattr(provision, name) for name in _PROVISION_FIELDS}
    return (
        plain
        | {"year": document.year, "role": provision.role.value, "heading": list(provision.heading)}
        | {"lead_in_spans": _spans(provision.lead_in_spans), "tail_spans": _spans(provision.tail_spans)}
        | {"reading": provision.reading, "delegation": list(provision.delegation)}
        | label_row(item.labels)
        | _tag_values(item.tagged)
    )


def _spans(spans: Iterable[tuple[int, int]]) -> list[Row]:
    return [{"start": start, "end": end} for start, end in spans]


def label_row(labels: Classification) -> Row:
    """The part of a row of ``provisions`` that a classifier sets."""
    cue = labels.strength_cue
    return {
        "strength": labels.strength.value,
        "strength_level": labels.strength.level,
        "strength_probabilities": dict(zip(map(str, STRENGTHS), labels.strength_probabilities, strict=True)),
        "threat_areas": [area.value for area in labels.threat_areas],
        "area_probabilities": dict(zip(map(str, THREAT_AREAS), labels.area_probabilities, strict=True)),
        "strength_cue": None if cue is None else _cue_values(cue),
        "area_cues": [{"area": found.area.value} | _cue_values(found.cue) for found in labels.area_cues],
        "model_id": labels.model_id,
        "needs_review": labels.needs_review,
    }


def _cue_values(cue: Cue) -> Row:
    return {"field": cue.field.value, "start": cue.start, "end": cue.end, "text": cue.text, "rule": cue.rule}


def _tag_values(tagged: TaggedProvision) -> Row:
    whens = [tag for tag in tagged.tags if tag.kind in (TagKind.DEADLINE, TagKind.PERIODICITY)]
    return {
        "addressee": _names(tagged.of(TagKind.ADDRESSEE)),
        "action": tagged.action,
        "polarity": tagged.polarity.value,
        "voice": tagged.voice.value,
        "qualifiers": _names(tagged.of(TagKind.QUALIFIER)),
        "deadlines": [{"text": tag.text, "ref": tag.ref, "note": tag.note} for tag in whens],
        "mentions": [
            {"symbol": tag.ref, "text": tag.text, "note": tag.note} | _place(tag)
            for tag in tagged.of(TagKind.INSTRUMENT)
        ],
        "tags": [
            {"kind": tag.kind.value, "text": tag.text, "ref": tag.ref, "note": tag.note} | _place(tag)
            for tag in tagged.tags
        ],
    }


def _names(tags: Iterable[Tag]) -> list[str]:
    return list(dict.fromkeys(tag.ref or tag.text for tag in tags))


def _place(tag: Tag) -> Row:
    return {"field": tag.field.value, "start": tag.start, "end": tag.end}


def reject_row(reject: Reject, pipeline: str) -> Row:
    """A row of ``rejects``."""
    return asdict(reject) | {"pipeline": pipeline}


def reject_from_row(row: Mapping[str, Any]) -> Reject:
    """The reject that a row was made from."""
    return Reject(**{name: value for name, value in row.items() if name != "pipeline"})


def classified_from_row(row: Mapping[str, Any]) -> ClassifiedProvision:
    """The record that a row of ``provisions`` was made from."""
    values = {name: row[name] for name in _PROVISION_FIELDS}
    provision = Provision(
        role=Role(row["role"]),
        heading=tuple(row["heading"]),
        lead_in_spans=tuple((span["start"], span["end"]) for span in row["lead_in_spans"]),
        tail_spans=tuple((span["start"], span["end"]) for span in row["tail_spans"]),
        delegation=tuple(row["delegation"]),
        **values,
    )
    tagged = TaggedProvision(
        provision, tuple(map(_tag, row["tags"])), row["action"], Polarity(row["polarity"]), Voice(row["voice"])
    )
    return ClassifiedProvision(tagged, _labels(row))


def _tag(value: Mapping[str, Any]) -> Tag:
    return Tag(**{**value, "kind": TagKind(value["kind"]), "field": Field(value["field"])})


def _labels(row: Mapping[str, Any]) -> Classification:
    cue = row["strength_cue"]
    return Classification(
        strength=ObligationStrength(row["strength"]),
        strength_probabilities=tuple(row["strength_probabilities"][label] for label in STRENGTHS),
        threat_areas=tuple(ThreatArea(label) for label in row["threat_areas"]),
        area_probabilities=tuple(row["area_probabilities"][label] for label in THREAT_AREAS),
        model_id=row["model_id"],
        strength_cue=None if cue is None else _cue(cue),
        area_cues=tuple(AreaCue(ThreatArea(value["area"]), _cue(value)) for value in row["area_cues"]),
        needs_review=row["needs_review"],
    )


def _cue(value: Mapping[str, Any]) -> Cue:
    return Cue(Field(value["field"]), value["start"], value["end"], value["text"], value["rule"])

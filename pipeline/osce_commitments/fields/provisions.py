"""The columns of ``provisions``; a new column needs a declaration here and an attribute of its record.

Its places show it without further work: hits, view ``commitments``, terminal, page, workbook, reports, label sheets.

Search and output use the document's date, symbol and body, not the copies with which a provision was tagged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from operator import attrgetter

from osce_commitments.fields.column import (
    At,
    Column,
    ColumnType,
    FullText,
    IndexedValue,
    ListOf,
    Place,
    SideTable,
    Struct,
    TableDefinition,
)
from osce_commitments.fields.documents import YEAR
from osce_commitments.labels import (
    STRENGTHS,
    THREAT_AREAS,
    Basis,
    Field,
    LabelKind,
    ObligationStrength,
    Polarity,
    Qualifier,
    Role,
    TagKind,
    ThreatArea,
    Voice,
    Why,
    label_in_words,
    note_text,
    strength_in_words,
)
from osce_commitments.schema import AreaCue, Classification, Cue, Provision, Tag, TaggedProvision
from osce_commitments.texts.dates import first_and_last_day
from osce_commitments.texts.limits import is_limit

_TEXT = (FullText(),)
_number = partial(IndexedValue, kind="INTEGER")
_HIT, _COMMITMENTS = {Place.HIT: At()}, {Place.COMMITMENTS: At()}
_BOTH = {**_HIT, **_COMMITMENTS}
_LEAST_SHOWN = 0.05  # rarer labels would fill a cell
_place = partial(Column, of=Provision)
_tagged = partial(Column, of=TaggedProvision)
_label = partial(Column, of=Classification)

_PLACE: Mapping[str, ColumnType] = {"field": Field, "start": "int32", "end": "int32"}
_CUE: Mapping[str, ColumnType] = {**_PLACE, "text": "string", "rule": "string"}
_STRETCH = Struct({"start": "int32", "end": "int32"})
_AREA_CUE = Struct(
    {"area": ThreatArea, **_CUE}, lambda area, **cue: AreaCue(area, Cue(**cue)), {name: f"cue.{name}" for name in _CUE}
)
_TAG = Struct(
    {"kind": TagKind, **_PLACE, "text": "string", "ref": "string", "note": "string", "rule": "string"}, make=Tag
)
_DEADLINE = Struct({"text": "string", "ref": "string", "note": "string"})
_MENTION = Struct({"symbol": "string", "text": "string", "note": "string", **_PLACE}, sources={"symbol": "ref"})


def _per_label(labels: Iterable[StrEnum]) -> Struct:
    return Struct({label.value: "float64" for label in labels})


def mask_of(labels: Iterable[StrEnum]) -> Callable[[Iterable[str]], int]:
    """A function that turns labels into a number: one bit per label, in the order of the set."""
    bits = {label.value: 1 << bit for bit, label in enumerate(labels)}
    return lambda values: sum(bits.get(value, 0) for value in set(values))


area_mask, qualifier_mask = mask_of(ThreatArea), mask_of(Qualifier)


def _mask_on(basis: Basis, bases: Iterable[str], areas: Iterable[str]) -> int:
    return area_mask(area for area, base in zip(areas, bases, strict=True) if base == basis)


def _tags(*kinds: TagKind) -> Callable[[TaggedProvision], list[Tag]]:
    return lambda tagged: [tag for tag in tagged.tags if tag.kind in kinds]


def _names(kind: TagKind) -> Callable[[TaggedProvision], list[str]]:
    no_act = note_text(Why.NO_ACT)
    return lambda tagged: list(dict.fromkeys(tag.name for tag in tagged.of(kind) if tag.note != no_act))


def dated_limits(deadlines: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """First and last day of each dated deadline by which something is due."""
    dated = ((deadline["text"], first_and_last_day(deadline["ref"])) for deadline in deadlines)
    return (days for text, days in dated if days and is_limit(text, days))


def _likely(probabilities: Mapping[str, float]) -> str:
    """The probable labels in words, most probable first."""
    ordered = sorted(probabilities.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{name} {value:.2f}" for name, value in ordered if value >= _LEAST_SHOWN)


def _in_words(labels: Iterable[str], between: str) -> str:
    return between.join(map(label_in_words, labels))


# fmt: off
_COLUMNS = (
    _place("id", "string", "identifier: hash of the document, the offsets and the text",
        shown={
            **_BOTH, Place.TERMINAL: At(), Place.REPORT: At("model_id", name="provision"),
            Place.LABELS: At(name="provision"),
        },
    ),
    _place("document", "string", "id of its document",
        shown={**_BOTH, Place.LABELS: At("id", cell=lambda row: row["symbol"] or row["source"])},
    ),
    YEAR,
    _place("index", "int32", "position in the document, from 0"),
    _place("start", "int32", "first character in the document's text"),
    _place("end", "int32", "character after the last one: text = document text[start:end]"),
    _place("page", "int32", "page on which it starts; null where the format has no pages", nullable=True,
        shown={**_BOTH, Place.LABELS: At("after", cell=lambda row: row["page"] or "")},
    ),
    _place("role", Role, "part of the document that it belongs to",
        shown={**_BOTH, Place.LABELS: At("page", name="part")}, indexed=(IndexedValue("role"),),
    ),
    _place("title", "string", "title of the document",
        shown={
            **_BOTH, Place.PAGE: At("reading", heading="Document", is_usual=False),
            Place.LABELS: At("document", width=30),
        },
        indexed=_TEXT,
    ),
    _place("heading", ListOf("string"), "headings above it, outermost first", joined=" > ",
        shown={**_BOTH, Place.LABELS: At("title", width=24, cell=lambda row: " / ".join(row["heading"]))},
        indexed=_TEXT,
    ),
    _place("number", "string", "paragraph number as printed, such as 3 (a); empty if none", shown=_BOTH),
    _place("paragraph_id", "string",
        "identifier of its paragraph: provisions with the same number, or of one block without any; null in older datasets",
        nullable=True, shown=_BOTH, indexed=(IndexedValue("paragraph"),),
    ),
    _place("sentence", "int16", "position among the provisions of its paragraph, from 1; null in older datasets",
        nullable=True, shown=_BOTH, indexed=(_number("sentence"),),
    ),
    _place("sentences", "int16", "how many provisions its paragraph has; null in older datasets", nullable=True,
        shown=_BOTH,
    ),
    _place("lead_in", "string", "lead-in above a list item, as one text; empty if none",
        shown={**_BOTH, Place.LABELS: At("before", width=40)}, indexed=_TEXT,
    ),
    _place("lead_in_spans", ListOf(_STRETCH), "position of each part of the lead-in in the document's text"),
    _place("text", "string", "the words of the provision",
        shown={**_BOTH, Place.LABELS: At("lead_in", width=70)}, indexed=_TEXT,
    ),
    _place("tail", "string", "words after the list that complete the sentence; empty if none", shown=_BOTH),
    _place("tail_spans", ListOf(_STRETCH), "position of these words in the document's text"),
    _place("reading", "string", "lead-in, text and tail read as one sentence", derive=attrgetter("reading"),
        shown={
            **_BOTH, Place.SHEET: At("addressee", heading="Provision", width=80),
            Place.PAGE: At("due", name="text", heading="Text"), Place.TERMINAL: At("addressee", heading="provision"),
            Place.REPORT: At("reports", name="text", cell=lambda row: " ".join(row["reading"].split())),
        },
        indexed=_TEXT,
    ),
    _place("note_mark", "string", "mark of a footnote, such as 1; empty if it is not a footnote", shown=_HIT),
    _place("note_of", "string", "id of the provision with the mark of the footnote; empty if none", shown=_HIT),
    _place("delegation", ListOf("string"),
        "delegations that speak in an attachment: canonical names if known, else as printed", shown=_HIT,
    ),
    _place("about", "string", "symbol of the decision that an attachment is about; empty if none", shown=_HIT),
    _place("role_rule", "string", "id of the rule that set the role, or mark-up; empty if none"),
    _place("lead_in_rule", "string", "id of the rule that found the lead-in, or mark-up; empty if none"),
    _place("date", "date32", "date of the document", nullable=True),
    _place("symbol", "string", "symbol of the document, normalised; empty if it has none"),
    _place("body", "string", "body that adopted the document; empty if unknown"),
    _label("strength", ObligationStrength, "obligation strength",
        shown={
            **_BOTH,
            Place.SHEET: At("body", heading="Strength", width=13, cell=lambda row: strength_in_words(row["strength"])),
            Place.PAGE: At("citation", heading="Strength"), Place.TERMINAL: At("date"), Place.REPORT: At("citation"),
            Place.LABELS: At("role", name="model_strength"),
        },
    ),
    _label("strength_level", "int8", "obligation strength as a number, 0 (none) to 5 (mandating)",
        derive=lambda labels: labels.strength.level, shown=_BOTH, indexed=(_number("strength"),),
    ),
    _label("strength_probabilities", _per_label(STRENGTHS), "probability of every strength; they sum to 1",
        shown={Place.LABELS: At("threat_areas", cell=lambda row: _likely(row["strength_probabilities"]))},
    ),
    _label("threat_areas", ListOf(ThreatArea), "threat areas that the act is about",
        shown={
            **_BOTH,
            Place.SHEET: At(
                "strength", heading="Threat areas", width=22, cell=lambda row: _in_words(row["threat_areas"], "; "),
            ),
            Place.PAGE: At("strength", name="areas", heading="Threat areas"),
            Place.TERMINAL: At("strength", heading="areas"),
            Place.LABELS: At("strength", name="model_areas", cell=lambda row: "; ".join(row["threat_areas"]) or "none"),
        },
        indexed=(_number("areas", convert=area_mask),),
    ),
    _label("area_basis", ListOf(Basis),
        "what each area of threat_areas stands on, in their order: the first field that names it, or implied",
        shown=_BOTH,
        indexed=tuple(
            _number(f"areas_{basis}", convert=partial(_mask_on, basis), paired="threat_areas") for basis in Basis
        ),
    ),
    _label("area_probabilities", _per_label(THREAT_AREAS),
        "probability of every threat area, independent of each other",
        shown={Place.LABELS: At("strength_probabilities", cell=lambda row: _likely(row["area_probabilities"]))},
    ),
    _label("strength_cue", Struct(_CUE, make=Cue), "words and rule that explain the strength; null if none",
        nullable=True,
    ),
    _label("area_cues", ListOf(_AREA_CUE), "words that led to each threat area"),
    _tagged("addressee", ListOf("string"), "actors who are to act: canonical names if known, else as printed",
        derive=_names(TagKind.ADDRESSEE),
        shown={
            **_BOTH, Place.SHEET: At("threat_areas", heading="Addressee", width=24),
            Place.PAGE: At("threat_areas", heading="Addressee", cell=lambda row: ", ".join(row["addressee"])),
            Place.TERMINAL: At("threat_areas"), Place.REPORT: At("strength"),
        },
        indexed=(SideTable("addressees", ("name TEXT",), rows=lambda names: ((name,) for name in names)),),
    ),
    _tagged("action", "string", "main operative verb phrase; empty if none", shown=_BOTH),
    _tagged("polarity", Polarity, "whether to act or to refrain", shown=_COMMITMENTS),
    _tagged("voice", Voice, "grammatical voice of the main operative verb", shown=_COMMITMENTS),
    _tagged("qualifiers", ListOf("string"), "hedges and conditions", derive=_names(TagKind.QUALIFIER),
        shown={
            **_BOTH,
            Place.PAGE: At(
                "body", heading="Qualifiers", is_usual=False, cell=lambda row: _in_words(row["qualifiers"], ", "),
            ),
            Place.REPORT: At("addressee"),
        },
        indexed=(_number("qualifiers", convert=qualifier_mask),),
    ),
    _tagged("deadlines", ListOf(_DEADLINE), "by when or how often, in words and ISO 8601",
        derive=_tags(TagKind.DEADLINE, TagKind.PERIODICITY),
        shown={
            **_BOTH, Place.SHEET: At("reading", heading="Deadline", width=20),
            Place.REPORT: At(
                "qualifiers", cell=lambda row: "; ".join(deadline["text"] for deadline in row["deadlines"]),
            ),
        },
        indexed=(
            _number("has_deadline", convert=bool),
            SideTable("deadlines", ("first_day TEXT", "last_day TEXT"), rows=dated_limits),
        ),
    ),
    _tagged("mentions", ListOf(_MENTION),
        "cited instruments; if one is unresolved, symbol is empty and note gives the reason",
        derive=_tags(TagKind.INSTRUMENT),
        indexed=(
            SideTable(
                "citations", ("symbol TEXT COLLATE NOCASE",),
                rows=lambda mentions: [(mention["symbol"],) for mention in mentions if mention["symbol"]],
            ),
        ),
    ),
    _tagged("tags", ListOf(_TAG), "every tagged span"),
    _label("model_id", "string", "classifier that set the labels",
        shown={**_BOTH, Place.REPORT: At("adopted"), Place.LABELS: At("answers", name="model")},
        indexed=(IndexedValue("model"),),
    ),
    _label("needs_review", "bool", "whether a person should check the labels",
        shown={
            **_BOTH,
            Place.SHEET: At(
                "adopted", heading="To review", width=10, cell=lambda row: "yes" if row["needs_review"] else "",
            ),
            Place.PAGE: At(
                "adopted", name="review", heading="Review", is_usual=False,
                cell=lambda row: "needs review" if row["needs_review"] else "",
            ),
            Place.REPORT: At("earlier"),
        },
        indexed=(_number("needs_review"),),
    ),
    Column("key", "string", "what it is: hash of symbol, title, lead-in and text without punctuation and letter case",
        shown={Place.LABELS: At("model_id")},
    ),
    Column("correction", "string", "key of the corrections that count for it; empty if none"),
    Column("corrected", ListOf(LabelKind), "labels that a person checked or corrected; empty if all are by the program",
        shown=_BOTH, indexed=(_number("is_corrected", convert=bool),),
    ),
    Column("corrected_by", "string", "names of these persons; empty if none",
        shown={**_BOTH, Place.REPORT: At("needs_review", name="checked_by")},
    ),
    Column("program_labels", "string", "values of the program in the columns that a correction changed, as JSON"),
)

# Columns that are made from a row when it is read; no table has them.
DERIVED = (
    Column("citation", "string", "citation: MC.DEC/9/11, para. 3 (a), p. 2",
        shown={
            Place.SHEET: At(heading="Citation", width=26), Place.PAGE: At("date", heading="Provision"),
            Place.TERMINAL: At("id"), Place.REPORT: At("mark"),
        },
    ),
    Column("link", "string", "path of its page", shown={Place.REPORT: At("id")}),
    Column("paragraph", "string", "its whole paragraph: all provisions of it, in order",
        shown={Place.PAGE: At("reading", heading="Paragraph", is_usual=False), Place.REPORT: At("reading")},
    ),
    Column("due", ListOf("string"), "days of its dated deadlines",
        shown={
            Place.PAGE: At(
                "addressee", heading="Due", is_usual=False,
                cell=lambda hit: ", ".join(hit["due"]) or "; ".join(hit["deadlines"]),
            ),
            Place.REPORT: At("deadlines", cell=lambda row: "; ".join(due["ref"] for due in row["deadlines"] if due["ref"])),
        },
    ),
    Column("reports", ListOf("string"), "reporting duties: who > to whom",
        shown={Place.REPORT: At("due", name="reporting", cell=lambda row: "; ".join(dict.fromkeys(row["reports"])))},
    ),
)
# fmt: on

PROVISIONS = TableDefinition(
    "provisions",
    "one row per provision, the smallest stretch of a document that states one act",
    key=("id",),
    order=("year", "document", "index"),
    partition_by=("year",),
    stats=("document",),
    columns=_COLUMNS,
)

"""Compares the results of the stages on one form of a document with its mark-up."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from osce_commitments.evaluate.structure.forms import DocumentForm
from osce_commitments.evaluate.structure.marked_acts import level_of_act
from osce_commitments.evaluate.structure.truth import MarkedTruth, Unit, UnitKind
from osce_commitments.ids import DocumentId
from osce_commitments.labels import Adopted, BlockKind, Role, TagKind
from osce_commitments.schema import ClassifiedProvision, Document
from osce_commitments.texts.normalise import plain

_READ = "read as one document"
_FACTS = ("symbol", "date", "title", "adopted")
_WHOLE = {UnitKind.RECITAL: "recitals whole", UnitKind.PARAGRAPH: "paragraphs whole", UnitKind.ITEM: "items whole"}
_WORDS = "words as printed"
_STRUCTURE = (*_WHOLE.values(), _WORDS, "role", "lead-in of an item", "no lead-in", "number")
_LABELS = ("level of the opening act", "linked citations", "rows that are text")
STRUCTURE_MEASURES = (_READ, *_FACTS, *_STRUCTURE, *_LABELS)
_LETTER_OF_PART = re.compile(r"(?<=\d)[a-z]{1,2}(?:-[a-z])?(?=$|\()")
_SHORTEST = 4  # letters: a shorter unit cannot be found reliably
_SHOWN = 160
_IS_TEXT = frozenset({Role.PREAMBLE, Role.OPERATIVE, Role.ANNEX})


@dataclass(frozen=True, slots=True)
class Failure:
    """One difference from the mark-up, with the ids of the provisions concerned."""

    document: str
    form: str
    measure: str
    expected: str
    given: str
    where: str
    rows: tuple[str, ...]


@dataclass(slots=True)
class StructureScore:
    """The scores of one form of one document; ``counts`` has hits and cases of each measure."""

    document: str
    form: DocumentForm
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def add(  # noqa: PLR0913, PLR0917 - what a failure says
        self, measure: str, is_right: object, expected: object, given: object, where: str = "", rows: Iterable[str] = ()
    ) -> None:
        """Count one case of a measure."""
        hits, cases = self.counts.get(measure, (0, 0))
        self.counts[measure] = (hits + bool(is_right), cases + 1)
        if not is_right:
            wanted, got, place = (str(one)[:_SHOWN] for one in (expected, given, where))
            self.failures.append(Failure(self.document, self.form.value, measure, wanted, got, place, tuple(rows)))


def letters(words: str) -> str:
    """Return the letters of a text in lower case: forms differ in spaces, hyphens and note marks."""
    return re.sub(r"[\W\d_]", "", unicodedata.normalize("NFKC", words).casefold())


def spelled(text: str) -> list[str]:
    """Return the words of a text, with their hyphens, without numbers and signs."""
    return re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*-?", plain(unicodedata.normalize("NFKC", text)).casefold())


def score_form(
    name: str,
    form: DocumentForm,
    truth: MarkedTruth,
    documents: Sequence[Document],
    provisions: Sequence[ClassifiedProvision],
) -> StructureScore:
    """Compare one form of a document with its mark-up; facts are those of the first instrument that was read."""
    score = StructureScore(name, form)
    score.add(_READ, len(documents) == 1, "one document", len(documents))
    if documents:
        _score_facts(score, truth, documents[0])
        _score_units(score, truth, _Text(documents, provisions))
        _score_rows(score, truth, provisions)
    return score


def _score_facts(score: StructureScore, truth: MarkedTruth, document: Document) -> None:
    wanted, given = (symbol.replace(" ", "") for symbol in (truth.symbol, document.symbol))
    score.add("symbol", given == wanted, truth.symbol, document.symbol)
    if truth.date is not None:
        score.add("date", document.date == truth.date, truth.date, document.date)
        score.add("adopted", document.adopted is Adopted.YES, "adopted", document.adopted_because)
    if truth.title:
        score.add("title", letters(document.title) == letters(truth.title), truth.title, document.title)


class _Text:
    """The words of all provisions in order, to find units in any division into rows."""

    def __init__(self, documents: Sequence[Document], provisions: Sequence[ClassifiedProvision]) -> None:
        blocks = {one.id: _footnotes(one) for one in documents}
        self.rows = [
            (row, words)
            for row in provisions
            if (words := letters(row.tagged.provision.text)) and not _is_note(row, blocks)
        ]
        self.starts: list[int] = []
        length = 0
        for _, words in self.rows:
            self.starts.append(length)
            length += len(words)
        self.ends = [*self.starts[1:], length]
        self.whole = "".join(words for _, words in self.rows)
        self._cursor = 0

    def find(self, words: str) -> tuple[list[ClassifiedProvision], bool]:
        """Return the rows that contain some words, and whether the words begin and end with rows."""
        at = self.whole.find(words, self._cursor)
        at = self.whole.find(words) if at < 0 else at
        if at < 0:
            return [], False
        self._cursor = end = at + len(words)
        first, last = bisect_right(self.starts, at) - 1, bisect_left(self.starts, end)
        is_whole = self.starts[first] == at and self.ends[last - 1] == end
        return [row for row, _ in self.rows[first:last]], is_whole


def _footnotes(document: Document) -> frozenset[int]:
    return frozenset(block.start for block in document.blocks if block.kind == BlockKind.FOOTNOTE)


def _is_note(row: ClassifiedProvision, footnotes: Mapping[DocumentId, frozenset[int]]) -> bool:
    one = row.tagged.provision
    return bool(one.note_mark) or one.start in footnotes.get(one.document, frozenset())


def _score_units(score: StructureScore, truth: MarkedTruth, text: _Text) -> None:
    for unit in truth.units:
        words = letters(unit.words)
        if len(words) < _SHORTEST:
            continue
        rows, is_whole = text.find(words)
        ids = [row.tagged.provision.id for row in rows]
        where = f"{unit.number or ''} {unit.words}".strip()
        if unit.kind in _WHOLE:
            score.add(
                _WHOLE[unit.kind], is_whole, "one unit", "words not found" if not rows else "cut elsewhere", where, ids
            )
        if not rows:
            continue
        roles = {row.tagged.provision.role for row in rows}
        score.add("role", roles == {unit.role}, unit.role, ", ".join(sorted(roles)), where, ids)
        if is_whole:
            printed = " ".join(row.tagged.provision.text for row in rows)
            score.add(_WORDS, spelled(printed) == spelled(unit.words), unit.words, printed, where, ids)
        if is_whole and unit.kind is not UnitKind.FLAT:
            _score_place(score, unit, rows, where, ids)
            _score_act(score, unit, rows, where, ids)
        _score_citations(score, unit, rows, where, ids)


def _score_place(
    score: StructureScore, unit: Unit, rows: Sequence[ClassifiedProvision], where: str, ids: Sequence[str]
) -> None:
    first = rows[0].tagged.provision
    given, wanted = first.lead_in, " ".join(unit.stems)
    measure = "lead-in of an item" if unit.stems else "no lead-in"
    own = first.lead_in and letters(first.lead_in)
    inside = not unit.stems and any(row.tagged.provision.lead_in for row in rows)
    is_inner = inside and letters(rows[-1].tagged.provision.lead_in) in letters(unit.words)
    # The lead-in may be the last sentence of a stem of several.
    is_last = len(unit.stems) == 1 and bool(own) and letters(wanted).endswith(str(own))
    is_right = (own or "") == letters(wanted) or is_inner or is_last
    score.add(measure, is_right, wanted or "none", given or "none", where, ids)
    if unit.number is not None and unit.kind is not UnitKind.RECITAL:
        is_same = first.number.replace(" ", "") == unit.number.replace(" ", "")
        score.add("number", is_same, unit.number or "none", first.number or "none", where, ids)


def _score_act(
    score: StructureScore, unit: Unit, rows: Sequence[ClassifiedProvision], where: str, ids: Sequence[str]
) -> None:
    if unit.kind is not UnitKind.PARAGRAPH or unit.role is not Role.OPERATIVE:
        return
    level = level_of_act(unit.act, unit.words)
    if level is not None:
        given = rows[0].labels.strength
        score.add("level of the opening act", given == level, level, given, where, ids)


def _score_citations(
    score: StructureScore, unit: Unit, rows: Sequence[ClassifiedProvision], where: str, ids: Sequence[str]
) -> None:
    found = {tag.ref.replace(" ", "").casefold() for row in rows for tag in row.tagged.of(TagKind.INSTRUMENT)}
    # A link leads to the whole resolution, whatever part of it ("48/75 L") the words name.
    found |= {_LETTER_OF_PART.sub("", ref) for ref in found}
    for symbol in unit.cited:
        is_found = any(ref and symbol.casefold().startswith(ref) for ref in found)
        score.add("linked citations", is_found, symbol, ", ".join(sorted(found)), where, ids)


def _score_rows(score: StructureScore, truth: MarkedTruth, provisions: Sequence[ClassifiedProvision]) -> None:
    words = letters(truth.words)
    for row in provisions:
        one = row.tagged.provision
        own = letters(one.text)
        if own and one.role in _IS_TEXT:
            score.add("rows that are text", own in words, "text of the document", one.text, one.role, [one.id])

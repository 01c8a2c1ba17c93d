"""Compares the results of the stages on one form of a document with its mark-up."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from corpora.marked_up.forms import DocumentForm
from corpora.marked_up.truth import MarkedTruth, Unit, UnitKind
from corpora.tallies import FileScore
from osce_commitments.labels import Adopted, BlockKind, ObligationStrength, Role, TagKind
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
_CHARACTERS_TO_ADDRESSEE = 70
_IS_TEXT = frozenset({Role.PREAMBLE, Role.OPERATIVE, Role.ANNEX})


def _count(  # noqa: PLR0913, PLR0917 - the parts of a failure
    score: FileScore,
    measure: str,
    is_right: object,
    expected: object,
    value: object,
    text: str = "",
    rows: Iterable[str] = (),
) -> None:
    score.tallies[measure].share(is_hit=bool(is_right))
    if not is_right:
        score.complain(measure, "", text[:_SHOWN], str(expected)[:_SHOWN], str(value)[:_SHOWN], rows)


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
) -> FileScore:
    """Compare one form of a document with its mark-up; facts are those of the first instrument that was read."""
    score = FileScore(name, form.value)
    _count(score, _READ, len(documents) == 1, "one document", len(documents))
    if documents:
        _score_facts(score, truth, documents[0])
        _score_units(score, truth, _Text(documents, provisions))
        words = letters(truth.words)
        for row in provisions:
            unit = row.tagged.provision
            own = letters(unit.text)
            if own and unit.role in _IS_TEXT:
                _count(
                    score, "rows that are text", own in words, "text of the document", unit.text, unit.role, [unit.id]
                )
    return score


def _score_facts(score: FileScore, truth: MarkedTruth, document: Document) -> None:
    expected, symbol = (name.replace(" ", "") for name in (truth.symbol, document.symbol))
    _count(score, "symbol", symbol == expected, truth.symbol, document.symbol)
    if truth.date is not None:
        _count(score, "date", document.date == truth.date, truth.date, document.date)
        _count(score, "adopted", document.adopted is Adopted.YES, "adopted", document.adopted_because)
    if truth.title:
        _count(score, "title", letters(document.title) == letters(truth.title), truth.title, document.title)


class _Text:
    """The words of all provisions in order, to find units in any division into rows."""

    def __init__(self, documents: Sequence[Document], provisions: Sequence[ClassifiedProvision]) -> None:
        notes = {
            document.id: {block.start for block in document.blocks if block.kind == BlockKind.FOOTNOTE}
            for document in documents
        }
        self.rows = [
            (row, words)
            for row in provisions
            for unit in [row.tagged.provision]
            if (words := letters(unit.text)) and not unit.note_mark and unit.start not in notes.get(unit.document, ())
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
        start = self.whole.find(words, self._cursor)
        start = self.whole.find(words) if start < 0 else start
        if start < 0:
            return [], False
        self._cursor = end = start + len(words)
        first, last = bisect_right(self.starts, start) - 1, bisect_left(self.starts, end)
        is_whole = self.starts[first] == start and self.ends[last - 1] == end
        return [row for row, _ in self.rows[first:last]], is_whole


def _score_units(score: FileScore, truth: MarkedTruth, text: _Text) -> None:
    for unit in truth.units:
        words = letters(unit.words)
        if len(words) < _SHORTEST:
            continue
        rows, is_whole = text.find(words)
        ids = [row.tagged.provision.id for row in rows]
        where = f"{unit.number or ''} {unit.words}".strip()
        if unit.kind in _WHOLE:
            _count(
                score,
                _WHOLE[unit.kind],
                is_whole,
                "one unit",
                "words not found" if not rows else "cut elsewhere",
                where,
                ids,
            )
        if not rows:
            continue
        roles = {row.tagged.provision.role for row in rows}
        _count(score, "role", roles == {unit.role}, unit.role, ", ".join(sorted(roles)), where, ids)
        if is_whole:
            printed = " ".join(row.tagged.provision.text for row in rows)
            _count(score, _WORDS, spelled(printed) == spelled(unit.words), unit.words, printed, where, ids)
        if is_whole and unit.kind is not UnitKind.FLAT:
            _score_place(score, unit, rows, where, ids)
            _score_act(score, unit, rows, where, ids)
        _score_citations(score, unit, rows, where, ids)


def _score_place(
    score: FileScore, unit: Unit, rows: Sequence[ClassifiedProvision], where: str, ids: Sequence[str]
) -> None:
    first = rows[0].tagged.provision
    lead_in, stems = first.lead_in, " ".join(unit.stems)
    measure = "lead-in of an item" if unit.stems else "no lead-in"
    own = letters(lead_in)
    inside = not unit.stems and any(row.tagged.provision.lead_in for row in rows)
    is_inner = inside and letters(rows[-1].tagged.provision.lead_in) in letters(unit.words)
    # The lead-in may be the last sentence of a stem of several.
    is_last = len(unit.stems) == 1 and bool(own) and letters(stems).endswith(own)
    is_right = own == letters(stems) or is_inner or is_last
    _count(score, measure, is_right, stems or "none", lead_in or "none", where, ids)
    if unit.number is not None and unit.kind is not UnitKind.RECITAL:
        is_same = first.number.replace(" ", "") == unit.number.replace(" ", "")
        _count(score, "number", is_same, unit.number or "none", first.number or "none", where, ids)


def _score_act(
    score: FileScore, unit: Unit, rows: Sequence[ClassifiedProvision], where: str, ids: Sequence[str]
) -> None:
    if unit.kind is not UnitKind.PARAGRAPH or unit.role is not Role.OPERATIVE:
        return
    level = level_of_act(unit.act, unit.words)
    if level is not None:
        strength = rows[0].labels.strength
        _count(score, "level of the opening act", strength == level, level, strength, where, ids)


def _score_citations(
    score: FileScore, unit: Unit, rows: Sequence[ClassifiedProvision], where: str, ids: Sequence[str]
) -> None:
    refs = {tag.ref.replace(" ", "").casefold() for row in rows for tag in row.tagged.of(TagKind.INSTRUMENT)}
    # A link leads to the whole resolution, whatever part of it ("48/75 L") the words name.
    refs |= {_LETTER_OF_PART.sub("", ref) for ref in refs}
    for symbol in unit.cited:
        is_found = any(ref and symbol.casefold().startswith(ref) for ref in refs)
        _count(score, "linked citations", is_found, symbol, ", ".join(sorted(refs)), where, ids)


_ACTS: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("acts.yaml").read_text(encoding="utf-8"))


def _any(name: str) -> str:
    return "|".join(map(re.escape, sorted(_ACTS[name], key=len, reverse=True)))


_FURTHER, _OWN, _STATES = (
    re.compile(rf"\b(?:{_any(name)})\b", re.IGNORECASE) for name in ("further_acts", "own_structures", "states")
)
_ADVERBS = re.compile(rf"(?:^|\s)(?:{_any('adverbs')})(?=\s|,|$)")


def level_of_act(act: str, words: str) -> ObligationStrength | None:
    """Return the level of the act that opens a paragraph; None if it is not sure.

    ``act`` is what the mark-up sets apart at the start, such as "Also urges"; empty if nothing. If the paragraph states
    a further act, the level is not sure.
    """
    rest = words[len(act) :]
    if not act or _FURTHER.search(rest):
        return None
    verb = _ADVERBS.sub(" ", act.casefold()).strip(" ,")
    names = {act.casefold().strip(" ,"), verb}
    for level, verbs in _ACTS["levels"].items():
        if names & set(verbs) and not (verb == "encourages" and "strongly" in act.casefold() and level != "urging"):
            return ObligationStrength(level)
    if verb != _ACTS["requests"]:
        return None
    addressee = rest[:_CHARACTERS_TO_ADDRESSEE].casefold()
    own, states = _OWN.search(addressee), _STATES.search(addressee)
    if own and (not states or own.start() < states.start()):
        return ObligationStrength.MANDATING
    return ObligationStrength.URGING if states else None

"""Cited instruments: explicit symbols, citations in prose, titles and names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from osce_commitments.catalogue import Instrument, find_symbols, load_catalogue
from osce_commitments.labels import DocumentType, Role, TagKind, Why
from osce_commitments.resources import load_yaml
from osce_commitments.schema import Tag
from osce_commitments.tag.citations.anaphora import (
    find_anaphors,
    find_annexed,
    find_by_part,
    find_initials,
    pointed,
    with_numbers,
)
from osce_commitments.tag.citations.citation_patterns import citation_pattern
from osce_commitments.tag.citations.numbered import (
    Citation,
    continued_citations,
    find_citations,
    find_unidentified,
    unresolved,
)
from osce_commitments.tag.citations.resolve import resolve
from osce_commitments.tag.citations.short_forms import find_dated, find_given, find_numbered, find_own, find_short
from osce_commitments.tag.citations.titled import find_titled
from osce_commitments.tag.citations.treaties import (
    find_by_year,
    find_by_years,
    find_joined,
    find_outside,
    find_supplements,
    with_protocols,
)
from osce_commitments.tag.component import Component, Context, context_of, is_free, make_tag, text_of
from osce_commitments.tag.name_finder import NameFinder, NameMatch

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_KIND_OF_TEXT = re.compile(r"^(?:[A-Z]\w+ ){0,2}(?:Decision|Declaration|Statement) on (?:the )?")
_LEFT_OF_NAME = re.compile(r"(?:\b(?:19|20)\d\d )?(?:OSCE |CSCE )?$")
_TITLE_LINK = re.compile(r'(?: of [\w ]{4,45}| \(\d{4}\)|,)?(?: (?:on|entitled|concerning) (?:the )?"?| ")$')
_APPOSED = frozenset({" - ", ": "})  # "Helsinki Document 1992 - The Challenges of Change" is one citation.
_LOOK_BACK = 260
_MIN_WORDS = 3
_LONG_TITLE_WORDS = 7
_LONG_TITLE_CAPITALS = 5


class Instruments(Component):
    """Tags citations; ref is the canonical symbol, note what is unknown or conflicts.

    Args:
        nlp: Pipeline whose tokenizer cuts the names.
    """

    def __init__(self, nlp: Language) -> None:
        self._finder = NameFinder(nlp, _names())

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every citation, symbols before prose before names where they overlap."""
        text = text_of(doc)
        found: list[Citation] = []
        for citation in self._citations(doc):
            span = (citation.start, citation.end)
            others = [(other.start, other.end) for other in found if (other.start, other.end) != span]
            is_new = not any((one.start, one.end, one.symbol) == (*span, citation.symbol) for one in found)
            if is_new and is_free(span, others) and _is_said_of_itself(text, citation, context_of(doc)):
                found.append(citation)
        found = self._with_names(doc, found)
        if citation_pattern("named_hint").search(text) or context_of(doc).memory.short:
            found = _with_described(text, found, context_of(doc))
        found = with_numbers(text, pointed(text, found, context_of(doc)))
        again = list(find_anaphors(text, found, context_of(doc)))
        found = _added(_added(found, again), find_supplements(text, again))
        found = _added(found, find_annexed(text, found))
        found = _added(found, find_initials(text, found))
        found = _added(found, find_dated(text, found, context_of(doc).body))
        found = _added(found, find_numbered(text, context_of(doc).memory.short.resolutions))
        found = _added(found, find_unidentified(text))
        return [
            _tag(doc, text, citation)
            for citation in sorted(found, key=lambda citation: citation.start)
            if not _is_of_institution(text, citation)
        ]

    def _citations(self, doc: Doc) -> Iterator[Citation]:
        text, context = text_of(doc), context_of(doc)
        for symbol in find_symbols(text):
            yield Citation(symbol.start, symbol.end, symbol.symbol, is_prose=False)
            yield from continued_citations(text, symbol.end, symbol.symbol)
        yield from find_citations(text, context.body, context.symbol)

    def _with_names(self, doc: Doc, found: list[Citation]) -> list[Citation]:
        """Add the named instruments; a title behind a number belongs to it."""
        text = text_of(doc)
        for match in self._finder.find(doc):
            symbols = tuple(dict.fromkeys(symbol for symbol, _ in match.values))
            owner = next((at for at, cited in enumerate(found) if _is_titled(text, cited, match)), None)
            if owner is not None:
                if found[owner].symbol not in symbols:
                    found[owner] = replace(found[owner], why=Why.OTHER_TITLE, details=" | ".join(symbols))
            elif any(cited.symbol in symbols and text[cited.end : match.start] in _APPOSED for cited in found):
                continue
            elif _is_citation(text, match) and is_free((match.start, match.end), ((c.start, c.end) for c in found)):
                found.append(_named(text, match, symbols))
        return found


def _tag(doc: Doc, text: str, citation: Citation) -> Tag:
    symbol, note, why = resolve(text, citation)
    return make_tag(doc, TagKind.INSTRUMENT, (citation.start, citation.end), symbol, note, why=why)


def _with_described(text: str, found: list[Citation], context: Context) -> list[Citation]:
    """Add what is told by kind and place, by the grammar of a name, by its treaty or by its year."""
    found = _added(found, find_given(text, found, context))
    found = _added(found, _no_bodies(text, find_titled(text)))
    if context.role != Role.TITLE:
        found = _added(found, find_by_part(text, found, context))
        found = _added(found, find_joined(text, found))
        found = _added(found, _no_bodies(text, find_outside(text, found)))
        found = _added(found, find_own(text, context))
        found = _added(found, find_short(text, found, context))
    found = with_protocols(text, found)
    found = _added(found, find_by_year(text, found, context.memory.treaties))
    return _added(found, find_by_years(text))


def _no_bodies(text: str, citations: Iterable[Citation]) -> Iterator[Citation]:
    """Without the texts after which a body or an event is named ("the Energy Charter Conference")."""
    return (one for one in citations if not citation_pattern("body_behind").match(text, one.end))


def _is_of_institution(text: str, citation: Citation) -> bool:
    """Whether a name is a part of that of a body ("Special Committee on the Charter of …"); numbers and symbols are not."""
    if not citation.is_prose or citation.is_self or re.search(r"\d", text[citation.start : citation.end]):
        return False
    body = citation_pattern("body_before").search(text, max(0, citation.start - _LOOK_BACK), citation.start)
    return bool(body) or bool(citation_pattern("body_behind").match(text, citation.end))


def _added(found: list[Citation], further: Iterable[Citation]) -> list[Citation]:
    """The citations with those of the further ones that overlap none."""
    for citation in further:
        if is_free((citation.start, citation.end), ((other.start, other.end) for other in found)):
            found = [*found, citation]
    return found


def _is_said_of_itself(text: str, citation: Citation, context: Context) -> bool:
    """Whether "this statement" is the document that holds it: in an attachment it is a delegation's own."""
    is_statement = citation.is_self and text[: citation.end].lower().endswith("statement")
    return not is_statement or context.role != Role.ATTACHMENT


def _names() -> Iterator[tuple[str, tuple[str, bool], bool]]:
    """Names, each with its symbol and whether it is only the subject of a title."""
    for instrument in load_catalogue().instruments:
        if instrument.symbol.startswith("S/RES/"):
            continue  # Their names are prose citations.
        for name in instrument.names:
            plain_name = name.removeprefix("the ")
            is_subject = instrument.type == DocumentType.DECISION and name == instrument.title
            for variant in (plain_name, *_variants(plain_name, instrument)):
                if variant in load_yaml("citations")["never"]:
                    continue
                yield variant, (instrument.symbol, is_subject), False
            subject = _KIND_OF_TEXT.sub("", plain_name)
            if subject != plain_name and len(subject.split()) >= _MIN_WORDS:
                yield subject, (instrument.symbol, True), False


def _variants(name: str, instrument: Instrument) -> Iterator[str]:
    head, _, rest = name.partition(" ")
    yield from _shortened(name, instrument)
    if head == "OSCE" and len(rest.split()) >= _MIN_WORDS:
        yield rest
    if rest and instrument.year and head == instrument.place and str(instrument.year) not in name:
        yield f"{head} {instrument.year} {rest}"
    for mark in (": ", ", supplementing ", f", {instrument.year}"):
        main, cut, _ = name.partition(mark)
        if cut and len(main.split()) >= _MIN_WORDS:
            yield main
            yield from _variants(main, instrument)
    for body, short in (("United Nations", "UN"), ("Council of Europe", "CoE")):
        what = name.removeprefix(f"{body} ")
        if what != name and instrument.type == DocumentType.TREATY:
            yield f"{short} {what}"
            if len(what.split()) >= _MIN_WORDS:
                yield what
    declaration, joined, _ = name.partition(" and Resolutions adopted ")
    if joined:
        yield declaration


def _shortened(name: str, instrument: Instrument) -> Iterator[str]:
    """A long title as running text has it: its first word small, without year or "of the CSCE"."""
    head, _, rest = name.partition(" ")
    is_long = len(rest.split()) > _MIN_WORDS
    if is_long and head in load_yaml("citations")["lower_case_heads"]:
        yield f"{head.lower()} {rest}"
    if is_long and head == str(instrument.year):
        yield rest.removeprefix("OSCE ")
    for tail in (" of the CSCE", " of the OSCE"):
        if name.endswith(tail):
            yield name.removesuffix(tail)
            yield from _variants(name.removesuffix(tail), instrument)


def _is_titled(text: str, cited: Citation, match: NameMatch[tuple[str, bool]]) -> bool:
    return cited.end <= match.start and bool(_TITLE_LINK.fullmatch(text, cited.end, match.start))


def _is_citation(text: str, match: NameMatch[tuple[str, bool]]) -> bool:
    """Whether a name is one in this place: no body bears it, and the mere subject of a title must look like a title."""
    if citation_pattern("body_behind").match(text, match.end):
        return False
    if not all(is_subject for _, is_subject in match.values):
        return True
    if citation_pattern("title_before").search(text, max(0, match.start - _LOOK_BACK), match.start):
        return True
    words = text[match.start : match.end].split()
    return len(words) >= _LONG_TITLE_WORDS and sum(word[0].isupper() for word in words) >= _LONG_TITLE_CAPITALS


def _named(text: str, match: NameMatch[tuple[str, bool]], symbols: tuple[str, ...]) -> Citation:
    left = _LEFT_OF_NAME.search(text, max(0, match.start - _LOOK_BACK), match.start)
    start = left.start() if left else match.start
    year = left.group()[:4] if left and left.group()[:4].isdigit() else ""
    after = citation_pattern("year_after").match(text, match.end)
    end = after.end() if after else match.end
    year = after["year"] if after else year
    if year and text[match.start : match.end] in load_yaml("citations")["series"]:
        instrument = load_catalogue().instrument(symbols[0])
        if instrument and str(instrument.year) != year:
            return unresolved(start, end)
    if len(symbols) > 1:
        return unresolved(start, end, symbols)
    return Citation(start, end, symbols[0], year=year)

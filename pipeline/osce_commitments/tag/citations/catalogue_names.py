"""Exact names of the catalogue, with their variants in running text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from osce_commitments.catalogue import Instrument, load_catalogue
from osce_commitments.labels import DocumentType, Why
from osce_commitments.tag.citations.citation import Citation, single_citation
from osce_commitments.tag.citations.citation_rules import citation_rules
from osce_commitments.tag.name_finder import NameMatch
from osce_commitments.tag.tag_input import is_free

Bearer = tuple[str, bool]
"""Symbol of the instrument that bears a name, and whether the name is only the subject of its title."""

RULE = "catalogue"
LOOK_BACK = 260  # characters before a name that can change its meaning
_APPOSED = frozenset({" - ", ": "})  # "Helsinki Document 1992 - The Challenges of Change" is one citation.
_MIN_WORDS = 3
_LONG_TITLE_WORDS = 7
_LONG_TITLE_CAPITALS = 5


def with_names(text: str, cited: Sequence[Citation], names: Sequence[NameMatch[Bearer]]) -> list[Citation]:
    """Add named instruments to the citations; a title after a number belongs to that number.

    Args:
        text: Plain text.
        cited: What it cites by symbol or number.
        names: The names of ``catalogue_names`` in it.
    """
    found = list(cited)
    for match in names:
        symbols = tuple(dict.fromkeys(symbol for symbol, _ in match.values))
        owner = next((index for index, one in enumerate(found) if _is_titled(text, one, match)), None)
        if owner is not None:
            if found[owner].symbol not in symbols:
                found[owner] = replace(found[owner], why=Why.OTHER_TITLE, details=" | ".join(symbols))
        elif any(one.symbol in symbols and text[one.end : match.start] in _APPOSED for one in found):
            continue
        elif _is_citation(text, match) and is_free((match.start, match.end), ((one.start, one.end) for one in found)):
            found.append(_named(text, match, symbols))
    return found


def is_of_body(text: str, end: int) -> bool:
    """Whether the name that ends at an offset is part of the name of a body or an event ("the Energy Charter Conference")."""
    return bool(citation_rules().pattern("body_after_name").match(text, end))


def _is_titled(text: str, cited: Citation, match: NameMatch[Bearer]) -> bool:
    link = citation_rules().pattern("title_link")
    return cited.end <= match.start and bool(link.fullmatch(text, cited.end, match.start))


def _is_citation(text: str, match: NameMatch[Bearer]) -> bool:
    """Whether a name is a citation here: it is not part of a body's name, and a mere subject must look like a title."""
    if is_of_body(text, match.end):
        return False
    if not all(is_subject for _, is_subject in match.values):
        return True
    if citation_rules().pattern("title_before").search(text, max(0, match.start - LOOK_BACK), match.start):
        return True
    words = text[match.start : match.end].split()
    return len(words) >= _LONG_TITLE_WORDS and sum(word[0].isupper() for word in words) >= _LONG_TITLE_CAPITALS


def _named(text: str, match: NameMatch[Bearer], symbols: tuple[str, ...]) -> Citation:
    rules = citation_rules()
    before = rules.pattern("left_of_name").search(text, max(0, match.start - LOOK_BACK), match.start)
    after = rules.pattern("year_after").match(text, match.end)
    span = (before.start() if before else match.start, after.end() if after else match.end)
    year = after["year"] if after else (before["year"] or "") if before else ""
    if year and text[match.start : match.end] in rules.words["series"]:
        instrument = load_catalogue().instrument(symbols[0])
        if instrument and str(instrument.year) != year:
            return single_citation(span, RULE, ())
    return single_citation(span, RULE, symbols, year)


def catalogue_names() -> Iterator[tuple[str, tuple[str, bool], bool]]:
    """Yield each name with its symbol, and whether it is only the subject of a title."""
    for instrument in load_catalogue().instruments:
        if instrument.symbol.startswith("S/RES/"):
            continue  # The grammar of prose citations finds them.
        for name in instrument.names:
            plain_name = name.removeprefix("the ")
            is_subject = instrument.type == DocumentType.DECISION and name == instrument.title
            for variant in (plain_name, *_variants(plain_name, instrument)):
                if variant in citation_rules().words["never"]:
                    continue
                yield variant, (instrument.symbol, is_subject), False
            subject = citation_rules().pattern("kind_before_subject").sub("", plain_name)
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
    """Return a long title in its form in running text: first word in lower case, without year or "of the CSCE"."""
    head, _, rest = name.partition(" ")
    is_long = len(rest.split()) > _MIN_WORDS
    if is_long and head in citation_rules().words["lower_case_heads"]:
        yield f"{head.lower()} {rest}"
    if is_long and head == str(instrument.year):
        yield rest.removeprefix("OSCE ")
    for tail in (" of the CSCE", " of the OSCE"):
        if name.endswith(tail):
            yield name.removesuffix(tail)
            yield from _variants(name.removesuffix(tail), instrument)

"""Texts of the catalogue cited by name, or by kind, place and subject ("the Dublin Declaration on Governance")."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from osce_commitments.catalogue import Instrument, load_catalogue, places
from osce_commitments.labels import DocumentType, Why
from osce_commitments.tag.citations.citation import Citation, citation_rules, single_citation
from osce_commitments.tag.name_finder import NameMatch
from osce_commitments.tag.tag_input import is_free

_STEM = 5  # "Combating" and "combat", "Terrorism" and "terrorist" share these letters.
_LEAST_SHARE = 0.6
_COMMON = frozenset({"Plan", "Programme"})
_BODIES = {"Ministerial": "MC", "Ministerial Council": "MC", "Summit": "Summit"}
Bearer = tuple[str, bool]
"""Symbol of the instrument that bears a name, and whether the name is only the subject of its title."""
RULE = "catalogue"
LOOK_BACK = 260  # characters before a name that can change its meaning
_APPOSED = frozenset({" - ", ": "})  # "Helsinki Document 1992 - The Challenges of Change" is one citation.
_MIN_WORDS = 3
_LONG_TITLE_WORDS = 7
_LONG_TITLE_CAPITALS = 5


@dataclass(frozen=True, slots=True)
class _Cited:
    """The description of an instrument: its kind and place, and year, body and subject if named."""

    kind: str
    place: str
    year: str = ""
    body: str = ""
    subject: str = ""


def find_titled(text: str) -> Iterator[Citation]:
    """Find texts by kind and place, with or without subject; a place alone may refer to several."""
    rules = citation_rules()
    named = [place.start() for place in _places().finditer(text)]
    reached = 0
    for start in named:
        year = rules.pattern("titled.year").search(text, max(0, start - len("2001 ")), start)
        position = year.start() if year else start
        if position < reached:
            continue
        if many := rules.pattern("titled.list").match(text, position):
            reached = many.end()
            yield from _listed(many)
        elif match := rules.pattern("titled.with_place").match(text, position):
            cited = _citation(match.span(), rules["titled.with_place"].id, _description(match))
            if cited.symbol or match["kind"] not in _COMMON:
                reached = match.end()
                yield cited
    for rule in (rules["titled.adopted_in"], rules["titled.of_meeting"]) if named else ():
        for match in rule.finditer(text):
            yield _citation(match.span(), rule.id, _description(match))


@functools.cache
def _places() -> re.Pattern[str]:
    """Return the places alone: Python searches fast for a pattern that begins with letters."""
    return re.compile(places())


def _description(match: re.Match[str]) -> _Cited:
    part = {group: value or "" for group, value in match.groupdict().items()}
    body = "PA" if part.get("assembly") else _BODIES.get(part.get("body", ""), "")
    return _Cited(part["kind"], part["place"], part["year"] or part["year2"], body, part.get("subject", ""))


def _listed(match: re.Match[str]) -> Iterator[Citation]:
    """Each place of a list that shares its noun ("the Helsinki and Budapest Documents")."""
    rules = citation_rules()
    places = list(rules.pattern("titled.place_in_list").finditer(match.string, match.start(), match.start("kind")))
    kind = match["kind"].removesuffix("s").title()
    for place in places:
        end = match.end() if place is places[-1] else place.end()
        yield _citation(
            (place.start(), end), rules["titled.list"].id, _Cited(kind, place["place"], place["year"] or "")
        )


def _citation(span: tuple[int, int], rule: str, cited: _Cited) -> Citation:
    by_name = load_catalogue().by_name(f"{cited.place} {cited.kind}") if not cited.subject else None
    if by_name and (not cited.year or cited.year == str(by_name.year)):
        return Citation(*span, by_name.symbol, rule, year=cited.year)
    return single_citation(span, rule, [instrument.symbol for instrument in _meant(cited)], cited.year)


def _meant(cited: _Cited) -> list[Instrument]:
    """Return the instruments that match the whole description; of several, those with most words of the subject."""
    series = citation_rules().words["series"] if not cited.year else []
    fitting = [
        instrument
        for instrument in _of_place(cited.place)
        if _fits(instrument, cited) and not set(series) & set(instrument.names)
    ]
    stems = _stems(cited.subject)
    if not stems:
        return fitting
    shares = [len(stems & _stems(" ".join(one.names))) / len(stems) for one in fitting]
    best = max(shares, default=0.0)
    return [one for one, share in zip(fitting, shares, strict=True) if share == best >= _LEAST_SHARE]


def _fits(instrument: Instrument, cited: _Cited) -> bool:
    kind = cited.kind.lower()
    is_kind = kind == instrument.type.value or any(kind in name.lower() for name in instrument.names)
    is_year = not cited.year or cited.year == str(instrument.year)
    return is_kind and is_year and cited.body in {"", instrument.body}


@functools.cache
def _of_place(place: str) -> tuple[Instrument, ...]:
    return tuple(
        instrument
        for instrument in load_catalogue().instruments
        if instrument.place == place or any(re.search(rf"\b{place}\b", name) for name in instrument.names)
    )


def _stems(words: str) -> set[str]:
    ignored = citation_rules().words["small_words"]
    return {word[:_STEM] for word in re.findall(r"[a-z]{4,}", words.lower()) if word not in ignored}


def with_names(text: str, cited: Sequence[Citation], names: Sequence[NameMatch[Bearer]]) -> list[Citation]:
    """Add named instruments to the citations; a title after a number belongs to that number.

    Args:
        text: Plain text.
        cited: What it cites by symbol or number.
        names: The names of ``catalogue_names`` in it.
    """
    citations = list(cited)
    for match in names:
        symbols = tuple(dict.fromkeys(symbol for symbol, _ in match.values))
        owner = next((index for index, citation in enumerate(citations) if _is_titled(text, citation, match)), None)
        if owner is not None:
            if citations[owner].symbol not in symbols:
                citations[owner] = replace(citations[owner], why=Why.OTHER_TITLE, details=" | ".join(symbols))
        elif any(one.symbol in symbols and text[one.end : match.start] in _APPOSED for one in citations):
            continue
        elif _is_citation(text, match) and is_free(
            (match.start, match.end), ((one.start, one.end) for one in citations)
        ):
            citations.append(_named(text, match, symbols))
    return citations


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

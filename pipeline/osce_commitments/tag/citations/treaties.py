"""Treaties and acts of other organizations that are not in the catalogue, and protocols by their treaty."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from osce_commitments.catalogue import Instrument, load_catalogue
from osce_commitments.tag.citations.citation import Citation, citation_rules, known_or_unknown, single_citation
from osce_commitments.tag.memory import keep_treaty, treaties
from osce_commitments.tag.tag_input import is_free

_ORDERS = ("Second", "Third")
_SUBJECT_STEM = 6  # "terrorism" and "terrorist" share these letters.
_NEAR = 150  # Characters between a treaty and "its Protocols".
_LONGEST_OPENING = 120  # Characters of a name before its noun ("International Convention").


def find_outside(text: str, cited: Sequence[Citation]) -> Iterator[Citation]:
    """Find acts outside the catalogue by the grammar of their names ("ILO Convention No. 29").

    Args:
        text: Plain text.
        cited: Other citations in the text; a name ends before them.
    """
    for rule in citation_rules().group("outside"):
        noun = rule.part("noun").search(text)
        for match in rule.pattern.finditer(text, max(0, noun.start() - _LONGEST_OPENING)) if noun else ():
            next_start = min(
                (citation.start for citation in cited if citation.start > match.start()), default=len(text)
            )
            name = match if match.end() <= next_start else rule.pattern.match(text, match.start(), next_start)
            if name and not rule.is_excluded(text, name.start()):
                # The name may put its subject first ("the Cybercrime Convention").
                subject, _, kind = name.group().rpartition(" ")
                turned = load_catalogue().by_name(f"{kind} on {subject}") if subject else None
                yield known_or_unknown(name.span(), rule.id, turned.symbol if turned else "", is_prose=True)


def with_protocols(text: str, cited: Sequence[Citation]) -> list[Citation]:
    """Add the protocols that are cited by their treaty ("the 2005 Protocol to the SUA Convention", “thereto”)."""
    citations = list(cited)
    rule = citation_rules()["protocol"]
    for match in rule.finditer(text):
        after = next(
            (citation for citation in citations if match["to"] and 0 <= citation.start - match.end() <= 1), None
        )
        before = [one for one in citations if one.end <= match.start()]
        parent = after or (None if match["to"] else max(before, key=lambda one: one.end, default=None))
        is_named = any(one.start < match.end() and match.start() < one.end for one in citations)
        if is_named:
            continue
        if parent is None or (match["noun"] == "Addendum" and not match["to"] and not _addenda(parent.symbol)):
            year = match["year"] or match["year2"]
            of_year = [
                instrument
                for instrument in _every_addendum()
                if match["noun"] == "Addendum" and str(instrument.year) == year
            ]
            if of_year:
                citations.append(_supplement(match.span(), rule.id, of_year))
            continue
        end = after.end if after else match.end()
        citations = [one for one in citations if one is not after]
        is_addendum = match["noun"] == "Addendum"
        # "Second" and "Third" are in the titles of those protocols only.
        order = next((word for word in _ORDERS if word in match.group()), "")
        protocols = [one for one in _protocols(parent.symbol) if one.title.startswith(order or _ORDERS) == bool(order)]
        supplements = _addenda(parent.symbol) if is_addendum else protocols
        citations.append(_supplement((match.start(), end), rule.id, supplements, match["year"] or match["year2"] or ""))
    return [*citations, *_all_protocols(text, citations)]


def _all_protocols(text: str, cited: Sequence[Citation]) -> Iterator[Citation]:
    """Find the protocols to the treaty before ("its three Protocols"); several share one span."""
    rule = citation_rules()["protocol.plural"]
    for match in rule.finditer(text):
        before = [citation for citation in cited if 0 <= match.start() - citation.end <= _NEAR]
        if before and is_free(match.span(), ((one.start, one.end) for one in cited)):
            parent = max(before, key=lambda one: one.end)
            known = [protocol.symbol for protocol in _protocols(parent.symbol)] or [""] * (parent.symbol in treaties())
            yield from (known_or_unknown(match.span(), rule.id, symbol) for symbol in known)


def find_by_year(text: str, cited: Sequence[Citation], earlier: Mapping[str, str]) -> Iterator[Citation]:
    """Find treaties cited again by kind and year ("the 1988 Convention").

    Args:
        text: Plain text.
        cited: What the text cites.
        earlier: Symbols of treaties that the document cited before, by year and kind.
    """
    rule = citation_rules()["by_year"]
    for match in rule.finditer(text):
        known = dict(earlier)
        for citation in cited:
            if citation.end <= match.start():
                keep_treaty(known, citation.symbol)
        year, kind = match["year"] or match["year2"], match["kind"] or match["kind2"]
        before = known.get(f"{year} {kind}", "")
        of_year = [treaty.symbol for treaty in treaties().values() if kind != "Protocol" and _is_of(treaty, year, kind)]
        meant = [before] if before else of_year  # Every treaty has protocols: the year alone does not identify one.
        yield single_citation(match.span(), rule.id, meant)


def find_by_years(text: str) -> Iterator[Citation]:
    """Find treaties cited by subject and several years ("the drug conventions of 1961, 1971 and 1988")."""
    rule = citation_rules()["by_years"]
    for match in rule.finditer(text):
        kind = "Treaty" if match["kind"].lower().startswith("treat") else match["kind"].capitalize()
        for year in re.finditer(r"\d{4}", match["years"]):
            is_first = year.start() == 0
            start, end = (match.start("years") + position for position in year.span())
            meant = [treaty for treaty in treaties().values() if _is_of(treaty, year.group(), kind)]
            if fitting := [instrument.symbol for instrument in meant if _is_about(instrument, match["subject"])]:
                yield single_citation((match.start() if is_first else start, end), rule.id, fitting)


def find_supplements(text: str, cited: Sequence[Citation]) -> Iterator[Citation]:
    """Find protocols to a text with a demonstrative ("the Second Additional Protocol to the latter Convention")."""
    rule = citation_rules()["protocol.of_antecedent"]
    for citation in cited:
        if match := rule.search(text[: citation.start]):
            supplements = () if match["order"] in {"Second", "Third", "Fourth"} else _protocols(citation.symbol)
            yield _supplement(match.span(), rule.id, supplements)


def find_joined(text: str, cited: Sequence[Citation]) -> Iterator[Citation]:
    """Find treaties that share a noun ("the Protocols on trafficking and the smuggling of migrants"), addenda by year."""
    rules = citation_rules()
    for head in rules["joined"].finditer(text):
        subjects, position = [], head.end()
        while subject := rules.pattern("joined.subject").match(text, position):
            subjects.append(subject)
            position = subject.end()
        meant = [_of_subject(head["kind"], head["lead"], subject["words"]) for subject in subjects]
        count = next((index for index, treaty in enumerate(meant) if not treaty), len(meant))
        if count > 1:
            for subject, treaty in zip(subjects[:count], meant[:count], strict=True):
                start = head.start() if subject is subjects[0] else subject.start("words")
                yield Citation(start, subject.end(), treaty, rules["joined"].id, is_prose=False)
    for match in rules["joined.years"].finditer(text):
        before = [citation for citation in cited if citation.end <= match.start() and citation.symbol]
        parent = max(before, key=lambda one: one.end).symbol if before else ""
        supplements = (_addenda if match["kind"] == "Addenda" else _protocols)(parent)
        years = list(re.finditer(r"\d{4}", match["years"]))
        for year in years:
            start, end = (match.start("years") + at for at in year.span())
            start, end = match.start() if year is years[0] else start, match.end() if year is years[-1] else end
            yield _supplement((start, end), rules["joined.years"].id, supplements, year.group())


def _of_subject(kind: str, lead: str, words: str) -> str:
    """Return the only treaty of a kind whose title contains the opening words and most of the subject."""
    stems = {word[:_SUBJECT_STEM] for word in re.findall(r"[a-z]{4,}", words.lower())}
    fitting = []
    for treaty in treaties().values():
        described = treaty.title.lower()
        is_kind = re.findall(r"Convention|Protocol|Treaty", treaty.title)[:1] == [kind.replace("Treatie", "Treaty")]
        if is_kind and lead.strip().lower() in described and stems and all(stem in described for stem in stems):
            fitting.append(treaty)
    if kind == "Convention":
        named = load_catalogue().by_name(f"{lead}Convention on {words}")
        return named.symbol if named else fitting[0].symbol if len(fitting) == 1 else ""
    return fitting[0].symbol if len(fitting) == 1 else ""


def _is_about(treaty: Instrument, subject: str) -> bool:
    """Whether a word of a subject occurs in a treaty's title, names or areas."""
    described = " ".join((treaty.title, *treaty.names, *treaty.threat_areas)).lower()
    ignored = ("international", "united", "nations", "three", "relevant")
    words = [word for word in re.findall(r"[a-z]{4,}", subject.lower()) if word not in ignored]
    return any(re.search(rf"(?:\b|_){word[:_SUBJECT_STEM]}", described) for word in words)


def _is_of(treaty: Instrument, year: str, kind: str) -> bool:
    """Whether a treaty is of a year, and of a kind by the first noun of its title ("Protocol … to the Convention …")."""
    nouns = re.findall(r"\b(?:Convention|Protocol|Treaty)\b", treaty.title)
    return str(treaty.year) == year and nouns[:1] == [kind]


def _supplement(span: tuple[int, int], rule: str, supplements: Sequence[Instrument], year: str = "") -> Citation:
    return single_citation(
        span, rule, [supplement.symbol for supplement in supplements if not year or year == str(supplement.year)], year
    )


@functools.cache
def _protocols(symbol: str) -> tuple[Instrument, ...]:
    """Return treaties whose title contains that of another."""
    parent = treaties().get(symbol)
    if parent is None:
        return ()
    return tuple(treaty for treaty in treaties().values() if treaty is not parent and parent.title in treaty.title)


@functools.cache
def _every_addendum() -> tuple[Instrument, ...]:
    return tuple(
        instrument for instrument in load_catalogue().instruments if instrument.title.startswith("Addendum to")
    )


def _addenda(symbol: str) -> tuple[Instrument, ...]:
    """Return addenda whose title contains that of another text."""
    parent = load_catalogue().instrument(symbol)
    return tuple(instrument for instrument in _every_addendum() if parent and parent.title in instrument.title)

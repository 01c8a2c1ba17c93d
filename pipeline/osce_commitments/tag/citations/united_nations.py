"""Numbered acts of the organs of the United Nations: a head, the numbers that share it, and the organ that adopted them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from osce_commitments.catalogue import organ_named, organ_of_symbol
from osce_commitments.catalogue.organs import UNITED_NATIONS
from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.labels import Why
from osce_commitments.tag.citations.citation import Citation
from osce_commitments.tag.citations.citation_rules import citation_rules

ASSEMBLY, SECURITY_COUNCIL, ECONOMIC = "General Assembly", "Security Council", "Economic and Social Council"
HUMAN_RIGHTS = "Human Rights Council"
_LOWEST_SESSION = 31  # Earlier sessions number their acts in another way ("3263 (XXIX)").
_FIRST_DECISION = 401  # The Assembly numbers its decisions from here in each session.


class _Head(NamedTuple):
    """What the numbers of a list share.

    Attributes:
        kind: ``resolution`` or ``decision``.
        organ: Organ that the head names; empty if none.
        is_many: Whether it is plural, so that titles may separate its numbers.
        is_of_un: Whether the document comes from the United Nations.
        home: Organ that adopted the document; empty if unknown.
    """

    kind: str
    organ: str
    is_many: bool
    is_of_un: bool
    home: str


def find_acts(text: str, body: str, symbol: str) -> Iterator[Citation]:
    """Resolutions and decisions by number ("its resolutions 46/182 of … and 3263 (XXIX)").

    Args:
        text: Plain text.
        body: Code of the body of the document, else empty.
        symbol: Symbol of the document, else empty: a bare number belongs to its organ if the sentence names none.
    """
    rule = citation_rules()["un.act"]
    heads = list(rule.finditer(text))
    for index, head in enumerate(heads):
        end = heads[index + 1].start() if index + 1 < len(heads) else len(text)
        items = list(_items(text, head, end))
        if items:
            yield from _citations(text, head, items, (body, symbol))


def _items(text: str, head: re.Match[str], end: int) -> Iterator[re.Match[str]]:
    """Yield the numbers after a head; after a plural head, words may separate them up to the end of the sentence."""
    rules = citation_rules()
    item = rules.pattern("un.number").match(text, head.end(), end)
    if item is None and not _is_many(head):
        return
    at = item.end() if item else head.end()
    stop = rules.pattern("un.sentence_end").search(text, at, end)
    end = stop.start() + 1 if stop else end
    while item or (item := _later(text, at, end)):
        yield item
        at, item = item.end(), None
        separator = rules.pattern("separator").match(text, at, end)
        if separator:
            item = rules.pattern("un.number").match(text, separator.end(), end)
        if item is None and not _is_many(head):
            return


def _later(text: str, position: int, end: int) -> re.Match[str] | None:
    """Return the next number of a list whose members have titles, or that begins after other words ("in particular")."""
    link = citation_rules().pattern("un.before_number")
    for item in citation_rules().pattern("un.number").finditer(text, position, end):
        if not item["code"] and link.search(text, max(0, item.start() - 20), item.start()):
            return item
    return None


def _citations(
    text: str, match: re.Match[str], items: list[re.Match[str]], document: tuple[str, str]
) -> Iterator[Citation]:
    rules = citation_rules()
    body, symbol = document
    after = rules.pattern("un.organ_after").match(text, items[-1].end())
    organ = match["organ"] or (after["organ"] if after else "")
    organ = organ if match["kind"] else SECURITY_COUNCIL
    home = _organ_of_symbol(symbol)
    kind = "decision" if (match["kind"] or "").lower().startswith("dec") else "resolution"
    head = _Head(kind, organ, _is_many(match), body == "UN" or bool(home), home)
    sentence = text[sentence_start(text, match.start()) : match.start()]
    named = [match["organ"] for match in rules.pattern("un.organ").finditer(sentence)]
    start = match.start()
    is_whole = rules.pattern("un.number").match(text, match.end()) is not None
    for item in items:
        meant = _organs(head, item, named)
        acts = (_symbol(head, one, item, is_dated=is_dated) for is_dated in (True, False) for one in meant)
        made = next((act for act in acts if act is not None), None)
        if made is None and kind == "resolution" and item["session"]:
            made = ""  # A number of some conference that the sentence does not name.
        if made is not None:
            span = (start if item is items[0] and is_whole else item.start(), item.end())
            why = None if made else Why.NOT_IN_CATALOGUE
            yield Citation(*span, made, "citations.un.act", year=item["year"] or item["of"] or "", why=why)


def _organs(head: _Head, item: re.Match[str], named: list[str]) -> list[str]:
    """Return the organs that may have adopted an act, the likeliest first; an unknown organ has no series."""
    if head.organ:
        full = head.organ.removeprefix("UN ").removeprefix("United Nations ")
        if full not in citation_rules().words["short_organs"]:
            return [_known(head.organ)]
        of_noun = [one for one in (*named[::-1], head.home) if one.endswith(full)]
        default = {
            "Assembly": ASSEMBLY,
            "Council": SECURITY_COUNCIL if item["council"] or item["slashed"] else ECONOMIC,
        }.get(full, full)
        return [_known(one) for one in of_noun] or [default]
    return [*map(_known, named[::-1]), *([head.home] if head.home else []), ASSEMBLY]


def _symbol(head: _Head, organ: str, item: re.Match[str], *, is_dated: bool) -> str | None:
    """Return the symbol of an act, empty for an organ without a series, None if the organ cannot have adopted it.

    Args:
        head: What the numbers of its list share.
        organ: The organ that is meant.
        item: Its number.
        is_dated: Whether its session must also fit its date.
    """
    if item["council"] or item["slashed"] or item["bare"]:
        number, year = item["council"] or item["slashed"] or item["bare"], item["year"] or item["of"]
        is_sure = organ == SECURITY_COUNCIL if head.organ else bool(year) and len(number) > 2  # noqa: PLR2004
        return f"S/RES/{number}" + (f" ({year})" if year else "") if is_sure and head.kind == "resolution" else None
    if item["early"]:
        letter = f" {item['letter']}" if item["letter"] else ""
        return f"{'E' if head.organ and organ == ECONOMIC else 'A'}/RES/{item['early']}{letter}({item['roman']})"
    if item["annual"]:
        if head.organ and organ != ECONOMIC:
            return ""
        if head.kind == "decision" and not head.is_of_un and not head.organ:
            return None
        kind = "RES" if head.kind == "resolution" else "DEC"
        return f"E/{kind}/{item['annual']}/{item['of_year']}"
    known = organ_named(organ)
    if item["code"] or known is None or not known.series:
        is_other = organ != SECURITY_COUNCIL and not is_dated and not item["code"]
        return "" if head.organ or is_other or (item["code"] and head.is_of_un) else None
    if not _is_plausible(head, organ, item, is_dated=is_dated):
        return None
    letters = re.sub(", | and | to ", "-", f" {item['letters']}") if item["letters"] else ""
    return known.act(head.kind, item["session"], f"{item['act']}{letters}")


def _is_plausible(head: _Head, organ: str, item: re.Match[str], *, is_dated: bool) -> bool:
    """Whether the number of a session fits an organ: sessions follow the years."""
    session, act = item["session"], int(item["act"])
    if head.kind == "decision" and organ == ASSEMBLY and act < _FIRST_DECISION and not (head.is_of_un or head.organ):
        return False
    if not session.isdigit():
        return organ in {ASSEMBLY, HUMAN_RIGHTS}
    if organ == ECONOMIC:
        return False  # Its acts have the year in their symbols.
    if head.organ:
        return True
    dated = citation_rules().pattern("un.year_after").match(item.string, item.end()) if is_dated else None
    bounds = _sessions(organ, int(dated["year"]) if dated else None)
    return int(session) in bounds


def _sessions(organ: str, year: int | None) -> range:
    """Return the sessions of an organ in a year, or all; the other organs with sessions are young."""
    if organ == ASSEMBLY:
        return range(year - 1946, year - 1943) if year else range(_LOWEST_SESSION, 1000)
    if organ == HUMAN_RIGHTS:
        return range(3 * (year - 2006) - 1, 3 * (year - 2006) + 6) if year else range(1, 70)
    return range(1, _LOWEST_SESSION)


def _is_many(head: re.Match[str]) -> bool:
    """Whether a head is plural."""
    return bool(head["many"] or head["many2"])


def _known(name: str) -> str:
    """Return the name of an organ in the table of organs; an unknown one as printed."""
    known = organ_named(name)
    return known.name if known else name


def _organ_of_symbol(symbol: str) -> str:
    """The organ of the United Nations in whose series the document stands; its committees prepare acts of the Assembly."""
    organ = organ_of_symbol(symbol) if symbol else None
    if organ is None or organ.organization != UNITED_NATIONS:
        return ""
    return organ.act_of or organ.name

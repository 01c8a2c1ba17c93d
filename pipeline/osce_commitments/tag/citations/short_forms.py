"""Texts cited again by less than their name: "the Charter", a name that the document gave, "resolution 9344"."""

from __future__ import annotations

import functools
import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import TagKind, Why
from osce_commitments.resources import load_yaml
from osce_commitments.schema import Tag
from osce_commitments.tag.citations.citation_patterns import citation_pattern
from osce_commitments.tag.citations.numbered import Citation
from osce_commitments.tag.memory import ShortForms
from osce_commitments.texts.dates import find_dates

if TYPE_CHECKING:
    from osce_commitments.tag.component import Context

_RESOLUTIONS = "resolutions "
_SELF = re.compile(r"(?:[Tt]his|(?:[Tt]he )?[Pp]resent) ")
_NUMBER = re.compile(r"S/RES/(\d+) \(\d{4}\)")


def find_short(text: str, cited: Sequence[Citation], context: Context) -> Iterator[Citation]:
    """Texts that are meant by their kind: by what the text cites before an offset, else by what the document cited."""
    ordered = sorted(cited, key=lambda one: one.end)
    for found in citation_pattern("short").finditer(text):
        known = _cited(text, [one for one in ordered if one.end <= found.start()])
        yield from _meant(found, ChainMap(known.kinds, context.memory.short.kinds), context)


def find_own(text: str, context: Context) -> Iterator[Citation]:
    """Texts by which a body is known to mean one of its own ("the Code of Conduct" in the Forum)."""
    for row in load_yaml("citations")["own_short"]:
        if (
            context.body in row["bodies"]
            and row["name"] in text
            and context.memory.short.kinds.get(row["name"], "") is not None
        ):
            for found in re.finditer(rf"(?<=\b[Tt]he ){row['name']}\b(?!-\w| (?:of|on|for|against|to) | [A-Z])", text):
                if not citation_pattern("adopting").search(text, 0, found.start()):
                    yield Citation(found.start(), found.end(), row["symbol"], is_prose=False)


def find_given(text: str, cited: Sequence[Citation], context: Context) -> Iterator[Citation]:
    """Texts that are meant by a name that the document gave them ("hereinafter the Guide")."""
    known = {**context.memory.short.names, **_cited(text, cited).names}
    for found in _names(tuple(sorted(known))).finditer(text) if known else ():
        yield from _meant(found, known, context, is_given=True)


def _meant(
    found: re.Match[str], known: Mapping[str, str | None], context: Context, *, is_given: bool = False
) -> Iterator[Citation]:
    """The text that is meant, unless the words only give the name."""
    meant = known.get(found["kind"])
    before = (found.string, 0, found.start())
    is_naming = bool(citation_pattern("naming").search(*before))
    is_other = is_naming or (not is_given and bool(citation_pattern("adopting").search(*before)))
    if meant is not None and not is_other and (is_given or not meant or meant != context.symbol):
        why = None if meant else Why.NOT_IN_CATALOGUE
        yield Citation(found.start(), found.end(), meant, why=why, is_prose=False)


def find_numbered(text: str, earlier: Mapping[str, str]) -> Iterator[Citation]:
    """Resolutions by the number alone that the document gave in full before ("resolution 9344")."""
    for found in citation_pattern("by_number").finditer(text):
        for number in re.finditer(r"\d+", found.group()):
            symbol = earlier.get(number.group())
            start = found.start() + (number.start() if number.start() > len(_RESOLUTIONS) else 0)
            if symbol:
                yield Citation(start, found.start() + number.end(), symbol, is_prose=False)


def find_dated(text: str, cited: Sequence[Citation], body: str) -> Iterator[Citation]:
    """A body's own texts by their day ("its decision of 8 February 2018"), perhaps with the symbol in brackets."""
    for found in citation_pattern("own_dated").finditer(text):
        symbol = next((one.symbol for one in cited if one.start == found.end() + len(" (")), "")
        of_day = [
            one for one in load_catalogue().instruments if body and (one.body, str(one.date)) == (body, _day(found))
        ]
        symbol = symbol or (of_day[0].symbol if len(of_day) == 1 else "")
        yield Citation(found.start(), found.end(), symbol, why=None if symbol else Why.NOT_IDENTIFIED, is_prose=False)


def keep_short(known: ShortForms, text: str, span: tuple[int, int], symbol: str, why: Why | None) -> None:
    """Remember a citation by the kind of text that it names and by the name that the document gives it.

    Args:
        known: Is filled.
        text: The text that cites.
        span: The citation in it.
        symbol: Its symbol.
        why: What is unknown of it.
    """
    if number := _NUMBER.fullmatch(symbol):
        known.resolutions[number[1]] = symbol
    words = text[slice(*span)]
    if not symbol and why != Why.NOT_IN_CATALOGUE:
        if _SELF.match(words) and (kind := _kind(words, symbol)):
            known.kinds[kind] = None
        return
    kind = _kind(words, symbol)
    for short in (kind, *load_yaml("citations")["still_shorter"].get(kind, ())) if kind else ():
        before = known.kinds.get(short, symbol)
        is_other = before != symbol and not (before is None and _SELF.match(words))
        known.kinds[short] = None if is_other else symbol
    if given := citation_pattern("given_name").match(text, span[1]):
        known.names[given["name"] or given["quoted"]] = symbol


def keep_cited(known: ShortForms, text: str, tags: Sequence[Tag]) -> None:
    """Remember what a text cites; where it adopts or drafts a text, that kind means none of those any more."""
    for tag in tags:
        if tag.kind == TagKind.INSTRUMENT:
            keep_short(known, text, (tag.start, tag.end), tag.ref, tag.why)
    for found in citation_pattern("not_cited").finditer(text):
        kind = (found["kind"] or found["draft"]).title().replace(" Of ", " of ")
        known.kinds.update(dict.fromkeys((kind, *load_yaml("citations")["still_shorter"].get(kind, ()))))


def keep_title(known: ShortForms, text: str) -> None:
    """A document that bears a kind of text in its own title can mean itself by it."""
    if found := citation_pattern("own_title").match(text):
        known.kinds[found["kind"].title().replace(" Of ", " of ")] = None


def _cited(text: str, cited: Sequence[Citation]) -> ShortForms:
    known = ShortForms()
    for one in cited:
        keep_short(known, text, (one.start, one.end), one.symbol, one.why)
    return known


def _day(found: re.Match[str]) -> str:
    return find_dates(found.group())[-1].iso


def _kind(words: str, symbol: str) -> str:
    """The kind of text that a citation names; of a bare symbol, that of its title."""
    if _SELF.match(words):
        found = citation_pattern("own_kind").search(words)
    else:
        instrument = None if re.search("[a-z]{3}", words) else load_catalogue().instrument(symbol)
        found = citation_pattern("kind").search(instrument.title if instrument else words)
    return found.group() if found else ""


@functools.lru_cache(maxsize=256)
def _names(given: tuple[str, ...]) -> re.Pattern[str]:
    """Pattern of the names that a document gave, each behind "the"."""
    return re.compile(rf"(?<=\b[Tt]he )(?P<kind>{'|'.join(map(re.escape, given))})\b(?!-\w| [A-Z])")

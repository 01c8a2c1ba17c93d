"""Texts cited again by less than their name: "the Charter", a name that the document gave, "resolution 9344"."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.schema import Tag
from osce_commitments.tag.citations.citation_patterns import citation_pattern
from osce_commitments.tag.citations.numbered import Citation
from osce_commitments.texts.dates import find_dates

if TYPE_CHECKING:
    from osce_commitments.tag.component import Context

Short = dict[str, str | None]
"""Symbols by short name: empty for a text that the catalogue lacks, None where several can be meant."""

_UNKNOWN = "not in the catalogue"
_GIVEN = "="
_RESOLUTION = "resolution "
_RESOLUTIONS = "resolutions "
_SELF = re.compile(r"(?:[Tt]his|(?:[Tt]he )?[Pp]resent) ")
_NUMBER = re.compile(r"S/RES/(\d+) \(\d{4}\)")


def find_short(text: str, cited: Sequence[Citation], context: Context) -> Iterator[Citation]:
    """Texts that are meant by their kind: by what the text cites before an offset, else by what the document cited."""
    ordered = sorted(cited, key=lambda one: one.end)
    for found in citation_pattern("short").finditer(text):
        known = _cited(text, [one for one in ordered if one.end <= found.start()])
        yield from _meant(found, known, context)


def find_own(text: str, context: Context) -> Iterator[Citation]:
    """Texts by which a body is known to mean one of its own ("the Code of Conduct" in the Forum)."""
    for row in load_yaml("citations")["own_short"]:
        if (
            context.body in row["bodies"]
            and row["name"] in text
            and context.memory.short.get(row["name"], "") is not None
        ):
            for found in re.finditer(rf"(?<=\b[Tt]he ){row['name']}\b(?!-\w| (?:of|on|for|against|to) | [A-Z])", text):
                if not citation_pattern("adopting").search(text, 0, found.start()):
                    yield Citation(found.start(), found.end(), row["symbol"], is_prose=False)


def find_given(text: str, cited: Sequence[Citation], context: Context) -> Iterator[Citation]:
    """Texts that are meant by a name that the document gave them ("hereinafter the Guide")."""
    known = {**context.memory.short, **_cited(text, cited)}
    given = tuple(sorted(name.removeprefix(_GIVEN) for name in known if name.startswith(_GIVEN)))
    for found in _names(given).finditer(text) if given else ():
        yield from _meant(found, known, context, _GIVEN)


def _meant(found: re.Match[str], known: Short, context: Context, mark: str = "") -> Iterator[Citation]:
    """The text that is meant, unless the words only give the name."""
    name = mark + found["kind"]
    meant = known.get(name) if name in known else context.memory.short.get(name)
    before = (found.string, 0, found.start())
    is_other = citation_pattern("naming").search(*before) or (not mark and citation_pattern("adopting").search(*before))
    if meant is not None and not is_other and (mark or not meant or meant != context.symbol):
        yield Citation(found.start(), found.end(), meant, note="" if meant else _UNKNOWN, is_prose=False)


def find_numbered(text: str, earlier: Short) -> Iterator[Citation]:
    """Resolutions by the number alone that the document gave in full before ("resolution 9344")."""
    for found in citation_pattern("by_number").finditer(text):
        for number in re.finditer(r"\d+", found.group()):
            symbol = earlier.get(f"{_RESOLUTION}{number.group()}")
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
        yield Citation(found.start(), found.end(), symbol, note="" if symbol else "not identified", is_prose=False)


def keep_short(known: Short, text: str, span: tuple[int, int], symbol: str, note: str) -> None:
    """Remember a citation by the kind of text that it names and by the name that the document gives it.

    Args:
        known: Symbols by short name: empty for a text that the catalogue lacks, None where several can be meant.
        text: The text that cites.
        span: The citation in it.
        symbol: Its symbol.
        note: What is unknown of it.
    """
    if number := _NUMBER.fullmatch(symbol):
        known[f"{_RESOLUTION}{number[1]}"] = symbol
    words = text[slice(*span)]
    if not symbol and _UNKNOWN not in note:
        if _SELF.match(words) and (kind := _kind(words, symbol)):
            known[kind] = None
        return
    kind = _kind(words, symbol)
    for short in (kind, *load_yaml("citations")["still_shorter"].get(kind, ())) if kind else ():
        is_other = known.get(short, symbol) != symbol and not (known[short] is None and _SELF.match(words))
        known[short] = None if is_other else symbol
    if given := citation_pattern("given_name").match(text, span[1]):
        known[_GIVEN + (given["name"] or given["quoted"])] = symbol


def keep_cited(known: Short, text: str, tags: Sequence[Tag]) -> None:
    """Remember what a text cites; where it adopts or drafts a text, that kind means none of those any more."""
    for tag in tags:
        if tag.kind == TagKind.INSTRUMENT:
            keep_short(known, text, (tag.start, tag.end), tag.ref, tag.note)
    for found in citation_pattern("not_cited").finditer(text):
        kind = (found["kind"] or found["draft"]).title().replace(" Of ", " of ")
        known.update(dict.fromkeys((kind, *load_yaml("citations")["still_shorter"].get(kind, ()))))


def keep_title(known: Short, text: str) -> None:
    """A document that bears a kind of text in its own title can mean itself by it."""
    if found := citation_pattern("own_title").match(text):
        known[found["kind"].title().replace(" Of ", " of ")] = None


def _cited(text: str, cited: Sequence[Citation]) -> Short:
    known: Short = {}
    for one in cited:
        keep_short(known, text, (one.start, one.end), one.symbol, one.note)
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

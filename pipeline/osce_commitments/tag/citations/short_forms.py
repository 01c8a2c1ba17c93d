"""Texts cited again by a short form: "the Charter", a name that the document gave, "resolution 9344"."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import TagKind, Why
from osce_commitments.schema import Tag
from osce_commitments.tag.citations.citation import Citation, citation_rules, known_or_unknown
from osce_commitments.tag.memory import ShortForms
from osce_commitments.tag.tag_input import Context
from osce_commitments.texts.dates import find_dates

_TREATIES = frozenset({"Convention", "Treaty", "Covenant", "Protocol"})
_MUCH = 3  # A treaty that three times as many provisions cite is what a document is about.
_OF_OTHERS = _TREATIES | {"Agreement", "Declaration"}
_RESOLUTIONS = "resolutions "
_THE = re.compile(r"\b[Tt]he (?=[A-Z])")
_WORD = re.compile(r"[\w-]+")
_AFTER_NAME = re.compile(r"(?!-\w| (?:(?:of|on|for|to) (?:the )?)?[A-Z])")
_LONGEST_NAME = 12  # words
_NUMBER = re.compile(r"S/RES/(\d+) \(\d{4}\)")


def find_short(text: str, cited: Sequence[Citation], context: Context) -> Iterator[Citation]:
    """Resolve a bare kind ("the Charter"): by the citations before it in the provision, else by those of the document."""
    ordered = sorted(cited, key=lambda citation: citation.end)
    rule = citation_rules()["short_form"]
    for match in rule.finditer(text):
        known = _cited(text, [one for one in ordered if one.end <= match.start()])
        symbol = _text_of_kind(match["kind"], known, context.memory.short)
        if symbol is not None and (not symbol or symbol != context.symbol):
            yield known_or_unknown(match.span(), rule.id, symbol)
            continue
        # One of several cited texts, though nobody can know which, and not the document itself.
        is_several = match["kind"] in known.several or match["kind"] in context.memory.short.several
        is_own = match["kind"].lower() in context.title.lower()
        if symbol is None and is_several and match["kind"] in _OF_OTHERS and not is_own:
            yield Citation(*match.span(), "", rule.id, why=Why.NOT_IDENTIFIED)


def _text_of_kind(kind: str, here: ShortForms, earlier: ShortForms) -> str | None:
    """Return the text of a kind: cited here, in the document's title, or before; of several treaties the last one here."""
    if here.kinds.get(kind) is not None:
        return here.kinds[kind]
    if kind in earlier.titled:
        return earlier.titled[kind]
    if kind in _TREATIES and kind in here.several:
        return here.several[kind]
    if kind in here.kinds:
        return None
    recent = _most_cited(kind, earlier) if kind in _TREATIES and kind in earlier.several else None
    return recent if recent is not None else earlier.kinds.get(kind)


def _most_cited(kind: str, earlier: ShortForms) -> str | None:
    """Return the treaty of a kind that was cited last, or one that was cited alone much more often."""
    recent = earlier.recent.get(kind)
    if recent is None:
        return None
    of_kind = [symbol for symbol in earlier.times if _kind("", symbol) == kind]
    most = max(of_kind, key=earlier.times.__getitem__, default=recent)
    return most if earlier.times.get(most, 0) >= _MUCH * earlier.times.get(recent, 1) else recent


def find_own(text: str, context: Context) -> Iterator[Citation]:
    """Find short names that a body always uses for a text of its own ("the Code of Conduct" in the Forum)."""
    for rule in citation_rules().group("own_short"):
        name = rule.gives["name"]
        is_open = context.body in rule.gives["bodies"] and context.memory.short.kinds.get(name, "") is not None
        for match in rule.finditer(text) if is_open and name in text else ():
            yield Citation(*match.span(), rule.gives["symbol"], rule.id, is_prose=False)


def find_given(text: str, cited: Sequence[Citation], context: Context) -> Iterator[Citation]:
    """Find texts by a name that the document gave them ("hereinafter the Guide")."""
    earlier, here = context.memory.short.names, _cited(text, cited).names
    rules, reached = citation_rules(), 0
    for the in _THE.finditer(text) if earlier or here else ():
        start = the.end()
        ends = [word.end() for word in islice(_WORD.finditer(text, start), _LONGEST_NAME)] if start >= reached else []
        named = (end for end in ends if text[start:end] in here or text[start:end] in earlier)
        end = next((end for end in named if _AFTER_NAME.match(text, end)), 0)
        if not end:
            continue
        reached, name = end, text[start:end]
        symbol = here[name] if name in here else earlier[name]
        if symbol is not None and not rules.pattern("short_form.naming").search(text, 0, start):
            yield known_or_unknown((start, end), rules["short_form.given_name"].id, symbol)


def find_numbered(text: str, earlier: Mapping[str, str]) -> Iterator[Citation]:
    """Find resolutions by number alone if the document has cited them in full ("resolution 9344")."""
    rule = citation_rules()["by_number"]
    for match in rule.finditer(text):
        for number in re.finditer(r"\d+", match.group()):
            symbol = earlier.get(number.group())
            start = match.start() + (number.start() if number.start() > len(_RESOLUTIONS) else 0)
            if symbol:
                yield Citation(start, match.start() + number.end(), symbol, rule.id, is_prose=False)


def find_dated(text: str, cited: Sequence[Citation], body: str) -> Iterator[Citation]:
    """Find a body's own texts by their day ("its decision of 8 February 2018"), perhaps with the symbol in brackets."""
    rule = citation_rules()["own_dated"]
    for match in rule.finditer(text):
        symbol = next((citation.symbol for citation in cited if citation.start == match.end() + len(" (")), "")
        of_day = _by_day().get((body, find_dates(match.group())[-1].iso), ()) if body else ()
        symbol = symbol or (of_day[0] if len(of_day) == 1 else "")
        yield Citation(*match.span(), symbol, rule.id, why=None if symbol else Why.NOT_IDENTIFIED, is_prose=False)


@functools.cache
def _by_day() -> Mapping[tuple[str, str], Sequence[str]]:
    """Return the symbols of the catalogue by body and day."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for instrument in load_catalogue().instruments:
        found[instrument.body, str(instrument.date)].append(instrument.symbol)
    return found


def keep_short(known: ShortForms, text: str, span: tuple[int, int], symbol: str, why: Why | None) -> None:
    """Remember a citation by its kind of text and by the name that the document gives it.

    Args:
        known: The short forms so far; filled here.
        text: The text that cites.
        span: The citation in it.
        symbol: Its symbol.
        why: What is unknown about it.
    """
    if number := _NUMBER.fullmatch(symbol):
        known.resolutions[number[1]] = symbol
    words = text[slice(*span)]
    is_self = bool(citation_rules().pattern("self_reference.opening").match(words))
    if not symbol and why != Why.NOT_IN_CATALOGUE:
        if is_self and (kind := _kind(words, symbol)):
            known.kinds[kind] = None
        return
    kind = _kind(words, symbol)
    for short in _shortened(kind) if kind else ():
        before = known.kinds.get(short, symbol)
        is_other = before != symbol and not (before is None and is_self)
        known.kinds[short] = None if is_other else symbol
        if is_other and (before is not None or short in known.several):
            known.several[short] = symbol
    if match := citation_rules().pattern("short_form.given_name").match(text, span[1]):
        known.names[match["name"] or match["quoted"] or match["bare"]] = symbol


def keep_cited(known: ShortForms, text: str, tags: Sequence[Tag]) -> None:
    """Remember what a text cites; if it adopts or drafts a text, its kind no longer refers to earlier ones."""
    cited = [tag for tag in tags if tag.kind == TagKind.INSTRUMENT]
    for tag in cited:
        keep_short(known, text, (tag.start, tag.end), tag.ref, tag.why)
    here: dict[str, set[str]] = {}
    for tag in cited:
        if tag.ref and tag.text not in _TREATIES:
            here.setdefault(_kind(text[tag.start : tag.end], tag.ref), set()).add(tag.ref)
    if here:
        alone = {kind: symbols.pop() for kind, symbols in here.items() if len(symbols) == 1}
        known.recent = {kind: symbol for kind, symbol in known.recent.items() if kind not in here} | alone
        known.times |= {symbol: known.times.get(symbol, 0) + 1 for symbol in alone.values()}
    for match in citation_rules()["not_cited"].finditer(text):
        kind = (match["kind"] or match["draft"]).title().replace(" Of ", " of ")
        known.kinds.update(dict.fromkeys(_shortened(kind)))
        known.several.pop(kind, None)


def keep_title(known: ShortForms, text: str, tags: Sequence[Tag]) -> None:
    """Remember what the title cites; a kind of text in the title can refer to the document itself."""
    cited = [tag for tag in tags if tag.kind == TagKind.INSTRUMENT and tag.ref]
    kinds = {
        short: tag.ref for tag in cited for short in _shortened(_kind(text[tag.start : tag.end], tag.ref)) if short
    }
    known.titled |= kinds if len(set(kinds.values())) == 1 else {}
    if match := citation_rules().pattern("own_title").match(text):
        known.kinds[match["kind"].title().replace(" Of ", " of ")] = None


def _cited(text: str, cited: Sequence[Citation]) -> ShortForms:
    known = ShortForms()
    for citation in cited:
        keep_short(known, text, (citation.start, citation.end), citation.symbol, citation.why)
    return known


def _kind(words: str, symbol: str) -> str:
    """Return the kind of text in a citation; for a bare symbol, that of its title."""
    instrument = None if re.search("[a-z]{3}", words) else load_catalogue().instrument(symbol)
    match = citation_rules().pattern("short_form.kind").search(instrument.title if instrument else words)
    return match.group() if match else ""


def _shortened(kind: str) -> tuple[str, ...]:
    """Return a kind of text and its shorter form ("Action Plan", "Plan")."""
    return (kind, *citation_rules().words["still_shorter"].get(kind, ()))

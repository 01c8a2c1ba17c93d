"""Texts cited again by a demonstrative ("that Convention"), by a part of their name, or next to their symbol."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from osce_commitments.catalogue import is_osce, load_catalogue
from osce_commitments.labels import Why
from osce_commitments.schema import Tag
from osce_commitments.tag.citations.citation import Citation, citation_rules, known_or_unknown
from osce_commitments.tag.tag_input import Context

_OF_SYMBOL = (("DEC/", "decision"), ("RES", "resolution"))
_TREATIES = frozenset({"convention", "protocol", "treaty", "covenant", "agreement"})
_LEADING = re.compile(r"^(?:(?:19|20)\d\d )?(?:the )?(?:OSCE |CSCE )?")
_LEAST_WORDS = 3
_STEM = 6  # "terrorism" and "terrorist" share these letters.


def find_anaphors(text: str, cited: Sequence[Citation], context: Context) -> Iterator[Citation]:
    """Resolve demonstratives: to the last text of that kind, in the same provision or an earlier one."""
    rule = citation_rules()["anaphor"]
    for match in rule.finditer(text):
        kind = match["kind"].lower()
        before = sorted(
            (citation for citation in cited if citation.end <= match.start() and _is_text(citation)),
            key=lambda one: one.end,
        )
        of_kind = [one for one in before if kind in kinds_of(text[one.start : one.end], one.symbol)]
        if match["said"] and not of_kind:
            of_kind = [one for one in before if one.symbol]
        if of_kind:
            yield _cited_again(of_kind[-1], match.span(), rule.id)
        elif match["kind"][0].isupper() and (symbol := context.memory.last.get(kind)) is not None:
            yield known_or_unknown(match.span(), rule.id, symbol)


def pointed(text: str, cited: Sequence[Citation], context: Context) -> list[Citation]:
    """Resolve "this" text, which is not the document itself if it is a treaty or remains in force."""
    return [
        _pointed(text, citation, cited, context) if citation.is_self and citation.symbol else citation
        for citation in cited
    ]


def _pointed(text: str, citation: Citation, cited: Sequence[Citation], context: Context) -> Citation:
    rules = citation_rules()
    kind = text[citation.start : citation.end].rsplit(maxsplit=1)[-1].lower()
    is_treaty = kind in _TREATIES
    if is_treaty and _is_titled(kind, citation.symbol, context):
        return citation
    if not is_treaty and not rules.pattern("anaphor.this_text_remains").match(text, citation.end):
        return citation
    rule = rules["anaphor.this_treaty" if is_treaty else "anaphor.this_text_remains"].id
    before = [other for other in cited if other.end <= citation.start and _is_text(other) and not other.is_self]
    of_kind = [other for other in before if kind in kinds_of(text[other.start : other.end], other.symbol)]
    if of_kind:
        return _cited_again(max(of_kind, key=lambda other: other.end), (citation.start, citation.end), rule)
    earlier = context.memory.last.get(kind) if is_treaty else None
    why = None if earlier else Why.NOT_IN_CATALOGUE
    return citation if earlier is None else replace(citation, symbol=earlier, rule=rule, why=why, is_self=False)


def _is_titled(kind: str, symbol: str, context: Context) -> bool:
    """Whether the document is a treaty of a kind, by its own title or in the catalogue."""
    return context.memory.short.kinds.get(kind.title(), "") is None or kind in kinds_of("", symbol)


def find_by_part(text: str, cited: Sequence[Citation], context: Context) -> Iterator[Citation]:
    """Find texts by the beginning of a name that the document has used ("the Document on Stockpiles")."""
    known = dict(context.memory.names_cited)
    rule = citation_rules()["part_of_name"]
    for match in rule.finditer(text):
        for citation in cited:
            if citation.end <= match.start():
                keep_name(known, text[citation.start : citation.end], citation.symbol)
        part = _LEADING.sub("", match.group())
        meant = {symbol for name, symbol in known.items() if name.startswith(f"{part} ")} or _of_own(part, context)
        if len(meant) == 1:
            yield Citation(*match.span(), meant.pop(), rule.id, is_prose=False)


def _of_own(part: str, context: Context) -> set[str]:
    """Find the Organization's texts of a kind whose names contain all words of a subject ("the Charter on Terrorism")."""
    kind = next((kind for kind in citation_rules().words["own_kinds_by_part"] if part.startswith(f"{kind} ")), "")
    if not kind or not is_osce(context.body) or context.memory.short.kinds.get(kind, "") is None:
        return set()
    words = [word[:_STEM] for word in re.findall(r"[a-z]{4,}", part.removeprefix(kind).lower())]
    names = [
        (_LEADING.sub("", name), instrument.symbol)
        for instrument in load_catalogue().instruments
        if words and is_osce(instrument.body)
        for name in (instrument.title, *instrument.names)
    ]
    return {
        symbol
        for name, symbol in names
        if name.startswith(f"{kind} ") and all(re.search(rf"\b{word}", name.lower()) for word in words)
    }


def find_annexed(text: str, cited: Sequence[Citation]) -> Iterator[Citation]:
    """Find texts by the decision to which they are annexed ("the Concept annexed to PC.DEC/1048")."""
    rule = citation_rules()["annexed_to"]
    for match in rule.finditer(text):
        holder = next(
            (
                citation
                for citation in cited
                if citation.start == match.end() and citation.symbol and not citation.is_self
            ),
            None,
        )
        if holder:
            yield _cited_again(holder, match.span("name"), rule.id)


def with_numbers(text: str, cited: Sequence[Citation]) -> list[Citation]:
    """Give a name the symbol in brackets after it ("… on Corruption (ETS No. 173)")."""
    kept = []
    for citation in cited:
        numbers = [
            other for other in cited if other.symbol and text[citation.end : other.start] == " (" and not other.is_prose
        ]
        is_alone = bool(numbers) and text[numbers[0].end : numbers[0].end + 1] == ")"
        is_nameless = is_alone and citation.why == Why.NOT_IN_CATALOGUE
        kept.append(replace(citation, symbol=numbers[0].symbol, why=None) if is_nameless else citation)
    return kept


def find_initials(text: str, cited: Sequence[Citation]) -> Iterator[Citation]:
    """Return the initials after a name, with the span of both ("… Convention on the Law of the Sea ("UNCLOS")")."""
    rule = citation_rules()["initials"]
    for citation in cited:
        match = rule.pattern.match(text, citation.end) if _is_text(citation) else None
        name, letters = text[citation.start : citation.end], match["initials"] if match else ""
        rest = iter(word[0].upper() for word in re.findall(r"[A-Za-z]+", name))
        # The words of the name begin with these letters in this order, starting with its first word.
        if match and name[0] == letters[0] and all(letter in rest for letter in letters.upper()):
            yield _cited_again(citation, match.span("initials"), rule.id)


def keep_name(known: dict[str, str], words: str, symbol: str) -> None:
    """Remember the names of a text that was cited, as printed and as the catalogue has them."""
    instrument = load_catalogue().instrument(symbol) if symbol else None
    for name in (words, *(instrument.names if instrument else ()), instrument.title if instrument else ""):
        short = _LEADING.sub("", name)
        if symbol and len(short.split()) >= _LEAST_WORDS:
            known[short] = symbol


def keep_last(last: dict[str, str], names: dict[str, str], text: str, tags: Sequence[Tag]) -> None:
    """Remember the last cited text of each kind, and the names of all cited texts.

    Args:
        last: Symbol of the last text by its kind, empty if it is not in the catalogue; filled here.
        names: Symbols by name; filled here.
        text: The text that cites.
        tags: Its tags; only the instruments are used.
    """
    for tag in tags:
        if tag.ref or tag.why == Why.NOT_IN_CATALOGUE:
            words = text[tag.start : tag.end]
            if not words.lower().startswith(("this ", "the present ", "present ")):
                last.update(dict.fromkeys(kinds_of(words, tag.ref), tag.ref))
            keep_name(names, words, tag.ref)


def kinds_of(words: str, symbol: str) -> set[str]:
    """Return the nouns that can refer to a citation: those that open its words and its title, and that of its symbol."""
    instrument = load_catalogue().instrument(symbol) if symbol else None
    rule = citation_rules()["noun_of_text"]
    nouns = [rule.search(one) for one in (words, instrument.title if instrument else "")]
    kinds = {noun.group().lower().removesuffix("s") for noun in nouns if noun}
    return kinds | {kind for piece, kind in _OF_SYMBOL if piece in symbol}


def _is_text(citation: Citation) -> bool:
    return bool(citation.symbol) or citation.why == Why.NOT_IN_CATALOGUE


def _cited_again(antecedent: Citation, span: tuple[int, int], rule: str) -> Citation:
    """Return the antecedent with the span of its anaphor."""
    return replace(antecedent, start=span[0], end=span[1], rule=rule, year="", body="")

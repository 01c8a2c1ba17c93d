"""Cited instruments: symbols, numbers, titles, names, short forms and references back, in the order of precedence."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from osce_commitments.catalogue import find_symbols
from osce_commitments.labels import Role, TagKind
from osce_commitments.schema import MARK_UP, Link, Tag
from osce_commitments.tag.citations.anaphora import (
    find_anaphors,
    find_annexed,
    find_by_part,
    find_initials,
    pointed,
    with_numbers,
)
from osce_commitments.tag.citations.catalogue_names import (
    LOOK_BACK,
    Bearer,
    catalogue_names,
    find_titled,
    is_of_body,
    with_names,
)
from osce_commitments.tag.citations.citation import Citation, citation_rules, resolve
from osce_commitments.tag.citations.numbered import continued_citations, find_citations, find_unidentified
from osce_commitments.tag.citations.short_forms import find_dated, find_given, find_numbered, find_own, find_short
from osce_commitments.tag.citations.treaties import (
    find_by_year,
    find_by_years,
    find_joined,
    find_outside,
    find_supplements,
    with_protocols,
)
from osce_commitments.tag.name_finder import NameFinder, NameMatch
from osce_commitments.tag.tag_input import Context, TagInput, is_free, tags_of


def with_links(citations: Sequence[Citation], links: Sequence[Link]) -> Iterator[Citation]:
    """Yield the citations together with the links.

    A citation around a single link keeps its span ("resolution 12/34 of 5 May" around the link "12/34") and takes the
    symbol of the link. A citation that contains several links, or part of one, is replaced by them.
    """
    taken: set[Link] = set()
    for citation in citations:
        overlapping = [link for link in links if link.start < citation.end and citation.start < link.end]
        if not overlapping:
            yield citation
            continue
        first = overlapping[0]
        is_around = citation.start <= first.start and first.end <= citation.end
        if len(overlapping) == 1 and is_around and first not in taken:
            taken.add(first)
            yield citation if citation.symbol == first.ref else replace(citation, symbol=first.ref, rule=MARK_UP)
    yield from (
        Citation(link.start, link.end, link.ref, MARK_UP, is_prose=False) for link in links if link not in taken
    )


@dataclass(slots=True)
class _Passage:
    """A plain text and the names found in it.

    Attributes:
        names: Exact names of the catalogue in it.
        may_name: Whether it may cite by kind, place or grammar, or by a short form.
    """

    text: str
    context: Context
    names: Sequence[NameMatch[Bearer]]
    may_name: bool
    found: tuple[Citation, ...] = ()


_may_name, _cites = attrgetter("may_name"), attrgetter("found")


def _may_name_outside_titles(passage: _Passage) -> bool:
    return passage.may_name and passage.context.role != Role.TITLE


@dataclass(frozen=True, slots=True)
class Adds:
    """A step that adds citations that do not overlap earlier ones.

    Attributes:
        find: The citations in a passage.
        reason: Why it has this place in the order.
        where: Whether the passage can contain any.
    """

    find: Callable[[_Passage], Iterable[Citation]]
    reason: str
    where: Callable[[_Passage], object] = bool

    def __call__(self, passage: _Passage) -> tuple[Citation, ...]:
        """The citations with the new ones."""
        citations = passage.found
        for citation in self.find(passage):
            if is_free((citation.start, citation.end), ((other.start, other.end) for other in citations)):
                citations = (*citations, citation)
        return citations


@dataclass(frozen=True, slots=True)
class Rewrites(Adds):
    """A step that returns all citations, because it may change or join earlier ones."""

    def __call__(self, passage: _Passage) -> tuple[Citation, ...]:
        """The citations as they are from here."""
        return tuple(self.find(passage))


ORDER: tuple[Adds, ...] = (
    Rewrites(
        lambda passage: _numbered(passage.text, passage.context),
        "Symbols and numbers are certain; the symbols of a range share one span.",
    ),
    Rewrites(
        lambda passage: with_links(passage.found, passage.context.links),
        "A link of the source's mark-up says which text is cited.",
        lambda passage: bool(passage.context.links),
    ),
    Rewrites(
        lambda passage: with_names(passage.text, passage.found, passage.names),
        "An exact name is sure, but one after a number is the title of that text.",
        lambda passage: bool(passage.names),
    ),
    Adds(
        lambda passage: find_given(passage.text, passage.found, passage.context),
        "A name that the document gave is sure in this document.",
        _may_name,
    ),
    Adds(
        lambda passage: _without_bodies(passage.text, find_titled(passage.text)),
        "Kind and place identify a text of the Organization.",
        _may_name,
    ),
    Adds(
        lambda passage: find_by_part(passage.text, passage.found, passage.context),
        "The beginning of a name that the document cited.",
        _may_name_outside_titles,
    ),
    Adds(
        lambda passage: find_joined(passage.text, passage.found),
        "Before the grammar of a single name, which would take the first of the joined ones alone.",
        _may_name_outside_titles,
    ),
    Adds(
        lambda passage: _without_bodies(passage.text, find_outside(passage.text, passage.found)),
        "The grammar of a name sees no catalogue, so it takes only what is left.",
        _may_name_outside_titles,
    ),
    Adds(
        lambda passage: find_own(passage.text, passage.context),
        "The body's own text goes before another text of that kind.",
        _may_name_outside_titles,
    ),
    Adds(
        lambda passage: find_short(passage.text, passage.found, passage.context),
        "A kind alone means what was cited by more than that.",
        _may_name_outside_titles,
    ),
    Rewrites(
        lambda passage: with_protocols(passage.text, passage.found),
        "A protocol takes in the citation of its treaty, which must be known.",
        _may_name,
    ),
    Adds(
        lambda passage: find_by_year(passage.text, passage.found, passage.context.memory.treaties),
        "A year means a treaty that was cited before, if one was.",
        _may_name,
    ),
    Adds(lambda passage: find_by_years(passage.text), "Several years, by the subject.", _may_name),
    Rewrites(
        lambda passage: pointed(passage.text, passage.found, passage.context),
        'What "this" text is depends on the others.',
        _cites,
    ),
    Rewrites(
        lambda passage: with_numbers(passage.text, passage.found),
        "A name takes the symbol in brackets after it.",
        _cites,
    ),
    Adds(
        lambda passage: find_anaphors(passage.text, passage.found, passage.context),
        "The antecedents are known now.",
        lambda passage: bool(passage.found or passage.context.memory.last),
    ),
    Adds(
        lambda passage: find_supplements(
            passage.text, [citation for citation in passage.found if citation.rule == citation_rules()["anaphor"].id]
        ),
        "A protocol to an antecedent.",
        _cites,
    ),
    Adds(
        lambda passage: find_annexed(passage.text, passage.found),
        "A text is that of the decision to which it is annexed.",
        _cites,
    ),
    Adds(
        lambda passage: find_initials(passage.text, passage.found),
        "Initials in brackets are those of the name before.",
        _cites,
    ),
    Adds(
        lambda passage: find_dated(passage.text, passage.found, passage.context.body),
        "A day identifies a body's own text only if no number does.",
    ),
    Adds(
        lambda passage: find_numbered(passage.text, passage.context.memory.short.resolutions),
        "A number alone means the resolution that was cited with its year.",
        lambda passage: bool(passage.context.memory.short.resolutions),
    ),
    Adds(
        lambda passage: find_unidentified(passage.text), "What remains is cited, but nobody can know which text it is."
    ),
)
"""The steps in the order of precedence: where citations overlap, the one of the earlier step stays."""


def tag_instruments(tag_input: TagInput) -> Sequence[Tag]:
    """Tag every citation in the order of the text; ref is the canonical symbol, note says what is unknown or conflicts."""
    text, context = tag_input.text, tag_input.context
    may_name = bool(citation_rules()["name_noun"].search(text) or context.memory.short)
    passage = _Passage(text, context, _finder().find(text), may_name)
    for step in ORDER:
        if step.where(passage):
            passage.found = step(passage)
    ordered = sorted(passage.found, key=lambda citation: citation.start)
    cited = (one for one in ordered if not _is_of_institution(text, one))
    return tags_of(tag_input, TagKind.INSTRUMENT, (resolve(text, one) for one in cited))


@functools.cache
def _finder() -> NameFinder[Bearer]:
    return NameFinder(catalogue_names())


def _numbered(text: str, context: Context) -> list[Citation]:
    """Find printed symbols, then citations by number or description; an earlier one wins, but several can share a span."""
    citations: list[Citation] = []
    for citation in _symbols_and_numbers(text, context.body, context.symbol):
        span = (citation.start, citation.end)
        others = [(other.start, other.end) for other in citations if (other.start, other.end) != span]
        is_new = not any((one.start, one.end, one.symbol) == (*span, citation.symbol) for one in citations)
        # "This statement" is the document itself, but in an attachment it is the delegation's statement.
        is_statement = citation.is_self and text[: citation.end].lower().endswith("statement")
        is_of_delegation = is_statement and context.role == Role.ATTACHMENT
        if is_new and is_free(span, others) and not is_of_delegation:
            citations.append(citation)
    return citations


@functools.lru_cache(2048)
def _symbols_and_numbers(text: str, body: str, own: str) -> tuple[Citation, ...]:
    citations: list[Citation] = []
    for symbol in find_symbols(text):
        citations.append(Citation(symbol.start, symbol.end, symbol.symbol, symbol.rule, is_prose=False))
        citations += continued_citations(text, symbol.end, symbol.symbol)
    return (*citations, *find_citations(text, body, own))


def _without_bodies(text: str, citations: Iterable[Citation]) -> Iterator[Citation]:
    return (citation for citation in citations if not is_of_body(text, citation.end))


def _is_of_institution(text: str, citation: Citation) -> bool:
    """Whether a name is a part of that of a body ("Special Committee on the Charter of …"); numbers and symbols are not."""
    if not citation.is_prose or citation.is_self or re.search(r"\d", text[citation.start : citation.end]):
        return False
    before = citation_rules().pattern("body_before_name")
    is_after_body = before.search(text, max(0, citation.start - LOOK_BACK), citation.start)
    return bool(is_after_body) or is_of_body(text, citation.end)

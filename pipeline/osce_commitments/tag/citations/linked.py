"""Citations in the mark-up of the source, which take precedence over the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from osce_commitments.schema import MARK_UP, Link
from osce_commitments.tag.citations.citation import Citation


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

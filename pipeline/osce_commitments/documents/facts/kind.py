"""Adopting body and type of an instrument, from its symbol and text."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import TYPE_CHECKING

from osce_commitments.catalogue import Organ, organ_named, organ_of_symbol
from osce_commitments.documents.facts.adoption import enacting_body
from osce_commitments.documents.layout.measures import OPENING_PARAGRAPHS
from osce_commitments.documents.patterns import fact_rules, layout_rules
from osce_commitments.labels import BlockKind, DocumentType

if TYPE_CHECKING:
    from osce_commitments.documents.records import Paragraph

_OPENING_CHARACTERS = 600
_MIN_ARTICLE_SIGNS = 2
_MIN_ESSAY_PARAGRAPHS = 3
_NARRATIVE = frozenset({DocumentType.REPORT, DocumentType.ARTICLE})
_OPENING_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.HEADING})


def opening(items: Sequence[Paragraph]) -> list[str]:
    """Return header lines, titles and the first paragraphs, in that order, each truncated."""
    header = [item.text for item in items if item.kind is BlockKind.HEADER]
    titles = [item.text for item in items if item.kind is BlockKind.TITLE]
    first = [item.text for item in items if item.kind in _OPENING_KINDS][: OPENING_PARAGRAPHS + len(titles)]
    return [text[:_OPENING_CHARACTERS] for text in (*header, *titles, *first)]


def organ_of(items: Sequence[Paragraph]) -> Organ | None:
    """Return the organ that a text names as the one that acts: in its formula, in the line of adoption, in its header."""
    texts = opening(items)
    for rule in fact_rules().group("adopting_organ"):
        for text in texts:
            if found := rule.search(text):
                return organ_named(found["organ"])
    return None


def body_of(items: Sequence[Paragraph], symbol: str) -> str:
    """Return the catalogue's code of the adopting body, from the symbol, else from the opening; empty if unknown."""
    by_symbol = organ_of_symbol(symbol) if symbol else None
    if by_symbol is not None:
        return by_symbol.body
    for text in opening(items):
        found = fact_rules().first("body.opening", text)
        if found is not None:
            return str(found[0].gives["body"])
    by_text = organ_of(items)
    if by_text is not None:
        return by_text.body
    fallback = (found for text in opening(items) if (found := fact_rules().first("body.fallback", text)))
    return next((str(rule.gives["body"]) for rule, _ in fallback), "")


def type_by(place: str, text: str) -> DocumentType | None:
    """Return the type indicated by one text, by the type word that comes first; ``place`` is as in the rules' ids.

    Args:
        place: ``symbol``, ``title`` or ``opening``.
        text: The text.
    """
    found = [(match.end(), rule) for rule in fact_rules().group(f"type.{place}") if (match := rule.search(text))]
    return DocumentType(min(found, key=itemgetter(0))[1].gives["type"]) if found else None


def type_of(items: Sequence[Paragraph], title: str, symbol: str) -> DocumentType | None:
    """Return the type of an instrument; None if its text does not indicate one."""
    is_enacted = enacting_body(items) != ""
    signs = {match[0].id for item in items if (match := fact_rules().first("article_sign", item.text))}
    if len(signs) >= _MIN_ARTICLE_SIGNS and not is_enacted:
        return DocumentType.ARTICLE
    by_title = type_by("title", title)
    if is_enacted and by_title in _NARRATIVE:
        by_title = None
    by_symbol = type_by("symbol", symbol)
    if by_symbol is not None and by_title is not DocumentType.DELEGATION_STATEMENT:
        return by_symbol
    titles = [item.text for item in items if item.kind is BlockKind.TITLE]
    if any(layout_rules().finds("decision_heading", text) for text in titles):
        return DocumentType.DECISION
    kinds = [kind for text in opening(items) if (kind := type_by("opening", text))]
    if DocumentType.RESOLUTION in kinds:
        return DocumentType.RESOLUTION  # Its formula is surer than its subject, which may name a treaty.
    found = by_title or next(iter(kinds), None)
    if found is not None:
        return found
    return DocumentType.ARTICLE if not (symbol or is_enacted) and _is_essay(items) else None


def _is_essay(items: Sequence[Paragraph]) -> bool:
    """Whether a text without a header block, but with headings or notes, is an essay that states no acts."""
    kinds = {item.kind for item in items}
    texts = [item.text for item in items if item.kind is BlockKind.PARAGRAPH]
    is_formatted = BlockKind.HEADER not in kinds and bool(kinds & {BlockKind.HEADING, BlockKind.FOOTNOTE})
    if (
        not is_formatted
        or len(texts) < _MIN_ESSAY_PARAGRAPHS
        or any(fact_rules().finds("acting", text) for text in texts)
    ):
        return False
    return any(fact_rules().finds("narrative", text) for text in texts)

"""What an instrument calls itself: symbol, adopting body and type, which are read together.

The number of a decision becomes a symbol only together with the body that adopted it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import itemgetter
from typing import NamedTuple

from osce_commitments.catalogue import UNITED_NATIONS, Organ, display_title, normalise_symbol, organ_named
from osce_commitments.catalogue.symbols import mc_decision_symbol, pc_decision_symbol, symbol_in_file_name
from osce_commitments.documents.facts.adoption_date import find_date
from osce_commitments.documents.layout.furniture import is_symbol, printed_symbol
from osce_commitments.documents.patterns import OPENING_PARAGRAPHS, fact_rules, layout_rules
from osce_commitments.documents.records import Paragraph
from osce_commitments.labels import BlockKind, DocumentType

_OPENING_CHARACTERS = 600
_MIN_ARTICLE_SIGNS = 2
_MIN_ESSAY_PARAGRAPHS = 3
_SPEAKS_WITHIN = 20  # paragraphs: below, a body speaks in a draft that a report annexes
LETTERHEAD = 12  # lines
FORMULA_WITHIN = 60  # paragraphs from the beginning
ACTS_WITHIN = 200
_ENACTING_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.HEADING, BlockKind.HEADER})
_NARRATIVE = frozenset({DocumentType.REPORT, DocumentType.ARTICLE})
_OPENING_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.HEADING})


def symbol_of_text(items: Sequence[Paragraph], body: str) -> str:
    """Return the canonical symbol given by the header block, title or running heads; else empty.

    Args:
        items: The paragraphs of an instrument.
        body: Code of the body that its text names.
    """
    header = [item.text for item in _above_sentences(items) if item.kind is BlockKind.HEADER]
    furniture = [item.text for item in items if item.kind is BlockKind.FURNITURE]
    for text in header:
        treaty = fact_rules().first("treaty_number", text)
        if treaty is not None:
            # The series was renamed from ETS to CETS with number 194.
            number = treaty[1]["number"]
            return f"{'CETS' if int(number) >= 194 else 'ETS'} {number}"  # noqa: PLR2004
        if is_symbol(text):
            return printed_symbol(text)
    by_title = _by_title(items, body) or next((printed_symbol(text) for text in furniture if is_symbol(text)), "")
    return by_title or next(filter(None, (own_symbol(item.text) for item in _above_sentences(items[:LETTERHEAD]))), "")


def own_symbol(text: str) -> str:
    """Return the symbol of a line that names the instrument by it ("Decision 13/CR.4"), in the spelling of titles."""
    named = fact_rules().first("own_symbol", text)
    symbol = re.sub(r" ?/ ?", "/", named[1]["symbol"].strip()) if named else ""
    return normalise_symbol(symbol) or display_title(symbol)


def _above_sentences(items: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Return what stands above the first recital or sentence; a symbol below it is one that the text cites."""
    return takewhile(
        lambda item: item.kind is not BlockKind.PARAGRAPH or not fact_rules().finds("recital_or_sentence", item.text),
        items,
    )


def _by_title(items: Sequence[Paragraph], body: str) -> str:
    titles = [item.text for item in items if item.kind is BlockKind.TITLE]
    texts = [*titles, *(item.text for item in items if item.kind is BlockKind.HEADER)]
    for text in texts:
        decision = decision_line(text)
        if decision is not None:
            return _decision(re.sub(r"\s", "", decision["number"]), items, body)
        council = fact_rules().first("resolution.security_council", text)
        if council is not None and body == UNITED_NATIONS:
            return f"S/RES/{int(council[1]['number'])} ({council[1]['year']})"
        numbered = layout_rules().first("letterhead.subject", text)
        organ = _organ_of(items) if numbered else None
        if numbered and organ is not None and numbered[1].groupdict().get("first"):
            return organ.act("resolution", numbered[1]["first"], numbered[1]["second"])
    return ""


def decision_line(text: str) -> re.Match[str] | None:
    """Return the number of a decision, and its title where the line has it ("Decision No. 91/07 on Borders")."""
    named = layout_rules().first("decision_heading", text) or fact_rules().first("decision_line", text)
    return named[1] if named else None


def _decision(number: str, items: Sequence[Paragraph], body: str) -> str:
    """Return the symbol of a decision; numbers of the Permanent Council have no year, others do from 2003."""
    count, _, year = number.partition("/")
    if body == "PC" and not year:
        return pc_decision_symbol(count)
    if body == "FSC" and year:
        return normalise_symbol(f"FSC.DEC/{number}") or ""
    if body == "MC":
        dates = [date[0] for text in _opening(items) if (date := find_date(text))]
        when = year or (str(dates[0].year) if dates else "")
        return (mc_decision_symbol(count, when) or "") if when else ""
    return ""


def symbol_of_name(name: str) -> str:
    """Return the canonical symbol contained in a file name; empty without one."""
    if named := fact_rules().first("file_name.symbol", name):
        rule, match = named
        return normalise_symbol(rule.gives["symbol"].format(**match.groupdict())) or ""
    return symbol_in_file_name(fact_rules().pattern("file_name.organization").sub("", name)) or ""


def _opening(items: Sequence[Paragraph]) -> list[str]:
    """Return header lines, titles and the first paragraphs, in that order, each truncated."""
    header = [item.text for item in items if item.kind is BlockKind.HEADER]
    titles = [item.text for item in items if item.kind is BlockKind.TITLE]
    first = [item.text for item in items if item.kind in _OPENING_KINDS][: OPENING_PARAGRAPHS + len(titles)]
    return [text[:_OPENING_CHARACTERS] for text in (*header, *titles, *first)]


def _organ_of(items: Sequence[Paragraph]) -> Organ | None:
    """Return the organ that a text names as the one that acts: in its formula, in the line of adoption, in its header."""
    texts = _opening(items)
    for rule in fact_rules().group("adopting_organ"):
        for text in texts:
            if match := rule.search(text):
                return organ_named(match["organ"])
    return None


def body_of_text(items: Sequence[Paragraph]) -> str:
    """Return the catalogue's code of the body that the opening names as the adopting one, else its printed name."""
    for text in _opening(items):
        if named := fact_rules().first("body.opening", text):
            return str(named[0].gives["body"])
    by_text = _organ_of(items)
    if by_text is not None:
        return by_text.body
    for text in _opening(items):
        if named := fact_rules().first("body.fallback", text):
            return str(named[0].gives["body"])
    speaker = speaker_of(items)
    if speaker is not None:
        return speaker.name
    below = below_letterhead(items)
    lines = [item.text for item in below[:LETTERHEAD] if fact_rules().finds("not_title.body_line", item.text)]
    return lines[0] if lines and len(below) < len(items) else ""


class SpeakingBody(NamedTuple):
    """Those who speak above the first recital or act: their name, and the line above, which may be in their paragraph."""

    name: str
    subject: str
    is_glued: bool


def speaker_of(items: Sequence[Paragraph]) -> SpeakingBody | None:
    """Return those who speak, by the form of their line ("The Board of Lamps,"); None if nobody does."""
    rules = fact_rules()
    shown = [item.text for item in items if item.kind in _OPENING_KINDS][:_SPEAKS_WITHIN]
    for above, text, below in zip(["", *shown], shown, shown[1:], strict=False):
        named = rules.first("speaker", text)
        if named is not None and (rules.finds("recites", below) or rules.finds("evidence.act", below)):
            glued = named[1].groupdict().get("subject")
            return SpeakingBody(display_title(named[1]["name"].strip()), glued or above, bool(glued))
    return None


def below_letterhead(items: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """Return what stands below the last line of a letterhead: that of distribution or of an item of the agenda."""
    lines = [place for place, item in enumerate(items[:LETTERHEAD]) if fact_rules().finds("letterhead", item.text)]
    return items[lines[-1] + 1 :] if lines else items


def enacting_body(items: Sequence[Paragraph]) -> str:
    """Return the formula by which a body acts ("The General Assembly,"); empty without it or without acts below it."""
    texts = [item.text for item in items if item.kind in _ENACTING_KINDS][:ACTS_WITHIN]
    rules = fact_rules()
    for place, text in enumerate(texts[:FORMULA_WITHIN]):
        if formula := rules.first("evidence.formula", text):
            below = (text[formula[1].end() :].strip(), *texts[place + 1 :])
            return formula[1]["body"] if any(rules.finds("evidence.act", words) for words in below) else ""
    speaker = speaker_of(items)
    return speaker.name if speaker and any(rules.finds("evidence.act", text) for text in texts) else ""


def type_by(place: str, text: str) -> DocumentType | None:
    """Return the type indicated by one text, by the type word that comes first; ``place`` is as in the rules' ids.

    Args:
        place: ``symbol``, ``title`` or ``opening``.
        text: The text.
    """
    words = [(match.end(), rule) for rule in fact_rules().group(f"type.{place}") if (match := rule.search(text))]
    return DocumentType(min(words, key=itemgetter(0))[1].gives["type"]) if words else None


def type_of(items: Sequence[Paragraph], title: str, symbol: str, *, is_enacted: bool) -> DocumentType | None:
    """Return the type of an instrument; None if its text does not indicate one.

    Args:
        items: Its paragraphs.
        title: Its title.
        symbol: Its symbol; empty without one.
        is_enacted: Whether a body acts in it by a formula.
    """
    if not is_enacted:
        signs = {match[0].id for item in items if (match := fact_rules().first("article_sign", item.text))}
        if len(signs) >= _MIN_ARTICLE_SIGNS:
            return DocumentType.ARTICLE
    own = (item.text for item in items[:LETTERHEAD] if own_symbol(item.text))
    by_title = type_by("title", title) or next(filter(None, (type_by("title", text) for text in own)), None)
    if is_enacted and by_title in _NARRATIVE:
        by_title = None
    by_symbol = type_by("symbol", symbol)
    if by_symbol is not None and by_title is not DocumentType.DELEGATION_STATEMENT:
        return by_symbol
    titles = [item.text for item in items if item.kind is BlockKind.TITLE]
    if any(map(decision_line, titles)):
        return DocumentType.DECISION
    kinds = [kind for text in _opening(items) if (kind := type_by("opening", text))]
    if DocumentType.RESOLUTION in kinds:
        return DocumentType.RESOLUTION  # Its formula is surer than its subject, which may name a treaty.
    by_words = by_title or next(iter(kinds), None)
    if by_words is not None:
        return by_words
    return DocumentType.ARTICLE if not (symbol or is_enacted) and _is_essay(items) else None


def _is_essay(items: Sequence[Paragraph]) -> bool:
    """Whether a text without a header block, but with headings or notes, is an essay that states no acts."""
    kinds = {item.kind for item in items}
    texts = [item.text for item in items if item.kind is BlockKind.PARAGRAPH]
    is_formatted = BlockKind.HEADER not in kinds and bool(kinds & {BlockKind.HEADING, BlockKind.FOOTNOTE})
    if (
        not is_formatted
        or len(texts) < _MIN_ESSAY_PARAGRAPHS
        or any(
            fact_rules().finds(rule, text) for text in texts for rule in ("acting", "evidence.act", "evidence.formula")
        )
    ):
        return False
    return any(fact_rules().finds("narrative", text) for text in texts)

"""Whether anybody adopted a document, by the evidence for and against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from osce_commitments.catalogue import load_catalogue
from osce_commitments.documents.facts.identity import ACTS_WITHIN, FORMULA_WITHIN
from osce_commitments.documents.patterns import fact_rules
from osce_commitments.documents.records import Paragraph
from osce_commitments.labels import NEVER_ADOPTED, Adopted, BlockKind, DocumentType
from osce_commitments.phrases import shorten

_OF_STATES = frozenset(  # by title: one act of States is enough
    {
        DocumentType.CHARTER,
        DocumentType.DECLARATION,
        DocumentType.TREATY,
        DocumentType.ACTION_PLAN,
        DocumentType.FRAMEWORK,
    }
)
_OPENING = 25  # paragraphs in which a text says what it is
_LONGEST_LINE = 200
_QUOTED = 80
_MIN_SPEAKERS = 3
_MIN_ACTS = 2
_NOT_TEXT = frozenset({BlockKind.FURNITURE, BlockKind.FOOTNOTE, BlockKind.CONTENTS})


@dataclass(frozen=True, slots=True)
class Adoption:
    """Whether a document is adopted.

    Attributes:
        adopted: The result.
        because: The evidence in words; empty if there is none.
        origin: Where the evidence is: ``text`` or ``catalogue``.
    """

    adopted: Adopted
    because: str = ""
    origin: str = "text"


def adoption_of(
    items: Sequence[Paragraph], *, title: str, symbol: str, kind: DocumentType, enacted_by: str
) -> Adoption:
    """Return whether a document is adopted; the surest evidence decides.

    In this order: signs of a draft; a type that nobody adopts; the series of its symbol or the catalogue; a speech, a
    paper, a proposal; a line of adoption or words by which a body, States or Parties act; a report or one author.

    Args:
        items: Its paragraphs.
        title: Its title.
        symbol: Its symbol; empty if it has none.
        kind: Its type.
        enacted_by: The formula by which a body acts; empty without one.
    """
    # The title and the short lines with which a document begins, running heads included.
    first = list(islice((item.text for item in items if item.kind is not BlockKind.FOOTNOTE), _OPENING))
    above = list(takewhile(lambda text: not fact_rules().finds("evidence.formula", text), first))
    sponsors = [text for text in above if text.rstrip("* ").lower().endswith(("resolution", "decision"))]
    lines = [title, *(text for text in above if len(text) <= _LONGEST_LINE), *sponsors]
    closing = [item.text for item in items if item.kind is BlockKind.SIGNATURE and len(item.text) <= _LONGEST_LINE]
    texts = [item.text for item in items if item.kind not in _NOT_TEXT]
    return (
        _by_lines("against.draft", [symbol, *lines], Adopted.NO)
        or _by_type(kind, NEVER_ADOPTED - {DocumentType.REPORT})
        or _by_symbol(symbol, kind)
        or _by_lines("against.genre", lines, Adopted.NO)
        or _by_speakers(texts)
        or _by_lines("for.line", [*lines, *closing], Adopted.YES)
        or _by_words(enacted_by, texts, title)
        or _by_type(kind, NEVER_ADOPTED)
        or _by_lines("against.author", lines, Adopted.NO)
        or _by_acts(texts, kind)
        or Adoption(Adopted.UNKNOWN)
    )


def _by_lines(group: str, lines: Iterable[str], adopted: Adopted) -> Adoption | None:
    for line in lines:
        sign = fact_rules().first(f"evidence.{group}", line)
        if sign is not None:
            return Adoption(adopted, _said(sign[0].gives["because"], line))
    return None


def _said(because: str, text: str) -> str:
    return because.format(f"“{shorten(text, _QUOTED, between_words=False)}”")


def _by_type(kind: DocumentType, never: frozenset[DocumentType]) -> Adoption | None:
    if kind not in never:
        return None
    article = "an" if kind is DocumentType.ARTICLE else "a"
    return Adoption(Adopted.NO, f"it is {article} {kind.value.replace('_', ' ')}")


def _by_symbol(symbol: str, kind: DocumentType) -> Adoption | None:
    if not symbol or kind is DocumentType.REPORT:
        return None
    series = fact_rules().first("evidence.series", symbol)
    if series is not None:
        return Adoption(Adopted.YES, series[0].gives["because"].format(symbol))
    is_known = load_catalogue().instrument(symbol) is not None
    return Adoption(Adopted.YES, f"the catalogue lists {symbol}", "catalogue") if is_known else None


def _by_speakers(texts: Sequence[str]) -> Adoption | None:
    count = sum(fact_rules().finds("evidence.speaker", text) for text in texts)
    return Adoption(Adopted.NO, "speakers take turns in it") if count >= _MIN_SPEAKERS else None


def _by_words(enacted_by: str, texts: Sequence[str], title: str) -> Adoption | None:
    rules = fact_rules()
    if enacted_by:
        return Adoption(Adopted.YES, f"“{enacted_by}” acts in it")
    for text in texts[:FORMULA_WITHIN]:
        sign = rules.first("evidence.for.agreed", text)
        if sign is not None:
            return Adoption(Adopted.YES, _said(sign[0].gives["because"], sign[1].group()))
    we = next((sign for text in texts[:_OPENING] if (sign := rules.first("evidence.for.we", text))), None)
    is_joint = rules.finds("evidence.joint_title", title)
    if not (we or is_joint) or not any(rules.finds("evidence.our_act", text) for text in texts[:ACTS_WITHIN]):
        return None
    because = _said("{} agree in it", we[1].group()) if we else _said("its authors agree in it: {}", title)
    return Adoption(Adopted.YES, because)


def _by_acts(texts: Sequence[str], kind: DocumentType) -> Adoption | None:
    """Return that a body or the participating States act in the third person, paragraph by paragraph."""
    rules = [sign[0] for text in texts[:ACTS_WITHIN] if (sign := fact_rules().first("evidence.third_person", text))]
    is_enough = len(rules) >= (1 if kind in _OF_STATES else _MIN_ACTS)
    return Adoption(Adopted.YES, f"{rules[0].gives['who']} act in it") if is_enough else None

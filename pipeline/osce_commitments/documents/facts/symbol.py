"""The symbol of an instrument: printed, or implied by the number of a decision and its body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.catalogue.symbols import mc_decision_symbol, pc_decision_symbol, symbol_in_file_name
from osce_commitments.documents.facts.adoption_date import find_date
from osce_commitments.documents.facts.kind import body_of, opening, organ_of
from osce_commitments.documents.layout.furniture import is_symbol, printed_symbol
from osce_commitments.documents.patterns import fact_rules, layout_rules
from osce_commitments.labels import BlockKind

if TYPE_CHECKING:
    from osce_commitments.documents.records import Paragraph


def symbol_of_text(items: Sequence[Paragraph]) -> str:
    """Return the canonical symbol given by the header block, title or running heads; else empty."""
    header = [item.text for item in items if item.kind is BlockKind.HEADER]
    furniture = [item.text for item in items if item.kind is BlockKind.FURNITURE]
    for text in header:
        treaty = fact_rules().first("treaty_number", text)
        if treaty is not None:
            return _treaty(treaty[1]["number"])
        if is_symbol(text):
            return printed_symbol(text)
    return _by_title(items) or next((printed_symbol(text) for text in furniture if is_symbol(text)), "")


def _treaty(number: str) -> str:
    # The series was renamed from ETS to CETS with number 194.
    return f"{'CETS' if int(number) >= 194 else 'ETS'} {number}"  # noqa: PLR2004


def _by_title(items: Sequence[Paragraph]) -> str:
    titles = [item.text for item in items if item.kind is BlockKind.TITLE]
    texts = [*titles, *(item.text for item in items if item.kind is BlockKind.HEADER)]
    for text in texts:
        decision = layout_rules().first("decision_heading", text)
        if decision is not None:
            return _decision(re.sub(r"\s", "", decision[1]["number"]), items)
        council = fact_rules().first("resolution.security_council", text)
        if council is not None and body_of(items, "") == "UN":
            return f"S/RES/{int(council[1]['number'])} ({council[1]['year']})"
        numbered = layout_rules().first("letterhead.subject", text)
        organ = organ_of(items) if numbered else None
        if numbered and organ is not None and numbered[1].groupdict().get("first"):
            return organ.act("resolution", numbered[1]["first"], numbered[1]["second"])
    return ""


def _decision(number: str, items: Sequence[Paragraph]) -> str:
    """Return the symbol of a decision; numbers of the Permanent Council have no year, others do from 2003."""
    body = body_of(items, "")
    count, _, year = number.partition("/")
    if body == "PC" and not year:
        return pc_decision_symbol(count)
    if body == "FSC" and year:
        return normalise_symbol(f"FSC.DEC/{number}") or ""
    if body == "MC":
        dates = [found[0] for text in opening(items) if (found := find_date(text))]
        when = year or (str(dates[0].year) if dates else "")
        return (mc_decision_symbol(count, when) or "") if when else ""
    return ""


def symbol_of_name(name: str) -> str:
    """Return the canonical symbol contained in a file name; empty without one."""
    found = fact_rules().first("file_name.symbol", name)
    if found:
        rule, match = found
        return normalise_symbol(rule.gives["symbol"].format(**match.groupdict())) or ""
    return symbol_in_file_name(fact_rules().pattern("file_name.organization").sub("", name)) or ""

"""The symbol of an instrument: printed, or implied by the number of a decision and its body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.catalogue.symbols import mc_decision_symbol, pc_decision_symbol, symbol_in_file_name
from osce_commitments.documents.facts.adoption_date import find_date
from osce_commitments.documents.facts.kind import body_of, opening
from osce_commitments.documents.layout.furniture import is_symbol, printed_symbol
from osce_commitments.documents.patterns import find_layout_pattern
from osce_commitments.labels import BlockKind

if TYPE_CHECKING:
    from osce_commitments.documents.records import Paragraph

_FILE_FORMS = (
    (re.compile(r"(?:^|[_\W])(?:unsc|sc|s)_?res_?0*(\d{1,4})[_-](\d{4})(?!\d)", re.IGNORECASE), "S/RES/{0} ({1})"),
    (re.compile(r"(?:^|[_\W])(?:unga|ga|a)_?res_0*(\d{1,3})[_-]0*(\d{1,3})(?!\d)", re.IGNORECASE), "A/RES/{0}/{1}"),
)
_NAMED = re.compile(r"^(?:un|osce|csce)[_-]", re.IGNORECASE)


def symbol_of_text(items: Sequence[Paragraph]) -> str:
    """Canonical symbol that the text states: in its header block, by its title, in its running heads; else empty."""
    header = [item.text for item in items if item.kind is BlockKind.HEADER]
    furniture = [item.text for item in items if item.kind is BlockKind.FURNITURE]
    for text in header:
        treaty = find_layout_pattern("treaty_number", text)
        if treaty is not None:
            return _treaty(treaty[0]["number"])
        if is_symbol(text):
            return printed_symbol(text)
    return _by_title(items) or next((printed_symbol(text) for text in furniture if is_symbol(text)), "")


def _treaty(number: str) -> str:
    # The series was renamed with its number 194.
    return f"{'CETS' if int(number) >= 194 else 'ETS'} {number}"  # noqa: PLR2004


def _by_title(items: Sequence[Paragraph]) -> str:
    titles = [item.text for item in items if item.kind is BlockKind.TITLE]
    texts = [*titles, *(item.text for item in items if item.kind is BlockKind.HEADER)]
    for text in texts:
        decision = find_layout_pattern("decision_heading", text)
        if decision is not None:
            return _decision(re.sub(r"\s", "", decision[0]["number"]), items)
        council = find_layout_pattern("security_council_resolution", text)
        if council is not None and body_of(items, "") == "UN":
            return f"S/RES/{int(council[0]['number'])} ({council[0]['year']})"
        assembly = find_layout_pattern("general_assembly_resolution", text)
        if assembly is not None and body_of(items, "") == "UN":
            return f"A/RES/{assembly[0]['session']}/{assembly[0]['number']}"
    return ""


def _decision(number: str, items: Sequence[Paragraph]) -> str:
    """Symbol of a decision: numbers of the Permanent Council have no year, those of the others do from 2003."""
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
    """Canonical symbol that the name of a file spells; empty if it spells none."""
    for pattern, form in _FILE_FORMS:
        match = pattern.search(name)
        if match:
            return normalise_symbol(form.format(*match.groups())) or ""
    return symbol_in_file_name(_NAMED.sub("", name)) or ""

"""The facts that Akoma Ntoso gives about an instrument: symbol, title, day of adoption, body, type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.documents.patterns import fact_rules
from osce_commitments.documents.readers.akn_words import Words, name_of
from osce_commitments.labels import Adopted, DocumentType
from osce_commitments.texts.akn import AKN, DATE, NO_DAY, ORGANIZATION, TITLE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TYPES = {
    "communique": DocumentType.COMMUNIQUE,
    "decision": DocumentType.DECISION,
    "declaration": DocumentType.DECLARATION,
    "deliberation": DocumentType.DECISION,
    "draftresolution": DocumentType.OTHER,
    "journal": DocumentType.JOURNAL,
    "report": DocumentType.REPORT,
    "resolution": DocumentType.RESOLUTION,
    "treaty": DocumentType.TREATY,
}
_OUR_TYPES = {kind.value: kind for kind in DocumentType}
_TITLES = (TITLE, "#resolutionTitle", "", "#resolutionNumber")


def facts_of(instrument: Element) -> dict[str, Any]:
    """Return the metadata fields that the mark-up of one instrument gives; fields that it does not give are missing."""
    facts = {
        "symbol": _symbol(instrument),
        "title": _title(instrument),
        "date": _date(instrument, "adoption", DATE),
        "body": _body(instrument),
        "type": _type(instrument),
        **_adoption(instrument),
    }
    return {name: value for name, value in facts.items() if value}


def words_without_notes(element: Element) -> str:
    """Return the words of an element without its footnotes."""
    return Words(lambda _: "").read(element).text.strip()


def _own(instrument: Element, *names: str) -> Iterator[Element]:
    """Yield the elements of an instrument with some names, without those of its attachments."""
    for element in instrument.iter(*(AKN + name for name in names)):
        inside = (name_of(above) for above in element.iterancestors() if above is not instrument)
        if "attachments" not in inside:
            yield element


def _symbol(instrument: Element) -> str:
    numbers = [element for element in _own(instrument, "docNumber") if words_without_notes(element)]
    given = [words_without_notes(element) for element in numbers if element.get("refersTo") == "#symbol"]
    if given:
        return normalise_symbol(given[0]) or given[0]
    written = [words_without_notes(element) for element in numbers]
    work = [element.get("value", "") for element in _own(instrument, "FRBRnumber")]
    return next((symbol for words in (*written, *work) if (symbol := normalise_symbol(words))), "")


def _title(instrument: Element) -> str:
    found = [(element.get("refersTo", ""), words_without_notes(element)) for element in _own(instrument, "docTitle")]
    for wanted in _TITLES:
        titles = [words for refers_to, words in found if refers_to == wanted and words]
        if titles:
            return titles[-1]
    return ""


def _date(instrument: Element, *names: str) -> dt.date | None:
    for element in _own(instrument, "FRBRdate"):
        parent = element.getparent()
        if element.get("name") in names and parent is not None and name_of(parent) == "FRBRWork":
            try:
                day = dt.date.fromisoformat(element.get("date", "")[:10])
            except ValueError:
                return None
            return None if day.isoformat() == NO_DAY else day
    return None


def _adoption(instrument: Element) -> dict[str, Any]:
    """Return whether it was adopted, and the evidence: the workflow, the day of adoption, the name of a draft."""
    name = instrument.get("name", "")
    if name_of(instrument) == "bill" or name.casefold().startswith("draft"):
        return {"adopted": Adopted.NO, "adopted_because": f"the mark-up calls it {name or 'a bill'}"}
    outcomes = {step.get("outcome", "") for step in _own(instrument, "step")}
    is_act = name_of(instrument) in {"act", "statement"}
    if "adopted" in outcomes or (is_act and _date(instrument, "adoption") is not None):
        return {"adopted": Adopted.YES, "adopted_because": "the mark-up gives the day of adoption"}
    return {}


def _body(instrument: Element) -> str:
    """Return the catalogue's name of the body that the work names as its author."""
    organizations = {element.get("eId"): element for element in _own(instrument, "TLCOrganization")}
    for element in _own(instrument, "FRBRauthor"):
        parent = element.getparent()
        if parent is not None and name_of(parent) == "FRBRWork":
            organization = organizations.get(element.get("href", "").lstrip("#"))
            if organization is None:
                return ""
            if organization.get("href", "").startswith(ORGANIZATION):
                return unquote(organization.get("href", "").removeprefix(ORGANIZATION))
            found = fact_rules().first("body.opening", organization.get("showAs", ""))
            return str(found[0].gives["body"]) if found else ""
    return ""


def _type(instrument: Element) -> DocumentType | None:
    name = instrument.get("name", "").replace(" ", "").casefold()
    return _TYPES.get(name) or _OUR_TYPES.get(instrument.get("name", ""))

"""The words of an Akoma Ntoso element in one line, with the places of its links and footnotes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.documents.patterns import fact_rules
from osce_commitments.labels import Adopted, DocumentType
from osce_commitments.schema import Link
from osce_commitments.texts.akn import AKN, CITED_BY_SYMBOL, DATE, NO_DAY, ORGANIZATION, TITLE
from osce_commitments.texts.normalise import clean, squeeze, superscript

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
    symbols = [words_without_notes(element) for element in numbers if element.get("refersTo") == "#symbol"]
    if symbols:
        return normalise_symbol(symbols[0]) or symbols[0]
    written = [words_without_notes(element) for element in numbers]
    work = [element.get("value", "") for element in _own(instrument, "FRBRnumber")]
    return next((symbol for words in (*written, *work) if (symbol := normalise_symbol(words))), "")


def _title(instrument: Element) -> str:
    printed = [(element.get("refersTo", ""), words_without_notes(element)) for element in _own(instrument, "docTitle")]
    for kind in _TITLES:
        titles = [words for refers_to, words in printed if refers_to == kind and words]
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
            opening = fact_rules().first("body.opening", organization.get("showAs", ""))
            return str(opening[0].gives["body"]) if opening else ""
    return ""


def _type(instrument: Element) -> DocumentType | None:
    name = instrument.get("name", "").replace(" ", "").casefold()
    return _TYPES.get(name) or _OUR_TYPES.get(instrument.get("name", ""))


_LINKS = frozenset({"a", "ref", "mref", "rref"})
_BREAKS = frozenset({"eol", "br"})
_SYMBOL_HOSTS = frozenset({"undocs.org", "www.undocs.org", "docs.un.org"})
_LANGUAGE = re.compile(r"^/(?:ar|en|es|fr|ru|zh)(?=/)", re.IGNORECASE)


def name_of(element: Element) -> str:
    """Return the local name of an element of Akoma Ntoso; empty for any other node."""
    return element.tag.removeprefix(AKN) if isinstance(element.tag, str) and element.tag.startswith(AKN) else ""


def cited_symbol(href: str) -> str:
    """Return the symbol that the address of a link gives; empty if it gives none."""
    try:
        address = urlsplit(href.strip())
    except ValueError:
        return ""
    if (address.hostname or "") in _SYMBOL_HOSTS:
        written = unquote(_LANGUAGE.sub("", address.path)).strip("/ ")
        return normalise_symbol(written) or (written if "/" in written else "")
    if href.startswith(CITED_BY_SYMBOL):
        return unquote(href.removeprefix(CITED_BY_SYMBOL))
    return ""


@dataclass(slots=True)
class Words:
    """The words of a paragraph as one line.

    Attributes:
        note_text: Gives the mark of a footnote and keeps its words.
        links: Citations with offsets in ``text``.
    """

    note_text: Callable[[Element], str]
    links: list[Link] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _parts_at_link: int = 0  # Number of parts when the last link ended.

    @property
    def text(self) -> str:
        """The words, with single spaces."""
        return "".join(self._parts)

    def read(self, element: Element, *, is_further: bool = False) -> Words:
        """Add the words of an element; a further line is set apart by a space."""
        if is_further:
            self._add(" ")
        self._add(element.text)
        for child in element:
            tag = name_of(child)
            if tag in {"authorialNote", "noteRef"}:
                mark = self.note_text(child)
                while self._parts and (last := self._parts.pop()):
                    self._length -= len(last)
                    if rstrip := last.rstrip(" "):
                        self._keep(rstrip)
                        break
                self._keep(mark)
                if tag == "noteRef":
                    self._add(child.text)
            elif tag in _BREAKS:
                self.read(child, is_further=True)
            elif tag == "sup":
                words = squeeze("".join(str(part) for part in child.itertext()))
                self._add(superscript(words) if words.isdigit() else words)
            elif tag in _LINKS:
                self._read_link(child)
            elif isinstance(child.tag, str):
                self.read(child)
            self._add(child.tail)
        return self

    def _read_link(self, child: Element) -> None:
        first, start = len(self._parts), self._length
        self.read(child)
        ref, written = cited_symbol(child.get("href", "")), "".join(self._parts[first:])
        if not ref or not written.strip():
            return
        last = self.links[-1] if self.links else None
        begin, end = start + len(written) - len(written.lstrip()), start + len(written.rstrip())
        if last is not None and last.ref == ref and not "".join(self._parts[self._parts_at_link : first]).strip():
            self.links[-1] = Link(last.start, end, ref)
        else:
            self.links.append(Link(begin, end, ref))
        self._parts_at_link = len(self._parts)

    def _add(self, written: str | None) -> None:
        words = re.sub(r"\s+", " ", clean(written or ""))
        self._keep(words.lstrip(" ") if not self._parts or self._parts[-1].endswith(" ") else words)

    def _keep(self, words: str) -> None:
        if words:
            self._parts.append(words)
            self._length += len(words)

"""The words of an Akoma Ntoso element in one line, with the places of its links and footnotes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.schema import Link
from osce_commitments.texts.akn import AKN, CITED_BY_SYMBOL
from osce_commitments.texts.normalise import clean, squeeze, superscript

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

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

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
        text: The words, with single spaces.
        links: Citations with offsets in ``text``.
    """

    note_text: Callable[[Element], str]
    text: str = ""
    links: list[Link] = field(default_factory=list)

    def read(self, element: Element, *, is_further: bool = False) -> Words:
        """Add the words of an element; a further line is set apart by a space."""
        if is_further:
            self._add(" ")
        self._add(element.text)
        for child in element:
            self._read_child(child)
            self._add(child.tail)
        return self

    def _read_child(self, child: Element) -> None:
        tag = name_of(child)
        if tag in {"authorialNote", "noteRef"}:
            # The mark stands close to the word before it.
            self.text = self.text.rstrip(" ") + self.note_text(child)
        elif tag in _BREAKS:
            self._add(" ")
        elif tag == "sup":
            words = squeeze("".join(str(part) for part in child.itertext()))
            self._add(superscript(words) if words.isdigit() else words)
        elif tag in _LINKS:
            self._read_link(child)
        elif isinstance(child.tag, str):
            self.read(child)

    def _read_link(self, child: Element) -> None:
        start = len(self.text)
        self.read(child)
        ref = cited_symbol(child.get("href", ""))
        written = self.text[start:]
        if not ref or not written.strip():
            return
        start, end = start + len(written) - len(written.lstrip()), start + len(written.rstrip())
        last = self.links[-1] if self.links else None
        if last is not None and last.ref == ref and not self.text[last.end : start].strip():
            self.links[-1] = Link(last.start, end, ref)
        else:
            self.links.append(Link(start, end, ref))

    def _add(self, written: str | None) -> None:
        words = re.sub(r"\s+", " ", clean(written or ""))
        self.text += words.lstrip(" ") if not self.text or self.text.endswith(" ") else words

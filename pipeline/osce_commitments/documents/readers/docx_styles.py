"""The paragraph styles of a DOCX file: each with the styles that it is based on."""

from __future__ import annotations

from dataclasses import dataclass

from osce_commitments.documents.readers.docx_package import Element, value_of, w

# Word itself follows no more than about ten.
_LONGEST_CHAIN = 50
_OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A style.

    Attributes:
        style_id: Its identifier in the file.
        name: Its name in small letters.
        element: Its ``w:style`` element.
        is_bold: Whether it makes text bold; None if it does not say.
    """

    style_id: str
    name: str
    element: Element
    is_bold: bool | None


class Styles:
    """The styles of a file.

    Args:
        root: Root of the part with the styles, if there is one.
    """

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, ParagraphStyle] = {}
        self._base: dict[str, str] = {}
        self._chains: dict[str, tuple[ParagraphStyle, ...]] = {}
        for element in () if root is None else root.iterchildren(w("style")):
            identifier = element.get(w("styleId"))
            if identifier is not None:
                self._styles[identifier] = _style(identifier, element)
                self._base[identifier] = value_of(element.find(w("basedOn")))

    def chain(self, paragraph: Element) -> tuple[ParagraphStyle, ...]:
        """The style of a paragraph, followed by those that it is based on; empty for the default style."""
        named = value_of(paragraph.find(f"{w('pPr')}/{w('pStyle')}"))
        if named not in self._chains:
            self._chains[named] = self._read_chain(named)
        return self._chains[named]

    def _read_chain(self, identifier: str) -> tuple[ParagraphStyle, ...]:
        found: dict[str, ParagraphStyle] = {}
        while identifier in self._styles and identifier not in found and len(found) < _LONGEST_CHAIN:
            found[identifier] = self._styles[identifier]
            identifier = self._base[identifier]
        return tuple(found.values())


def _style(identifier: str, element: Element) -> ParagraphStyle:
    bold = element.find(f"{w('rPr')}/{w('b')}")
    is_bold = None if bold is None else bold.get(w("val"), "true") not in _OFF
    return ParagraphStyle(identifier, value_of(element.find(w("name"))).lower(), element, is_bold)

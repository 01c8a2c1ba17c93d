"""Names and values of the XML in a DOCX file (ECMA-376 part 1, WordprocessingML)."""

from __future__ import annotations

from typing import Any

Element = Any

_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def w(name: str) -> str:
    """Return the qualified name of a WordprocessingML element or attribute."""
    return _NAMESPACE + name


def value_of(element: Element) -> str:
    """Return the ``w:val`` of an element; empty without one."""
    return "" if element is None else str(element.get(w("val"), ""))

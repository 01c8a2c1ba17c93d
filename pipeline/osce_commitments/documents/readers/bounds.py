"""Limits that the readers of all formats hold while they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from osce_commitments.config import Limits
from osce_commitments.documents.records import Line
from osce_commitments.errors import DocumentError


def too_long(limits: Limits) -> DocumentError:
    """The refusal of a text with too many characters."""
    msg = f"the text is longer than {limits.max_characters} characters"
    return DocumentError(msg, "raise limits.max_characters, or split the file", reason="too_large")


def bounded(lines: Iterable[Line], limits: Limits) -> Iterator[Line]:
    """Yield the lines as they are read."""
    left = limits.max_characters
    for line in lines:
        left -= len(line.text)
        if left < 0:
            raise too_long(limits)
        yield line


def check_elements(count: int, limits: Limits, what: str) -> None:
    """Refuse a file with too many elements before they are built."""
    if count > limits.max_elements:
        msg = f"{what} has {count:,} elements, more than {limits.max_elements:,}"
        raise DocumentError(msg, "split the file, or raise limits.max_elements", reason="too_large")


def with_entities() -> DocumentError:
    """The refusal of XML that declares or uses entities."""
    msg = "the XML in the file has entities, which are not expanded"
    return DocumentError(msg, "save it without a document type declaration", reason="entities")


def refuse_entities(root: Any) -> None:  # noqa: ANN401 - an element of lxml
    """Refuse XML with entities: what they mean would be missing in the text."""
    from lxml import etree

    declared = root.getroottree().docinfo.internalDTD
    if (declared is not None and list(declared.iterentities())) or next(root.iter(etree.Entity), None) is not None:
        raise with_entities()

"""Typed identifiers: short hashes of length-prefixed parts.

Length prefixes keep ("ab", "c") and ("a", "bc") apart.
"""

from __future__ import annotations

import hashlib
from typing import NewType

DocumentId = NewType("DocumentId", str)
ProvisionId = NewType("ProvisionId", str)
RunId = NewType("RunId", str)

_HEX_DIGITS = 16


def _digest(*parts: str) -> str:
    payload = "".join([f"{len(part)}:{part}" for part in parts])
    return hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()[:_HEX_DIGITS]


def content_sha256(content: bytes) -> str:
    """SHA-256 of the bytes of a source, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def document_id(source_sha256: str, part: int) -> DocumentId:
    """Identifier of one instrument in a source; ``part`` counts the instruments of a volume from 1."""
    return DocumentId("d" + _digest(source_sha256, str(part)))


def provision_id(document: DocumentId, start: int, end: int, text: str) -> ProvisionId:
    """Identifier of a provision: the same words at the same place of a document keep it in every release."""
    return ProvisionId("p" + _digest(document, str(start), str(end), text))


def paragraph_id(document: DocumentId, start: int, text: str) -> str:
    """Identifier of a paragraph by the place and words of its first block, whatever number of provisions it has."""
    return "g" + _digest(document, str(start), text)


def fingerprint(*parts: str) -> str:
    """Short hash that changes when any of the parts changes (versions of stages, configuration)."""
    return _digest(*parts)

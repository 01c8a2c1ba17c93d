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
    payload = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(payload.encode()).hexdigest()[:_HEX_DIGITS]


def content_sha256(content: bytes) -> str:
    """SHA-256 of the bytes of a source, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def document_id(source_sha256: str, part: int) -> DocumentId:
    """Identifier of one instrument in a source; ``part`` counts the instruments of a volume from 1."""
    return DocumentId("d" + _digest(source_sha256, str(part)))


def provision_id(document: DocumentId, start: int, end: int, segmenter: str) -> ProvisionId:
    """Identifier of a provision: its document, its character offsets and the segmenter's version."""
    return ProvisionId("p" + _digest(document, str(start), str(end), segmenter))


def fingerprint(*parts: str) -> str:
    """Short hash that changes when any of the parts changes (pipeline versions, configuration)."""
    return _digest(*parts)

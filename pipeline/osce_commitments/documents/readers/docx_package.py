"""Opens the container of a DOCX file and gives the XML of its parts; what is damaged in it is refused here."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from osce_commitments.documents.readers.bounds import check_elements, refuse_entities
from osce_commitments.documents.readers.docx_xml import Element, w
from osce_commitments.errors import DocumentError

if TYPE_CHECKING:
    from osce_commitments.config import Limits

_MEGABYTE = 1_000_000
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA})
_DAMAGED = "save it again in a word processor, or give it as PDF"
_AS_DOCX = "save it as DOCX in a word processor"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
# What python-docx and zipfile raise at files that break the rules of the format.
_FAULTS = (
    AttributeError,
    EOFError,
    KeyError,
    IndexError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def damaged_docx(error: object) -> DocumentError:
    """The refusal of a file that breaks the rules of the format."""
    why = " ".join(str(error).split())[:120]
    return DocumentError(f"the DOCX file is damaged: {why}", _DAMAGED, reason="damaged")


class Package:
    """The parts of a DOCX file.

    Attributes:
        body: The ``w:body`` element.

    Raises:
        DocumentError: If the file is encrypted, damaged, not DOCX, too large when unpacked, or has entities.
    """

    def __init__(self, content: bytes, limits: Limits) -> None:
        _guard(content, limits)
        from docx import Document
        from docx.opc.exceptions import PackageNotFoundError
        from lxml.etree import XMLSyntaxError

        try:
            self._document = Document(io.BytesIO(content))
            root = self._document.part._element  # noqa: SLF001 - the only way to its XML
        except RecursionError:
            raise
        except (*_FAULTS, PackageNotFoundError, XMLSyntaxError) as error:
            raise damaged_docx(error) from error
        relations = (*self._document.part.rels.values(), *self._document.part.package.rels.values())
        if any(relation.reltype is None for relation in relations):
            msg = "one of its relations has no type"
            raise damaged_docx(msg)
        if root.tag != w("document"):
            msg = "the main part of the file is no Word document"
            raise DocumentError(msg, _AS_DOCX, reason="not_docx")
        refuse_entities(root)
        self.body: Element = root.find(w("body"))
        if self.body is None:
            msg = "it has no body"
            raise damaged_docx(msg)

    def root_of(self, kind: str) -> Element | None:
        """The root of the part of a kind ("styles", "footnotes"); None if there is none, or it is no XML."""
        for relation in self._document.part.rels.values():
            if relation.reltype.endswith("/" + kind) and not relation.is_external:
                return _root(relation.target_part)
        return None

    def part(self, reference: Element) -> Element | None:
        """The root of the part to which an element refers by ``r:id``."""
        relation = self._document.part.rels.get(reference.get(f"{_OFFICE}id", ""))
        return None if relation is None or relation.is_external else _root(relation.target_part)

    def title(self) -> str:
        """Title in the properties of the file."""
        for relation in self._document.part.package.rels.values():
            if relation.reltype.endswith("/core-properties") and not relation.is_external:
                root = _root(relation.target_part)
                return "" if root is None else root.findtext(_TITLE) or ""
        return ""


def _root(part: Any) -> Element | None:  # noqa: ANN401 - python-docx brings no types
    from docx.oxml import parse_xml
    from lxml.etree import XMLSyntaxError

    element = getattr(part, "_element", None)
    if element is None:
        try:
            element = parse_xml(part.blob)
        except (XMLSyntaxError, ValueError):
            return None
    refuse_entities(element)
    return element


def _guard(content: bytes, limits: Limits) -> None:
    """Refuse files that are unsafe to open: python-docx unpacks every part into memory."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        msg = "the file is an encrypted DOCX or an old DOC file"
        raise DocumentError(msg, "save it as DOCX without a password", reason="encrypted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _guard_parts(archive, limits)
    except zipfile.BadZipFile as error:
        msg = "the file is no DOCX file, or it is cut short"
        raise DocumentError(msg, "download it again", reason="truncated") from error
    except (EOFError, OSError, RuntimeError, ValueError, zlib.error) as error:
        raise damaged_docx(error) from error


def _guard_parts(archive: zipfile.ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > limits.max_unpacked_megabytes * _MEGABYTE:
        msg = f"the DOCX unpacks to {unpacked // _MEGABYTE} MB, more than {limits.max_unpacked_megabytes} MB"
        raise DocumentError(msg, "raise limits.max_unpacked_megabytes if you trust the file", reason="too_large")
    if not any(part.filename.endswith("document.xml") for part in parts):
        msg = "the archive holds no Word document"
        raise DocumentError(msg, _AS_DOCX, reason="not_docx")
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            msg = f"the part {part.filename!a} of the DOCX is encrypted"
            raise DocumentError(msg, "save it as DOCX without a password", reason="encrypted")
        if part.compress_type not in _METHODS:
            msg = f"its part {part.filename!a} is packed by an unknown method"
            raise damaged_docx(msg)
    check_elements(sum(_elements(archive, part) for part in parts), limits, "the DOCX")


def _elements(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Number of tags in a part, an upper bound of its elements; 0 if it is no XML."""
    if not part.filename.endswith((".xml", ".rels")):
        return 0
    count = 0
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            count += chunk.count(b"<") - chunk.count(b"</")
    return count

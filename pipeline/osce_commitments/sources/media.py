"""File formats: by name, by declared content type and by the first bytes."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from osce_commitments.errors import SourceError
from osce_commitments.labels import MediaType

HEAD_BYTES = 1024  # Within these, PDF readers look for the mark.

_BY_SUFFIX = {
    ".pdf": MediaType.PDF,
    ".docx": MediaType.DOCX,
    ".html": MediaType.HTML,
    ".htm": MediaType.HTML,
    ".xhtml": MediaType.HTML,
    ".txt": MediaType.TEXT,
    ".text": MediaType.TEXT,
    ".md": MediaType.TEXT,
    ".markdown": MediaType.TEXT,
    ".xml": MediaType.AKN,
    ".akn": MediaType.AKN,
}
_BY_CONTENT_TYPE = {
    "application/pdf": MediaType.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": MediaType.DOCX,
    "text/html": MediaType.HTML,
    "application/xhtml+xml": MediaType.HTML,
    "text/plain": MediaType.TEXT,
    "text/markdown": MediaType.TEXT,
    "application/akn+xml": MediaType.AKN,
    "application/xml": MediaType.AKN,
    "text/xml": MediaType.AKN,
}
_SAVE_AS = "save it as DOCX or PDF"
_CONVERTED = frozenset({".doc", ".docm", ".dot", ".dotx", ".odt", ".rtf", ".wpd"})  # by LibreOffice, without a person
_REMEDIES = {
    **dict.fromkeys((*_CONVERTED, ".pages"), _SAVE_AS),
    **dict.fromkeys(
        (".eml", ".msg", ".mht", ".mhtml"), "save the message as PDF or text, and what is attached as files"
    ),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff"), "run text recognition on it and save it as PDF"),
    **dict.fromkeys((".zip", ".gz", ".tar", ".7z", ".rar"), "unpack it and give the folder"),
}
_PDF_MARK = b"%PDF-"
_BINARY_MARKS = ((_PDF_MARK, MediaType.PDF), (b"PK\x03\x04", MediaType.DOCX), (b"PK\x05\x06", MediaType.DOCX))
_OLD_OFFICE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RTF_MARK = b"{\\rtf"
_AKN_MARK = re.compile(rb"<(?:[\w.-]+:)?akomantoso\b")
_HTML_MARKS = (b"<!doctype html", b"<html")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def type_by_name(name: str) -> MediaType | None:
    """Format that the ending of a path or address promises; None if it promises none that is read."""
    return _BY_SUFFIX.get(suffix(name))


def suffix(name: str) -> str:
    """Ending of a path or of an address's path, with its dot, in lower case."""
    try:
        path = urlsplit(name).path if "://" in name else name
    except ValueError:  # An invalid address has no type; fetching it reports the error.
        return ""
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def type_by_content_type(header: str) -> MediaType | None:
    """Format that a Content-Type header names."""
    return _BY_CONTENT_TYPE.get(header.partition(";")[0].strip().lower())


def type_by_content(head: bytes) -> MediaType | None:
    """Format that the first bytes show; None for plain text and for anything unknown."""
    for mark, media_type in _BINARY_MARKS:
        if head.startswith(mark):
            return media_type
    start = head[:HEAD_BYTES].removeprefix(_BYTE_ORDER_MARK).lstrip().lower()
    if _AKN_MARK.search(start) and start.startswith(b"<"):
        return MediaType.AKN
    if start.startswith(b"<?xml") and b"<html" in start:
        return MediaType.HTML
    return MediaType.HTML if start.startswith(_HTML_MARKS) else None


def unsupported(name: str) -> tuple[str, str]:
    """Message and remedy for a name whose format is not read."""
    ending = suffix(name)
    what = f"files ending in {ending} are not supported" if ending else "files without an ending are not supported"
    remedy = _REMEDIES.get(ending, f"give a file ending in {', '.join(_BY_SUFFIX)}")
    return f"{name}: {what}", _conversion(name) if ending in _CONVERTED else remedy


def _conversion(name: str) -> str:
    """The command that turns an old file into DOCX, if the program for it is installed; else the advice to save it."""
    program = next((program for program in ("soffice", "libreoffice") if shutil.which(program)), "")
    return f"convert it: {program} --headless --convert-to docx {shlex.quote(name)}" if program else _SAVE_AS


def holds_a_document(name: str) -> bool:
    """Whether a name of a format that is not read ends like a document that could be converted."""
    return suffix(name) in _REMEDIES


def check_type(name: str, promised: MediaType, head: bytes) -> None:
    """Refuse content that is not what its name promises."""
    # A PDF may begin with other bytes; in other files the mark counts only at the start.
    is_pdf = promised is MediaType.PDF and _PDF_MARK in head[:HEAD_BYTES]
    shown = MediaType.PDF if is_pdf else type_by_content(head)
    texts = {MediaType.HTML, MediaType.TEXT}
    if promised is MediaType.AKN and (shown is None or shown in texts):
        return  # Other XML begins in many ways; the reader looks at the whole and says what it is not.
    if shown == promised or (promised in texts and (shown is None or shown in texts)):
        if promised in texts and head.startswith((_OLD_OFFICE_MARK, _RTF_MARK)):
            _refuse(name, promised, "an RTF or old Word file", _conversion(name))
        return
    if head.startswith(_OLD_OFFICE_MARK):
        _refuse(name, promised, "an old or encrypted Word file", f"{_SAVE_AS}, without a password")
    if shown is MediaType.HTML:
        remedy = "open it: it may be an error or login page; download the document again"
        _refuse(name, promised, "an HTML page", remedy)
    what = f"a {shown.value.upper()} file" if shown else "something else"
    _refuse(name, promised, what, "download it again, or give it the ending that fits its content")


def _refuse(name: str, promised: MediaType, what: str, remedy: str) -> None:
    msg = f"{name} is named like a {promised.value.upper()} file, but its content is {what}"
    raise SourceError(msg, remedy, reason="wrong_type")

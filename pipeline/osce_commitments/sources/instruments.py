"""Instruments of the catalogue, fetched from its addresses.

The addresses are unchecked: a page counts only if it shows the instrument's symbol or title.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from osce_commitments.catalogue.store import Instrument, load_catalogue
from osce_commitments.catalogue.symbols import find_symbols
from osce_commitments.config import Fetch, Limits
from osce_commitments.errors import SourceError
from osce_commitments.labels import MediaType
from osce_commitments.sources.fetch import Download, Fetcher

_PAGES_LOOKED_AT = 3
_PARTS_LOOKED_AT = 20
_BYTES_LOOKED_AT = 2_000_000
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


class FetchStatus(StrEnum):
    """Outcome of one row."""

    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FetchResult:
    """One catalogue row after fetching: address and file, or the code of a failure; the message is for a person."""

    symbol: str
    status: FetchStatus
    url: str = ""
    path: Path | None = None
    reason: str = ""
    message: str = ""


def fetch_catalogue(
    symbols: Sequence[str] | None, *, limits: Limits, fetch: Fetch, fetcher: Fetcher | None = None
) -> list[FetchResult]:
    """Download catalogue rows, by default every row that has an address, into the cache; one result each, in order."""
    catalogue = load_catalogue()
    if symbols is None:
        symbols = [row.symbol for row in catalogue.instruments if catalogue.urls(row.symbol)]
    client = fetcher or Fetcher(limits, fetch)
    results = []
    for symbol in symbols:
        try:
            download = fetch_instrument(symbol, client)
        except SourceError as error:
            results.append(FetchResult(symbol, FetchStatus.FAILED, reason=error.reason, message=str(error)))
            continue
        status = FetchStatus.FETCHED if download.is_new else FetchStatus.UNCHANGED
        results.append(FetchResult(symbol, status, download.url, download.path, message=download.note))
    return results


def fetch_instrument(symbol: str, fetcher: Fetcher) -> Download:
    """The first file among a row's addresses that shows its symbol or title."""
    catalogue = load_catalogue()
    instrument = catalogue.instrument(symbol)
    if instrument is None:
        msg = f"the catalogue has no instrument {symbol}"
        raise SourceError(msg, "give a symbol of the catalogue, such as MC.DOC/4/15", reason="unknown_symbol")
    failures: list[SourceError] = []
    for url in catalogue.urls(instrument.symbol):
        try:
            download = fetcher.get(url)
        except SourceError as error:
            failures.append(error)
            continue
        if shows(instrument, download.content, download.media_type):
            return download
        failures.append(SourceError(f"{url} shows neither the symbol nor the title", reason="wrong_content"))
    if not failures:
        msg = f"the catalogue has no address for {instrument.symbol}"
        raise SourceError(msg, "download the file and give its path", reason="no_address")
    tried = "; ".join(dict.fromkeys(error.message for error in failures))
    msg = f"{instrument.symbol} could not be fetched: {tried}"
    raise SourceError(msg, "download the file and give its path", reason=failures[-1].reason)


def shows(instrument: Instrument, content: bytes, media_type: MediaType) -> bool:
    """Whether a file's opening shows an instrument's symbol or its title."""
    text = _visible_text(content, media_type)
    if any(match.symbol == instrument.symbol for match in find_symbols(text)):
        return True
    return _letters(instrument.title) in _letters(text)


def _letters(text: str) -> str:
    """Letters and digits only: line breaks, hyphens and quotes differ between prints."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _visible_text(content: bytes, media_type: MediaType) -> str:
    """Text of a file's opening, enough to recognise it; empty if it cannot be opened."""
    import lxml.etree
    import lxml.html
    import pypdfium2

    try:
        if media_type is MediaType.PDF:
            with pypdfium2.PdfDocument(content) as pdf:
                pages = (pdf[number].get_textpage() for number in range(min(len(pdf), _PAGES_LOOKED_AT)))
                return "\n".join(page.get_text_bounded() for page in pages)
        if media_type is MediaType.DOCX:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = [name for name in archive.namelist() if re.fullmatch(r"word/(document|header\d*)\.xml", name)]
                # Never a whole part: a small archive can hold one of any size.
                openings = [archive.open(name).read(_BYTES_LOOKED_AT) for name in parts[:_PARTS_LOOKED_AT]]
            markup = b" ".join(openings).decode("utf-8", errors="replace")
            return re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", markup))
        if media_type is MediaType.HTML:
            tree = lxml.html.document_fromstring(content)
            lxml.etree.strip_elements(tree, "script", "style", "nav", with_tail=False)
            return str(tree.xpath("string()"))
    except (*_UNREADABLE, pypdfium2.PdfiumError, lxml.etree.ParserError):
        return ""
    return content.decode("utf-8", errors="replace")

"""Facts about a document that a person gives: in a table of metadata, or as front matter of a text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from osce_commitments.catalogue.symbols import normalise_symbol
from osce_commitments.ids import fingerprint
from osce_commitments.labels import Adopted, DocumentType
from osce_commitments.texts.dates import find_dates
from osce_commitments.texts.normalise import squeeze

_L = TypeVar("_L", bound=StrEnum)
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?")
_TRUTH = {"true": Adopted.YES, "false": Adopted.NO}


def read_fact(name: str, written: str) -> tuple[str, Any]:
    """Return the field of a document that a given fact sets, and its value; a date may be only a year.

    A ``ValueError`` says what is wrong with a text that is no such fact.
    """
    return _READERS[name](squeeze(written))


def given_hash(given: Iterable[tuple[str, str]]) -> str:
    """Return a hash of given facts, by which a change of them is seen; empty without any."""
    parts = [part for pair in given for part in pair]
    return fingerprint(*parts) if parts else ""


def _date(text: str) -> tuple[str, Any]:
    if _YEAR.fullmatch(text):
        return "year", int(text)
    iso = _DAY.fullmatch(text)
    printed = [date.iso for date in find_dates(text)]
    try:
        return "date", dt.date.fromisoformat(iso[1] if iso else "/".join(printed))
    except ValueError:
        raise ValueError(f"{text!r} is neither a day nor a year: write 2020-12-31 or 2020") from None


def _label(kind: type[_L], words: Mapping[str, _L]) -> Callable[[str], _L]:
    known = {**words, **{label.value: label for label in kind}}

    def read(text: str) -> _L:
        folded = text.casefold().replace(" ", "_").replace("-", "_")
        if folded not in known:
            raise ValueError(f"{text!r} is not one of: {', '.join(kind)}")
        return known[folded]

    return read


_type, _adopted = _label(DocumentType, {}), _label(Adopted, _TRUTH)
_READERS: Mapping[str, Callable[[str], tuple[str, Any]]] = {
    "symbol": lambda text: ("symbol", normalise_symbol(text) or text),
    "title": lambda text: ("title", text),
    "date": _date,
    "body": lambda text: ("body", text),
    "type": lambda text: ("type", _type(text)),
    "adopted": lambda text: ("adopted", _adopted(text)),
}
GIVEN_COLUMNS = tuple(_READERS)

"""Symbols of instruments: the printed forms that are recognised and the one form that records hold.

The forms are data in ``resources/symbols.yaml``; here is only what applies them.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from osce_commitments.resources import load_csv, load_yaml
from osce_commitments.texts.normalise import latin, plain

_PARTS = {
    "<slash>": r" ?/ ?",
    "<gap>": r"(?: ?/ ?| )",
    "<dot>": r" ?\. ?",
    "<yy>": r"(?P<year>(?:19|20)\d\d|\d\d)(?!\d)",
}
_CENTURY_FROM = 73  # The Conference began in 1973: two digits below that count from 2000.
_MEETING_NUMBERS = range(1995, 2003)  # Decisions of these years are numbered within their meeting.


@dataclass(frozen=True, slots=True)
class SymbolMatch:
    """A symbol in running text: ``searched[start:end] == text``.

    Attributes:
        text: The symbol as printed, with its suffix.
        symbol: Its canonical form, without a suffix.
    """

    start: int
    end: int
    text: str
    symbol: str


@dataclass(frozen=True, slots=True)
class _Form:
    pattern: re.Pattern[str]
    canonical: str


def normalise_symbol(text: str) -> str | None:
    """Canonical form of one printed symbol ("mc.dec 05/2007/Corr.1" gives "MC.DEC/5/07"), None if it is none."""
    folded = _distribution_mark().sub("", latin(plain(text)).strip())
    for form in _forms():
        match = form.pattern.fullmatch(folded)
        if match:
            return _canonical(form, match)
    return None


def find_symbols(text: str) -> list[SymbolMatch]:
    """The symbols in running text, in order, without overlap."""
    folded = latin(plain(text))
    if not _hint().search(folded):
        return []
    found: list[SymbolMatch] = []
    for form in _forms():
        for match in form.pattern.finditer(folded):
            start, end = match.span()
            if all(end <= other.start or start >= other.end for other in found):
                found.append(SymbolMatch(start, end, text[start:end], _canonical(form, match)))
    return sorted(found, key=lambda match: match.start)


def symbol_in_file_name(stem: str) -> str | None:
    """The symbol that a file's name spells, if it spells exactly one ("mc_dec_9-11" gives "MC.DEC/9/11")."""
    words = re.sub(r"[_\-\s./]+", " ", stem)
    dotted = re.sub(load_yaml("symbols")["file_name_dot"], ".", words, flags=re.IGNORECASE)
    spelt = re.sub(r" (?=\d)", "/", dotted)
    symbols = {match.symbol for match in find_symbols(spelt)}
    return symbols.pop() if len(symbols) == 1 else None


def full_year(digits: str) -> int:
    """Year of two or four digits: "07" gives 2007, "95" gives 1995.

    Raises:
        ValueError: If ``digits`` is no number.
    """
    year = int(digits)
    if len(digits) > len("yy"):
        return year
    return year + (1900 if year >= _CENTURY_FROM else 2000)


def mc_decision_symbol(number: str | int, year: str | int, *, kind: str = "DEC") -> str | None:
    """Symbol of a Ministerial Council decision (or, with ``kind="DOC"``, document) from its number and year.

    From 2003 the number restarts each year (MC.DEC/9/11); from 1995 to 2002 it restarts at each meeting, so
    that the year leads to the meeting's ordinal (MC(9).DEC/1). None for a year that had no meeting of that kind.
    """
    full = full_year(str(year))
    if full not in _MEETING_NUMBERS:
        return f"MC.{kind}/{int(number)}/{full % 100:02d}" if full >= _MEETING_NUMBERS.stop else None
    ordinals = [row["ordinal"] for row in load_csv("catalogue/mc_meetings") if row["year"] == str(full)]
    return f"MC({ordinals[0]}).{kind}/{int(number)}" if len(ordinals) == 1 else None


def pc_decision_symbol(number: str | int) -> str:
    """Symbol of a Permanent Council decision: one running number without a year."""
    return f"PC.DEC/{int(number)}"


@functools.cache
def _distribution_mark() -> re.Pattern[str]:
    return re.compile(load_yaml("symbols")["distribution"] + r"\Z", re.IGNORECASE)


@functools.cache
def _hint() -> re.Pattern[str]:
    return re.compile(load_yaml("symbols")["hint"], re.IGNORECASE)


@functools.cache
def _forms() -> tuple[_Form, ...]:
    data = load_yaml("symbols")
    return tuple(_Form(_compiled(entry["pattern"], data["suffix"]), entry["canonical"]) for entry in data["symbols"])


def _compiled(pattern: str, suffix: str) -> re.Pattern[str]:
    full = rf"(?<![\w./]){pattern}{suffix}"
    for name, part in _PARTS.items():
        full = full.replace(name, part)
    return re.compile(full, re.IGNORECASE)


def _canonical(form: _Form, match: re.Match[str]) -> str:
    groups = {name: _tidy(name, value) for name, value in match.groupdict().items()}
    if "year" in groups:
        groups["year2"] = groups["year"][-2:]
    return form.canonical.format(**groups)


def _tidy(name: str, value: str) -> str:
    if name == "number" and value.isdigit():
        return str(int(value))
    return value.upper().replace(" ", "")

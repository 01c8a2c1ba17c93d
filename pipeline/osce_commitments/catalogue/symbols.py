"""Symbols of instruments: the printed forms and the canonical form of records.

The printed forms are rules in ``resources/rules/symbols.yaml``; this module applies them.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from osce_commitments.resources import load_csv
from osce_commitments.rules import Rule, RuleSet, load_rules
from osce_commitments.texts.normalise import latin, plain

_CENTURY_FROM = 73  # The Conference began in 1973: two digits below that count from 2000.
_MEETING_NUMBERS = range(1995, 2003)  # Decisions of these years are numbered within their meeting.


@dataclass(frozen=True, slots=True)
class SymbolMatch:
    """A symbol in running text, as printed with its suffix and canonical without, and the id of the rule that found it."""

    start: int
    end: int
    text: str
    symbol: str
    rule: str


@functools.cache
def symbol_rules() -> RuleSet:
    """Rules that find printed symbols, in the order in which they are tried."""
    return load_rules("symbols")


def normalise_symbol(text: str) -> str | None:
    """Canonical form of one printed symbol ("mc.dec 05/2007/Corr.1" gives "MC.DEC/5/07"), None if it is not one."""
    folded = symbol_rules().pattern("distribution").sub("", latin(plain(text)).strip())
    for rule in symbol_rules().group("printed"):
        if match := rule.pattern.fullmatch(folded):
            return _canonical(rule, match)
    if any(rule.pattern.fullmatch(folded) for rule in symbol_rules().group("alone")):
        return folded.rstrip("*")
    return None


def find_symbols(text: str) -> list[SymbolMatch]:
    """The symbols in running text, in order, without overlap."""
    folded = latin(plain(text))
    if not symbol_rules()["hint"].search(folded):
        return []
    symbol_matches: list[SymbolMatch] = []
    for rule in symbol_rules().group("printed"):
        for match in rule.finditer(folded):
            start, end = match.span()
            if all(end <= other.start or start >= other.end for other in symbol_matches):
                symbol_matches.append(SymbolMatch(start, end, text[start:end], _canonical(rule, match), rule.id))
    return sorted(symbol_matches, key=lambda match: match.start)


def symbol_in_file_name(stem: str) -> str | None:
    """The symbol that a file's name spells, if it spells exactly one ("mc_dec_9-11" gives "MC.DEC/9/11")."""
    words = re.sub(r"[_\-\s./]+", " ", stem)
    dotted = symbol_rules().pattern("dot_in_file_name").sub(".", words)
    slashed = symbol_rules().pattern("slash_in_file_name").sub("/", dotted)
    spelt = re.sub(r" (?=\d)", "/", slashed)
    symbols = {match.symbol for match in find_symbols(spelt)}
    return symbols.pop() if len(symbols) == 1 else normalise_symbol(spelt.upper())


def full_year(digits: str) -> int:
    """Year of two or four digits: "07" gives 2007, "95" gives 1995."""
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


def _canonical(rule: Rule, match: re.Match[str]) -> str:
    groups = {name: _tidy(name, value or "") for name, value in match.groupdict().items()}
    if "year" in groups:
        groups["year2"] = groups["year"][-2:]
    return str(rule.gives["canonical"]).format(**groups)


def _tidy(name: str, value: str) -> str:
    if name == "number" and value.isdigit():
        return str(int(value))
    if name == "letters":
        return f" {value.strip().upper()}" if value else ""
    return value.upper().replace(" ", "")

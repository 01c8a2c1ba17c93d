"""Citations in prose: a head and the numbers that share it, meetings, descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from osce_commitments.catalogue import load_catalogue
from osce_commitments.catalogue.symbols import full_year, mc_decision_symbol, pc_decision_symbol
from osce_commitments.labels import Why, note_text
from osce_commitments.rules import Rule
from osce_commitments.tag.citations.citation import Citation
from osce_commitments.tag.citations.citation_rules import body_code, citation_rules
from osce_commitments.tag.citations.united_nations import find_acts
from osce_commitments.texts.numerals import ordinal_number

_MC_NUMBERS_END = (
    100  # No Ministerial Council has adopted a hundred decisions; the Permanent Council passed that in 1996.
)
_LONGEST_RANGE = 30


_Symbol = tuple[str, Why | None, str]  # symbol, why it has none, details


class _Known(NamedTuple):
    """What the numbers in a list share: the rule, the body named in the text, the body of the document."""

    rule: str
    body: str
    home: str


def find_citations(text: str, body: str = "", symbol: str = "") -> Iterator[Citation]:
    """Find citations in plain text; of overlapping ones the earlier wins.

    Args:
        text: Plain text.
        body: Body of the document, else empty: "its Decision" is one of that body.
        symbol: Symbol of the document, else empty: "this Decision" means it.
    """
    rules = citation_rules()
    placed = [*_by_meeting(text), *find_acts(text, body, symbol)]
    yield from placed
    for rule, heads in groupby(rules.matches("list", text), key=itemgetter(0)):
        for cited in _list(text, rule, [head for _, head in heads], body):
            if not any(one.start < cited.end and cited.start < one.end for one in placed):
                yield cited
    for match in rules["un.document"].finditer(text):
        yield Citation(*match.span(), match.group(), rules["un.document"].id, is_prose=False)
    yield from _described(text)
    for rule, match in rules.matches("ambiguous", text):
        yield Citation(*match.span(), "", rule.id, why=Why.AMBIGUOUS, details=" | ".join(rule.gives["texts"]))
    rule, why = rules["self_reference"], None if symbol else Why.SELF_REFERENCE
    for match in rule.finditer(text):
        yield Citation(*match.span(), symbol, rule.id, why=why, is_self=True)


def _described(text: str) -> Iterator[Citation]:
    """Find texts by what is said of them; the members of a set share one span."""
    for rule, found in citation_rules().matches("described", text):
        symbols = rule.gives.get("symbols", [rule.gives.get("symbol", "")])
        yield from (Citation(*found.span(), symbol, rule.id) for symbol in symbols)


def find_unidentified(text: str) -> Iterator[Citation]:
    """Find texts without number and title, and those named by the place of a meeting."""
    for name, why in (("unidentified", Why.NOT_IDENTIFIED), ("of_place", Why.NOT_IN_CATALOGUE)):
        rule = citation_rules()[name]
        for match in rule.finditer(text):
            yield Citation(*match.span(), "", rule.id, why=why)


def continued_citations(text: str, end: int, symbol: str) -> Iterator[Citation]:
    """Find bare numbers after a printed symbol that share its head ("MC.DEC/3/04 and 7/06").

    Args:
        text: Plain text.
        end: Where the symbol ends.
        symbol: Its canonical form.
    """
    rules = citation_rules()
    for rule in rules.group("continued"):
        if head := rule.part("symbol_start").match(symbol):
            break
    else:
        return
    while separator := rules.pattern("separator").match(text, end):
        item = rule.pattern.match(text, separator.end())
        if not item:
            return
        for number in _between(symbol, item) if separator["range"] else ():
            printed = re.sub(r"(?<=/)\d+(?=/|$)", str(number), symbol, count=1)
            yield Citation(*item.span(), printed, rule.id, is_prose=False)
        symbol = head.group() + rule.gives["number"].format(**item.groupdict())
        yield Citation(*item.span(), symbol, rule.id, is_prose=False)
        end = item.end()


def _between(symbol: str, item: re.Match[str]) -> range:
    """Return the numbers between a printed symbol and the end of its range ("PC.DEC/1048-1050")."""
    first = re.search(r"/(\d+)(?:/(\d+))?$", symbol)
    if not first or (first[2] and int(first[2]) != int(item["yy"])):
        return range(0)
    numbers = range(int(first[1]) + 1, int(item["number"]))
    return numbers if len(numbers) <= _LONGEST_RANGE else range(0)


def _list(text: str, rule: Rule, heads: Iterable[re.Match[str]], home: str) -> Iterator[Citation]:
    reached = 0
    for head in heads:
        items = list(_items(text, rule, head)) if head.start() >= reached else []
        if not items:
            continue
        reached = items[-1][2].end()
        after = citation_rules().pattern("list_body_after").match(text, items[-1][2].end())
        printed = head.groupdict().get("body") or (after and after["body"])
        is_own = citation_rules().pattern("list_own").search(text, max(0, head.start() - 12), head.start())
        body = body_code(printed) or (home if is_own and not head.groupdict().get("city") else "")
        known = _Known(rule.id, body, home)
        for start, first, last in items:
            if first is not last:
                yield from _range(start, head, (first, last), known)
            elif not rule.gives.get("is_catalogued") or load_catalogue().instrument(f"S/RES/{first['sc']}") is not None:
                yield _item(start, head, first, known)


def _items(text: str, rule: Rule, head: re.Match[str]) -> Iterator[tuple[int, re.Match[str], re.Match[str]]]:
    """Yield start, first and last number of each member; both numbers are equal unless it is a range."""
    start, item = head.start(), rule.part("item").match(text, head.end())
    while item:
        first = item
        separator, following = _next(text, rule, item)
        if separator and following and separator.groupdict().get("range"):
            item = following
            separator, following = _next(text, rule, item)
        yield start, first, item
        start, item = separator.end() if separator else start, following


def _next(text: str, rule: Rule, item: re.Match[str]) -> tuple[re.Match[str] | None, re.Match[str] | None]:
    """Return what follows a number in a list, and the next number."""
    for name in ("separator", "separator_titled"):
        separator = citation_rules().pattern(name).match(text, item.end())
        following = rule.part("item").match(text, separator.end()) if separator else None
        if following:
            return separator, following
    return None, None


def _range(
    start: int, head: re.Match[str], ends: tuple[re.Match[str], re.Match[str]], known: _Known
) -> Iterator[Citation]:
    """Every number of a range ("3/05 to 5/05"), each over the words of the whole."""
    first, last = ends
    numbers = [int(item.groupdict().get("number") or 0) for item in ends]
    is_one_year = first.groupdict().get("yy") in {None, last.groupdict().get("yy")}
    if not is_one_year or not 0 < numbers[1] - numbers[0] <= _LONGEST_RANGE:
        yield _item(start, head, first, known)
        yield _item(last.start(), head, last, known)
        return
    for number in range(numbers[0], numbers[1] + 1):
        part = {**head.groupdict(), **last.groupdict(), "number": str(number)}
        symbol, why, details = _osce_symbol(part, known.body, "", known.home)
        yield Citation(start, last.end(), symbol, known.rule, known.body, why=why, details=details, home=known.home)


def _year_attached(text: str, end: int) -> str:
    """The year of the date after a citation ("Decision No. 1, of 28 November 2000")."""
    attached = citation_rules().pattern("attached_date").match(text, end)
    return attached.group().rstrip(")")[-4:] if attached else ""


def _item(start: int, head: re.Match[str], item: re.Match[str], known: _Known) -> Citation:
    part = {**head.groupdict(), **item.groupdict()}
    dated = _year_attached(item.string, item.end()) if part.get("city") else ""
    year = part.get("of") or part.get("paren") or part.get("held") or part.get("when") or dated
    if part.get("sc"):
        symbol = f"S/RES/{part['sc']}" + (f" ({year})" if year else "")
        return Citation(start, item.end(), symbol, known.rule, year=year)
    rule, body, home = known
    symbol, why, details = _osce_symbol(part, body, year, home)
    return Citation(start, item.end(), symbol, rule, body, "" if body == "MC" else year, why, details, home=home)


def _osce_symbol(part: dict[str, str | None], body: str, year: str, home: str = "") -> _Symbol:
    """Return the symbol, or why there is none, with details."""
    number, full = int(part["number"] or 0), str(part.get("yy") or year)
    kind = "DEC" if str(part["type"]).lower().startswith("dec") and "lar" not in str(part["type"]).lower() else "DOC"
    is_bare = not full and not part.get("city") and not body
    if body == "PC" or (not full and not part.get("city") and number >= _MC_NUMBERS_END) or (is_bare and home == "PC"):
        return pc_decision_symbol(number), None, ""
    if body == "FSC":
        return (f"FSC.{kind}/{number}/{full_year(full) % 100:02d}", None, "") if full else ("", Why.NO_YEAR, "")
    if body == "PA":
        return "", Why.UNKNOWN_NUMBERS, ""
    return _mc_symbol(number, kind, full, part.get("city"))


def _mc_symbol(number: int, kind: str, year: str, city: str | None) -> _Symbol:
    years = [year] if year else [str(meeting.year) for meeting in load_catalogue().meetings if meeting.place == city]
    symbols = [symbol for year in years if (symbol := mc_decision_symbol(number, year, kind=kind))]
    if len(symbols) == 1:
        return symbols[0], None, ""
    if symbols:
        return "", Why.AMBIGUOUS, " | ".join(symbols)
    return ("", Why.NO_COUNCIL, year) if year else ("", Why.AMBIGUOUS, note_text(Why.NO_YEAR))


def _by_meeting(text: str) -> Iterator[Citation]:
    """Resolve numbers whose year is given by the meeting after them ("Decision No. 1 of the Tenth Ministerial Council")."""
    rule = citation_rules()["by_meeting"]
    for head in rule.finditer(text):
        items = list(_items(text, rule, head))
        place = rule.part("meeting").match(text, items[-1][2].end()) if items else None
        year = _year_of_meeting(place) if place else ""
        if not place or not year:
            continue
        for start, first, last in items:
            end = place.end() if len(items) == 1 else last.end()
            for number in range(int(first["number"]), int(last["number"]) + 1):
                symbol, why, details = _osce_symbol({**head.groupdict(), "number": str(number), "yy": year}, "MC", "")
                yield Citation(start, end, symbol, rule.id, "MC", why=why, details=details)


def _year_of_meeting(match: re.Match[str]) -> str:
    """Return the year of a meeting named by year, ordinal or place; empty if it is not a single meeting."""
    if year := match["year"] or match["year2"] or match["year3"] or match["year4"]:
        return str(year)
    if match["ordinal"]:
        meeting = load_catalogue().meeting(ordinal=ordinal_number(match["ordinal"]))
        return str(meeting.year) if meeting else ""
    city = match["city"] or match["city2"] or match["city3"]
    years = {meeting.year for meeting in load_catalogue().meetings if meeting.place == city}
    return str(years.pop()) if len(years) == 1 else ""

"""Citations in prose: a head and the numbers that share it, acts of the United Nations, meetings, descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from osce_commitments.catalogue import load_catalogue, organ_named, organ_of_symbol
from osce_commitments.catalogue.organs import UNITED_NATIONS
from osce_commitments.catalogue.symbols import full_year, mc_decision_symbol, pc_decision_symbol
from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.labels import Why, note_text
from osce_commitments.rules import Rule
from osce_commitments.tag.citations.citation import Citation, body_code, citation_rules
from osce_commitments.texts.numerals import ordinal_number

ASSEMBLY, SECURITY_COUNCIL, ECONOMIC = "General Assembly", "Security Council", "Economic and Social Council"
HUMAN_RIGHTS = "Human Rights Council"
_LOWEST_SESSION = 31  # Earlier sessions number their acts in another way ("3263 (XXIX)").
_FIRST_DECISION = 401  # The Assembly numbers its decisions from here in each session.
# No Ministerial Council has adopted a hundred decisions; the Permanent Council passed that in 1996.
_MC_NUMBERS_END = 100
_LONGEST_RANGE = 30
_Symbol = tuple[str, Why | None, str]  # symbol, why it has none, details


class _Head(NamedTuple):
    """What the numbers of a list share.

    Attributes:
        kind: ``resolution`` or ``decision``.
        organ: Organ that the head names; empty if none.
        is_many: Whether it is plural, so that titles may separate its numbers.
        is_of_un: Whether the document comes from the United Nations.
        home: Organ that adopted the document; empty if unknown.
    """

    kind: str
    organ: str
    is_many: bool
    is_of_un: bool
    home: str


def find_acts(text: str, body: str, symbol: str) -> Iterator[Citation]:
    """Resolutions and decisions by number ("its resolutions 46/182 of … and 3263 (XXIX)").

    Args:
        text: Plain text.
        body: Code of the body of the document, else empty.
        symbol: Symbol of the document, else empty: a bare number belongs to its organ if the sentence names none.
    """
    rule = citation_rules()["un.act"]
    heads = list(rule.finditer(text))
    for index, head in enumerate(heads):
        end = heads[index + 1].start() if index + 1 < len(heads) else len(text)
        items = list(_act_numbers(text, head, end))
        if items:
            yield from _citations(text, head, items, (body, symbol))
    rule = citation_rules()["un.of_paragraph"]
    for match in rule.finditer(text):
        act = f"S/RES/{match['number']} ({match['year']})"
        yield Citation(match.start("number"), match.end(), act, rule.id, year=match["year"])


def _act_numbers(text: str, head: re.Match[str], end: int) -> Iterator[re.Match[str]]:
    """Yield the numbers after a head; after a plural head, words may separate them up to the end of the sentence."""
    rules = citation_rules()
    item = rules.pattern("un.number").match(text, head.end(), end)
    if item is None and not _is_many(head):
        return
    position = item.end() if item else head.end()
    stop = rules.pattern("un.sentence_end").search(text, position, end)
    end = stop.start() + 1 if stop else end
    while item or (item := _later(text, position, end)):
        yield item
        position, item = item.end(), None
        separator = rules.pattern("separator").match(text, position, end)
        if separator:
            item = rules.pattern("un.number").match(text, separator.end(), end)
        if item is None and not _is_many(head):
            return


def _later(text: str, position: int, end: int) -> re.Match[str] | None:
    """Return the next number of a list whose members have titles, or that begins after other words ("in particular")."""
    link = citation_rules().pattern("un.before_number")
    for item in citation_rules().pattern("un.number").finditer(text, position, end):
        if not item["code"] and link.search(text, max(0, item.start() - 20), item.start()):
            return item
    return None


def _citations(
    text: str, match: re.Match[str], items: list[re.Match[str]], document: tuple[str, str]
) -> Iterator[Citation]:
    rules = citation_rules()
    body, symbol = document
    after = rules.pattern("un.organ_after").match(text, items[-1].end())
    organ = match["organ"] or (after["organ"] if after else "")
    organ = organ if match["kind"] else SECURITY_COUNCIL
    own = organ_of_symbol(symbol) if symbol else None
    # The committees of the United Nations prepare acts of the Assembly.
    home = own.act_of or own.name if own and own.organization == UNITED_NATIONS else ""
    kind = "decision" if (match["kind"] or "").lower().startswith("dec") else "resolution"
    head = _Head(kind, organ, _is_many(match), body == "UN" or bool(home), home)
    sentence = text[sentence_start(text, match.start()) : match.start()]
    named = [match["organ"] for match in rules.pattern("un.organ").finditer(sentence)]
    start = match.start()
    is_whole = rules.pattern("un.number").match(text, match.end()) is not None
    for item in items:
        meant = _organs(head, item, named)
        acts = (_symbol(head, one, item, is_dated=is_dated) for is_dated in (True, False) for one in meant)
        made = next((act for act in acts if act is not None), None)
        if made is None and kind == "resolution" and item["session"]:
            made = ""  # A number of some conference that the sentence does not name.
        if made is not None:
            span = (start if item is items[0] and is_whole else item.start(), item.end())
            why = None if made else Why.NOT_IN_CATALOGUE
            yield Citation(*span, made, "citations.un.act", year=item["year"] or item["of"] or "", why=why)


def _organs(head: _Head, item: re.Match[str], named: list[str]) -> list[str]:
    """Return the organs that may have adopted an act, the likeliest first; an unknown organ has no series."""
    if head.organ:
        full = head.organ.removeprefix("UN ").removeprefix("United Nations ")
        if full not in citation_rules().words["short_organs"]:
            return [_known(head.organ)]
        of_noun = [one for one in (*named[::-1], head.home) if one.endswith(full)]
        default = {
            "Assembly": ASSEMBLY,
            "Council": SECURITY_COUNCIL if item["council"] or item["slashed"] else ECONOMIC,
        }.get(full, full)
        return [_known(one) for one in of_noun] or [default]
    return [*map(_known, named[::-1]), *([head.home] if head.home else []), ASSEMBLY]


def _symbol(head: _Head, organ: str, item: re.Match[str], *, is_dated: bool) -> str | None:
    """Return the symbol of an act, empty for an organ without a series, None if the organ cannot have adopted it.

    Args:
        head: What the numbers of its list share.
        organ: The organ that is meant.
        item: Its number.
        is_dated: Whether its session must also fit its date.
    """
    if item["council"] or item["slashed"] or item["bare"]:
        number, year = item["council"] or item["slashed"] or item["bare"], item["year"] or item["of"]
        is_sure = organ == SECURITY_COUNCIL if head.organ else bool(year) and len(number) > 2  # noqa: PLR2004
        return f"S/RES/{number}" + (f" ({year})" if year else "") if is_sure and head.kind == "resolution" else None
    if item["early"]:
        letter = f" {item['letter']}" if item["letter"] else ""
        return f"{'E' if head.organ and organ == ECONOMIC else 'A'}/RES/{item['early']}{letter}({item['roman']})"
    if item["annual"]:
        if head.organ and organ != ECONOMIC:
            return ""
        if head.kind == "decision" and not head.is_of_un and not head.organ:
            return None
        kind = "RES" if head.kind == "resolution" else "DEC"
        return f"E/{kind}/{item['annual']}/{item['of_year']}"
    known = organ_named(organ)
    if item["code"] or known is None or not known.series:
        is_other = organ != SECURITY_COUNCIL and not is_dated and not item["code"]
        return "" if head.organ or is_other or (item["code"] and head.is_of_un) else None
    if not _is_plausible(head, organ, item, is_dated=is_dated):
        return None
    letters = re.sub(", | and | to ", "-", f" {item['letters']}") if item["letters"] else ""
    return known.act(head.kind, item["session"], f"{item['act']}{letters}")


def _is_plausible(head: _Head, organ: str, item: re.Match[str], *, is_dated: bool) -> bool:
    """Whether the number of a session fits an organ: sessions follow the years."""
    session, act = item["session"], int(item["act"])
    if head.kind == "decision" and organ == ASSEMBLY and act < _FIRST_DECISION and not (head.is_of_un or head.organ):
        return False
    if not session.isdigit():
        return organ in {ASSEMBLY, HUMAN_RIGHTS}
    if organ == ECONOMIC:
        return False  # Its acts have the year in their symbols.
    if head.organ:
        return True
    dated = citation_rules().pattern("un.year_after").match(item.string, item.end()) if is_dated else None
    bounds = _sessions(organ, int(dated["year"]) if dated else None)
    return int(session) in bounds


def _sessions(organ: str, year: int | None) -> range:
    """Return the sessions of an organ in a year, or all; the other organs with sessions are young."""
    if organ == ASSEMBLY:
        return range(year - 1946, year - 1943) if year else range(_LOWEST_SESSION, 1000)
    if organ == HUMAN_RIGHTS:
        return range(3 * (year - 2006) - 1, 3 * (year - 2006) + 6) if year else range(1, 70)
    return range(1, _LOWEST_SESSION)


def _is_many(head: re.Match[str]) -> bool:
    """Whether a head is plural."""
    return bool(head["many"] or head["many2"])


def _known(name: str) -> str:
    """Return the name of an organ in the table of organs; an unknown one as printed."""
    known = organ_named(name)
    return known.name if known else name


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
            if not any(citation.start < cited.end and cited.start < citation.end for citation in placed):
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
    for rule, match in citation_rules().matches("described", text):
        symbols = rule.gives.get("symbols", [rule.gives.get("symbol", "")])
        yield from (Citation(*match.span(), symbol, rule.id) for symbol in symbols)


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


def _item(start: int, head: re.Match[str], item: re.Match[str], known: _Known) -> Citation:
    part = {**head.groupdict(), **item.groupdict()}
    attached = citation_rules().pattern("attached_date").match(item.string, item.end()) if part.get("city") else None
    dated = attached.group().rstrip(")")[-4:] if attached else ""  # "Decision No. 1, of 28 November 2000"
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

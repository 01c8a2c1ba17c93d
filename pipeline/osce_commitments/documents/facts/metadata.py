"""Metadata of an instrument: from its text first, then from the catalogue, with the origin of each field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from osce_commitments.catalogue import (
    NO_KNOWN_BODY,
    UNITED_NATIONS,
    Instrument,
    Meeting,
    load_catalogue,
    organ_of_symbol,
)
from osce_commitments.catalogue.given import read_fact
from osce_commitments.catalogue.symbols import full_year
from osce_commitments.documents.facts.adoption import adoption_of
from osce_commitments.documents.facts.adoption_date import date_in_file_name, find_date
from osce_commitments.documents.facts.identity import (
    LETTERHEAD,
    below_letterhead,
    body_of_text,
    decision_line,
    enacting_body,
    speaker_of,
    symbol_of_name,
    symbol_of_text,
    type_by,
    type_of,
)
from osce_commitments.documents.patterns import INTERRUPTING, OPENING_PARAGRAPHS, fact_rules, layout_rules
from osce_commitments.documents.records import Paragraph, ReaderOutput
from osce_commitments.labels import NEVER_ADOPTED, BlockKind, DocumentType
from osce_commitments.schema import FRONT_MATTER, MARK_UP, SourceRef
from osce_commitments.texts.normalise import squeeze
from osce_commitments.texts.numerals import ordinal_in_figures

_GLUED_DATE_CHARACTERS = 90
_OF_VOLUME = frozenset({"date", "body"})
_FIRST_PARAGRAPHS = 30
_DATED_OPENING = 200
_DATED_KINDS = frozenset({BlockKind.HEADER, BlockKind.TITLE, BlockKind.SIGNATURE, BlockKind.PARAGRAPH})


class Facts:
    """Metadata fields with the origin of each; the first value offered is kept."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.origins: dict[str, str] = {}
        self.notes: list[str] = []

    def offer(self, name: str, value: object, origin: str) -> None:
        """Set a field if it is empty and the value is not."""
        if value and name not in self.values:
            self.values[name] = value
            self.origins[name] = origin

    def get(self, name: str) -> Any:  # noqa: ANN401 - the fields have different types
        """Return the value of a field; None if it is empty."""
        return self.values.get(name)


def describe(
    items: Sequence[Paragraph],
    ref: SourceRef,
    *,
    is_whole_file: bool,
    reading: ReaderOutput,
    given: Mapping[str, Any] = MappingProxyType({}),
) -> Facts:
    """Return the metadata of an instrument.

    Args:
        items: Its paragraphs, with titles and headings marked.
        ref: Its source; the name and symbol of the source are used only if the instrument is the whole file.
        is_whole_file: Whether the file contains only this instrument.
        reading: Its file as read: title in the file's own metadata, and front matter, which follows the run's table.
        given: Fields that the mark-up of the file gives; they are kept.
    """
    facts = Facts()
    _offer_given(facts, dict(ref.given), "metadata", is_whole_file=is_whole_file)
    _offer_given(facts, reading.front_matter, FRONT_MATTER, is_whole_file=is_whole_file)
    for field, value in given.items():
        facts.offer(field, value, MARK_UP)
    name = name_of_source(ref) if is_whole_file else ""
    titles = _titles(items)
    body = body_of_text(items)
    printed_symbol = symbol_of_text(items, body)
    facts.offer("symbol", printed_symbol, "text")
    if is_whole_file:
        if ref.symbol and printed_symbol and ref.symbol != printed_symbol:
            facts.notes.append(f"The text says {printed_symbol}, but it was fetched as {ref.symbol}.")
        facts.offer("symbol", ref.symbol, "catalogue")
        by_name = symbol_of_name(name)
        if by_name and by_name != facts.get("symbol"):
            facts.notes.append(f"Only the file name says {by_name}; it is not used as the symbol.")
    by_symbol = organ_of_symbol(facts.get("symbol") or "")
    facts.offer("body", by_symbol.body if by_symbol else body, "text")
    _offer_dates(facts, items)
    _offer_title(facts, titles, items, reading.title if is_whole_file else "")
    enacted_by = enacting_body(items)
    kind = type_of(items, facts.get("title") or "", facts.get("symbol") or "", is_enacted=enacted_by != "")
    facts.offer("type", kind, "text")
    _offer_from_catalogue(facts)
    dated = date_in_file_name(name)
    if dated is not None and facts.get("date") is None:
        facts.notes.append(f"Only the file name gives a day, {dated.isoformat()}; it is not used as the date.")
    subject = fact_rules().pattern("file_name.date").sub("", re.sub(r"[_\s]+", " ", name).strip())
    facts.offer("type", type_by("title", subject), "file name")
    symbol, origin = facts.get("symbol") or "", facts.origins.get("symbol", "text")
    if number := fact_rules()["symbol.number"].search(symbol):
        facts.offer("number", number["number"], origin)
    year = fact_rules()["symbol.year"].search(symbol)
    if year and facts.get("date") is None:
        facts.offer("year", full_year(year["full"] or year["short"]), origin)
    # A text of the Ministerial Council is dated on the last day of its meeting.
    meeting = _meeting(facts) if facts.get("body") == "MC" else None
    if meeting is not None:
        facts.offer("date", meeting.end, "catalogue")
        facts.offer("place", meeting.place, "catalogue")
        facts.offer("meeting", f"{ordinal_in_figures(meeting.ordinal)} Meeting of the Ministerial Council", "catalogue")
    adoption = adoption_of(
        items,
        title=facts.get("title") or "",
        symbol=facts.get("symbol") or "",
        kind=facts.get("type") or DocumentType.OTHER,
        enacted_by=enacted_by,
    )
    facts.offer("adopted", adoption.adopted, adoption.origin)
    facts.offer("adopted_because", adoption.because, adoption.origin)
    is_given = facts.origins.get("year") in {"metadata", FRONT_MATTER}
    if is_given and facts.get("date") and facts.get("date").year != facts.get("year"):
        # A given year is surer than a day of another year.
        del facts.values["date"], facts.origins["date"]
    facts.offer("year", facts.get("date").year if facts.get("date") else None, facts.origins.get("date", "text"))
    return facts


def _offer_given(facts: Facts, written: Mapping[str, str], origin: str, *, is_whole_file: bool) -> None:
    """Offer the facts that a person gives; those on one instrument are not used for a file with several."""
    used = {name: text for name, text in written.items() if is_whole_file or name in _OF_VOLUME}
    for name, text in used.items():
        try:
            field, value = read_fact(name, text)
        except ValueError as error:
            facts.notes.append(f"The {origin} was not used for {name}: {error}.")
            continue
        facts.offer(field, value, origin)
        if field == "adopted":
            facts.offer("adopted_because", f"the {origin} says {value}", origin)
    if len(used) < len(written):
        left_out = ", ".join(name for name in written if name not in used)
        facts.notes.append(f"The file holds several documents; the {origin} was not used for {left_out}.")


def name_of_source(ref: SourceRef) -> str:
    """Return the file name or last part of the address, without extension; empty for standard input."""
    path = unquote(urlsplit(ref.uri).path) if "://" in ref.uri else ref.uri.replace("\\", "/")
    return "" if ref.uri == "-" else squeeze(PurePosixPath(path).stem)


def _titles(items: Sequence[Paragraph]) -> list[str]:
    """Return the texts of the first group of titles below a letterhead, else the line above those who speak."""
    speaker = speaker_of(items)
    if speaker is not None and speaker.is_glued:
        return [speaker.subject]
    titles: list[str] = []
    for item in below_letterhead(items):
        if item.kind is BlockKind.TITLE:
            text = layout_rules().pattern("footnote.last_mark").sub("", item.text).strip()
            named = fact_rules().first("own_symbol", text)
            text = named[1].groupdict().get("title") or "" if named else text
            if text and not fact_rules().finds("not_title", text):
                titles.append(layout_rules().pattern("letterhead.subject").sub("", text))
        elif titles and item.kind in {BlockKind.PARAGRAPH, BlockKind.HEADING}:
            break
    if not titles and speaker is not None and fact_rules().finds("subject", speaker.subject):
        return [speaker.subject]
    return titles


def _offer_dates(facts: Facts, items: Sequence[Paragraph]) -> None:
    """Offer date, place and meeting.

    The date is that of the line of adoption, else of header block, title and opening, running head, closing, else
    that of distribution, which a note then says.
    """
    rules = fact_rules()
    shown = [item for item in items if item.kind not in INTERRUPTING]
    issued = None
    if not rules.finds("symbol.dated_by_header", facts.get("symbol") or ""):
        # The line with the day of distribution: "Distr.: General", then "27 December 2022".
        labels = (place for place, item in enumerate(shown[:LETTERHEAD]) if rules.finds("issued", item.text))
        label = next(labels, len(shown))
        below = (item for item in shown[label : label + 3] if rules.finds("adoption_day_below", item.text))
        issued = next(below, None)
    header = [item.text for item in shown if item.kind is BlockKind.HEADER and item is not issued]
    opening = _opening([item for item in shown if item is not issued])
    in_sentences: list[str] = []
    for item in shown[:_FIRST_PARAGRAPHS]:
        if act := rules.first("adoption_in_text", item.text):
            start = act[1].start("day") if "day" in act[1].re.groupindex else 0
            in_sentences.append(item.text[start : start + _DATED_OPENING])
    meetings: list[str] = []
    if issued is not None:
        meetings = _lines_of_day(shown, "meeting_of_adoption")
        # A letterhead has the days of the whole session.
        opening = [text for text in opening if not rules.finds("days_of_session", text)]
    heads = [item.text for item in items if item.kind is BlockKind.FURNITURE]
    closing = [item.text for item in items if item.kind is BlockKind.SIGNATURE]
    adoption = _lines_of_day(shown, "adoption")
    for text in (*adoption, *in_sentences, *meetings, *header, *opening, *heads, *closing):
        _offer_date(facts, text)
    if issued is not None and facts.get("date") is None:
        _offer_date(facts, issued.text)
        facts.notes.append("The text gives no day of adoption; the date is that of distribution.")
    for text in (*header, *opening):
        located = rules.first("place", text)
        if located is not None:
            facts.offer("place", located[1]["place"], "text")
    # Agenda items of the United Nations name meetings as well.
    meeting = "meeting_of_adoption" if facts.get("body") == UNITED_NATIONS else "meeting"
    for text in header:
        if rules.finds(meeting, text):
            facts.offer("meeting", text, "text")


def _offer_date(facts: Facts, text: str) -> None:
    date = find_date(text)
    if date is not None and facts.get("date") is None:
        facts.offer("date", date[0], "text")
        if date[1]:
            facts.notes.append(f"The day of {text[:60]!r} is misprinted; it was read as {date[0].isoformat()}.")


def _lines_of_day(shown: Sequence[Paragraph], rule: str) -> list[str]:
    """Return short lines that a rule finds, each with a day that stands below it."""
    lines = []
    for item, below in zip_longest(shown, shown[1:]):
        if (
            item.kind in _DATED_KINDS
            and len(item.text) < 2 * _GLUED_DATE_CHARACTERS
            and fact_rules().finds(rule, item.text)
        ):
            is_split = below is not None and fact_rules().finds("adoption_day_below", below.text)
            lines.append(f"{item.text} {below.text}" if below is not None and is_split else item.text)
    return lines


def _opening(items: Sequence[Paragraph]) -> list[str]:
    """Return the titles, and short lines that give the date of adoption, among the first paragraphs of a text."""
    texts: list[str] = []
    for item in items[:LETTERHEAD]:
        is_dated = layout_rules().finds("header_block.possible", item.text) or fact_rules().finds("adoption", item.text)
        if item.kind is BlockKind.TITLE or (is_dated and len(item.text) < 2 * _GLUED_DATE_CHARACTERS):
            texts.append(item.text)
    return texts


def _offer_title(facts: Facts, titles: list[str], items: Sequence[Paragraph], file_title: str) -> None:
    subjects = [text for text in titles if decision_line(text) is None]
    numbered = [match for text in titles if (match := decision_line(text))]
    with_subject = [match["title"] for match in numbered if "title" in match.re.groupindex]
    title = " ".join(filter(None, subjects or with_subject or titles))
    # The catalogue has the spelling of a title in capitals.
    known = load_catalogue().by_name(title) if title.isupper() else None
    is_same = known is not None and known.title.casefold() == title.casefold()
    facts.offer("title", known.title if known and is_same else title, "text")
    if numbered:
        facts.offer("number", re.sub(r"\s", "", numbered[0]["number"]), "text")
    headings = [item.text for item in items[:OPENING_PARAGRAPHS] if item.kind is BlockKind.HEADING]
    facts.offer("title", next((text for text in headings if fact_rules().finds("title", text)), ""), "text")
    if " " in file_title and not fact_rules().finds("file_title.placeholder", file_title):
        facts.offer("title", file_title, "text")


def _offer_from_catalogue(facts: Facts) -> None:
    row = _catalogue_entry(facts)
    if row is None:
        return
    facts.offer("symbol", row.symbol, "catalogue")
    source = "text" if facts.origins.get("date") == "text" else ""
    date, place = facts.get("date"), facts.get("place")
    if source and row.date is not None and date != row.date:
        facts.notes.append(f"The text is dated {date.isoformat()}, the catalogue says {row.date.isoformat()}.")
    elif source and row.year is not None and date.year != row.year:
        facts.notes.append(f"The text is dated {date.isoformat()}, the catalogue says {row.year}.")
    if place and row.place and place.casefold() != row.place.casefold():
        facts.notes.append(f"The text names the place {place}, the catalogue {row.place}.")
    facts.offer("date", row.date, "catalogue")
    if facts.get("date") is None:
        facts.offer("year", row.year, "catalogue")
    facts.offer("place", row.place, "catalogue")
    facts.offer("title", row.title, "catalogue")
    facts.offer("number", row.number, "catalogue")
    facts.offer("body", row.body if row.body != NO_KNOWN_BODY else "", "catalogue")
    facts.offer("type", row.type, "catalogue")


def _catalogue_entry(facts: Facts) -> Instrument | None:
    catalogue = load_catalogue()
    if facts.get("symbol"):
        return catalogue.instrument(facts.get("symbol"))
    kind = facts.get("type")
    if kind in NEVER_ADOPTED:
        return None
    row = catalogue.by_name(facts.get("title") or "")
    if row is None:
        return None
    number = facts.get("number") or ""
    date, year = facts.get("date"), facts.get("year") or (facts.get("date") and facts.get("date").year)
    agrees = [row.number == number] if number and row.number else []
    agrees += [row.date == date] if date and row.date else [row.year == year] if year and row.year else []
    # Bodies decide on the same subject again and again: the title alone does not show their act.
    is_one_of_many = row.type in {DocumentType.DECISION, DocumentType.RESOLUTION}
    return row if all(agrees) and (agrees or not is_one_of_many) else None


def _meeting(facts: Facts) -> Meeting | None:
    catalogue = load_catalogue()
    by_ordinal = fact_rules()["symbol.meeting"].search(facts.get("symbol") or "")
    if by_ordinal:
        return catalogue.meeting(ordinal=int(by_ordinal["ordinal"]))
    date: dt.date | None = facts.get("date")
    if date is not None:
        return next((meeting for meeting in catalogue.meetings if meeting.start <= date <= meeting.end), None)
    year = facts.get("year")
    return catalogue.meeting(year=year) if year else None

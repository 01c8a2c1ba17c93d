"""The facts and the structure in the mark-up of an Akoma Ntoso document.

This module does not use the reader of the pipeline, so that its errors show.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from osce_commitments.documents.readers.akn_reader import akn_root
from osce_commitments.labels import Role

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NS = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
_HEADING = re.compile(r"H\d+")
_ENDS = (".", ";", ",", "”", ")")
_PRINTED_LABEL = re.compile(r"^\(?(?:[a-z]{1,2}|[ivx]{1,5}|\d{1,3})[).]\s|^[-\u2013\u2022]\s")
_CITED_HOSTS = ("undocs.org", "docs.un.org")
_LETTER_MARKS = frozenset("(abcdefghijklmnopqrstuvwxyz)")


class UnitKind(StrEnum):
    """The kind of a unit in the mark-up."""

    RECITAL = "recital"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Unit:
    """A recital, paragraph or list item.

    Attributes:
        words: Its words in one line, without its number and footnotes.
        number: Composed number, such as "3 (a)"; empty if it has none; None if the mark-up does not say.
        stems: Lead-ins above it, outermost first.
        act: Words set in italics at its start.
        cited: Symbols that its links name, without spaces.
        role: Part of the document.
    """

    kind: UnitKind
    words: str
    role: Role
    number: str | None = ""
    stems: tuple[str, ...] = ()
    act: str = ""
    cited: tuple[str, ...] = ()


@dataclass(slots=True)
class MarkedTruth:
    """One marked-up document; facts that the mark-up does not give are empty or None.

    ``words`` are all words of the file, to find rows that are not in its text.
    """

    symbol: str
    title: str
    date: dt.date | None
    words: str
    units: list[Unit] = field(default_factory=list)


def read_truth(content: bytes) -> tuple[MarkedTruth, Element] | None:
    """Return facts and units, and the element of the document; None for a file of another kind.

    Only a file with one document that has a preamble and a main body can be measured.

    Raises:
        DocumentError: If the file is not Akoma Ntoso.
    """
    root = akn_root(content)
    children = [child for child in root if name_of(child)]
    top = children[0] if len(children) == 1 else None
    preamble, body = (_child(top, "preamble"), _child(top, "mainBody")) if top is not None else (None, None)
    if top is None or preamble is None or body is None:
        return None
    truth = MarkedTruth(
        _symbol(top), _title(top), _date(top), " ".join(map(words_of, (top, *top.iter(f"{NS}authorialNote"))))
    )
    for element in preamble:
        if name_of(element) == "container":
            truth.units += _recital(element)
    truth.units += _units(body, Role.OPERATIVE)
    for attachment in top.iter(f"{NS}attachment"):
        for part in attachment.iter(f"{NS}mainBody"):
            truth.units += _units(part, Role.ANNEX)
    return truth, top


def name_of(element: Element) -> str:
    """Return the name of an element without its namespace; empty for comments and the like."""
    return element.tag.removeprefix(NS) if isinstance(element.tag, str) else ""


def _child(element: Element, name: str) -> Element | None:
    return element.find(NS + name)


def words_of(element: Element | None) -> str:
    """Return the words of an element in one line, without footnotes."""
    return " ".join("".join(_flat(element)).split()) if element is not None else ""


def _flat(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if name_of(child) and name_of(child) != "authorialNote":
            yield " " if name_of(child) == "eol" else ""
            yield from _flat(child)
        yield child.tail or ""


def _symbol(top: Element) -> str:
    numbers = (element for element in top.iter(f"{NS}docNumber") if element.get("refersTo") == "#symbol")
    return next((words_of(number) for number in numbers), "")


def _title(top: Element) -> str:
    titles = {element.get("refersTo", ""): words_of(element) for element in top.iter(f"{NS}docTitle")}
    return titles.get("#resolutionTitle") or titles.get("#resolutionNumber") or ""


def _date(top: Element) -> dt.date | None:
    for element in top.iter(f"{NS}FRBRdate"):
        parent = element.getparent()
        if element.get("name") == "adoption" and parent is not None and name_of(parent) == "FRBRWork":
            return dt.date.fromisoformat(element.get("date", ""))
    return None


def _units(top: Element, role: Role) -> Iterator[Unit]:
    for element in top:
        name = name_of(element)
        if name == "paragraph":
            yield from _paragraph(element, role)
        elif name == "crossHeading" and element.get("refersTo") == "#preamble":
            yield Unit(UnitKind.RECITAL, words_of(element), Role.PREAMBLE, cited=_cited(element))
        elif name in {"section", "part", "chapter", "container"}:
            yield from _units(element, role)


def _recital(container: Element) -> Iterator[Unit]:
    listed = _child(container, "blockList")
    if listed is None:
        yield Unit(UnitKind.RECITAL, words_of(container), Role.PREAMBLE, cited=_cited(container))
        return
    stem = words_of(_child(listed, "listIntroduction"))
    for item in listed.findall(f"{NS}item"):
        words = words_of(_child(item, "p"))
        number = _number(item)
        yield Unit(UnitKind.ITEM, words, Role.PREAMBLE, number, (stem,), cited=_cited(item))


def _paragraph(paragraph: Element, role: Role) -> Iterator[Unit]:
    if _HEADING.fullmatch(paragraph.get("class", "")):
        return
    listed, content, number = _child(paragraph, "list"), _child(paragraph, "content"), _number(paragraph)
    if listed is not None:
        yield from _items(listed, role, number, (words_of(_child(listed, "intro")),), _cited(_child(listed, "intro")))
    elif content is not None:
        words = words_of(content)
        # Some headings are marked as paragraphs: they have no number and end without a sign.
        is_text = not number and words.endswith(_ENDS) and not _PRINTED_LABEL.match(words)
        is_paragraph = (number.isdigit() and not words.endswith(":")) or is_text
        kind = UnitKind.PARAGRAPH if is_paragraph else UnitKind.FLAT
        cited_number = number if kind is UnitKind.PARAGRAPH else None
        yield Unit(kind, words, role, cited_number, act=_act(content), cited=_cited(content))


def _items(listed: Element, role: Role, number: str, stems: tuple[str, ...], cited: tuple[str, ...]) -> Iterator[Unit]:
    """Yield the items of a list; a list next to an item belongs to it."""
    stems = tuple(filter(None, stems))
    children = [child for child in listed if name_of(child) in {"point", "sublist", "list"}]
    for child, following in zip(children, [*children[1:], None], strict=True):
        if name_of(child) != "point":
            continue
        own = " ".join(part for part in (number, _number(child)) if part)
        inner = _child(child, "list")
        words = words_of(_child(inner, "intro") if inner is not None else _child(child, "content"))
        links = _cited(_child(child, "content"))
        below = inner if inner is not None else following
        if below is not None and name_of(below) in {"sublist", "list"}:
            yield from _items(below, role, own, (*stems, words), (*cited, *links))
        else:
            yield Unit(UnitKind.ITEM, words, role, own, stems, cited=(*cited, *links))


def _number(element: Element) -> str:
    """Return the number as it is cited: "3." is "3", "(a)" and "a." are "(a)", a dash gives no number."""
    printed = words_of(_child(element, "num"))
    if not any(map(str.isalnum, printed)):
        return ""
    plain = printed.rstrip(".")
    is_letter = plain != printed and set(plain) <= _LETTER_MARKS and "(" not in plain
    return f"({plain})" if is_letter else plain


def _act(element: Element) -> str:
    """Return the words set in italics at the start of a paragraph."""
    span = next((child for child in element.iter(f"{NS}span") if child.get("class") == "italic"), None)
    act = words_of(span)
    return act if act and words_of(element).startswith(act) else ""


def _cited(element: Element | None) -> tuple[str, ...]:
    if element is None:
        return ()
    symbols = []
    for link in element.iter(f"{NS}a", f"{NS}ref"):
        address = urlsplit(link.get("href", ""))
        is_in_note = any(name_of(above) == "authorialNote" for above in link.iterancestors())
        if not is_in_note and address.netloc.endswith(_CITED_HOSTS):
            symbols.append(unquote(address.path).removeprefix("/en/").lstrip("/").replace(" ", ""))
    return tuple(dict.fromkeys(symbols))

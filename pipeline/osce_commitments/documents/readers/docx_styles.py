"""Styles of DOCX paragraphs, each with those that it is based on, and automatic numbering: the labels that are printed.

ECMA-376 part 1, 17.9: a paragraph (or a style of its chain) refers to a list instance and a level; the instance
refers to an abstract list, whose levels give format, text ("%1.%2") and start; a level restarts after a higher one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from osce_commitments.documents.readers.docx_package import Element, value_of, w
from osce_commitments.texts.normalise import clean
from osce_commitments.texts.numerals import format_number

_MAX_LEVEL = 8
_LONGEST_CHAIN = 50  # Word itself follows no more than about ten
_OFF = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A style.

    Attributes:
        style_id: Its identifier in the file.
        name: Its name in small letters.
        element: Its ``w:style`` element.
        is_bold: Whether it makes text bold; None if it does not say.
    """

    style_id: str
    name: str
    element: Element
    is_bold: bool | None


class Styles:
    """The styles of a file.

    Args:
        root: Root of the part with the styles, if there is one.
    """

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, ParagraphStyle] = {}
        self._base: dict[str, str] = {}
        self._chains: dict[str, tuple[ParagraphStyle, ...]] = {}
        for element in () if root is None else root.iterchildren(w("style")):
            identifier = element.get(w("styleId"))
            if identifier is not None:
                bold = element.find(f"{w('rPr')}/{w('b')}")
                is_bold = None if bold is None else bold.get(w("val"), "true") not in _OFF
                name = value_of(element.find(w("name"))).lower()
                self._styles[identifier] = ParagraphStyle(identifier, name, element, is_bold)
                self._base[identifier] = value_of(element.find(w("basedOn")))

    def chain(self, paragraph: Element) -> tuple[ParagraphStyle, ...]:
        """The style of a paragraph, followed by those that it is based on; empty for the default style."""
        named = value_of(paragraph.find(f"{w('pPr')}/{w('pStyle')}"))
        if named not in self._chains:
            chain: dict[str, ParagraphStyle] = {}
            identifier = named
            while identifier in self._styles and identifier not in chain and len(chain) < _LONGEST_CHAIN:
                chain[identifier] = self._styles[identifier]
                identifier = self._base[identifier]
            self._chains[named] = tuple(chain.values())
        return self._chains[named]


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    text: str
    start: int
    is_legal: bool
    style: str
    restart: int | None


class Numbering:
    """Counts the list items of a document; labels must be requested in the order of the paragraphs.

    Args:
        root: Root of the part with the numbering; a document without lists has none.
    """

    def __init__(self, root: Element | None) -> None:
        self._abstract_of: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._starts: dict[str, dict[int, int]] = defaultdict(dict)
        self._counters: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()
        if root is not None:
            self._read(root)

    def _read(self, root: Element) -> None:
        by_style_link = {}
        linked = {}
        for abstract in root.iterchildren(w("abstractNum")):
            identifier = abstract.get(w("abstractNumId"), "")
            self._levels[identifier] = dict(_levels(abstract.iterchildren(w("lvl"))))
            by_style_link[value_of(abstract.find(w("styleLink"))) or identifier] = identifier
            link = value_of(abstract.find(w("numStyleLink")))
            if link:
                linked[identifier] = link
        for number in root.iterchildren(w("num")):
            identifier = number.get(w("numId"), "")
            abstract_id = value_of(number.find(w("abstractNumId")))
            self._abstract_of[identifier] = by_style_link.get(linked.get(abstract_id, abstract_id), abstract_id)
            for override in number.iterchildren(w("lvlOverride")):
                level = int(override.get(w("ilvl"), "0"))
                start = value_of(override.find(w("startOverride")))
                if start.lstrip("-").isdigit():
                    self._starts[identifier][level] = int(start)

    def label(self, paragraph: Element, styles: Sequence[ParagraphStyle]) -> str:
        """Count the next paragraph and return its printed label; empty without one.

        Args:
            paragraph: The ``w:p`` element.
            styles: ParagraphStyle of the paragraph, followed by the styles that it is based on.
        """
        number, level = self._reference(paragraph, styles)
        levels = self._levels.get(self._abstract_of.get(number, ""), {})
        if not number or number == "0" or level not in levels:
            return ""
        counters = self._count(number, level, levels)
        return _printed(levels, level, counters)

    def _reference(self, paragraph: Element, styles: Sequence[ParagraphStyle]) -> tuple[str, int]:
        holders = [(paragraph, ""), *((style.element, style.style_id) for style in styles)]
        number, level = "", None
        for holder, style_id in holders:
            properties = holder.find(f"{w('pPr')}/{w('numPr')}")
            if properties is None:
                continue
            if level is None and value_of(properties.find(w("ilvl"))).isdigit():
                level = int(value_of(properties.find(w("ilvl"))))
            number = value_of(properties.find(w("numId")))
            if number:
                if level is None:
                    levels = self._levels.get(self._abstract_of.get(number, ""), {})
                    level = next((at for at, rule in levels.items() if style_id and rule.style == style_id), None)
                break
        return number, min(level or 0, _MAX_LEVEL)

    def _count(self, number: str, level: int, levels: dict[int, _Level]) -> dict[int, int]:
        counters = self._counters[self._abstract_of[number]]
        override = self._starts[number].get(level)
        if override is not None and (number, level) not in self._started:
            counters[level] = override
        elif level in counters:
            counters[level] += 1
        else:
            counters[level] = levels[level].start
        self._started.add((number, level))
        for above in range(level):
            counters.setdefault(above, levels[above].start if above in levels else 1)
        for below in [other for other in counters if other > level]:
            rule = levels.get(below)
            if rule is None or rule.restart is None or (rule.restart != 0 and level < rule.restart):
                del counters[below]
        return counters


def _levels(elements: Iterable[Element]) -> Iterable[tuple[int, _Level]]:
    for element in elements:
        start, restart = value_of(element.find(w("start"))), value_of(element.find(w("lvlRestart")))
        legal = element.find(w("isLgl"))
        yield (
            int(element.get(w("ilvl"), "0")),
            _Level(
                form=value_of(element.find(w("numFmt"))) or "decimal",
                text=value_of(element.find(w("lvlText"))),
                start=int(start) if start.isdigit() else 0,
                is_legal=legal is not None and value_of(legal) not in {"0", "false"},
                style=value_of(element.find(w("pStyle"))),
                restart=int(restart) if restart.isdigit() else None,
            ),
        )


def _printed(levels: dict[int, _Level], level: int, counters: dict[int, int]) -> str:
    rule = levels[level]
    if rule.form == "bullet":
        symbol = clean(rule.text).strip()
        return symbol if symbol and symbol != "o" else "•"

    def number(match: re.Match[str]) -> str:
        position = int(match[1]) - 1
        form = "decimal" if rule.is_legal or position not in levels else levels[position].form
        return format_number(counters.get(position, 1), form)

    return clean(re.sub(r"%(\d)", number, rule.text)).strip()

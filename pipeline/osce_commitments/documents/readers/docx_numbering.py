"""Automatic numbering of DOCX paragraphs: the labels that a word processor prints.

ECMA-376 part 1, 17.9: a paragraph (or a style of its chain) refers to a list instance and a level; the instance
refers to an abstract list, whose levels give format, text ("%1.%2") and start; a level restarts after a higher one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.documents.readers.docx_package import Element, value_of, w
from osce_commitments.texts.normalise import clean
from osce_commitments.texts.numerals import format_number

if TYPE_CHECKING:
    from osce_commitments.documents.readers.docx_styles import ParagraphStyle

_MAX_LEVEL = 8


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
                level = self._level_of_style(number, style_id) if level is None else level
                break
        return number, min(level or 0, _MAX_LEVEL)

    def _level_of_style(self, number: str, style_id: str) -> int | None:
        levels = self._levels.get(self._abstract_of.get(number, ""), {})
        return next((level for level, rule in levels.items() if style_id and rule.style == style_id), None)

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

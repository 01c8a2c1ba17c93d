"""Labels of list items: the printed form and the positions in a count that it can stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from osce_commitments.provisions.patterns import list_rules

_ALPHABET = 26
_DOUBLED = 2
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}

# Usual depth of a style, used where neither the count nor a stem decides; smaller is further out.
_RANKS = {"upper-roman": 0, "upper": 1, "decimal": 2, "decimal-levels": 3, "lower": 5, "lower-roman": 6, "bullet": 7}
_RANK_OF_BRACKETED_NUMBER = 4


@dataclass(frozen=True, slots=True)
class LabelReading:
    """One way to read a label.

    Attributes:
        style: Kind and punctuation; items of one list share it.
        value: Position in the count from 1; 0 for bullets.
        rank: Usual depth of the style.
    """

    style: str
    value: int
    rank: int

    @property
    def is_minor(self) -> bool:
        """Whether such items are usually nested below numbered paragraphs."""
        return self.rank > _RANK_OF_BRACKETED_NUMBER


@dataclass(frozen=True, slots=True)
class ItemLabel:
    """The label of a list item.

    Attributes:
        length: Characters from the start of the label to the start of the item's text.
        number: Form used in a citation: "3", "(a)", "b)", "2.1"; empty for bullets.
        readings: Possible readings, the likelier first: "(i)" can be a Roman one or the ninth letter.
        is_sure: Whether it must be a label; a lone capital may be an initial, a bare number a quantity.
    """

    length: int
    number: str
    readings: tuple[LabelReading, ...]
    is_sure: bool = True

    @property
    def is_bullet(self) -> bool:
        """Whether it is a dash or bullet, without a number."""
        return not self.number

    @property
    def is_first(self) -> bool:
        """Whether it can open a list."""
        return any(reading.value <= 1 for reading in self.readings)

    @property
    def is_minor(self) -> bool:
        """Whether such items are usually nested below numbered paragraphs."""
        return any(reading.is_minor for reading in self.readings)


def read_label(text: str, position: int = 0, *, bare: tuple[str, ...] = ()) -> ItemLabel | None:
    """Return the label at a position in a text, or None.

    Args:
        text: Text of a paragraph.
        position: Where the label would stand.
        bare: Groups of rules on numbers and letters without punctuation that count as well ("1 Each Party shall").
    """
    lists = list_rules()
    for rule in lists.group("label"):
        if match := rule.pattern.match(text, position):
            return _label(match, is_sure=match.lastgroup is None or not match.groupdict().get("upper"))
    for rule in (rule for group in bare for rule in lists.group(group)):
        if match := rule.pattern.match(text, position):
            return _label(match, is_sure=False)
    return None


def given_label(number: str, length: int) -> ItemLabel | None:
    """Return the label of an item whose mark-up gives its number; None if it has no label.

    Args:
        number: Form used in a citation; empty for dashes.
        length: Characters of the printed label; 0 without one.
    """
    if not length and not number:
        return None
    known = read_label(f"{number} x" if number else "- x")
    is_same = known is not None and known.number == number
    readings = known.readings if known is not None and is_same else (LabelReading("given", 0, _RANKS["upper-roman"]),)
    return ItemLabel(length, number, readings)


def _label(match: re.Match[str], *, is_sure: bool) -> ItemLabel:
    groups = match.groupdict()
    length = match.end() - match.start()
    if bullet := groups.get("bullet"):
        return ItemLabel(length, "", (LabelReading(f"bullet {bullet}", 0, _RANKS["bullet"]),))
    mark = (groups.get("open") or "") + (groups.get("close") or groups.get("tight") or "")
    if decimal := groups.get("decimal"):
        return ItemLabel(length, _citation_form(decimal, mark), (_decimal(decimal, mark),), is_sure)
    letters = groups.get("lower") or groups["upper"]
    readings = tuple(_letters(letters, mark))
    return ItemLabel(length, _citation_form(letters, mark), readings, is_sure or len(letters) > 1)


def _decimal(decimal: str, mark: str) -> LabelReading:
    if decimal[-1].isalpha():
        return LabelReading(f"decimal-letter {mark}", ord(decimal[-1]) - ord("a") + 1, _RANKS["lower"])
    *outer, last = decimal.split(".")
    kind = "decimal-levels" if outer else "decimal"
    rank = _RANK_OF_BRACKETED_NUMBER if ")" in mark else _RANKS[kind]
    return LabelReading(f"{kind} {len(outer)} {mark}", int(last), rank)


def _letters(letters: str, mark: str) -> list[LabelReading]:
    case = "lower" if letters.islower() else "upper"
    small = letters.lower()
    roman = (
        [LabelReading(f"{case}-roman {mark}", _roman(small), _RANKS[f"{case}-roman"])]
        if set(small) <= set(_ROMAN)
        else []
    )
    # "(z)" is followed by "(aa)", "(bb)".
    place = ord(small[0]) - ord("a") + 1 + _ALPHABET * (len(small) - 1)
    letter = (
        [LabelReading(f"{case} {mark}", place, _RANKS[case])] if len(set(small)) == 1 and len(small) <= _DOUBLED else []
    )
    return letter + roman if small == "l" else roman + letter


def _roman(letters: str) -> int:
    values = [_ROMAN[letter] for letter in letters]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


def _citation_form(printed: str, mark: str) -> str:
    if "(" in mark or (printed.islower() and ")" not in mark):
        return f"({printed})"
    return f"{printed})" if ")" in mark else printed

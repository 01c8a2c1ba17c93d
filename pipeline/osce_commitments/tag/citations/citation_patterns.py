"""The patterns of ``resources/citations.yaml``, compiled with the catalogue's places and bodies."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from osce_commitments.catalogue import cities, places
from osce_commitments.resources import load_yaml
from osce_commitments.rules.record import alternatives, fill_atoms
from osce_commitments.texts.dates import months_pattern
from osce_commitments.texts.numerals import ordinal_pattern

_NUMBER = r"(?P<number>\d{1,4})(?:/(?P<yy>(?:19|20)?\d\d))?(?:/(?:Corr|Rev|Add)\.? ?\d)?(?![\d/])(?!\.\d)"
_NUMBER_WITH_YEAR = r"(?P<number>\d{1,2})/(?P<yy>(?:19|20)?\d\d)(?:/(?:Corr|Rev|Add)\.? ?\d)?(?![\w/])"


@dataclass(frozen=True, slots=True)
class ListPattern:
    """A head ("resolutions") and the items that share it."""

    name: str
    hint: tuple[str, ...]
    head: re.Pattern[str]
    item: re.Pattern[str]


@functools.cache
def list_patterns() -> tuple[ListPattern, ...]:
    """Heads of lists of numbers, in the order in which they are tried."""
    return tuple(
        ListPattern(
            row["name"],
            tuple(row["hint"]),
            compile_citation(r"(?<![\w/])" + row["head"]),
            compile_citation(row["item"]),
        )
        for row in load_yaml("citations")["lists"]
    )


@functools.cache
def continuations() -> tuple[ListPattern, ...]:
    """For each kind of symbol the bare numbers that can follow one; ``name`` is the template of the symbol."""
    return tuple(
        ListPattern(row["symbol"], (), re.compile(row["head"]), compile_citation(row["item"]))
        for row in load_yaml("citations")["continued"]
    )


@functools.cache
def by_meeting() -> tuple[ListPattern, re.Pattern[str]]:
    """A list of numbers, and the meeting behind it that places them."""
    row = load_yaml("citations")["by_meeting"]
    return (
        ListPattern("by_meeting", (), compile_citation(r"(?<![\w/])" + row["head"]), compile_citation(row["item"])),
        compile_citation(row["meeting"]),
    )


@functools.cache
def citation_pattern(name: str) -> re.Pattern[str]:
    """A single pattern of the file by its key; of an entry with examples, its ``pattern``."""
    entry = load_yaml("citations")[name]
    return compile_citation(entry if isinstance(entry, str) else entry["pattern"])


@functools.cache
def described_instruments() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Descriptions and the symbols that they stand for."""
    return tuple((compile_citation(row["pattern"]), row["symbol"]) for row in load_yaml("citations")["described"])


@functools.cache
def ambiguous_names() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """Names of several texts and what they can mean."""
    return tuple((compile_citation(row["pattern"]), tuple(row["texts"])) for row in load_yaml("citations")["ambiguous"])


@functools.cache
def outside() -> tuple[ListPattern, ...]:
    """Names of acts that the catalogue does not list; ``head`` is the whole of a name."""
    rows = load_yaml("citations")["outside"]
    return tuple(
        ListPattern(
            row["name"], tuple(row["hint"]), compile_citation(r"(?<![\w/-])" + row["pattern"]), compile_citation("$")
        )
        for row in rows
    )


def body_code(printed: str | None) -> str:
    """The catalogue's code of a body as printed; empty for none."""
    return str(load_yaml("citations")["bodies"][printed]) if printed else ""


def compile_citation(source: str) -> re.Pattern[str]:
    """Compile a pattern after its placeholders are filled."""
    day = rf"(?:\d{{1,2}}(?:-\d{{1,2}})? (?:{months_pattern()}),? (?:19|20)\d\d)"
    parts = {
        "number": _NUMBER,
        "number_with_year": _NUMBER_WITH_YEAR,
        "day": day,
        "date": rf"(?:{day}|(?:(?:{months_pattern()}),? )?(?:19|20)\d\d)",
        "city": cities(),
        "place": places(),
        "subject": load_yaml("citations")["subject"],
        "capitals": load_yaml("citations")["capitals"],
        "kinds": load_yaml("citations")["short_kinds"],
        "nickname": load_yaml("citations")["nickname"],
        "others": load_yaml("citations")["others"],
        "opens_no_name": load_yaml("citations")["opens_no_name"],
        "ordinal": ordinal_pattern(),
        "body": alternatives(load_yaml("citations")["bodies"]),
    }
    return re.compile(fill_atoms(source, parts))

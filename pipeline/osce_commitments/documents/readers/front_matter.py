"""Front matter: the block of YAML between ``---`` lines with which a Markdown or text file may begin."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from osce_commitments.catalogue.given import GIVEN_COLUMNS
from osce_commitments.documents.records import FEWEST_WORDS

_BLOCK = re.compile(r"\s{0,200}---[ \t]*\n(?P<yaml>[\w\"'#-].{0,20000}?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"^([\w\"' -]{1,60}):(?:\s|$)", re.MULTILINE)
_SMALL = re.compile(r"[a-z][a-z0-9_-]*")
_COLON_IN_VALUE = re.compile(r"^(?P<key>[\w-]+): (?P<value>[^\s\"'\[{|>&*!#][^\n]*: [^\n]*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Facts at the beginning of a text.

    Attributes:
        rest: The text without them.
        facts: Facts by name (``GIVEN_COLUMNS``), as written.
        note: What is wrong with them, one sentence; empty if nothing is.
        unused: Passages that are no facts.
    """

    rest: str
    facts: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    unused: tuple[str, ...] = ()


def split_front_matter(text: str) -> FrontMatter:
    """Separate the front matter of a text, which is never part of it; other keys than those of facts do not count.

    A block is front matter if it has the key of a fact, or only keys in small letters. Anything else is text between lines.
    """
    block = _BLOCK.match(text)
    keys = [key.strip().strip("\"'") for key in _KEY.findall(block["yaml"])] if block else []
    if block is None or not keys:
        return FrontMatter(text)
    if not any(key.casefold() in GIVEN_COLUMNS for key in keys) and not all(map(_SMALL.fullmatch, keys)):
        return FrontMatter(text)
    rest = text[block.end() :]
    try:
        found = _load(block["yaml"])
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        where = f" (line {place.line + 2})" if place else ""
        note = f"The front matter was not used: it is not YAML{where}."
        return FrontMatter(rest, note=note, unused=(block["yaml"],))
    if not isinstance(found, dict):
        return FrontMatter(text)
    lower = {str(key).strip().casefold(): value for key, value in found.items()}
    facts = {name: lower[name].strip() for name in GIVEN_COLUMNS if isinstance(lower.get(name), str)}
    several = ", ".join(name for name in GIVEN_COLUMNS if isinstance(lower.get(name), list | dict))
    note = f"The front matter was not used for {several}: it is not one value." if several else ""
    unused = tuple(f"{name}: {value}" for name, value in lower.items() if name not in facts and _has_words(value))
    return FrontMatter(rest, {name: written for name, written in facts.items() if written}, note, unused)


def _has_words(value: object) -> bool:
    return len(str(value).split()) >= FEWEST_WORDS


def _load(written: str) -> Any:  # noqa: ANN401 - of any form
    """Load YAML with all scalars as texts; a value with a colon needs no quotation marks."""
    try:
        return yaml.load(written, Loader=yaml.BaseLoader)  # noqa: S506 - it makes only texts, lists and mappings
    except yaml.YAMLError:
        quoted = _COLON_IN_VALUE.sub(lambda match: f"{match['key']}: {json.dumps(match['value'])}", written)
        return yaml.load(quoted, Loader=yaml.BaseLoader)  # noqa: S506

"""Stand-off gold of authored documents: the annotations of a careful reader for each file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osce_commitments.errors import InputError
from osce_commitments.files import read_regular

IMPLIED = "implied"
CONTRADICTED = frozenset({"date", "body"})
"""Notes of citations whose text contradicts the record."""
NOTE_OF_ORIGIN = "Authored sample for software; not an OSCE document."
"""The foot of every page of an authored document, so that nobody takes it for a real one; it is never coded."""


@dataclass(frozen=True, slots=True)
class GoldTag:
    """A tagged span; ``start`` and ``end`` are offsets in the words that contain it."""

    kind: str
    ref: str
    start: int
    end: int
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class GoldWords:
    """The words of a provision, a stem or a tail, without footnote marks; these have offsets in the printed text."""

    text: str
    tags: tuple[GoldTag, ...] = ()
    marks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GoldProvision:
    """A provision of the gold.

    Attributes:
        stems: Positions in the file's stems, outermost first.
        tail: Position in the file's stems of the words that end its sentence; None without any.
        footnote: Mark of a footnote; empty otherwise.
        footnote_of: Position in the file's provisions of the one with the mark; None without one.
        delegation, about: The speaker of an attachment and its decision; empty otherwise.
    """

    words: GoldWords
    role: str
    number: str = ""
    stems: tuple[int, ...] = ()
    tail: int | None = None
    footnote: str = ""
    footnote_of: int | None = None
    delegation: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class GoldPart:
    """One instrument of a file."""

    symbol: str
    date: str


@dataclass(frozen=True, slots=True)
class GoldFile:
    """The gold of one file, its instruments one after the other.

    Attributes:
        not_coded: Lines of the header block, enacting formulas and the like: neutral.
        is_tagged: Whether the gold has tags; otherwise it has only structure.
    """

    document: str
    parts: tuple[GoldPart, ...]
    not_coded: tuple[str, ...]
    stems: tuple[GoldWords, ...]
    provisions: tuple[GoldProvision, ...]
    is_tagged: bool = True


def read_gold(path: Path) -> GoldFile:
    """Read one gold file.

    Raises:
        InputError: If it cannot be read or lacks a field; the message names the file.
    """
    try:
        return gold_file(json.loads(read_regular(path)))
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{path} is not a gold file: {type(error).__name__} {' '.join(str(error).split())}"
        raise InputError(msg, "check it against schema.json of the gold", reason="gold") from error


def gold_file(values: Mapping[str, Any]) -> GoldFile:
    """The gold of a file from its JSON object.

    Raises:
        KeyError: If a field is missing.
    """
    parts: list[GoldPart] = []
    not_coded: list[str] = []
    stems: list[GoldWords] = []
    provisions: list[GoldProvision] = []
    for part in values["parts"]:
        parts.append(GoldPart(part["symbol"], part["date"]))
        not_coded += part["not_coded"]
        first = len(provisions)
        provisions += [_provision(entry, first, first_stem=len(stems)) for entry in part["provisions"]]
        stems += [_words(entry) for entry in part["stems"]]
    is_tagged = values.get("tagged", True)
    return GoldFile(values["document"], tuple(parts), tuple(not_coded), tuple(stems), tuple(provisions), is_tagged)


def _provision(values: Mapping[str, Any], first: int, first_stem: int) -> GoldProvision:
    return GoldProvision(
        words=_words(values),
        role=values["role"],
        number=values["number"],
        stems=tuple(first_stem + index for index in values["lead_in"]),
        tail=_moved(values.get("tail"), first_stem),
        footnote=values.get("footnote", ""),
        footnote_of=_moved(values.get("footnote_of"), first),
        delegation=values.get("delegation", ""),
        about=values.get("about", ""),
    )


def _moved(index: int | None, by: int) -> int | None:
    return None if index is None else index + by


def _words(values: Mapping[str, Any]) -> GoldWords:
    return GoldWords(
        text=values["text"],
        tags=tuple(_tag(tag) for tag in values["tags"]),
        marks=tuple((note["at"], note["mark"]) for note in values["notes"]),
    )


def _tag(values: Mapping[str, Any]) -> GoldTag:
    return GoldTag(*(values[name] for name in ("kind", "ref", "start", "end", "text", "note")))


def gold_paths(folder: Path) -> Sequence[Path]:
    """The gold files of a folder, by name.

    Raises:
        InputError: If there are none.
    """
    paths = sorted(folder.glob("*.json"))
    if not paths:
        remedy = "give the folder with the parts dev and test; `make gold` builds those of corpora/gold"
        raise InputError(f"{folder} contains no gold", remedy, reason="missing")
    return paths

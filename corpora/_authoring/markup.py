"""The mark-up of the authored samples: front matter, then blocks set apart by blank lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTE = "Authored sample for software; not an OSCE document."
ORGANIZATION = "Organization for Security and Co-operation in Europe"
NOTE_MARK = re.compile(r"\[\^(\w+|\*+)\]")
_NOTE_TEXT = re.compile(r"\[\^(\w+|\*+)\]: +(.*)", re.DOTALL)
_LABEL = re.compile(
    r"(“?\d+(?:\.\d+)*[.)]|\d+(?:\.\d+)+|\([a-zA-Z]+\)|\(\d+(?:\.\d+)*[a-z]?\)|[a-zA-Z]\)|[ivx]+\)|[A-Z]\."
    r"|[a-z]\.(?=  )|[IVX]+\.(?=  )|o(?=  )|[–—•·*▪-])[ \t]+(.*)",  # noqa: RUF001
    re.DOTALL,
)
_MARKED = re.compile(r"(=|#{1,3}|\||>>) +(.*)", re.DOTALL)
_INDENT = 2


class Kind(StrEnum):
    """What a block of the mark-up is."""

    TITLE = "="
    HEADING = "#"
    CENTRED = "|"
    RIGHT = ">>"
    ITEM = "item"
    PARAGRAPH = "paragraph"
    CONTENTS = "!contents"
    TABLE = "!table"
    SECTION = "!section"
    PAGE = "!page"
    SPACE = "!space"


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    Attributes:
        lines: For titles, contents and sections the lines as written, else one line.
        label: Printed label of a list item ("1.", "(a)", a dash).
        level: Depth of a list item from 0, of a heading from 1.
    """

    kind: Kind
    lines: tuple[str, ...]
    label: str = ""
    level: int = 0

    @property
    def text(self) -> str:
        """The words, without their lines."""
        return " ".join(self.lines)


@dataclass(frozen=True, slots=True)
class Part:
    """One instrument of a sample: the facts of its header block, its blocks and its footnotes by mark."""

    facts: dict[str, str]
    blocks: tuple[Block, ...]
    notes: dict[str, str]

    def rows(self, key: str) -> list[str]:
        """The lines of a fact: they are written with bars between them."""
        value = self.facts.get(key, "")
        return [typeset(row.strip()) for row in value.split("|")] if value else []

    def has(self, key: str) -> bool:
        """Whether a fact is switched on."""
        return self.facts.get(key) == "yes"

    def left_head(self) -> list[str]:
        """Left half of the header block."""
        return [self.facts.get("organization", ORGANIZATION), *self.rows("left")]


@dataclass(frozen=True, slots=True)
class Sample:
    """A parsed source: the name of the file to write and its instruments."""

    name: str
    parts: tuple[Part, ...]


@dataclass(slots=True)
class _Draft:
    facts: dict[str, str]
    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def finish(self) -> Part:
        return Part(self.facts, tuple(self.blocks), self.notes)


def typeset(text: str, *, soft_hyphen: str = "") -> str:
    r"""Replace the ties ``~`` by no-break spaces and the break points ``\-`` by ``soft_hyphen``."""
    return text.replace("~", "\u00a0").replace("\\-", soft_hyphen)


def read_sample(path: Path) -> Sample:
    """Parse one source file.

    Raises:
        ValueError: If the front matter is missing or a footnote mark has no note; the message names the file.
    """
    opening, _, rest = path.read_text(encoding="utf-8").partition("\n---\n")
    if not opening.startswith("---\n") or not rest:
        msg = f"{path.name}: no front matter between two lines of '---'"
        raise ValueError(msg)
    facts = _facts(opening[4:])
    drafts = [_Draft(facts)]
    for chunk in re.split(r"\n(?:[ \t]*\n)+", rest.strip("\n")):
        if chunk.startswith("!part\n"):
            drafts.append(_Draft({**_inherited(facts), **_facts(chunk.removeprefix("!part\n"))}))
        elif note := _NOTE_TEXT.match(chunk):
            drafts[-1].notes[note[1]] = typeset(_joined(note[2]))
        else:
            drafts[-1].blocks.append(_block(chunk))
    parts = tuple(draft.finish() for draft in drafts if draft.blocks)
    _check_notes(path, parts)
    return Sample(facts["file"], parts)


def _facts(text: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in text.strip("\n").split("\n"))
    return {key: value for key, _, value in pairs}


def _inherited(facts: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in facts.items() if key in {"file", "font", "align", "left"}}


def _joined(text: str) -> str:
    return " ".join(text.split("\n")).strip(" ")


def _block(chunk: str) -> Block:
    indent = len(chunk) - len(chunk.lstrip(" "))
    text = "\n".join(line.strip(" ") for line in chunk.split("\n"))
    if text.startswith("!"):
        name, _, value = text.partition("\n" if text.startswith(("!contents", "!table")) else " ")
        return Block(Kind(name), tuple(value.split("\n")))
    if marked := _MARKED.match(text):
        mark = marked[1]
        lines = tuple(marked[2].split("\n")) if mark != "#" * len(mark) else (_joined(marked[2]),)
        return Block(Kind(mark[0] if mark[0] == "#" else mark), lines, level=mark.count("#"))
    if label := _LABEL.match(text):
        return Block(Kind.ITEM, (_joined(label[2]),), label=label[1], level=indent // _INDENT)
    return Block(Kind.PARAGRAPH, (_joined(text),), level=indent // _INDENT)


def _check_notes(path: Path, parts: tuple[Part, ...]) -> None:
    for part in parts:
        marks = {*_marks(part.blocks), *NOTE_MARK.findall(part.facts.get("right", ""))}
        if marks != set(part.notes):
            msg = f"{path.name}: footnote marks {sorted(marks)} and notes {sorted(part.notes)} differ"
            raise ValueError(msg)


def _marks(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        yield from NOTE_MARK.findall(block.text)

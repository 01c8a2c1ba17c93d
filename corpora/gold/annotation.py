"""The annotation inside the sources of the gold corpus: provisions, stems, tags.

Gold is read off what a person wrote into the source. Nothing here looks at what the pipeline makes of the document.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from corpora._authoring.markup import Block, Kind, Part, Sample

_CATALOGUE = Path(__file__).resolve().parents[2] / "pipeline" / "osce_commitments" / "resources" / "catalogue"
KINDS = {
    "a": "addressee",
    "d": "deadline",
    "i": "instrument",
    "p": "periodicity",
    "q": "qualifier",
    "r": "report",
    "v": "action",
    "V": "action",
}
_ACTOR_KINDS = frozenset({"addressee", "report"})
_OPEN = re.compile(r"\{([adipqrvV]) ([^|{}]*)\|")
_MARK = re.compile(r"\[\^(\w+|\*+)\]")
_CODE = re.compile(r"\s*\[\[([^\[\]]*)\]\]")
_END = re.compile(r"(?:^|\s+)(=>!|=>|<=|%)$")
_ROW_LABEL = re.compile(r"(?:[A-Z]\.)?\d+(?:\.\d+)*\.?")
_DEEPER = re.compile(r"(\++) ")
_BETWEEN = re.compile(r" //(\+?) ")
_LETTER_AND_STOP = re.compile(r"[a-z]\.")
_INLINE_LABEL = re.compile(r"(\([a-z]+\)|\(\d+\)|[a-z]\)|\d\))\s+")
_STEM, _STEM_AND_ACT, _TAIL, _SKIP = "=>", "=>!", "<=", "%"


@cache
def actor_names() -> dict[str, str]:
    """Canonical name by abbreviation and by itself."""
    names = {"PS": "participating States"}
    with (_CATALOGUE / "actors.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names[row["name"]] = row["name"]
            for short in filter(None, row["abbreviations"].split("|")):
                names.setdefault(short, row["name"])
    return names


@dataclass(slots=True)
class Annotated:
    """A text freed of its annotation: its tags, the places of its footnote marks and its code, if it has one."""

    text: str
    tags: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    code: str | None = None


def annotated(source: str, body: str = "") -> Annotated:
    """Read the tags off a piece of text.

    Args:
        source: The piece, without separators and end markers.
        body: Canonical name of the adopting body: the actor of verbs that are tagged ``V``.

    Raises:
        ValueError: If braces do not match or an actor has no row in the catalogue.
    """
    source = source.replace("~", " ").replace("\u00a0", " ").replace("\\-", "")
    codes = _CODE.findall(source)
    source = _CODE.sub("", source)
    text, at = "", 0
    waiting: list[tuple[str, str, int]] = []
    done = Annotated("", [], [], codes[0] if codes else None)
    if len(codes) > 1:
        msg = f"more than one code: {source}"
        raise ValueError(msg)
    while at < len(source):
        if start := _OPEN.match(source, at):
            waiting.append((start[1], start[2], len(text)))
            at = start.end()
        elif mark := _MARK.match(source, at):
            done.notes.append({"mark": mark[1], "at": len(text)})
            at = mark.end()
        elif source[at] == "}" and waiting:
            done.tags += _tags(*waiting.pop(), text, body)
            at += 1
        else:
            text += source[at]
            at += 1
    if waiting or "{" in text or "}" in text or text != " ".join(text.split()):
        msg = f"braces or spaces: {source}"
        raise ValueError(msg)
    done.text = text
    done.tags.sort(key=lambda tag: (tag["start"], -tag["end"], tag["kind"], tag["ref"]))
    return done


def _tags(letter: str, ref: str, start: int, text: str, body: str) -> list[dict[str, Any]]:
    refs, _, note = ref.partition("!")
    kind = KINDS[letter]
    words = text[start:]
    nth = len(re.findall(f"(?={re.escape(words)})", text)) if words else 0
    place = {"start": start, "end": len(text), "text": words, "nth": nth, "note": note}
    tags = [{"kind": kind, "ref": _ref(kind, one), **place} for one in refs.split("+")]
    if letter == "V":
        implied = {**place, "end": start, "text": "", "nth": 0, "note": "implied"}
        tags.append({"kind": "addressee", "ref": _ref("addressee", body), **implied})
    return tags


def _ref(kind: str, ref: str) -> str:
    if ref == "-":
        return ""
    if kind not in _ACTOR_KINDS:
        return ref
    names = [one.strip() for one in ref.split(">")]
    unknown = [name for name in names if name not in actor_names()]
    if unknown:
        msg = f"no actor of the catalogue: {unknown}"
        raise ValueError(msg)
    return " > ".join(actor_names()[name] for name in names)


def plain(sample: Sample) -> Sample:
    """The document as its author meant it: the annotation taken out."""
    return Sample(sample.name, tuple(_plain_part(part) for part in sample.parts))


def _plain_part(part: Part) -> Part:
    kept = (block for block in part.blocks if not _is_directive(block))
    blocks = tuple(replace(block, lines=tuple(_plain_line(line) for line in block.lines)) for block in kept)
    return Part(part.facts, blocks, {mark: _plain_line(note) for mark, note in part.notes.items()})


def _plain_line(line: str) -> str:
    line = _CODE.sub("", line)
    line = _DEEPER.sub("", line, count=1) if _DEEPER.match(line) else line
    cells = [_END.sub("", cell).removeprefix("@ ") for cell in _BETWEEN.sub(" ", line).split(" | ")]
    text = re.sub(r" (?:=>!?|<=)(?= |$)", "", " | ".join(cells))
    return _OPEN.sub("", text).replace("}", "")


def _is_directive(block: Block) -> bool:
    return block.kind is Kind.PARAGRAPH and block.text.startswith("@")


def gold_of(sample: Sample) -> dict[str, Any]:
    """Stand-off gold of a source."""
    gold: dict[str, Any] = {"document": sample.name, "parts": [_Reader(part).read() for part in sample.parts]}
    return gold | ({"tagged": False} if sample.parts[0].facts.get("tags") == "none" else {})


def _repeats(label: str, above: str) -> bool:
    """Return whether a label begins with the one above it: "5.1" below "5", "(13.1)" below "(13)"."""
    return label.strip("()").startswith(above.strip("()") + ".")


@dataclass(slots=True)
class _Open:
    """A stem whose items may still follow.

    Recitals between those who act and their acts do not hang on it. One that is alone is a
    sentence of its own in an item of another stem.
    """

    level: int
    is_item: bool
    index: int
    role: str
    is_alone: bool = False


@dataclass(slots=True)
class _Reader:
    """Reads the gold of one instrument off its blocks, from top to bottom."""

    part: Part
    role: str = "other"
    delegation: str = ""
    about: str = ""
    headings: dict[int, str] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    open: list[_Open] = field(default_factory=list)
    stems: list[dict[str, Any]] = field(default_factory=list)
    provisions: list[dict[str, Any]] = field(default_factory=list)
    not_coded: list[str] = field(default_factory=list)

    def read(self) -> dict[str, Any]:
        part, facts = self.part, self.part.facts
        rows = [] if part.has("no_head") else [*part.left_head(), *part.rows("right")]
        rows += [*part.rows("session"), *part.rows("journal")]
        self.not_coded = [annotated(row).text for row in rows if row]
        for block in part.blocks:
            self._block(block)
        self._number_continuations()
        self._footnotes()
        titles = [one["text"] for one in self.provisions if one["role"] == "title"]
        facts = {key: facts.get(key, "") for key in ("symbol", "date", "body")}
        return {
            **facts,
            "title": titles[0] if titles else "",
            "not_coded": self.not_coded,
            "stems": self.stems,
            "provisions": self.provisions,
        }

    def _number_continuations(self) -> None:
        """Give what has no number between "3." and "4." below one heading the number 3."""
        waiting: list[dict[str, Any]] = []
        last, place = 0, ("", [""])
        for one in self.provisions:
            first, here = one["number"].split(" ")[0], (one["role"], one["heading"])
            if not first:
                waiting.append(one)
            elif first.isdecimal() and (int(first) != last or here != place):
                for above in waiting:
                    is_between = int(first) == last + 1 and here == place == (above["role"], above["heading"])
                    above["number"] = str(last) if is_between and above["role"] != "other" else ""
                waiting, last, place = [], int(first), here

    def _block(self, block: Block) -> None:
        if _is_directive(block):
            self._directive(block.text)
        elif block.kind is Kind.SECTION:
            self._reset()
            self.not_coded += [annotated(row.strip()).text for row in block.text.split("|")]
        elif block.kind is Kind.CONTENTS:
            for row in block.lines:
                self._provision(annotated(row.partition(" | ")[0]), role="other")
        elif block.kind is Kind.TABLE:
            self._table(block)
        elif block.kind is Kind.TITLE:
            self._reset()
            self._provision(annotated(block.text), role="title")
        elif block.kind is Kind.HEADING:
            self._reset_lists()
            self.headings = {level: one for level, one in self.headings.items() if level < block.level}
            self.headings[block.level] = annotated(block.text).text
        elif block.kind not in {Kind.PAGE, Kind.SPACE}:
            deeper = _DEEPER.match(block.text)
            text, level = (
                (block.text[deeper.end() :], block.level + len(deeper[1])) if deeper else (block.text, block.level)
            )
            self._text(replace(block, lines=(text,), level=level))

    def _reset(self) -> None:
        self.headings.clear()
        self._reset_lists()

    def _reset_lists(self) -> None:
        self.numbers.clear()
        self.open.clear()

    def _directive(self, text: str) -> None:
        role, _, rest = text.removeprefix("@").partition(" ")
        delegation, _, about = rest.partition(">")
        self.role, self.delegation, self.about = role, delegation.strip(), about.strip()

    def _text(self, block: Block) -> None:
        closed = self._close(block)
        self.numbers = {level: one for level, one in self.numbers.items() if level < block.level}
        if block.label != "o" and any(char.isalnum() for char in block.label):
            self.numbers[block.level] = block.label
        is_behind_inline = False
        first, *others = _BETWEEN.split(block.text)
        is_below = bool(self.open)
        for position, (mark, piece) in enumerate([("+", first), *zip(others[::2], others[1::2], strict=True)]):
            end = match[1] if (match := _END.search(piece)) else ""
            text = _END.sub("", piece)
            inline = _INLINE_LABEL.match(text) if position and self.open else None
            if is_behind_inline and not inline and end != _TAIL:
                # A sentence behind the items of a running paragraph: their stem does not reach it.
                self.open.pop()
            is_behind_inline = inline is not None
            is_alone = is_below and not mark and not inline
            if inline:
                text = text[inline.end() :]
            found = annotated(text, self.part.facts.get("body", ""))
            if end == _SKIP:
                self.not_coded.append(found.text)
            elif end == _TAIL:
                self._tail(found, closed)
            else:
                if end != _STEM:
                    self._provision(found, number=self._number(inline[1] if inline else ""), is_alone=is_alone)
                if end in {_STEM, _STEM_AND_ACT}:
                    self.open.append(
                        _Open(block.level, block.kind is Kind.ITEM, self._stem(found), self.role, is_alone)
                    )

    def _close(self, block: Block) -> list[_Open]:
        """Close the stems on which this block cannot hang; an unlabelled stem keeps items of its own level."""
        closed = []
        while self.open:
            last = self.open[-1]
            hangs = last.level < block.level or (
                block.kind is Kind.ITEM and not last.is_item and last.level == block.level
            )
            if hangs:
                break
            closed.append(self.open.pop())
        return closed

    def _stem(self, found: Annotated) -> int:
        self.stems.append({"text": found.text, "tags": found.tags, "notes": found.notes})
        return len(self.stems) - 1

    def _tail(self, found: Annotated, closed: list[_Open]) -> None:
        stem = (closed or [self.open.pop()])[-1].index
        tail = self._stem(found)
        for provision in self.provisions:
            if stem in provision["lead_in"]:
                provision["tail"] = tail

    def _number(self, inline: str) -> str:
        """Labels from the outermost in, as printed without a final full stop, "a." as "(a)"; bullets and dashes are none."""
        labels: list[str] = []
        for label in [*self.numbers.values(), *([inline] if inline else [])]:
            short = f"({label[0]})" if _LETTER_AND_STOP.fullmatch(label) else label.strip("“").removesuffix(".")
            if labels and _repeats(short, labels[-1]):
                labels[-1] = short
            else:
                labels.append(short)
        return " ".join(labels)

    def _above(self) -> list[int]:
        """Return the stems above an item, outermost first."""
        last = max((place for place, one in enumerate(self.open) if one.is_alone), default=0)
        return [one.index for one in self.open[last:] if self.role != "preamble" or one.role == "preamble"]

    def _provision(self, found: Annotated, *, role: str = "", number: str = "", is_alone: bool = False) -> None:
        is_plain = is_alone or role in {"title", "other"}
        provision = {
            "role": role or self.role,
            "number": number,
            "heading": list(self.headings.values()),
            "lead_in": [] if is_plain else self._above(),
            "tail": None,
            "text": found.text,
            "tags": found.tags,
            "notes": found.notes,
        }
        if found.code is not None:
            provision["code"] = found.code
        if self.delegation:
            provision |= {"delegation": self.delegation, "about": self.about}
        self.provisions.append(provision)

    def _table(self, block: Block) -> None:
        self._reset_lists()
        for row_number, row in enumerate(block.lines):
            label = ""
            for cell in row.split(" | "):
                is_act = cell.startswith("@ ")
                if row_number and not label and _ROW_LABEL.fullmatch(cell):
                    label = cell.rstrip(".")
                    continue
                found = annotated(cell.removeprefix("@ "), self.part.facts.get("body", ""))
                self._provision(found, role="" if is_act else "other", number=label if is_act else "")

    def _footnotes(self) -> None:
        for mark, note in self.part.notes.items():
            at = [index for index, one in enumerate(self.provisions) if self._has_mark(one, mark)]
            self._reset()
            self.delegation = ""
            self._provision(annotated(note), role="other")
            self.provisions[-1] |= {"footnote": mark, "footnote_of": at[0] if at else None}

    def _has_mark(self, provision: dict[str, Any], mark: str) -> bool:
        """Whether the mark stands in the provision or in a stem above it."""
        texts = [provision, *(self.stems[index] for index in provision["lead_in"])]
        return any(note["mark"] == mark for text in texts for note in text["notes"])

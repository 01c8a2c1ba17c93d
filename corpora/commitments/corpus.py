"""The corpus of coded commitments: rows read off the sources, the second coding and the adjudication."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from corpora._authoring.markup import Kind, read_sample
from corpora._authoring.plain import render_text
from corpora.gold.annotation import gold_of, plain
from osce_commitments.labels import STRENGTHS, THREAT_AREAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpora._authoring.markup import Sample

FOLDER = Path(__file__).resolve().parent
SOURCES = FOLDER / "source"
CODES = FOLDER / "codes"
AREAS = dict(zip("tt te ve oc dr ht cy ic bo ar fi po".split(), (area.value for area in THREAT_AREAS), strict=True))  # noqa: SIM905
# Of the last nothing is drawn: rows by writers of whom nothing else is here.
PARTS = ("train", "validation", "test", "unseen")
GENRES = frozenset(
    [
        "csce",
        "mc-decision",
        "pc-decision",
        "fsc-decision",
        "declaration",
        "summit-charter",
        "action-plan",
        "cbm",
        "pa-resolution",
        "un-resolution",
        "treaty",
        "group-statement",
        "report",
        "article",
    ]
)
_NO_MARK = r"(?:\[\w+\])?"


@dataclass(frozen=True, slots=True)
class Code:
    """One judgement: a level 0 to 5, areas in the order of the scheme, hard cases that the coder marked."""

    strength: int
    areas: tuple[str, ...]
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A coded provision of an authored document.

    Attributes:
        id: Name of the document and position of the provision in it, from 0.
        document: Name of the text file.
        start, end: Characters of the provision in the text; line breaks inside it count.
        text: The words, white space as single spaces.
        heading: Headings above it, outermost first, joined by " / ".
        lead_in: Stems above it, outermost first, joined by blanks.
        first, second: The two independent codes; ``adjudicated`` settles where they differ.
    """

    id: str
    document: str
    start: int
    end: int
    genre: str
    date: str
    body: str
    title: str
    role: str
    heading: str
    lead_in: str
    number: str
    text: str
    cluster: str
    first: Code
    second: Code | None = None
    adjudicated: Code | None = None

    @property
    def check(self) -> str:
        """Six characters that change with what a coder has read."""
        return hashlib.sha256(f"{self.title}\n{self.heading}\n{self.lead_in}\n{self.text}".encode()).hexdigest()[:6]

    @property
    def final(self) -> Code:
        """The adjudicated code where there is one, else the first."""
        return self.adjudicated or self.first

    @property
    def is_disputed(self) -> bool:
        """Whether the two coders differ and nobody has settled it."""
        return (
            self.second is not None
            and self.adjudicated is None
            and (self.first.strength, self.first.areas) != (self.second.strength, self.second.areas)
        )

    def as_json(self) -> dict[str, Any]:
        """The row of the published file."""
        second = self.second or self.first
        columns = "id document start end genre date body title role heading lead_in number text".split()  # noqa: SIM905
        return {name: getattr(self, name) for name in columns} | {
            "strength": STRENGTHS[self.final.strength].value,
            "threat_areas": list(self.final.areas),
            "strength_a": STRENGTHS[self.first.strength].value,
            "strength_b": STRENGTHS[second.strength].value,
            "threat_areas_a": list(self.first.areas),
            "threat_areas_b": list(second.areas),
            "hard_cases": list(self.first.cases),
            "cluster": self.cluster,
        }


@dataclass(slots=True)
class Corpus:
    """Rows, the texts they stand in, and what is wrong with the sources."""

    rows: list[Row] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


@cache
def hard_cases() -> dict[str, dict[str, Any]]:
    """The hard cases by their slug."""
    cases: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "hard_cases.yaml").read_text(encoding="utf-8"))
    return cases


def parse_code(text: str) -> Code:
    """Read a code such as ``4 te bo #r2-inherit``.

    Raises:
        ValueError: If it has no level, or an area or a hard case that the scheme does not know.
    """
    words = text.split()
    if not words or words[0] not in set("012345"):
        msg = f"no level 0 to 5 in [[{text}]]"
        raise ValueError(msg)
    cases = tuple(word.removeprefix("#") for word in words[1:] if word.startswith("#"))
    short = [word for word in words[1:] if not word.startswith("#")]
    if unknown := [word for word in short if word not in AREAS] + [one for one in cases if one not in hard_cases()]:
        msg = f"{', '.join(unknown)} unknown in [[{text}]]"
        raise ValueError(msg)
    areas = tuple(name for code, name in AREAS.items() if code in short)
    return Code(int(words[0]), areas, cases)


def objections(role: str, code: Code) -> list[str]:
    """What contradicts the guide in a code, by its role and by the hard cases that it names."""
    found = []
    if role in {"preamble", "attachment", "title"} and code.strength:
        found.append(f"{role} with level {code.strength}")
    if AREAS["tt"] in code.areas and len(code.areas) > 1:
        found.append("tt beside other areas")
    for name in code.cases:
        case = hard_cases()[name]
        levels = case.get("strength", code.strength)
        if code.strength not in (levels if isinstance(levels, list) else [levels]):
            found.append(f"#{name} with level {code.strength}")
        if missing := set(case.get("areas", ())) - set(code.areas):
            found.append(f"#{name} without {', '.join(sorted(missing))}")
        if present := set(case.get("without", ())) & set(code.areas):
            found.append(f"#{name} with {', '.join(sorted(present))}")
        if name == "a-untied" and code.areas:
            found.append(f"#{name} with {', '.join(code.areas)}")
    return found


def read_corpus(paths: Iterable[Path] | None = None) -> Corpus:
    """Read the sources (all of them by default) with the codes that belong to them."""
    corpus = Corpus()
    for path in sorted(SOURCES.glob("*.txt") if paths is None else paths):
        try:
            _read_document(path, corpus)
        except (ValueError, KeyError, IndexError) as error:
            corpus.problems.append(f"{path.name}: {error}")
    if paths is None:
        corpus.rows = _with_codes(corpus)
    return corpus


def _read_document(path: Path, corpus: Corpus) -> None:
    annotated = read_sample(path)
    text = render_text(plain(annotated)).decode()
    corpus.texts[path.name] = text
    facts = annotated.parts[0].facts
    if facts.get("genre") not in GENRES:
        corpus.problems.append(f"{path.name}: genre {facts.get('genre')!r} is none of {', '.join(sorted(GENRES))}")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", facts.get("date", "")):
        corpus.problems.append(f"{path.name}: no date")
    at = index = 0
    for gold in gold_of(annotated)["parts"]:
        for one in gold["provisions"]:
            if "code" not in one:
                if not (one["role"] == "other" and _needs_no_code(annotated, one["text"])):
                    corpus.problems.append(f"{path.name}: no code: {one['text'][:70]}")
                continue
            start, end = _locate(text, one, at)
            at = end if "footnote" not in one else at
            try:
                code = parse_code(one["code"])
            except ValueError as error:
                corpus.problems.append(f"{path.name}: {error}: {one['text'][:60]}")
                continue
            corpus.problems += [f"{path.name}: {what}: {one['text'][:60]}" for what in objections(one["role"], code)]
            corpus.rows.append(
                Row(
                    id=f"{path.stem}-{index:03}",
                    document=path.name,
                    start=start,
                    end=end,
                    genre=facts.get("genre", ""),
                    date=gold["date"],
                    body=gold["body"],
                    title=gold["title"],
                    role=one["role"],
                    heading=" / ".join(one["heading"]),
                    lead_in=" ".join(gold["stems"][stem]["text"] for stem in one["lead_in"]),
                    number=one["number"],
                    text=one["text"],
                    cluster=facts.get("cluster", path.stem),
                    first=code,
                )
            )
            index += 1


def _needs_no_code(sample: Sample, text: str) -> bool:
    """Whether the words stand in a table of contents or in a table, where only acts need a code."""
    tabular = (Kind.CONTENTS, Kind.TABLE)
    return any(block.kind in tabular and text in block.text for part in sample.parts for block in part.blocks)


def _locate(text: str, provision: dict[str, Any], at: int) -> tuple[int, int]:
    """Where the words stand in the text, from ``at`` on: over line breaks, with footnote marks between them."""
    pieces, last = [], 0
    for note in provision["notes"]:
        pieces.append(provision["text"][last : note["at"]])
        last = note["at"]
    pieces.append(provision["text"][last:])
    patterns = (r"\s+".join(map(re.escape, re.split(r"\s+", piece))) for piece in pieces)
    # A line may be broken after a hyphen.
    pattern = _NO_MARK.join(patterns).replace(r"\-", r"\-\s*")
    found = re.compile(pattern).search(text, at) or re.compile(pattern).search(text)
    if not found:
        msg = f"not found in the text: {provision['text'][:70]}"
        raise ValueError(msg)
    return found.start(), found.end()


def read_codes(path: Path, problems: list[str]) -> dict[str, tuple[str, Code]]:
    """Codes by row: tab-separated id, check, level, areas (blanks between them), remark; lines that are none are told."""
    codes = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            row, check, level, *rest = line.split("\t")
            codes[row] = (check, parse_code(f"{level} {rest[0] if rest else ''}"))
        except ValueError as error:
            wrong = error if line.count("\t") > 1 else "id, check and level are wanted, with tabs between them"
            problems.append(f"{path.name}, line {number}: {wrong}")
    return codes


def _all_codes(files: str, problems: list[str]) -> dict[str, tuple[str, Code]]:
    return {row: code for path in sorted(CODES.glob(files)) for row, code in read_codes(path, problems).items()}


def _with_codes(corpus: Corpus) -> list[Row]:
    second, settled = (_all_codes(f"{name}*.tsv", corpus.problems) for name in ("second", "adjudicated"))
    rows = [
        replace(
            row, second=_valid(row, second, "second", corpus), adjudicated=_valid(row, settled, "adjudicated", corpus)
        )
        for row in corpus.rows
    ]
    known = {row.id for row in rows}
    corpus.problems += [f"{row}: a code without a row" for row in sorted((second.keys() | settled.keys()) - known)]
    corpus.problems += [f"{row.id}: no second code" for row in rows if row.second is None]
    corpus.problems += [f"{row.id}: the coders differ and nobody has settled it" for row in rows if row.is_disputed]
    return rows


def _valid(row: Row, codes: dict[str, tuple[str, Code]], name: str, corpus: Corpus) -> Code | None:
    check, code = codes.get(row.id, ("", None))
    if code and check != row.check:
        corpus.problems.append(f"{row.id}: the {name} code was given to other words; code it again")
        return None
    return code


def trigrams(text: str) -> frozenset[tuple[str, ...]]:
    """The 3-grams of the lower-case words."""
    words = re.findall(r"\w+", text.lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def near_duplicates(rows: Sequence[Row], *, jaccard: float = 0.6) -> list[tuple[int, int]]:
    """Pairs of positions whose word 3-grams overlap by ``jaccard`` or more."""
    grams = [trigrams(row.text) for row in rows]
    holders: dict[tuple[str, ...], list[int]] = {}
    pairs = set()
    for index, one in enumerate(grams):
        shared: dict[int, int] = {}
        for gram in one:
            for other in holders.setdefault(gram, []):
                shared[other] = shared.get(other, 0) + 1
            holders[gram].append(index)
        pairs |= {
            (other, index) for other, both in shared.items() if both >= jaccard * (len(one) + len(grams[other]) - both)
        }
    return sorted(pairs)

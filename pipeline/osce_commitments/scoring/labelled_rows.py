"""Labelled provisions, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from osce_commitments.errors import InputError
from osce_commitments.files import read_regular
from osce_commitments.ids import content_sha256, document_id, provision_id
from osce_commitments.labels import ObligationStrength, Role, ThreatArea
from osce_commitments.schema import Provision
from osce_commitments.texts.normalise import squeeze

_TEXT_COLUMNS = ("id", "title", "role", "heading", "lead_in", "number", "text", "strength")
_Label = TypeVar("_Label", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A provision with the labels that people gave it.

    Attributes:
        id: Identifier in the data.
        document: Name of its document; rows of one document are resampled together. Without a column ``doc`` or
            ``document``, the title is used.
        heading: Headings above it, joined by " / " in the data.
        genre: Kind of its document, empty if the data do not say.
        date: Date of its document as ISO 8601, empty if the data do not say.
        hard_cases: Hard cases of the annotation guide that it shows, if the data say.
        part: Part of the data that it belongs to ("learn", "tune"), empty if the data do not say.
    """

    id: str
    document: str
    title: str
    role: Role
    heading: tuple[str, ...]
    lead_in: str
    number: str
    text: str
    strength: ObligationStrength
    threat_areas: frozenset[ThreatArea]
    genre: str = ""
    date: str = ""
    hard_cases: tuple[str, ...] = ()
    part: str = ""

    def provision(self, index: int) -> Provision:
        """Return it as a provision; ``index`` is its position in the data."""
        document = document_id(content_sha256(self.document.encode()), 1)
        return Provision(
            id=provision_id(document, index, index + len(self.text), self.text),
            document=document,
            index=index,
            start=0,
            end=len(self.text),
            text=self.text,
            role=self.role,
            title=self.title,
            heading=self.heading,
            number=self.number,
            lead_in=self.lead_in,
        )


def rows_of_file(path: Path) -> list[LabelledRow]:
    """Read the labelled rows of a JSONL file.

    It has the columns id, doc, title, role, heading, lead_in, number, text, strength, threat_areas. The columns doc or document, genre, date, hard_cases and part are optional; others are ignored. Spaces, hyphens and ligatures are read as ``run`` reads them.

    Raises:
        InputError: If the file cannot be read, is empty, or a value is missing or wrong; the message names
            file, line and column.
    """
    try:
        # Not splitlines: a JSON text may contain other line separators than this one.
        lines = read_regular(path, "utf-8-sig").split("\n")
    except FileNotFoundError as error:
        msg = f"{path} does not exist"
        raise InputError(msg, "give the path of a JSONL file with labelled provisions", reason="missing") from error
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {' '.join(str(error).split())}"
        raise InputError(msg, "write it as JSON lines in UTF-8") from error
    rows = {number: _row(f"{path}, line {number}", line) for number, line in enumerate(lines, 1) if line.strip()}
    if not rows:
        raise InputError(f"{path} contains no rows", "write one JSON object per line", reason="empty")
    first: dict[tuple[str, str], int] = {}
    for number, row in rows.items():
        if (known := first.setdefault((row.document, row.id), number)) != number:
            msg = f"{path}, line {number}: column 'id' has {row.id!r}, which is already in line {known}"
            raise InputError(msg, "give every provision of a document its own id", reason="id")
    return list(rows.values())


def _row(where: str, line: str) -> LabelledRow:
    try:
        values = json.loads(line)
    except json.JSONDecodeError as error:
        msg = f"{where}, column {error.colno}: not valid JSON ({error.msg})"
        raise InputError(msg, "write one JSON object per line", reason="json") from error
    except RecursionError as error:
        msg = f"{where}: nested too deeply"
        raise InputError(msg, "write one JSON object per line", reason="json") from error
    if not isinstance(values, dict):
        raise InputError(f"{where}: not a JSON object", "write one JSON object per line", reason="json")
    text = {name: _text(where, values, name) for name in _TEXT_COLUMNS}
    if not text["text"].strip():
        msg = f"{where}: column 'text' is empty"
        raise InputError(msg, "write the words of the provision, or remove the row", reason="column")
    return LabelledRow(
        id=text["id"],
        document=str(values.get("doc") or values.get("document") or text["title"]),
        title=squeeze(text["title"]),
        role=_member(where, "role", text["role"], Role),
        heading=tuple(squeeze(part) for part in text["heading"].split(" / ") if part),
        lead_in=squeeze(text["lead_in"]),
        number=text["number"],
        text=squeeze(text["text"]),
        strength=_member(where, "strength", text["strength"], ObligationStrength),
        threat_areas=_areas(where, values),
        genre=str(values.get("genre") or ""),
        date=str(values.get("date") or ""),
        hard_cases=tuple(str(case) for case in values.get("hard_cases") or ()),
        part=str(values.get("part") or ""),
    )


def _text(where: str, values: dict[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str):
        problem = "is missing" if name not in values else "is no text"
        msg = f"{where}: column {name!r} {problem}"
        raise InputError(msg, f"every row has the columns {', '.join(_TEXT_COLUMNS)}, threat_areas", reason="column")
    return value


def _areas(where: str, values: dict[str, Any]) -> frozenset[ThreatArea]:
    listed = values.get("threat_areas")
    if not isinstance(listed, list):
        problem = "is no list" if "threat_areas" in values else "is missing"
        msg = f"{where}: column 'threat_areas' {problem}"
        raise InputError(msg, "write a list of labels, empty for none", reason="column")
    return frozenset(_member(where, "threat_areas", str(label), ThreatArea) for label in listed)


def _member(where: str, column: str, value: str, labels: type[_Label]) -> _Label:
    try:
        return labels(value)
    except ValueError as error:
        msg = f"{where}: column {column!r} has the unknown label {value!r}"
        raise InputError(msg, f"choose from: {', '.join(labels)}", reason="label") from error

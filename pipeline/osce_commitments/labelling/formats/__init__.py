"""Files for people to fill in, and the same files read back: the formats by name, and how a file is recognised."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path

from osce_commitments.errors import ConfigError, InputError
from osce_commitments.files import check_regular, read_regular
from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.formats import programs, table, workbook
from osce_commitments.labelling.items import LabelItem


class LabelFormat(StrEnum):
    """Formats of files with labels."""

    CSV = "csv"
    XLSX = "xlsx"
    LABEL_STUDIO = "label-studio"
    ARGILLA = "argilla"
    PRODIGY = "prodigy"


_WRITERS: dict[LabelFormat, Callable[[Sequence[LabelItem], Path], list[Path]]] = {
    LabelFormat.CSV: table.write_csv,
    LabelFormat.XLSX: workbook.write_label_workbook,
    LabelFormat.LABEL_STUDIO: programs.write_studio,
    LabelFormat.ARGILLA: programs.write_argilla,
    LabelFormat.PRODIGY: programs.write_prodigy,
}
_READERS: dict[LabelFormat, Callable[[Path], list[Given]]] = {
    LabelFormat.CSV: table.read_csv,
    LabelFormat.XLSX: workbook.read_label_workbook,
    LabelFormat.LABEL_STUDIO: programs.read_studio,
    LabelFormat.ARGILLA: programs.read_argilla,
    LabelFormat.PRODIGY: programs.read_prodigy,
}
_ENDINGS = {
    ".csv": LabelFormat.CSV,
    ".tsv": LabelFormat.CSV,
    ".xlsx": LabelFormat.XLSX,
    ".jsonl": LabelFormat.PRODIGY,
}
_FOLDERS = (LabelFormat.LABEL_STUDIO, LabelFormat.ARGILLA)


def write_file(items: Sequence[LabelItem], out: Path, name: str) -> list[Path]:
    """Write provisions for people to label into a file, or a folder for Label Studio and Argilla; returns the files.

    Without a name, the ending of the file decides the format.

    Raises:
        ConfigError: If the format is unknown or the file cannot be written.
    """
    chosen = _named(name) if name else _by_ending(out)
    try:
        (out if chosen in _FOLDERS else out.parent).mkdir(parents=True, exist_ok=True)
        return _WRITERS[chosen](items, out)
    except OSError as error:
        msg = f"{out} cannot be written: {error.strerror}"
        raise ConfigError(msg, "give --out a path that you can write to") from error


def read_file(path: Path, name: str = "") -> list[Given]:
    """Read the rows of a file that people filled in.

    Raises:
        ConfigError: If the format is unknown.
        InputError: If the file cannot be read.
    """
    chosen = _named(name) if name else format_of(path)
    try:
        if not path.is_dir():
            check_regular(path)
        return _READERS[chosen](path)
    except FileNotFoundError as error:
        msg = f"{path} does not exist"
        raise InputError(msg, "give a file that labels export has written and a person has filled in") from error
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {' '.join(str(error).split())[:200]}"
        raise InputError(msg, "check the file, and save it in UTF-8") from error


def format_of(path: Path) -> LabelFormat:
    """The format of a file with labels: by its ending, JSON by its content.

    Raises:
        ConfigError: If it has none of the formats.
    """
    if path.is_dir():
        return LabelFormat.ARGILLA if (path / programs.RECORDS_FILE).exists() else LabelFormat.LABEL_STUDIO
    if path.suffix.lower() == ".json":
        content = None
        with contextlib.suppress(OSError, ValueError, RecursionError):
            content = json.loads(read_regular(path, "utf-8-sig"))
        has_records = isinstance(content, list) and any("responses" in row for row in content if isinstance(row, dict))
        return LabelFormat.ARGILLA if has_records else LabelFormat.LABEL_STUDIO
    return _by_ending(path)


def _by_ending(path: Path) -> LabelFormat:
    ending = _ENDINGS.get(path.suffix.lower())
    if ending is None:
        msg = f"{path} has no known ending"
        raise ConfigError(msg, f"save it as .csv or .xlsx, or give --format: {', '.join(LabelFormat)}")
    return ending


def _named(name: str) -> LabelFormat:
    if name not in set(LabelFormat):
        raise ConfigError(f"unknown format {name!r}", f"choose from: {', '.join(LabelFormat)}")
    return LabelFormat(name)

"""Answers of people that no version has yet: one small file each, on the disk before the next provision is shown.

They need no lock. Every write session takes them into its version first, so a review that was killed loses nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

from osce_commitments.corrections import LabelAnswer
from osce_commitments.errors import DatasetError, SchemaError
from osce_commitments.fields import CORRECTIONS
from osce_commitments.files import read_regular, write_whole
from osce_commitments.schema import Row
from osce_commitments.tables import to_table

FOLDER = "_answers"


def keep_waiting(path: Path, answer: LabelAnswer) -> None:
    """Keep an answer about a dataset; it is on the disk when this returns."""
    row = {**answer.as_row(), "made_at": dt.datetime.now(dt.UTC).isoformat()}
    file = path / FOLDER / f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.json"
    try:
        file.parent.mkdir(exist_ok=True)
        write_whole(file, json.dumps(row, ensure_ascii=False))
    except OSError as error:
        msg = f"the answer cannot be kept in {file.parent}: {error.strerror}"
        raise DatasetError(msg, "check free disk space and permissions, and answer again") from error


def waiting_files(path: Path) -> list[Path]:
    """The files of the answers that wait, in the order in which they were given."""
    return sorted((path / FOLDER).glob("*.json"))


def read_waiting(paths: Iterable[Path], on_damage: Callable[[Path], None] = lambda _: None) -> list[Row]:
    """Rows of ``corrections`` without numbers; ``on_damage`` is called with a file that is not an answer.

    A file that another session has taken in meanwhile is left out.
    """
    rows = []
    for file in paths:
        try:
            row = json.loads(read_regular(file))
            row["made_at"] = dt.datetime.fromisoformat(row["made_at"])
            to_table(CORRECTIONS.name, [row | {"number": 1}])
        except FileNotFoundError:
            continue
        except PermissionError as error:
            raise DatasetError(f"{file} cannot be read: permission denied", "change its permissions") from error
        except (OSError, ValueError, TypeError, KeyError, RecursionError, SchemaError):
            on_damage(file)
        else:
            rows.append(row)
    return rows


def forget_waiting(paths: Iterable[Path]) -> None:
    """Remove answers that a version has."""
    for file in paths:
        file.unlink(missing_ok=True)

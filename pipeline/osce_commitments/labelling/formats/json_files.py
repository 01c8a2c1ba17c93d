"""Reading JSON that another program wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from osce_commitments.errors import InputError


def load_json(path: Path) -> Any:  # noqa: ANN401 - of any shape
    """The content of a JSON file.

    Raises:
        InputError: If it is not JSON.
    """
    return parsed_json(str(path), path.read_text(encoding="utf-8-sig"))


def parsed_json(where: str, text: str, line: int = 1) -> Any:  # noqa: ANN401 - of any shape
    """The value of a JSON text that begins at a line of a file.

    Raises:
        InputError: If it is not JSON.
    """
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        place = (
            (error.lineno, error.colno, error.msg) if isinstance(error, json.JSONDecodeError) else (1, 1, "too deep")
        )
        msg = f"{where}, line {line - 1 + place[0]}, column {place[1]}: not JSON ({place[2]})"
        raise InputError(msg, "export it again from the program in which it was labelled", reason="json") from error


def records_of(path: Path, content: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - of any shape
    """The records of a file that holds a list of objects.

    Raises:
        InputError: If it holds something else.
    """
    if isinstance(content, list) and all(isinstance(one, dict) for one in content):
        return content
    msg = f"{path} holds no list of records"
    raise InputError(msg, "export it again from the program in which it was labelled", reason="json")


def write_json(path: Path, content: Any) -> Path:  # noqa: ANN401 - of any shape
    """Write JSON in UTF-8."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path

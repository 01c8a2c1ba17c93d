"""The files of a report: pages, figures, and where they are written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from osce_commitments.errors import ConfigError

_FLAT_LIST = re.compile(r"\[\s+([^\[\]{}]+?)\s+\]")


def figures_as_json(figures: Mapping[str, Any]) -> str:
    """Return indented JSON with each list of plain values on one line, so that a new measurement changes few lines."""
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    return _FLAT_LIST.sub(lambda match: f"[{' '.join(match[1].split())}]", text) + "\n"


def json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return one JSON object per line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def markdown_page(template: str | Path, **values: object) -> str:
    """Return the Markdown of ``resources/templates/<template>.md.j2``, or of a file, with some values."""
    import jinja2

    environment = jinja2.Environment(  # noqa: S701 - Markdown has nothing to escape
        loader=jinja2.PackageLoader("osce_commitments", "resources/templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["json"] = json.dumps
    if isinstance(template, Path):
        return environment.from_string(template.read_text(encoding="utf-8")).render(values)
    return environment.get_template(f"{template}.md.j2").render(values)


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write texts under their names into a folder and create it if missing.

    Raises:
        ConfigError: If it cannot be created or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        msg = f"folder {folder} cannot be written: {error.strerror}"
        raise ConfigError(msg, "allow writing there, or give another folder (--out)") from error

"""Write ``docs/reference/cli.md`` from the commands themselves: ``python docs/cli_reference.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer

from osce_commitments.cli import build

PAGE = Path(__file__).with_name("reference") / "cli.md"


def pages() -> dict[Path, str]:
    """The page by its path."""
    return {PAGE: "\n".join(_lines())}


def _lines() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "Written by `python docs/cli_reference.py` from the commands: do not edit. `--help` after a command shows the same."
    yield from _commands(typer.main.get_command(build()), "osce-commitments")
    yield ""


def _commands(command: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - typer brings its own classes of commands
    for part, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, f"{name} {part}")
    if hasattr(command, "commands"):
        return
    yield from ("", f"## {name}", "", (command.help or "").strip())
    parameters = [one for one in command.params if not getattr(one, "hidden", False) and one.name != "help"]
    if parameters:
        yield from ("", "| parameter | values | default | meaning |", "|---|---|---|---|")
        yield from map(_row, parameters)
    if command.epilog:
        yield from ("", command.epilog)


def _row(one: Any) -> str:  # noqa: ANN401 - an option or an argument
    is_option = one.param_type_name == "option"
    name = ", ".join(f"`{name}`" for name in [*one.opts, *one.secondary_opts]) if is_option else f"`{_metavar(one)}`"
    values = "" if getattr(one, "is_flag", False) else _values(one)
    default = "" if one.default in {None, "", False} or isinstance(one.default, tuple) else f"`{one.default}`"
    cells = (name, values, default, " ".join((one.help or "").split()))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _metavar(one: Any) -> str:  # noqa: ANN401 - an option or an argument
    return str(one.metavar or one.name.upper())


def _values(one: Any) -> str:  # noqa: ANN401 - an option or an argument
    annotation = one.type_descriptor.annotation
    literals = [
        choice
        for part in (annotation, *get_args(annotation))
        if get_origin(part) is Literal
        for choice in get_args(part)
    ]
    return ", ".join(f"`{choice}`" for choice in literals) or f"`{_metavar(one)}`"


if __name__ == "__main__":
    for path, text in pages().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

"""What a person puts on a report, as command options."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from inspect import Parameter
from pathlib import Path
from typing import Annotated, Any

import typer

_HELP = {
    "title": ("Title of the report in place of the usual one.", "TEXT"),
    "audience": ("Name of the reader, on the cover.", "NAME"),
    "author": ("Name of the writer, on the cover.", "NAME"),
    "day": ("Day of the report, on the cover.", "DAY"),
    "marking": ("Marking such as 'Restricted', on every page.", "TEXT"),
}
_TEMPLATE = typer.Option(help="A Word file of your own (.docx, .dotx) for a report in Word.", metavar="FILE")


def with_cover(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a cover; it receives ``cover`` and ``template``."""
    options = [
        Parameter(
            name, Parameter.KEYWORD_ONLY, default="", annotation=_annotated(str, typer.Option(help=text, metavar=shown))
        )
        for name, (text, shown) in _HELP.items()
    ]
    options.append(
        Parameter("template", Parameter.KEYWORD_ONLY, default=None, annotation=_annotated(Path | None, _TEMPLATE))
    )

    @functools.wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401 - values of any option
        from osce_commitments.report import Cover

        cover = Cover(**{name: given.pop(name).strip() for name in _HELP})
        command(cover=cover, **given)

    # The class of a cover is not imported for the help.
    command.__annotations__.pop("cover")
    own = inspect.signature(command, eval_str=True).parameters.values()
    kept = [one for one in own if one.name not in {"cover", "template"}]
    rest = [one for one in kept if one.kind is not Parameter.VAR_KEYWORD]
    variable = [one for one in kept if one.kind is Parameter.VAR_KEYWORD]
    placed = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in rest]
    # Typer reads the options of a command from these two.
    run.__signature__ = inspect.Signature([*placed, *options, *variable])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (*placed, *options, *variable)}
    return run


def _annotated(kind: Any, option: object) -> Any:  # noqa: ANN401 - types as values
    return Annotated[kind, option]

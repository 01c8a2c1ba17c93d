"""Search conditions as command options."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from inspect import Parameter
from typing import Annotated, Any

import typer

from osce_commitments.query.conditions import Condition, current

_TYPES: dict[str, Any] = {"word": str | None, "words": list[str] | None, "yes_no": bool | None}


def with_conditions(conditions: Iterable[Condition]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command one option per condition, and a hidden one per earlier name.

    The command receives the given conditions under their current names.
    """
    options = [option for condition in conditions for option in _options(condition)]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**given: Any) -> None:  # noqa: ANN401 - values of any option
            values = {option.name: given.pop(option.name) for option in options}
            command(**given, **current(values))

        own = inspect.signature(command, eval_str=True).parameters.values()
        names = {option.name for option in options}
        kept = [
            one.replace(kind=Parameter.KEYWORD_ONLY)
            for one in own
            if one.kind is not Parameter.VAR_KEYWORD and one.name not in names
        ]
        # Typer reads the options of a command from these two.
        run.__signature__ = inspect.Signature([*options, *kept])  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in (*options, *kept)}
        return run

    return decorate


def _options(condition: Condition) -> Iterator[Parameter]:
    repeated = " May be repeated." if condition.kind == "words" else ""
    metavar = None if condition.kind == "yes_no" else condition.metavar
    shown = typer.Option(help=condition.help + repeated, metavar=metavar)
    for name, option in ((condition.name, shown), *((old, typer.Option(hidden=True)) for old in condition.old)):
        yield Parameter(
            name, Parameter.KEYWORD_ONLY, default=None, annotation=_annotated(_TYPES[condition.kind], option)
        )


def _annotated(kind: Any, option: object) -> Any:  # noqa: ANN401 - types as values
    return Annotated[kind, option]

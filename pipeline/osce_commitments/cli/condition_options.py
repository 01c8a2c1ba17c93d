"""Search conditions as command options."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from inspect import Parameter
from typing import Annotated, Any

import typer

from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS
from osce_commitments.query.condition_values import body_codes
from osce_commitments.query.conditions import Condition, without_empty

_TYPES: dict[str, Any] = {"word": str | None, "words": list[str] | None, "yes_no": bool | None}
_PANEL = "Which provisions"
_VALUES: dict[str, Callable[[], Iterable[str]]] = {
    "strength": lambda: (f"{bound}{level}" for bound in ("", ">=", ">") for level in STRENGTHS),
    "body": body_codes,
}


def with_conditions(conditions: Iterable[Condition]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command one option per condition; it receives those that are given."""
    options = [_option(condition) for condition in conditions]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**given: Any) -> None:  # noqa: ANN401 - values of any option
            values = {option.name: given.pop(option.name) for option in options}
            command(**given, **without_empty(values))

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


def _option(condition: Condition) -> Parameter:
    repeated = " May be repeated." if condition.kind == "words" else ""
    metavar = None if condition.kind == "yes_no" else condition.metavar
    check = None if condition.kind == "yes_no" else _check(condition)
    help_text = f"{condition.help}{_listed(condition)}{repeated}"
    shown = typer.Option(
        help=help_text, metavar=metavar, callback=check, autocompletion=_completion(condition), rich_help_panel=_PANEL
    )
    kind: Any = Annotated[_TYPES[condition.kind], shown]
    return Parameter(condition.name, Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def _listed(condition: Condition) -> str:
    """The values of a closed set, unless the help names them already."""
    missing = [value for value in condition.choices if value not in condition.help]
    return f" One of: {', '.join(condition.choices)}." if missing else ""


def _completion(condition: Condition) -> Callable[[str], list[str]] | None:
    values = _VALUES.get(condition.name, (lambda: condition.choices) if condition.choices else None)
    if values is None:
        return None
    return lambda incomplete: [value for value in values() if value.startswith(incomplete)]


def _check(condition: Condition) -> Callable[[Any], Any]:
    """Refuse an option without its value, which would take the option that follows as its value."""

    def check(value: Any) -> Any:  # noqa: ANN401 - the values of any option
        values = value if isinstance(value, list) else [value or ""]
        following = next((value for value in values if value.startswith("--")), None)
        if following:
            option = f"--{condition.name.replace('_', '-')}"
            msg = f"{option} needs a value before {following}"
            meaning = f"{condition.help[0].lower()}{condition.help[1:].rstrip('.')}"
            raise ConfigError(msg, f"write {option} {condition.metavar}: {meaning}")
        return value

    return check

"""Search conditions as command options: each as an option of query, any of them by its name in --where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer

from osce_commitments.cli.options import named_values
from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS
from osce_commitments.query.conditions import BY_NAME, CONDITIONS, Condition, body_codes, without_empty

_PANEL = "Which provisions"
_VALUES: dict[str, Callable[[], Iterable[str]]] = {
    "strength": lambda: (f"{bound}{level}" for bound in ("", ">=", ">") for level in STRENGTHS),
    "body": body_codes,
}
_YES_NO = {"yes": True, "no": False}


def condition_option(name: str) -> Any:  # noqa: ANN401 - typer declares its options so
    """The option of a condition: its help, values and completion are those of the declaration."""
    condition = BY_NAME[name]
    listed = "" if all(value in condition.help for value in condition.choices) else ", ".join(condition.choices)
    of_values = f" One of: {listed}." if listed else ""
    repeated = " May be repeated." if condition.kind == "words" else ""
    is_flag = condition.kind == "yes_no"
    return typer.Option(
        help=f"{condition.help}{of_values}{repeated}",
        metavar=None if is_flag else condition.metavar,
        callback=None if is_flag else _check(condition),
        autocompletion=_completion(condition),
        rich_help_panel=_PANEL,
    )


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


OptionText = str | None
OptionTexts = list[str] | None
OptionFlag = bool | None
AreaOption = Annotated[OptionTexts, condition_option("area")]
StrengthOption = Annotated[OptionText, condition_option("strength")]
SinceOption = Annotated[OptionText, condition_option("since")]
WhereOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Any condition of query by its name, such as body=MC, due-since=2015 or has-deadline=yes. May be repeated.",
        metavar="NAME=VALUE",
        autocompletion=lambda incomplete: [f"{name}=" for name in BY_NAME if name.startswith(incomplete)],
        rich_help_panel=_PANEL,
    ),
]


def read_conditions(
    where: OptionTexts, known: Iterable[Condition] = CONDITIONS, **options: str | list[str] | bool | None
) -> dict[str, Any]:
    """The conditions of ``--where`` and of options by their names, without empty ones.

    Raises:
        ConfigError: If there is no such condition, it has no value, or has two where one is possible.
    """
    by_name = {condition.name: condition for condition in known}
    conditions = without_empty(options)
    for name, value in named_values("--where", where, BY_NAME):
        if name not in by_name:
            msg = f"--where {name}={value}: this command has no condition {name!r}"
            raise ConfigError(msg, f"its conditions: {', '.join(by_name).replace('_', '-')}")
        if by_name[name].kind == "words":
            conditions[name] = (*conditions.get(name, ()), value)
            continue
        if name in conditions:
            msg = f"the condition {name} is set twice"
            raise ConfigError(msg, "leave one of the two out")
        if by_name[name].kind == "yes_no" and value not in _YES_NO:
            msg = f"--where {name}={value}: neither yes nor no"
            raise ConfigError(msg, f"write --where {name}=yes or --where {name}=no")
        conditions[name] = _YES_NO[value] if by_name[name].kind == "yes_no" else value
    return conditions

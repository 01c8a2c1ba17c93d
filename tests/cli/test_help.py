"""The help: every command has a group and an example that the command accepts."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
import typer

from osce_commitments.cli import MODULES, build
from osce_commitments.cli.help_pages import PAGES
from osce_commitments.labels import ThreatArea
from osce_commitments.query.conditions import body_codes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.cli import Answer

ROOT: Any = typer.main.get_command(build())


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer brings its own classes of commands
    for name, inner in getattr(command, "commands", {}).items():
        yield " ".join((*words, name)), inner
        yield from _commands(inner, (*words, name))


COMMANDS = dict(_commands(ROOT))


def test_every_command_has_a_page_and_every_page_a_command() -> None:
    assert set(PAGES) == set(COMMANDS)


def test_each_command_is_found_in_the_module_that_is_loaded_for_it() -> None:
    assert {name for names in MODULES.values() for name in names} == set(ROOT.commands)
    for module, names in MODULES.items():
        for name in names:
            assert set(typer.main.get_command(build(name)).commands) == set(names), module  # type: ignore[attr-defined]


LEAVES = [name for name, command in COMMANDS.items() if not hasattr(command, "commands")]


@pytest.mark.parametrize("name", LEAVES)
def test_no_option_of_a_command_has_the_name_of_another(name: str) -> None:
    names = [one for parameter in COMMANDS[name].params for one in (*parameter.opts, *parameter.secondary_opts)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", LEAVES)
def test_arguments_have_one_pair_of_brackets(name: str) -> None:
    assert "[[" not in COMMANDS[name].get_usage(COMMANDS[name].make_context(name, [], resilient_parsing=True))


@pytest.mark.parametrize("name", LEAVES)
def test_the_example_of_a_command_is_one_that_it_accepts(name: str) -> None:
    program, *words = shlex.split(PAGES[name].example)
    assert program == "osce-commitments"
    given = words[len(name.split()) :]
    assert words[: len(name.split())] == name.split()
    COMMANDS[name].make_context(name, given)


def test_an_example_with_an_unknown_option_would_fail() -> None:
    with pytest.raises(Exception, match="No such option"):
        COMMANDS["query"].make_context("query", ["--aera", "arms"])


def test_the_values_of_a_closed_set_are_listed_and_completed() -> None:
    option = next(one for one in COMMANDS["query"].params if one.name == "area")
    assert all(area in option.help for area in ThreatArea)
    completed = option.shell_complete(COMMANDS["query"].make_context("query", []), "bo")
    assert [item.value for item in completed] == ["border_security"]


def test_bodies_are_listed_and_completed() -> None:
    option = next(one for one in COMMANDS["query"].params if one.name == "body")
    assert all(body in option.help for body in body_codes() if " " not in body)
    completed = option.shell_complete(COMMANDS["query"].make_context("query", []), "R")
    assert [item.value for item in completed] == ["RFoM"]


def test_the_help_names_no_types_of_python(cli: Callable[..., Answer]) -> None:
    shown = [cli(*name.split(), "--help").out for name in ("query", "run", "labels export", "train", "labels", "")]
    assert [one for page in shown for one in re.findall(r"<(?:bool|str|int|int range|path)>", page)] == []
    assert "--limit NUMBER" in " ".join(shown[0].split())


@pytest.mark.parametrize("name", LEAVES)
def test_no_value_breaks_inside_a_word_at_80_columns(
    name: str, monkeypatch: pytest.MonkeyPatch, cli: Callable[..., Answer]
) -> None:
    """A closed set that is wider than its column would be cut anywhere: its values belong in the help text."""
    monkeypatch.setenv("COLUMNS", "80")
    shown = re.findall(r"<[a-z-]+\|[a-z|-]*", cli(*name.split(), "--help").out)
    assert [one for one in shown if len(one) > MOST_OF_A_COLUMN] == []


MOST_OF_A_COLUMN = 22

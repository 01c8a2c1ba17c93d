"""What the help shows next to a command's own text: the reader it serves, and an example.

One table for all commands, so that the overview and the order of groups can be read in one place.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

if TYPE_CHECKING:
    import typer

_READ, _ASK, _FOLLOW, _LEARN = "Read documents", "Ask and report", "Versions and exports", "Label and train"


@dataclass(frozen=True, slots=True)
class HelpPage:
    """The group of a command in the overview, and an example of its use."""

    group: str
    example: str = ""


PAGES: Mapping[str, HelpPage] = {
    "run": HelpPage(_READ, "osce-commitments run documents/ --data mine"),
    "fetch": HelpPage(_READ, "osce-commitments fetch MC.DEC/4/03"),
    "doctor": HelpPage(_READ, "osce-commitments doctor --data mine"),
    "query": HelpPage(_ASK, "osce-commitments query '\"travel document*\"' --strength '>urging' --since 2001"),
    "show": HelpPage(_ASK, "osce-commitments show pb6a477b"),
    "like": HelpPage(_ASK, "osce-commitments like pb6a477b --where since=2010"),
    "sql": HelpPage(_ASK, 'osce-commitments sql "SELECT year, count(*) FROM commitments GROUP BY year"'),
    "history": HelpPage(_ASK, "osce-commitments history '\"travel documents\"' --area border_security"),
    "lineage": HelpPage(_ASK, "osce-commitments lineage --format graphml -o lineage.graphml"),
    "report": HelpPage(_ASK),
    "report overview": HelpPage(_ASK, "osce-commitments report overview --area border_security -o borders.docx"),
    "report digest": HelpPage(_ASK, "osce-commitments report digest --since MC -o digest.html"),
    "report gaps": HelpPage(_ASK, "osce-commitments report gaps -o gaps.md"),
    "watch": HelpPage(_FOLLOW),
    "watch add": HelpPage(_FOLLOW, "osce-commitments watch add borders 'passport*' --area border_security"),
    "watch list": HelpPage(_FOLLOW, "osce-commitments watch list"),
    "watch run": HelpPage(_FOLLOW, "osce-commitments watch run --format html --out news/"),
    "watch remove": HelpPage(_FOLLOW, "osce-commitments watch remove borders"),
    "serve": HelpPage(_ASK, "osce-commitments serve --data mine --port 8400"),
    "graph": HelpPage(_ASK, "osce-commitments graph -o citations.graphml"),
    "cite": HelpPage(_ASK, "osce-commitments cite MC.DEC/94/16"),
    "versions": HelpPage(_FOLLOW, "osce-commitments versions --data mine"),
    "diff": HelpPage(_FOLLOW, "osce-commitments diff 1 2 --data mine"),
    "export": HelpPage(_FOLLOW, "osce-commitments export --format parquet --out published"),
    "classify": HelpPage(_LEARN, "osce-commitments classify 'States will exchange information on lost passports.'"),
    "labels": HelpPage(_LEARN),
    "labels next": HelpPage(_LEARN, "osce-commitments labels next --for terrorism"),
    "labels export": HelpPage(_LEARN, "osce-commitments labels export --budget 50 -o week1.xlsx"),
    "labels import": HelpPage(_LEARN, "osce-commitments labels import week1.xlsx --by coder-1"),
    "labels set": HelpPage(_LEARN, "osce-commitments labels set pb6a477b --strength urging --rule S6 --by coder-1"),
    "labels take-back": HelpPage(_LEARN, "osce-commitments labels take-back pb6a477b --by coder-1"),
    "labels status": HelpPage(_LEARN, "osce-commitments labels status"),
    "labels agreement": HelpPage(_LEARN, "osce-commitments labels agreement"),
    "labels adjudicate": HelpPage(_LEARN, "osce-commitments labels adjudicate -o disagreements.xlsx"),
    "labels suspects": HelpPage(_LEARN, "osce-commitments labels suspects corpora/commitments/validation.jsonl"),
    "labels to-corpus": HelpPage(_LEARN, "osce-commitments labels to-corpus -o checked.jsonl"),
    "corpora": HelpPage(_LEARN),
    "corpora hydrate": HelpPage(_LEARN, "osce-commitments corpora hydrate resolutions/ -o real.jsonl"),
    "rules": HelpPage(_LEARN),
    "rules list": HelpPage(_LEARN, "osce-commitments rules list strength"),
    "rules show": HelpPage(_LEARN, "osce-commitments rules show strength.act_mandating"),
    "rules why": HelpPage(_LEARN, "osce-commitments rules why pb6a477b"),
    "evaluate": HelpPage(_LEARN, "osce-commitments evaluate --data corpora/commitments/test.jsonl --out build/test"),
    "gate": HelpPage(_LEARN, "osce-commitments gate build/test/metrics.json --name commitments-test"),
    "train": HelpPage(_LEARN, "osce-commitments train --config configs/train.yaml"),
    "models": HelpPage(_LEARN),
    "models list": HelpPage(_LEARN, "osce-commitments models list"),
    "models show": HelpPage(_LEARN, "osce-commitments models show tnt"),
    "models compare": HelpPage(
        _LEARN, "osce-commitments models compare rules tnt --data corpora/commitments/validation.jsonl"
    ),
    "models add": HelpPage(
        _LEARN, "osce-commitments models add .cache/train/candidate --promote --reason 'more coded rows'"
    ),
    "models promote": HelpPage(_LEARN, "osce-commitments models promote tnt@9"),
    "models rollback": HelpPage(_LEARN, "osce-commitments models rollback tnt"),
    "models export-hf": HelpPage(_LEARN, "osce-commitments models export-hf tnt --out build/tnt-hf"),
    "models describe": HelpPage(
        _LEARN,
        'osce-commitments models describe .cache/train/candidate --measured "real documents=build/real/metrics.json"',
    ),
    "models repool": HelpPage(_LEARN, "osce-commitments models repool tnt --out build/repooled"),
}
"""By the words of the command."""


def add_help_pages(app: typer.Typer) -> None:
    """Give each command its group and its example; one without an entry stays in typer's own group."""
    app.info.cls = _Group
    for group in app.registered_groups:
        name, group.cls = str(group.name), _Group
        if name in PAGES:
            group.rich_help_panel = PAGES[name].group
        for command in group.typer_instance.registered_commands if group.typer_instance else ():
            command.cls, command.epilog = _Command, _epilog(f"{name} {command.name}")
    for command in app.registered_commands:
        name = str(command.name)
        if name in PAGES:
            command.rich_help_panel = PAGES[name].group
            command.cls, command.epilog = _Command, _epilog(name)


class _PlainHelp:
    """A command whose help has no types of Python (<bool>, <int range>, <str>): they mean nothing to most of its readers."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - typer brings its own context
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc] # of the command
        for param in params:
            param.display_type_rich = functools.partial(_values, param)
        return params


class _Command(_PlainHelp, TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer brings its own context
        """Name the new way to write an option that is a condition of ``--where`` or a part of ``--cover`` here."""
        options = {name for parameter in self.params for name in (*parameter.opts, *parameter.secondary_opts)}
        for word in itertools.takewhile(lambda word: word != "--", args):
            option = word.partition("=")[0]
            if option.startswith("--") and option not in options:
                _refuse_moved(option, options)
        return super().parse_args(ctx, args)


# Measures of the development of the program: commands once, now modules next to their documents.
_MODULES = {
    "evaluate-gold": "corpora.gold.measure",
    "evaluate-structure": "corpora.marked_up",
    "evaluate-lineage": "corpora.lineage.measure",
}


class _Group(_PlainHelp, TyperGroup):
    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - signature of the library
        """Name the module that took the place of a former command."""
        if args and args[0] in _MODULES:
            from osce_commitments.errors import ConfigError

            msg = f"there is no command {args[0]} any more"
            raise ConfigError(msg, f"in a checkout, write: python -m {_MODULES[args[0]]}")
        return super().resolve_command(ctx, args)


def _refuse_moved(option: str, options: Collection[str]) -> None:
    from osce_commitments.cli.options import COVER
    from osce_commitments.errors import ConfigError
    from osce_commitments.query.conditions import BY_NAME

    name = option.removeprefix("--")
    condition = BY_NAME.get(name.removeprefix("no-").replace("-", "_"))
    remedy = ""
    if "--cover" in options and name in (*COVER, "template"):
        remedy = f"--cover {name}={'FILE' if name == 'template' else 'TEXT'}"
    elif "--where" in options and condition and condition.kind == "yes_no":
        answer = "no" if name.startswith("no-") else "yes"
        remedy = f"--where {name.removeprefix('no-')}={answer}"
    elif "--where" in options and condition and not name.startswith("no-"):
        remedy = f"--where {name}={condition.metavar}"
    if remedy:
        msg = f"there is no option {option} here"
        raise ConfigError(msg, f"write {remedy}")


_WORDS = {"<int>": "NUMBER", "<int range>": "NUMBER", "<float>": "NUMBER", "<float range>": "NUMBER", "<str>": "TEXT"}


def _values(shown: TyperOption | TyperArgument, ctx: Any) -> str | None:  # noqa: ANN401 - typer brings its own context
    if isinstance(shown, TyperArgument):
        return None
    if shown.is_flag or shown.metavar:
        return shown.metavar
    values = shown.display_type(ctx)
    return _WORDS.get(values, values)


def _epilog(name: str) -> str | None:
    page = PAGES.get(name)
    return f"Example: `{page.example}`" if page and page.example else None

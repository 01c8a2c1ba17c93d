"""Commands on linguistic rules: list them, show one, explain a provision."""

from __future__ import annotations

from typing import Annotated

import typer

from osce_commitments.cli import options
from osce_commitments.cli.output import print_json, print_table

rules = typer.Typer(help="Linguistic rules: list them, show one, explain a provision.", no_args_is_help=True)


@rules.command("list")
def list_rules_command(
    kind: Annotated[str, typer.Argument(help="Kind of rules (areas, strength, time, …); by default, all.")] = "",
    as_json: options.Json = False,
) -> None:
    """List the rules of one kind, or count the rules of every kind."""
    from osce_commitments.rules.kinds import rule_set, rule_sets

    if kind:
        rows = [
            {"id": rule.id, "branches": len(rule.branches), "example": next(iter(rule.examples), "")}
            for rule in rule_set(kind)
        ]
    else:
        rows = [
            {
                "kind": name,
                "decides": rule_set(name).title,
                "rules": len(rule_set(name).rules),
                "branches": sum(len(rule.branches) for rule in rule_set(name)),
            }
            for name in rule_sets
        ]
    print_table(rows, as_json=as_json)


@rules.command("show")
def show_rule_command(
    rule: Annotated[str, typer.Argument(help="Id of a rule (qualifiers.mandate).", metavar="ID")],
    as_json: options.Json = False,
) -> None:
    """Show what a rule matches, what excludes it, what it yields, and its examples."""
    from osce_commitments.rules.kinds import find_rule, rule_as_dict, rule_lines

    found = find_rule(rule)
    if as_json:
        print_json(rule_as_dict(found))
        return
    typer.echo("\n".join(rule_lines(found)))


@rules.command("why")
def explain_command(
    provision: Annotated[
        str, typer.Argument(help="Id of a provision, its first characters, or its citation.", metavar="ID")
    ],
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    as_json: options.Json = False,
) -> None:
    """Name the rule that set the role, the lead-in, each tag and each label of a provision."""
    import osce_commitments

    results = osce_commitments.open(data, as_of).explain(provision)
    if as_json:
        print_json(results)
        return
    from osce_commitments.cli.terminal import console, print_hanging

    for result in results:
        words = f" because of “{result['words']}”" if result["words"] else ""
        print_hanging(console(), f"{result['what']:<12}", f"{result['value']}{words} · {result['rule'] or 'no rule'}")

"""Thin commands over the same functions that Python users call.

Nothing heavy is imported before a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType

import typer

from osce_commitments.cli import ask, history, label, page, reports, training, work
from osce_commitments.cli.exits import DEFECT, USAGE, complain
from osce_commitments.errors import ConfigError, OsceCommitmentsError, SchemaError

app = typer.Typer(
    name="osce-commitments",
    help="Find, classify and compare the commitments in OSCE decisions and declarations.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        from osce_commitments import __version__

        typer.echo(f"osce-commitments {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Find, classify and compare the commitments in OSCE decisions and declarations."""


for module in (work, ask, page, reports, history, label, training):
    module.register(app)


def _leave_out_spacy_commands() -> None:
    """Keep spaCy from importing its own command line, a third of what it takes to start; nothing here uses it."""
    for name in ("spacy.cli", "spacy.cli.info"):
        stub = ModuleType(name)
        stub.info = None  # type: ignore[attr-defined]
        sys.modules.setdefault(name, stub)


def main() -> None:
    """Run the command line; every error is one line and an exit code."""
    code = DEFECT
    _leave_out_spacy_commands()
    try:
        app()
    except SchemaError as error:
        code = complain(error, DEFECT)
    except OsceCommitmentsError as error:
        code = complain(error, USAGE)
    except OSError as error:  # a full disk or a closed pipe behind standard output
        code = complain(
            ConfigError(f"output cannot be written: {error.strerror}", "see to space and permissions"), USAGE
        )
    except Exception as error:  # the process boundary: a person gets one line, a developer the traceback on demand
        if os.environ.get("OSCE_COMMITMENTS_DEBUG"):
            raise
        code = complain(error, DEFECT)
    sys.exit(code)

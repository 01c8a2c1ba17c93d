"""The command line: thin commands over the public functions.

Heavy packages are imported only when a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import gc
import os
import sys

import typer

from osce_commitments.cli import (
    checked,
    dataset,
    label,
    labels,
    lineage,
    models,
    query,
    report,
    rules,
    run,
    serve,
    watch,
)
from osce_commitments.cli.exits import DEFECT_EXIT, USAGE_EXIT, complain
from osce_commitments.cli.help_pages import add_help_pages
from osce_commitments.errors import ConfigError, OsceCommitmentsError, SchemaError

# Start-up creates some 100,000 lasting objects; Python's default (a collection per 700) takes 5 to 10 % of the time.
_OBJECTS_BEFORE_COLLECTION = 50_000

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
        from osce_commitments._version import __version__

        typer.echo(f"osce-commitments {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Find, classify and compare the commitments in OSCE decisions and declarations."""


for module in (run, query, lineage, serve, report, watch, dataset, label, labels, checked, rules, models):
    module.register(app)
add_help_pages(app)


def main() -> None:
    """Run the command line; report an error as one line and an exit code."""
    code = DEFECT_EXIT
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)
    try:
        app()
    except SchemaError as error:
        code = complain(error, DEFECT_EXIT)
    except OsceCommitmentsError as error:
        code = complain(error, USAGE_EXIT)
    except OSError as error:  # a full disk or a closed pipe at standard output
        code = complain(
            ConfigError(f"output cannot be written: {error.strerror}", "check free disk space and permissions"),
            USAGE_EXIT,
        )
    except Exception as error:  # the process boundary: a person gets one line, a developer the traceback on demand
        if os.environ.get("OSCE_COMMITMENTS_DEBUG"):
            raise
        code = complain(error, DEFECT_EXIT)
    finally:
        gc.freeze()  # saves a last collection at exit
    sys.exit(code)

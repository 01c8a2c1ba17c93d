"""The command line: thin commands over the public functions.

Heavy packages are imported only when a command runs, so that ``--help`` answers at once.
"""

from __future__ import annotations

import functools
import gc
import importlib
import io
import os
import sys

import typer

from osce_commitments.cli.exits import CLOSED_PIPE_EXIT, DEFECT_EXIT, USAGE_EXIT, complain
from osce_commitments.cli.help_pages import add_help_pages
from osce_commitments.defaults import OBJECTS_BEFORE_COLLECTION
from osce_commitments.errors import ConfigError, OsceCommitmentsError, SchemaError

# The modules of the commands in the order of the help, and the commands and groups that each has.
# The command "classify" is the function classify_command of its module, the group "labels" the object labels.
MODULES = {
    "run": ("run", "fetch", "doctor"),
    "query": ("query", "like", "sql", "show", "graph", "cite"),
    "lineage": ("history", "lineage"),
    "serve": ("serve",),
    "report": ("report",),
    "watch": ("watch",),
    "dataset": ("versions", "diff", "export"),
    "label": ("classify", "evaluate", "gate", "corpora"),
    "labels": ("labels",),
    "rules": ("rules",),
    "models": ("train", "models"),
}


def _version(value: bool) -> None:
    if value:
        from osce_commitments._version import __version__

        typer.echo(f"osce-commitments {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Find, classify and compare the commitments in OSCE decisions and declarations."""


@functools.cache
def build(command: str = "") -> typer.Typer:
    """The application with the module of one command, since the others take a tenth of a second; by default, with all modules."""
    app = typer.Typer(
        name="osce-commitments",
        help="Find, classify and compare the commitments in OSCE decisions and declarations.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    groups: dict[str, typer.Typer] = {}
    for module in [module for module, names in MODULES.items() if command in names] or MODULES:
        found = vars(importlib.import_module(f"{__name__}.{module}"))
        for name in MODULES[module]:
            function = found.get(f"{name.replace('-', '_')}_command")
            if function:
                app.command(name)(function)
            else:
                groups[name] = found[name]
    for name, group in groups.items():
        app.add_typer(group, name=name)
    add_help_pages(app)
    return app


def main() -> None:
    """Run the command line; report an error as one line and an exit code."""
    code = DEFECT_EXIT
    # Before the import of pydantic, which would look through every installed package for plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    for stream in (sys.stdout, sys.stderr):
        # Windows has another encoding for files and pipes, which lacks most signs.
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors=stream.errors)
    try:
        build(sys.argv[1] if len(sys.argv) > 1 else "")()
    except SystemExit as end:  # typer ends with 1 when a pipe is closed (`| head`), which means rejects here
        sys.exit(CLOSED_PIPE_EXIT if isinstance(end.__context__, BrokenPipeError) else end.code)
    except SchemaError as error:
        code = complain(error, DEFECT_EXIT)
    except OsceCommitmentsError as error:
        code = complain(error, USAGE_EXIT)
    except OSError as error:  # a full disk at standard output
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

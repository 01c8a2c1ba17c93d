"""What a command writes: files whole or not at all, never inside a dataset; JSON for the terminal."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import typer

from osce_commitments.errors import ConfigError
from osce_commitments.files import replaced
from osce_commitments.texts.printable import escaped, visible, wrapped


def say(line: str) -> None:
    """Print a note on stderr."""
    typer.echo(wrapped(line, sys.stderr), err=True)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines; on a terminal, what does not fit begins below the first word of its line."""
    for line in lines:
        typer.echo(wrapped(line, sys.stdout, " " * (len(line) - len(line.lstrip(" +-")))))


def near(path: str) -> str:
    """A path from the working folder, if it is below it; anything else as it is."""
    return os.path.relpath(path) if path.startswith(f"{Path.cwd()}{os.sep}") else path


def print_table(rows: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print rows as a table, or as JSON."""
    if as_json:
        print_json(rows)
        return
    from osce_commitments.cli.terminal import print_rows

    print_rows(rows)


def print_json(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(escaped(json.dumps(value, ensure_ascii=False, indent=2, default=str)))


@contextlib.contextmanager
def written(out: Path | None) -> Iterator[BinaryIO]:
    """Yield a stream to a file (see :func:`whole_file`), or without one to standard output."""
    with printed() if out is None else whole_file(out) as stream:
        yield stream


@contextlib.contextmanager
def printed() -> Iterator[BinaryIO]:
    """Yield a stream for a text on standard output; on a terminal, the signs that steer it are written out."""
    if not sys.stdout.isatty():
        yield sys.stdout.buffer
        return
    held = io.BytesIO()
    yield held
    sys.stdout.buffer.write(visible(held.getvalue().decode()).encode())


@contextlib.contextmanager
def whole_file(out: Path) -> Iterator[BinaryIO]:
    """Yield a stream; the file appears under its name when the block ends without an error.

    Raises:
        ConfigError: If it cannot be written, or is part of a dataset; an earlier file is untouched then.
    """
    for folder in Path(os.path.realpath(out)).parents:
        if (folder / "_versions").is_dir():
            raise ConfigError(f"{out} is inside the dataset {folder}", "give --out a file in another folder")
    if out.exists() and not out.is_file():  # a pipe or a device
        with _one_line(out), out.open("wb") as stream:
            yield stream
        return
    with _one_line(out), replaced(Path(os.path.realpath(out))) as temporary, temporary.open("wb") as stream:
        yield stream


@contextlib.contextmanager
def _one_line(out: Path) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        msg = f"{out} cannot be written: {error.strerror or error}"
        raise ConfigError(msg, "give --out a file in a folder that exists and has room") from error

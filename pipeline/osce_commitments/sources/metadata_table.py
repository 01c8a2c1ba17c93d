"""A CSV table of facts about the inputs of a run, and a folder's own ``SOURCES.csv`` of this form."""

from __future__ import annotations

import csv
import io
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from osce_commitments.catalogue.given import GIVEN_COLUMNS, read_fact
from osce_commitments.errors import ConfigError
from osce_commitments.files import read_regular
from osce_commitments.schema import SourceRef

_FILE = "file"
_REST = "\0"  # no column has this name
_MOST_BYTES = 50_000_000
_OWN_TABLE = "sources.csv"


@dataclass(frozen=True, slots=True)
class MetadataTable:
    """Facts about inputs: for each line number the file that it names and its facts as written; ``unused`` columns are no facts."""

    path: Path
    rows: Mapping[int, tuple[str, tuple[tuple[str, str], ...]]]
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """Inputs with the facts that a table gives, their number, and a message for each row that describes no input."""

    refs: tuple[SourceRef, ...]
    count: int
    unmatched: tuple[str, ...]


def load_metadata(path: Path) -> MetadataTable:
    """Read a table with the column ``file`` and any of ``symbol, title, date, body, type, adopted``."""
    try:
        text = read_regular(path, "utf-8-sig")
        # Spreadsheets write ";" where "," is the decimal mark.
        separator = max(",;\t", key=text.partition("\n")[0].count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restkey=_REST, strict=True)
        written = reader.fieldnames or ()
        names = {name: name.strip().casefold() for name in written}
        # Not of ``names``, which would hide a column that stands twice.
        facts = [known for name in written if (known := name.strip().casefold()) in {_FILE, *GIVEN_COLUMNS}]
        if _FILE not in facts or len(set(facts)) < 2 or len(set(facts)) < len(facts):  # noqa: PLR2004 - a file and a fact
            columns = ", ".join(GIVEN_COLUMNS)
            msg = f"metadata table {path} needs the column {_FILE} and one or more of {columns}, each once"
            raise ConfigError(msg, "name them in its first line, with commas or semicolons between them")
        rows = dict(_rows(path, reader, names))
    except FileNotFoundError as error:
        raise ConfigError(f"metadata table {path} does not exist", "give --metadata the path of a CSV file") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"metadata table {path} is not UTF-8 (line {line})", 'save it as "CSV UTF-8"') from error
    except OSError as error:
        msg = f"metadata table {path} cannot be read: {error.strerror}"
        raise ConfigError(msg, "give --metadata the path of a CSV file") from error
    except csv.Error as error:
        msg = f"metadata table {path} is not CSV: {error}"
        raise ConfigError(msg, "close each quotation mark that opens a cell") from error
    unused = tuple(name for name, known in names.items() if known not in {"", _FILE, *GIVEN_COLUMNS})
    return MetadataTable(path, rows, unused)


def _rows(
    path: Path, reader: csv.DictReader[str], names: Mapping[str, str]
) -> Iterator[tuple[int, tuple[str, tuple[tuple[str, str], ...]]]]:
    seen: dict[str, int] = {}
    for row in reader:
        number = reader.line_num
        if any(cell.strip() for cell in row.pop(_REST, ())):
            msg = f"{path}, line {number}: it has more cells than the first line has columns"
            raise ConfigError(msg, "put a cell that contains the separator in quotation marks")
        cells = {names[name]: value.strip() for name, value in row.items() if name in names and value and value.strip()}
        facts = tuple((name, cells[name]) for name in GIVEN_COLUMNS if name in cells)
        if not facts:
            continue
        file = cells.get(_FILE, "")
        if not file:
            msg = f"{path}, line {number}, column {_FILE}: it is empty"
            raise ConfigError(msg, "write a file name, or a path from the folder of the table")
        if file in seen:
            msg = f"{path}, line {number}, column {_FILE}: line {seen[file]} names {file} too"
            raise ConfigError(msg, "keep one of the two lines")
        seen[file] = number
        for name, written in facts:
            try:
                read_fact(name, written)
            except ValueError as error:
                msg = f"{path}, line {number}, column {name}: {error}"
                raise ConfigError(msg, "correct the cell, or leave it empty") from error
        yield number, (file, facts)


def attach(table: MetadataTable, refs: Sequence[SourceRef]) -> Attached:
    """Give the inputs the facts of a table; a row names an address, a path from the folder of the table, or a file name."""
    folder = os.path.abspath(table.path.parent)  # noqa: PTH100 - as the paths of inputs are made
    by_uri = {ref.uri: place for place, ref in enumerate(refs)}
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    for place, ref in enumerate(refs):
        by_name[PurePath(ref.uri).name].append(place)
    described, unmatched = list(refs), []
    for number, (file, facts) in table.rows.items():
        whole = by_uri.get(file, by_uri.get(os.path.normpath(os.path.join(folder, file))))  # noqa: PTH118
        places = [whole] if whole is not None else by_name[file]
        if len(places) == 1:
            described[places[0]] = replace(described[places[0]], given=facts)
        else:
            why = "several inputs have that name: write its path" if places else "it is no input of this run"
            unmatched.append(f"{table.path}, line {number}: {file}: {why}")
    return Attached(tuple(described), sum(ref.given != () for ref in described), tuple(unmatched))


def own_tables(passed_over: Iterable[str], refs: Sequence[SourceRef], used: Path | None) -> dict[str, int]:
    """Return the tables called ``SOURCES.csv`` among skipped files, with the number of inputs that each describes, but not the one used."""
    offers = {}
    for path in passed_over:
        if PurePath(path).name.casefold() != _OWN_TABLE or (used and used.resolve() == Path(path).resolve()):
            continue
        # Nobody asked for this file: a pipe would stop the run, a large file would fill the memory.
        if not Path(path).is_file() or Path(path).stat().st_size > _MOST_BYTES:
            continue
        try:
            count = attach(load_metadata(Path(path)), [replace(ref, given=()) for ref in refs]).count
        except ConfigError:
            continue
        if count:
            offers[path] = count
    return offers

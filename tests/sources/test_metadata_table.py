from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

import pytest

from osce_commitments.catalogue.given import given_hash, read_fact
from osce_commitments.errors import ConfigError
from osce_commitments.labels import Adopted, DocumentType, MediaType
from osce_commitments.schema import SourceRef
from osce_commitments.sources import attach, load_metadata, own_tables

if TYPE_CHECKING:
    from pathlib import Path


def _table(folder: Path, *lines: str, name: str = "facts.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def _ref(path: Path | str) -> SourceRef:
    return SourceRef(str(path), MediaType.TEXT)


FACTS = [
    ("symbol", "mc.dec 91/07", ("symbol", "MC.DEC/91/07")),
    ("symbol", "HARBOUR-7", ("symbol", "HARBOUR-7")),
    ("title", "Lamps  for all", ("title", "Lamps for all")),
    ("title", "Lamps \x1b[31m\x9bfor\u202e all", ("title", "Lamps [31mfor all")),
    ("date", "2091-05-04", ("date", dt.date(2091, 5, 4))),
    ("date", "2091-05-04T10:00:00Z", ("date", dt.date(2091, 5, 4))),
    ("date", "4 May 2091", ("date", dt.date(2091, 5, 4))),
    ("date", "2091", ("year", 2091)),
    ("type", "Action plan", ("type", DocumentType.ACTION_PLAN)),
    ("adopted", "false", ("adopted", Adopted.NO)),
    ("adopted", "Unknown", ("adopted", Adopted.UNKNOWN)),
]


@pytest.mark.parametrize(("name", "written", "expected"), FACTS)
def test_a_fact_is_read(name: str, written: str, expected: tuple[str, object]) -> None:
    assert read_fact(name, written) == expected


@pytest.mark.parametrize(
    ("name", "written"),
    [("date", "spring"), ("date", "2091-02-31"), ("date", "May 2091"), ("type", "post"), ("adopted", "maybe")],
)
def test_a_wrong_fact_is_refused(name: str, written: str) -> None:
    with pytest.raises(ValueError, match=r"write 2020-12-31 or 2020|is not one of: "):
        read_fact(name, written)


def test_rows_name_paths_names_and_addresses(tmp_path: Path) -> None:
    table = load_metadata(
        _table(
            tmp_path,
            "File, Title,licence",
            "in/a.txt,Lamps,none",
            "b.txt,Storms,",
            "https://example.org/c,Guards,",
            "d.txt,Rain,",
        )
    )
    refs = [
        _ref(tmp_path / "in" / "a.txt"),
        _ref("/elsewhere/b.txt"),
        _ref("https://example.org/c"),
        _ref("/elsewhere/e.txt"),
    ]
    found = attach(table, refs)
    assert [dict(ref.given).get("title") for ref in found.refs] == ["Lamps", "Storms", "Guards", None]
    assert (found.count, table.unused) == (3, ("licence",))
    assert found.unmatched == (f"{tmp_path / 'facts.csv'}, line 5: d.txt: it is no input of this run",)


def test_a_name_of_several_inputs_describes_none(tmp_path: Path) -> None:
    table = load_metadata(_table(tmp_path, "file,date", "a.txt,2091"))
    found = attach(table, [_ref("/one/a.txt"), _ref("/two/a.txt")])
    assert found.count == 0
    assert found.unmatched[0].endswith("several inputs have that name: write its path")


WRONG = [
    (("file,date", "a.txt,2091", "b.txt,spring"), "line 3, column date: 'spring' is neither a day nor a year"),
    (("file,adopted", "a.txt,maybe"), "line 2, column adopted: 'maybe' is not one of: yes, no, unknown"),
    (("file,title", ",Lamps"), "line 2, column file: it is empty"),
    (("file,title", "a.txt,Lamps", "a.txt,Storms"), "line 3, column file: line 2 names a.txt too"),
    (("name,title", "a.txt,Lamps"), "needs the column file"),
    (("file,licence", "a.txt,none"), "needs the column file and one or more of symbol, title"),
    (("file,title,Title", "a.txt,Lamps,Storms"), "each once"),
    (("file,title,title", "a.txt,Lamps,Storms"), "each once"),
    (("file,title", "a.txt,Lamps, storms"), "line 2: it has more cells than"),
    (("file,title", 'a.txt,"Lamps', "b.txt,Storms"), "is not CSV: .*Close each quotation mark"),
]


@pytest.mark.parametrize(("lines", "message"), WRONG)
def test_a_wrong_table_is_refused_in_one_line(lines: tuple[str, ...], message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_metadata(_table(tmp_path, *lines))
    assert "\n" not in str(caught.value)


def test_columns_may_stand_between_semicolons(tmp_path: Path) -> None:
    table = load_metadata(_table(tmp_path, "file;title;;", "a.txt;Lamps, storms;;;"))
    assert (table.rows, table.unused) == ({2: ("a.txt", (("title", "Lamps, storms"),))}, ())


def test_a_table_in_another_encoding_or_a_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"file,title\na.txt,\xe9\n")
    with pytest.raises(ConfigError, match=r"is not UTF-8 \(line 2\)"):
        load_metadata(path)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_metadata(tmp_path)


def test_a_pipe_or_a_table_that_would_fill_the_memory_is_passed_over(tmp_path: Path) -> None:
    own, refs = _table(tmp_path, "file,title", "a.txt,Lamps", name="SOURCES.csv"), [_ref(tmp_path / "a.txt")]
    with own.open("r+b") as stream:
        stream.truncate(60_000_000)
    assert own_tables([str(own)], refs, None) == {}
    own.unlink()
    os.mkfifo(own)
    assert own_tables([str(own)], refs, None) == {}


def test_a_pipe_as_table_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "facts.csv")
    with pytest.raises(ConfigError, match="not a regular file"):
        load_metadata(tmp_path / "facts.csv")


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load_metadata(tmp_path / "nowhere.csv")


def test_a_table_of_the_folder_is_offered_unless_it_is_used(tmp_path: Path) -> None:
    own = _table(tmp_path, "file,title", "a.txt,Lamps", name="SOURCES.csv")
    other = _table(tmp_path, "file,licence", "a.txt,none", name="other.csv")
    refs = [_ref(tmp_path / "a.txt"), _ref(tmp_path / "b.txt")]
    assert own_tables([str(own), str(other)], refs, None) == {str(own): 1}
    assert own_tables([str(own)], refs, own) == {}
    assert own_tables([str(own)], refs[1:], None) == {}


def test_the_hash_of_facts_changes_with_them() -> None:
    assert given_hash(()) == ""
    assert given_hash((("title", "a"),)) != given_hash((("title", "b"),))

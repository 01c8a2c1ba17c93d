from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.query import VIEWS, Reader, run_sql
from tests.support.makers import LINES

if TYPE_CHECKING:
    from pathlib import Path


def test_commitments_are_acts_of_adopted_documents(dataset: Dataset) -> None:
    table = run_sql(dataset, "SELECT text, symbol, body, date, type, strength_level FROM commitments")
    assert table.num_rows == 4
    assert all(row["strength_level"] >= 1 and row["type"] == "decision" for row in table.to_pylist())


def test_acts_of_other_documents_are_kept_apart(dataset: Dataset) -> None:
    rows = run_sql(dataset, "SELECT adopted, count(*) AS n FROM operative_acts GROUP BY ALL ORDER BY ALL").to_pylist()
    assert rows == [{"adopted": "no", "n": 1}, {"adopted": "yes", "n": 4}]


def test_mentions_are_cited_instruments(dataset: Dataset) -> None:
    rows = run_sql(dataset, "SELECT symbol, text, note, is_resolved, title FROM mentions ORDER BY text").to_pylist()
    assert rows == [
        {"symbol": "MC.DEC/91/07", "text": "MC.DEC/91/07", "note": "", "is_resolved": True, "title": None},
        {
            "symbol": "",
            "text": "the Vaduz Concept",
            "note": "no instrument of that name",
            "is_resolved": False,
            "title": None,
        },
    ]


def test_moments_are_in_utc_wherever_it_runs(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tashkent")
    (row,) = run_sql(dataset, "SELECT created_at, created_at::VARCHAR AS text FROM versions", 1).to_pylist()
    assert row["created_at"] == dataset.versions()[0].created_at
    assert row["text"].endswith("+00")


@pytest.mark.parametrize(
    "statement",
    [
        *(f"FROM {view}" for view in VIEWS),
        "WITH a AS (SELECT strength, count(*) AS n FROM provisions GROUP BY ALL) SELECT * FROM a ORDER BY n;",
        "FROM documents SELECT facts_from['date']",
        "DESCRIBE commitments",
        "SELECT area, sum(strength_level) FROM provisions, unnest(threat_areas) AS t(area) GROUP BY area",
    ],
)
def test_statements_that_ask(dataset: Dataset, statement: str) -> None:
    assert run_sql(dataset, statement).num_columns


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("", "give one statement, not 0"),
        ("SELECT 1; SELECT 2", "give one statement, not 2"),
        ("SELECT 1; DROP VIEW commitments", "give one statement, not 2"),
        ("DROP VIEW commitments", "only SELECT is allowed"),
        ("CREATE TABLE t AS SELECT 1", "only SELECT is allowed"),
        ("INSERT INTO provisions SELECT * FROM provisions", "only SELECT is allowed"),
        ("COPY provisions TO 'x.csv'", "only SELECT is allowed"),
        ("ATTACH 'x.db'", "only SELECT is allowed"),
        ("INSTALL httpfs", "only SELECT is allowed"),
        ("LOAD httpfs", "only SELECT is allowed"),
        ("SET enable_external_access = true", "only SELECT is allowed"),
        ("PRAGMA enable_progress_bar", "only SELECT is allowed"),
        ("EXPLAIN ANALYZE SELECT 1", "only SELECT is allowed"),
        ("SELECT * FROM read_parquet('x.parquet')", "disabled by configuration"),
        ("SELECT * FROM read_csv('/etc/hosts')", "disabled by configuration"),
        ("SELECT * FROM read_text('/etc/hosts')", "disabled by configuration"),
        ("SELECT * FROM glob('/*')", "disabled by configuration"),
        ("SELECT * FROM '/etc/hosts'", "does not exist"),
        ("SELECT * FROM connection", "does not exist"),
        ("SELEC 1", "syntax error.*Views: documents, provisions"),
        (
            "SELECT * FROM provision",
            r"provision does not exist.*Views: documents, provisions, operative_acts, commitments",
        ),
        ("SELECT strenght FROM provisions", r'"strenght" not found.*Columns of provisions: id, .*strength_level'),
        ("SELECT c.foo FROM commitments c", r"Columns of commitments: id, symbol"),
        ("SELECT * FROM provisions WHERE text = ?", "parameters"),
        ("SELECT 1/'a'", "Error"),
    ],
)
def test_statements_that_are_refused(
    dataset: Dataset, statement: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=message) as caught:
        run_sql(dataset, statement)
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_provision_is_found_by_its_citation(dataset: Dataset) -> None:
    reader = Reader(dataset.path)
    numbered = [one for one in reader.search(commitments=True, limit=None).hits if one.symbol and one.number]
    assert numbered
    for one in numbered:
        found = reader.show(one.citation).provision
        assert (found["document"], found["number"]) == (one.document, one.number)
        assert reader.show(one.citation.partition(", p. ")[0]).provision["number"] == one.number
    for wrong in ("MC.DEC/1/99, para. 9", "PC.DEC/77777, para. 1", ", "):
        with pytest.raises(DatasetError, match="is not in this version"):
            reader.show(wrong)
    symbol = numbered[0].symbol
    with pytest.raises(DatasetError, match=f"{symbol} is a document, not a provision.*query --document {symbol} lists"):
        reader.show(symbol)


def test_a_provision_is_shown_in_its_context(dataset: Dataset) -> None:
    reader = Reader(dataset.path)
    wanted = reader.search("stolen").hits[0].id
    view = reader.show(wanted)
    assert view.provision["text"] == LINES[1] == view.record.tagged.provision.text
    assert view.record.labels.strength_cue is not None
    assert (view.before, view.after) == (LINES[0] + "\n", "\n" + LINES[2])
    assert view.document["facts_from"] == {"date": "text", "body": "catalogue"}
    assert reader.show(wanted[:12]).provision["id"] == wanted


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("p000", "provision 'p000' is not"),
        ("", "provision '' is not"),
        ("p", "several provisions begin with 'p'.*Give more"),
    ],
)
def test_an_id_that_names_no_one_provision(dataset: Dataset, wanted: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        Reader(dataset.path).show(wanted)


def test_a_missing_dataset_is_one_line(tmp_path: Path) -> None:
    missing = Dataset(tmp_path / "none")
    for ask in (
        lambda: Reader(missing.path),
        lambda: run_sql(missing, "SELECT 1"),
    ):
        with pytest.raises(DatasetError, match=r"there is no dataset at .*none.*osce-commitments run"):
            ask()

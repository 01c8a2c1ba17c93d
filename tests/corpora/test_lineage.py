"""The authored lines: every kind of relation is found, and what has no counterpart stays alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import osce_commitments
from corpora.lineage.measure import evaluate_lineage, read_pairs
from osce_commitments.config import RunConfig
from osce_commitments.errors import ConfigError
from osce_commitments.flows.steps import ingest
from osce_commitments.query import run_sql

if TYPE_CHECKING:
    from corpora.lineage.measure import LineageReport
    from osce_commitments.query import Reader

FOLDER = Path(__file__).resolve().parents[2] / "corpora" / "lineage"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    data = tmp_path_factory.mktemp("lineage") / "data"
    ingest([str(FOLDER / "source")], data, RunConfig(model="rules"))
    return osce_commitments.open(data)


@pytest.fixture(scope="module")
def report(reader: Reader) -> LineageReport:
    return evaluate_lineage(read_pairs(FOLDER / "pairs.jsonl"), reader)


def test_links_and_relations(report: LineageReport) -> None:
    measures = {name: interval.value for name, interval in report.measures.items()}
    assert report.missing == 0
    assert (measures["precision"], measures["recall"]) == (1.0, 1.0)
    assert measures["false links per 100 without counterpart"] == 0.0
    assert measures["relation"] >= 0.9
    assert list(report.errors()) == []


def test_lines_run_through_the_years(reader: Reader) -> None:
    rows = run_sql(
        reader.dataset, "SELECT line, list_sort(list(later_symbol)) AS later FROM lineage WHERE is_main GROUP BY line"
    ).to_pylist()
    lengths = [1 + len(set(row["later"])) for row in rows]
    assert len(lengths) >= 30
    assert sum(length >= 4 for length in lengths) >= 6


def test_a_paragraph_that_was_left_out_for_a_year_comes_back(reader: Reader) -> None:
    (line,) = reader.history("handbook virtual currencies", limit=1).lines
    assert [row["main"].relation.value if row["main"] else "" for row in line.appearances] == [
        "", "verbatim", "extended", "verbatim",
    ]  # fmt: skip
    assert line.years == (2091, 2093, 2094, 2095)


def test_the_history_of_a_document_has_its_recitals_and_acts_alone(reader: Reader) -> None:
    lines = reader.history("MC.DOC/9742/92", limit=100).lines
    roles = {row["role"] for line in lines for row in line.appearances}
    assert len(lines) >= 5
    assert roles <= {"operative", "annex", "preamble"}


def test_a_rollover_does_not_cut_the_history(reader: Reader) -> None:
    lines = reader.history("PC.DEC/9733/92", limit=10).lines
    years = [[row["symbol"] for row in line.appearances] for line in lines]
    assert years[0] == ["PC.DEC/9731/91", "PC.DEC/9732/92", "PC.DEC/9733/92"]
    assert years[1:6] == [["PC.DEC/9731/91", "PC.DEC/9733/92"]] * 5


def test_what_became_firmer_or_softer(report: LineageReport) -> None:
    told = {one.pair.later[1][:40]: one.strength_change for one in report.verdicts if one.strength_change}
    coded = {one.pair.later[1][:40]: one.pair.strength for one in report.verdicts if one.pair.strength}
    # The classifier gives "will voluntarily share" and "should voluntarily share" one level: that change is not seen.
    assert {text for text in coded if text not in told} == {"Participating States should voluntarily "}
    assert all((told[text] > 0) == (coded[text] > 0) for text in told)
    assert "False changes of strength: 0 in" in "\n".join(report.lines())


def test_the_report_has_a_line_for_each_measure(report: LineageReport) -> None:
    text = "\n".join(report.lines())
    assert "101 coded provisions" in text
    assert "| precision | 1.000" in text


def test_near_misses_are_counted_apart(reader: Reader) -> None:
    none = [one for one in read_pairs(FOLDER / "pairs.jsonl") if not one.earlier]
    found = evaluate_lineage([replace(none[0], near_miss=True), *none[1:]], reader)
    assert "0 of 1 near misses, 0 of 9 others" in "\n".join(found.lines())


def test_the_table_of_relations_counts_each_link(report: LineageReport) -> None:
    assert "| verbatim | 39 |" in "\n".join(report.lines())


@pytest.mark.parametrize("line", ["{}", "no json", '{"later": {"text": "x"}, "relation": "other"}'])
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 1 is no coded pair"):
        read_pairs(path)


def test_a_missing_or_empty_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_pairs(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(ConfigError, match="holds no coded pair"):
        read_pairs(tmp_path / "empty.jsonl")

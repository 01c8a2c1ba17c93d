"""The questions that analysts come with, each by one command."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cli import Cli

JSONL = ("--format", "jsonl", "--limit", "500")


def rows(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_what_is_promised_on_a_matter_since_a_year_and_how_firmly(cli: Cli, sample_dataset: Path) -> None:
    asked = ("query", "border* OR passport*", "--since", "2001", "--strength", ">urging", "--commitments")
    found = rows(cli(*asked, "--data", sample_dataset, *JSONL).out)
    assert len(found) > 5
    assert {row["strength"] for row in found} == {"committing", "mandating"}
    assert {row["adopted"] for row in found} == {"yes"}
    assert all(str(row["date"] or row["year"]) >= "2001" for row in found)


def test_what_the_last_ministerial_council_added(cli: Cli, sample_dataset: Path) -> None:
    found = rows(cli("query", "--commitments", "--meeting", "last", "--data", sample_dataset, *JSONL).out)
    assert found
    assert {row["body"] for row in found} == {"MC"}
    every = rows(cli("query", "--commitments", "--body", "MC", "--data", sample_dataset, *JSONL).out)
    assert max(str(row["date"]) for row in every) in {str(row["date"]) for row in found}


def test_how_the_wording_on_a_matter_changed(cli: Cli, sample_dataset: Path) -> None:
    answer = cli("history", "border*", "--data", sample_dataset)
    assert answer.code == 0
    assert re.search(r"\b(?:19|20)\d\d\b", answer.out)
    alone = re.findall(r"^(\d{4}), not taken up elsewhere", answer.out, re.MULTILINE)
    assert len(alone) > 3
    assert alone == sorted(alone)
    # A title has no cue, and what appears once has no first appearance.
    assert "“”" not in answer.out
    assert "not taken up elsewhere" in answer.out
    assert "first appearance" not in answer.out.partition("not taken up elsewhere")[2].partition("\n\n")[0]


@pytest.mark.parametrize("ending", ["docx", "pdf", "html"])
def test_a_search_as_a_paper(ending: str, cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / f"paper.{ending}"
    assert cli("query", "border*", "--data", sample_dataset, "-o", out).code == 0
    assert out.stat().st_size > 5_000


def test_what_is_due_in_a_period_by_due_date_and_as_a_calendar(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    asked = (
        "query",
        "--commitments",
        "--due-since",
        "2014",
        "--due-until",
        "2019",
        "--order",
        "due",
        "--data",
        sample_dataset,
    )
    found = rows(cli(*asked, *JSONL).out)
    days = [[day for day in row["due"] if "2014" <= day < "2020"] for row in found]  # type: ignore[attr-defined]
    within = [min(some) for some in days if some]
    assert len(within) > 2
    assert within == sorted(within)
    out = tmp_path / "due.ics"
    assert cli(*asked, "-o", out).code == 0
    years = {int(year) for year in re.findall(r"DTSTART;VALUE=DATE:(\d{4})", out.read_text(encoding="utf-8"))}
    assert years
    assert min(years) >= 2014
    assert max(years) <= 2019


def test_counts_of_a_search_by_meaning_are_of_what_it_shows(cli: Cli, sample_dataset: Path) -> None:
    asked = ("query", "stolen passports", "--by", "meaning", "--data", sample_dataset)
    found = rows(cli(*asked, *JSONL).out)
    counts = rows(cli(*asked, "--counts", "--format", "jsonl").out)
    assert 0 < len(found) <= 100
    assert sum(int(str(row["count"])) for row in counts if row["facet"] == "strength") == len(found)


def test_a_value_that_nothing_has_gets_similar_ones(cli: Cli, sample_dataset: Path) -> None:
    answer = cli("query", "--document", "PC.DEC/91044", "--data", sample_dataset)
    assert "No provision is in the document 'PC.DEC/91044'. Did you mean" in answer.err
    assert "PC.DEC/9104" in answer.err
    assert answer.code == 0


def test_a_run_prepares_search_by_meaning_unless_told_not_to(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "decision.txt"
    source.write_text("The Permanent Council,\n\n1. Urges participating States to help.\n", encoding="utf-8")
    for option, is_prepared in ((("--no-vectors",), False), ((), True)):
        data = tmp_path / f"data{is_prepared}"
        assert cli("run", source, "--data", data, "--engine", "inline", *option).code == 0
        assert bool(list(data.glob("_search/*/vectors.npy"))) is is_prepared


def test_a_search_with_few_rows_also_prints_what_is_close_to_it_and_apart_what_is_further(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("osce_commitments.query.ranking._LEAST_SURE", -9.0)  # of three provisions no one is sure
    source = tmp_path / "decision.txt"
    acts = (
        "Urges participating States to clear anti-personnel mines.",
        "Urges States to assist mine action.",
        "Closes.",
    )
    source.write_text("The Permanent Council,\n\n" + "\n\n".join(f"{n}. {act}" for n, act in enumerate(acts, 1)) + "\n")
    data = tmp_path / "data"
    assert cli("run", source, "--data", data, "--engine", "inline").code == 0
    few = cli("query", "landmines", "--data", data)
    assert few.out.startswith("no rows\n")
    assert few.out.count("Close to it, but without all of the words:") == few.out.count("Further from your words:") == 1
    assert "anti-personnel mines" in few.out
    assert "lacks" in few.out
    assert "Closes" not in few.out
    for asked in (("landmines", "--format", "csv"), ('"landmines"',), ("landmines", "--by", "both"), ("zebra",)):
        assert not re.search("Close to it|Further", cli("query", *asked, "--data", data).out)


def test_documents_whose_adoption_is_unknown_are_named_and_shown_apart(cli: Cli, tmp_path: Path) -> None:
    source, data = tmp_path / "in.txt", tmp_path / "data"
    source.write_text("Lamps of the coast\n\nThe guards shall count the lamps every year.\n", encoding="utf-8")
    line = "1 of 1 document: adoption unknown, so not counted; query --adopted unknown shows them"
    assert line in cli("run", source, "--data", data).out
    answer = cli("query", "lamps", "--commitments", "--data", data).out
    assert "no rows" in answer
    assert "count the lamps" in answer.partition("Adoption unknown, so not counted as commitments:")[2]
    assert "count the lamps" not in cli("query", "lamps", "--commitments", "--adopted", "yes", "--data", data).out

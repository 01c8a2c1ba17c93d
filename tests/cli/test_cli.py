"""What a person types: exit codes, one clear line per mistake, the formats."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
import typer

from osce_commitments.cli import build
from osce_commitments.query.conditions import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.cli import Answer

    Cli = Callable[..., Answer]


def _one_line(answer: Answer) -> str:
    lines = [line for line in answer.err.splitlines() if line.startswith("error:")]
    assert len(lines) == 1, answer.err
    assert "Traceback" not in answer.err
    return lines[0]


MISTAKES = [
    (["query", "--area", "terorism"], "unknown threat area 'terorism'", "border_security"),
    (["query", "--strength", ">=urgent"], "unknown strength 'urgent'", "committing"),
    (["query", "--body", "XX"], "unknown body 'XX'", "FSC"),
    (["query", "--since", "soon"], "not a year, a month or a day", "2005-12-06"),
    (["query", "title:(arms"], "bracket has no closing one (at character 7: (arms)", "Close it with )"),
    (["like", "nothing"], "provision 'nothing' is not", "osce-commitments query"),
    (["cite", "MC.DEC/99/99"], "document 'MC.DEC/99/99' is not", "osce-commitments sql"),
    (["query", "--as-of", "9"], "no version 9", "Available: 1"),
    (["sql", "SELEC 1"], "syntax error", "Views: documents"),
    (["sql", "SELECT * FROM commitment"], "commitment", "Views: documents"),
    (["sql", "SELECT threat FROM commitments"], "threat", "Columns of commitments"),
    (["sql", "DROP VIEW documents"], "only SELECT is allowed", "Views: documents"),
    (["sql", "SELECT * FROM read_csv('/etc/passwd')"], "disabled", "Views: documents"),
    (["show", "nothing"], "provision 'nothing' is not", "osce-commitments query"),
    (["history", "zebras"], "nothing found for 'zebras'", "--where role=preamble"),
    (["history", "MC.DEC/99/99"], "document 'MC.DEC/99/99' is not", "osce-commitments sql"),
    (["report", "gaps", "--where", "adressee=ODIHR"], "there is no 'adressee' here", "Did you mean 'addressee'?"),
    (
        ["report", "digest", "--since", "MC", "--where", "until=2001"],
        "this command has no condition 'until'",
        "Its conditions: area, basis, strength",
    ),
    (["like", "p", "--where", "body"], "the value is missing", "--where body=VALUE"),
    (["like", "p", "--where", "--limit"], "there is no '--limit' here", "NAME=VALUE"),
    (["history", "arms", "--where", "dated=maybe"], "neither yes nor no", "--where dated=no"),
    (["report", "overview", "--since", "2001", "--where", "since=2002"], "since is set twice", "one of the two"),
    (["report", "gaps", "--no-has-deadline"], "there is no option --no-has-deadline here", "--where has-deadline=no"),
    (["like", "p", "--body", "MC"], "there is no option --body here", "Write --where body=BODY"),
    (["report", "gaps", "--title=Borders"], "there is no option --title here", "Write --cover title=TEXT"),
    (["report", "overview", "--cover", "titel=Borders"], "there is no 'titel' here", "Did you mean 'title'?"),
    (["diff", "1", "7"], "no version 7", "Available: 1"),
    (["versions", "--as-of", "1"], None, None),
]


@pytest.mark.parametrize(("arguments", "problem", "choices"), MISTAKES, ids=lambda value: " ".join(value or ())[:40])
def test_a_mistake_gets_one_line_with_the_choices(
    arguments: list[str], problem: str | None, choices: str | None, cli: Cli, sample_dataset: Path
) -> None:
    answer = cli(*arguments, "--data", sample_dataset)
    assert answer.code == 2
    if problem and choices:
        line = _one_line(answer)
        assert problem in line
        assert choices in line


@pytest.mark.parametrize(
    "arguments",
    [["versions"], ["query"], ["sql", "SELECT 1"], ["show", "p"], ["diff", "1", "2"], ["export", "-o", "out"]],
)
def test_a_missing_dataset_says_how_to_make_one(arguments: list[str], cli: Cli, tmp_path: Path) -> None:
    answer = cli(*arguments, "--data", tmp_path / "none")
    assert answer.code == 2
    assert "osce-commitments run" in _one_line(answer)
    assert not (tmp_path / "none").exists()


def test_run_of_nothing_readable_exits_1_and_lists_it(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "none.pdf").touch()
    answer = cli("run", tmp_path / "none.pdf", "--data", tmp_path / "data", "--engine", "inline")
    assert answer.code == 1
    assert "none.pdf" in answer.out
    assert "Download or save it again" in answer.out


def test_a_mistyped_path_or_an_empty_pipe_is_wrong_usage(
    cli: Cli, tmp_path: Path, samples: Path, typed: Callable[[str], None]
) -> None:
    data = tmp_path / "data"
    answer = cli("run", samples, tmp_path / "none.pdf", "--data", data)
    assert (answer.code, _one_line(answer)) == (2, f"error: {tmp_path / 'none.pdf'} does not exist. Check the path")
    typed("")
    answer = cli("run", "-", "--data", data)
    assert (answer.code, "standard input is empty" in _one_line(answer)) == (2, True)
    assert not data.exists()


def test_run_with_wrong_names_exits_2(cli: Cli, tmp_path: Path, samples: Path) -> None:
    answer = cli("run", samples, "--data", tmp_path / "data", "--model", "oracle")
    assert answer.code == 2
    assert "Choose from: rules" in _one_line(answer)
    assert cli("run", samples, "--data", tmp_path / "data", "--engine", "spark").code == 2
    assert cli("run").code == 2
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("modle: rules\n", "unknown key modle"),
        ("workers: many\n", "workers:"),
        ("limits:\n  max_pages: 0\n", "limits.max_pages"),
        ("a: [\n", "cannot be read"),
        ("just words\n", "has no keys"),
    ],
)
def test_configuration_mistakes_name_file_and_key(text: str, expected: str, cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "run.yaml"
    config.write_text(text, encoding="utf-8")
    answer = cli("run", tmp_path, "--data", tmp_path / "data", "--config", config)
    assert answer.code == 2
    line = _one_line(answer)
    assert "run.yaml" in line
    assert expected in line


def test_a_defect_exits_3_with_one_line(cli: Cli, sample_dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from osce_commitments.query import Reader

    def fail(*_: object, **__: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(Reader, "search", fail)
    answer = cli("query", "--data", sample_dataset)
    assert answer.code == 3
    assert "KeyError" in _one_line(answer)


def test_rows_that_do_not_fit_the_tables_are_a_defect(
    cli: Cli, sample_dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from osce_commitments.errors import SchemaError
    from osce_commitments.query import Reader

    def fail(*_: object, **__: object) -> None:
        raise SchemaError("table provisions: null in row p1")

    monkeypatch.setattr(Reader, "search", fail)
    answer = cli("query", "--data", sample_dataset)
    assert answer.code == 3
    assert "table provisions: null in row p1" in _one_line(answer)
    assert "defect of the program" in answer.err


def test_json_summary_holds_every_count(cli: Cli, tmp_path: Path, samples: Path) -> None:
    answer = cli("run", samples / "mc-dec-93-12.pdf", "--data", tmp_path / "data", "--engine", "inline", "--json")
    assert answer.code == 0
    summary = json.loads(answer.out)
    assert summary["counts"]["new"] == summary["version"] == 1
    assert sum(summary["roles"].values()) == summary["counts"]["provisions"]
    assert len(summary["commitments"]) == 13


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Gives a text to standard input."""
    return lambda text: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_standard_input_becomes_a_document(cli: Cli, typed: Callable[[str], None], tmp_path: Path) -> None:
    typed(
        "The Permanent Council,\n\nDecides to meet in spring.\n\n1. Requests the Secretary General to report by May 2031.\n"
    )
    config = tmp_path / "run.yaml"
    config.write_text(f"fetch:\n  cache: {tmp_path / 'cache'}\n", encoding="utf-8")
    done = cli("run", "-", "--type", "txt", "--data", tmp_path / "data", "--config", config, "--engine", "inline")
    assert done.code == 0, done.err
    assert "1 document written" in done.out


def test_a_hyphen_asks_classify_to_read_standard_input(cli: Cli, typed: Callable[[str], None]) -> None:
    typed("Urges States to act.\n")
    done = cli("classify", "-", "--model", "rules")
    assert done.code == 0, done.err
    assert done.out.startswith("Urges States to act.")
    assert "urging" in done.out


def _ids(cli: Cli, data: Path, file_format: str) -> list[str]:
    arguments = ("query", "--area", "terrorism", "--strength", ">=urging", "--limit", 500, "--data", data)
    out = cli(*arguments, "--format", file_format).out
    if file_format == "csv":
        return [row["id"] for row in csv.DictReader(io.StringIO(out))]
    if file_format == "jsonl":
        return [json.loads(line)["id"] for line in out.splitlines()]
    return [row["id"] for row in json.loads(out)]


def test_formats_agree(cli: Cli, sample_dataset: Path) -> None:
    found = [_ids(cli, sample_dataset, file_format) for file_format in ("csv", "json", "jsonl")]
    assert len(found[0]) > 5
    assert found[0] == found[1] == found[2]


def test_query_ranks_by_meaning_only_where_there_are_words(cli: Cli, sample_dataset: Path) -> None:
    answer = cli("query", "--by", "meaning", "--data", sample_dataset)
    assert answer.code == 2
    assert "no words to rank by meaning" in _one_line(answer)


@pytest.mark.parametrize("command", [("query",), ("report", "overview")])
def test_an_option_without_its_value_does_not_take_the_next_option(command: tuple[str, ...], cli: Cli) -> None:
    answer = cli(*command, "--area", "--data", "nowhere")
    assert answer.code == 2
    assert "--area needs a value before --data. Write --area AREA: " in _one_line(answer)


def test_query_has_an_option_for_every_condition() -> None:
    query = typer.main.get_command(build("query")).commands["query"]  # type: ignore[attr-defined]
    # Few ask for texts of unknown form: ``--where form=unknown`` is enough.
    assert {condition.name for condition in CONDITIONS} - {option.name for option in query.params} == {"form"}


def test_where_takes_every_condition_by_its_name(cli: Cli, sample_dataset: Path) -> None:
    provision = json.loads(cli("query", "--limit", 1, "--format", "json", "--data", sample_dataset).out)[0]["id"]
    asked = ("like", provision, "--limit", 5, "--format", "json", "--data", sample_dataset)
    conditions = ("body=MC", "body=PC", "strength=>=urging", "has-deadline=no", "SINCE=2001")
    rows = json.loads(cli(*asked, *(word for text in conditions for word in ("--where", text))).out)
    assert rows
    assert {row["body"] for row in rows} <= {"MC", "PC"}
    assert all(row["date"] >= "2001" for row in rows)


def test_query_writes_a_file(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    out = tmp_path / "found.parquet"
    assert cli("query", "--area", "arms", "--data", sample_dataset, "-o", out).code == 0
    table = pq.read_table(out)
    assert table.num_rows > 0
    assert all("arms" in areas for areas in table["threat_areas"].to_pylist())


@pytest.mark.parametrize("name", ["notes.xyz", "notes"])
def test_a_file_of_unknown_ending_is_left_alone(cli: Cli, sample_dataset: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    out.write_text("mine", encoding="utf-8")
    answer = cli("query", "--data", sample_dataset, "-o", out)
    assert answer.code == 2
    assert "end the name in .csv, .json, .jsonl, .parquet, .xlsx; for a report, in .docx" in _one_line(answer)
    assert out.read_text(encoding="utf-8") == "mine"


def test_versions_have_the_names_of_the_view(cli: Cli, sample_dataset: Path) -> None:
    listed = json.loads(cli("versions", "--json", "--data", sample_dataset).out)
    rows = json.loads(cli("sql", "FROM versions", "--format", "json", "--data", sample_dataset).out)
    assert listed[0].keys() <= rows[0].keys()
    assert [row["run_id"] for row in rows] == [row["run_id"] for row in listed]
    assert [row["documents"] for row in rows] == [row["documents"] for row in listed]


def test_words_are_found_counted_and_followed(cli: Cli, sample_dataset: Path) -> None:
    rows = json.loads(cli("query", '"travel document*" OR passport*', "--format", "json", "--data", sample_dataset).out)
    assert rows
    assert all(row["highlights"] and row["citation"] for row in rows)
    counts = json.loads(cli("query", "passport*", "--counts", "--format", "json", "--data", sample_dataset).out)
    assert {row["facet"] for row in counts} >= {"strength", "threat_areas", "year", "body"}
    like = json.loads(cli("like", rows[0]["id"], "--limit", 3, "--format", "json", "--data", sample_dataset).out)
    assert len(like) == 3
    assert rows[0]["id"] not in {row["id"] for row in like}


def test_the_first_line_names_the_instrument_that_was_meant(cli: Cli, sample_dataset: Path) -> None:
    printed = cli("query", "PC.DEC/9104, para. 2", "--data", sample_dataset).out.splitlines()
    assert printed[0].startswith("Instrument: PC.DEC/9104, para. 2: ")
    assert "Instrument" not in cli("query", "border", "--data", sample_dataset, "--format", "csv").out


def test_documents_are_cited(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    assert cli("cite", "mc.dec/93/12", "--data", sample_dataset).out.startswith("@misc{mc-dec-93-12,")
    out = tmp_path / "all.json"
    assert cli("cite", "--format", "csl", "--data", sample_dataset, "-o", out).code == 0
    assert len(json.loads(out.read_text(encoding="utf-8"))) > 15


def test_limit_says_that_there_is_more(cli: Cli, sample_dataset: Path) -> None:
    assert "Showing 2 of " in cli("query", "--data", sample_dataset, "--limit", 2).err


def test_a_file_has_every_row_and_a_table_the_first(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    total = len(cli("query", "--data", sample_dataset, "--format", "jsonl").out.splitlines())
    assert total > 400
    assert f"Showing 50 of {total}." in cli("query", "--data", sample_dataset).err
    answer = cli("query", "--data", sample_dataset, "-o", tmp_path / "all.csv")
    assert answer.err == f"{total} rows written to {tmp_path / 'all.csv'}\n"


def test_a_watch_run_makes_its_folder(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    assert cli("watch", "run", "--data", sample_dataset, "--out", tmp_path / "news" / "today").code == 0
    assert (tmp_path / "news" / "today").is_dir()
    (tmp_path / "file").touch()
    wrong = cli("watch", "run", "--data", sample_dataset, "--out", tmp_path / "file")
    assert wrong.code == 2
    assert "cannot be made" in wrong.err


def test_a_watch_run_without_watches_says_how_to_add_one(cli: Cli, sample_dataset: Path) -> None:
    assert "osce-commitments watch add" in cli("watch", "run", "--data", sample_dataset).err


@pytest.mark.parametrize(("option", "said"), [("--cites", "cites 'NOPE'"), ("--document", "is in the document 'NOPE'")])
def test_a_value_that_no_provision_has_is_a_sentence(option: str, said: str, cli: Cli, sample_dataset: Path) -> None:
    assert f"No provision {said}." in cli("query", option, "NOPE", "--data", sample_dataset).err


def test_show_prints_context_labels_and_why(cli: Cli, sample_dataset: Path) -> None:
    rows = json.loads(
        cli(
            "query",
            "--strength",
            "mandating",
            "--body",
            "MC",
            "--role",
            "operative",
            "--data",
            sample_dataset,
            "--format",
            "json",
        ).out
    )
    answer = cli("show", rows[0]["id"], "--data", sample_dataset)
    assert answer.code == 0
    for word in ("strength", "mandating", "rule", "threat area", "model", rows[0]["symbol"]):
        assert word in answer.out
    assert " ".join(rows[0]["text"].split()) in " ".join(answer.out.split())


def test_export_has_the_columns_that_are_promised(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    for file_format in ("csv", "jsonl", "parquet"):
        assert cli("export", "--format", file_format, "-o", tmp_path / file_format, "--data", sample_dataset).code == 0
    with (tmp_path / "csv" / "provisions.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    promised = (
        "id document title role heading lead_in number text start end page strength threat_areas addressee qualifiers"
    )
    assert set(promised.split()) <= set(header)
    dictionary = (tmp_path / "csv" / "DATA_DICTIONARY.md").read_text(encoding="utf-8")
    assert all(name in dictionary for name in header)


def test_diff_shows_an_edited_file(cli: Cli, tmp_path: Path, samples: Path) -> None:
    inbox, data = tmp_path / "inbox", tmp_path / "data"
    inbox.mkdir()
    path = inbox / "sum-doc-93-10.txt"
    shutil.copy(samples / path.name, path)
    cli("run", inbox, "--data", data, "--engine", "inline")
    text = path.read_text(encoding="utf-8")
    assert text.count("We will ") > 1
    path.write_text(text.replace("We will ", "We might ", 1), encoding="utf-8")
    cli("run", inbox, "--data", data, "--engine", "inline")
    answer = cli("diff", 1, 2, "--data", data)
    assert "provisions added: 1" in answer.out
    assert "provisions removed: 1" in answer.out
    assert "permissive" in answer.out
    assert "no difference" in cli("diff", 2, "latest", "--data", data).out


def test_classify_explains_itself(cli: Cli) -> None:
    text = "Calls upon participating States to curb trafficking in human beings."
    for model, name in ((), "tnt@"), (("--model", "rules"), "rules-"):
        answer = cli("classify", text, *model)
        assert answer.code == 0
        for word in ("urging", "Calls upon", "human_trafficking", name):
            assert word in answer.out


def test_classify_takes_the_lead_in_into_account(cli: Cli) -> None:
    answer = cli("classify", "exchange data on stolen passports;", "--lead-in", "Tasks the Secretariat to:", "--json")
    (found,) = json.loads(answer.out)
    assert (found["strength"], found["strength_cue"]["field"]) == ("mandating", "lead_in")
    assert found["threat_areas"] == ["border_security"]


def test_doctor_is_content_with_a_good_dataset(cli: Cli, sample_dataset: Path) -> None:
    answer = cli("doctor", "--data", sample_dataset)
    assert "BAD" not in answer.out.replace("BAD  spaCy components", "")
    assert "24 documents" in answer.out


def test_doctor_says_what_is_wrong(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder", encoding="utf-8")
    answer = cli("doctor", "--data", tmp_path / "data")
    assert answer.code == 2
    assert [line for line in answer.out.splitlines() if line.startswith("BAD") and "is not a folder" in line]


@pytest.mark.parametrize("what", ["_versions", "_versions/000001.json"])
def test_doctor_finds_a_dataset_that_lost_its_versions(
    cli: Cli, sample_dataset: Path, tmp_path: Path, what: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample_dataset, data)
    shutil.rmtree(data / "_versions")
    if what != "_versions":
        (data / "_versions").mkdir()
    for command in (["doctor"], ["query"], ["versions"], ["export", "--out", tmp_path / "out"]):
        answer = cli(*command, "--data", data)
        assert answer.code == 2
        (line,) = [line for line in (answer.out + answer.err).splitlines() if "belongs to no dataset version" in line]
        assert "Restore _versions from a backup" in line


def test_fetch_names_what_fails_and_why(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = cli("fetch", "MC.DEC/91/07", "MC.DEC/9/11")
    assert answer.code == 1
    unknown, without_address = answer.out.splitlines()
    assert unknown.startswith("MC.DEC/91/07: failed: the catalogue has no instrument")
    assert without_address.startswith("MC.DEC/9/11: failed: the catalogue has no address")
    (first, _) = json.loads(cli("fetch", "MC.DEC/91/07", "MC.DEC/9/11", "--json").out)
    assert (first["status"], first["reason"], first["path"]) == ("failed", "unknown_symbol", None)


def test_graph_prints_or_writes_the_same(cli: Cli, sample_dataset: Path, tmp_path: Path) -> None:
    printed = cli("graph", "--format", "json", "--data", sample_dataset).out
    answer = cli("graph", "--format", "json", "--data", sample_dataset, "-o", tmp_path / "graph.json")
    assert (tmp_path / "graph.json").read_text(encoding="utf-8") == printed
    cli("graph", "--data", sample_dataset, "-o", tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text(encoding="utf-8") == printed
    cli("graph", "--data", sample_dataset, "-o", tmp_path / "graph.xml")
    assert (tmp_path / "graph.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert f"{len(json.loads(printed)['nodes'])} instruments" in answer.err


def test_evaluate_writes_where_it_says(cli: Cli, tmp_path: Path) -> None:
    row = dict.fromkeys(("heading", "lead_in", "number", "title"), "") | {"id": "1", "doc": "a", "role": "operative"}
    row |= {"text": "Urges States to ratify the Convention.", "strength": "urging", "threat_areas": []}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row), encoding="utf-8")
    answer = cli("evaluate", "--data", tmp_path / "rows.jsonl", "--out", tmp_path / "out")
    assert "provisions: 1, documents: 1: strength accuracy 1.000, macro-F1" in answer.err
    assert answer.code == 0
    assert [path for path in answer.out.splitlines() if (tmp_path / path).is_file()] == answer.out.splitlines()
    assert [path.rpartition("/")[2] for path in answer.out.splitlines()] == [
        "metrics.json",
        "errors.jsonl",
        "report.md",
    ]
    assert cli("evaluate", "--data", tmp_path / "none.jsonl", "--out", tmp_path / "out").code == 2
    assert cli("evaluate", "--data", tmp_path / "rows.jsonl", "--out", tmp_path / "rows.jsonl").code == 2


def test_evaluate_shows_others(cli: Cli, tmp_path: Path) -> None:
    data = tmp_path / "rows.jsonl"
    row = dict.fromkeys(("heading", "lead_in", "number", "title"), "") | {"id": "1", "doc": "a", "role": "operative"}
    row |= {"text": "Urges States to ratify the Convention.", "strength": "urging", "threat_areas": []}
    data.write_text(json.dumps(row), encoding="utf-8")
    out = tmp_path / "out"
    assert cli("evaluate", "--data", data, "--out", out, "--beside", "rules").code == 0
    names = json.loads((out / "metrics.json").read_text(encoding="utf-8"))["peers"]["strength"]
    assert any(name.startswith("rules") for name in names)


def test_a_former_command_names_the_module_that_took_its_place(cli: Cli) -> None:
    answer = cli("evaluate-structure", "documents", "--out", "figures")
    assert answer.code == 2
    assert answer.err.strip().endswith("python -m corpora.marked_up")
    assert len(answer.err.splitlines()) == 1

"""The commands about linguistic rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_list_counts_the_kinds_and_lists_one(cli: Callable[..., Any]) -> None:
    counted = {row["kind"]: row for row in json.loads(cli("rules", "list", "--json").out)}
    listed = json.loads(cli("rules", "list", "layout", "--json").out)
    assert counted["layout"]["rules"] == len(listed)
    assert all(row["example"] for row in listed)


def test_show_prints_patterns_atoms_and_examples(cli: Callable[..., Any]) -> None:
    shown = cli("rules", "show", "layout.running_head.job_code").out
    assert shown.startswith("layout.running_head.job_code\n")
    assert "  any of:\n" in shown
    assert "  counter-examples:\n" in shown
    record = json.loads(cli("rules", "show", "layout.running_head.job_code", "--json").out)
    assert record["examples"][0] in shown


def test_unknown_rules_and_kinds_are_one_line(cli: Callable[..., Any]) -> None:
    for name, message in (("layout.job_code", "Did you mean 'layout."), ("hats.brim", "Choose from: ")):
        answer = cli("rules", "show", name)
        assert answer.code == 2
        assert message in answer.err
        assert answer.err.count("\n") == 1


def test_why_names_the_rule_of_each_result(cli: Callable[..., Any], sample_dataset: Path) -> None:
    hit = json.loads(cli("query", "--area", "cybercrime", "--data", sample_dataset, "--format", "json").out)[0]
    rows = json.loads(cli("rules", "why", hit["id"], "--data", sample_dataset, "--json").out)
    assert {row["what"] for row in rows} >= {"role", "strength"}
    assert {row["value"] for row in rows if row["what"] == "strength"} == {hit["strength"]}
    assert {row["value"] for row in rows if row["what"] == "threat area"} == set(hit["threat_areas"])

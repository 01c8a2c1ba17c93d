"""The files of ``deploy/``: their commands are ones that the program accepts, and nothing in them runs as root."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import typer
import yaml

from osce_commitments.cli import build

DEPLOY = Path(__file__).parents[2] / "deploy"
ROOT: Any = typer.main.get_command(build())


def accept(words: list[str]) -> None:
    name, *given = words
    ROOT.commands[name].make_context(name, given)


def test_the_container_serves_as_another_user_than_root() -> None:
    lines = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    (user,) = re.findall(r"^USER (\d+)$", lines, re.MULTILINE)
    assert int(user) > 0
    (command,) = re.findall(r"^CMD (\[.+\])$", lines, re.MULTILINE)
    accept(json.loads(command))


def test_compose_serves_and_reads() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    accept(services["page"]["command"])
    assert services["page"]["volumes"] == ["../data:/data:ro"]
    (script,) = services["reader"]["command"]
    (run,) = re.findall(r"osce-commitments ([^;]+);", script)
    accept(shlex.split(run))
    for one in services.values():
        assert one["read_only"]
        assert one["cap_drop"] == ["ALL"]


def test_the_unit_serves() -> None:
    unit = (DEPLOY / "osce-commitments.service").read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=\S+/osce-commitments (.+)$", unit, re.MULTILINE)
    accept(shlex.split(command))
    assert "DynamicUser=yes" in unit

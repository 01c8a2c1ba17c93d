"""The files of ``deploy/``: their commands are ones that the program accepts, and nothing in them runs as root."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import typer
import yaml
from fastapi.testclient import TestClient

from osce_commitments.cli import build
from osce_commitments.serve import create_app
from osce_commitments.serve.server import PageAddress, _hosts

DEPLOY = Path(__file__).parents[2] / "deploy"
ROOT: Any = typer.main.get_command(build())


def accept(words: list[str]) -> dict[str, Any]:
    name, *given = words
    options: dict[str, Any] = ROOT.commands[name].make_context(name, given).params
    return options


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


def test_the_page_of_compose_is_healthy(sample_dataset: Path) -> None:
    page = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["page"]
    asked = accept(page["command"])
    place = PageAddress(asked["host"], asked["port"], asked["base_path"], tuple(asked["trusted_host"]))
    app = create_app(sample_dataset, None, (*place.trusted_hosts, *_hosts(place)), place.base_path)
    (address,) = re.findall(r"http://\S+(?=')", page["healthcheck"]["test"][-1])
    assert TestClient(app).get(address).json()["version"]["version"] == 1
    assert TestClient(app).get(address, headers={"host": "evil.example"}).status_code == 400


def test_the_unit_serves() -> None:
    unit = (DEPLOY / "osce-commitments.service").read_text(encoding="utf-8")
    (command,) = re.findall(r"^ExecStart=\S+/osce-commitments (.+)$", unit, re.MULTILINE)
    accept(shlex.split(command))
    assert "DynamicUser=yes" in unit

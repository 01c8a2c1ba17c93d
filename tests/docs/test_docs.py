"""Every command block of the documentation runs, and every command is documented."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from osce_commitments.cli import app
from osce_commitments.config import RunConfig

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"```.*?```|``.*?``|`[^`\n]*`", re.DOTALL)
_EXIT = re.compile(r"\s+# exit code (\d)$")
# Started by a person, with a network, a server of their own, or time: not here.
_NOT_RUN = (
    "export ", "make ", "pip ", "pre-commit ", "prefect ", "git ", "dvc ", "curl ", "osce-commitments fetch",
    "osce-commitments serve",
)  # fmt: skip


def _blocks(page: Path, language: str) -> list[str]:
    return [m["body"] for m in _BLOCK.finditer(page.read_text(encoding="utf-8")) if m["language"] == language]


def _commands(page: Path) -> list[str]:
    lines = "\n".join(_blocks(page, "console")).replace("\\\n", " ").splitlines()
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def _environment() -> dict[str, str]:
    scripts = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stand-in for a checkout in which the README's run was made."""
    folder = tmp_path_factory.mktemp("docs")
    for name in ("corpora", "configs"):
        (folder / name).symlink_to(ROOT / name)
    subprocess.run(
        ["osce-commitments", "run", "corpora/samples", "--engine", "inline"],
        cwd=folder,
        env=_environment(),
        check=True,
        capture_output=True,
    )
    return folder


def test_there_is_something_to_run() -> None:
    assert sum(len(_commands(page)) for page in PAGES) >= 20


# A page trains a classifier, however loaded the machine is: this limit is there for a hang.
@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_console_blocks_run(page: Path, folder: Path) -> None:
    for command in _commands(page):
        if command.startswith(_NOT_RUN):
            continue
        expected = _EXIT.search(command)
        done = subprocess.run(  # noqa: S602 - our own pages
            command,
            shell=True,
            cwd=folder,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == (int(expected[1]) if expected else 0), f"{command}\n{done.stderr}"
        assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_run(page: Path, folder: Path) -> None:
    for block in _blocks(page, "python"):
        done = subprocess.run(
            [sys.executable, "-W", "error::DeprecationWarning:__main__", "-c", block],
            cwd=folder,
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stderr}"


@pytest.mark.slow
def test_the_row_that_the_readme_shows_is_the_one_that_comes_out(folder: Path) -> None:
    (shown,) = [block for block in _blocks(ROOT / "README.md", "text") if block.startswith("MC.DEC/")]
    (identifier,) = re.findall(r"\bp[0-9a-f]{16}\b", shown)
    done = subprocess.run(
        ["osce-commitments", "show", identifier],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    printed = " ".join(done.stdout.split())
    for line in "\n".join(shown.split("\n    ")).splitlines():
        assert " ".join(line.split()) in printed, done.stderr


@pytest.mark.parametrize("name", ["architecture.md", "user-guide.md"])
def test_pages_name_the_threshold_that_is_set(name: str) -> None:
    words = " ".join((ROOT / "docs" / name).read_text(encoding="utf-8").split())
    assert f"takes Prefect from {RunConfig().auto_threshold} inputs on" in words


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {command.split()[1] for page in PAGES for command in _commands(page) if command.startswith("make ")}
    assert {"run", "test"} <= named <= targets


def test_every_command_has_help_and_is_documented() -> None:
    guide = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8")
    commands = {
        info.name or info.callback.__name__.replace("_", "-") for info in app.registered_commands if info.callback
    }
    commands |= {info.name for info in app.registered_groups if info.name}
    assert commands
    assert {name for name in commands if not re.search(rf"osce-commitments {name}(?![\w-])", guide)} == set()
    assert all(info.callback.__doc__ for info in app.registered_commands if info.callback)


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        prose = _CODE.sub("", page.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", prose):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"

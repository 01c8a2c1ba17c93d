"""Every command block of the documentation runs, and every command is documented."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from osce_commitments.cli import build
from osce_commitments.config import RunConfig
from osce_commitments.rules.kinds import rule_set

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
    *(
        ROOT / folder / "README.md"
        for folder in ("pipeline", "models", "evaluation", "benchmarks", "configs", "requirements")
    ),
    *sorted((ROOT / "evaluation" / "notes").glob("*.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"^```.*?^```|``.*?``|`[^`\n]*`", re.DOTALL | re.MULTILINE)
_EXIT = re.compile(r"\s+# exit code (\d)$")
# Started by a person, with a network, a server of their own, or time: not here.
_NOT_RUN = (
    "export ", "source ", "make ", "pip ", "pre-commit ", "prefect ", "git ", "dvc ", "curl ", "osce-commitments fetch",
    "osce-commitments serve", "podman ", "uv ", "osce-commitments models repool",
    "osce-commitments evaluate --data real", "osce-commitments models describe", "python -m pip ", "python benchmarks/",
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
@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_console_blocks_run(page: Path, folder: Path) -> None:
    for table in _blocks(page, "csv"):
        (folder / "facts.csv").write_text(table, encoding="utf-8")
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
@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
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
def test_the_cells_of_the_notebook_run_in_their_order(folder: Path) -> None:
    notebook = json.loads((ROOT / "docs" / "tutorial" / "notebook.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(cells) >= 5
    assert not any(cell.get("outputs") for cell in notebook["cells"])
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(cells)],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_row_that_the_readme_shows_is_the_one_that_comes_out(folder: Path) -> None:
    (shown,) = [block for block in _blocks(ROOT / "README.md", "text") if block.startswith("MC.")]
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


@pytest.mark.parametrize("name", ["explanation/architecture.md", "how-to/ingest.md"])
def test_pages_name_the_threshold_that_is_set(name: str) -> None:
    words = " ".join((ROOT / "docs" / name).read_text(encoding="utf-8").split())
    assert f"uses Prefect for {RunConfig().auto_threshold} or more new or changed inputs" in words


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {command.split()[1] for page in PAGES for command in _commands(page) if command.startswith("make ")}
    assert {"run", "test"} <= named <= targets


def test_every_command_has_help_and_is_documented() -> None:
    guide = "\n".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs" / "how-to").glob("*.md"))
    commands = {
        info.name or info.callback.__name__.replace("_", "-") for info in build().registered_commands if info.callback
    }
    commands |= {info.name for info in build().registered_groups if info.name}
    assert commands
    assert {name for name in commands if not re.search(rf"osce-commitments {name}(?![\w-])", guide)} == set()
    assert all(info.callback.__doc__ for info in build().registered_commands if info.callback)


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        prose = _CODE.sub("", page.read_text(encoding="utf-8"))
        for target in re.findall(r"\]\((?!https?:)([\w./-]+)[)#]", prose):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"


def test_headings_that_links_name_exist() -> None:
    for page in PAGES:
        prose = _CODE.sub("", page.read_text(encoding="utf-8"))
        for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*\.md|)#([^)]+)\)", prose):
            assert anchor in _anchors(page.parent / target if target else page), (
                f"{page.name} points to {target}#{anchor}"
            )


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_rule_of_the_tutorial_fails_without_an_example_and_passes_with_it() -> None:
    record, example = _blocks(ROOT / "docs" / "tutorial" / "contributor.md", "yaml")
    (row,) = yaml.safe_load(record)
    branches = [re.compile(branch) for branch in row["any_of"]]
    shown = [any(branch.search(text) for text in row["examples"]) for branch in branches]
    assert shown == [True, False]
    later = yaml.safe_load(example)["examples"]
    assert all(any(branch.search(text) for text in later) for branch in branches)
    assert not any(branch.search(text) for text in row["counter_examples"] for branch in branches)
    assert row["id"] not in {rule.name for rule in rule_set("areas").rules.values()}

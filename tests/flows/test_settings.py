"""No folder of documents and no dataset configures Prefect, logging, uvicorn or Python."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from osce_commitments.errors import ConfigError
from osce_commitments.flows import engine
from osce_commitments.flows.prefect import server

if TYPE_CHECKING:
    from collections.abc import Mapping

LOGGING = """\
version: 1
formatters:
  x:
    (): os.system
    command: touch {marker}
"""
# What an attacker may lay into a folder; each names a logging configuration that runs a command.
SETTINGS = {
    "prefect.toml": '[logging]\nconfig_path = "{logging}"\n',
    "pyproject.toml": '[tool.prefect.logging]\nconfig_path = "{logging}"\n',
    ".env": "PREFECT_LOGGING_SETTINGS_PATH={logging}\n",
}
PROFILES = {
    "prefect.toml": 'profiles_path = "profiles.toml"\n',
    "pyproject.toml": '[tool.prefect]\nprofiles_path = "profiles.toml"\n',
    ".env": "PREFECT_PROFILES_PATH=profiles.toml\n",
}
# Modules that a child process imports early: a working folder that comes first on its path would run them.
MODULES = ("uvicorn", "multiprocessing", "prefect")


def clean() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "PYTHONSAFEPATH"))}


def lay(folder: Path, files: Mapping[str, str], marker: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "logging.yml").write_text(LOGGING.format(marker=marker), encoding="utf-8")
    profiles = 'active = "x"\n[profiles.x]\nPREFECT_LOGGING_SETTINGS_PATH = "logging.yml"\n'
    (folder / "profiles.toml").write_text(profiles, encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text.format(logging="logging.yml"), encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("files", [SETTINGS, PROFILES], ids=["settings", "profiles"])
@pytest.mark.parametrize("name", SETTINGS)
def test_prefect_reads_no_settings_of_the_working_folder(files: Mapping[str, str], name: str, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    lay(tmp_path / "documents", {name: files[name]}, marker)
    code = (
        "import os; before = os.getcwd()\n"
        "from osce_commitments.flows.prefect import flows\n"
        "from prefect.logging.configuration import setup_logging\n"
        "from prefect.settings import Settings\n"
        "setup_logging()\n"
        "Settings()\n"  # settings that are made later are read anew
        "print(os.getcwd() == before, Settings().logging.config_path.name, Settings().profiles_path.name)\n"
        "print(Settings().logging.config_path.exists(), Settings().profiles_path.exists())"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path / "documents",
        env={**clean(), "PREFECT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.splitlines() == ["True logging.yml profiles.toml", "False False"], done.stderr
    assert not marker.exists()


def test_prefect_still_obeys_the_environment(tmp_path: Path) -> None:
    code = (
        "from osce_commitments.flows.prefect import flows\n"
        "from prefect.settings import get_current_settings\n"
        "print(get_current_settings().api.key.get_secret_value(), get_current_settings().logging.level)"
    )
    (tmp_path / "profiles.toml").write_text('active = "x"\n[profiles.x]\nPREFECT_API_KEY = "mine"\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={**clean(), "PREFECT_HOME": str(tmp_path), "PREFECT_LOGGING_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["mine", "ERROR"], done.stderr


class _StartedError(Exception):
    pass


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment that a server would get; it is not started."""
    found: dict[str, str] = {}

    def start(environment: Mapping[str, str], home: Path) -> None:
        found.update(environment, cwd=str(home))
        raise _StartedError

    for name in list(os.environ):
        if name.startswith("PREFECT_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setattr(server, "start", start)
    return found


def begin(data: Path) -> None:
    with pytest.raises(_StartedError), engine.prefect_server(data):
        pass


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_prefect_lives_in_the_folder_of_the_user(
    started: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.delenv("XDG_STATE_HOME")
    lay(tmp_path / "data" / ".prefect", {}, tmp_path / "marker")
    begin(tmp_path / "data")
    home = Path(started["PREFECT_HOME"])
    above = {"linux": ".local/state", "darwin": "Library/Application Support"}[system]
    assert home.parent == tmp_path / "user" / above / "osce-commitments" / "prefect"
    assert (home.stat().st_mode & 0o777, started["cwd"]) == (0o700, str(home))
    assert started["PREFECT_PROFILES_PATH"] == str(home / "profiles.toml")
    assert started["PREFECT_LOGGING_SETTINGS_PATH"] == str(home / "logging.yml")
    begin(tmp_path / "data")
    assert started["PREFECT_HOME"] == str(home)


def test_each_dataset_has_a_folder_of_its_own(started: dict[str, str], tmp_path: Path) -> None:
    homes = []
    for name in ("one", "two", "../one"):
        os.environ.pop("PREFECT_HOME", None)
        begin(tmp_path / "x" / name if name != "../one" else tmp_path / "x" / "y" / ".." / "one")
        homes.append(started["PREFECT_HOME"])
    assert homes[0] == homes[2] != homes[1]


def test_workers_import_little() -> None:
    code = (
        "import sys; from osce_commitments.flows.prefect import batch_task\n"
        "print(sorted({'deltalake', 'duckdb', 'onnxruntime', 'osce_commitments.tag', 'pyarrow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], env=clean(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_home_that_the_user_names_is_taken(
    started: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_HOME", "mine")
    begin(tmp_path / "data")
    assert started["PREFECT_HOME"] == str(tmp_path / "mine")


def test_a_home_that_cannot_be_made_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with (
        pytest.raises(ConfigError, match=r"cannot be created for Prefect: .*\. Set PREFECT_HOME to a folder") as caught,
        engine.prefect_server(tmp_path / "data"),
    ):
        pass
    assert "\n" not in str(caught.value)


@pytest.mark.flow
@pytest.mark.slow
@pytest.mark.parametrize("runner", ["thread", "dask"])
def test_neither_documents_nor_dataset_run_code(runner: str, samples: Path, tmp_path: Path) -> None:
    markers, documents, data = tmp_path / "markers", tmp_path / "documents", tmp_path / "data"
    markers.mkdir()
    for name in ("prefect.toml", ".env"):
        lay(documents, {name: SETTINGS[name]}, markers / "documents")
    # Whichever process reads this one fails.
    (documents / "pyproject.toml").write_text("[tool.prefect", encoding="utf-8")
    lay(data / ".prefect", {}, markers / "dataset")
    for name in MODULES:
        code = f"import os; os.system('touch {markers / name}')\nraise SystemExit(9)\n"
        (documents / f"{name}.py").write_text(code, encoding="utf-8")
    (documents / "one.txt").write_bytes((samples / "sum-doc-93-10.txt").read_bytes())
    (documents / "run.yaml").write_text(yaml.safe_dump({"runner": runner}), encoding="utf-8")
    # As the installed command starts: its own folder first on the path, no flag that children would inherit.
    script = tmp_path / "command.py"
    script.write_text(
        "from osce_commitments.cli import main\nif __name__ == '__main__':\n    main()\n", encoding="utf-8"
    )
    command = [sys.executable, str(script), "run", "one.txt", "--data", str(data), "--engine", "prefect"]
    done = subprocess.run(
        [*command, "--config", "run.yaml"],
        cwd=documents,
        env={**clean(), "XDG_STATE_HOME": str(tmp_path / "state")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in markers.iterdir()) == []
    assert (data / "_versions" / "000001.json").exists()

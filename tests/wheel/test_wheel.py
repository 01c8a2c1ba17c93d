"""The wheel alone, beside the core packages and nothing else, does the main job."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel and the packages of core.txt; the latter are linked, to stay offline."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = (folder / "lib").glob("python*/site-packages")
    for name in re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements/core.txt").read_text(), re.MULTILINE):
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # the lock names packages of other platforms too
        tops = {Path(file).parts[0] for file in distribution.files or [] if not str(file).startswith("..")}
        for top in tops - {"__pycache__"}:
            target = Path(str(distribution.locate_file(top)))
            if target.exists() and not (site / top).exists():
                (site / top).symlink_to(target)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return folder / "bin" / "python"


def test_wheel_holds_one_importable_package(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"osce_commitments"}


def test_wheel_holds_its_resources(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    resources = ROOT / "pipeline/osce_commitments/resources"
    here = {
        path.relative_to(ROOT / "pipeline").as_posix()
        for path in resources.rglob("*")
        if path.suffix in {".yaml", ".csv", ".html", ".css", ".js", ".svg"}
    }
    assert len(here) > 8
    assert here <= names


def test_of_the_released_classifiers_only_the_served_ones_and_the_encoder_are_in_the_wheel(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    package = tmp_path / "pipeline" / "osce_commitments"
    package.mkdir(parents=True)
    for name in ("__init__.py", "_version.py"):
        shutil.copy(ROOT / "pipeline" / "osce_commitments" / name, package)
    for folder in ("demo/1", "demo/2", "demo/3", "encoder/1"):
        (tmp_path / "models" / folder).mkdir(parents=True)
        (tmp_path / "models" / folder / "model.onnx").write_bytes(b"network")
        (tmp_path / "models" / folder / "SHA256SUMS").write_text("0123  model.onnx\n", encoding="utf-8")
    # Versions may share a file; the wheel has its bytes with those of the version.
    (tmp_path / "models/demo/2/model.onnx").unlink()
    (tmp_path / "models/demo/2/SHA256SUMS").write_text("0123456789abcdef  model.onnx\n", encoding="utf-8")
    (tmp_path / "models/files").mkdir()
    (tmp_path / "models/files/0123456789ab-model.onnx").write_bytes(b"shared network")
    (tmp_path / "models/files/ba9876543210-model.onnx").write_bytes(b"network of another version")
    history = [{"version": "1", "reason": ""}, {"version": "2", "reason": "better"}]
    index = {"models": {"demo": {"versions": ["1", "2", "3"], "history": history}}}
    (tmp_path / "models" / "index.json").write_text(json.dumps(index), encoding="utf-8")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    (built,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        base = "osce_commitments/resources/models"
        assert {name for name in archive.namelist() if "/models/" in name} == {
            f"{base}/index.json",
            f"{base}/demo/2/SHA256SUMS",
            f"{base}/demo/2/model.onnx",
            f"{base}/encoder/1/SHA256SUMS",
            f"{base}/encoder/1/model.onnx",
        }
        assert archive.read(f"{base}/demo/2/model.onnx") == b"shared network"
        assert json.loads(archive.read(f"{base}/index.json"))["models"]["demo"]["versions"] == ["2"]


def test_wheel_alone_processes_a_folder_of_pdfs(fresh: Path, samples: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for path in samples.glob("*.pdf"):
        shutil.copy(path, inbox)
    done = subprocess.run(
        [
            str(fresh),
            "-I",
            "-m",
            "osce_commitments",
            "run",
            str(inbox),
            "--data",
            str(tmp_path / "data"),
            "--engine",
            "inline",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "dataset" in done.stdout
    assert "version 1" in done.stdout

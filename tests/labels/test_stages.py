"""The version of a stage changes with whatever the stage reaches, and with nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from osce_commitments import stages
from osce_commitments.config import Limits
from osce_commitments.flows import batch
from osce_commitments.stages import hash_of, stage_files, stage_version

PACKAGE = Path(stages.__file__).parent
STAGES = ("documents", "provisions", "tag")
SMALL = {
    "tag/__init__.py": "from osce_commitments.tag.names import find\n",
    "tag/names.py": "from osce_commitments.texts import plain\n\nlist_ = load_rules('names')\n",
    "texts/__init__.py": "",
    "texts/plain.py": "",
    "report.py": "load_yaml('report')\n",
    "resources/rules/names.yaml": "rules: []\n",
    "resources/report.yaml": "",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, content in SMALL.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8", newline="\n")
    monkeypatch.setattr(stages, "_ROOT", tmp_path)
    _forget()
    return tmp_path


def _forget() -> None:
    for one in (stage_version, stages._imports, stages._resources, stages._module, stages._content):
        one.cache_clear()


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    _forget()


@pytest.mark.usefixtures("package")
def test_files_of_a_stage() -> None:
    assert stage_files("tag") == {
        "tag/__init__.py", "tag/names.py", "texts/__init__.py", "texts/plain.py", "resources/rules/names.yaml"
    }  # fmt: skip


@pytest.mark.parametrize("path", sorted(SMALL))
def test_a_version_changes_with_the_files_of_the_stage_alone(package: Path, path: str) -> None:
    before = stage_version("tag")
    with (package / path).open("a", encoding="utf-8") as file:
        file.write("# more\n")
    _forget()
    assert (stage_version("tag") != before) == (not path.endswith(("report.py", "report.yaml")))


def test_line_ends_do_not_count(package: Path) -> None:
    before = stage_version("tag")
    for path in stage_files("tag"):
        (package / path).write_bytes((package / path).read_bytes().replace(b"\n", b"\r\n"))
    _forget()
    assert stage_version("tag") == before


def test_paths_and_contents_are_kept_apart(package: Path) -> None:
    (package / "a").write_text("bc", encoding="utf-8")
    (package / "ab").write_text("c", encoding="utf-8")
    assert hash_of(["a"]) != hash_of(["ab"])


def test_what_the_stages_reach() -> None:
    for stage in STAGES:
        reached = stage_files(stage)
        assert {
            "schema.py",
            "texts/normalise.py",
            "catalogue/symbols.py",
            "resources/catalogue/instruments.csv",
        } <= reached
        assert all((PACKAGE / path).is_file() for path in reached)
        assert not [
            path for path in reached if path.startswith(("query/", "report/", "classify/", "dataset/", "_version"))
        ]
    assert "resources/rules/dates.yaml" in stage_files("tag")


def test_all_imports_are_seen() -> None:
    """Imports have the one form that is looked for, and resources are named where they are loaded."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                assert not any(one.name.startswith("osce_commitments.") for one in node.names), name
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, name
                if node.module and node.module.startswith("osce_commitments."):
                    assert node.module.removeprefix("osce_commitments.") in stages._imports(name), name
        loads = re.findall(r"\b(?:load_(?:yaml|csv|rules)|resource_file)\(", text)
        if not name.startswith(("rules/loader", "resources/")):
            assert len(loads) == len(re.findall(stages._RESOURCE, text)), name


def test_the_pipeline_changes_with_every_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {batch.pipeline_fingerprint(Limits())}
    for stage in STAGES:
        monkeypatch.setattr(
            batch, "stage_version", lambda one, stage=stage: "new" if one == stage else stage_version(one)
        )
        found.add(batch.pipeline_fingerprint(Limits()))
    assert len(found) == 1 + len(STAGES)

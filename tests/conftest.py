"""What several stages' tests share: the samples, a dataset made of them, the command line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "corpora" / "samples"


@dataclass(frozen=True)
class Answer:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Tests write nothing into the state folder of the person who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("state")
        patch.setenv("XDG_STATE_HOME", str(folder))
        yield folder


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Answer]:
    """Runs the real entry point in this process."""
    from osce_commitments import cli as module

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["osce-commitments", *map(str, arguments)])
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            module.main()
        out, err = capfdbinary.readouterr()
        code = ended.value.code
        return Answer(code if isinstance(code, int) else 0, out.decode(), err.decode())

    return run


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES


@pytest.fixture(scope="session")
def sample_dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples as a dataset, made once; tests only read it."""
    from osce_commitments.config import RunConfig
    from osce_commitments.flows.steps import ingest

    data = tmp_path_factory.mktemp("samples") / "data"
    summary = ingest([str(SAMPLES)], data, RunConfig())
    assert not summary.rejects
    return data

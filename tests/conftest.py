"""What several stages' tests share: the samples, a dataset made of them, the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.cli import Answer, run
from tests.support.corpora import SAMPLES

# How fast examples are made depends on what else the machine does.
settings.register_profile("any load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any load")


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
    return partial(run, monkeypatch, capfdbinary)


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

"""The same functions under Prefect give the same rows, whichever task runner works."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from osce_commitments.dataset import Dataset
from osce_commitments.flows.engine import prefect_server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.flow, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prefect_server(tmp_path_factory.mktemp("prefect")) as address:
        yield address


def _run(samples: Path, data: Path, config: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "osce_commitments", "run", str(samples), "--data", str(data)]
    return subprocess.run(
        [*command, "--config", str(config), "--engine", "prefect"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _contents(data: Path) -> dict[str, list[dict[str, object]]]:
    return {name: Dataset(data).read(name).to_pylist() for name in ("documents", "provisions", "rejects")}


@pytest.mark.parametrize("runner", ["thread", "dask"])
def test_every_task_runner_gives_the_same_rows(
    runner: str, server: str, samples: Path, sample_dataset: Path, tmp_path: Path
) -> None:
    config = tmp_path / "run.yaml"
    config.write_text(yaml.safe_dump({"runner": runner, "batch_size": 6}), encoding="utf-8")
    with socket.socket() as other_cluster:
        with contextlib.suppress(OSError):  # somebody has it already
            other_cluster.bind(("127.0.0.1", 8787))  # where Dask listens by default
            other_cluster.listen()
        done = _run(samples, tmp_path / "data", config)
    assert done.returncode == 0, done.stderr
    assert "already in use" not in done.stderr
    assert f"Prefect: using the server at {server}" in done.stderr
    assert "Traceback" not in done.stderr
    assert "distributed." not in done.stderr, "notes of a closing Dask cluster are no concern of the user"
    assert _contents(tmp_path / "data") == _contents(sample_dataset)
    assert Dataset(tmp_path / "data").latest_version() == 1


def test_waiting_for_a_server_reads_the_certificates_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    from osce_commitments.flows.prefect import server as prefect_server_module

    read, calls = httpx.create_ssl_context, []
    prefect_server_module._certificates.cache_clear()
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: calls.append(1) or read())
    assert [prefect_server_module.is_reachable("http://127.0.0.1:9/api") for _ in range(3)] == [False] * 3
    assert calls == [1]


def test_flows_publish_artifacts_and_plain_files(server: str, samples: Path, tmp_path: Path) -> None:
    from prefect.client.orchestration import get_client

    from osce_commitments.flows.prefect.flows import full_flow

    (tmp_path / "empty.pdf").touch()
    sources = [str(samples / "mc-dec-93-12.pdf"), str(tmp_path / "empty.pdf")]
    summary = full_flow(
        sources, str(tmp_path / "data"), out=str(tmp_path / "published"), overrides={"runner": "thread"}
    )
    assert summary.counts()["rejected"] == 1
    assert (tmp_path / "published" / "provisions.parquet").exists()
    with get_client(sync_client=True) as client:
        artifacts = {artifact.key for artifact in client.read_artifacts()}
    assert server
    assert {"summary", "rejects"} <= artifacts


def test_a_passing_read_error_is_tried_again(
    server: str, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from osce_commitments import sources
    from osce_commitments.errors import SourceError
    from osce_commitments.flows.prefect import flows as prefect_flows

    read, calls = sources.read_source, []

    def stumble(ref: object, **choices: object) -> object:
        calls.append(ref)
        if len(calls) == 2:  # the first look compares the bytes with the dataset, the second is the batch's
            raise SourceError("it cannot be read", reason="unreadable") from OSError("stale handle")
        return read(ref, **choices)  # type: ignore[arg-type]

    monkeypatch.setattr(sources, "read_source", stumble)
    monkeypatch.setattr(prefect_flows, "batch", prefect_flows.batch.with_options(retry_delay_seconds=[0, 0]))
    data = str(tmp_path / "data")
    summary = prefect_flows.full_flow([str(samples / "mc-dec-93-12.pdf")], data, overrides={"runner": "thread"})
    assert server
    assert len(calls) == 3
    assert (summary.counts()["documents"], summary.rejects) == (1, ())


def test_a_run_without_a_server_starts_and_stops_its_own(samples: Path, tmp_path: Path) -> None:
    config = tmp_path / "run.yaml"
    config.write_text("runner: thread\n", encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    command = [sys.executable, "-m", "osce_commitments", "run", str(samples), "--data", str(tmp_path / "data")]
    done = subprocess.run(
        [*command, "--config", str(config), "--engine", "prefect"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "waiting for its server to start" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("position", "name"), [(0, "full"), (1, "train")])
def test_deployment_file_names_flows_and_their_parameters(position: int, name: str) -> None:
    import inspect

    from prefect.flows import load_flow_from_entrypoint

    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    assert len(deployments) == 2
    path, _, function = deployments[position]["entrypoint"].partition(":")
    flow = load_flow_from_entrypoint(f"{ROOT / path}:{function}")
    assert flow.name == name
    assert set(deployments[position]["parameters"]) <= set(inspect.signature(flow.fn).parameters)
    assert deployments[position]["concurrency_limit"] == 1


@pytest.mark.train
def test_a_training_on_schedule_keeps_what_breaks_no_floor(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from osce_commitments.classify import load_classifier
    from osce_commitments.evaluate.floors import gate
    from osce_commitments.flows.prefect.training_flow import train_flow

    monkeypatch.setenv("OSCE_COMMITMENTS_MODELS", str(tmp_path / "models"))
    texts = {"none": "Recalling the debate.", "urging": "Calls upon States to act.", "committing": "We will act."}
    row = {"role": "operative", "heading": "", "lead_in": "", "number": "1", "title": "Decision", "threat_areas": []}
    lines = [json.dumps({**row, "id": level, "text": text, "strength": level}) for level, text in texts.items()]
    files = {part: tmp_path / f"{part}.jsonl" for part in ("train", "validation", "test")}
    for file in files.values():
        file.write_text("\n".join(lines), encoding="utf-8")
    config = yaml.safe_load((ROOT / "configs" / "train-tiny.yaml").read_text(encoding="utf-8"))
    config["data"] = {part: str(file) for part, file in files.items()}
    (tmp_path / "train.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    paths = {name: str(tmp_path / name) for name in ("work", "out", "floors")}
    choices = {"config": str(tmp_path / "train.yaml"), "name": "rows", "promotes": True, **paths}

    (tmp_path / "floors").write_text('{"rows": {"data_sha256": "", "limits": {}, "history": []}}', encoding="utf-8")
    refused = train_flow(**choices)
    assert (refused.is_served, refused.folder) == (False, tmp_path / "work" / "candidate")
    assert "the data changed" in refused.broken[0]
    gate(tmp_path / "out" / "metrics.json", tmp_path / "floors", "rows", sets=True, lowers=True, reason="these rows")
    kept = train_flow(**choices)
    assert (kept.model, kept.is_served, kept.broken) == ("tiny@1", True, ())
    assert load_classifier("tiny").id == "tiny@1"
    assert server


def _descendants(pid: int) -> set[int]:
    children: dict[int, set[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), set()).add(int(stat.parent.name))
    found, unseen = set(), [pid]
    while unseen:
        new = children.get(unseen.pop(), set())
        found |= new
        unseen += new
    return found


def _alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill -9"])
def test_an_ended_run_leaves_a_whole_dataset_and_no_process(number: int, samples: Path, tmp_path: Path) -> None:
    inbox, data = tmp_path / "inbox", tmp_path / "data"
    inbox.mkdir()
    for copy in range(150):
        (inbox / f"{copy}.txt").write_bytes((samples / "sum-doc-93-10.txt").read_bytes() + b"\n" * copy)
    config = tmp_path / "run.yaml"
    config.write_text(yaml.safe_dump({"batch_size": 2}), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "osce_commitments",
        "run",
        str(inbox),
        "--data",
        str(data),
        "--config",
        str(config),
    ]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    process = subprocess.Popen(
        [*command, "--engine", "prefect"], env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not (data / "_versions" / "unfinished.json").exists():
        assert process.poll() is None, "the run ended before its first batch"
        time.sleep(0.1)
    started = _descendants(process.pid)
    assert len(started) >= 3  # the server and two readers
    servers = [pid for pid in started if "uvicorn" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")]
    assert not servers  # Prefect started none of its own beside ours
    if number == signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does: the whole group of processes
    else:
        process.send_signal(number)
    err = process.communicate()[1]
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert "has no version yet; the same command continues after the last finished batch" in err
        assert "Traceback" not in err
    while _alive(started):  # the limit of the whole test catches a process that stays
        time.sleep(0.2)
    with Dataset(data).writer("next") as writer:
        assert writer.version == 1
    assert Dataset(data).read("provisions").num_rows > 0


def test_a_server_that_does_not_answer_is_named(samples: Path, tmp_path: Path) -> None:
    config = tmp_path / "run.yaml"
    config.write_text("runner: thread\n", encoding="utf-8")
    done = _run(samples, tmp_path / "data", config, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert done.returncode == 2
    assert "no Prefect server answers at PREFECT_API_URL=http://127.0.0.1:9/api" in done.stderr
    assert "Traceback" not in done.stderr

"""The command: where it listens, how it ends, what it says when it cannot begin."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse

from osce_commitments.errors import ConfigError
from osce_commitments.serve import server
from osce_commitments.serve.server import PageAddress, _checked, _hosts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.cli import Answer

_NOBODY = 65534


def test_it_serves_on_this_computer_until_interrupted(sample_dataset: Path) -> None:
    command = [sys.executable, "-m", "osce_commitments", "serve", "--data", str(sample_dataset), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert httpx.get(address, timeout=600).status_code == 200
        assert httpx.get(address, headers={"host": "evil.example"}, timeout=600).status_code == 400
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("setpriv") is None or os.geteuid() != 0, reason="only root may act as nobody")
def test_another_user_serves_a_dataset_that_it_can_only_read(sample_dataset: Path) -> None:
    program = ["setpriv", "--reuid", str(_NOBODY), "--regid", str(_NOBODY), "--clear-groups", sys.executable]
    if subprocess.run([*program, "-c", "import osce_commitments"], check=False, capture_output=True).returncode:
        pytest.skip("nobody may not read this checkout")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        cache, data = Path(folder, "cache"), Path(folder, "data")
        cache.mkdir()
        os.chown(cache, _NOBODY, _NOBODY)
        shutil.copytree(sample_dataset, data, ignore=shutil.ignore_patterns("_search"))
        for path in (data, *data.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = sorted(data.rglob("*"))
        environment = os.environ | {
            "HOME": "/nonexistent",
            "OSCE_COMMITMENTS_CACHE": str(cache),
            "MPLCONFIGDIR": str(cache),
        }
        command = [*program, "-m", "osce_commitments", "serve", "--data", str(data), "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
            assert process.stdout is not None
            (address,) = re.findall(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            for path in ("", "matrix", "?text=passport&by=meaning", "download?format=xlsx", "report/file?format=pdf"):
                assert httpx.get(address + path, timeout=600).status_code == 200, path
            process.send_signal(signal.SIGINT)
        assert process.returncode == 0
        assert sorted(data.rglob("*")) == before


def test_a_port_in_use_is_one_line(cli: Callable[..., Answer], sample_dataset: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = cli("serve", "--data", sample_dataset, "--port", port)
    assert answer.code == 2
    assert answer.err == (
        f"error: port {port} of 127.0.0.1 is in use. Stop the program that uses it, or choose another: --port {port + 1}\n"
    )


def test_a_missing_dataset_or_version_or_address_is_one_line(
    cli: Callable[..., Answer], sample_dataset: Path, tmp_path: Path
) -> None:
    for arguments, line in (
        (("--data", tmp_path / "none"), "there is no dataset"),
        (("--data", sample_dataset, "--as-of", "77"), "there is no version 77"),
        (("--data", sample_dataset, "--host", "no.such.host.invalid"), "unknown address"),
        (("--data", sample_dataset, "--host", "203.0.113.1"), "cannot listen on"),
    ):
        answer = cli("serve", *arguments, "--port", 0)
        assert answer.code == 2
        assert line in answer.err
        assert answer.err.count("\n") == 1


def test_only_a_local_page_refuses_other_names() -> None:
    assert "evil.example" not in _hosts(PageAddress("127.0.0.1", 0))
    assert _hosts(PageAddress("::1", 0))[-1] == "::1"
    assert _hosts(PageAddress("localhost", 0)) == ("localhost", "127.0.0.1", "[::1]", "localhost")
    assert _hosts(PageAddress("0.0.0.0", 0)) == ("*",)  # noqa: S104 - a person may choose it


def test_help_imports_no_server() -> None:
    script = "import sys\nimport osce_commitments.cli\nassert not {'fastapi', 'uvicorn', 'jinja2'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_page_on_the_network_answers_under_the_names_it_is_given() -> None:
    assert _hosts(PageAddress("0.0.0.0", 0)) == ("*",)  # noqa: S104 - nothing listens
    named = _hosts(PageAddress("0.0.0.0", 0, trusted_hosts=("documents.example.org",)))  # noqa: S104
    assert "*" not in named
    assert "127.0.0.1" in named


@pytest.mark.parametrize(("given", "path"), [("", ""), ("/", ""), ("/osce/", "/osce"), ("/a/b-c", "/a/b-c")])
def test_a_base_path_is_read_with_or_without_its_last_slash(given: str, path: str) -> None:
    assert _checked(given) == path


@pytest.mark.parametrize("given", ["osce", "/a b", '/"x', "//host/a", "/a?b"])
def test_what_is_no_path_is_refused(given: str) -> None:
    with pytest.raises(ConfigError, match="is not a path"):
        _checked(given)


@pytest.mark.parametrize("name", ["", "  "])
def test_a_review_needs_a_name(cli: Callable[..., Answer], sample_dataset: Path, name: str) -> None:
    answer = cli("serve", "--data", sample_dataset, "--review", name)
    assert answer.code == 2
    assert "--review has no name" in answer.err


def test_small_answers_are_sent_at_once() -> None:
    with server._listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def _ends(request: bytes, page: FastAPI) -> bool:
    """Whether the server ends a connection on which a client sends only this and reads nothing."""

    async def serve_once() -> bool:
        with server._listen("127.0.0.1", 0) as listener:
            running = uvicorn.Server(server.config_of(page))
            serving = asyncio.create_task(running.serve(sockets=[listener]))
            while not running.started:  # noqa: ASYNC110 - the server has no event
                await asyncio.sleep(0.01)
            with socket.create_connection(listener.getsockname()) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                client.sendall(request)
                for _ in range(300):
                    await asyncio.sleep(0.01)
                    if not running.server_state.connections:
                        break
                is_ended = not running.server_state.connections
            running.should_exit = True
            await serving
            return is_ended

    return asyncio.run(serve_once())


@pytest.mark.parametrize(
    "request_", [b"", b"GET / HTTP/1.1\r\nHost: loc", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\na"]
)
def test_half_a_request_ends(request_: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_SECONDS_FOR_A_REQUEST", 0.2)
    page = FastAPI()

    @page.post("/")
    async def receive(request: Request) -> int:
        return len(await request.body())

    assert _ends(request_, page)


def test_an_answer_that_nobody_takes_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_SECONDS_TO_TAKE_MORE", 0.2)
    page = FastAPI()
    page.add_api_route("/", lambda: PlainTextResponse("long " * 10_000_000))
    assert _ends(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", page)

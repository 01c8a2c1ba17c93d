"""The review queue: answers become corrections, nothing else writes, other sites cannot."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import osce_commitments
from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError
from osce_commitments.labelling.desk import Desk
from osce_commitments.labels import THREAT_AREAS
from osce_commitments.serve import create_app
from osce_commitments.serve.server import PageAddress, serve
from osce_commitments.serve.views.review import AREA_KEYS
from tests.support.makers import LINES, batch, document


@pytest.fixture(scope="module")
def unanswered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with its index; each test gets a copy."""
    dataset = Dataset(tmp_path_factory.mktemp("review") / "data")
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf"), document("b.pdf", ["Calls upon B to act;"], symbol="MC.DEC/91/91")))
    osce_commitments.open(dataset.path)
    return dataset.path


@pytest.fixture
def data(unanswered: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(unanswered, tmp_path / "data"))


@pytest.fixture
def client(data: Path) -> Iterator[TestClient]:
    app = create_app(data, reviewer="Ada")
    app.state.reviewing.desk.embed = None
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as found:
        yield found


def fields(client: TestClient, path: str = "/review") -> dict[str, Any]:
    """The hidden fields of the form, and what is chosen in it."""
    text = client.get(path).text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
    chosen = re.search(r'name="strength" value="(\w+)" data-key="\d" checked', text)
    return hidden | ({"strength": chosen[1]} if chosen else {})


def corrections(data: Path) -> list[dict[str, Any]]:
    """The answers of the dataset, after the next write session."""
    with Dataset(data).writer("next", pipeline="p1"):
        pass
    rows: list[dict[str, Any]] = Dataset(data).read("corrections").to_pylist()
    return rows


def test_no_review_where_no_answer_can_be_kept(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    with pytest.raises(ConfigError, match="cannot be written"):
        create_app(data, reviewer="Ada")
    create_app(data)


def test_an_answer_is_a_correction(client: TestClient, data: Path) -> None:
    form = fields(client) | {
        "strength": "committing",
        "area": ["arms", "policing"],
        "rule": "S6",
        "reason": "as agreed",
    }
    response = client.post("/review", data=form, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, "/review")
    (row,) = corrections(data)
    assert (row["made_by"], row["strength"], row["threat_areas"]) == ("Ada", "committing", ["arms", "policing"])
    assert (row["rule"], row["reason"], row["origin"]) == ("S6", "as agreed", "page")
    text = client.get("/review").text
    assert "1 checked since the page was started; the program was right in 0" in text
    assert fields(client)["provision"] != form["provision"]


def test_no_area_chosen_means_no_area(client: TestClient, data: Path) -> None:
    client.post("/review", data=fields(client))
    assert corrections(data)[0]["threat_areas"] == []


def test_skipped_ones_do_not_come_back_and_the_end_is_said(client: TestClient, data: Path) -> None:
    seen = set()
    while "provision" in (form := fields(client)):
        seen.add(form["provision"])
        client.post("/review", data=form | {"action": "skip"})
    assert len(seen) == 4
    assert "Nothing left to review" in client.get("/review").text
    assert corrections(data) == []


def test_undo_takes_the_newest_answer_back_and_shows_it_again(client: TestClient, data: Path) -> None:
    form = fields(client)
    client.post("/review", data=form)
    client.post("/review", data=fields(client) | {"action": "undo"})
    assert Dataset(data).latest_version() == 1
    assert [row["kind"] for row in corrections(data)] == ["answer", "withdrawal"]
    assert fields(client)["provision"] == form["provision"]
    client.post("/review", data=fields(client) | {"action": "undo"})
    assert len(corrections(data)) == 2


def test_a_wrong_label_is_reported_on_the_page(client: TestClient, data: Path) -> None:
    response = client.post("/review", data=fields(client) | {"rule": "S99"})
    assert response.status_code == 400
    assert "unknown label &#39;S99&#39;" in response.text
    assert corrections(data) == []


def test_a_provision_can_be_chosen(client: TestClient, data: Path) -> None:
    wanted = Dataset(data).read("provisions")["id"].to_pylist()[-1]
    assert f'href="/review/{wanted}"' in client.get(f"/provision/{wanted}").text
    assert fields(client, f"/review/{wanted}")["provision"] == wanted
    assert client.get("/review/p0").status_code == 404


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ({"secret": ""}, {}),
        ({"secret": "guessed"}, {}),
        ({}, {"Origin": "http://evil.example"}),
        ({}, {"Origin": "null"}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"Sec-Fetch-Site": "same-site"}),
        ({"reason": "x" * 30_000}, {}),
    ],
)
def test_other_sites_cannot_answer(
    client: TestClient, data: Path, change: dict[str, str], headers: dict[str, str]
) -> None:
    response = client.post("/review", data=fields(client) | change, headers=headers)
    assert response.status_code == 403
    assert "did not come from the review page" in response.text
    assert corrections(data) == []


def test_the_page_of_the_browser_itself_can_answer(client: TestClient, data: Path) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    client.post("/review", data=fields(client), headers=headers)
    assert len(corrections(data)) == 1


def test_two_pages_have_two_secrets(client: TestClient, data: Path) -> None:
    with TestClient(create_app(data, reviewer="Ben"), base_url="http://localhost") as other:
        assert other.post("/review", data=fields(client)).status_code == 403


def test_without_review_no_path_writes(data: Path) -> None:
    app = create_app(data)
    methods = {method for route in app.routes for method in getattr(route, "methods", None) or ()}
    assert methods <= {"GET", "HEAD"}
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as page:
        assert page.get("/review").status_code == 404
        assert page.post("/review", data={"action": "save"}).status_code in {404, 405}
        assert "/review" not in page.get("/").text


def test_the_network_is_refused_unless_allowed(data: Path) -> None:
    for place in (PageAddress("0.0.0.0", 0), PageAddress("127.0.0.1", 0, trusted_hosts=("osce.example",))):  # noqa: S104
        with pytest.raises(ConfigError, match="others in the network could correct labels as Ada"):
            serve(data, None, place, print, reviewer="Ada")


def test_two_reviewers_at_once_lose_nothing(data: Path) -> None:
    ids = Dataset(data).read("provisions")["id"].to_pylist()
    barrier = threading.Barrier(2)

    def work(name: str, level: str) -> None:
        desk = Desk(Dataset(data), name)
        barrier.wait()
        for one in ids:
            desk.answer(one, {"strength": level, "more_areas": "none"})
            desk.publish()

    threads = [threading.Thread(target=work, args=pair) for pair in (("Ada", "none"), ("Ben", "urging"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = corrections(data)
    assert sorted((row["made_by"], row["provision"]) for row in rows) == sorted(
        (name, one) for name in ("Ada", "Ben") for one in ids
    )
    assert [row["number"] for row in rows] == list(range(1, 9))
    assert all(row["corrected"] for row in Dataset(data).read("provisions").to_pylist())


def test_marks_on_the_other_views(client: TestClient, data: Path) -> None:
    wanted = next(row["id"] for row in Dataset(data).read("provisions").to_pylist() if row["text"] == LINES[1])
    client.post("/review", data=fields(client, f"/review/{wanted}") | {"strength": "mandating"})
    assert fields(client, f"/review/{wanted}")["strength"] == "mandating"
    client.post("/review", data=fields(client) | {"action": "publish"})
    assert "Search with the answers of version 2" in client.get("/review").text
    with TestClient(create_app(data), base_url="http://localhost") as page:
        assert "Checked by Ada" in page.get(f"/provision/{wanted}").text
        assert "as Ada says" in page.get(f"/provision/{wanted}").text
        assert page.get("/?corrected=yes").text.count("Checked by Ada") == 1


def test_every_area_has_a_key_of_its_own() -> None:
    assert list(AREA_KEYS) == list(THREAT_AREAS)
    assert len(set(AREA_KEYS.values())) == len(THREAT_AREAS)
    assert not set(AREA_KEYS.values()) & set("xzsvr123456")

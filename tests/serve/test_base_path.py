"""The page below a path of a proxy that passes the path on, or cuts it off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from osce_commitments.serve import create_app

if TYPE_CHECKING:
    from pathlib import Path

BASE = "/osce/page"


@pytest.fixture(scope="module")
def client(sample_dataset: Path) -> TestClient:
    return TestClient(create_app(sample_dataset, base_path=BASE), follow_redirects=False)


@pytest.mark.parametrize("prefix", [BASE, ""])
@pytest.mark.parametrize("view", ["/", "/matrix", "/timeline", "/about", "/compare"])
def test_every_address_of_a_view_is_below_the_path(client: TestClient, prefix: str, view: str) -> None:
    answer = client.get(prefix + view)
    assert answer.status_code == 200
    rooted = re.findall(r'\b(?:href|src|action|formaction|data-root)="(/[^"]*)"', answer.text)
    assert rooted
    assert [one for one in rooted if not one.startswith(f"{BASE}/")] == []


def test_links_of_a_view_lead_somewhere(client: TestClient) -> None:
    text = client.get(f"{BASE}/").text
    provision = re.search(r'href="([^"]*/provision/p[^"#?]*)', text)
    style = re.search(r'href="([^"]*page\.css[^"]*)"', text)
    assert provision
    assert style
    assert client.get(provision[1]).status_code == 200
    assert client.get(style[1]).status_code == 200


def test_a_redirect_stays_below_the_path(client: TestClient) -> None:
    answer = client.get(f"{BASE}/?text=visa&area=")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{BASE}/?text=visa"


def test_another_path_with_the_same_beginning_is_not_the_page(client: TestClient) -> None:
    assert client.get(f"{BASE}x/").status_code == 404


def test_files_with_a_version_may_be_kept_and_pages_not(client: TestClient) -> None:
    style = re.search(r'href="([^"]*page\.css\?v=[^"]*)"', client.get(f"{BASE}/").text)
    assert style
    assert client.get(style[1]).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get(style[1].partition("?")[0]).headers["cache-control"] == "no-cache"
    assert client.get(f"{BASE}/static/none.css?v=1").headers["cache-control"] == "no-cache"
    assert client.get(f"{BASE}/").headers["cache-control"] == "no-cache"


def test_links_in_files_lead_below_the_path(sample_dataset: Path) -> None:
    app = create_app(sample_dataset, base_path="/osce")
    with TestClient(app, base_url="http://localhost") as client:
        paper = client.get("/osce/report/file?text=border&format=md").text
        assert "http://localhost/osce/provision/p" in paper

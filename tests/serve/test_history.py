"""The History view: a row per line, a mark per year, the words that changed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from osce_commitments.dataset import Dataset
from osce_commitments.flows.steps import LineageBook
from osce_commitments.serve.app import create_app
from tests.support.makers import batch, document

if TYPE_CHECKING:
    from pathlib import Path

    from osce_commitments.schema import Document

GUARDS = "Calls upon the participating States to train border guards in the detection of forged passports and visas;"
WEAPONS = "Encourages participating States to destroy surplus small arms and report on stockpiles of ammunition;"
VICTIMS = "Calls upon participating States to protect victims of trafficking and open shelters for children;"
ALONE = "Tasks the Secretary General to hold exercises on attacks against power grids and water supply;"


def yearly(year: int, *lines: str) -> Document:
    return document(f"{year}.pdf", lines, date=dt.date(year, 12, 1), symbol=f"MC.DOC/1/{year - 2000}")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    path: Path = tmp_path_factory.mktemp("history") / "data"
    firmer = WEAPONS.replace("Encourages", "Calls upon")
    with Dataset(path).writer("run") as writer:
        documents = (
            yearly(2091, GUARDS, WEAPONS, VICTIMS),
            yearly(
                2092, GUARDS.replace("visas", "visas at <b>all</b> borders of land and sea"), firmer, VICTIMS, ALONE
            ),
        )
        writer.commit(batch(*documents), follow=LineageBook(writer).follow)
    return TestClient(create_app(path))


def test_a_search_gives_a_row_per_line_and_a_mark_per_year(client: TestClient) -> None:
    text = client.get("/history", params={"text": "small arms"}).text
    assert text.count('class="dot') == 2
    assert "Reworded, firmer by 1, new act: encourages &gt; calls" in text
    assert '<th scope="col">2091</th><th scope="col">2092</th>' in text


def test_the_words_that_changed_are_marked_and_escaped(client: TestClient) -> None:
    text = client.get("/history", params={"text": "passports", "wording": "all"}).text
    assert "<ins>" in text
    assert "&lt;b&gt;all&lt;/b&gt;" in text
    assert "<details open>" in text


def test_a_provision_and_its_instrument_lead_to_its_history(client: TestClient) -> None:
    page = client.get("/instrument/MC.DOC/1/92").text
    assert "Takes up" in page
    found = client.get("/history", params={"text": "shelters"}).text
    link = found.split('class="dot')[1].split('href="#')[1].split('"')[0]
    assert "History of MC.DOC/1/91" in client.get(f"/history/{link}").text
    assert "/history/" in client.get("/", params={"text": "shelters"}).text


def test_what_nothing_takes_up_and_what_is_not_found(client: TestClient) -> None:
    alone = client.get("/history", params={"text": "power grids"}).text
    assert alone.count('class="dot') == 1
    link = alone.split('class="dot')[1].split('href="#')[1].split('"')[0]
    assert "No other document of this dataset takes up this provision" in client.get(f"/history/{link}").text
    assert "No provision was found." in client.get("/history", params={"text": "zeppelins"}).text
    assert client.get("/history/pffffffffffffffff").status_code == 404
    assert client.get("/history", params={"text": "x", "wording": "some"}).status_code == 400


def test_compare_pairs_through_lineage(client: TestClient) -> None:
    text = client.get("/compare", params={"left": "MC.DOC/1/91", "right": "MC.DOC/1/92"}).text
    assert "3 matching provisions; 0 only in the first document, 1 only in the second." in text


def test_a_line_of_an_undated_document_is_shown(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(document("in/undated.txt", date=None)))
    with TestClient(create_app(dataset.path), base_url="http://localhost") as page:
        answer = page.get("/history", params={"text": "stolen"})
    assert answer.status_code == 200
    assert "Wording of 1 appearance, undated" in answer.text

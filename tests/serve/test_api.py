"""The JSON interface: the page's questions, described by OpenAPI, answered with the library's rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import osce_commitments

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi.testclient import TestClient


def test_the_root_of_the_api_leads_to_its_description(page: TestClient) -> None:
    answer = page.get("/api", follow_redirects=False)
    assert answer.headers["location"] == "/about#interface"


def test_the_api_answers_about_everything_unless_asked_for_commitments(page: TestClient) -> None:
    totals = [page.get(f"/api/search?{asked}").json()["total"] for asked in ("", "commitments=any", "commitments=yes")]
    assert totals[0] == totals[1] > totals[2] > 0


def test_search_is_the_librarys(page: TestClient, sample_dataset: Path) -> None:
    ours = osce_commitments.open(sample_dataset).search("border*", area=["border_security"], order="oldest", limit=7)
    answer = page.get("/api/search?text=border*&area=border_security&order=oldest&size=7").json()
    assert answer["total"] == ours.total
    assert [hit["id"] for hit in answer["hits"]] == [hit.id for hit in ours.hits]
    assert [tuple(map(tuple, hit["highlights"])) for hit in answer["hits"]] == [hit.highlights for hit in ours.hits]


def test_facets_and_matrix_count_the_same(page: TestClient) -> None:
    facets = page.get("/api/facets?adopted=yes").json()
    cells = page.get("/api/matrix?adopted=yes").json()["area_strength"]
    for area in facets["threat_areas"]:
        assert sum(cell["count"] for cell in cells if cell["threat_area"] == area["value"]) == area["count"]


def test_documents_and_provisions_have_all_columns(page: TestClient) -> None:
    documents = page.get("/api/documents").json()
    row = page.get(f"/api/documents/{documents[0]['id']}").json()
    provision = row["provisions"][-1]
    assert row["text"][provision["start"] : provision["end"]] == provision["text"]
    assert page.get(f"/api/provisions/{provision['id']}").json() == provision
    assert len(page.get(f"/api/provisions/{provision['id']}/like?size=3").json()["hits"]) == 3


def test_openapi_describes_every_path_and_parameter(page: TestClient) -> None:
    described = page.get("/api/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/version", "/api/labels", "/api/search", "/api/facets", "/api/matrix", "/api/documents",
        "/api/documents/{key}", "/api/provisions/{provision}", "/api/provisions/{provision}/like",
    }  # fmt: skip
    assert all(set(methods) == {"get"} for methods in described["paths"].values())
    names = {parameter["name"] for parameter in described["paths"]["/api/search"]["get"]["parameters"]}
    assert {"text", "area", "strength", "addressee", "page", "size", "by", "order", "version"} <= names
    assert all(path in page.get("/about").text for path in described["paths"])


def test_labels_and_versions_are_told(page: TestClient) -> None:
    assert list(page.get("/api/labels").json()["strength"])[-1] == "mandating"
    assert page.get("/api/version").json()["version"]["counts"]["documents"] > 10


def test_errors_are_one_line_with_a_remedy(page: TestClient) -> None:
    for path, status in (
        ("/api/search?strength=firm", 400),
        ('/api/search?text="open', 400),
        ("/api/search?page=0", 400),
        ("/api/nothing", 404),
        ("/api/provisions/p0", 404),
        ("/api/documents/MC.DEC/none", 404),
        ("/api/version?version=9999", 404),
    ):
        answer = page.get(path)
        assert answer.status_code == status, path
        assert set(answer.json()) == {"error", "remedy"}
        assert "\n" not in answer.json()["error"]

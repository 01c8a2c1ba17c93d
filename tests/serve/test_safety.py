"""Text of documents is never markup, addresses reach nothing but the dataset, and errors are one line."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from lxml import html

from osce_commitments.errors import DatasetError
from osce_commitments.serve import create_app
from osce_commitments.serve.shelf import OpenVersions

if TYPE_CHECKING:
    from pathlib import Path


def hostile_views(page: TestClient) -> list[str]:
    rows = page.get("/api/search", params={"text": "alert"}).json()["hits"]
    (document,) = {row["document"] for row in rows}
    return [
        "/?text=alert&commitments=any", "/matrix", "/timeline", "/about", f"/document/{document}", f"/text/{document}",
        f"/compare?left={document}&right=MC.DEC/90/91", "/changes?before=1&after=2",
        *(row["link"] for row in rows), *(f"/like/{row['id']}" for row in rows),
    ]  # fmt: skip


def test_text_of_documents_is_never_markup(hostile_page: TestClient) -> None:
    views = hostile_views(hostile_page)
    assert len(views) >= 12
    for path in views:
        answer = hostile_page.get(path)
        assert answer.status_code == 200
        found = html.fromstring(answer.text)
        assert found.xpath("//script/@src") == ["/static/page.js"]
        assert len(found.xpath("//script")) == 1
        assert found.xpath("//img | //@onerror | //style") == []
        assert "49" not in found.xpath("//h1")[0].text_content()
        assert not [one for one in found.xpath("//@href") if one.startswith("javascript:")]


def test_words_of_an_address_are_never_markup(page: TestClient) -> None:
    attack = '"><script>alert(1)</script>'
    for name in ("text", "addressee", "since", "document", "area", "cites", "nonsense", "version"):
        found = html.fromstring(page.get("/", params={name: attack}).text)
        assert len(found.xpath("//script")) == 1, name
    for path in ("/provision/", "/instrument/", "/document/", "/nowhere/"):
        found = html.fromstring(page.get(f"{path}%3Cscript%3Ealert(1)%3C/script%3E").text)
        assert len(found.xpath("//script")) == 1, path


WRONG = [
    ("/?strength=firm", 400, "Unknown strength 'firm'"),
    ("/?since=yesterday", 400, "Since 'yesterday' is not a year, a month or a day"),
    ("/?since=2020&until=2010", 400, "is after"),
    ("/?addressee=%00", 400, "Parameter 'addressee' is not valid: it contains an unprintable character. Change it"),
    ("/?text=a%1Bb", 400, "Parameter 'text' is not valid: it contains an unprintable character"),
    ("/matrix?area=%00", 400, "Parameter 'area' is not valid: it contains an unprintable character"),
    ("/compare?left=%00", 400, "Parameter 'left' is not valid: it contains an unprintable character"),
    ("/?area=weather", 400, "Unknown threat area 'weather'"),
    ('/?text="open', 400, "A phrase has no closing quotation mark"),
    ("/?page=0", 400, "Parameter 'page' is not valid"),
    ("/?page=many", 400, "Parameter 'page' is not valid"),
    ("/?size=100000", 400, "Parameter 'size' is not valid"),
    ("/?order=random", 400, "Parameter 'order' is not valid"),
    ("/?treat=arms", 400, "Unknown parameter 'treat'"),
    ("/?text=" + "a" * 2_001, 400, "Parameter 'text' is not valid"),
    ("/?" + "&".join(["area=arms"] * 41), 400, "Parameter 'area' is not valid"),
    ("/?text=" + "a" * 9_000, 400, "The address is too long"),
    ("/?version=9999", 404, "There is no version 9999"),
    ("/?version=../../etc", 400, "Parameter 'version' is not valid"),
    ("/matrix?strength=firm", 400, "Unknown strength 'firm'"),
    ("/timeline?body=XYZ", 400, "Unknown body 'XYZ'"),
    ("/download?format=exe", 400, "Parameter 'format' is not valid"),
    ("/download?text=(", 400, "A word is missing"),
    ("/provision/p0000", 404, "Provision 'p0000' is not"),
    ("/provision/" + "p" * 65, 400, "Parameter 'provision' is not valid"),
    ("/like/none", 404, "Provision 'none' is not"),
    ("/text/none/one", 404, "Document 'none/one' is not in this version. Find it in Explore."),
    ("/document/none", 404, "Document 'none' is not"),
    ("/instrument/MC.DEC/none", 404, "Document 'MC.DEC/none' is not"),
    ("/compare?left=none&right=none", 404, "Document 'none' is not"),
    ("/changes?before=9&after=1", 400, "is not before"),
    ("/nowhere", 404, "Page not found"),
]


@pytest.mark.parametrize(("path", "status", "line"), WRONG, ids=lambda value: str(value)[:40])
def test_what_is_wrong_is_told_in_one_line(page: TestClient, path: str, status: int, line: str) -> None:
    answer = page.get(path)
    assert answer.status_code == status
    (told,) = html.fromstring(answer.text).xpath("//*[@role='alert']")
    text = " ".join(told.text_content().split())
    assert line in text
    assert len(text) < 600
    assert "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers


def test_a_wrong_query_is_told_beside_the_field_that_keeps_it(page: TestClient) -> None:
    found = html.fromstring(page.get('/?text="open').text)
    field = found.get_element_by_id("text")
    assert field.value == '"open'
    assert field.get("aria-invalid") == "true"
    assert found.get_element_by_id(field.get("aria-describedby")).get("role") == "alert"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../serve/app.py", "/static/..%2f..%2f..%2fetc/passwd", "/static/%2e%2e/symbols.yaml",
        "/document/..%2f..%2fetc%2fpasswd", "/instrument/../../../../etc/passwd", "/text/%2fetc%2fpasswd",
    ],
)  # fmt: skip
def test_no_address_reaches_a_file(page: TestClient, path: str) -> None:
    answer = page.get(path)
    assert answer.status_code in {404, 405}
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "value",
    ["' OR 1=1 --", "%' OR '1'='1", '") OR ("a', "x'; DROP TABLE provisions; --", "a NEAR b", "text:*", "\x00", "^a"],
)
def test_no_word_of_an_address_is_sql(page: TestClient, value: str) -> None:
    total = page.get("/api/search").json()["total"]
    for name in ("text", "addressee", "document", "cites", "model"):
        answer = page.get("/api/search", params={name: value})
        assert answer.status_code in {200, 400}, (name, answer.text)
        if answer.status_code == 200 and name != "text":
            assert answer.json()["total"] == 0
    assert page.get("/api/search").json()["total"] == total


def test_nothing_can_be_written(two_versions: Path, hostile_page: TestClient) -> None:
    before = _content(two_versions)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in ("/", "/matrix", "/api/search", "/provision/p0", "/static/page.js"):
            assert hostile_page.request(method, path).status_code == 405, (method, path)
    for path in hostile_views(hostile_page):
        hostile_page.get(path)
    assert _content(two_versions) == before


def _content(folder: Path) -> dict[str, str]:
    """Hashes of the dataset's files; the search index is made on the first question and is no part of it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "_search" not in path.parts
    }


def test_a_page_of_another_name_is_refused(sample_dataset: Path) -> None:
    app = create_app(sample_dataset, hosts=("localhost", "127.0.0.1"))
    with TestClient(app, base_url="http://localhost") as client:
        assert client.get("/about").status_code == 200
        assert client.get("/about", headers={"host": "evil.example"}).status_code == 400


def test_a_shortened_address_stays_on_the_page(page: TestClient) -> None:
    answer = page.get("http://localhost//evil.example/?a=", follow_redirects=False)
    assert answer.headers["location"].startswith("http://localhost/")


def test_a_defect_is_one_line_and_no_traceback(page: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        msg = "the details are for the terminal"
        raise RuntimeError(msg)

    monkeypatch.setattr(OpenVersions, "book", fail, raising=True)
    answer = page.get("/api/search")
    assert answer.status_code == 500
    assert answer.json()["error"] == "internal error (RuntimeError)"
    assert "terminal" not in answer.json()["error"]


def test_an_earlier_version_stays_readable_under_its_number(two_versions: Path, hostile_page: TestClient) -> None:
    assert hostile_page.get("/api/search?version=1").json()["total"] == 3
    assert hostile_page.get("/api/search?version=2").json()["total"] == 5
    found = html.fromstring(hostile_page.get("/?version=1").text)
    assert all("version=1" in one for one in found.xpath("//article//h3/a/@href"))
    (lasting,) = html.fromstring(hostile_page.get("/?text=states").text).xpath("//footer//a/@href")
    assert lasting == "/?text=states&version=2"
    pinned = create_app(two_versions, 1)
    with TestClient(pinned, base_url="http://localhost") as client:
        assert client.get("/api/search").json()["version"] == 1
    with pytest.raises(DatasetError, match="no version 7"):
        create_app(two_versions, 7)


def test_open_versions_are_few(two_versions: Path) -> None:
    shelf = OpenVersions(two_versions, 1)
    assert shelf.book("2").reader.version == 2
    assert shelf.book("2") is shelf.book("2")
    assert shelf.book().reader.version == 1

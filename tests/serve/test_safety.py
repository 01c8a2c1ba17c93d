"""Text of documents is never markup, addresses reach nothing but the dataset, and errors are one line."""

from __future__ import annotations

import gc
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient
from lxml import html

import osce_commitments
from osce_commitments.dataset import Dataset
from osce_commitments.errors import DatasetError
from osce_commitments.serve import create_app
from osce_commitments.serve.rendering import short_source
from osce_commitments.serve.shelf import OpenVersions
from tests.support.makers import batch, document

if TYPE_CHECKING:
    from pathlib import Path


def hostile_views(page: TestClient) -> list[str]:
    rows = page.get("/api/search", params={"text": "alert"}).json()["hits"]
    (document,) = {row["document"] for row in rows}
    return [
        "/?text=alert&commitments=any", "/matrix", "/timeline", "/about", "/documents", f"/document/{document}", f"/text/{document}",
        f"/compare?left={document}&right=MC.DEC/90/91", "/changes?before=1&after=2",
        *(row["link"] for row in rows), *(f"/like/{row['id']}" for row in rows),
    ]  # fmt: skip


def test_the_name_of_a_file_does_not_turn_the_direction_of_writing() -> None:
    assert short_source("/in/na\x1b[2J\u202efdp.txt") == r"na\x1b[2J\u202efdp.txt"


def test_text_of_documents_is_never_markup(hostile_page: TestClient) -> None:
    views = hostile_views(hostile_page)
    assert len(views) >= 12
    for path in views:
        answer = hostile_page.get(path)
        assert answer.status_code == 200
        found = html.fromstring(answer.text)
        assert [address.partition("?")[0] for address in found.xpath("//script/@src")] == ["/static/page.js"]
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
    ("/nowhere", 404, "There is no page at this address"),
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


def test_a_refusal_of_a_host_has_the_security_headers_too(sample_dataset: Path) -> None:
    with TestClient(create_app(sample_dataset, hosts=("localhost",)), base_url="http://localhost") as client:
        refused, served = client.get("/about", headers={"host": "evil.example"}), client.get("/about")
    for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
        assert refused.headers[name] == served.headers[name]


@pytest.mark.parametrize("path", ["/", "/about", "/api/search", "/static/page.css", "/nowhere", "/download?format=csv"])
def test_head_answers_as_get_does_without_a_body(page: TestClient, path: str) -> None:
    head, whole = page.head(path), page.get(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-type"] == whole.headers["content-type"]
    assert whole.content


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X"])
def test_other_methods_are_refused_in_one_line(page: TestClient, method: str) -> None:
    answer = page.request(method, "/api/search")
    assert (answer.status_code, answer.json()["error"]) == (405, "this page is read-only")


@pytest.mark.parametrize("kind", ["document", "provision", "instrument", "like", "text"])
@pytest.mark.parametrize("odd", ["%00", "a%00b", "%FF", "%ED%A0%80", "%2e%2e%2f", "%0d%0aX-Evil: 1"])
def test_odd_signs_in_a_path_are_no_defect(page: TestClient, kind: str, odd: str) -> None:
    answer = page.get(f"/{kind}/{odd}")
    assert answer.status_code in {200, 400, 404}
    assert "x-evil" not in answer.headers


def test_many_beginnings_do_not_match_any_number_of_words(page: TestClient) -> None:
    answer = page.get("/api/search", params={"text": " ".join(["a*", "c*", "p*", "s*"] * 20)})
    assert answer.status_code == 400
    assert "match more than 1,000 words" in answer.json()["error"]
    assert page.get("/api/search", params={"text": "terroris* traffick*"}).status_code == 200


def test_requests_leave_nothing_behind(page: TestClient) -> None:
    """The number of objects after many requests is that after few: nothing is kept per request."""

    def ask(count: int) -> int:
        for number in range(count):
            assert page.get("/", params={"text": f"word{number}", "area": "arms"}).status_code == 200
            assert page.get("/api/search", params={"text": f"state* {number}"}).status_code == 200
            page.get(f"/document/{number}")
        gc.collect()
        return len(gc.get_objects())

    ask(150)  # fills the caches, which keep 128 answers
    before = ask(60)
    assert ask(60) < before + 600


def test_a_running_page_keeps_answering_while_versions_come_and_are_asked_for(tmp_path: Path) -> None:
    data = tmp_path / "data"

    def publish(number: int) -> None:
        with Dataset(data).writer(f"run{number}", pipeline="p1") as writer:
            writer.commit(batch(document(f"{number}.pdf", [f"Tasks State {number} to share data."])))

    def statuses(client: TestClient) -> set[int]:
        # Each request may be answered by another thread, with a connection of its own.
        with ThreadPoolExecutor(8) as threads:
            return set(
                threads.map(lambda _: client.get("/api/search", params={"text": "share"}).status_code, range(24))
            )

    publish(1)
    with TestClient(create_app(data), base_url="http://localhost", raise_server_exceptions=False) as client:
        for number in range(2, 7):
            publish(number)
            osce_commitments.open(data).search("share")
            assert client.get("/api/search", params={"version": str(number - 1)}).status_code == 200
        assert statuses(client) == {200}
        for path in (data / "_search").glob("*.sqlite3"):
            path.unlink()
        assert statuses(client) == {200}
        assert client.get("/api/search").json()["total"] == 1


def test_a_dataset_that_cannot_be_read_now_is_503_and_not_404(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for number in (1, 2):
        with Dataset(data).writer(f"run{number}", pipeline="p1") as writer:
            writer.commit(batch(document(f"{number}.pdf", [f"Tasks State {number} to share data."])))
    with TestClient(create_app(data, 1), base_url="http://localhost", raise_server_exceptions=False) as client:
        for path in (data / "provisions").rglob("*.parquet"):
            path.write_bytes(b"")
        assert client.get("/api/search", params={"version": "2"}).status_code == 503
        assert client.get("/api/search", params={"version": "9"}).status_code == 404
        assert client.get("/api/search").status_code == 200


def test_a_shortened_address_stays_on_the_page(page: TestClient) -> None:
    answer = page.get("http://localhost//evil.example/?a=", follow_redirects=False)
    assert answer.headers["location"] == "/evil.example/"


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

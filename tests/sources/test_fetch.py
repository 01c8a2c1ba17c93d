"""Downloads against a server on this machine."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import pickle
import socket
import threading
import tracemalloc
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments import documents
from osce_commitments.catalogue import Catalogue, load_catalogue
from osce_commitments.config import Fetch, Limits
from osce_commitments.errors import ConfigError, SourceError
from osce_commitments.ids import content_sha256
from osce_commitments.labels import MediaType
from osce_commitments.schema import SourceRef
from osce_commitments.sources import read_source
from osce_commitments.sources.fetch import Fetcher, _is_public
from osce_commitments.sources.instruments import FetchStatus, fetch_catalogue, shows
from tests.support.site import drip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.site import Site

LIMITS = Limits(max_megabytes=1)
PAGE = b"<!doctype html><p>DECISION No. 91/07</p>"
PDF = b"%PDF-1.7 body"
SYMBOL = "MC.DOC/4/15"


def options(folder: Path, **changes: object) -> Fetch:
    return Fetch.model_validate({"cache": folder / "cache", "seconds_between_requests": 0, "attempts": 3, **changes})


class Client:
    """A fetcher whose pauses are noted instead of waited for."""

    def __init__(self, folder: Path, **changes: object) -> None:
        self.cache = folder / "cache"
        self.pauses: list[float] = []
        self.fetcher = Fetcher(LIMITS, options(folder, **changes), sleep=self.pauses.append)
        self.get = self.fetcher.get

    def refusal(self, url: str) -> SourceError:
        with pytest.raises(SourceError) as caught:
            self.get(url)
        assert "\n" not in str(caught.value)
        assert caught.value.remedy
        return caught.value


@pytest.fixture
def client(tmp_path: Path) -> Client:
    return Client(tmp_path)


def test_download_is_kept_with_its_facts(site: Site, client: Client) -> None:
    headers = {"Content-Type": "application/pdf", "ETag": '"one"'}
    site.replies["/mc/1?download=true"] = [site.make(200, PDF, headers)]
    url = f"{site.url}/mc/1?download=true"
    download = client.get(url)
    assert (download.content, download.media_type, download.is_new) == (PDF, MediaType.PDF, True)
    assert download.path.read_bytes() == PDF
    facts = json.loads(download.path.with_suffix(".json").read_text(encoding="utf-8"))
    assert facts == {
        "url": url,
        "final_url": url,
        "etag": '"one"',
        "last_modified": "",
        "content_type": "application/pdf",
        "sha256": content_sha256(PDF),
    }
    assert site.requests[-1][1]["user-agent"].startswith("osce-commitments")


def test_unchanged_file_is_not_sent_again(site: Site, client: Client) -> None:
    date = "Fri, 17 May 2024 10:00:00 GMT"
    site.replies["/a.pdf"] = [site.make(200, PDF, {"ETag": '"one"', "Last-Modified": date}), site.make(304)]
    client.get(f"{site.url}/a.pdf")
    again = client.get(f"{site.url}/a.pdf")
    assert (again.content, again.is_new, again.note) == (PDF, False, "")
    asked = site.requests[-1][1]
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"one"', date)


def test_changed_file_replaces_the_kept_one(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [
        site.make(200, PDF, {"ETag": '"one"'}),
        site.make(200, PDF + b"2"),
        site.make(200, PDF + b"2"),
    ]
    downloads = [client.get(f"{site.url}/a.pdf") for _ in range(3)]
    assert [(one.content, one.is_new) for one in downloads] == [(PDF, True), (PDF + b"2", True), (PDF + b"2", False)]


def test_damaged_copy_is_fetched_anew(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(200, PDF, {"ETag": '"one"'})]
    client.get(f"{site.url}/a.pdf").path.write_bytes(b"%PDF half")
    assert client.get(f"{site.url}/a.pdf").content == PDF
    assert "if-none-match" not in site.requests[-1][1]


def test_server_errors_pass_with_growing_pauses(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(500), site.make(503), site.make(200, PDF)]
    assert client.get(f"{site.url}/a.pdf").content == PDF
    assert client.pauses == [1.0, 2.0]


def test_server_errors_that_stay(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(502)]
    error = client.refusal(f"{site.url}/a.pdf")
    assert (error.reason, site.asked("/a.pdf")) == ("server_error", 3)
    assert "502" in error.message
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own error, made here


def test_retry_after_is_honoured(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(429, headers={"Retry-After": "7"}), site.make(200, PDF)]
    client.get(f"{site.url}/a.pdf")
    assert client.pauses == [7.0]


def test_retry_after_as_a_date_that_has_passed(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [
        site.make(503, headers={"Retry-After": "Fri, 17 May 2024 10:00:00 GMT"}),
        site.make(200, PDF),
    ]
    client.get(f"{site.url}/a.pdf")
    assert client.pauses == [1.0]


def test_long_retry_after_is_not_waited_for(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(503, headers={"Retry-After": "3600"})]
    error = client.refusal(f"{site.url}/a.pdf")
    assert "3600 seconds" in error.message
    assert (client.pauses, site.asked("/a.pdf")) == ([], 1)


REFUSALS = [(404, "not_found"), (410, "not_found"), (401, "refused"), (403, "refused"), (418, "refused")]


@pytest.mark.parametrize(("status", "reason"), REFUSALS)
def test_other_failures_are_final(site: Site, client: Client, status: int, reason: str) -> None:
    site.replies["/a.pdf"] = [site.make(status)]
    assert client.refusal(f"{site.url}/a.pdf").reason == reason
    assert site.asked("/a.pdf") == 1


@pytest.mark.parametrize("size", [1_000_001, 5_000_000])
def test_download_stops_at_the_limit(site: Site, client: Client, size: int) -> None:
    site.replies["/a.txt"] = [site.make(200, b"x" * size)]
    assert client.refusal(f"{site.url}/a.txt").reason == "too_large"


def test_file_of_just_the_limit(site: Site, client: Client) -> None:
    site.replies["/a.txt"] = [site.make(200, b"x" * 1_000_000)]
    assert len(client.get(f"{site.url}/a.txt").content) == 1_000_000


def test_cut_off_body_is_asked_for_again(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(200, PDF, {"Content-Length": "999"}), site.make(200, PDF)]
    assert client.get(f"{site.url}/a.pdf").content == PDF
    assert site.asked("/a.pdf") == 2


def test_robots_are_obeyed(site: Site, client: Client) -> None:
    site.replies["/robots.txt"] = [site.make(200, b"User-agent: *\nDisallow: /files/\n")]
    site.replies |= {"/files/a.pdf": [site.make(200, PDF)], "/mc/a.pdf": [site.make(200, PDF)]}
    assert client.refusal(f"{site.url}/files/a.pdf").reason == "robots"
    assert client.get(f"{site.url}/mc/a.pdf").content == PDF
    assert (site.asked("/files/a.pdf"), site.asked("/robots.txt")) == (0, 1)


def test_robots_that_name_us(site: Site, client: Client) -> None:
    site.replies["/robots.txt"] = [site.make(200, b"User-agent: osce-commitments\nDisallow: /\n")]
    assert client.refusal(f"{site.url}/a.pdf").reason == "robots"


def test_robots_for_others_do_not_bind(site: Site, client: Client) -> None:
    site.replies["/robots.txt"] = [site.make(200, b"User-agent: other\nDisallow: /\n")]
    site.replies["/a.pdf"] = [site.make(200, PDF)]
    assert client.get(f"{site.url}/a.pdf").content == PDF


def test_pause_that_robots_ask_for(site: Site, client: Client) -> None:
    site.replies["/robots.txt"] = [site.make(200, b"User-agent: *\nCrawl-delay: 9\n")]
    site.replies["/a.pdf"] = [site.make(200, PDF)]
    client.get(f"{site.url}/a.pdf")
    (pause,) = client.pauses
    assert 0 < pause <= 9


def test_redirects_are_followed(site: Site, client: Client) -> None:
    site.replies["/node/1"] = [site.make(302, headers={"Location": "/files/a.pdf"})]
    site.replies["/files/a.pdf"] = [site.make(200, PDF)]
    download = client.get(f"{site.url}/node/1")
    assert (download.content, download.media_type) == (PDF, MediaType.PDF)


def test_redirects_end(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(301, headers={"Location": "/a.pdf"})]
    assert "redirects" in client.refusal(f"{site.url}/a.pdf").message
    assert site.asked("/a.pdf") == 6


def test_redirect_to_another_scheme_is_not_followed(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(302, headers={"Location": "file:///etc/hostname"})]
    assert client.refusal(f"{site.url}/a.pdf").reason == "invalid_address"


KINDS = [
    ("/mc/1", "text/html; charset=utf-8", PAGE, MediaType.HTML),
    ("/mc/1", "application/octet-stream", PDF, MediaType.PDF),
    ("/mc/1", "text/plain", b"plain words", MediaType.TEXT),
    ("/mc/1", "application/pdf", PAGE, MediaType.HTML),
    ("/a.md", "text/html", PAGE, MediaType.HTML),
    ("/a.txt", "", b"plain words", MediaType.TEXT),
]


@pytest.mark.parametrize("case", KINDS)
def test_media_type(site: Site, client: Client, case: tuple[str, str, bytes, MediaType]) -> None:
    path, header, content, media_type = case
    site.replies[path] = [site.make(200, content, {"Content-Type": header})]
    assert client.get(site.url + path).media_type == media_type


WRONG = [
    ("error page in place of a PDF", "/a.pdf", "text/html", PAGE, "wrong_type"),
    ("no PDF behind the header", "/mc/1", "application/pdf", b"plain words", "wrong_type"),
    ("picture", "/mc/1", "image/png", b"\x89PNG", "unsupported"),
    ("nothing", "/mc/1", "text/html", b"", "empty"),
]


@pytest.mark.parametrize("case", WRONG)
def test_wrong_content_is_refused_and_not_kept(
    site: Site, client: Client, case: tuple[str, str, str, bytes, str]
) -> None:
    phenomenon, path, header, content, reason = case
    site.replies[path] = [site.make(200, content, {"Content-Type": header})]
    assert client.refusal(site.url + path).reason == reason, phenomenon
    assert not list(client.cache.glob("*.bin"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_no_connection(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    host = f"127.0.0.1:{free_port()}"
    error = client.refusal(f"http://{host}/a.pdf")
    assert error.reason == "unreachable"
    assert error.message.startswith(f"cannot reach {host}: ")
    assert "download the file and give its path" in error.remedy
    assert client.pauses == [1.0, 2.0]
    client.refusal(f"http://{host}/b.pdf")
    assert client.pauses == [1.0, 2.0], "a host that was just unreachable is not waited for again"


def test_kept_copy_serves_without_connection(site: Site, tmp_path: Path) -> None:
    site.replies["/a.pdf"] = [site.make(200, PDF), site.make(500)]
    Client(tmp_path).get(f"{site.url}/a.pdf")
    download = Client(tmp_path).get(f"{site.url}/a.pdf")
    assert (download.content, download.is_new) == (PDF, False)
    assert "kept copy" in download.note


@pytest.mark.parametrize("url", ["http://", "http://[", "ftp://example.org/a.pdf"])
def test_invalid_addresses(client: Client, url: str) -> None:
    assert client.refusal(url).reason == "invalid_address"


def test_requests_to_one_host_are_kept_apart(site: Site, tmp_path: Path) -> None:
    site.replies |= {"/a.pdf": [site.make(200, PDF)], "/b.pdf": [site.make(200, PDF)]}
    first, second = (Client(tmp_path, seconds_between_requests=50) for _ in range(2))
    first.get(f"{site.url}/a.pdf")
    second.get(f"{site.url}/b.pdf")
    assert len(first.pauses) == 1, "robots.txt came first"
    assert len(second.pauses) == 2, "another process would wait too"
    assert all(0 < pause <= 50 for pause in first.pauses + second.pauses)


def test_cache_that_cannot_be_written(site: Site, tmp_path: Path) -> None:
    site.replies["/a.pdf"] = [site.make(200, PDF)]
    (tmp_path / "cache").write_bytes(b"a file in the way")
    with pytest.raises(ConfigError, match="cache"):
        Client(tmp_path).get(f"{site.url}/a.pdf")


def test_read_fetches_addresses(site: Site, tmp_path: Path) -> None:
    site.replies["/mc/1"] = [site.make(200, PDF)]
    ref = SourceRef(f"{site.url}/mc/1", MediaType.HTML)
    source = read_source(ref, limits=LIMITS, fetch=options(tmp_path))
    assert (source.content, source.ref.uri, source.ref.media_type) == (PDF, ref.uri, MediaType.PDF)
    asked = len(site.requests)
    assert read_source(source.ref, limits=LIMITS, fetch=options(tmp_path)).content == PDF
    assert len(site.requests) == asked, "a local file needs no network"


def pdf_with(line: str) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(72, 720, line)
    canvas.save()
    return file.getvalue()


def docx_with(line: str) -> bytes:
    from docx import Document

    file = io.BytesIO()
    document = Document()
    document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


@pytest.mark.parametrize(("media_type", "build"), [(MediaType.PDF, pdf_with), (MediaType.DOCX, docx_with)])
def test_files_are_looked_into(media_type: MediaType, build: Callable[[str], bytes]) -> None:
    instrument = load_catalogue().instrument(SYMBOL)
    assert instrument is not None
    assert shows(instrument, build("Issued as MC.DOC/4/15"), media_type)
    assert not shows(instrument, build("Issued as MC.DOC/4/16"), media_type)
    assert not shows(instrument, b"broken", media_type)


def zip_with(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", content)
    return file.getvalue()


def test_only_the_opening_of_an_archive_is_unpacked() -> None:
    instrument = load_catalogue().instrument(SYMBOL)
    assert instrument is not None
    far = b" " * 4_000_000
    assert shows(instrument, zip_with(b"MC.DOC/4/15" + far), MediaType.DOCX)
    assert not shows(instrument, zip_with(far + b"MC.DOC/4/15"), MediaType.DOCX)


def test_a_damaged_archive_shows_nothing() -> None:
    instrument = load_catalogue().instrument(SYMBOL)
    assert instrument is not None
    content = bytearray(zip_with(bytes(range(256)) * 40))
    start = content.index(b"document.xml") + len("document.xml")
    content[start : start + 8] = b"\xff" * 8
    assert not shows(instrument, bytes(content), MediaType.DOCX)


@pytest.fixture
def addresses(monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    """Every catalogue row has two addresses on the server."""
    monkeypatch.setattr(Catalogue, "urls", lambda _, symbol: tuple(f"{site.url}/{n}/{len(symbol)}" for n in "ab"))


TITLE = b"<html><h1>Ministerial Declaration on\nPreventing and Countering Violent Extremism</h1>"
SHOWING = [
    ("symbol", b"<html><p>Adopted as MC.DOC/4/15/Corr.1 in Belgrade</p>", True),
    ("title over two headings", TITLE + b"<h1>and Radicalization that lead to Terrorism</h1>", True),
    ("half the title", TITLE, False),
    ("another symbol", b"<html><p>MC.DOC/4/16</p>", False),
    ("symbol in a menu only", b"<html><nav>MC.DOC/4/15</nav><p>Page not found</p>", False),
]


@pytest.mark.usefixtures("addresses")
@pytest.mark.parametrize("case", SHOWING)
def test_page_counts_only_if_it_shows_the_instrument(site: Site, client: Client, case: tuple[str, bytes, bool]) -> None:
    phenomenon, content, is_accepted = case
    site.replies[f"/a/{len(SYMBOL)}"] = [site.make(200, content)]
    (result,) = fetch_catalogue([SYMBOL], limits=LIMITS, fetch=Fetch(), fetcher=client.fetcher)
    if is_accepted:
        assert (result.status, result.url) == (FetchStatus.FETCHED, f"{site.url}/a/{len(SYMBOL)}"), phenomenon
        assert result.path is not None
        assert result.path.read_bytes() == content
    else:
        assert result.status is FetchStatus.FAILED, phenomenon
        assert "neither the symbol nor the title" in result.message


@pytest.mark.usefixtures("addresses")
def test_next_address_is_tried(site: Site, client: Client) -> None:
    site.replies[f"/a/{len(SYMBOL)}"] = [site.make(200, PAGE)]
    site.replies[f"/b/{len(SYMBOL)}"] = [site.make(200, b"MC.DOC/4/15", {"Content-Type": "text/plain"})]
    results = [fetch_catalogue([SYMBOL], limits=LIMITS, fetch=Fetch(), fetcher=client.fetcher)[0] for _ in range(2)]
    assert [result.status for result in results] == [FetchStatus.FETCHED, FetchStatus.UNCHANGED]
    assert all(result.url.endswith(f"/b/{len(SYMBOL)}") for result in results)


def test_rows_without_address_and_unknown_symbols(tmp_path: Path) -> None:
    results = fetch_catalogue(["MC.DEC/9/11", "MC.DEC/91/07"], limits=LIMITS, fetch=options(tmp_path))
    assert [(one.status, one.reason) for one in results] == [
        (FetchStatus.FAILED, "no_address"),
        (FetchStatus.FAILED, "unknown_symbol"),
    ]


@pytest.mark.usefixtures("addresses")
def test_read_fetches_catalogue_rows(site: Site, tmp_path: Path) -> None:
    site.replies[f"/b/{len(SYMBOL)}"] = [site.make(200, b"MC.DOC/4/15", {"Content-Type": "text/plain"})]
    source = read_source(
        SourceRef(f"{site.url}/a/{len(SYMBOL)}", MediaType.HTML, SYMBOL), limits=LIMITS, fetch=options(tmp_path)
    )
    assert source.ref.uri == f"{site.url}/b/{len(SYMBOL)}"
    assert (source.ref.media_type, source.ref.symbol) == (MediaType.TEXT, SYMBOL)


@pytest.mark.usefixtures("addresses")
def test_failed_row_says_what_was_tried(client: Client) -> None:
    (result,) = fetch_catalogue([SYMBOL], limits=LIMITS, fetch=Fetch(), fetcher=client.fetcher)
    assert result.reason == "not_found"
    assert result.message.count("does not exist") == 2


def packed(body: bytes, layers: int) -> bytes:
    for _ in range(layers):
        body = gzip.compress(body)
    return body


def test_a_body_that_is_packed_unasked_is_unpacked(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(200, packed(PDF, 1), {"Content-Encoding": "gzip"})]
    assert client.get(f"{site.url}/a.pdf").content == PDF
    assert site.requests[-1][1]["accept-encoding"] == "identity"


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "gzip,deflate", "x"])
def test_other_packing_is_refused_unread(site: Site, client: Client, encoding: str) -> None:
    site.replies["/a.pdf"] = [site.make(200, packed(bytes(50_000_000), 2), {"Content-Encoding": encoding})]
    assert client.refusal(f"{site.url}/a.pdf").reason == "encoding"


def test_a_damaged_packing_is_refused(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(200, b"no gzip", {"Content-Encoding": "gzip"})]
    assert client.refusal(f"{site.url}/a.pdf").reason == "encoding"


def test_unpacking_ends_at_the_limit(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(200, packed(bytes(200_000_000), 1), {"Content-Encoding": "gzip"})]
    tracemalloc.start()
    assert client.refusal(f"{site.url}/a.pdf").reason == "too_large"
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_server_that_drips_is_left_at_the_deadline(site: Site, tmp_path: Path) -> None:
    site.replies["/a.pdf"] = [site.make(200, PDF, {"Content-Length": "100000000"}, drips=True)]
    error = Client(tmp_path, deadline_seconds=0.5).refusal(f"{site.url}/a.pdf")
    assert error.reason == "too_slow"
    assert site.asked("/a.pdf") <= 1, "what is too slow is not tried again"


def test_a_server_that_never_ends_its_headers_is_left_at_the_deadline(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    connection.sendall(b"HTTP/1.1 200 OK\r\n")
                    drip(connection.makefile("wb"), b"X-Header: x\r\n")

        threading.Thread(target=answer, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/a.pdf"
        assert Client(tmp_path, deadline_seconds=0.5).refusal(url).reason == "too_slow"


@pytest.mark.parametrize(
    "host",
    ["localhost", "0.0.0.0", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1"],  # noqa: S104
)
def test_a_redirect_into_a_private_network_is_refused(site: Site, client: Client, host: str) -> None:
    port = site.url.rpartition(":")[2]
    site.replies["/a.pdf"] = [site.make(302, headers={"Location": f"http://{host}:{port}/secret.pdf"})]
    site.replies["/secret.pdf"] = [site.make(200, PDF)]
    assert client.refusal(f"{site.url}/a.pdf").reason in {"private", "unreachable"}
    assert site.asked("/secret.pdf") == 0


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("64:ff9b::808:808", True), ("64:ff9b::7f00:1", False),
        ("64:ff9b::a00:1", False), ("64:ff9b:1::a00:1", False), ("::7f00:1", False), ("fec0::1", False),
        ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("fe80::1%eth0", False), ("100.64.0.1", False),
    ],
)  # fmt: skip
def test_addresses_that_a_gateway_translates_are_judged_by_their_end(address: str, expected: bool) -> None:  # noqa: FBT001
    assert _is_public(address) is expected


def test_the_address_that_the_user_names_may_be_private(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(302, headers={"Location": "/b.pdf"})]
    site.replies["/b.pdf"] = [site.make(200, PDF)]
    download = client.get(f"{site.url}/a.pdf")
    assert (download.content, download.final_url) == (PDF, f"{site.url}/b.pdf")


def test_a_public_name_must_not_lead_into_a_private_network_later(
    site: Site, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server under control of others gives one address to the check and another to the request."""
    answers = iter(["93.184.215.14"])
    look_up = socket.getaddrinfo

    def rebound(host: str, port: int, **choices: int) -> list[Any]:
        return look_up(next(answers, "127.0.0.1") if host == "lamps.example" else host, port, **choices)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    site.replies["/a.pdf"] = [site.make(200, PDF)]
    assert client.refusal(f"http://lamps.example:{site.url.rpartition(':')[2]}/a.pdf").reason == "private"
    assert site.asked("/a.pdf") == 0


def test_the_document_says_where_redirects_led(site: Site, tmp_path: Path) -> None:
    site.replies["/mc/1"] = [site.make(302, headers={"Location": "/b.html"})]
    site.replies["/b.html"] = [site.make(200, PAGE, {"Content-Type": "text/html"})]
    source = read_source(SourceRef(f"{site.url}/mc/1", MediaType.HTML), limits=LIMITS, fetch=options(tmp_path))
    assert (source.ref.uri, source.ref.final_url) == (f"{site.url}/mc/1", f"{site.url}/b.html")
    ((found,), _) = documents.parse(source, limits=LIMITS)
    assert found.notes[0] == f"The file came from {site.url}/b.html."


def test_a_redirect_with_a_user_name_is_refused(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(302, headers={"Location": site.url.replace("//", "//me:pw@") + "/b.pdf"})]
    assert client.refusal(f"{site.url}/a.pdf").reason == "redirect"
    error = client.refusal(site.url.replace("//", "//me:secret@") + "/b.pdf")
    assert error.reason == "invalid_address"
    assert "secret" not in str(error)
    assert site.asked("/b.pdf") == 0


def test_a_part_of_a_file_is_not_taken_for_the_whole(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(206, PDF)]
    assert client.refusal(f"{site.url}/a.pdf").reason == "refused"


def test_a_pause_in_odd_digits_is_no_defect(site: Site, client: Client) -> None:
    site.replies["/a.pdf"] = [site.make(503, headers={"Retry-After": "\u00b2"}), site.make(200, PDF)]
    assert client.get(f"{site.url}/a.pdf").content == PDF


@pytest.mark.parametrize("location", ["file:///etc/passwd", "http://localhost:1/robots.txt", "http://a:b@127.0.0.1/"])
def test_a_robots_txt_that_leads_nowhere_forbids_nothing(site: Site, client: Client, location: str) -> None:
    site.replies["/robots.txt"] = [site.make(302, headers={"Location": location})]
    site.replies["/a.pdf"] = [site.make(200, PDF)]
    assert client.get(f"{site.url}/a.pdf").content == PDF


def test_a_robots_txt_of_any_size_is_read_in_part(site: Site, client: Client) -> None:
    rules = b"User-agent: *\nDisallow: /secret\n"
    site.replies["/robots.txt"] = [site.make(200, rules + b"# more\n" * 500_000)]
    site.replies["/a.pdf"] = [site.make(200, PDF)]
    assert client.get(f"{site.url}/a.pdf").content == PDF
    assert client.refusal(f"{site.url}/secret").reason == "robots"

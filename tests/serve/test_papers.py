"""Reports and the basket on the page, and search by meaning while it is prepared."""

from __future__ import annotations

import csv
import io
import re
import threading
from typing import TYPE_CHECKING, Any

import openpyxl
import pypdfium2
import pytest
from fastapi.testclient import TestClient
from lxml import html

from osce_commitments.serve import create_app
from osce_commitments.serve.shelf import OpenVersions, Preparing

if TYPE_CHECKING:
    from pathlib import Path


def tree(page: TestClient, path: str) -> Any:  # noqa: ANN401 - lxml
    answer = page.get(path)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def words(node: Any) -> str:  # noqa: ANN401
    return " ".join(node.text_content().split())


def test_the_form_keeps_the_search_and_says_what_the_report_contains(page: TestClient) -> None:
    asked = "/?text=border*&area=border_security&since=2001&order=firmest"
    (link,) = tree(page, asked).xpath("//a[.='Report on these']/@href")
    form = tree(page, link)
    hidden = {one.get("name"): one.get("value") for one in form.xpath("//form//input[@type='hidden']")}
    assert hidden.items() >= {"text": "border*", "area": "border_security", "since": "2001"}.items()
    total = words(tree(page, asked).get_element_by_id("found")).split()[0]
    assert words(form.xpath("//h1")[0]) == f"Report on {total} commitments"
    assert not form.xpath("//*[@class='notice']")
    everything = tree(page, "/report?text=border*&commitments=any")
    assert "A report contains commitments only" in words(everything.xpath("//*[@class='notice']")[0])


@pytest.mark.parametrize("name", ["docx", "pdf", "html", "md", "ics"])
def test_a_report_is_a_file_named_after_its_title(page: TestClient, name: str) -> None:
    answer = page.get(f"/report/file?area=border_security&title=Borders+2001&audience=The+Minister&format={name}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="borders-2001.{name}"'
    if name == "pdf":
        assert "The Minister" in pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    if name == "html":
        assert "http://localhost/provision/p" in answer.text


def test_a_long_paper_is_cut_unless_all_is_asked_for(page: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("osce_commitments.report.MOST_PRINTED", 3)
    monkeypatch.setattr("osce_commitments.report.MOST_PRINTED", 3)
    form = tree(page, "/report?text=border*&order=firmest")
    assert "Word and PDF print the firmest 3 of these" in words(form.xpath("//*[@class='notice']")[0])
    assert form.xpath("//input[@name='printed' and @value='all']")
    sizes = {
        query: len(page.get(f"/report/file?text=border*&format=docx{query}").content) for query in ("", "&printed=all")
    }
    assert sizes[""] < sizes["&printed=all"]


def test_a_report_without_deadlines_or_on_no_area_is_told_in_one_line(page: TestClient) -> None:
    answer = page.get("/report/file?text=zzzz&format=ics")
    assert answer.status_code == 400
    assert "This report has no dated deadline for a calendar" in answer.text
    assert "provisions without one" in page.get("/report?area=none").text


def test_a_basket_is_an_address_with_notes(page: TestClient) -> None:
    hits = page.get("/api/search?text=border&commitments=yes&size=2").json()["hits"]
    first, second = (hit["id"] for hit in hits)
    answer = page.get(
        f"/basket?id={first}&id={second}&note.{first}=Ask+the+capital&note.{second}=", follow_redirects=False
    )
    assert answer.status_code == 303
    found = tree(page, answer.headers["location"])
    assert len(found.xpath("//article")) == 2
    assert [one.text for one in found.xpath("//textarea") if one.text] == ["Ask the capital"]
    (link,) = found.xpath("//a[.='CSV']/@href")
    rows = list(csv.DictReader(io.StringIO(page.get(link).content.decode("utf-8-sig"))))
    assert {row["id"]: row["note"] for row in rows} == {first: "Ask the capital", second: ""}
    (link,) = found.xpath("//a[.='Excel']/@href")
    book = openpyxl.load_workbook(io.BytesIO(page.get(link).content))
    assert "Note" in [cell.value for cell in book.worksheets[0][1]]
    (link,) = found.xpath("//a[.='Report on these']/@href")
    paper = page.get(link.replace("/report?", "/report/file?") + "&format=md").text
    assert "Note: Ask the capital" in paper
    (remove,) = found.xpath(f"//a[@data-drop='{second}']/@href")
    assert len(tree(page, remove).xpath("//article")) == 1


def test_a_basket_says_what_this_version_lacks(page: TestClient) -> None:
    (hit,) = page.get("/api/search?text=border&size=1").json()["hits"]
    found = tree(page, f"/basket?id={hit['id']}&id=p0123456789abcdef")
    assert "1 selected provision is not in this version" in words(found)
    assert "Nothing is selected" in words(tree(page, "/basket"))


def test_texts_that_are_not_adopted_carry_a_mark_in_the_table_too(page: TestClient) -> None:
    for view in ("list", "table"):
        found = tree(page, f"/?adopted=no&commitments=any&size=5&view={view}")
        rows = found.xpath("//article[contains(@class, 'hit')] | //tr[@class='row']")
        assert rows
        assert all("ot adopted" in words(row) for row in rows)


def test_columns_of_the_table_can_be_chosen(page: TestClient) -> None:
    heads = [words(one) for one in tree(page, "/?view=table&columns=citation&columns=body").xpath("//thead//th")]
    assert heads == ["Select", "Provision", "Body"]
    assert page.get("/?view=table&columns=nothing").status_code == 400


def test_what_a_period_leaves_out_is_said_and_can_be_reached(page: TestClient) -> None:
    found = tree(page, "/?commitments=any&since=1990")
    (notice,) = [one for one in found.xpath("//*[@class='notice']") if "undated documents" in words(one)]
    number = int(re.sub(r"\D", "", words(notice).split(" more ")[0]))
    shown = tree(page, notice.xpath("a/@href")[0])
    assert int(words(shown.get_element_by_id("found")).split()[0].replace(",", "")) == number > 0


def test_a_value_that_nothing_has_gets_similar_ones(page: TestClient) -> None:
    found = tree(page, "/?document=PC.DEC/91044")
    (notice,) = found.xpath("//*[@class='notice']")
    assert "Did you mean" in words(notice)
    assert "/?document=PC.DEC%2F9104" in notice.xpath("a/@href")


def test_nothing_found_leads_on(page: TestClient) -> None:
    found = tree(page, "/?text=whereas+border&role=preamble")
    assert "No commitments match." in words(found)
    other = tree(page, "/?text=border&role=preamble")
    (link,) = [one for one in other.xpath("//p[@class='empty']/a/@href") if "commitments=any" in one]
    assert tree(page, link).xpath("//article")


def test_counts_of_a_search_by_meaning_are_of_what_it_shows(page: TestClient) -> None:
    found = tree(page, "/?text=stolen+passports&by=meaning&commitments=any&size=200")
    total = int(words(found.get_element_by_id("found")).split()[0])
    assert len(found.xpath("//article")) == total <= 100
    counts = [int(one.text) for one in found.xpath("//fieldset[legend='Strength']//*[@class='count']")]
    assert sum(counts) == total


def test_the_page_shows_how_far_search_by_meaning_is(sample_dataset: Path) -> None:
    app = create_app(sample_dataset)
    with TestClient(app, base_url="http://localhost") as client:
        app.state.shelf.book().preparing = Preparing(200, 1_000, 2)
        found = tree(client, "/?text=border&by=meaning")
        (notice,) = found.xpath("//*[@data-preparing]")
        assert words(notice).startswith(
            "Search by meaning is being prepared: 200 of 1,000 texts (about 2 minutes left)"
        )
        assert found.xpath("//article")
        (hit,) = client.get("/api/search?text=border&size=1").json()["hits"]
        assert "200 of 1,000 texts" in words(tree(client, f"/like/{hit['id']}"))
        # What is close to a search with few results is not ready either.
        for text, count in (("zeppelin+at+the+border", 1), ("states", 0), ("%22zeppelin%22", 0)):
            assert len(tree(client, f"/?text={text}").xpath("//*[@data-preparing]")) == count


def test_vectors_are_made_in_the_background(two_versions: Path) -> None:
    book = OpenVersions(two_versions).book()
    book.prepare()
    for thread in threading.enumerate():
        if thread.daemon and thread.name.startswith("prepare"):
            thread.join()
    assert book.reader.is_prepared
    assert book.preparing is None


def test_an_instrument_goes_by_place_theme_or_strength(page: TestClient) -> None:
    orders = {}
    for group in ("text", "theme", "strength"):
        found = tree(page, f"/instrument/PC.DEC/9104?group={group}")
        orders[group] = found.xpath("//ol[contains(@class, 'acts')]/li/a/@href")
        contents = [words(one) for one in found.xpath("//nav[@aria-label='Contents']//a")]
        assert len(contents) == len(set(contents))
    assert {tuple(sorted(one)) for one in orders.values()} == {tuple(sorted(orders["text"]))}


def test_contents_say_a_heading_above_once(page: TestClient) -> None:
    found = tree(page, "/instrument/PC.DEC/9131")
    contents = [words(one) for one in found.xpath("//nav[@aria-label='Contents']//li/a")]
    assert len([one for one in contents if "Fields of action" in one]) == 1
    assert "B. Organized crime, illicit drugs and trafficking in human beings" in contents
    # Without the script and by voice, a heading says what it belongs to.
    (heading,) = found.xpath("//h3[contains(., 'C. Borders')]")
    assert "Fields of action / C. Borders" in words(heading)

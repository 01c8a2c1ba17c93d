"""Every view over the samples: what it shows, where it leads, and that it can be read by everybody."""

from __future__ import annotations

import io
import itertools
import json
import re
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient
from lxml import html

from osce_commitments.dataset import Dataset
from osce_commitments.labels import Adopted
from osce_commitments.query.conditions import BY_NAME, CONDITIONS
from osce_commitments.serve import create_app, shelf
from tests.support.makers import batch, document

if TYPE_CHECKING:
    from pathlib import Path

VIEWS = [
    "/",
    "/?text=border&area=border_security&strength=%3E%3Durging&order=firmest",
    "/?text=document+security&by=both&size=5&page=2",
    "/matrix",
    "/matrix?adopted=yes",
    "/timeline",
    "/documents",
    "/documents?words=border",
    "/compare",
    "/compare?left=PC.DEC/9104&right=PC.DEC/9131",
    "/changes",
    "/about",
    "/instrument/PC.DEC/9104",
    "/instrument/MC.DEC/9/11",
    "/?document=PC.DEC/9104&role=operative&needs_review=no&has_deadline=yes&due_since=2001",
]
SYMBOL = "PC.DEC/9104"


def tree(page: TestClient, path: str, status: int = 200) -> Any:  # noqa: ANN401 - lxml
    answer = page.get(path)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def words(node: Any) -> str:  # noqa: ANN401
    return " ".join(node.text_content().split())


def test_links_of_every_view_lead_somewhere(page: TestClient) -> None:
    waiting, seen, refused = [*VIEWS], set[str](), []
    while waiting and len(seen) < 120:
        path = waiting.pop(0)
        seen.add(path)
        answer = page.get(path)
        if answer.status_code != 200:
            refused.append((path, answer.status_code, words(html.fromstring(answer.text))))
        if "text/html" not in answer.headers["content-type"]:
            continue
        links = {
            urljoin(path, one).partition("#")[0]
            for one in html.fromstring(answer.text).xpath("//@href")
            if not urlsplit(one).netloc
        }
        # One of each kind is enough.
        kinds = {re.sub(r"[^/?&=]{3,}", "x", one): one for one in sorted(links - seen)}
        known = {re.sub(r"[^/?&=]{3,}", "x", one) for one in (*seen, *waiting)}
        waiting += [one for kind, one in kinds.items() if kind not in known]
    assert refused == []
    assert len(seen) > 40


@pytest.mark.parametrize("path", VIEWS)
def test_views_follow_the_rules_of_accessibility(page: TestClient, path: str) -> None:
    found = tree(page, path)
    assert found.get("lang") == "en"
    assert len(found.xpath("//h1")) == 1
    assert len(found.xpath("//main")) == len(found.xpath("//header[contains(@class, 'masthead')]")) == 1
    assert found.xpath("//body/*[1]/@href") == ["#main"]
    ids = found.xpath("//@id")
    assert len(ids) == len(set(ids))
    for field in found.xpath("//input[not(@type='hidden')] | //select"):
        is_named = field.xpath("ancestor::label") or found.xpath("//label[@for=$id]", id=field.get("id"))
        assert is_named, html.tostring(field)
    for table in found.xpath("//table"):
        assert table.xpath(".//th[@scope='col']")
    levels = [int(heading.tag[1]) for heading in found.xpath("//h1 | //h2 | //h3")]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for link in found.xpath("//a"):
        assert words(link) or link.get("aria-label"), html.tostring(link)


@pytest.mark.parametrize("path", VIEWS)
def test_views_have_no_style_or_script_of_their_own(page: TestClient, path: str) -> None:
    answer = page.get(path)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    found = html.fromstring(answer.text)
    assert found.xpath("//style | //@style | //script[not(@src)] | //@*[starts-with(name(), 'on')]") == []
    loaded = found.xpath("//script/@src | //link/@href | //img/@src")
    assert {one.partition("/static/")[0] for one in loaded} == {""}
    assert all(page.get(one).status_code == 200 for one in loaded)


def test_explore_finds_and_marks(page: TestClient) -> None:
    found = tree(page, "/?text=precursor*&strength=%3E%3Durging")
    total = int(words(found.get_element_by_id("found")).split()[0])
    hits = found.xpath("//article[contains(@class, 'hit')]")
    assert len(hits) == total > 2
    assert all(re.search("precursor", words(hit), re.IGNORECASE) for hit in hits)
    assert {mark.text.lower() for mark in found.xpath("//article//mark")} <= {"precursor", "precursors"}
    assert found.get_element_by_id("text").value == "precursor*"
    assert {words(one) for one in found.xpath("//article//*[contains(@class, 'strength')]")} <= {
        "Urging",
        "Committing",
        "Mandating",
    }


def test_a_count_is_the_number_of_what_a_click_on_it_finds(page: TestClient) -> None:
    found = tree(page, "/?text=border&strength=%3E%3Dencouraging")
    for item in found.xpath("//fieldset[legend='Strength' or legend='Addressee']//li[a]"):
        (link,), (count,) = item.xpath("a/@href"), item.xpath(".//*[@class='count']")
        if count.text != "0":
            assert words(tree(page, link).get_element_by_id("found")).split()[0] == count.text, link


@pytest.mark.parametrize(
    "asked", ["adopted=yes&role=operative", "area=arms&area=Border+security", "since=2015-06-01&until=2016-12-08"]
)
def test_cells_of_the_matrix_are_the_numbers_of_what_a_click_finds(page: TestClient, asked: str) -> None:
    tables = tree(page, f"/matrix?{asked}").xpath("//table[contains(@class, 'heat')]")
    assert len(tables) == 3
    for table in tables[:2]:
        for link in table.xpath(".//td/a")[::5]:
            assert words(tree(page, link.get("href")).get_element_by_id("found")).split()[0] == link.text


def test_what_has_no_area_has_cells_that_lead_to_it(page: TestClient) -> None:
    found = tree(page, "/matrix?adopted=yes")
    rows = found.xpath("//table[contains(@class, 'heat')]/tbody/tr[th='(no threat area)']")
    assert len(rows) == 2
    for row in rows:
        links = row.xpath("td/a")
        assert links
        for link in links[::3]:
            shown = tree(page, link.get("href"))
            assert words(shown.get_element_by_id("found")).split()[0] == link.text
            assert shown.xpath("//input[@name='area' and @checked]/@value") == ["none"]
    (chip,) = tree(page, "/timeline?area=none").xpath("//ul[@class='chips']/li/span")
    assert words(chip) == "area: (no threat area)"


def test_a_condition_can_be_taken_back(page: TestClient) -> None:
    found = tree(page, "/?area=arms&area=policing&since=2010")
    back = dict(
        zip(
            found.xpath("//ul[@class='chips']//a[@aria-label]/@aria-label"),
            found.xpath("//ul[@class='chips']//a[@aria-label]/@href"),
            strict=True,
        )
    )
    assert back == {
        "Remove area arms": "/?area=policing&since=2010",
        "Remove area policing": "/?area=arms&since=2010",
        "Remove from 2010": "/?area=arms&area=policing",
    }


def test_every_condition_has_a_control_and_a_chip(page: TestClient) -> None:
    given = dict.fromkeys(BY_NAME, "2005") | {one.name: "yes" for one in CONDITIONS if one.kind == "yes_no"}
    given |= {
        "area": "none",
        "strength": ">=urging",
        "body": "MC",
        "role": "annex",
        "qualifier": "voluntary",
        "adopted": "no",
        "form": "known",
        "basis": "named",
    }
    given |= {"meeting": "last", "type": "decision"}
    controls = {"word": "input", "words": "input", "yes_no": "select"}
    shown = tree(page, "/")
    # Commitments have their switch, and ids are the basket.
    for one in (one for one in BY_NAME.values() if one.name not in {"commitments", "id"}):
        tag = "select" if one.name in {"strength", "meeting"} else controls[one.kind]
        assert shown.xpath(f"//{tag}[@name='{one.name}']"), one.name
        asked = page.get("/timeline", params={one.name: given[one.name]})
        assert asked.status_code == 200, one.name
        (chip,) = html.fromstring(asked.text).xpath("//ul[@class='chips']/li/span")
        assert words(chip).startswith(f"{one.chip or one.label.lower()}: ")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (">urging", "firmer than urging"),
        ("urging..committing", "urging to committing"),
        ("<=urging", "urging or weaker"),
        (">=urging", "urging or firmer"),
        ("urging", "urging"),
    ],
)
def test_a_strength_is_shown_in_words(page: TestClient, given: str, said: str) -> None:
    shown = tree(page, f"/?strength={quote(given)}")
    assert words(shown.xpath("//ul[@class='chips']/li/span")[0]) == f"strength: {said}"
    assert words(shown.xpath("//select[@name='strength']/option[@selected]")[0]).lower() == said


def test_the_page_says_what_an_area_stands_on(two_versions: Path) -> None:
    with TestClient(create_app(two_versions), base_url="http://localhost") as client:
        shown = words(tree(client, "/?version=1&order=oldest&commitments=any"))
        assert "Border security (implied)" in shown
        assert "Border security (named in the text)" in shown
        assert "Named anywhere 2" in shown
        found = tree(client, "/?version=1&basis=title&commitments=any").xpath("//article//h3/a/@href")
        assert len(found) == 1
        (implied,) = tree(client, "/?version=1&basis=implied&commitments=any").xpath("//article//h3/a/@href")
        assert "Border security (implied: no word names it)" in words(tree(client, implied.partition("#")[0]))


def test_a_condition_without_a_place_of_its_own_opens_the_fold(page: TestClient) -> None:
    def is_open(path: str) -> bool:
        return bool(tree(page, path).xpath("//details[summary='More filters']/@open"))

    assert [is_open(path) for path in ("/", "/?area=arms&since=2005", "/?text=arms")] == [False] * 3
    assert [is_open(path) for path in ("/?role=annex", "/?has_deadline=yes", "/?qualifier=voluntary")] == [True] * 3


def test_empty_fields_of_a_form_are_no_conditions(page: TestClient) -> None:
    answer = page.get("/?text=&area=arms&since=&order=relevance", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?area=arms&order=relevance"


def test_pages_of_the_list_do_not_overlap(page: TestClient) -> None:
    first = tree(page, "/?size=10")
    second = tree(page, first.xpath("//a[@rel='next']/@href")[0])
    links = [set(one.xpath("//article//h3/a/@href")) for one in (first, second)]
    assert [len(one) for one in links] == [10, 10]
    assert not links[0] & links[1]
    assert second.xpath("//a[@rel='prev']/@href") == ["/?size=10"]


def test_a_provision_stands_in_its_document_with_the_reason_of_its_label(page: TestClient) -> None:
    hits = page.get(
        "/api/search", params={"document": "MC.DEC/91/15", "strength": "mandating", "text": "courses"}
    ).json()
    (link,) = [hit["link"] for hit in hits["hits"] if hit["number"] == "7 (a)"]
    found = tree(page, link)
    assert words(found.xpath("//h1")[0]) == "MC.DEC/91/15, para. 7 (a), p. 2"
    text = found.xpath("//section[@class='text']")[0]
    here = "".join(one.text_content() for one in text.xpath(".//*[contains(@class, 'here')]"))
    assert " ".join(here.split()).startswith("Holding, within existing resources, two training courses a year")
    lead_in = "".join(one.text_content() for one in text.xpath(".//*[contains(@class, 'lead-in')]"))
    assert lead_in == "Tasks the Transnational Threats Department with:"
    assert [mark.text for mark in text.xpath(".//mark[contains(@class, 'cue')]")] == ["Tasks"]
    assert len(text.xpath(".//a[@id='here'][@aria-current]")) == 1
    why = words(found.xpath("//aside")[0])
    assert "Mandating because of Tasks in the lead-in (rule strength.act_mandating)" in why
    assert "Terrorism because of TERRORIST in the title" in why
    assert len(found.xpath("//aside//table[1]//tbody/tr")) == 6
    assert 0 < len(found.xpath("//aside//table[2]//tbody/tr")) < 12
    assert "R/P6M" in why


def test_the_text_shown_is_the_text_that_was_frozen(page: TestClient) -> None:
    for row in page.get("/api/documents").json():
        document = page.get(f"/api/documents/{row['id']}").json()
        shown = tree(page, f"/text/{row['id']}").xpath("//div[@class='document']")[0]
        for mark in shown.xpath(".//a[contains(@class, 'anchor')] | .//p[@class='page-break']"):
            mark.drop_tree()
        blocks = "".join(document["text"][block["start"] : block["end"]] for block in document["blocks"])
        assert "".join(words(shown).split()) == "".join(blocks.split())


def test_an_instrument_tells_what_it_holds_cites_and_lacks(page: TestClient) -> None:
    found = tree(page, f"/instrument/{SYMBOL}")
    assert words(found.xpath("//h1")[0]) == SYMBOL
    total = int(words(found.get_element_by_id("commitments")).split()[0])
    assert total == len(found.xpath("//ol[contains(@class, 'acts')]/li")) > 3
    aside = words(found.xpath("//aside")[0])
    assert re.search(r"Missing from this dataset .*PC.DEC/1048", aside)


def test_a_document_from_the_web_links_to_its_original(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    found, local = document("https://example.org/a/one.pdf"), document("in/javascript:two.pdf", ["Urges A to act;"])
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(found, local))
    with TestClient(create_app(dataset.path), base_url="http://localhost") as client:
        (link,) = tree(client, f"/document/{found.id}").xpath("//dd/a[@rel='noreferrer']")
        assert (link.get("href"), words(link)) == ("https://example.org/a/one.pdf", "one.pdf")
        assert not tree(client, f"/document/{local.id}").xpath("//dd/a[@rel='noreferrer']")


def test_a_document_that_is_not_adopted_shows_its_acts_and_no_commitments(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    draft = replace(
        document("in/draft.pdf", ["Calls upon the participating States to count lamps;"]), adopted=Adopted.NO
    )
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(draft))
    with TestClient(create_app(dataset.path), base_url="http://localhost") as client:
        found = tree(client, f"/document/{draft.id}")
        assert words(found.get_element_by_id("commitments")) == "1 operative act"
        assert "Not adopted" in words(found.xpath("//header[@class='top']")[0])
        assert "Not adopted: 1." in words(tree(client, "/about"))


def test_an_instrument_that_is_only_cited_has_a_page(page: TestClient) -> None:
    found = tree(page, "/instrument/MC.DEC/9/11")
    assert "Not in this dataset" in words(found)
    assert "PC.DEC/9131" in [words(one) for one in found.xpath("//main//ul//a")]


def test_any_printed_form_of_a_symbol_leads_to_its_instrument(page: TestClient) -> None:
    assert words(tree(page, "/instrument/pc.dec 9104").xpath("//h1")[0]) == SYMBOL


def test_two_documents_are_compared_word_by_word(page: TestClient) -> None:
    found = tree(page, f"/compare?left={SYMBOL}&right={SYMBOL}")
    rows = found.xpath("//table[@class='compare']/tbody/tr")
    assert len(rows) > 10
    assert found.xpath("//table//del | //table//ins | //tr[@class='lone']") == []
    other = tree(page, f"/compare?left={SYMBOL}&right=PC.DEC/9131")
    assert other.xpath("//tr[@class='lone']")


def test_the_timeline_is_a_picture_and_a_table_of_the_same(page: TestClient) -> None:
    found = tree(page, "/timeline?area=arms")
    drawn = {one.get("href") for one in found.xpath("//*[local-name()='svg']//*[local-name()='a']")}
    listed = {one for row in found.xpath("//table//tr[td]") for one in row.xpath("td[2]/a/@href")}
    assert drawn
    assert drawn <= listed


ENDINGS = {"csv": "csv", "xlsx": "xlsx", "json": "json", "jsonl": "jsonl", "parquet": "parquet", "bibtex": "bib"}


@pytest.mark.parametrize(("name", "ending"), ENDINGS.items())
def test_what_is_shown_can_be_downloaded(page: TestClient, name: str, ending: str) -> None:
    (link,) = tree(page, "/?area=arms").xpath(f"//a[@download][contains(@href, 'format={name}')][1]/@href")[:1]
    answer = page.get(link)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'.{ending}"')
    assert len(answer.content) == int(answer.headers["content-length"]) > 100


def test_a_download_has_every_row_in_the_order_of_the_list(page: TestClient) -> None:
    shown = page.get("/api/search", params={"area": "arms", "order": "firmest", "size": 200}).json()
    rows = json.loads(page.get("/download?area=arms&order=firmest&format=json&commitments=any").text)
    assert [row["id"] for row in rows] == [hit["id"] for hit in shown["hits"]]
    table = pq.read_table(
        io.BytesIO(page.get("/download?area=arms&order=firmest&format=parquet&commitments=any").content)
    )
    assert table["citation"].to_pylist() == [hit["citation"] for hit in shown["hits"]]
    entries = page.get("/download?area=arms&format=csl&commitments=any").json()
    assert len(entries) == len({hit["document"] for hit in shown["hits"]})


def test_more_like_a_provision_leaves_itself_out(page: TestClient) -> None:
    (hit,) = page.get("/api/search", params={"text": "precursor*", "size": 1}).json()["hits"]
    found = tree(page, f"/like/{hit['id']}?adopted=yes")
    links = found.xpath("//section//h3/a/@href")
    assert len(links) == 20
    assert f"{hit['link']}#here" not in links


def test_a_page_behind_the_last_one_is_the_last(page: TestClient) -> None:
    found = tree(page, "/?size=5&page=9999")
    number, total = re.findall(r"\d+", words(found.xpath("//nav[@class='pager']/span")[0]))
    assert number == total
    assert found.xpath("//section//h3/a")
    assert tree(page, "/timeline?page=9999").xpath("//table//tbody/tr")
    assert tree(page, f"/instrument/{SYMBOL}?page=9999").xpath("//ol[@class='plain acts']/li")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (SYMBOL, [SYMBOL]),
        ("pc.dec/9104", [SYMBOL]),
        ("9104", []),
        (f"{SYMBOL}, para. 2", [f"{SYMBOL}, para. 2", SYMBOL]),
        (f"{SYMBOL} para 2", [f"{SYMBOL}, para. 2", SYMBOL]),
        (f"{SYMBOL}, para. 999", [SYMBOL]),
        ("91/15", ["MC.DEC/91/15"]),
        ("91/15, para. 1", ["MC.DEC/91/15, para. 1", "MC.DEC/91/15"]),
        ("1/15", []),
        ("and/or", []),
        ("border/guards para", []),
        ("state of the border", []),
        ("91/15 paragraph 1", ["MC.DEC/91/15, para. 1", "MC.DEC/91/15"]),
        ("paragraph 1 of MC.DEC/91/15", ["MC.DEC/91/15, para. 1", "MC.DEC/91/15"]),
        ("Decision 91/15", ["MC.DEC/91/15"]),
        ("Permanent Council Decision No. 9104, para. 2", [f"{SYMBOL}, para. 2", SYMBOL]),
        ("what does Decision 91/15 ask for", ["MC.DEC/91/15"]),
        ("diversion of precursors", [SYMBOL]),
        ('"diversion of precursors"', []),
        ("S/RES/1373", ["S/RES/1373 (2001)"]),
        ("S/RES/9373", []),
    ],
)
def test_the_search_box_knows_instruments(page: TestClient, text: str, names: list[str]) -> None:
    found = tree(page, f"/?text={quote(text)}", 200).xpath("//ul[@aria-label='Instruments that these words name']//a")
    assert [words(one.find("strong")) for one in found] == names
    for one in found:
        assert page.get(one.get("href")).status_code == 200


@pytest.mark.parametrize("text", ["91/15, para. 1", f"{SYMBOL}, para. 2"])
def test_no_zero_stands_above_the_instrument_that_was_meant(page: TestClient, text: str) -> None:
    found = tree(page, f"/?text={quote(text)}")
    assert found.xpath("//ul[@aria-label='Instruments that these words name']")
    assert not found.xpath("//div[@aria-label='What is shown']")
    assert not found.xpath("//section[@class='near']")
    assert "the instrument is above" in words(found.xpath("//p[@class='empty']")[0])


def test_a_word_of_many_titles_leads_to_the_list_of_documents(page: TestClient) -> None:
    (link,) = tree(page, "/?text=border").xpath("//a[starts-with(@href, '/documents?words=border')]")
    rows = tree(page, link.get("href")).xpath("//table//tbody/tr")
    assert words(link) == f"{len(rows)} instruments"
    assert all("border" in words(row).lower() for row in rows)


def test_documents_are_listed_with_the_number_of_their_commitments(page: TestClient) -> None:
    found = tree(page, "/documents")
    assert words(found.find(".//h1")) == f"{len(found.xpath('//table//tbody/tr'))} documents"
    (row,) = tree(page, f"/documents?words={quote(SYMBOL)}").xpath("//table//tbody/tr")
    held = tree(page, f"/?document={quote(SYMBOL)}").xpath(
        "//a[@aria-current='true'][starts-with(., 'Commitments')]/span"
    )
    assert words(row.xpath("./td[@data-label='Commitments']")[0]) == words(held[0])
    assert tree(page, "/documents?words=zeppelin").xpath("//p[@class='empty']")


def test_provisions_that_are_not_commitments_are_offered_where_no_commitment_matches(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    lines = ["Recalling the zeppelin,", "Calls upon the participating States to exchange data;"]
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(document("in/one.pdf", lines)))
        writer.publish()
    with TestClient(create_app(dataset.path), base_url="http://localhost") as client:
        empty = tree(client, "/?text=zeppelin").xpath("//p[@class='empty']")[0]
        assert "1 provision that is not a commitment is nearer" in words(empty)
        assert tree(client, empty.find("a").get("href")).xpath("//section//h3/a")


def test_compare_takes_words_of_a_title_and_offers_a_choice(page: TestClient) -> None:
    found = tree(page, "/compare?left=diversion+of+precursors&right=framework+transnational")
    assert words(found.xpath("//table[@class='compare']//th")[0]).startswith(SYMBOL)
    chosen = tree(page, "/compare?left=border&right=PC.DEC/9131")
    links = chosen.xpath("//section[@class='choices']//a/@href")
    assert len(links) > 1
    assert tree(page, links[0]).xpath("//table[@class='compare']")
    (name,) = [one for one in chosen.xpath("//datalist/option/@value") if one.startswith(f"{SYMBOL}, ")]
    assert tree(page, f"/compare?left={quote(name)}&right={SYMBOL}").xpath("//table[@class='compare']")


@pytest.fixture(scope="module")
def prepared(page: TestClient) -> TestClient:
    """The page with search by meaning ready."""
    page.app.state.shelf.book().reader.prepare()  # type: ignore[attr-defined] # the application is ours
    return page


# What strangers ask, a word that must be in the first provision that they see, and the heading above it.
QUESTIONS = [
    ("stolen identity papers", "passport", "Close to it in words and meaning"),
    ("What must States do about lost or stolen passports?", "passport", "Close to it in words and meaning"),
    ("cryptocurrencies", "virtual", "Close to it in words and meaning"),
    ("radicalisation in prisons", "prison", "Close to it in words and meaning"),
]


@pytest.mark.parametrize(("question", "word", "heading"), QUESTIONS)
def test_a_question_in_words_of_ones_own_is_answered(
    prepared: TestClient, question: str, word: str, heading: str
) -> None:
    found = tree(prepared, f"/?text={quote(question)}")
    shown = [words(one).lower() for one in found.xpath("//article//p[@class='reading']")]
    assert 1 <= len(shown) <= 10
    assert word in shown[0]
    assert words(found.xpath("//section[@class='near']/h2")[0]) == heading


def test_what_is_close_is_not_counted_and_a_query_with_operators_shows_only_what_meets_it(prepared: TestClient) -> None:
    plain = tree(prepared, "/?text=stolen+identity+papers")
    assert words(plain.get_element_by_id("found")) == "0 commitments"
    assert plain.xpath("//section[@class='near']//article")
    headings = [words(one) for one in plain.xpath("//section[@class='near']/h2")]
    assert headings == ["Close to it in words and meaning", "Further from your words"]
    lacking = tree(prepared, "/?text=zebras+with+stolen+passports")
    assert {words(one) for one in lacking.xpath("//section[@class='near']//li[@class='lacks']")} >= {"without “zebras”"}
    table = tree(prepared, "/?text=zebras+with+stolen+passports&view=table")
    assert {words(one) for one in table.xpath("//section[@class='near']//td[@class='c-lacks']")} >= {"“zebras”"}
    assert not tree(prepared, "/?text=stolen&view=table").xpath("//*[@class='c-lacks']")
    assert not plain.xpath(
        "//li[@class='lacks'][contains(., 'stolen')]/ancestor::article[.//mark[contains(., 'stolen')]]"
    )
    strict = tree(prepared, "/?text=stolen+AND+identity+AND+papers")
    assert not strict.xpath("//section[@class='near']")
    both = tree(prepared, "/?text=stolen+identity+papers&by=both")
    assert "such as theft, travel document, identity document, passport." in words(both)


def test_many_changes_are_counted_and_the_first_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("osce_commitments.serve.shelf.MOST_CHANGES", 2)
    dataset = Dataset(tmp_path / "data")
    for name, lines in (("one", ["Tasks A."]), ("two", ["Tasks B.", "Tasks C.", "Tasks D."])):
        with dataset.writer(name, pipeline="p1") as writer:
            writer.commit(batch(document(f"in/{name}.pdf", lines)))
    app = create_app(dataset.path)
    app.state.shelf.prepare()
    app.state.shelf.close()
    assert app.state.shelf.changes.cache_info().misses == 1
    with TestClient(app, base_url="http://localhost") as client:
        found = tree(client, "/changes")
        assert "New provisions: 3" in [words(one) for one in found.xpath("//h2")]
        assert len(found.xpath("//ul[contains(@class, 'acts')]/li")) == 2
    # The first visitor did not have to wait: what was made in the background is shown.
    assert app.state.shelf.changes.cache_info().misses == 1


def test_changes_mark_what_is_not_adopted(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    with dataset.writer("run1", pipeline="p1") as writer:
        writer.commit(batch(document("in/one.pdf")))
        writer.publish()
        draft = document("in/draft.pdf", ["Urges the participating States to open the archives;"])
        writer.commit(batch(replace(draft, symbol="MC.DD/7/91", adopted=Adopted.NO)))
    with TestClient(create_app(dataset.path), base_url="http://localhost") as client:
        found = tree(client, "/changes?before=1&after=2")
        assert [words(one) for one in found.xpath("//h3/span[contains(@class, 'doubt')]")] == ["Not adopted"]
        assert "Not adopted" in words(found.xpath("//main//ul/li")[0])


def test_an_instrument_without_a_printed_symbol_goes_by_its_title(page: TestClient) -> None:
    found = tree(page, "/instrument/MC.DOC/93/17")
    (link,) = [one for one in found.xpath("//a") if words(one) == "United Nations Convention against Corruption"]
    assert "UNCAC" in link.get("href")
    assert words(tree(page, link.get("href")).xpath("//h1")[0]) == "United Nations Convention against Corruption"


def test_a_mistyped_word_gets_similar_ones(page: TestClient) -> None:
    found = tree(page, "/?text=border+gaurds")
    (notice,) = [one for one in found.xpath("//*[@class='notice']") if "gaurds" in words(one)]
    assert words(notice) == "No provision has the word “gaurds”. Did you mean guards?"
    assert "text=border+guards" in notice.xpath(".//a/@href")[0]


def test_changes_name_a_place_as_its_citation_does(tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "data")
    for name in ("a.pdf", "b.pdf"):
        with dataset.writer("run", pipeline="p1") as writer:
            writer.commit(batch(document(name, [f"Tasks {name}.", "Tasks C."], symbol=f"MC.DEC/{name}"), number="4"))
    with TestClient(create_app(dataset.path)) as page:
        shown = [words(one) for one in tree(page, "/changes").xpath("//ul[contains(@class, 'acts')]//a")]
    assert shown == ["para. 4, first sentence", "para. 4, second sentence"]


def test_print_names_what_is_counted_and_which_page_it_is(page: TestClient) -> None:
    for path, said in (("/matrix", "Commitments only"), ("/matrix?commitments=any", "All provisions")):
        assert said in [words(one) for one in tree(page, path).xpath("//p[@class='print-only']")]
    hidden = re.search(r"@media print \{(.+?)display: none", page.get("/static/page.css").text, re.DOTALL)
    assert hidden
    assert ".pager a" in hidden[1]
    assert ".pager," not in hidden[1]


@pytest.mark.parametrize("path", ["/", "/matrix", "/timeline", "/history"])
def test_every_view_of_a_period_names_what_is_undated(undated: TestClient, path: str) -> None:
    (notice,) = tree(undated, f"{path}?since=2001").xpath("//p[contains(@class, 'notice')]")
    assert words(notice) == "2 more are in undated documents, which a period leaves out. Show them"
    assert words(tree(undated, notice.find("a").get("href")).get_element_by_id("found")).startswith("2 ")
    assert tree(undated, path).xpath("//p[contains(@class, 'notice')]") == []


@pytest.fixture(scope="module")
def undated(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    dataset = Dataset(tmp_path_factory.mktemp("undated") / "data")
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf"), document("b.pdf", date=None)))
    return TestClient(create_app(dataset.path))


def test_a_version_that_another_process_writes_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_SECONDS_BETWEEN_LOOKS", 0.0)
    dataset = Dataset(tmp_path / "data")
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf")))
    following, fixed = create_app(dataset.path), create_app(dataset.path, 1)
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("b.pdf", ["Tasks B."])))
    versions = []
    for app in (following, fixed):
        with TestClient(app) as page:
            page.get("/about")
            app.state.shelf.close()  # what looks in the background has ended
            versions.append(page.get("/api/version").json()["version"]["version"])
    assert versions == [2, 1]


@pytest.mark.parametrize("error", [OSError, sqlite3.DatabaseError, RuntimeError])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_look_that_fails_is_not_the_last(
    error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = Dataset(tmp_path / "data")
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("a.pdf")))
    app, opened = create_app(dataset.path), []

    def fails_once(*_: object, **__: object) -> shelf.OpenVersion:
        opened.append(1)
        if len(opened) == 1:
            raise error
        return open_version(*_, **__)

    open_version = shelf.OpenVersion
    monkeypatch.setattr(shelf, "_SECONDS_BETWEEN_LOOKS", 0.0)
    monkeypatch.setattr(shelf, "OpenVersion", fails_once)
    monkeypatch.setattr(shelf.OpenVersions, "_made_ready", lambda *_: {})
    with dataset.writer("run", pipeline="p1") as writer:
        writer.commit(batch(document("b.pdf", ["Tasks B."])))
    with TestClient(app) as page:
        for _ in range(2):
            page.get("/about")
            app.state.shelf.close()  # what looks in the background has ended
        assert page.get("/api/version").json()["version"]["version"] == 2

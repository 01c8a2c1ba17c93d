"""The page in a real browser: what people do there, and how it looks on wide, narrow, dark and printed pages.

The pictures are kept in ``build/page-pictures`` (or the folder that OSCE_COMMITMENTS_PICTURES names), to be looked at.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on the path"),
    pytest.mark.browser,
]
PICTURES = Path(os.environ.get("OSCE_COMMITMENTS_PICTURES", Path(__file__).parents[2] / "build" / "page-pictures"))
VIEWS = {
    "explore": "/",
    "search": "/?text=border&strength=%3E%3Durging",
    "table": "/?text=border&view=table&commitments=any",
    "meaning": "/?text=stolen+papers&by=meaning&since=2001",
    "report": "/report?text=border",
    "basket": "/basket",
    "history": "/history?text=border",
    "query-error": "/?text=%22open",
    "matrix": "/matrix",
    "timeline": "/timeline",
    "documents": "/documents",
    "named": "/?text=PC.DEC/9104,+para.+2",
    "instrument": "/instrument/PC.DEC/9104",
    "missing": "/instrument/MC.DEC/9/11",
    "not-found": "/nowhere",
    "nothing": "/?text=zeppelin",
    "compare-choice": "/compare?left=border&right=PC.DEC/9131",
    "changes": "/changes",
    "compare": "/compare?left=PC.DEC/9104&right=PC.DEC/9131",
    "about": "/about",
}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextlib.contextmanager
def served(data: Path, *options: str) -> Iterator[str]:
    command = [sys.executable, "-m", "osce_commitments", "serve", "--data", str(data), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            (address,) = re.findall(r"http://\S+(?=/)", process.stdout.readline())
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def address(sample_dataset: Path) -> Iterator[str]:
    with served(sample_dataset) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=600_000)
        yield found
        found.close()


@contextlib.contextmanager
def opened(browser: Any, address: str, **options: Any) -> Iterator[tuple[Any, list[str]]]:  # noqa: ANN401
    """A tab, and what went wrong in it: messages of the console, dialogs, requests to other hosts."""
    context = browser.new_context(base_url=address, **{"viewport": WIDE, **options})
    context.set_default_timeout(600_000)  # milliseconds: a busy machine is slow, and this only catches a hang
    tab, wrong = context.new_page(), list[str]()
    tab.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    host = urlsplit(address).netloc
    tab.on("request", lambda request: wrong.append(request.url) if urlsplit(request.url).netloc != host else None)
    yield tab, wrong
    context.close()


def total(tab: Any) -> int:  # noqa: ANN401
    return int(tab.locator("#found").text_content().split()[0].replace(",", ""))


def test_the_link_to_the_results_moves_the_focus_there(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/?text=border")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == "Skip to the results"
        tab.keyboard.press("Enter")
        tab.wait_for_url("**#found")
        tab.wait_for_load_state("networkidle")
        assert tab.evaluate("document.activeElement.id") == "found"
        assert not wrong


def test_an_analyst_searches_narrows_and_reads(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/")
        tab.keyboard.press("/")
        tab.keyboard.type("border*")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/?text=border*")
        before = total(tab)
        tab.get_by_label("Border security", exact=True).check()
        tab.wait_for_url("**area=border_security**")
        tab.get_by_label("Strength", exact=True).select_option(">=urging")
        tab.wait_for_url("**strength=**")
        assert "since=" not in tab.url
        hits = tab.locator("article.hit")
        assert 0 < hits.count() < before
        assert "border" in hits.first.locator("mark").first.inner_text().lower()
        address_of_list = tab.url
        tab.screenshot(path=PICTURES / "narrowed.png")
        citation = hits.first.locator("h3").inner_text()
        hits.first.locator("h3 a").click()
        tab.wait_for_url("**/provision/**")
        assert tab.locator("h1").inner_text() == citation
        assert tab.locator("#here").evaluate("node => node.getBoundingClientRect().top") < WIDE["height"]
        assert tab.get_by_role("heading", name="Why these labels").is_visible()
        tab.screenshot(path=PICTURES / "provision.png")
        tab.go_back()
        assert tab.url == address_of_list
        assert tab.get_by_label("Border security", exact=True).is_checked()
        assert wrong == []


def test_a_cell_of_the_matrix_leads_to_its_provisions(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/matrix")
        cell = tab.locator("table.heat").first.locator("tbody tr", has_text="Terrorism").locator("td a").last
        count = cell.inner_text()
        cell.click()
        tab.wait_for_url("**/?area=terrorism**")
        assert total(tab) == int(count)
        assert wrong == []


def test_keys_alone_reach_the_content(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, _):
        tab.goto("/about")
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.textContent") == "Skip to content"
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.id") == "main"


def test_the_page_works_without_its_script(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address, java_script_enabled=False) as (tab, wrong):
        tab.goto("/")
        tab.locator("#text").fill("precursor*")
        tab.get_by_label("Illicit drugs", exact=True).check()
        tab.get_by_role("button", name="Apply").click()
        tab.wait_for_url("**area=illicit_drugs**")
        # Empty fields are taken out of the address by the server here.
        assert "since=" not in tab.url
        assert tab.locator("article.hit").count() > 1
        assert wrong == []


class Actions:
    """Counts what a person does on a page: a click, a choice, or a field filled and sent."""

    def __init__(self, tab: Any) -> None:  # noqa: ANN401
        self.tab, self.count = tab, 0

    def click(self, found: Any) -> None:  # noqa: ANN401
        self.count += 1
        found.click()

    def choose(self, label: str, value: str) -> None:
        self.count += 1
        self.tab.get_by_label(label, exact=True).select_option(value)

    def write(self, selector: str, words: str) -> None:
        self.count += 1
        self.tab.locator(selector).fill(words)
        self.tab.locator(selector).press("Enter")


MOST_ACTIONS = 4


def test_question_a_firm_commitments_on_a_matter_since_a_year(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/")
        person = Actions(tab)
        person.write("#text", "border* OR passport*")
        tab.wait_for_url("**/?text=**")
        person.write("#since", "2001")
        tab.wait_for_url("**since=2001**")
        person.choose("Strength", ">=committing")
        tab.wait_for_url("**strength=**")
        tab.locator("[aria-busy]").wait_for(state="detached")
        assert person.count <= MOST_ACTIONS
        labels = tab.locator("article.hit .strength").all_inner_texts()
        assert len(labels) > 1
        assert set(labels) <= {"Committing", "Mandating"}
        # What a period leaves out is said, with a way to it.
        assert tab.get_by_text("in undated documents").count() <= 1
        assert wrong == []


def test_question_b_what_the_last_ministerial_council_added(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/")
        person = Actions(tab)
        person.click(tab.get_by_role("link", name=re.compile("Last Ministerial Council")))
        tab.wait_for_url("**meeting=**")
        assert person.count <= MOST_ACTIONS
        assert total(tab) == tab.locator("article.hit").count() > 1
        assert all("MC." in one for one in tab.locator("article.hit h3").all_inner_texts())
        assert wrong == []


def test_question_c_how_the_wording_on_a_matter_changed(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/")
        person = Actions(tab)
        person.write("#text", "title:border* OR border*")
        tab.wait_for_url("**/?text=**")
        person.click(tab.get_by_role("link", name="History", exact=True).first)
        tab.wait_for_url("**/history?text=**")
        person.click(tab.get_by_role("link", name="Open all wordings, to print"))
        tab.wait_for_url("**wording=all**")
        assert person.count <= MOST_ACTIONS
        wordings = tab.locator("details[open] .acts > li")
        assert wordings.count() > 1
        years = [int(one) for one in tab.locator("table.lines thead th").all_inner_texts()[1:]]
        assert years == sorted(years)
        assert wrong == []


def test_question_d_a_search_as_a_paper(browser: Any, address: str) -> None:  # noqa: ANN401
    starts = {"Word": b"PK", "PDF": b"%PDF", "HTML": b"<!doctype html>"}
    for name, start in starts.items():
        with opened(browser, address) as (tab, wrong):
            tab.goto("/")
            person = Actions(tab)
            person.write("#text", "border*")
            tab.wait_for_url("**/?text=**")
            person.click(tab.get_by_role("link", name="Report on these"))
            with tab.expect_download() as waiting:
                person.click(tab.get_by_role("button", name=re.compile(f"^{name}")))
            assert person.count <= MOST_ACTIONS
            content = Path(waiting.value.path()).read_bytes()
            assert content.lstrip().startswith(start)
            assert waiting.value.suggested_filename.startswith("commitments-on-border")
            assert wrong == []


def test_question_e_what_is_due_in_a_year(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/")
        person = Actions(tab)
        person.write("#due_since", "2014")
        tab.wait_for_url("**due_since=2014**")
        person.write("#due_until", "2019")
        tab.wait_for_url("**due_until=2019**")
        person.choose("Sort by", "due")
        tab.wait_for_url("**order=due**")
        tab.locator("[aria-busy]").wait_for(state="detached")
        days = tab.locator("article.hit .mark.due").all_inner_texts()
        assert len(days) > 1
        with tab.expect_download() as waiting:
            person.click(tab.get_by_role("link", name="Calendar"))
        assert person.count <= MOST_ACTIONS
        calendar = Path(waiting.value.path()).read_bytes().decode()
        starts = re.findall(r"DTSTART;VALUE=DATE:(\d{4})", calendar)
        assert len(starts) >= len(days)
        assert {year for year in starts if not "2014" <= year <= "2019"} == set()
        assert wrong == []


def test_what_is_typed_while_an_answer_is_on_its_way_is_kept(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        held: list[Any] = []
        tab.route(re.compile("due_since=2014$"), lambda route: held.append(route))  # noqa: PLW0108 - playwright marks its handlers
        tab.goto("/")
        tab.locator("#due_since").fill("2014")
        with tab.expect_request(re.compile("due_since=2014$")):
            tab.keyboard.press("Tab")
        tab.keyboard.type("2016")
        held[0].continue_()
        tab.wait_for_url("**due_since=2014")
        tab.locator("[aria-busy]").wait_for(state="detached")
        assert tab.locator("#due_until").input_value() == "2016"
        tab.keyboard.press("Tab")
        tab.wait_for_url("**due_since=2014&due_until=2016")
        assert wrong == []


def test_a_filter_does_not_lose_the_place(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/")
        box = tab.get_by_label("Illicit drugs", exact=True)
        box.scroll_into_view_if_needed()
        tab.mouse.wheel(0, 300)
        tab.wait_for_timeout(100)
        place = "document.activeElement.getBoundingClientRect().top"
        box.focus()
        before = tab.evaluate(place)
        assert tab.evaluate("window.scrollY") > 0
        box.check()
        tab.wait_for_url("**area=illicit_drugs**")
        tab.locator("[aria-busy]").wait_for(state="detached")
        assert abs(tab.evaluate(place) - before) < 2
        assert tab.evaluate("document.activeElement.value") == "illicit_drugs"
        tab.go_back()
        tab.wait_for_url(lambda url: "area=" not in url)
        tab.wait_for_selector("input[name=area][value=illicit_drugs]:not(:checked)", state="attached")
        assert wrong == []


def test_a_basket_keeps_provisions_and_notes_in_this_browser(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/?text=border")
        for at in range(2):
            tab.locator(".select-one input").nth(at).check()
        tab.goto("/?text=drugs&view=table")
        tab.locator(".select-one input").first.check()
        assert tab.get_by_role("link", name="Basket (3)").count() == 1
        tab.get_by_role("button", name="Open the selected").click()
        tab.wait_for_url("**/basket?id=**")
        assert tab.locator("article.hit").count() == 3
        tab.locator("textarea").first.fill("Ask the capital")
        tab.locator("textarea").first.blur()
        tab.wait_for_url("**note=**")
        assert tab.locator("textarea").first.input_value() == "Ask the capital"
        with tab.expect_download() as waiting:
            tab.get_by_role("link", name="CSV").click()
        assert "Ask the capital" in Path(waiting.value.path()).read_text(encoding="utf-8")
        tab.get_by_role("link", name=re.compile("^Remove")).first.click()
        tab.locator("article.hit").nth(2).wait_for(state="detached")
        tab.get_by_role("link", name="Empty the basket").click()
        tab.get_by_text("Nothing is selected").wait_for()
        assert wrong == []


def test_keys_move_through_the_results(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/?text=border")
        tab.keyboard.press("j")
        tab.keyboard.press("j")
        tab.keyboard.press("k")
        links = tab.locator("article.hit h3 a")
        assert tab.evaluate("document.activeElement.textContent") == links.first.text_content()
        tab.keyboard.press("x")
        assert tab.locator(".select-one input").first.is_checked()
        tab.keyboard.press("?")
        assert tab.get_by_role("dialog", name="Keys").is_visible()
        tab.keyboard.press("Escape")
        assert not tab.get_by_role("dialog", name="Keys").is_visible()
        assert wrong == []


def test_a_table_shows_25_rows_on_a_screen(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address, viewport={"width": 1400, "height": 900}) as (tab, _):
        tab.goto("/?view=table")
        rows = tab.locator("tr.row")
        assert rows.count() == 25
        bottom = rows.nth(24).evaluate("node => node.getBoundingClientRect().bottom")
        top = rows.first.evaluate("node => node.getBoundingClientRect().top")
        # The rows and 190 pixels above them are a screen.
        assert bottom - top <= 710
        widths = tab.locator("table.rows thead th").evaluate_all("all => all.map(node => node.offsetWidth)")
        assert widths[-1] == max(widths) >= 400
        tab.get_by_text("Columns", exact=True).click()
        tab.get_by_label("Body", exact=True).check()
        tab.wait_for_url("**columns=body**")
        assert tab.get_by_role("columnheader", name="Body").is_visible()
        # Who opens the filters beside the table finds them open on the next page.
        assert not tab.locator("#strength").is_visible()
        tab.get_by_text("Filters", exact=True).click()
        tab.goto("/?view=table&page=2")
        assert tab.locator("#strength").is_visible()


@pytest.mark.parametrize("path", ["/", "/?text=border&view=table", "/matrix", "/timeline", "/instrument/PC.DEC/9104"])
def test_targets_are_large_enough(browser: Any, address: str, path: str) -> None:  # noqa: ANN401
    """WCAG 2.5.8: 24 by 24 pixels, links within a sentence left out."""
    small = """() => [...document.querySelectorAll('button, select, input, summary, .switch a, .chips a, .pager a, .button, .anchor, .select-one')]
        .filter(node => node.checkVisibility() && node.type !== 'hidden' && !node.closest('label'))
        .map(node => [node.outerHTML.slice(0, 90), node.getBoundingClientRect()])
        .filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"""
    with opened(browser, address) as (tab, _):
        tab.goto(path)
        assert tab.evaluate(small) == []
        text = tab.get_by_role("link", name="Read the text")
        if text.count():
            text.click()
            assert tab.evaluate(small) == []


def test_nothing_of_the_matrix_is_cut(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address, viewport={"width": 1200, "height": 900}) as (tab, _):
        tab.goto("/matrix")
        for at in range(tab.locator(".scroll").count()):
            assert tab.locator(".scroll").nth(at).evaluate("node => node.scrollWidth - node.clientWidth") <= 0
        tab.emulate_media(media="print")
        tab.set_viewport_size({"width": 794, "height": 1123})
        assert tab.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


LOOKS: dict[str, dict[str, Any]] = {
    "wide": {},
    "narrow": {"viewport": NARROW, "device_scale_factor": 2, "has_touch": True},
    "dark": {"color_scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("view", VIEWS)
def test_views_fit_and_are_pictured(browser: Any, address: str, view: str, look: str) -> None:  # noqa: ANN401
    with opened(browser, address, **LOOKS[look]) as (tab, wrong):
        tab.goto(VIEWS[view])
        too_wide = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        tab.screenshot(path=PICTURES / f"{view}-{look}.png", full_page=look != "narrow")
        assert too_wide <= 0
        # The browser tells the status of the page that shows an error.
        assert [one for one in wrong if "status of 40" not in one] == []


@pytest.mark.parametrize("look", LOOKS)
def test_no_view_breaks_a_rule_of_accessibility(browser: Any, address: str, look: str) -> None:  # noqa: ANN401
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with opened(browser, address, **LOOKS[look]) as (tab, _):
        tab.goto("/?text=border")
        provision = tab.locator("article.hit h3 a").first.get_attribute("href")
        like = tab.get_by_role("link", name="More like this").first.get_attribute("href")
        tab.goto(VIEWS["instrument"])
        text = tab.get_by_role("link", name="Read the text").get_attribute("href")
        found = {}
        for path in [*VIEWS.values(), provision, like, text]:
            tab.goto(path)
            for broken in axe.run(tab).response["violations"]:
                found[path, broken["id"]] = (broken["impact"], broken["nodes"][0]["html"])
        assert found == {}


@pytest.mark.parametrize("look", LOOKS)
def test_the_review_page_fits_and_breaks_no_rule_of_accessibility(
    browser: Any,  # noqa: ANN401
    sample_dataset: Path,
    tmp_path: Path,
    look: str,
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    data = shutil.copytree(sample_dataset, tmp_path / "data")
    with served(data, "--review", "coder-1") as address, opened(browser, address, **LOOKS[look]) as (tab, wrong):
        tab.goto("/review")
        tab.screenshot(path=PICTURES / f"review-{look}.png", full_page=look != "narrow")
        assert tab.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        assert axe.run(tab).response["violations"] == []
        assert wrong == []


def test_a_printed_page_has_the_text_and_no_controls(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, _):
        tab.goto("/?text=border&strength=%3E%3Durging")
        tab.emulate_media(media="print")
        assert not tab.locator(".chips a").first.is_visible()
        assert not tab.locator(".chips .clear").is_visible()
        assert tab.locator("article.hit").first.is_visible()
        assert not tab.locator(".filters").is_visible()
        tab.pdf(path=PICTURES / "search.pdf", format="A4")


def test_hostile_text_does_nothing(browser: Any, two_versions: Path) -> None:  # noqa: ANN401
    with served(two_versions) as address, opened(browser, address) as (tab, wrong):
        tab.goto("/?text=alert&commitments=any")
        paths = [tab.locator("article h3 a").nth(at).get_attribute("href") for at in range(2)]
        for path in [*paths, "/timeline", "/matrix", "/changes?before=1&after=2"]:
            tab.goto(path)
            tab.wait_for_timeout(50)
        assert wrong == []
        tab.screenshot(path=PICTURES / "hostile.png")

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
    "query-error": "/?text=%22open",
    "matrix": "/matrix",
    "timeline": "/timeline",
    "instrument": "/instrument/PC.DEC/9104",
    "missing": "/instrument/MC.DEC/9/11",
    "compare": "/compare?left=PC.DEC/9104&right=PC.DEC/9131",
    "about": "/about",
}
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextlib.contextmanager
def served(data: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "osce_commitments", "serve", "--data", str(data), "--port", "0"]
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
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@contextlib.contextmanager
def opened(browser: Any, address: str, **options: Any) -> Iterator[tuple[Any, list[str]]]:  # noqa: ANN401
    """A tab, and what went wrong in it: messages of the console, dialogs, requests to other hosts."""
    context = browser.new_context(base_url=address, **{"viewport": WIDE, **options})
    tab, wrong = context.new_page(), list[str]()
    tab.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
    host = urlsplit(address).netloc
    tab.on("request", lambda request: wrong.append(request.url) if urlsplit(request.url).netloc != host else None)
    yield tab, wrong
    context.close()


def test_an_analyst_searches_narrows_and_reads(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, wrong):
        tab.goto("/")
        tab.keyboard.press("/")
        tab.keyboard.type("border*")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/?text=border*")
        before = int(tab.locator("#found").inner_text().split()[0])
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
        assert tab.locator("#found").inner_text().split()[0] == count
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
        assert [one for one in wrong if "status of 400" not in one] == []


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
        for path in [*VIEWS.values(), provision, like, text, "/changes", "/nowhere"]:
            tab.goto(path)
            for broken in axe.run(tab).response["violations"]:
                found[path, broken["id"]] = (broken["impact"], broken["nodes"][0]["html"])
        assert found == {}


def test_a_printed_page_has_the_text_and_no_controls(browser: Any, address: str) -> None:  # noqa: ANN401
    with opened(browser, address) as (tab, _):
        tab.goto("/?text=border&strength=%3E%3Durging")
        tab.emulate_media(media="print")
        assert tab.locator("article.hit").first.is_visible()
        assert not tab.locator(".filters").is_visible()
        tab.pdf(path=PICTURES / "search.pdf", format="A4")


def test_hostile_text_does_nothing(browser: Any, two_versions: Path) -> None:  # noqa: ANN401
    with served(two_versions) as address, opened(browser, address) as (tab, wrong):
        tab.goto("/?text=alert")
        paths = [tab.locator("article h3 a").nth(at).get_attribute("href") for at in range(2)]
        for path in [*paths, "/timeline", "/matrix", "/changes?before=1&after=2"]:
            tab.goto(path)
            tab.wait_for_timeout(50)
        assert wrong == []
        tab.screenshot(path=PICTURES / "hostile.png")

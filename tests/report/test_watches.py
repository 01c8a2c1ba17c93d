"""Saved searches: what they keep, what a comparison shows, and what happens when something is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lxml import etree

import osce_commitments
from osce_commitments.errors import ConfigError
from osce_commitments.flows import steps
from osce_commitments.report import render, watch_reports
from osce_commitments.report.watches import Watch, add_watch, load_watches, mark_seen, remove_watch

if TYPE_CHECKING:
    from pathlib import Path

    from osce_commitments.report import Report


def compared(data: Path, seen: int, text: str = "passport*") -> list[Report]:
    return watch_reports(osce_commitments.open(data), [Watch("papers", text, {}, seen)])


def test_a_watch_shows_what_is_new_changed_and_gone(data: Path) -> None:
    (report,) = compared(data, 1)
    marks = [(row["mark"], row["text"][:20]) for row in report.rows]
    assert [mark for mark, _ in marks] == ["new", "changed", "withdrawn"]
    assert marks[0][1].startswith("Decides that")
    page = render(report, "md").decode()
    assert "1 new, 1 changed, 1 no longer found since version 1." in page
    assert "Earlier strength: encouraging" in page


def test_a_watch_is_silent_when_nothing_changed(data: Path) -> None:
    newest = osce_commitments.open(data).version
    assert compared(data, newest) == []
    assert compared(data, 2, "dogs") == []


def test_the_feed_is_xml_with_one_item_per_commitment(data: Path) -> None:
    (report,) = compared(data, 1)
    channel = etree.fromstring(render(report, "rss")).find("channel")
    assert channel is not None
    items = channel.findall("item")
    assert [str(item.findtext("title")).partition(":")[0] for item in items] == ["New", "Changed", "Withdrawn"]
    assert len({item.findtext("guid") for item in items}) == 3
    assert channel.findtext("title") == "papers"


def test_the_address_of_the_feed_is_that_of_the_page(data: Path) -> None:
    found = watch_reports(
        osce_commitments.open(data), [Watch("papers", "", {}, 1)], base="https://a.example/commitments"
    )
    assert etree.fromstring(render(found[0], "rss")).findtext("channel/link") == "https://a.example/commitments/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    add_watch(tmp_path, Watch("borders", "visa*", {"area": ("border_security",)}, 1))
    add_watch(tmp_path, Watch("arms", "", {"strength": ">=urging"}, 2))
    return tmp_path


def test_watches_are_kept_in_their_order(folder: Path) -> None:
    assert [(one.name, one.seen) for one in load_watches(folder)] == [("borders", 1), ("arms", 2)]
    mark_seen(folder, ["borders"], 7)
    assert [(one.name, one.seen) for one in load_watches(folder)] == [("borders", 7), ("arms", 2)]
    remove_watch(folder, "borders")
    assert [one.name for one in load_watches(folder)] == ["arms"]


def test_a_name_is_taken_once_whatever_its_letters(folder: Path) -> None:
    with pytest.raises(ConfigError, match="a watch 'Borders' already"):
        add_watch(folder, Watch("Borders", "", {}, 1))


@pytest.mark.parametrize("name", ["", "../escape", "a/b", "x" * 81, ".hidden"])
def test_a_name_that_is_no_file_name_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be the name of a watch"):
        add_watch(folder, Watch(name, "", {}, 1))


def test_an_unknown_name_lists_the_known_ones(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"no watch 'boarders'\. Choose from: borders, arms"):
        remove_watch(folder, "boarders")


OUTSIDE = '[{"name": "../../escape", "text": "lamps", "conditions": {}, "seen": 1}]'
DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize("content", ["{", "[1]", '[{"name": "a"}]', '{"a": 1}', "[[]]", OUTSIDE, DEEP])
def test_a_damaged_file_is_named_and_kept(tmp_path: Path, content: str) -> None:
    (tmp_path / "watches.json").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"watches\.json cannot be read"):
        add_watch(tmp_path, Watch("arms", "", {}, 1))
    assert (tmp_path / "watches.json").read_text(encoding="utf-8") == content


def test_the_step_writes_a_file_per_change_and_remembers_the_version(data: Path, tmp_path: Path) -> None:
    saved = [
        {"name": name, "text": text, "conditions": {}, "seen": 1} for name, text in (("a", "passport*"), ("b", "zz"))
    ]
    (data / "watches.json").write_text(json.dumps(saved), encoding="utf-8")
    try:
        assert [path.name for path in steps.write_news(data, tmp_path / "news")] == ["a.html"]
        assert steps.write_news(data, tmp_path / "news") == []
        assert {one.seen for one in load_watches(data)} == {osce_commitments.open(data).version}
    finally:
        (data / "watches.json").unlink()

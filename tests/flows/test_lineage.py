"""The table lineage while documents are added, changed and removed: the same in any order."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import osce_commitments
from osce_commitments.dataset import Dataset
from osce_commitments.errors import DatasetError
from osce_commitments.flows.steps import LINEAGE_FOLDER, LineageBook
from osce_commitments.query.history import _taken_up as taken_up_link
from tests.support.makers import batch, document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from osce_commitments.schema import Document

GUARDS = "Calls upon the participating States to train border guards in the detection of forged passports and visas;"
WEAPONS = "Encourages participating States to destroy surplus small arms and report on stockpiles of ammunition;"
VICTIMS = "Calls upon participating States to protect victims of trafficking and open shelters for children;"
POWER = "Tasks the Secretary General to hold exercises on attacks against power grids and water supply;"
YEARS = (2091, 2092, 2093)


def yearly(year: int, *lines: str) -> Document:
    return document(
        f"{year}.pdf",
        lines or (GUARDS, WEAPONS, VICTIMS, POWER),
        date=dt.date(year, 12, 1),
        symbol=f"MC.DOC/1/{year - 2000}",
    )


def filled(path: Path, *batches: Sequence[Document]) -> Dataset:
    dataset = Dataset(path)
    for number, documents in enumerate(batches):
        with dataset.writer(f"run{number}") as writer:
            book = LineageBook(writer)
            writer.commit(batch(*documents), follow=book.follow)
            book.save()
    return dataset


def links(dataset: Dataset) -> list[tuple[str, str, str]]:
    table = dataset.read("lineage", columns=["earlier", "later", "relation"]).to_pylist()
    texts = {row["id"]: f"{row['year']} {row['text'][:20]}" for row in dataset.read("provisions").to_pylist()}
    return sorted((texts[row["earlier"]], texts[row["later"]], row["relation"]) for row in table)


@pytest.fixture(scope="module")
def three_years(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return filled(tmp_path_factory.mktemp("years") / "data", [yearly(year) for year in YEARS])


@pytest.fixture
def whole(three_years: Dataset, tmp_path: Path) -> Dataset:
    return Dataset(Path(shutil.copytree(three_years.path, tmp_path / "whole")))


@pytest.mark.parametrize("order", [(2091, 2092, 2093), (2093, 2092, 2091), (2092, 2091, 2093), (2091, 2093, 2092)])
def test_any_order_gives_the_same_links(whole: Dataset, tmp_path: Path, order: tuple[int, ...]) -> None:
    expected = links(whole)
    assert len(expected) == 8
    assert links(filled(tmp_path / "parts", *([yearly(year)] for year in order))) == expected


def test_batches_of_one_session_see_each_other(whole: Dataset, tmp_path: Path) -> None:
    dataset = Dataset(tmp_path / "session")
    with dataset.writer("run") as writer:
        for year in reversed(YEARS):
            writer.commit(batch(yearly(year)), follow=LineageBook(writer).follow)
    assert dataset.latest_version() == 1
    assert links(dataset) == links(whole)


@pytest.mark.parametrize("order", [(2091, 2092, 2093), (2091, 2093, 2092)])
def test_many_documents_are_compared_though_few_are_kept_in_memory(
    whole: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, order: tuple[int, ...]
) -> None:
    monkeypatch.setattr("osce_commitments.flows.steps._OPEN_DOCUMENTS", 1)
    monkeypatch.setattr("osce_commitments.flows.steps._READ_AT_ONCE", 1)
    dataset = filled(tmp_path / "parts", *([yearly(year)] for year in order))
    assert links(dataset) == links(whole)
    (saved,) = (dataset.path / LINEAGE_FOLDER).iterdir()
    saved.unlink()
    with dataset.writer("again") as writer:
        book = LineageBook(writer)
        writer.commit(batch(yearly(2094)), follow=book.follow)
        assert len(book._sketches.known) == 4
    assert links(dataset) == links(filled(tmp_path / "all", [yearly(year) for year in (*YEARS, 2094)]))


def test_a_changed_document_is_compared_again(whole: Dataset) -> None:
    with whole.writer("again") as writer:
        writer.commit(batch(yearly(2092, GUARDS, POWER)), follow=LineageBook(writer).follow)
    found = {(one[:4], two[:4]) for one, two, _ in links(whole)}
    # What the middle one no longer says is taken up from the first.
    assert found == {("2091", "2092"), ("2092", "2093"), ("2091", "2093")}


def test_the_same_document_again_changes_nothing(whole: Dataset) -> None:
    with whole.writer("again") as writer:
        assert writer.commit(batch(yearly(2092)), follow=LineageBook(writer).follow) is None


def test_a_diff_lists_the_links(whole: Dataset) -> None:
    with whole.writer("again") as writer:
        writer.commit(batch(yearly(2092, GUARDS, POWER)), follow=LineageBook(writer).follow)
    there, back = whole.diff(1, 2), whole.diff(2, 1)
    added = [f"{row['later_place']} <- {row['earlier_place']}: {row['relation']}" for row in there.links_added]
    assert "MC.DOC/1/93, para. 2 (a) <- MC.DOC/1/91, para. 2 (a): verbatim" in added
    assert (len(there.links_added), len(there.links_removed)) == (len(back.links_removed), len(back.links_added))
    assert not there.is_empty
    assert whole.diff(2, 2).links_added == ()


def test_earlier_versions_keep_their_lineage(whole: Dataset) -> None:
    with whole.writer("again") as writer:
        writer.commit(batch(yearly(2094)), follow=LineageBook(writer).follow)
    assert whole.read("lineage", 1).num_rows == 8
    assert whole.read("lineage").num_rows == 12


def test_the_index_of_candidates_is_rebuilt_where_it_is_missing_or_damaged(whole: Dataset, tmp_path: Path) -> None:
    expected = links(filled(tmp_path / "all", [yearly(year) for year in (*YEARS, 2094)]))
    (saved,) = (whole.path / LINEAGE_FOLDER).iterdir()
    saved.write_bytes(b"damaged")
    with whole.writer("again") as writer:
        book = LineageBook(writer)
        writer.commit(batch(yearly(2094)), follow=book.follow)
        book.save()
    assert links(whole) == expected
    assert saved.stat().st_size > 100


def test_history_follows_a_line(whole: Dataset) -> None:
    reader = osce_commitments.open(whole.path)
    (line,) = reader.history("forged passports").lines
    assert line.years == YEARS
    assert [row["main"].relation.value if row["main"] else "" for row in line.appearances] == [
        "",
        "verbatim",
        "verbatim",
    ]
    (same,) = reader.history(line.appearances[-1]["id"]).lines
    assert same.id == line.id
    assert len(reader.history("MC.DOC/1/92").lines) == 4
    rows = reader.history("forged passports").to_arrow().to_pylist()
    assert [row["year"] for row in rows] == list(YEARS)
    assert reader.history("no such words at all").lines == ()


def test_history_of_words_shows_commitments_unless_other_text_is_asked_for(tmp_path: Path) -> None:
    recalled = "Recalls the loss of passports;"
    reader = osce_commitments.open(filled(tmp_path / "d", [yearly(2091, GUARDS, recalled, POWER)]).path)

    def found(*, commitments: bool | None) -> list[str]:
        lines = reader.history("passports", commitments=commitments).lines
        return [line.appearances[0]["text"] for line in lines]

    assert found(commitments=None) == [GUARDS]
    assert found(commitments=False) == [recalled]


def test_history_of_an_unknown_document_is_an_error(whole: Dataset) -> None:
    with pytest.raises(DatasetError, match=r"MC\.DEC/1/99"):
        osce_commitments.open(whole.path).history("MC.DEC/1/99")


def test_the_view_names_the_line(whole: Dataset) -> None:
    from osce_commitments.query import run_sql

    table = run_sql(whole, "SELECT line, count(*) AS n FROM lineage GROUP BY line ORDER BY line").to_pylist()
    assert [row["n"] for row in table] == [2, 2, 2, 2]
    assert all(row["line"].startswith("l") for row in table)


def test_a_firmer_act_is_firmer_and_another_label_is_not(tmp_path: Path) -> None:
    firmer = WEAPONS.replace("Encourages", "Calls upon")
    dataset = filled(tmp_path / "firm", [yearly(2091), yearly(2092, GUARDS, firmer, VICTIMS, POWER)])
    changes = {
        link.later: link.strength_change
        for links in osce_commitments.open(dataset.path).taken_up("MC.DOC/1/92")[0].values()
        for link in links
    }
    assert sorted(changes.values()) == [0, 0, 0, 1]


def test_what_changed_is_named_and_a_firmer_act_is_not_sure_where_a_label_is_not(tmp_path: Path) -> None:
    old, dated = (
        WEAPONS[:-1] + " by 30 June 2092;",
        WEAPONS.replace("Encourages", "Calls upon")[:-1] + " by 1 May 2095;",
    )
    dataset = filled(
        tmp_path / "new", [yearly(2091, GUARDS, old, VICTIMS, POWER), yearly(2092, GUARDS, dated, VICTIMS, POWER)]
    )
    by_id, rows = osce_commitments.open(dataset.path).taken_up("MC.DOC/1/92")
    (link,) = {one for some in by_id.values() for one in some if one.new_act}
    assert (link.new_act, link.new_date) == ("encourages > calls", "2092-06-30 > 2095-05-01")
    assert link.in_words.startswith(
        "reworded, firmer by 1, new act: encourages > calls, new date: 2092-06-30 > 2095-05-01"
    )
    record = dataset.read("lineage").to_pylist()
    row = next(one for one in record if one["later"] == link.later)
    for side in (link.earlier, link.later):
        marked = {**rows, side: rows[side] | {"needs_review": True}}
        unsure = taken_up_link(marked[link.earlier], marked[link.later], row)
        assert (unsure.strength_change, unsure.force_unsure) == (0, True)
        assert unsure.in_words.startswith("reworded, change of force not sure, new act")
        marked[side] |= {"corrected": ["strength"]}
        assert taken_up_link(marked[link.earlier], marked[link.later], row).strength_change == 1

"""Answers on the page: saved at once, one version of many, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from osce_commitments.dataset import Dataset, waiting
from osce_commitments.errors import DatasetError
from osce_commitments.labelling.desk import Desk
from osce_commitments.labelling.items import load_items

if TYPE_CHECKING:
    from osce_commitments.schema import Row

SAID = {"strength": "none", "more_areas": "arms"}
KILLED = """
import os, signal, sys
from osce_commitments.dataset import Dataset, versions, waiting
from osce_commitments.labelling.desk import Desk
data, name = sys.argv[1:]
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
desk = Desk(Dataset(data), "Ada")
for _ in range(3):
    desk.answer(desk.current().item.id, {"strength": "none", "more_areas": "arms"})
if name:
    home = waiting if hasattr(waiting, name) else versions
    setattr(home, name, die)
    desk.publish()
die()
"""


def answers(data: Path) -> list[Row]:
    rows: list[Row] = Dataset(data).read("corrections").to_pylist()
    return rows


def test_answers_are_saved_at_once_and_become_one_version(data: Path) -> None:
    desk = Desk(Dataset(data), "Ada")
    ids = [one.id for one in load_items(Dataset(data))]
    for one in ids[:3]:
        assert desk.answer(one, SAID)
    assert not desk.answer(ids[0], SAID)
    assert (desk.waiting_count(), Dataset(data).latest_version()) == (3, 1)
    assert desk.publish() == 2
    assert (desk.waiting_count(), Dataset(data).latest_version()) == (0, 2)
    assert [row["provision"] for row in answers(data)] == ids[:3]
    assert Dataset(data).info().message == "3 corrections by Ada"
    assert not desk.answer(ids[0], SAID)
    assert desk.publish() == 2


def test_the_document_shows_answers_that_wait(data: Path) -> None:
    desk = Desk(Dataset(data), "Ada")
    (item, *_) = load_items(Dataset(data))
    desk.answer(item.id, SAID)
    _, rows = desk.document(item)
    assert [row["corrected_by"] for row in rows if row["id"] == item.id] == ["Ada"]
    assert next(row["threat_areas"] for row in rows if row["id"] == item.id) == ["arms"]
    desk.undo()
    _, rows = desk.document(item)
    assert not any(row["corrected_by"] for row in rows)


def test_undo_of_an_answer_that_a_version_has(data: Path) -> None:
    desk = Desk(Dataset(data), "Ada")
    (item, *_) = load_items(Dataset(data))
    desk.answer(item.id, SAID)
    desk.publish()
    assert desk.undo() is not None
    desk.close()
    assert [row["kind"] for row in answers(data)] == ["answer", "withdrawal"]
    assert not any(Dataset(data).read("provisions")["correction"].to_pylist())


def test_a_pause_makes_a_version(data: Path) -> None:
    desk = Desk(Dataset(data), "Ada", pause=0.0)
    desk.answer(load_items(Dataset(data))[0].id, SAID)
    timer = desk._timer
    assert timer is not None
    timer.join()
    assert len(answers(data)) == 1


def test_every_write_session_takes_answers_in(data: Path) -> None:
    desk = Desk(Dataset(data), "Ada")
    desk.answer(load_items(Dataset(data))[0].id, SAID)
    with Dataset(data).writer("run", pipeline="p1") as writer:
        assert writer.correction_count == 1
    assert len(answers(data)) == 1
    assert waiting.waiting_files(data) == []


def test_a_desk_that_cannot_write_keeps_what_waits(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(Dataset(data), "Ada")
    desk.answer(load_items(Dataset(data))[0].id, SAID)

    def refused(*_: object, **__: object) -> None:
        msg = "another run is writing"
        raise DatasetError(msg)

    with monkeypatch.context() as patch:
        patch.setattr("osce_commitments.labelling.desk.keep_answers", refused)
        desk.close()
    assert desk.waiting_count() == 1
    desk.close()
    assert len(answers(data)) == 1


def test_a_file_that_is_no_answer_is_put_aside(data: Path) -> None:
    desk = Desk(Dataset(data), "Ada")
    desk.answer(load_items(Dataset(data))[0].id, SAID)
    for name, text in (("1.json", "{"), ("2.json", "[]"), ("3.json", '{"made_at": "2026-01-01T00:00:00+00:00"}')):
        (data / waiting.FOLDER / name).write_text(text)
    said: list[str] = []
    with Dataset(data).writer("run", pipeline="p1", on_wait=said.append):
        pass
    assert len(answers(data)) == 1
    assert [line.partition(" is no answer")[0][-6:] for line in said] == ["1.json", "2.json", "3.json"]
    assert len(list((data / "_damaged").rglob("*.json"))) == 3


@pytest.mark.slow
@pytest.mark.parametrize("name", ["", "save_unfinished", "publish_manifest", "forget_unfinished", "forget_waiting"])
def test_a_review_killed_at_any_moment_loses_nothing(data: Path, name: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(data), name], check=False, env={**os.environ})
    assert done.returncode == -signal.SIGKILL
    Desk(Dataset(data), "Ada").publish()
    rows = answers(data)
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert len({row["key"] for row in rows}) == 3
    assert waiting.waiting_files(data) == []

"""What a digest calls new, dropped or uncertain in three editions of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import osce_commitments
from osce_commitments.config import RunConfig
from osce_commitments.flows.steps import ingest
from osce_commitments.query import Selection
from osce_commitments.report import digest
from tests.report.conftest import decision

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from osce_commitments.report.model import Report

GUARDS = "Calls upon participating States to train border guards in the detection of forged passports and visas;"
VICTIMS = "Urges participating States to protect victims of trafficking and to open shelters for children;"
POWER = "Encourages participating States to hold exercises on attacks against power grids and water supply;"
MONEY = "Urges participating States to freeze assets of terrorists and to supervise remittance companies;"
# They share words with provisions that are repeated, and are other matters.
FLOODS = "Encourages participating States to protect victims of floods and to open shelters for horses and dogs;"
COINS = "Invites participating States to train bank clerks in the detection of forged visas and coins;"
DOGS = "Encourages participating States to buy scanners that find tobacco in containers;"
BEFORE = (GUARDS, VICTIMS, POWER, MONEY, FLOODS)
EDITIONS = BEFORE, BEFORE, (GUARDS, VICTIMS, COINS, DOGS), (GUARDS,)


class ByWord:
    """Vectors of texts: those with one of some words point one way, each other text its own way."""

    def __init__(self, *words: str) -> None:
        self.id, self._words = f"{'-'.join(words)}@1", words

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = np.eye(64, dtype=np.float32)[np.arange(1, len(texts) + 1) % 64]
        vectors[[any(word in text for word in self._words) for text in texts]] = np.eye(64, dtype=np.float32)[0]
        return vectors


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("editions")
    source = folder / "in"
    source.mkdir()
    for at, lines in enumerate(EDITIONS):
        text = "\n\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
        written = decision(f"MC.DEC/940{at}/{14 + at}", f"8 December {2014 + at}", "THREATS TO SECURITY", text)
        (source / f"{at}.txt").write_text(written, encoding="utf-8")
    ingest([str(source)], folder / "data", RunConfig(model="rules"))
    return folder / "data"


@pytest.fixture(scope="module")
def made(data: Path) -> Report:
    return digest(osce_commitments.open(data), "MC 2016", Selection())


@pytest.mark.parametrize(("words", "mark"), [(("tobacco", "assets"), "uncertain"), (("tobacco",), "new")])
def test_what_is_alike_in_meaning_is_not_certain_either(words: Sequence[str], mark: str, data: Path) -> None:
    reader = osce_commitments.open(data, embedder=ByWord(*words))
    reader.prepare()
    (row,) = (row for row in digest(reader, "MC 2016", Selection()).rows if "tobacco" in row["text"])
    assert row["mark"] == mark


def test_what_is_far_from_all_before_is_new_and_what_is_near_is_not_certain(made: Report) -> None:
    marks = {row["text"].split(" to ", 1)[1][:20]: row["mark"] for row in made.rows}
    assert marks == {
        "train border guards ": "repeated",
        "protect victims of t": "repeated",
        "buy scanners that fi": "new",
        "train bank clerks in": "uncertain",
        "protect victims of f": "uncertain",
        "hold exercises on at": "dropped",
        "freeze assets of ter": "dropped",
    }


def test_a_rollover_drops_nothing(data: Path) -> None:
    rows = digest(osce_commitments.open(data), "MC 2017", Selection()).rows
    assert [(row["text"], row["mark"]) for row in rows] == [(GUARDS, "repeated")]


def test_what_is_not_certain_is_printed_with_what_is_near(made: Report) -> None:
    (section,) = (one for one in made.sections if one.id == "uncertain")
    assert section.count == 2
    new, gone = (dict(block.facts)["Near"][0].text for block in section.blocks[1:])
    assert (new[:14], gone[:14]) == ("MC.DEC/9401/15", "MC.DEC/9402/16")

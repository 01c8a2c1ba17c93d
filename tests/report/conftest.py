from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import osce_commitments
from osce_commitments.config import RunConfig
from osce_commitments.flows.steps import ingest

if TYPE_CHECKING:
    from pathlib import Path

    from osce_commitments.query import Reader

_DECISION = """Organization for Security and Co-operation in Europe  {symbol}
{body}  {date}
  Original: ENGLISH

DECISION No. {number}
{title}

The {body},

{text}
"""
PASSPORTS = """1. Encourages participating States to exchange samples of forged passports and papers with their neighbours;

2. Requests the Secretariat to report to the Permanent Council on forged passports by 31 March 2013;

3. Urges participating States to check <b>every</b> passport; the mark \\<script>alert(1)</script> | & <i> stays;
"""
PASSPORTS_LATER = """1. Decides that participating States will exchange samples of forged passports, papers and visas with their neighbours;

2. Encourages participating States to train dogs that find tobacco in containers by 30 June 2016;
"""
PASSPORTS_EDITED = PASSPORTS.replace("Encourages participating", "Urges all participating").replace(
    "2. Requests the Secretariat to report to the Permanent Council on forged passports by 31 March 2013;\n\n", ""
)


def decision(symbol: str, date: str, title: str, text: str) -> str:
    number = symbol.split(".DEC/")[1]
    return _DECISION.format(symbol=symbol, body="Ministerial Council", date=date, number=number, title=title, text=text)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 1 holds a decision of 2012; version 2 another of 2015; version 3 the first one edited."""
    folder = tmp_path_factory.mktemp("reports")
    first, second = folder / "in" / "first.txt", folder / "in" / "second.txt"
    first.parent.mkdir()
    title = "SECURITY OF TRAVEL DOCUMENTS"
    for path, written in (
        (first, decision("MC.DEC/9401/12", "7 December 2012", title, PASSPORTS)),
        (second, decision("MC.DEC/9402/15", "4 December 2015", f"MORE {title}", PASSPORTS_LATER)),
        (first, decision("MC.DEC/9401/12", "7 December 2012", title, PASSPORTS_EDITED)),
    ):
        path.write_text(written, encoding="utf-8")
        summary = ingest([str(folder / "in")], folder / "data", RunConfig(model="rules"))
        assert not summary.rejects
    return folder / "data"


@pytest.fixture(scope="session")
def versions(data: Path) -> dict[int, Reader]:
    return {number: osce_commitments.open(data, number) for number in (1, 2, 3)}


@pytest.fixture(scope="session")
def held(sample_dataset: Path) -> Reader:
    return osce_commitments.open(sample_dataset)

"""Titles in capitals as people read them."""

from __future__ import annotations

import pytest

from osce_commitments.catalogue import display_title


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("PREVENTING TRAFFICKING IN THE OSCE AREA", "Preventing Trafficking in the OSCE Area"),
        ("BERGEN DECLARATION: TOWARDS A REGION", "Bergen Declaration: Towards a Region"),
        ("NON-PROLIFERATION AND CO-OPERATION", "Non-Proliferation and Co-operation"),
        ("THE ORGANIZATION'S USE OF ICTs, PART IV", "The Organization's Use of ICTs, Part IV"),
        ("PEOPLE WHO LIVE BY THE LAKE", "People Who Live by the Lake"),
        ("OFFICE IN CHIŞINĂU FOR 2008", "Office in Chişinău for 2008"),
        ("MIGRATION", "Migration"),
        ("OSCE 5 May 2008 UPDATING THE PRINCIPLES", "OSCE 5 May 2008 Updating the Principles"),
        ("PA/RES/8222 RESOLUTION ON LOCAL RADIO", "PA/RES/8222 Resolution on Local Radio"),
        ("RESOLUTION ON | LOCAL RADIO", "Resolution on Local Radio"),
    ],
)
def test_capitals_give_way_to_headline_style(printed: str, shown: str) -> None:
    assert display_title(printed) == shown


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "Statement by the OSCE PA",
        "Decision on the UNODC and the CTED",
        "OSCE",
        "MC(26) JOURNAL No. 92",
        "Role of the CPC",
    ],
)
def test_other_titles_stay(printed: str) -> None:
    assert display_title(printed) == printed

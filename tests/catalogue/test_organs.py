"""The table of organs: every organ in every place in which it can stand."""

from __future__ import annotations

import pytest

from osce_commitments.catalogue import (
    NO_KNOWN_BODY,
    body_name,
    find_symbols,
    load_catalogue,
    normalise_symbol,
    organ_named,
    organ_of_symbol,
    organs,
)
from osce_commitments.catalogue.organs import Organ, is_osce
from osce_commitments.catalogue.symbols import symbol_in_file_name
from osce_commitments.documents.facts.identity import symbol_of_name
from osce_commitments.documents.patterns import layout_rules
from osce_commitments.provisions.patterns import role_rules

ORGANS = [pytest.param(one, id=one.name) for one in organs()]
NUMBERED = [pytest.param(one, kind, id=f"{one.name}, {kind}") for one in organs() for kind in one.series]


@pytest.mark.parametrize("organ", ORGANS)
def test_every_name_leads_to_the_organ(organ: Organ) -> None:
    for name in organ.names:
        assert organ_named(name) == organ_named(f"The {name.upper()}") == organ, name


@pytest.mark.parametrize("organ", ORGANS)
def test_symbol(organ: Organ) -> None:
    symbol = organ.example.get("symbol", "")
    assert not organ.symbols or not symbol or organ_of_symbol(symbol) == organ
    assert not symbol or normalise_symbol(symbol) == symbol
    assert not symbol or body_name(organ.body, symbol) == organ.name


@pytest.mark.parametrize("organ", ORGANS)
def test_header_line_and_enacting_formula(organ: Organ) -> None:
    for name in organ.names:
        certain = layout_rules().finds("header_block.certain", name)
        assert certain or layout_rules().finds("header_block.possible.body", name), name
        if organ.enacts:
            assert layout_rules().finds("enacting_opening", f"The {name}, acting on lamps"), name
            assert role_rules()["enacting.decision_making_body"].pattern.fullmatch(f"The {name},"), name
            assert layout_rules().finds("two_lines.of_text.body_and_recital", f"The {name}, Recalling its lamps,")
            assert layout_rules().finds("header_block.certain.resolution", f"Resolution adopted by the {name}")


@pytest.mark.parametrize("organ", ORGANS)
def test_name_of_a_file(organ: Organ) -> None:
    file, symbol = organ.example.get("file", ""), organ.example.get("symbol", "")
    assert not file or symbol_of_name(file) == symbol
    assert not file or symbol_in_file_name(f"notes on {file}") in {symbol, None}


@pytest.mark.parametrize(("organ", "kind"), NUMBERED)
def test_numbered_acts(organ: Organ, kind: str) -> None:
    symbol = organ.act(kind, "9", "14")
    assert normalise_symbol(symbol) == symbol
    assert organ_of_symbol(symbol) == organ
    if kind == "resolution":
        assert [found.symbol for found in find_symbols(f"in line with {symbol}, they act")] == [symbol]


def test_codes_of_the_catalogue_have_organs() -> None:
    assert {row.body for row in load_catalogue().instruments} <= {NO_KNOWN_BODY, *(one.body for one in organs())}
    assert not [one.name for one in organs() if one.actor and load_catalogue().actor(one.actor) is None]


NAMES = [
    ("UN", "A/HRC/RES/97/11", "Human Rights Council"),
    ("UN", "A/C.1/99/L.2", "First Committee"),
    ("UN", "[UN-CHARTER-1945]", "United Nations"),
    ("UN", "", "United Nations"),
    ("PC", "", "Permanent Council"),
    ("CoE", "CETS 296", "Council of Europe"),
    ("other", "", "another body"),
    ("XYZ", "", "XYZ"),
    ("", "", ""),
]


@pytest.mark.parametrize(("body", "symbol", "name"), NAMES)
def test_short_names(body: str, symbol: str, name: str) -> None:
    assert body_name(body, symbol) == name


def test_bodies_of_the_organization() -> None:
    assert [is_osce(code) for code in ("MC", "CSCE", "HCNM", "UN", "CoE", "other", "")] == [True] * 3 + [False] * 4

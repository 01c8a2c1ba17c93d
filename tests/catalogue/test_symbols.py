"""Grammar of symbols: every form of the resource, and what prints do to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from osce_commitments.catalogue.symbols import (
    SymbolMatch,
    find_symbols,
    full_year,
    mc_decision_symbol,
    normalise_symbol,
    pc_decision_symbol,
    symbol_in_file_name,
    symbol_rules,
)

RULES = symbol_rules().group("printed")
MATCHES = [(rule.id, printed, symbol) for rule in RULES for printed, symbol in dict(rule.examples).items()]
NO_MATCHES = [(rule.id, text) for rule in RULES for text in rule.counter_examples]


@pytest.mark.parametrize(("name", "printed", "symbol"), MATCHES)
def test_match(name: str, printed: str, symbol: str) -> None:
    assert normalise_symbol(printed) == symbol, name
    sentence = f"The participating States will build on {printed}, in so far as it applies."
    found = find_symbols(sentence)
    assert [(match.symbol, match.rule) for match in found] == [(symbol, name)]
    assert sentence[found[0].start : found[0].end] == found[0].text


@pytest.mark.parametrize(("name", "text"), NO_MATCHES)
def test_no_match(name: str, text: str) -> None:
    assert name not in [match.rule for match in find_symbols(text)]


@pytest.mark.parametrize(("name", "canonical"), [(name, symbol) for name, _, symbol in MATCHES])
def test_canonical_form_is_its_own_canonical_form(name: str, canonical: str) -> None:
    assert normalise_symbol(canonical) == canonical, name


PRINTS = [
    ("no-break space", "PC.DEC\u00a09012", "PC.DEC/9012"),
    ("thin space around the slash", "MC.DEC\u2009/\u200991/07", "MC.DEC/91/07"),
    ("wrapped after the slash", "MC.DEC/\n91/07", "MC.DEC/91/07"),
    ("Cyrillic letters in the symbol", "\u041c\u0421.D\u0415\u0421/91/07", "MC.DEC/91/07"),
    ("fraction slash", "MC.DEC\u204491\u204407", "MC.DEC/91/07"),
    ("leading zeros", "FSC.DEC/091/07", "FSC.DEC/91/07"),
    ("year of four digits", "FSC.DOC/91/1997", "FSC.DOC/91/97"),
    ("several suffixes", "PC.DEC/9012/Rev.2/Corr.1", "PC.DEC/9012"),
    ("footnote star", "MC.DOC/91/07*", "MC.DOC/91/07"),
    ("lower case", "mc(31).dec/9", "MC(31).DEC/9"),
    ("white space around", "  S/RES/9373 (2031) ", "S/RES/9373 (2031)"),
]


def test_number_of_prints() -> None:
    assert len(PRINTS) == 11


@pytest.mark.parametrize(("phenomenon", "printed", "symbol"), PRINTS)
def test_prints(phenomenon: str, printed: str, symbol: str) -> None:
    assert normalise_symbol(printed) == symbol, phenomenon


NONE = [
    "",
    "MC",
    "9/11",
    "Decision No. 91/07",
    "PC.DEC",
    "MC12EJ02",
    "PCOEJ912",
    "MC.DEC/91/07 and more",
    "[OWN-NAME-2001]",
]


@pytest.mark.parametrize("text", NONE)
def test_no_symbol(text: str) -> None:
    assert normalise_symbol(text) is None


def test_find_keeps_offsets_and_order() -> None:
    text = "Recalling PC.DEC/9012/Rev.1 and \u041c\u0421.DOC/91/07,\nas well as S/RES/9373 (2031) and CETS No. 297."
    assert find_symbols(text) == [
        SymbolMatch(10, 27, "PC.DEC/9012/Rev.1", "PC.DEC/9012", "symbols.printed.permanent_council_decision"),
        SymbolMatch(32, 44, "\u041c\u0421.DOC/91/07", "MC.DOC/91/07", "symbols.printed.numbered_within_a_year"),
        SymbolMatch(57, 74, "S/RES/9373 (2031)", "S/RES/9373 (2031)", "symbols.printed.security_council_resolution"),
        SymbolMatch(79, 91, "CETS No. 297", "CETS 297", "symbols.printed.council_of_europe_treaty_series"),
    ]


def test_find_takes_the_date_below_for_no_part() -> None:
    assert [match.text for match in find_symbols("PC.DEC/9012\n17 May 2031")] == ["PC.DEC/9012"]
    assert [match.text for match in find_symbols("MC.DEC/91/07\n17 May 2031")] == ["MC.DEC/91/07"]


def test_find_passes_over_words_alike() -> None:
    assert find_symbols("The Council will decide and/or document 9/11 of its assets 185 times.") == []


@given(st.text(alphabet="MCPDECFS./() 0123456789\n\u00a0\u041e\u0420\u0410\u0437", max_size=60))
def test_found_text_is_the_slice_and_normalises(text: str) -> None:
    for match in find_symbols(text):
        assert text[match.start : match.end] == match.text
        assert normalise_symbol(match.text) == match.symbol


NAMES = [
    ("mc_dec_91-07", "MC.DEC/91/07"),
    ("MC.DEC-91-07 (en)", "MC.DEC/91/07"),
    ("pcdec9012", None),
    ("PC.DEC_9012", "PC.DEC/9012"),
    ("pc-dec-9012-corr1", "PC.DEC/9012"),
    ("mc(31)_dec_9", "MC(31).DEC/9"),
    ("doc_rc_91_97", "DOC.RC/91/97"),
    ("2031-05-17 MC DEC 91 07", "MC.DEC/91/07"),
    ("MC_DEC_91_07 and PC_DEC_9012", None),
    ("report", None),
]


@pytest.mark.parametrize(("stem", "symbol"), NAMES)
def test_file_names(stem: str, symbol: str | None) -> None:
    assert symbol_in_file_name(stem) == symbol


YEARS = [("07", 2007), ("95", 1995), ("73", 1973), ("72", 2072), ("2011", 2011)]


@pytest.mark.parametrize(("digits", "year"), YEARS)
def test_full_year(digits: str, year: int) -> None:
    assert full_year(digits) == year


MC_NUMBERS = [
    ("from 2003 by year", 9, "11", "MC.DEC/9/11"),
    ("year of four digits", "09", 2011, "MC.DEC/9/11"),
    ("first year of the new numbering", 2, 2003, "MC.DEC/2/03"),
    ("before 2003 by meeting", 1, 2001, "MC(9).DEC/1"),
    ("last year of the old numbering", 1, "02", "MC(10).DEC/1"),
    ("first meeting of the old numbering", 4, 1995, "MC(5).DEC/4"),
    ("a year of a summit and no meeting", 1, 1999, None),
    ("before there were numbers", 1, 1993, None),
]


@pytest.mark.parametrize(("phenomenon", "number", "year", "symbol"), MC_NUMBERS)
def test_mc_decision_symbol(phenomenon: str, number: str | int, year: str | int, symbol: str | None) -> None:
    assert mc_decision_symbol(number, year) == symbol, phenomenon


def test_other_numbered_texts() -> None:
    assert mc_decision_symbol(4, 2015, kind="DOC") == "MC.DOC/4/15"
    assert pc_decision_symbol("0557") == "PC.DEC/557"

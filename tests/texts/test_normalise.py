# ruff: noqa: RUF001 - dashes and quotation marks as they are printed
from __future__ import annotations

import unicodedata

import pytest

from osce_commitments.texts.normalise import (
    clean,
    folded,
    latin,
    plain,
    squeeze,
    superscript,
    without_note_marks,
)

CLEANED = [
    ("ligatures", "e\ufb03cient \ufb01ght", "efficient fight"),
    ("no-break and thin spaces", "No.\u00a091/07 and 3\u2009000", "No. 91/07 and 3 000"),
    ("soft hyphen", "Organi\u00adzation", "Organization"),
    ("zero width and byte order mark", "\ufeffcy\u200bber", "cyber"),
    ("direction marks", "\u202eabc\u202c \u2067d\u2069", "abc d"),
    ("control characters", "a\x00b\x07c\x9f", "abc"),
    ("composed form", "Ta' Qali, Ło\u0301dz\u0301", "Ta' Qali, Łódź"),
    ("no-break hyphen", "co\u2011operation", "co-operation"),
    ("figure dash", "3\u20124 December", "3-4 December"),
    ("every line end", "a\u2028b\x85c\x0bd", "a\nb\nc\nd"),
    ("bullet of a symbol font", "\uf0b7 act", "• act"),
    ("quotes and dashes stay", "“x” – ’y’", "“x” – ’y’"),
    ("line ends", "a\r\nb\rc", "a\nb\nc"),
    ("lone surrogate", "a\ud800b", "ab"),
]

PLAIN = [
    ("line ends and tabs", "a\nb\tc\rd\x0be\u2028f", "a b c d e f"),
    ("every space", "".join(f"x{chr(code)}" for code in range(0x2000, 0x200B)), "x " * 11),
    ("more spaces", "a\u00a0b\u1680c\u202fd\u205fe\u3000f", "a b c d e f"),
    ("hyphens and the dash of ranges", "co\u2010op, co\u2011op, 3\u20124, 3–4, \u22125", "co-op, co-op, 3-4, 3-4, -5"),
    ("the em dash stays", "the guards — all of them —", "the guards — all of them —"),
    ("apostrophes", "‘x’ and women\u02bcs", "'x' and women's"),
    ("quotation marks", "“x” „y‟ «z»", '"x" "y" "z"'),
    ("strokes", "5\u204407 5\u221507 5\uff0f07", "5/07 5/07 5/07"),
    ("full-width digits", "No. \uff11\uff12", "No. 12"),
    ("ordinal sign", "N\u00ba 5", "N\u00b0 5"),
    ("letters stay", "Łódź, № 5 §", "Łódź, № 5 §"),
]
FOLDED = [
    ("case and spaces", " The  Charter\n of\u2009Paris ", "the charter of paris"),
    ("quotes and dashes", "Women’s “Pact” 1999–2001", 'women\'s "pact" 1999-2001'),
]


def test_cases_are_complete() -> None:
    assert (len(CLEANED), len(PLAIN), len(FOLDED)) == (14, 11, 2)


@pytest.mark.parametrize(("phenomenon", "text", "expected"), CLEANED)
def test_clean(phenomenon: str, text: str, expected: str) -> None:
    assert clean(text) == expected, phenomenon


@pytest.mark.parametrize(("phenomenon", "text", "expected"), PLAIN)
def test_plain(phenomenon: str, text: str, expected: str) -> None:
    assert plain(text) == expected, phenomenon
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(("phenomenon", "name", "expected"), FOLDED)
def test_folded(phenomenon: str, name: str, expected: str) -> None:
    assert folded(name) == expected, phenomenon


def test_no_space_is_forgotten() -> None:
    spaces = "".join(chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) == "Zs")
    assert set(plain(spaces)) == set(clean(spaces)) == {" "}


def test_a_clean_text_stays_as_it_is() -> None:
    for _, text, _ in CLEANED:
        assert clean(clean(text)) == clean(text)


def test_squeeze_and_superscript() -> None:
    assert squeeze(" a \n\t b ") == "a b"
    assert superscript("120") == "¹²⁰"


def test_latin_letters_in_place_of_those_that_look_alike() -> None:
    assert latin("М\u0421.DEC/5/07") == "MC.DEC/5/07"


def test_without_invisible_keeps_the_offsets() -> None:
    assert without_note_marks("a\u00adb\u200bc\u200ed\ufeff") == ("abcd", [0, 2, 4, 6])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Convention on Storms,14 and", "Convention on Storms, and"),
        ("the Storm Text,⁴ 91/34", "the Storm Text, 91/34"),
        ("in May 2014,5 it", "in May 2014, it"),
        ("the Storms14 and", "the Storms and"),
        ('(the "Text")7 or Text[5]', '(the "Text") or Text'),
        ("about storms.12", "about storms."),
        (
            "see UNEP/EA.9/Res.14 and paras.5 of UNSCR9178 and G20, 1,000",
            "see UNEP/EA.9/Res.14 and paras.5 of UNSCR9178 and G20, 1,000",
        ),
    ],
)
def test_marks_of_notes_are_left_out(text: str, expected: str) -> None:
    words, places = without_note_marks(text)
    assert words == expected
    assert "".join(text[at] for at in places) == words

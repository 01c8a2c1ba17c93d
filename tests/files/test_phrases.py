"""Texts cut to length, and names that were probably meant."""

from __future__ import annotations

from osce_commitments.phrases import did_you_mean, shorten, similar


def test_a_text_is_cut_between_words_or_to_a_width() -> None:
    assert shorten("Share \n data", 20) == "Share data"
    assert shorten("Share data with others", 12) == "Share data …"
    assert shorten("Share data with others", 12, between_words=False) == "Share data…"


def test_letter_case_and_hyphens_do_not_count() -> None:
    assert similar("Cyber-Securty", ["cyber_security", "border"]) == ["cyber_security"]
    assert similar("addresee", {"Addressee": "addressee"}) == ["addressee"]
    assert similar("xyz", ["border"]) == []


def test_the_question_lists_the_names() -> None:
    assert did_you_mean(["a", "b"]) == "did you mean 'a' or 'b'?"
    assert did_you_mean([]) == ""

"""English text is known by its frequent words; the model of languages is asked about other text."""

from __future__ import annotations

import pytest

from osce_commitments.documents.facts import language
from osce_commitments.documents.records import Paragraph
from osce_commitments.labels import BlockKind

ENGLISH = "The participating States will exchange information on lost passports, and the Secretariat will report on it to them."
OTHERS = {
    "fr": "Les États participants échangeront des informations sur les passeports perdus et le Secrétariat en rendra compte.",
    "de": "Die Teilnehmerstaaten tauschen Informationen über verlorene Reisepässe in der Region aus und berichten in Wien.",
    "nl": "De deelnemende staten wisselen informatie uit over verloren of gestolen paspoorten in de regio, zoals is besloten.",
    "es": "Los Estados participantes intercambiarán información sobre los pasaportes perdidos y la Secretaría informará.",
}


def test_english_text_needs_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError

    monkeypatch.setattr(language, "_identifier", refuse)
    assert language.shares([Paragraph(ENGLISH, BlockKind.PARAGRAPH)]) == {"en": 1.0}


@pytest.mark.parametrize("code", OTHERS)
def test_text_in_another_language_is_not_taken_for_english(code: str) -> None:
    assert language.shares([Paragraph(OTHERS[code], BlockKind.PARAGRAPH)]) == {code: 1.0}

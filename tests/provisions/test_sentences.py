from __future__ import annotations

import pytest

from osce_commitments.provisions.patterns import sentence_rules
from osce_commitments.provisions.sentences import sentence_spans, sentence_starts

# "|" stands where a sentence must end; nowhere else may one end.
CASES = [
    ("plain sentences", "They met in Ruritania.|They will meet again."),
    ("question and exclamation", "Who acts?|We do!|They do."),
    ("closing quote", "It is called the “Code of Bridges.”|It binds all."),
    ("note mark behind the stop", "They adopted the Code.12|It binds all."),
    ("a number opens a sentence", "Lists were sent.|12 States replied."),
    ("a quote opens a sentence", "Lists were sent.|“Bridge” means any span."),
    ("number at the end", "The Code dates from 1996.|It binds all."),
    ("a decimal number", "Some 1.5 million bridges are safe, i.e. guarded."),
    ("before lower case", "The list of vol. one is closed. and open."),
    (
        "reference to a paragraph",
        "States will act on para. 5 and paras. 6 and 7 of Art. 3 (cf. No. 9012).|They report.",
    ),
    (
        "a word that is an abbreviation only before a number",
        "The answer was no.|The talks went on under no. 5 of the list.",
    ),
    ("a person's title", "Mr. Doe and H.E. Ms. Roe of the U.S. Mission spoke.|They left."),
    (
        "an abbreviation behind a hyphen and one in brackets",
        "The ASEAN-U.S. Board met (ref. Article 5 and Refs. Lamps).|It closed.",
    ),
    ("letters with stops", "The U.A.E. Government met the one of the U.A.E.|They left."),
    ("initials", "The note by J. B. Doe was read.|It was long."),
    ("a capital that ends a sentence", "This is set out in Annex B.|The States will follow it."),
    ("symbol with a space", "They recalled PC. DEC/9012 and MC(9).DEC/99.|They noted S/RES/9373.|They left."),
    ("corrigendum", "They recalled MC.DEC/91/07/Corr. 1 and FSC.DEC/92/07/Rev. 2 of that day."),
    ("semicolons part no sentence", "They will share data; States will report; and others follow."),
    ("latin", "Bridges vs. Tunnels was discussed, e.g. Bridge 9, i.e. The Old One."),
]


@pytest.mark.parametrize(("phenomenon", "marked"), CASES, ids=[case[0] for case in CASES])
def test_sentences_end_where_marked(phenomenon: str, marked: str) -> None:
    expected = marked.split("|")
    text = " ".join(expected)
    assert [text[start:end] for start, end in sentence_spans(text)] == expected, phenomenon


def test_number_of_cases() -> None:
    assert len(CASES) == len({case[0] for case in CASES}) == 20


@pytest.mark.parametrize("group", ["titles", "references", "latin", "names"])
def test_no_sentence_ends_behind_a_listed_abbreviation(group: str) -> None:
    for word in sentence_rules().words[group]:
        assert sentence_starts(f"They spoke of {word}. Bridges and left.") == [], word


def test_a_sentence_ends_behind_a_word_that_only_looks_like_one() -> None:
    assert sentence_starts("They spoke of paragraphs. Bridges followed.") == [26]


def test_a_text_may_be_longer_than_a_parser_could_take() -> None:
    text = f"{'a' * 1_000_001}. Another sentence."
    assert [text[start:end] for start, end in sentence_spans(text)][1:] == ["Another sentence."]


def test_component_works_in_a_pipeline_of_its_own() -> None:
    import spacy

    from osce_commitments.provisions import component

    nlp = spacy.blank("en")
    nlp.add_pipe(component.PIPE)
    doc = component.osce_sentences(nlp.make_doc("They met at No. 5. They left."))
    assert [sentence.text for sentence in doc.sents] == ["They met at No. 5.", "They left."]
    assert list(sentence_spans("  \n ")) == []


def test_a_number_with_letters_follows_its_sign() -> None:
    assert sentence_starts("Lamps burn under No. ES-91/1 of the Board.") == []
    assert len(sentence_starts("The guards said no. Lamps burn.")) == 1

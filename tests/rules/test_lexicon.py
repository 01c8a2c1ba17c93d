"""The lexicon gives rules the forms of verbs by feature, and the verbs of each level that lack one can be read."""

from __future__ import annotations

import re
import sys

import pytest

from osce_commitments.rules import lexicon
from osce_commitments.rules.lexicon import lemmas_of, lexicon_atom, regular_forms, verb_rows, verbs
from osce_commitments.rules.record import fill_atoms


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("urge", "urge urges urged urging"),
        ("stress", "stress stresses stressed stressing"),
        ("reply", "reply replies replied replying"),
        ("pay", "pay pays payed paying"),
        ("agree", "agree agrees agreed agreeing"),
    ],
)
def test_regular_forms(base: str, forms: str) -> None:
    assert " ".join(regular_forms(base)) == forms


@pytest.mark.parametrize(
    ("atom", "matched", "unmatched"),
    [
        ("verb:promise", ["undertake", "vow"], ["undertakes", "urge"]),
        ("verb:promise.third", ["undertakes", "vows"], ["undertake"]),
        ("verb:promise.participle", ["undertaken"], ["undertook"]),
        ("verb:act.Third", ["Abolishes", "Calls upon", "Authorises", "Authorizes"], ["abolishes", "Recalls", "Calls"]),
        ("verb:act.THIRD", ["ABOLISHES", "CALLS UPON"], ["Abolishes"]),
        ("verb:speech.present", ["recall", "recalls", "takes note"], ["recalled", "takes"]),
        ("verb:speech.any", ["recall", "recalls", "recalled", "recalling"], ["urges"]),
        ("noun:thing", ["registers"], ["teachers"]),
        ("organ:coe", ["Committee of Ministers"], ["General Assembly", "Council of Europe"]),
        ("organ:numbering", ["PACE"], ["Permanent Council"]),
        ("verb:own", ["decide"], ["urge", "leave", "hold"]),
    ],
)
def test_an_atom_is_the_form_of_every_verb_with_the_feature(
    atom: str, matched: list[str], unmatched: list[str]
) -> None:
    pattern = re.compile(fill_atoms(f"<{atom}>", {}))
    assert [text for text in matched if not pattern.fullmatch(text)] == []
    assert [text for text in unmatched if pattern.fullmatch(text)] == []


@pytest.mark.parametrize("atom", ["verb:nothing", "verb:act.fourth", "noun:act", "organ:act"])
def test_an_unknown_atom_is_a_defect(atom: str) -> None:
    with pytest.raises(ValueError, match=r"nothing|fourth|noun|organ"):
        lexicon_atom(atom)


def test_a_place_after_none_of_the_nouns() -> None:
    pattern = re.compile(fill_atoms(r"[a-z]+rs\b<noun:no_thing>", {}))
    assert pattern.fullmatch("teachers")
    assert not pattern.fullmatch("detonators")


def test_lemmas_hold_idioms() -> None:
    assert {"hold ready", "decide"} <= set(lemmas_of("own"))


def test_a_row_with_an_unknown_key_is_a_defect() -> None:
    with pytest.raises(ValueError, match="urge: unknown key levels"):
        lexicon._verb({"lemma": "urge", "levels": "urging"})


def test_a_sense_stands_before_its_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    sense = {"id": "to_reflect", "level": "permissive", "tail": "to consider"}
    row = {"lemma": "vow", "level": "committing", "tail": "to", "senses": [sense]}
    monkeypatch.setattr(lexicon, "verbs", lambda: (lexicon._verb(row),))
    first, second = verb_rows()
    assert (first["id"], first["gives"]["level"]) == ("verb.vow.to_reflect", "permissive")
    assert (second["id"], second["gives"]["level"]) == ("verb.vow", "committing")


def test_the_verbs_of_a_level_that_lack_a_feature_are_printed() -> None:
    """``pytest -s`` shows the list: a verb that lacks a feature of most of its level may lack it by accident."""
    features = sorted({feature for verb in verbs() for feature in verb.features})
    for level in sorted({verb.row["level"] for verb in verbs() if "level" in verb.row}):
        of_level = [verb for verb in verbs() if verb.row.get("level") == level]
        for feature in features:
            lacking = [verb.lemma for verb in of_level if feature not in verb.features]
            if 0 < len(lacking) < len(of_level):
                sys.stdout.write(f"{level}: not {feature}: {', '.join(lacking)}\n")
    assert features

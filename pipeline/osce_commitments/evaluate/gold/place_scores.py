"""Scores the links of a provision: speaker and decision of an attachment, footnotes, tails."""

from __future__ import annotations

from collections.abc import Mapping

from osce_commitments.catalogue import load_catalogue
from osce_commitments.evaluate.gold.file_score import FileScore, Matched
from osce_commitments.evaluate.gold.gold_files import GoldFile, GoldProvision
from osce_commitments.evaluate.gold.spans import core
from osce_commitments.schema import Provision

PLACES = ("delegation", "about", "note link", "tail")


def score_places(score: FileScore, gold: GoldFile, matched: Matched) -> None:
    """Compare delegation, decision, footnote link and tail of the provisions with right boundaries.

    The gold names one delegation, which must be given first. A footnote link is right if it points to the provision
    that was found for the gold provision with its mark.
    """
    ids = {id(wanted): one.provision.id for wanted, one, _ in matched}
    for wanted, one, _ in matched:
        unit = one.provision
        _count(score, "delegation", wanted, _canonical(wanted.delegation), next(map(_canonical, unit.delegation), ""))
        _count(score, "about", wanted, wanted.about, unit.about)
        _count(score, "note link", wanted, _link(gold, wanted, ids), unit.note_of)
        _score_tail(score, gold, wanted, unit)


def _link(gold: GoldFile, wanted: GoldProvision, ids: Mapping[int, str]) -> str:
    """Return the id of the provision with the mark; if its boundaries were not found, a word that is not an id."""
    if wanted.footnote_of is None:
        return ""
    return ids.get(id(gold.provisions[wanted.footnote_of]), "a provision that was not found")


def _score_tail(score: FileScore, gold: GoldFile, wanted: GoldProvision, unit: Provision) -> None:
    expected = "" if wanted.tail is None else gold.stems[wanted.tail].text
    is_same = core(expected) == core(unit.tail)
    _count(score, "tail", wanted, expected, expected if is_same else " ".join(unit.tail.split()))


def _canonical(name: str) -> str:
    actor = load_catalogue().actor(name) if name else None
    return actor.name if actor else name


def _count(score: FileScore, name: str, wanted: GoldProvision, expected: str, given: str) -> None:
    tally = score.tallies[name]
    tally.gold += bool(expected)
    tally.given += bool(given)
    tally.hits += bool(expected) and expected == given
    if expected != given:
        score.complain(name, wanted.number, wanted.words.text, expected or "none", given or "none")

"""Scores the stages on one gold file: boundaries, roles, numbers, lead-ins, places, offsets, tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from osce_commitments.evaluate.gold.file_score import FileScore, Matched
from osce_commitments.evaluate.gold.gold_files import CONTRADICTED, IMPLIED, NOTE_OF_ORIGIN, GoldFile, GoldProvision
from osce_commitments.evaluate.gold.place_scores import score_places
from osce_commitments.evaluate.gold.spans import Printed, composed, core, pair_up, printings, runs, squash
from osce_commitments.evaluate.gold.tag_scores import (
    ACTING_ROLES,
    EVERYWHERE,
    KINDS,
    Mention,
    compare_tags,
    given_mentions,
    gold_mentions,
    is_strict,
)
from osce_commitments.labels import Field
from osce_commitments.schema import Document, TaggedProvision

STRICT = " strict"
END_TO_END = " end to end"
NEUTRAL = "neutral provisions"
CONFLICTS = "conflicts told"


_Place = tuple[str, str]


def score_file(gold: GoldFile, documents: Sequence[Document], provisions: Sequence[TaggedProvision]) -> FileScore:
    """Compare the results of the stages for one file with its gold."""
    score = FileScore(gold.document)
    _score_instruments(score, gold, documents)
    _score_offsets(score, documents, provisions)
    matched = _score_boundaries(score, gold, provisions)
    score_places(score, gold, matched)
    stems = _score_fields(score, gold, matched)
    if gold.is_tagged:
        _score_tags(score, gold, matched, stems)
    return score


def _score_instruments(score: FileScore, gold: GoldFile, documents: Sequence[Document]) -> None:
    expected = [(part.symbol, part.date) for part in gold.parts]
    given = [(one.symbol, one.date.isoformat() if one.date else "") for one in documents]
    for position, tally in enumerate((score.tallies["symbol"], score.tallies["date"])):
        ours, theirs = [one[position] for one in given], [one[position] for one in expected]
        # Gold has its own document numbers; a document without a symbol has none to find.
        tally.gold, tally.given = sum(map(bool, theirs)), sum(map(bool, ours))
        tally.hits = sum(a is not None and b is not None and bool(theirs[a]) for a, b in pair_up(theirs, ours))
    if [one[0] for one in expected] != [one[0] for one in given]:
        score.complain("instruments", "", "", _listed(expected), _listed(given))


def _listed(instruments: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{symbol or '(no symbol)'} {date}".strip() for symbol, date in instruments)


def _score_offsets(score: FileScore, documents: Sequence[Document], provisions: Sequence[TaggedProvision]) -> None:
    texts = {document.id: document.text for document in documents}
    for one in provisions:
        unit = one.provision
        is_right = texts[unit.document][unit.start : unit.end] == unit.text
        score.tallies["provision offsets"].share(is_hit=is_right)
        if not is_right:
            score.complain("offsets", unit.number, unit.text, unit.text, texts[unit.document][unit.start : unit.end])
        for tag in one.tags:
            words = _field_text(one, tag.field)[tag.start : tag.end]
            score.tallies["tag offsets"].share(is_hit=words == tag.text)
            if words != tag.text:
                score.complain("offsets", unit.number, unit.text, tag.text, words)


def _field_text(one: TaggedProvision, name: Field) -> str:
    unit = one.provision
    return {Field.TEXT: unit.text, Field.LEAD_IN: unit.lead_in, Field.TITLE: unit.title}.get(
        name, " / ".join(unit.heading)
    )


def _score_boundaries(score: FileScore, gold: GoldFile, given: Sequence[TaggedProvision]) -> Matched:
    known: dict[str, tuple[str, Printed]] = {}
    for one in gold.provisions:
        for printed in printings(one.words, one.footnote):
            known.setdefault(core(printed.text), (core(one.words.text), printed))
    given_keys = [core(one.provision.text) for one in given]
    pairs = pair_up(
        [core(one.words.text) for one in gold.provisions],
        [known[key][0] if key in known else key for key in given_keys],
    )
    neutral = runs((*gold.not_coded, NOTE_OF_ORIGIN))
    matched: Matched = []
    tally = score.tallies["boundary"]
    for a, b in pairs:
        tally.gold += a is not None
        if a is not None and b is not None:
            matched.append((gold.provisions[a], given[b], known[given_keys[b]][1]))
            tally.given += 1
            tally.hits += 1
        elif a is not None:
            wanted = gold.provisions[a]
            score.complain("boundary", wanted.number, wanted.words.text, f"a provision ({wanted.role})", "none")
        elif b is not None and given_keys[b] in neutral:
            score.tallies[NEUTRAL].given += 1
        elif b is not None:
            unit = given[b].provision
            tally.given += 1
            score.complain("boundary", unit.number, _flat(unit.text), "none", f"a provision ({unit.role})")
    return matched


def _flat(text: str) -> str:
    return " ".join(text.split())


def _score_fields(score: FileScore, gold: GoldFile, matched: Matched) -> dict[int, list[list[Mention]]]:
    """Score role, number and lead-in; returns the tags in each stem, per item below it."""
    stems: dict[int, list[list[Mention]]] = defaultdict(list)
    outer: dict[int, list[list[Mention]]] = defaultdict(list)
    with_lead_in = score.tallies["lead-in end to end"]
    with_lead_in.gold = with_lead_in.given = sum(bool(one.stems) for one in gold.provisions)
    for wanted, one, _ in matched:
        unit = one.provision
        _score_field(score, "role", wanted, wanted.role, str(unit.role))
        is_mark = bool(wanted.footnote) and unit.number == wanted.footnote
        _score_field(score, "number", wanted, wanted.number, wanted.number if is_mark else _flat(unit.number))
        words = [gold.stems[index] for index in wanted.stems]
        printed = composed(words, unit.lead_in)
        name = "lead-in attachment" if wanted.stems else "no lead-in"
        score.tallies[name].share(is_hit=printed is not None)
        score.tallies["lead-in"].share(is_hit=printed is not None)
        if printed is None:
            expected = " ".join(one.text for one in words)
            score.complain(
                "lead-in", wanted.number, wanted.words.text, expected or "none", _flat(unit.lead_in) or "none"
            )
        elif wanted.stems:
            with_lead_in.hits += 1
            tags = [tag for tag in one.tags if tag.field == Field.LEAD_IN]
            for index, found in _by_stem(gold, wanted, given_mentions(unit.lead_in, tags, printed)):
                (stems if index == wanted.stems[-1] else outer)[index].append(found)
    found_in = {**outer, **stems}
    for wanted, one, printed in matched:
        for index in (index for index in found_in if gold.stems[index].text == wanted.words.text):
            # The addressee of an earlier act belongs to the stem's own provision, not to the items.
            tags = [tag for tag in one.tags if tag.field == Field.TEXT]
            found_in[index].append(given_mentions(one.provision.text, tags, printed))
    return found_in


def _by_stem(gold: GoldFile, wanted: GoldProvision, mentions: Sequence[Mention]) -> Iterable[tuple[int, list[Mention]]]:
    start = 0
    for index in wanted.stems:
        end = start + len(squash(gold.stems[index].text))
        yield index, [one.moved(-start) for one in mentions if start <= one.start < end]
        start = end


def _score_field(score: FileScore, name: str, wanted: GoldProvision, expected: str, given: str) -> None:
    score.tallies[name].share(is_hit=expected == given)
    if expected != given:
        score.complain(name, wanted.number, wanted.words.text, expected or "none", given or "none")


def _score_tags(score: FileScore, gold: GoldFile, matched: Matched, stems: dict[int, list[list[Mention]]]) -> None:
    for words in (*(one.words for one in gold.provisions), *gold.stems):
        for tag in words.tags:
            if tag.note != IMPLIED:
                tally = score.tallies[tag.kind + END_TO_END]
                tally.gold += 1
                tally.given += 1
    for wanted, one, printed in matched:
        text = wanted.words.text
        tags = [tag for tag in one.tags if tag.field == Field.TEXT]
        given = given_mentions(one.provision.text, tags, printed)
        kinds = KINDS if wanted.role in ACTING_ROLES else EVERYWHERE
        _score_mentions(score, (wanted.number, text), kinds, gold_mentions(text, wanted.words.tags), given)
    for index, found in sorted(stems.items()):
        text = gold.stems[index].text
        is_acting = any(index in one.stems and one.role in ACTING_ROLES for one in gold.provisions)
        # An item with its own addressee drops the stem's, so a tag counts once if any item has kept it.
        given = list(dict.fromkeys(mention for mentions in found for mention in mentions))
        kinds = KINDS if is_acting else EVERYWHERE
        _score_mentions(score, ("(stem)", text), kinds, gold_mentions(text, gold.stems[index].tags), given)


def _score_mentions(
    score: FileScore, place: _Place, kinds: Iterable[str], gold: Sequence[Mention], given: Sequence[Mention]
) -> None:
    for kind in kinds:
        result = compare_tags([one for one in gold if one.kind == kind], [one for one in given if one.kind == kind])
        strict = sum(is_strict(*pair) for pair in result.found)
        for name, hits in ((kind, len(result.found)), (kind + STRICT, strict)):
            tally = score.tallies[name]
            tally.hits += hits
            tally.gold += len(result.found) + len(result.wrong) + len(result.missing)
            tally.given += len(result.found) + len(result.wrong) + len(result.extra)
        score.tallies[kind + END_TO_END].hits += len(result.found)
        for mention, other in result.found:
            if mention.note in CONTRADICTED:
                score.tallies[CONFLICTS].share(is_hit=bool(other.note))
        for mention in result.missing:
            score.complain(kind, *place, _named(mention), "none")
        for mention in result.extra:
            score.complain(kind, *place, "none", _named(mention))
        for expected, other in result.wrong:
            score.complain(kind, *place, _named(expected), _named(other))


def _named(mention: Mention) -> str:
    note = f" ({mention.note})" if mention.note else ""
    return f"“{mention.text}” = {mention.ref or '(empty)'}{note}"

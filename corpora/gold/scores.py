"""Scores the stages on one gold file: boundaries, roles, numbers, lead-ins, links, offsets, tags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from corpora.gold.files import CONTRADICTED, IMPLIED, NOTE_OF_ORIGIN, GoldFile, GoldProvision
from corpora.gold.spans import Printed, composed, core, pair_up, printings, runs, squash
from corpora.gold.tags import (
    ACTING_ROLES,
    EVERYWHERE,
    KINDS,
    Mention,
    compare_tags,
    given_mentions,
    gold_mentions,
    is_strict,
)
from corpora.tallies import FileScore
from osce_commitments.catalogue import load_catalogue
from osce_commitments.labels import Field
from osce_commitments.schema import Document, TaggedProvision

STRICT = " strict"
END_TO_END = " end to end"
NEUTRAL = "neutral provisions"
CONFLICTS = "conflicts reported"
PLACES = ("delegation", "about", "note link", "tail")

Matched = list[tuple[GoldProvision, TaggedProvision, Printed]]


def score_file(gold: GoldFile, documents: Sequence[Document], provisions: Sequence[TaggedProvision]) -> FileScore:
    """Compare the results of the stages for one file with its gold."""
    score = FileScore(gold.document)
    expected = [(part.symbol, part.date) for part in gold.parts]
    read = [(document.symbol, document.date.isoformat() if document.date else "") for document in documents]
    for position, name in enumerate(("symbol", "date")):
        theirs, ours = ([instrument[position] for instrument in side] for side in (expected, read))
        tally = score.tallies[name]
        # Gold has its own document numbers; a document without a symbol has none to find.
        tally.gold, tally.given = sum(map(bool, theirs)), sum(map(bool, ours))
        pairs = pair_up(theirs, ours)
        tally.hits = sum(left is not None and right is not None and bool(theirs[left]) for left, right in pairs)
    if [symbol for symbol, _ in expected] != [symbol for symbol, _ in read]:
        score.complain("instruments", "", "", _listed(expected), _listed(read))
    _score_offsets(score, documents, provisions)
    matched = _score_boundaries(score, gold, provisions)
    _score_places(score, gold, matched)
    stems = _score_fields(score, gold, matched)
    if gold.is_tagged:
        _score_tags(score, gold, matched, stems)
    return score


def _listed(instruments: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{symbol or '(no symbol)'} {date}".strip() for symbol, date in instruments)


def _score_offsets(score: FileScore, documents: Sequence[Document], provisions: Sequence[TaggedProvision]) -> None:
    texts = {document.id: document.text for document in documents}
    for tagged in provisions:
        unit = tagged.provision
        fields = {Field.TEXT: unit.text, Field.LEAD_IN: unit.lead_in, Field.TITLE: unit.title}
        stretches = [("provision offsets", texts[unit.document][unit.start : unit.end], unit.text)]
        for tag in tagged.tags:
            words = fields.get(tag.field, " / ".join(unit.heading))[tag.start : tag.end]
            stretches.append(("tag offsets", words, tag.text))
        for name, words, expected in stretches:
            score.tallies[name].share(is_hit=words == expected)
            if words != expected:
                score.complain("offsets", unit.number, unit.text, expected, words)


def _score_boundaries(score: FileScore, gold: GoldFile, provisions: Sequence[TaggedProvision]) -> Matched:
    known: dict[str, tuple[str, Printed]] = {}
    for coded in gold.provisions:
        for printed in printings(coded.words, coded.footnote):
            known.setdefault(core(printed.text), (core(coded.words.text), printed))
    keys = [core(tagged.provision.text) for tagged in provisions]
    pairs = pair_up(
        [core(coded.words.text) for coded in gold.provisions],
        [known[key][0] if key in known else key for key in keys],
    )
    neutral = runs((*gold.not_coded, NOTE_OF_ORIGIN))
    matched: Matched = []
    tally = score.tallies["boundary"]
    for left, right in pairs:
        tally.gold += left is not None
        if right is None:
            if left is not None:
                coded = gold.provisions[left]
                score.complain("boundary", coded.number, coded.words.text, f"a provision ({coded.role})", "none")
        elif left is not None:
            matched.append((gold.provisions[left], provisions[right], known[keys[right]][1]))
            tally.given += 1
            tally.hits += 1
        elif keys[right] in neutral:
            score.tallies[NEUTRAL].given += 1
        else:
            unit = provisions[right].provision
            tally.given += 1
            score.complain("boundary", unit.number, _flat(unit.text), "none", f"a provision ({unit.role})")
    return matched


def _flat(text: str) -> str:
    return " ".join(text.split())


def _score_places(score: FileScore, gold: GoldFile, matched: Matched) -> None:
    """Compare delegation, decision, footnote link and tail of the provisions with right boundaries.

    The gold names one delegation, which must be given first. A footnote link is right if it points to the provision
    that was found for the gold provision with its mark.
    """
    ids = {id(coded): tagged.provision.id for coded, tagged, _ in matched}
    for coded, tagged, _ in matched:
        unit = tagged.provision
        link = ""
        if coded.footnote_of is not None:
            link = ids.get(id(gold.provisions[coded.footnote_of]), "a provision that was not found")
        tail = "" if coded.tail is None else gold.stems[coded.tail].text
        places = {
            "delegation": (_canonical(coded.delegation), next(map(_canonical, unit.delegation), "")),
            "about": (coded.about, unit.about),
            "note link": (link, unit.note_of),
            "tail": (tail, tail if core(tail) == core(unit.tail) else _flat(unit.tail)),
        }
        for name, (expected, value) in places.items():
            tally = score.tallies[name]
            tally.gold += bool(expected)
            tally.given += bool(value)
            tally.hits += bool(expected) and expected == value
            if expected != value:
                score.complain(name, coded.number, coded.words.text, expected or "none", value or "none")


def _canonical(name: str) -> str:
    actor = load_catalogue().actor(name) if name else None
    return actor.name if actor else name


def _score_fields(score: FileScore, gold: GoldFile, matched: Matched) -> dict[int, list[list[Mention]]]:
    """Score role, number and lead-in; returns the tags in each stem, per item below it."""
    stems: dict[int, list[list[Mention]]] = defaultdict(list)
    outer: dict[int, list[list[Mention]]] = defaultdict(list)
    with_lead_in = score.tallies["lead-in end to end"]
    with_lead_in.gold = with_lead_in.given = sum(bool(coded.stems) for coded in gold.provisions)
    for coded, tagged, _ in matched:
        unit = tagged.provision
        is_mark = bool(coded.footnote) and unit.number == coded.footnote
        words = [gold.stems[index] for index in coded.stems]
        printed = composed(words, unit.lead_in)
        score.tallies["lead-in attachment" if coded.stems else "no lead-in"].share(is_hit=printed is not None)
        lead_in = " ".join(stem.text for stem in words)
        fields = {
            "role": (coded.role, str(unit.role)),
            "number": (coded.number, coded.number if is_mark else _flat(unit.number)),
            "lead-in": (lead_in, lead_in if printed is not None else _flat(unit.lead_in)),
        }
        for name, (expected, value) in fields.items():
            is_right = printed is not None if name == "lead-in" else expected == value
            score.tallies[name].share(is_hit=is_right)
            if not is_right:
                score.complain(name, coded.number, coded.words.text, expected or "none", value or "none")
        if printed is not None and coded.stems:
            with_lead_in.hits += 1
            tags = [tag for tag in tagged.tags if tag.field == Field.LEAD_IN]
            for index, mentions in _by_stem(gold, coded, given_mentions(unit.lead_in, tags, printed)):
                (stems if index == coded.stems[-1] else outer)[index].append(mentions)
    by_stem = {**outer, **stems}
    for coded, tagged, printed in matched:
        for index in (index for index in by_stem if gold.stems[index].text == coded.words.text):
            # The addressee of an earlier act belongs to the stem's own provision, not to the items.
            tags = [tag for tag in tagged.tags if tag.field == Field.TEXT]
            by_stem[index].append(given_mentions(tagged.provision.text, tags, printed))
    return by_stem


def _by_stem(gold: GoldFile, coded: GoldProvision, mentions: Sequence[Mention]) -> Iterable[tuple[int, list[Mention]]]:
    start = 0
    for index in coded.stems:
        end = start + len(squash(gold.stems[index].text))
        yield index, [mention.moved(-start) for mention in mentions if start <= mention.start < end]
        start = end


def _score_tags(score: FileScore, gold: GoldFile, matched: Matched, stems: dict[int, list[list[Mention]]]) -> None:
    for words in (*(coded.words for coded in gold.provisions), *gold.stems):
        for tag in words.tags:
            if tag.note != IMPLIED:
                tally = score.tallies[tag.kind + END_TO_END]
                tally.gold += 1
                tally.given += 1
    for coded, tagged, printed in matched:
        text = coded.words.text
        tags = [tag for tag in tagged.tags if tag.field == Field.TEXT]
        tagged_mentions = given_mentions(tagged.provision.text, tags, printed)
        kinds = KINDS if coded.role in ACTING_ROLES else EVERYWHERE
        _score_mentions(score, (coded.number, text), kinds, gold_mentions(text, coded.words.tags), tagged_mentions)
    for index, by_item in sorted(stems.items()):
        text = gold.stems[index].text
        is_acting = any(index in coded.stems and coded.role in ACTING_ROLES for coded in gold.provisions)
        # An item with its own addressee drops the stem's, so a tag counts once if any item has kept it.
        tagged_mentions = list(dict.fromkeys(mention for mentions in by_item for mention in mentions))
        kinds = KINDS if is_acting else EVERYWHERE
        _score_mentions(score, ("(stem)", text), kinds, gold_mentions(text, gold.stems[index].tags), tagged_mentions)


def _score_mentions(
    score: FileScore, place: tuple[str, str], kinds: Iterable[str], gold: Sequence[Mention], mentions: Sequence[Mention]
) -> None:
    for kind in kinds:
        result = compare_tags(
            [mention for mention in gold if mention.kind == kind],
            [mention for mention in mentions if mention.kind == kind],
        )
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

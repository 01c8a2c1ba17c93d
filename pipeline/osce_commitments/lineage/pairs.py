"""Which provisions of a later document take up which of an earlier one, and how."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from osce_commitments.labels import Relation
from osce_commitments.lineage.evidence import LEAST_PROBABLE, evidence, probabilities
from osce_commitments.lineage.scores import Likeness, compare_words, moved_words, plain_likeness

if TYPE_CHECKING:
    from osce_commitments.lineage.scores import Floats
    from osce_commitments.lineage.worded import WordedDocument
    from osce_commitments.lineage.wording import Wording

# Chosen on coded pairs; docs/explanation/lineage.md has the figures.
_LEAST = 0.45  # score from which a pair shows what two documents share
_LEAST_ELSEWHERE = 0.8  # score from which a pair is one commitment in documents that share only a clause
_FEWEST_ELSEWHERE = 8  # content words that two such provisions have in common
_EDITION_LINKS, _EDITION_SHARE = 3, 0.6  # links, and share of the shorter document, that make editions of two titles
_SHARE_OTHER = 0.1  # share of pairs whose subjects differ, from which the subjects of two documents differ
# Probability from which neighbours are sure, from which the pair that they leave alone is one commitment, and from which any
# other two acts with a score below the fourth number are.
_SURE, _LEAST_ALONE, _LEAST_UNLIKE, _UNLIKE = 0.75, 0.16, 0.66, 0.45
# Score of a provision whose best match has a partner at most so far away; more if the partner restates it word for word.
_LEAST_SECOND, _LEAST_SECOND_OF_SAME, _NEAR_FIRST = 0.46, 0.6, 2
_LEAST_PROCEDURE = 0.55
# Share of the words of a part of a split, and of a merger, that the whole lost or gained; sum of it and of their share of all
# that the whole lost or gained.
_OF_PART, _OF_HALF, _MOVED = 0.25, 0.38, 0.72
# Share of the words of an item that an unfolded provision has, and how many times as long it is.
_OF_ITEM, _LARGER = 0.6, 2
_WHOLE = 0.6  # share of a part that another provision must have if the one is a note that something was done
_ACT_WORDS, _WHOLE_ACT = 5, 0.7  # content words, and their share of the shorter act, that make two acts one
_SLACK = 0.06  # share of the words that an extended or narrowed wording may exchange
_ENOUGH = 12.0  # weight of shared words from which a part counts in full
_PART = 0.8  # a provision that is wholly a part of another scores this
_MORE_THAN_EXCHANGED = 3  # words that it adds or drops for each one that it exchanges
_LEAD = 0.2  # how much the lead-ins of two items count


@dataclass(frozen=True, slots=True)
class PairLink:
    """A link between two provisions, by their positions in the two documents.

    Attributes:
        is_main: Whether they are partners; not for the further parts of a split or a merger.
        overlap: Share of the later document's provisions that have a partner in the earlier one.
    """

    earlier: int
    later: int
    relation: Relation
    score: float
    is_main: bool = True
    overlap: float = 0.0


def link(earlier_document: WordedDocument, later_document: WordedDocument) -> list[PairLink]:
    """The links between the provisions of one document and those of a later one, in the order of the later one.

    Every provision has at most one partner; the parts of a split and of a merger have further ones. Two documents that
    share only clauses need a higher score: their order and their subject say nothing of its neighbours.
    """
    earlier, later = earlier_document.provisions, later_document.provisions
    alike = compare_words(earlier_document, later_document)
    scores = pair_scores(earlier, later, alike)
    pairs = best_pairs(scores, _LEAST)
    subjects = _Subjects(earlier_document, later_document)
    is_edition = len(pairs) >= _EDITION_LINKS and len(pairs) >= _EDITION_SHARE * min(scores.shape)
    if not is_edition and not (pairs and later_document.has_title_of(earlier_document)):
        return _elsewhere(earlier, later, scores, subjects)
    if subjects.are_other(pairs):
        return []
    found = evidence(plain_likeness(earlier_document, later_document), alike.words.weight, scores)
    pairs = _probable_pairs(probabilities(found, scores), scores, later)
    unfolded = _unfolded(earlier, later, alike, scores, pairs)
    for one, two in unfolded:
        pairs.setdefault(one, two)
    relations = {pair: _relation(earlier[pair[0]], later[pair[1]]) for pair in pairs.items()}
    relations |= _parts(earlier, later, alike, scores, pairs) | dict.fromkeys(unfolded, Relation.SPLIT)
    relations |= _seconds(earlier, later, scores, pairs, {two for _, two in relations})
    overlap = _rounded(len(pairs) / len(later))
    links = [
        PairLink(*pair, relation, _rounded(scores[pair]), is_main=pairs.get(pair[0]) == pair[1], overlap=overlap)
        for pair, relation in relations.items()
    ]
    return sorted(_named(links), key=lambda pair_link: (pair_link.later, pair_link.earlier))


class _Subjects:
    """The words of the subject of each document that the other one lacks."""

    def __init__(self, earlier: WordedDocument, later: WordedDocument) -> None:
        self._own = (earlier.subject_apart(later), later.subject_apart(earlier))
        self._provisions = (earlier.provisions, later.provisions)

    def differ(self, one: int, two: int) -> bool:
        """Whether one provision names its own subject where the other names its own."""
        before, after = (
            frozenset("_".join(provision[position].words).split("_"))
            for provision, position in zip(self._provisions, (one, two), strict=True)
        )
        return bool(self._own[0] & before - after) and bool(self._own[1] & after - before)

    def are_other(self, pairs: Mapping[int, int]) -> bool:
        """Whether the documents have a form in common and no subject, as those on two missions."""
        count = sum(self.differ(*pair) for pair in pairs.items())
        return count > 0 and count >= _SHARE_OTHER * len(pairs)


def _elsewhere(
    earlier: Sequence[Wording], later: Sequence[Wording], scores: Floats, subjects: _Subjects
) -> list[PairLink]:
    """Links of documents that share only a clause: acts of substance, with enough words in common."""
    found = []
    for one, two in best_pairs(scores, _LEAST_ELSEWHERE).items():
        before, after = earlier[one], later[two]
        is_substance = before.part == "operative" and not before.procedure
        has_matter = len(set(before.words) & set(after.words)) >= _FEWEST_ELSEWHERE
        if is_substance and has_matter and not subjects.differ(one, two):
            found.append(PairLink(one, two, _relation(before, after), _rounded(scores[one, two])))
    return sorted(found, key=lambda pair_link: pair_link.later)


def _rounded(score: float) -> float:
    return round(float(score), 3)


def pair_scores(earlier: Sequence[Wording], later: Sequence[Wording], alike: Likeness) -> Floats:
    """Score of each pair, 0 to 1, of shape ``(earlier, later)``.

    It is 0 for a recital with an act, for procedure with substance and for a request with a note that it was fulfilled.
    """
    enough = np.minimum(1, alike.words.weight / _ENOUGH)
    part = _PART * enough * np.maximum(alike.of_earlier, alike.of_later)
    scores: Floats = np.maximum(alike.shared, part) * (1 - _LEAD + _LEAD * alike.lead)
    is_procedure = [np.array([bool(wording.procedure) for wording in wordings]) for wordings in (earlier, later)]
    both, differ = np.logical_and.outer(*is_procedure), np.logical_xor.outer(*is_procedure)
    parts = [np.array([one.part for one in some]) for some in (earlier, later)]
    is_noted = np.logical_and.outer([one.asks for one in earlier], [one.notes for one in later])
    scores[is_noted | differ | (both & (scores < _LEAST_PROCEDURE)) | (parts[0][:, None] != parts[1][None, :])] = 0
    return scores


def best_pairs(scores: Floats, least: float) -> dict[int, int]:
    """Later position by earlier one: the best pairs first, and of equal ones those at the same place of their texts."""
    ours, theirs = np.nonzero(scores >= least)
    place = np.abs(ours / scores.shape[0] - theirs / scores.shape[1])
    order = np.lexsort((place, -scores[ours, theirs].round(2)))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for one, two in zip(ours[order].tolist(), theirs[order].tolist(), strict=True):
        if one not in pairs and two not in taken:
            pairs[one] = two
            taken.add(two)
    return pairs


def _probable_pairs(chances: Floats, scores: Floats, later: Sequence[Wording]) -> dict[int, int]:
    """Partners by probability, where the two provisions that sure neighbours leave alone in their places need less of it."""
    is_act = np.array([wording.part == "operative" for wording in later])
    least = np.where((scores < _UNLIKE) & is_act, _LEAST_UNLIKE, LEAST_PROBABLE)
    sure = best_pairs(chances, _SURE)
    partner = {-1: -1, len(chances): len(later), **sure}
    free = set(range(len(later))) - set(sure.values())
    for one in set(range(len(chances))) - set(sure):
        before, after = partner.get(one - 1), partner.get(one + 1)
        if before is not None and after == before + 2 and before + 1 in free:
            least[one, before + 1] = _LEAST_ALONE
    return best_pairs(np.where(chances >= least, chances, 0), _LEAST_ALONE)


def _seconds(
    earlier: Sequence[Wording], later: Sequence[Wording], scores: Floats, pairs: dict[int, int], linked: set[int]
) -> dict[tuple[int, int], Relation]:
    """Links of provisions whose best match has a partner next to them: a new round of what the partner restates."""
    seconds = {}
    for two in set(range(len(later))) - linked:
        one = int(scores[:, two].argmax())
        before, after = earlier[one], later[two]
        if one not in pairs or abs(pairs[one] - two) > _NEAR_FIRST:
            continue
        is_restated = _relation(before, later[pairs[one]]) is Relation.VERBATIM
        is_near = scores[one, two] >= (_LEAST_SECOND_OF_SAME if is_restated else _LEAST_SECOND)
        is_whole = after.part == "operative" and not after.procedure and not after.lead  # each item has its own matter
        if (
            is_near
            and is_whole
            and not (len({act.force == "stating" for wording in (before, after) for act in wording.acts[:1]}) > 1)
            and not _cites_other(before, after)
        ):
            seconds[one, two] = _relation(before, after)
    return seconds


def _cites_other(wording: Wording, two: Wording) -> bool:
    """Whether the later provision is about texts that the earlier one does not cite."""
    return bool(two.cited) and not two.cited & wording.cited


def _relation(wording: Wording, two: Wording) -> Relation:
    same_numbers = wording.numbers == two.numbers
    ours, theirs = (Counter(some.words if wording.words != two.words else ()) for some in (wording, two))
    removed, added = _without_short_names(ours - theirs, theirs - ours)
    if not removed and not added:
        return Relation.VERBATIM if same_numbers else Relation.REWORDED
    fewer, more = sorted((removed, added))
    is_exchange = fewer > min(_SLACK * min(len(wording.words), len(two.words)), more / _MORE_THAN_EXCHANGED)
    if is_exchange or (more == 1 and not same_numbers):
        return Relation.REWORDED
    return Relation.EXTENDED if added > removed else Relation.NARROWED


def _without_short_names(removed: Counter[str], added: Counter[str]) -> tuple[int, int]:
    """Numbers of words removed and added, where a name and its short form ("the 2030 Agenda") are no difference."""
    for name in [word for word in removed if "_" in word]:
        parts = set(name.split("_"))
        short = next((word for word in added if set(word.split("_")) <= parts or parts <= set(word.split("_"))), None)
        if short:
            count = min(removed[name], added[short])
            removed[name] -= count
            added[short] -= count
    for name in [word for word in added if "_" in word]:
        short = next((word for word in +removed if word in name.split("_")), None)
        if short:
            removed[short] -= 1
            added[name] -= 1
    return (+removed).total(), (+added).total()


def _unfolded(
    before: Sequence[Wording], after: Sequence[Wording], alike: Likeness, scores: Floats, pairs: Mapping[int, int]
) -> list[tuple[int, int]]:
    """Items of a list into which one provision was unfolded, each with the provision; those with most of its words first.

    An item has most of its words from it, and another item of the list takes it up too. It is much longer than an item: the
    items of two lists are alike.
    """
    share = np.where(scores > 0, alike.of_later, 0)
    found: defaultdict[tuple[int, tuple[str, ...]], list[int]] = defaultdict(list)
    for two in sorted(set(range(len(after))) - set(pairs.values())):
        one = int(share[:, two].argmax())
        is_larger = len(before[one].words) >= _LARGER * len(after[two].words)
        is_item = bool(after[two].lead) and not _cites_other(before[one], after[two])
        if is_item and is_larger and share[one, two] >= _OF_ITEM:
            found[one, after[two].lead].append(two)
    return [
        (one, two)
        for (one, lead), items in found.items()
        if len(items) > 1 or (one in pairs and after[pairs[one]].lead == lead)
        for two in sorted(items, key=lambda two: -alike.words.weight[one, two])
    ]


def _parts(
    before: Sequence[Wording], after: Sequence[Wording], alike: Likeness, scores: Floats, pairs: dict[int, int]
) -> dict[tuple[int, int], Relation]:
    """Links of provisions without a partner to one that has another: the rest of a split, the other half of a merger.

    The part has much of what the partner lacks.
    """
    lost, gained = moved_words(alike.words, pairs)
    moved = np.where((scores > 0) | ((lost > 0) & (gained >= _WHOLE)), lost + gained, 0)
    partner_of = {two: one for one, two in pairs.items()}
    best: dict[Wording, tuple[float, int, int, Relation]] = {}
    for one, two in np.argwhere(moved > 0).tolist():
        if one in pairs and two not in partner_of and not (after[two].lead and _cites_other(before[one], after[two])):
            relation, share = Relation.SPLIT, gained[one, two] / _OF_PART
            part, whole, other = after[two], before[one], after[pairs[one]]
        elif one not in pairs and two in partner_of:
            relation, share = Relation.MERGED, lost[one, two] / _OF_HALF
            part, whole, other = before[one], after[two], before[partner_of[two]]
        else:
            continue
        if (moved[one, two] >= _MOVED and share >= 1) or _has_act_of(part, whole, other):
            best[part] = max(best.get(part, (0.0, 0, 0, relation)), (moved[one, two], one, two, relation))
    return {(one, two): relation for _, one, two, relation in best.values()}


def _has_act_of(part: Wording, whole: Wording, other: Wording) -> bool:
    """Whether a part that is no item has an act of the whole, with its words, that the other part lacks."""
    return not part.lead and any(
        len(shared := ours.words & theirs.words)
        >= max(_ACT_WORDS, _WHOLE_ACT * min(len(ours.words), len(theirs.words)))
        and len(shared & set(other.words)) <= len(shared) / 2
        for ours, theirs in itertools.product(part.acts, whole.acts)
    )


def _named(links: list[PairLink]) -> Iterator[PairLink]:
    """The links, where the main link of a split or a merger has its name too."""
    split = {pair_link.earlier for pair_link in links if pair_link.relation is Relation.SPLIT}
    merged = {one.later for one in links if one.relation is Relation.MERGED}
    for one in links:
        if one.relation is Relation.VERBATIM:
            yield one
        elif one.earlier in split:
            yield replace(one, relation=Relation.SPLIT)
        elif one.later in merged:
            yield replace(one, relation=Relation.MERGED)
        else:
            yield one

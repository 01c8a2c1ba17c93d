"""What changed between the two wordings of a link: force, act verb, dates, and whether anything but numbers did."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable

from osce_commitments.lineage.wording import RESTATING, Act, acts_of, lineage_rules, stem, tokens_of, word_lists
from osce_commitments.rules.lexicon import verbs
from osce_commitments.texts.dates import find_dates
from osce_commitments.texts.normalise import plain

# Content words without which an act says nothing of its matter, and share of them that two acts on one matter have in common.
_MATTER, _FURTHER_MATTER = (2, 0.5), (4, 0.75)
_AS_RESTATED = frozenset({RESTATING, "stating", "mandating"})
_REFERENCE = "0"
_BEFORE_DATE = frozenset({"by", "until", "till", "before", "after", "since", "from", "to", "on", "in", "of", "at"})
_BEFORE_CITED = 80  # characters that tell a date of a cited text from one by which something is due
_SPELLED = {"upon": "on"}
_AGAIN = frozenset({"also", "again", "further", "once", "hereby"})


def same_words(before: str, after: str) -> bool:
    """Whether two texts have the same words in the same order, apart from numbers, dates and symbols.

    Forms of one act verb are the same, and so are two spellings of a name; "also" and "again" before an act only say that
    others stand above it. "Not", "or" and "strongly" count: who reads *verbatim* relies on them.
    """
    return _printed(before) == _printed(after)


def _printed(text: str) -> list[str]:
    """The words that count for :func:`same_words`, from the last to the first."""
    lists = word_lists()
    words: list[str] = []
    after = ""
    for word in reversed(tokens_of(text, f" {_REFERENCE} ")):
        is_number = word[0].isdigit() or word in lists.ordinals
        is_of_date = word in _BEFORE_DATE and after[:1].isdigit()
        is_again = word in _AGAIN and words[-1:] and words[-1] in lists.force
        if not (is_number or is_of_date or is_again):
            words.append(word)
        after = word
    while words and words[-1] in _AGAIN:
        words.pop()
    return [_lemma(word) if word in lists.force else _SPELLED.get(word, word) for word in words]


def new_act(before: str, after: str) -> str:
    """Acts with another verb than before, each after the verb that it replaces: "encourages > requests"; empty if none.

    An act is compared with those of the earlier text on the same words, wherever both stand. An added clause replaces nothing.
    """
    ours, modals = _verbs(before), word_lists().modals
    replaced: dict[str, str] = {}
    for act in _verbs(after):
        # A modal is compared with acts, and an act with modals, only where the other text has none of its own kind.
        of_kind = [old for old in ours if (old.verb in modals) == (act.verb in modals)] or ours
        near = [old for old in of_kind if old.words == act.words or _is_same_matter(act.words, old.words, *_MATTER)]
        if near and _lemma(act.verb) not in {_lemma(old.verb) for old in near}:
            replaced.setdefault(max(near, key=lambda old: len(old.words & act.words)).verb, act.verb)
    return "; ".join(f"{old} > {new}" for old, new in replaced.items())


def _verbs(text: str) -> list[Act]:
    """The acts and modals of a text, with an opening verb that gives no force; an act has the words of its modal too."""
    lists, words = word_lists(), list(itertools.dropwhile(_AGAIN.__contains__, tokens_of(text)))
    acts = list(acts_of(text))
    if words and words[0] in _opening_verbs() and words[0] not in lists.force:
        matter = itertools.takewhile(lambda word: word not in lists.force or word in lists.dropped, words[1:])
        verb = "takes note" if words[1:2] == ["note"] else words[0]
        acts.insert(0, Act("", frozenset(stem(word) for word in matter if word not in lists.dropped), verb))
    for position, (act, further) in enumerate(itertools.pairwise(acts)):
        if act.verb not in lists.modals and further.verb in lists.modals:
            acts[position] = act._replace(words=act.words | further.words)
    return acts


@functools.cache
def _opening_verbs() -> frozenset[str]:
    """Forms with which a provision opens; a form that is a noun too may open a heading or an item."""
    opening = [verb for verb in verbs() if "noun" not in verb.features]
    return frozenset(word for verb in opening for form in ("third", "gerund") for word in verb.forms[form])


def _lemma(verb: str) -> str:
    short = stem(verb)
    return f"{short[:-1]}z" if short.endswith("is") else short


def new_date(before: str, after: str) -> str:
    """The dates that only the later text has, after those that only the earlier one has: "2092-06-30 > 2095-05-01".

    Empty if the later text has no new one. Dates of texts and meetings that it cites do not count, nor years in names.
    """
    ours, theirs = _dates(before), _dates(after)
    added = ", ".join(sorted(theirs - ours))
    return f"{', '.join(sorted(ours - theirs))} > {added}".strip() if added else ""


def _dates(text: str) -> set[str]:
    text, rules = plain(text), lineage_rules()
    return {
        date.iso
        for date in find_dates(text)
        if not rules.finds("cited_date", text[max(0, date.start - _BEFORE_CITED) : date.start])
    }


def force_differs(earlier: Iterable[Act], later: Iterable[Act]) -> bool:
    """Whether an act of the one and an act of the other are about the same words and differ in force.

    An act on words that the other lacks extends or narrows a provision; it makes the rest no firmer. Where both begin with
    acts of one force, a further act must be on the same words almost whole.
    """
    ours, theirs = list(earlier), list(later)
    matter = _MATTER
    if ours and theirs and _is_one_force({ours[0].force}, {theirs[0].force}):
        ours, theirs, matter = ours[1:], theirs[1:], _FURTHER_MATTER
    for act in ours:
        own, near = (
            {other.force for other in acts if _is_same_matter(act.words, other.words, *matter)}
            for acts in (ours, theirs)
        )
        if near and not _is_one_force(own, near):
            return True
    return False


def cue_differs(earlier: str, later: str) -> bool:
    """Whether the acts at the cues of two provisions are about the same words and differ in force.

    Only then do their levels say that one commitment became firmer or softer. Without a cue that is a known act nothing is decided.

    Args:
        earlier: Text from the cue of the earlier provision on.
        later: The same of the later one.
    """
    ours, theirs = acts_of(earlier)[:1], acts_of(later)[:1]
    return not ours or not theirs or force_differs(ours, theirs)


def _is_one_force(earlier: set[str], later: set[str]) -> bool:
    """Whether two sets of forces have one in common; what is reaffirmed keeps the force with which it was decided."""
    ours, theirs = ((forces | _AS_RESTATED if RESTATING in forces else forces) for forces in (earlier, later))
    return bool(ours & theirs)


def _is_same_matter(words: frozenset[str], others: frozenset[str], least: int, share: float) -> bool:
    fewest = min(len(words), len(others))
    return fewest >= least and len(words & others) >= max(min(3, fewest), share * fewest)

"""Where a word stands in its sentence, judged from the words before it; there is no parser below."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from dataclasses import dataclass

from osce_commitments.grammar.lexicon import load_lexicon, verb_rules
from osce_commitments.rules.record import REACH

_LONGEST_SENTENCE = 2000


@dataclass(frozen=True, slots=True)
class Left:
    """What stands before a word.

    Attributes:
        sentence: Text from the start of the sentence to the word, adverbs before the word removed.
        subject: The same without a relative clause that is over: what stands at its end can be the word's subject.
        is_opening: Nothing but adverbs stands before it.
        is_coordinated: A conjunction or comma stands before it.
        clause: Empty for a main clause, "content" for the that-clause of an operative verb, else "subordinate".
    """

    sentence: str
    subject: str
    is_opening: bool
    is_coordinated: bool
    clause: str


@functools.lru_cache(maxsize=8)
def _quoted(text: str) -> tuple[list[int], list[int]]:
    matches = list(verb_rules().pattern("clause.quotation").finditer(text))
    return [match.start() for match in matches], [match.end() for match in matches]


def is_quoted(text: str, offset: int) -> bool:
    """Whether the offset lies between quotation marks or in parentheses."""
    starts, ends = _quoted(text)
    last = bisect_left(starts, offset) - 1
    return last >= 0 and offset < ends[last]


@functools.lru_cache(maxsize=32)  # asked several times for each verb
def sentence_start(text: str, offset: int) -> int:
    """Offset at which the sentence that holds ``offset`` starts; looks back no further than a long sentence."""
    start = max(0, offset - _LONGEST_SENTENCE)
    for match in verb_rules().pattern("clause.sentence_end").finditer(text, start, min(len(text), offset + 1)):
        if match.end() <= offset:
            start = match.end()
    return start


def look_left(text: str, offset: int) -> Left:
    """Describe what stands before the word at ``offset``."""
    sentence = text[sentence_start(text, offset) : offset].lstrip()
    adverbs = load_lexicon().adverbs_before.search(sentence, max(0, len(sentence) - REACH))
    bare = sentence[: adverbs.start()] if adverbs else sentence
    is_coordinated = bool(verb_rules().pattern("before.conjunction").search(bare, max(0, len(bare) - REACH)))
    clause = _clause(bare, is_coordinated=is_coordinated)
    return Left(bare, _without_relative(bare), not bare.strip(" ,"), is_coordinated, clause)


def _clause(before: str, *, is_coordinated: bool) -> str:
    matches = list(verb_rules().pattern("clause.subordinator").finditer(before))
    if not matches or verb_rules().pattern("subject.new_pronoun").search(before) or _is_after_insertion(before):
        return ""
    last = matches[-1]
    main, between = before[: last.start()], before[last.end() :]
    kind = last.lastgroup or ""
    if _is_ended_by_subject(kind, main, between):
        # The new subject belongs to the clause around: "Where a person who sells arms is found, the police shall".
        return _clause(f"{main.rstrip(' ,')}, {between.rstrip(' ,').rpartition(',')[2]}", is_coordinated=is_coordinated)
    if _is_over(kind, main, between) or (not is_coordinated and _is_complete(last, main, between)):
        return _clause(_closed(kind, main), is_coordinated=is_coordinated)
    is_short = "," not in between.rstrip(" ,") and (" and " in between or not _has_finite(between))
    if kind == "relative" and verb_rules().pattern("before.preposition").search(main) and is_short:
        return "subordinate"
    if _is_consumed(kind, between, opens=not main.strip(" ,"), is_coordinated=is_coordinated):
        return _clause(main, is_coordinated=is_coordinated) if kind != "that" else ""
    # An item may be a that-clause of its lead-in: "Decides: (a) That States shall report".
    is_content = kind == "that" and (not main.strip(" ,") or (_follows_act(main) and not _is_reason(main)))
    return "content" if is_content else "subordinate"


def _closed(kind: str, before: str) -> str:
    """The words before a clause that is over; a that-clause is an object: "who fear that …" reads as "who fear it"."""
    return f"{before.rstrip(' ,')} it" if kind == "that" else before


def _is_after_insertion(before: str) -> bool:
    """Whether commas enclose all between the subject that opens the sentence and its verb ("Offices, as agreed, shall")."""
    subject, comma, _ = before.partition(",")
    if not comma or not before.rstrip().endswith(",") or subject == before.rstrip(" ,"):
        return False
    is_noun = verb_rules().pattern("clause.subject_start").match(subject) and not verb_rules().pattern(
        "clause.opening_word"
    ).match(subject)
    return (
        bool(is_noun)
        and not (_has_finite(subject) or _has_verb(subject))
        and not verb_rules().pattern("clause.subordinator").search(subject)
    )


def _has_finite(words: str) -> bool:
    return bool(
        verb_rules().pattern("clause.finite_verb").search(words)
        or verb_rules().pattern("clause.pronoun_and_verb").search(words)
    )


def _is_complete(opening: re.Match[str], main: str, between: str) -> bool:
    """Whether an adverbial clause has its verb: the next finite verb belongs to the clause around it."""
    if opening.lastgroup != "adverbial" or between.lstrip().startswith(",") or not _has_finite(between):
        return False
    # A clause that opens the sentence ends at a comma, unless it is the subject ("What they have seen shall").
    if not main.strip(" ,"):
        return opening.group() == "What"
    # In a question that is an object, a relative clause may have no pronoun: "how the data they collect will be stored".
    return opening.group().lower() not in {"how", "what", "whether", "the extent to which"}


def _is_ended_by_subject(kind: str, main: str, between: str) -> bool:
    """Whether a relative clause has its verb, and a new subject follows a comma."""
    clause, comma, words = between.rstrip(" ,").rpartition(",")
    if kind not in {"relative", "that"} or not comma or (kind == "that" and _follows_act(main)):
        return False
    has_verb = _has_finite(clause) or (
        not verb_rules().pattern("before.preposition").search(main) and _opens_with_verb(clause)
    )
    is_subject = verb_rules().pattern("clause.subject_start").match(words.strip()) and not _has_finite(words)
    return bool(has_verb and is_subject)


def _is_over(kind: str, main: str, between: str) -> bool:
    """Whether the words show by their grammar that the clause which a subordinator opened is over."""
    if kind == "that" and _is_relative(main, between):
        return True
    if kind == "relative" and _is_enclosed(main, between):
        return True
    if (
        kind == "adverbial"
        and main.rstrip().endswith(",")
        and verb_rules().pattern("clause.inserted_participle").match(between)
    ):
        return True
    return _is_before_main_verb(kind, main, between) or _is_closed(kind, between)


def _is_consumed(kind: str, between: str, *, opens: bool, is_coordinated: bool) -> bool:
    """Whether the clause that a subordinator opened is over before the word."""
    if kind == "bare_as":
        return False
    has_comma = "," in between.rstrip(" ,")
    if kind == "adverbial":
        return has_comma if opens else bool(verb_rules().pattern("clause.finite_verb_and").search(between))
    if is_coordinated:
        return kind == "relative" and has_comma
    words = between.strip()
    is_finite = bool(verb_rules().pattern("clause.finite_verb").search(words))
    starts_with_verb = not (
        verb_rules().pattern("clause.subject_start").match(words)
        or verb_rules().pattern("clause.preposition_start").match(words)
    )
    if kind == "relative":
        return has_comma or (" " in words and (is_finite or starts_with_verb))
    return is_finite and (has_comma or starts_with_verb)


def _is_enclosed(before: str, between: str) -> bool:
    """Whether commas enclose a relative clause that is over ("States, which bear the cost, shall")."""
    words = between.strip()
    opened = verb_rules().pattern("before.preposition").sub("", before)
    is_closed = opened.rstrip().endswith(",") and words.endswith(",") and "," not in words[:-1]
    is_subject = (
        opened == before and verb_rules().pattern("clause.subject_start").match(words) and not _has_finite(words)
    )
    return is_closed and " " in words and not is_subject


def _is_before_main_verb(kind: str, before: str, between: str) -> bool:
    """Whether a clause inside the subject has its verb and the main clause before it none: that one is still to come."""
    if kind not in {"relative", "that", "adverbial"} or not before.strip(" ,") or _follows_act(before):
        return False
    main = _without_relative(_closed(kind, before).rstrip(" ,").removesuffix(" and").rstrip(" ,"))
    if verb_rules().pattern("clause.finite_verb").search(main) or _has_verb(main):
        return False
    is_finite = _has_finite(between) or verb_rules().pattern("clause.singular_verb").search(between)
    if kind == "adverbial":
        return between.rstrip().endswith(",")
    return bool(is_finite) or (
        not verb_rules().pattern("before.preposition").search(before) and _opens_with_verb(between)
    )


def _has_verb(words: str) -> bool:
    """Whether one of the words is an operative verb: no noun ("within their mandates") and no participle ("arms taken")."""
    lexicon = load_lexicon()
    return any(
        not verb_rules().pattern("before.noun").search(words[: match.start()]) and lexicon.is_finite(match.group())
        for match in lexicon.words.finditer(words)
    )


def _opens_with_verb(between: str) -> bool:
    """Whether the relative pronoun is the subject of its clause: its verb comes at once."""
    words = between.strip(" ,")
    is_other = verb_rules().pattern("clause.subject_start").match(words) or verb_rules().pattern(
        "clause.preposition_start"
    ).match(words)
    return " " in words and not is_other


def _is_closed(kind: str, between: str) -> bool:
    """Whether a clause in mid-sentence is over: it has its verb, and a new subject follows a comma."""
    clause, comma, words = between.rstrip(" ,").rpartition(",")
    if kind != "adverbial" or not comma or not verb_rules().pattern("clause.finite_verb").search(clause):
        return False
    return bool(verb_rules().pattern("clause.subject_start").match(words.strip())) and not verb_rules().pattern(
        "clause.finite_verb"
    ).search(words)


@functools.lru_cache(maxsize=1024)  # else every nested clause is read twice, and twice again inside
def _without_relative(before: str) -> str:
    """The words before a relative clause that stands between a subject and its verb; else all of them."""
    matches = list(verb_rules().pattern("clause.subordinator").finditer(before))
    if not matches:
        return before
    last = matches[-1]
    main, between = before[: last.start()], before[last.end() :]
    if _is_before_main_verb(last.lastgroup or "", main, between):
        return _without_relative(main.rstrip(" ,"))
    return before


def _is_relative(before: str, between: str) -> bool:
    """Whether "that" opened a relative clause that is over ("a State that needs help may"): its verb comes at once."""
    if not verb_rules().pattern("subject.member").search(before) or "," in between:
        return False
    is_lone = verb_rules().pattern("subject.one_member").search(before) and verb_rules().pattern(
        "clause.lone_verb"
    ).match(between)
    return bool(is_lone or verb_rules().pattern("clause.relative_verb").match(between))


def _follows_act(before: str) -> bool:
    return bool(_act_before_that(before))


def _act_before_that(before: str) -> str:
    """The words up to and with the operative verb that "that" follows; empty without one."""
    joined = verb_rules().pattern("clause.joined_that").search(before)
    if joined:
        # "agree that …, and that …": the verb stands before the first of the two.
        first = before.rfind(" that ", 0, joined.start())
        return _act_before_that(before[:first]) if first >= 0 else ""
    if view := verb_rules().pattern("clause.takes_the_view").search(before):
        return before[: view.start()] + view.group().split()[0]
    words = before.rstrip()
    match = verb_rules().pattern("clause.word_before_that").search(words, max(0, len(words) - REACH))
    word = match.group().split()[0] if match else ""
    return before[: match.start()] + word if match and word.lower() in load_lexicon().verbs else ""


def _is_reason(before: str) -> bool:
    """Whether a participle in mid-sentence opens the that-clause: "urges States to act, considering that this will help"."""
    act, _, verb = _act_before_that(before).rpartition(" ")
    return bool(act.strip(" ,")) and verb.endswith("ing")

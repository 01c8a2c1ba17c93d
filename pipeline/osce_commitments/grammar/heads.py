"""Find the operative heads of a text: the verbs and modals by which a body acts or binds an actor."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from osce_commitments.grammar.clauses import Left, is_quoted, look_left
from osce_commitments.grammar.lexicon import Form, VerbEntry, load_lexicon, verb_rules
from osce_commitments.labels import ObligationStrength, Polarity, Voice
from osce_commitments.rules import Pattern
from osce_commitments.rules.record import REACH
from osce_commitments.texts.capitals import in_small_letters
from osce_commitments.texts.normalise import plain

# Characters looked at on either side of a word: a subject, its apposition or an insertion fits into them.
_WINDOW = 200
_REFRAIN_WINDOW = 60
# Of 17,000 real texts none has more than 11; each costs a look at its sentence.
_MOST_HEADS = 40
_MOST_VERBS = 10 * _MOST_HEADS  # in quotations, for instance, no verb is a head
_WORD = re.compile(r"\b[A-Za-z]+\b")
_FIRST_WORD = re.compile(r"\s*[A-Za-z]+\b")


class Position(StrEnum):
    """Where a head stands; the first three can govern a provision."""

    OPENING = "opening"
    SUBJECT = "subject"
    COORDINATED = "coordinated"
    CONTENT = "content"
    SUBORDINATE = "subordinate"


@dataclass(frozen=True, slots=True)
class Head:
    """An operative verb or modal in a text.

    Attributes:
        start, end: Character offsets of the words, auxiliaries included.
        rule: Id of the record in the lexicon, or of the predicate or modal.
        lemma: The lemma of its rule.
        level: Strength of the bare act.
        phrase_end: Offset after the verb phrase that it opens ("shall not apply").
    """

    start: int
    end: int
    rule: str
    lemma: str
    level: ObligationStrength
    form: Form
    position: Position
    polarity: Polarity
    voice: Voice
    phrase_end: int

    @property
    def is_main(self) -> bool:
        """Whether it can govern the provision: no participle, not inside a subordinate clause."""
        return self.form != Form.GERUND and self.position not in {Position.SUBORDINATE, Position.CONTENT}


def plain_verbs(text: str) -> str:
    """The plain text, as long as before, with operative verbs in small letters where they alone are set in capitals."""
    return in_small_letters(plain(text), load_lexicon().capitals)


@functools.lru_cache(maxsize=4096)
def find_heads(text: str, *, is_item: bool = False) -> tuple[Head, ...]:
    """The operative heads of a text in order.

    Args:
        text: A provision's text, or a lead-in.
        is_item: The text continues a lead-in that governs it: an infinitive or participle at its start
            is a list item's verb, no act of its own.
    """
    text = plain_verbs(text)
    heads: list[Head] = []
    candidates = islice(_candidates(text, is_item=is_item), _MOST_HEADS)
    for head in sorted(candidates, key=lambda head: (head.start, -head.end)):
        if not heads or head.start >= heads[-1].end:
            heads.append(head)
    return tuple(heads)


def governing(heads: Sequence[Head]) -> Head | None:
    """The head that governs: of those in main clauses the strongest, the first of equals; else None."""
    main = [head for head in heads if head.is_main]
    return max(main, key=lambda head: (head.level.level, -head.start)) if main else None


def _candidates(text: str, *, is_item: bool) -> Iterator[Head]:
    lexicon = load_lexicon()
    verbs = (match for match in _WORD.finditer(text) if match.group().lower() in lexicon.verbs)
    for match in islice(verbs, _MOST_VERBS):
        for entry, forms in lexicon.verbs[match.group().lower()]:
            head = _verb(text, match, entry, forms, is_item=is_item)
            if head and not is_quoted(text, head.start):
                yield head
    if verb_rules().any_pattern("predicate").search(text):
        for entry in lexicon.predicates:
            yield from _predicates(text, entry)
    if verb_rules().any_pattern("modal").search(text):
        for entry in lexicon.modals:
            yield from _modals(text, entry)


def _verb(text: str, match: re.Match[str], entry: VerbEntry, forms: frozenset[Form], *, is_item: bool) -> Head | None:
    adverbs = load_lexicon().adverbs_after.match(text, match.end())
    after = adverbs.end() if adverbs else match.end()
    window = max(0, match.start() - _WINDOW)
    before = text[window : match.start()]
    is_passive = Form.PASSIVE in forms and bool(entry.passive and _is_followed(text, match.end(), after, entry.passive))
    be = verb_rules().pattern("before.present_be").search(before) if Form.PASSIVE in forms else None
    if be and (is_passive or ("hereby" in be.group() and entry.level == ObligationStrength.MANDATING)):
        return _head(text, (window + be.start(), match.end()), entry, Form.PASSIVE)
    tail = entry.tail.match(text, after)
    if not tail and not _is_followed(text, match.end(), after, entry.tail):
        return None
    if Form.PERFECT in forms and (have := verb_rules().pattern("before.have").search(before)):
        span = (window + have.start(), match.end())
        return _head(text, span, entry, Form.PERFECT) if entry.perfect else None
    if Form.BASE in forms and (again := verb_rules().pattern("before.continues").search(before)):
        start = window + again.start()
        left = look_left(text, start)
        is_act = left.is_opening or left.is_coordinated or _is_any(left.subject, "subject.body")
        return _head(text, (start, match.end()), entry, Form.THIRD, left) if is_act else None
    left = look_left(text, match.start())
    is_capital = match.group()[0].isupper()
    # A word inside a name is no verb: "the Financial Action Task Force".
    is_name = is_capital and not left.is_opening and text[match.end() : match.end() + 2].lstrip()[:1].isupper()
    form = _finite_form(left, forms, is_item=is_item, is_capital=is_capital)
    # In a main clause a noun of whatever kind can be the subject.
    may_follow_noun = entry.any_subject and not (left.is_opening or left.is_coordinated or left.clause)
    if (
        form is None
        and may_follow_noun
        and not _is_any(left.sentence, "before.auxiliary", "before.noun", "before.infinitive")
    ):
        form = next((one for one in (Form.THIRD, Form.BASE) if one in forms), None)
    is_excluded = is_name or entry.rule.is_excluded(before, len(before))
    if form is None or is_excluded or _is_any(before, "before.negated_act"):
        return None
    end = tail.end() if tail and entry.lemma == "call upon" else match.end()
    return _head(text, (match.start(), end), entry, form, left)


def _is_followed(text: str, end: int, after: int, pattern: Pattern) -> bool:
    """Whether a verb is followed as it must be, at once or after an insertion ("undertakes, if asked, to")."""
    if pattern.match(text, after):
        return True
    if verb_rules().pattern("after.insertion_before_list").match(text, end) and pattern.match(":"):
        return True
    insertion = verb_rules().pattern("after.insertion").match(text, end)
    commas = re.finditer(r",\s+", insertion.group()) if insertion else ()
    return any(pattern.match(text, end + comma.end()) for comma in commas if comma.start())


def _finite_form(left: Left, forms: frozenset[Form], *, is_item: bool, is_capital: bool) -> Form | None:
    """Which finite form the word is, judged by what stands before it; None where it is no verb of an act."""
    if left.is_opening:
        is_act = is_capital and not is_item
        return next((form for form in (Form.GERUND, Form.THIRD) if form in forms), Form.BASE if is_act else None)
    if Form.GERUND in forms or _is_any(left.sentence[-REACH:], "before.infinitive", "before.noun"):
        return None
    if Form.THIRD in forms and (left.is_coordinated or _is_any(left.subject, "subject.body")):
        return Form.THIRD
    has_subject = _is_any(left.subject, "subject.pronoun", "subject.plural")
    if Form.BASE in forms and (
        has_subject or _is_any(left.sentence, "before.would") or _is_joined_base(left, is_item=is_item)
    ):
        return Form.BASE
    is_past = Form.PAST in forms and not _opens_with_act(left.sentence)
    return Form.PAST if is_past and (has_subject or _is_any(left.subject, "subject.body")) else None


def _opens_with_act(sentence: str) -> bool:
    """Whether a sentence opens with an act in the third person: a past form in it is a participle ("the body entrusted")."""
    word = _FIRST_WORD.match(load_lexicon().adverbs_at_start.sub("", sentence))
    entries = load_lexicon().verbs.get(word.group().lower(), ()) if word else ()
    return any(Form.THIRD in forms for _, forms in entries)


def _is_any(text: str, *rules: str) -> bool:
    return any(verb_rules().pattern(name).search(text) for name in rules)


def _is_joined_base(left: Left, *, is_item: bool) -> bool:
    """Whether a base form continues "we …, and": after an infinitive it would continue that one instead."""
    opening = left.sentence[:_WINDOW]
    has_subject = _is_any(opening, "subject.first_person", "subject.plural_in_sentence") or (
        not is_item and _opens_with_base(opening)
    )
    if not left.is_coordinated or not has_subject:
        return False
    last = left.sentence.rstrip()
    if last.endswith((", and", "; and", ",", ", but")) or not _is_any(last, "clause.infinitive"):
        return True
    # The infinitive then hangs on a verb that is no act ("we are meeting to discuss it and commit to").
    lexicon = load_lexicon()
    return not lexicon.words.search(last) and not verb_rules().any_pattern("modal").search(last)


def _opens_with_base(sentence: str) -> bool:
    """Whether a sentence without subject opens with an act: "Welcome the guide and ask ..."."""
    word = sentence.lstrip().partition(" ")[0]
    entries = load_lexicon().verbs.get(word.lower(), ())
    return word.istitle() and any(Form.BASE in forms for _, forms in entries)


def _predicates(text: str, entry: VerbEntry) -> Iterator[Head]:
    for match in entry.rule.pattern.finditer(text):
        window = max(0, match.start() - _WINDOW)
        be = verb_rules().pattern("before.be").search(text[window : match.start()])
        if be and not is_quoted(text, match.start()) and not _is_any(be.group(), "before.not"):
            yield _head(text, (window + be.start(), match.end()), entry, Form.PREDICATE)


def _modals(text: str, entry: VerbEntry) -> Iterator[Head]:
    for match in entry.rule.pattern.finditer(text):
        before = text[max(0, match.start() - _WINDOW) : match.start()].rstrip()
        after = text[match.end() : match.end() + _WINDOW].lstrip()
        if entry.rule.is_excluded(before, len(before)) or not re.match(r"[a-z,:]|$", after):
            continue
        if before and match.group()[0].isupper():
            continue  # The month of May, or a name.
        is_question = not before and text.rstrip().endswith("?")
        if not is_quoted(text, match.start()) and not is_question:
            yield _head(text, match.span(), entry, Form.MODAL)


def _head(text: str, span: tuple[int, int], entry: VerbEntry, form: Form, left: Left | None = None) -> Head:
    start, end = span
    left = left or look_left(text, start)
    after = text[end : end + _WINDOW]
    phrase = verb_rules().pattern("after.main_verb").match(after) if form in {Form.MODAL, Form.PREDICATE} else None
    is_refraining = _is_any(after[:_REFRAIN_WINDOW], "after.refraining") or (
        form == Form.MODAL and _is_any(after, "after.negation")
    )
    is_passive = form == Form.PASSIVE or (form == Form.MODAL and _is_any(after, "after.passive"))
    return Head(
        start=start,
        end=end,
        rule=entry.rule.id,
        lemma=entry.lemma,
        level=entry.level,
        form=form,
        position=_position(left, form),
        polarity=Polarity.REFRAIN if is_refraining else Polarity.DO,
        voice=Voice.PASSIVE if is_passive else Voice.ACTIVE,
        phrase_end=end + phrase.end() if phrase else end,
    )


def _position(left: Left, form: Form) -> Position:
    if left.is_opening:
        return Position.OPENING
    # A third person after a conjunction continues the body's own acts: no that-clause of a State's reads so.
    if left.clause and not (form == Form.THIRD and left.is_coordinated):
        return Position(left.clause)
    is_continued = left.is_coordinated and not _is_any(
        left.sentence, "subject.body", "subject.pronoun", "subject.plural"
    )
    return Position.COORDINATED if is_continued else Position.SUBJECT

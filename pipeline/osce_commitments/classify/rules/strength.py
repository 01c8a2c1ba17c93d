"""Obligation strength by rule: the order of the annotation guide, section 4."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import replace

from osce_commitments.catalogue import load_catalogue
from osce_commitments.classify.rules.verdict import Passage, Verdict, finds, strength_rules
from osce_commitments.grammar import Form, Head, Position, find_heads, plain_verbs
from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.labels import Field, Role, TagKind
from osce_commitments.labels import ObligationStrength as Level
from osce_commitments.rules.decisions import decide
from osce_commitments.rules.lexicon import lemmas_of
from osce_commitments.schema import Provision, TaggedProvision
from osce_commitments.texts.normalise import plain

_BEFORE_MODAL = 28  # characters: room for "on a voluntary basis, they"
_BEFORE_VERB = 30  # characters: room for "strongly and repeatedly"
_NOT = re.compile(r"\s+not\b")
_SENTENCE = re.compile(r"[.;](?=\s|$)")
_CLAUSE_START = re.compile(r"[;:]|, (?:and|but|or)\b")
_CLAUSE_OR_CONTENT_START = re.compile(r"[;:]|, (?:and|but|or)\b|\bthat\b")
_ADVERBIAL = re.compile(r"^\W*(?:In|On|At|By|For|From|Under|With|During|After|Before)\b[^,]*,\s*")
_ASKED_ACT = re.compile(r"\b(?:to|will|shall|should)\b")
_PREPOSITION = re.compile(r"\b(?:of|by|in|on|at|for|from|to|between|among|against|with|under)\b", re.IGNORECASE)
_NAMED = frozenset({TagKind.ADDRESSEE, TagKind.ACTOR, TagKind.STATE})
READ_TAGS = _NAMED | {TagKind.ACTION}  # kinds of tags that decide a label: the addressees of a verb
_SEGMENT_END = re.compile(r"\bto\b(?! (?:the|all|him|her|it|its|our|those)\b)|[;.]")
_OWN = "osce_structure"
_FOREIGN = frozenset({"international_org", "partner_state", "participating_state", "civil_society_type"})


def judge_head(passage: Passage, head: Head) -> Verdict:
    """The level of an operative verb, predicate or modal, by the table of its kind."""
    table = strength_rules().decisions["modal" if head.form == Form.MODAL else "act"]
    decision = decide(table, HeadFacts(passage, head))
    rule = decision.give.format(lemma=head.lemma.replace(" ", "_"), level=head.level)
    return Verdict.on(head, rule, is_sure=decision.is_sure)


class HeadFacts:
    """What the conditions of decisions ask about a head; each method says whether a fact is as wanted.

    Rules named by a condition are searched in its stretch of text: ``after`` in the words after the head (of a modal, up to
    the end of the sentence), ``then`` in those after the match of ``after``.
    """

    def __init__(self, passage: Passage, head: Head) -> None:
        self._passage, self._head = passage, head
        self._rest = ""

    @functools.cached_property
    def _after(self) -> str:
        text, head = self._passage.text, self._head
        return _sentence_after(text, head) if head.form == Form.MODAL else text[head.end :]

    @functools.cached_property
    def _subject(self) -> str:
        """The words of the clause before the head, which contain its subject."""
        text, head = self._passage.text, self._head
        clause = text[sentence_start(text, head.start) : head.start]
        boundary = _CLAUSE_OR_CONTENT_START if head.position == Position.CONTENT else _CLAUSE_START
        starts = list(boundary.finditer(clause.rstrip(" ,")))
        own = clause[starts[-1].end() :] if starts else clause
        return own if own.strip(" ,") else clause

    def lemma(self, among: Sequence[str]) -> bool:
        """Whether the verb is one of these."""
        return self._head.lemma in among

    def level(self, among: Sequence[str]) -> bool:
        """Whether the level of the bare act is one of these."""
        return self._head.level in among

    def role(self, among: Sequence[str]) -> bool:
        """Whether the provision has one of these roles."""
        return self._passage.tagged.provision.role in among

    def position(self, among: Sequence[str]) -> bool:
        """Whether the head stands in one of these positions."""
        return self._head.position in among

    def after(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something after the head."""
        match = next(filter(None, (strength_rules()[rule].search(self._after) for rule in rules)), None)
        self._rest = self._after[match.end() :] if match else ""
        return match is not None

    def after_not(self, rules: Sequence[str]) -> bool:
        """Whether no rule finds anything after the head."""
        return not any(finds(rule, self._after) for rule in rules)

    def passing(self, rules: Sequence[str]) -> bool:
        """Leave what the rules find out of the words that ``then`` reads; it always holds."""
        for rule in rules:
            self._rest = strength_rules().pattern(rule).sub("", self._rest)
        return True

    def then(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something after what ``after`` found."""
        return any(finds(rule, self._rest) for rule in rules)

    def then_not(self, rules: Sequence[str]) -> bool:
        """Whether no rule finds anything there."""
        return not any(finds(rule, self._rest) for rule in rules)

    def before(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the text before the head."""
        return any(finds(rule, self._passage.text[: self._head.start]) for rule in rules)

    def around(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the few words that end with the head."""
        text = self._passage.text[max(0, self._head.start - _BEFORE_VERB) : self._head.end]
        return any(finds(rule, text) for rule in rules)

    def subject(self, rules: Sequence[str]) -> bool:
        """Whether a rule finds something in the words of the subject."""
        return any(finds(rule, self._subject) for rule in rules)

    def subject_not(self, rules: Sequence[str]) -> bool:
        """Whether no rule finds anything there."""
        return not self.subject(rules)

    def subject_word(self, among: Sequence[str]) -> bool:
        """Whether the subject is one of these words."""
        return self._subject.strip() in among

    def has_subject(self, wanted: bool) -> bool:
        """Whether there are words before the head in its clause."""
        return bool(self._subject.strip()) == wanted

    def agent(self, wanted: bool) -> bool:
        """Whether the head of the subject can act."""
        return names_agent(self._subject) == wanted

    def addressed(self, wanted: bool) -> bool:
        """Whether somebody who can act is the subject of what the verb asks for ("expects the Parties to")."""
        subject = _ASKED_ACT.split(self._after.strip().removeprefix("that "), maxsplit=1)[0]
        return names_agent(subject) == wanted

    def actor(self, wanted: bool) -> bool:
        """Whether an actor is named, or left out in the provision's own text."""
        is_left_out = not self._subject.strip() and self._passage.is_own
        is_named = not finds("subject.demonstrative", self._subject) and (
            finds("subject.actor", self._subject) or is_left_out
        )
        return is_named == wanted

    def negated(self, wanted: bool) -> bool:
        """Whether the act is denied, by "not" or a subject such as "nobody"."""
        return (bool(_NOT.match(self._after)) or finds("subject.nobody", self._subject)) == wanted

    def act(self, wanted: bool) -> bool:
        """Whether somebody does it: an actor is named, it is in the passive, or it is no content of another verb."""
        is_act = self.actor(True) or finds("predicate.passive", self._after)
        return (is_act or self._head.position != Position.CONTENT) == wanted

    def first(self, wanted: bool) -> bool:
        """Whether no earlier verb governs the sentence ("the equipment that they need to")."""
        text, head = self._passage.text, self._head
        is_content = head.position == Position.CONTENT
        return (is_content or not find_heads(text[sentence_start(text, head.start) : head.start])) == wanted

    def reported(self, wanted: bool) -> bool:
        """Whether the act belongs to another document or time."""
        return is_reported(self._passage, self._head) == wanted

    def voluntary(self, wanted: bool) -> bool:
        """Whether words of voluntariness qualify the act, or directly precede it."""
        text, head = self._passage.text, self._head
        before = text[max(0, head.start - _BEFORE_MODAL) : head.start]
        is_voluntary = says_voluntary(_sentence_after(text, head)) or finds("voluntariness.of_act", before)
        return is_voluntary == wanted

    def own_structure(self, wanted: bool) -> bool:
        """Whether the request is known to go to a structure of the Organization, or known not to."""
        return is_own_structure(self._passage, self._head) is wanted


def is_own_structure(passage: Passage, head: Head) -> bool | None:
    """Whether a request goes to a structure of the Organization itself; None if that is not known.

    The first actor named after the verb decides (before it in the passive). Tags of the catalogue come
    first; an unknown actor is judged by its head noun. In texts that are not the OSCE's,
    the structures of the body that speaks count as its own.
    """
    # In the passive the actor stands before the verb, otherwise up to the act that is asked for.
    if head.form == Form.PASSIVE:
        start, end = max(passage.text.rfind(mark, 0, head.start) + 1 for mark in (".", ";", ":")), head.start
    else:
        match = _SEGMENT_END.search(passage.text, head.end)
        start, end = head.end, match.start() if match else len(passage.text)
    segment = passage.text[start:end]
    own, foreign = _bodies(passage.tagged.provision)
    outsider, structure = (
        _first(("addressee.outsider", *foreign), segment),
        _first(("addressee.structure", *own), segment),
    )
    # "The Secretary-General of the United Nations" begins like one of our structures, so the whole name counts.
    is_outsider_first = outsider is not None and (structure is None or outsider <= structure)
    if finds("text.osce", _context(passage.tagged.provision)) and "body.un" in foreign:
        kind = _tagged_kind(passage, start, end)
        if kind == _OWN and not (structure is not None and is_outsider_first):
            return True
        if kind in _FOREIGN:
            return False
    if is_outsider_first:
        return False
    return None if structure is None else True


def _first(names: tuple[str, ...], segment: str) -> int | None:
    """Return the start of the first match of the named rules in the words, if any."""
    found = [match.start() for name in names if (match := strength_rules()[name].search(segment))]
    return min(found, default=None)


def _bodies(provision: Provision) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rules for bodies of the organization that speaks, and for those of others.

    The title names the speaker. Titles of United Nations resolutions may not: without a word for another kind of text,
    or if the title names the United Nations, they are the speaker.
    """
    title = provision.title
    is_un = finds("text.un", title) or (
        not finds("text.osce", _context(provision)) and (finds("body.un", title) or not finds("text.other", title))
    )
    is_eu = finds("text.eu", title)
    foreign = ["body.other"]
    own: list[str] = []
    for name, is_own in (("body.un", is_un), ("body.eu", is_eu)):
        (own if is_own else foreign).append(name)
    return tuple(own), tuple(foreign)


def _tagged_kind(passage: Passage, start: int, end: int) -> str:
    inside = [tag for tag in passage.tagged.tags if tag.field == passage.field and start <= tag.start < end]
    for tag in inside:
        if tag.kind in _NAMED and (
            kind := next((actor.kind for actor in load_catalogue().actors if actor.name == tag.ref), "")
        ):
            return kind
    return ""


def _context(provision: Provision) -> str:
    return " ".join((provision.title, *provision.heading, provision.lead_in, provision.text))


def is_reported(passage: Passage, head: Head) -> bool:
    """Whether the act belongs to another document or time: narrative, or "by its decision the Council asked"."""
    if head.form == Form.PAST and passage.tagged.provision.role == Role.OTHER:
        return True
    return head.form in {Form.PAST, Form.PERFECT} and finds("earlier_act", passage.text[: head.start])


def says_voluntary(act: str) -> bool:
    """Whether words of voluntariness qualify the act itself, and not a clause inside it with another subject."""
    match = strength_rules()["voluntariness.of_act"].search(act)
    if match is None:
        return False
    before = act[: match.start()]
    return not finds("voluntariness.of_others", before) and not finds("voluntariness.of_last_step", before)


def names_agent(subject: str) -> bool:
    """Whether the head of a subject can act: in "the number of States" it cannot."""
    if finds("subject.agent", subject):
        return True
    head = _PREPOSITION.split(_ADVERBIAL.sub("", subject), maxsplit=1)[0]
    return finds("subject.actor", head) and not finds("subject.possessive", head)


def _sentence_after(text: str, head: Head) -> str:
    end = _SENTENCE.search(text, head.end)
    return text[head.end : end.start() if end else len(text)]


_SILENT = {Role.PREAMBLE: "preamble", Role.ATTACHMENT: "attachment", Role.TITLE: "title"}
_SOFTENED_BY_REFLECTION = frozenset({"will_of_actor", "modal_shall", "modal_should"})
_DUTIES = frozenset({"shall", "must", "should", "ought to", "need to"})
_OPTIONAL = frozenset({"may", "might", "could", "can"})
_THAT_OPENING = re.compile(r"^\s*[Tt]hat\b")
_THAT_NOUN = re.compile(r"^That\b(?= [a-z]+ (?:shall|will|must|should|may|can|could|is|are)\b)")
_AND_OPENING = re.compile(r"^and\b")
_CONTENT_START = re.compile(r"\bthat\b")
_FIRST_LETTER = re.compile(r"^\s*[a-z]")
_THAT = re.compile(r",?\s+(?:[a-z]+,?\s+){0,3}?that\b")


def judge_strength(tagged: TaggedProvision) -> Verdict:
    """Return the strength of a provision in its context and the rule that gave it."""
    provision = tagged.provision
    if provision.role in _SILENT:
        return Verdict.of(_SILENT[provision.role])
    fixed = _fixed(provision)
    if fixed:
        return fixed
    stem = _stem(tagged)
    own = _own(tagged, has_stem=stem is not None)
    # The verb of a sub-item may only comment on the request of its lead-in.
    is_remark = own is not None and (
        own.rule in {"will_of_effect", "possibility", "must_of_value"}
        or (own.strength == Level.NONE and "," in provision.text[: own.start])
    )
    if stem and (own is None or stem.rule == "decides_that" or is_remark):
        text = plain(provision.text)
        item = f" {text[:1].lower()}{text[1:]}"
        if stem.rule in _SOFTENED_BY_REFLECTION and finds("predicate.reflection", item):
            return replace(stem, strength=Level.PERMISSIVE, rule="item_reflection")
        if says_voluntary(item) and stem.strength not in {Level.NONE, Level.MANDATING}:
            return replace(stem, strength=Level.PERMISSIVE, rule="item_voluntary")
        return stem
    return own or _unmarked(plain(provision.text))


def continued_verdict(verdict: Verdict, before: Verdict, text: str) -> Verdict:
    """Return the verdict of a sentence: the level of the one before if it only continues it (rule S2)."""
    match = strength_rules()["continuation"].search(text)
    is_open = verdict.rule in {"continuation", "will_of_effect"} and verdict.field == Field.TEXT
    if not match or verdict.strength != Level.NONE or not is_open:
        return verdict
    return Verdict(before.strength, "continuation", match.start(), match.end(), is_sure=before.is_sure)


def _fixed(provision: Provision) -> Verdict | None:
    """Judge definitions, which ask for nothing whatever their modal, and "does not preclude", which leaves an act open."""
    rules = strength_rules()
    for name, field, text in (
        ("not_precluded", Field.TEXT, provision.text),
        ("definition", Field.TEXT, provision.text),
        ("definition_lead_in", Field.LEAD_IN, provision.lead_in),
    ):
        if text and (found := rules.first(name, plain(text))):
            return Verdict.of(name, found[1].span(), field)
    return None


def _own(tagged: TaggedProvision, *, has_stem: bool) -> Verdict | None:
    """Return the strongest act of the text itself (rule S3); None without an operative verb or modal."""
    text = plain_verbs(tagged.provision.text)
    passage = Passage(tagged, _as_clause(text, tagged.provision.lead_in, has_stem=has_stem), Field.TEXT)
    heads = find_heads(passage.text, is_item=has_stem)
    verdicts = [
        judge_head(passage, head)
        for index, head in enumerate(heads)
        if _counts(passage, heads, index) and not _is_left_open(passage, heads, index)
    ]
    return max(verdicts, key=lambda verdict: verdict.strength.level, default=None)


def _is_left_open(passage: Passage, heads: Sequence[Head], index: int) -> bool:
    """Whether the modal of a proposal decides its strength: "suggests that States might" (rule S5)."""
    if heads[index].lemma not in lemmas_of("tentative") or not heads[index + 1 :]:
        return False
    modal = heads[index + 1]
    is_optional = modal.lemma in _OPTIONAL and _governor(heads, index + 1) is heads[index]
    return is_optional and judge_head(passage, modal).strength == Level.PERMISSIVE


def _as_clause(text: str, lead_in: str, *, has_stem: bool) -> str:
    """Return an item as a clause together with its lead-in; offsets do not change.

    "agreed: … that States should report": the conjunction belongs to the lead-in. "The States: … invite others":
    a lead-in without a verb leaves the verb to the item. "That fund shall": no conjunction without a lead-in.
    """
    if not lead_in:
        return _THAT_NOUN.sub(_blank, text)
    text = _THAT_OPENING.sub(_blank, text) if has_stem else _THAT_OPENING.sub(_blank, _AND_OPENING.sub(_blank, text))
    return text if has_stem else _FIRST_LETTER.sub(lambda match: match.group().upper(), text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _stem(tagged: TaggedProvision) -> Verdict | None:
    """Return the act of the lead-in nearest to its items (rule S2); None without one."""
    lead_in = plain_verbs(tagged.provision.lead_in)
    if not lead_in or finds("stem.open_subject", lead_in):
        return None
    if optional := strength_rules()["stem.optional"].search(lead_in):
        return Verdict.of("modal_may", optional.span(), Field.LEAD_IN)
    passage = Passage(tagged, lead_in if lead_in.endswith(":") else f"{lead_in}:", Field.LEAD_IN)
    heads = find_heads(passage.text)
    indices = [index for index in range(len(heads)) if _counts(passage, heads, index)]
    if not indices:
        match = strength_rules()["list_of_recommendations"].search(lead_in)
        return match and Verdict.of("list_of_recommendations", match.span(), Field.LEAD_IN)
    # "Adopts the following plan, and invites States …:": the decision announces the items, though another act follows it.
    announced = strength_rules()["stem.announcement"].search(passage.text)
    before = [index for index in indices if index and announced and heads[index].start < announced.start()]
    last = before[-1] if before and heads[before[-1]].level == Level.MANDATING else indices[-1]
    governor = _governor(heads, last)
    if governor and governor.lemma in lemmas_of("decision"):
        return Verdict.of("decides_that", (governor.start, governor.end), Field.LEAD_IN)
    verdict = judge_head(_with_item(passage, heads[last]), heads[last])
    is_that = _THAT.match(passage.text, heads[last].end) or _THAT_OPENING.match(plain(tagged.provision.text))
    if heads[last].lemma in lemmas_of("decision") and is_that:
        return replace(verdict, field=Field.LEAD_IN, rule="decides_that")
    return replace(verdict, field=Field.LEAD_IN)


def _with_item(passage: Passage, head: Head) -> Passage:
    """Return the lead-in, with its item if that names the need or the recipient: "the need: To inspect depots"."""
    rest = passage.text[head.end :].strip(" :")
    is_open = head.lemma in lemmas_of("by_addressee") | {"resolve"} and rest in {"", "that"}
    if head.lemma not in lemmas_of("need") and not is_open:
        return passage
    item = plain(passage.tagged.provision.text).lstrip()
    return replace(passage, text=f"{passage.text.rstrip(' :')} {item[:1].lower()}{item[1:]}")


def _counts(passage: Passage, heads: Sequence[Head], index: int) -> bool:
    """Whether a head can give the provision its strength."""
    head = heads[index]
    if head.form == Form.GERUND or head.is_main:
        return head.is_main
    governor = _governor(heads, index)
    if governor is None:
        return False
    if governor.lemma in lemmas_of("leave") and head.lemma == "may":
        is_state = any(
            finds(f"predicate.{name}", passage.text[head.end :])
            for name in ("state", "effect", "possibility", "passive")
        )
        return not is_state and names_agent(_CONTENT_START.split(passage.text[: head.start])[-1])
    # Noting what others will, can or should do, or have promised, states a fact.
    if governor.lemma == "note" and (head.lemma in {"will", "can", "should"} or head.form == Form.PERFECT):
        return False
    if governor.lemma not in lemmas_of("that") | lemmas_of("decision"):
        return False
    is_first_person = finds("subject.first_person", passage.text[: head.start])
    # What is stressed or reaffirmed asks only by a duty: "reaffirms that aggression will not be rewarded".
    if governor.lemma in lemmas_of("state") and head.lemma not in _DUTIES and not is_first_person:
        return False
    # "recommends that States adopt a law": the content of the request, not an act of the body.
    is_asked = head.form == Form.BASE and not is_first_person
    return not is_asked and not is_reported(passage, governor)


def _governor(heads: Sequence[Head], index: int) -> Head | None:
    """Return the verb whose that-clause contains a head."""
    if heads[index].position != Position.CONTENT:
        return None
    nearest = next((head for head in reversed(heads[:index]) if head.is_main or head.form == Form.GERUND), None)
    # "urges States to act, considering that this will help": a reason is not an act.
    return nearest if nearest is None or nearest.is_main else None


def _unmarked(text: str) -> Verdict:
    rules = strength_rules()
    for name in ("no_intent", "recital", "continuation"):
        if found := rules.first(name, text):
            return Verdict.of(name, found[1].span(), is_sure=name != "continuation")
    return Verdict.of("no_operative_verb", is_sure=False)

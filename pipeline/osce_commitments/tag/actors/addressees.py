"""Who is to act: the object of "calls upon", the subject of "shall", or the body that speaks."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.labels import Field, Role, TagKind, Why
from osce_commitments.resources import load_yaml
from osce_commitments.schema import Tag
from osce_commitments.tag.actions import find_actions
from osce_commitments.tag.actors.noun_phrases import ADOPTING_BODY, Addressee, Phrases, phrase_pattern
from osce_commitments.tag.actors.reporting_duties import find_reports
from osce_commitments.tag.component import Component, Context, context_of, is_inside, make_tag, tags_of, text_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["ADOPTING_BODY", "Addressees", "find_addressees"]

_PASSED_OVER = frozenset({Why.PARTICIPLE, Why.SUBORDINATE_CLAUSE})
_ACTING = frozenset({Role.OPERATIVE, Role.ANNEX})
_OBJECT_REACH = 400
_CONJUNCTION = r"(?<!\bof )(?<!\bat )(?<!\bto )(?<!\bby )(?<!\bfor )(?<!\bfrom )(?<!\bbefore )(?<!\bafter )\bthat\b(?! (?:have|has|are|is|were|do|host|[a-z]+ed (?:it|the|an?|its|their|them|this|these|to|in|by|for))\b)"
_THAT = re.compile(_CONJUNCTION)
_CLAUSE = re.compile(rf"{_CONJUNCTION}|[;:]\s|,\s+(?:and|but|while)\s", re.IGNORECASE)
_OF_RELATIVE = re.compile(
    r"\b(?:whose|whom)\b(?!.*,\s*$)(?![^.;]*\b(?:is|are|was|were|has|have|had|do|does|did|lies?)\b)"
)
_PROPER_AGENT = re.compile(
    r"(?:those|[\w -]*\b(?:[A-Z][\w-]+|[Pp]art(?:y|ies)|authorit(?:y|ies)|agenc(?:y|ies)|courts?|tribunals?|ministr(?:y|ies)|committees?))"
)
_OF_NOUN = re.compile(
    r"\b(?:the|an?|any|its|their) (?:[\w-]+ ){1,3}(?<!and )(?<!or )[a-z]+(?:ed|en|wn|ld|nt|ght) by$"
)  # "the fund administered by"
_AND = re.compile(r"\band\b")
_COMMA = re.compile(r",\s")
_CONDITION = re.compile(
    r"\s*(?:Where|If|When|Whenever|Should|In case|Once|Until|After|Before|Since|As|Unless|While|Although)\b"
)
_PASSIVE = re.compile(r"(?:is|are|be)\b", re.IGNORECASE)
_JOINED = re.compile(
    r",? (?:and|or|as well as)(?:,? (?:if|where|as|when) (?:[^,;.]{3,50},|appropriate|necessary|possible|needed))? "
)
_FINITE = re.compile(r" (?:is|are|was|were|has|have|had|do|does|did)\b")
_AND_THAT = re.compile(r",? and that ")
_BE = re.compile(r" be (?=[a-z])")
_PARTICLE = re.compile(r"\s*(?:to|on|upon)\b")
_TO_THAT = re.compile(r" to (?P<who>[^.;:,]{3,120}?)(?:, (?:who|which|whose)\b[^.;:]{1,120},)?,? that\b")
_BEHIND_THAT = re.compile(r",?(?: [a-z ]{0,30},)? that\b")


class Addressees(Component):
    """Tags addressees beside the operative verbs that earlier components tagged, or finds those itself; and their reports."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every addressee once, in order, and behind them the duties to report."""
        actions = tags_of(doc, TagKind.ACTION) or list(find_actions(text_of(doc)).tags)
        cited = tags_of(doc, TagKind.INSTRUMENT)
        actors = [tag for tag in tags_of(doc, TagKind.ACTOR, TagKind.STATE) if not is_inside(tag, cited)]
        found = find_addressees(text_of(doc), actions, actors, context_of(doc))
        tags = [make_tag(doc, TagKind.ADDRESSEE, (one.start, one.end), one.ref, one.note) for one in found]
        tags = [tag for tag in tags if not is_inside(tag, cited)]
        reports = find_reports(text_of(doc), [*actions, *actors, *tags], context_of(doc))
        return tags + [make_tag(doc, TagKind.REPORT, (one.start, one.end), one.ref) for one in reports]


def find_addressees(text: str, actions: Sequence[Tag], actors: Sequence[Tag], context: Context) -> list[Addressee]:
    """Addressees of the acts of a text.

    Args:
        text: Plain text.
        actions: Its operative verbs; those in subordinate clauses are passed over.
        actors: The actors and States in it.
        context: Field, role, body and memory. The object of a lead-in may run to its end.
    """
    reader = _Reader(text, actions, actors, context)
    found: dict[int, Addressee] = {}
    provisional: dict[int, Addressee] = {}
    previous, is_governed = None, False
    for one in (*reader.opening(), *reader.needed()):
        found.setdefault(one.start, one)
    reader.phrases.note(found.values())
    for action in actions:
        if action.why != Why.CONTENT_CLAUSE:
            is_governed = not action.why and action.ref in _lemmas("clause_verbs") | _lemmas("stating_verbs")
        if action.why == Why.SUBORDINATE_CLAUSE:
            for one in reader.of_relative(action):
                found.setdefault(one.start, one)
        if action.why not in _PASSED_OVER and (is_governed or action.why != Why.CONTENT_CLAUSE):
            for one in reader.addressees(action, previous):
                is_bare = one.start == action.start and text.startswith(" that", action.end)
                (provisional if is_bare else found).setdefault(one.start, one)
            reader.phrases.note(sorted(found.values(), key=lambda one: one.start))
        previous = action
    for one in reader.passed_on_by_item():
        found.setdefault(one.start, one)
    chosen = found or provisional
    return [chosen[start] for start in sorted(chosen)]


class _Reader:
    def __init__(self, text: str, actions: Sequence[Tag], actors: Sequence[Tag], context: Context) -> None:
        self._text = text
        self._actions = actions
        self._is_stem = context.field == Field.LEAD_IN
        self._is_acting = context.role in _ACTING
        self._subject_at = -1
        self.phrases = Phrases(text, actors, context)

    def opening(self) -> list[Addressee]:
        """The "we" that opens an operative sentence, whatever its verb."""
        match = phrase_pattern("opening_we").match(self._text) if self._is_acting else None
        return [self.phrases.speaking(*match.span(1))] if match else []

    def addressees(self, action: Tag, previous: Tag | None) -> list[Addressee]:
        """Who is to act by one operative verb."""
        is_own = action.ref in _lemmas("own_verbs")
        if action.ref in _lemmas("modals"):
            is_received = phrase_pattern("received").match(self._text, action.end)
            return self._agent(action) or ([] if is_received else self._subject(action, previous))
        if not is_own and _PASSIVE.match(action.text):
            is_impersonal = bool(_BEHIND_THAT.match(self._text, action.end))
            return self._clause(action.end) if is_impersonal else self._agent(action) or self._subject(action, previous)
        found = self._object(action.end) if action.ref in _lemmas("object_verbs") else []
        if not found and action.ref in _lemmas("clause_verbs"):
            found = self._told(action) or self._clause(action.end)
        if is_own and not found:
            return self._own(action, previous)
        is_explicit = is_own or self._is_acting
        return [*(self._subject(action, previous) if is_explicit else []), *found]

    def of_relative(self, action: Tag) -> list[Addressee]:
        """The pronoun or noun that is the subject of a relative clause ("which it will check", "which operators may use")."""
        if action.ref not in _lemmas("modals"):
            return []
        if noun := phrase_pattern("relative_subject").search(self._text, max(0, action.start - 40), action.start):
            return self.phrases.several(*noun.span("who"))
        match = phrase_pattern("relative_pronoun").search(self._text, max(0, action.start - 12), action.start)
        return self._pronoun(match.start(1), match.end(1), action) if match else []

    def needed(self) -> Iterator[Addressee]:
        """Actors whose acting a noun, or "it is for", calls for."""
        for match in phrase_pattern("needed").finditer(self._text):
            yield from self._object(match.end())

    def passed_on_by_item(self) -> list[Addressee]:
        """The object of an infinitive at the text's start."""
        match = phrase_pattern("item_verb").match(self._text)
        return self._object(match.end()) if match else []

    def _own(self, action: Tag, previous: Tag | None) -> list[Addressee]:
        passed = phrase_pattern("passed_on").match(self._text[action.end :])
        subject = self._subject(action, previous)
        if passed and (found := self._object(action.end + passed.end())):
            return [*subject, *found]
        if subject or self._subject_at >= sentence_start(self._text, action.start):
            return subject
        return [self.phrases.acting(action.start, action.end)]

    def _subject(self, action: Tag, previous: Tag | None) -> list[Addressee]:
        start = self._clause_start(action, previous)
        region = self._text[start : action.start]
        opening = phrase_pattern("opening_we").match(region)
        pronoun = None if opening else phrase_pattern("subject_pronoun").search(region)
        if pronoun and (pronoun[1].lower() != "it" or phrase_pattern("before_it").search(region[: pronoun.start()])):
            found = self._pronoun(start + pronoun.start(1), start + pronoun.end(1), action)
        elif opening or not region.strip(" ,"):
            found = self._elided(action)
        elif _OF_RELATIVE.search(region):
            found = []
        else:
            found = self.phrases.several(start, action.start, is_subject=True) or self._behind_adverbial(start, action)
            found = found or self._persons(start, action)
        if found:
            self._subject_at = found[0].start
        return found

    def _behind_adverbial(self, start: int, action: Tag) -> list[Addressee]:
        """The subject that no comma divides from an adverbial before it ("In such cases the Secretariat shall …")."""
        match = phrase_pattern("behind_adverbial").fullmatch(self._text, start, action.start)
        return self.phrases.several(match.start("subject"), action.start) if match else []

    def _persons(self, start: int, action: Tag) -> list[Addressee]:
        """Persons of no catalogue who are to act ("Owners must …"), not those to whom something is done."""
        is_open = not action.why and action.ref in _lemmas("modals")
        match = phrase_pattern("acting").fullmatch(self._text, start, action.start) if is_open else None
        is_passive = phrase_pattern("be_done").match(self._text, action.end) or action.text.endswith(" be")
        return [self.phrases.unknown(*match.span("who"))] if match and not is_passive else []

    def _pronoun(self, start: int, end: int, action: Tag) -> list[Addressee]:
        if self._text[start:end].lower() == "we":
            return [self.phrases.speaking(start, end)]
        is_of_thing = phrase_pattern("of_thing").match(self._text, action.end) and action.ref in _lemmas("modals")
        is_it = self._text[start:end].lower() == "it"
        is_agreed = is_it and action.ref in _lemmas("agreed_upon") and _PASSIVE.match(action.text)
        if is_of_thing or is_agreed or action.ref in _lemmas("impersonal"):
            return []
        is_speech = action.ref not in _lemmas("modals")
        spoken = self.phrases.speakers(start, end) if is_speech else None
        found = spoken or self.phrases.pronoun(start, end, is_speech=is_speech)
        return [found] if found else []

    def _agent(self, action: Tag) -> list[Addressee]:
        """Who carries out what "will be" done."""
        match = phrase_pattern("agent").match(self._text, action.end)
        if not match or _OF_NOUN.search(match.group()):
            return []
        found = self._agents(match.end())
        return list(takewhile(lambda one: one.ref or _PROPER_AGENT.fullmatch(self._text, one.start, one.end), found))

    def _agents(self, start: int) -> list[Addressee]:
        """Those behind "by", also behind a further one ("by A every year, and by B")."""
        end = phrase_pattern("agent_end").search(self._text, start)
        return self.phrases.several(start, end.start() if end else len(self._text), is_agent=True)

    def _elided(self, action: Tag) -> list[Addressee]:
        """The "we" at the start of a sentence is the subject of its later verbs too."""
        start = sentence_start(self._text, action.start)
        match = phrase_pattern("opening_we").match(self._text, start, action.start)
        return [self.phrases.speaking(*match.span(1))] if match else []

    def _clause_start(self, action: Tag, previous: Tag | None) -> int:
        start = sentence_start(self._text, action.start)
        if previous is None or previous.end <= start:
            conjunctions = list(_THAT.finditer(self._text[start : action.start])) if action.why else []
            return start + conjunctions[-1].end() if conjunctions else start
        between = self._text[previous.end : action.start]
        breaks = list(_CLAUSE.finditer(between))
        found = breaks[-1] if breaks else _AND.search(between)
        if not found and _CONDITION.match(self._text, start):
            found = next(reversed(list(_COMMA.finditer(between))), None)
        return previous.end + found.end() if found else action.start

    def _object(self, start: int) -> list[Addressee]:
        for skipped in (phrase_pattern("insertion"), _PARTICLE):
            match = skipped.match(self._text, start)
            start = match.end() if match else start
        ends = phrase_pattern("object_end").finditer(self._text, start, start + _OBJECT_REACH)
        end = next((end for end in ends if not self.phrases.is_inside_name(end.start())), None)
        if end:
            within = (start, end.start())
            found = self.phrases.several(*within, is_object=True) or self.phrases.proper(*within)
            return [*found, *self._second_object(end.end())] if found else []
        return self.phrases.several(start, len(self._text)) if self._is_stem else []

    def _second_object(self, start: int) -> list[Addressee]:
        """The object of a verb that is not said again ("requests A to …, and B to …")."""
        match = phrase_pattern("second_object").match(self._text, start)
        if not match or any(match.start("object") <= action.start < match.end() for action in self._actions):
            return []
        return self.phrases.several(*match.span("object"))

    def _told(self, action: Tag) -> list[Addressee]:
        """Those to whom something is recommended ("recommends to X that they …")."""
        match = _TO_THAT.match(self._text, action.end) if action.ref in _lemmas("telling_verbs") else None
        return self.phrases.several(*match.span("who"), is_object=True) if match else []

    def _clause(self, start: int) -> list[Addressee]:
        """The subject right behind "that"."""
        match = _BEHIND_THAT.match(self._text, start)
        found = self.phrases.one(match.end(), len(self._text), is_clause=True) if match else None
        if match and found and not phrase_pattern("received").match(self._text, found.end):
            return [found, *self._joined(found.end), *self._and_that(found.end)]
        return self._agent_behind(match.end()) if match else []

    def _joined(self, start: int) -> list[Addressee]:
        """A second subject of the clause whose first one ends at an offset ("that A and, if need be, B be …")."""
        match = _JOINED.match(self._text, start)
        found = self.phrases.one(match.end(), len(self._text), is_clause=True) if match else None
        return [found] if found and found.ref else []

    def _and_that(self, start: int) -> Iterator[Addressee]:
        """The subjects of further clauses of the same verb ("demands that A stop, and that B open the road")."""
        end = min((action.start for action in self._actions if action.start >= start), default=len(self._text))
        for match in _AND_THAT.finditer(self._text, start, end):
            found = self.phrases.one(match.end(), end, is_clause=True)
            if (
                found
                and not _FINITE.match(self._text, found.end)
                and not phrase_pattern("received").match(self._text, found.end)
            ):
                yield found

    def _agent_behind(self, start: int) -> list[Addressee]:
        """The agent of the first passive of a clause ("that the Council be informed by X")."""
        match = _BE.search(self._text, start)
        if not match or any(action.start < match.start() and action.start >= start for action in self._actions):
            return []
        agent = phrase_pattern("agent").match(self._text, match.start())
        return [one for one in self._agents(agent.end()) if one.ref] if agent else []


@functools.cache
def _lemmas(key: str) -> frozenset[str]:
    return frozenset(load_yaml("addressees")[key])

"""Who is to act: the object of "calls upon" or the subject of "shall", but not a body that speaks of itself."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from osce_commitments.grammar.clauses import look_left, sentence_start
from osce_commitments.labels import ADOPTING_BODY, Field, Role, TagKind, Why, note_text
from osce_commitments.rules.lexicon import lemmas_of
from osce_commitments.schema import Tag
from osce_commitments.tag.actions import find_actions
from osce_commitments.tag.actor_rules import actor_pattern, actor_rule_id, actor_rules, actor_words, speaker
from osce_commitments.tag.actors.known_actors import is_group
from osce_commitments.tag.actors.noun_phrases import Phrases
from osce_commitments.tag.actors.reporting_duties import find_reports
from osce_commitments.tag.tag_input import Context, Finding, TagInput, is_inside, tags_of

__all__ = ["find_addressees", "subjects_of_items", "tag_addressees"]

_PASSED_OVER = frozenset({Why.PARTICIPLE, Why.SUBORDINATE_CLAUSE})
_SPEAKING = {f"actors.addressee.{path}" for path in ("we", "pronoun", "subject_of_verb", "subject_of_stem")}
_OF_STEM = "actors.addressee.subject_of_stem"
_ACTING = frozenset({Role.OPERATIVE, Role.ANNEX})
_OBJECT_REACH = 900
_PERSONS = frozenset({"we", "they", "them"})
_SHORT_REST = 3  # words after the verb of a stem: "We stress in particular:"
_AND = re.compile(r"\band\b")
_COMMA = re.compile(r",\s")


def tag_addressees(tag_input: TagInput) -> Sequence[Tag]:
    """Tag every addressee once and in order, then the reporting duties; finds the verbs if no step has."""
    text, context = tag_input.text, tag_input.context
    actions = tag_input.of(TagKind.ACTION)
    if not actions and (tag_input.actions is None or context.lead_in):
        actions = list(find_actions(text).tags)
    cited = [tag for tag in tag_input.of(TagKind.INSTRUMENT) if not is_group(tag.text)]
    actors = [tag for tag in tag_input.of(TagKind.ACTOR, TagKind.STATE) if not is_inside(tag, cited)]
    tags = tags_of(tag_input, TagKind.ADDRESSEE, find_addressees(text, actions, actors, context))
    tags = [tag for tag in tags if not is_inside(tag, cited)]
    return tags + tags_of(tag_input, TagKind.REPORT, find_reports(text, [*actions, *actors, *tags], context))


def find_addressees(text: str, actions: Sequence[Tag], actors: Sequence[Tag], context: Context) -> list[Finding]:
    """Return the addressees of the acts of a text.

    Args:
        text: Plain text.
        actions: Its operative verbs; those in subordinate clauses are skipped.
        actors: The actors and States in it.
        context: Field, role, body, memory and subjects. The object of a lead-in may extend to its end.
    """
    reader = _Reader(text, actions, actors, context)
    found: dict[int, Finding] = {}
    provisional: dict[int, Finding] = {}
    # The lead-in of an item governs its that-clause ("Decides: (a) That States shall report").
    previous, is_governed = None, text.startswith("That ")
    for finding in (*reader.opening(), *reader.needed()):
        found.setdefault(finding.start, finding)
    reader.phrases.note(found.values())
    for action in actions:
        if action.why == Why.CONTENT_CLAUSE and text[: action.start].endswith(" that it "):
            is_governed = True
        if action.why != Why.CONTENT_CLAUSE:
            is_governed = not action.why and action.ref in lemmas_of("wish") | lemmas_of("state")
        if action.why == Why.SUBORDINATE_CLAUSE:
            for finding in reader.of_relative(action):
                found.setdefault(finding.start, finding)
        if action.why not in _PASSED_OVER and (is_governed or action.why != Why.CONTENT_CLAUSE):
            for finding in reader.addressees(action, previous):
                # "Agree that the Secretariat will report": those who agree act only if the clause names nobody.
                is_bare = finding.start == action.start and text.startswith(" that", action.end)
                (provisional if is_bare else found).setdefault(finding.start, finding)
            reader.phrases.note(sorted(found.values(), key=lambda one: one.start))
        previous = action
    if match := actor_pattern("addressee.item_verb").match(text):
        for finding in reader.object_of(match.end(), "item_verb"):
            found.setdefault(finding.start, finding)
    chosen = reader.with_acts([one for _, one in sorted((found or provisional).items())])
    several = [replace(one, ref=ref) for one in chosen if one.rule == _OF_STEM for ref in context.subjects[1:]]
    return [meant for one in [*chosen, *several] for meant in reader.phrases.meant_by(one)]


def subjects_of_items(stem: str, tags: Sequence[Tag], context: Context) -> tuple[str, ...]:
    """Return those whose acts the items of a stem without a verb state, by name ("The participating States:").

    Args:
        stem: Plain text of a lead-in.
        tags: Its tags.
        context: Its context.
    """
    end = len(stem.rstrip(" ,:;\u2013-"))
    start = sentence_start(stem, end)
    if any(tag.kind == TagKind.ACTION and not tag.why and tag.start >= start for tag in tags):
        return ()
    actors = [tag for tag in tags if tag.kind in {TagKind.ACTOR, TagKind.STATE}]
    # An adverbial may stand before the subject without a comma ("To this end the participating States:").
    adverbial = actor_pattern("addressee.subject_after_adverbial").fullmatch(f"{stem[start:end]} ")
    start += adverbial.start("subject") if adverbial else 0
    subjects = Phrases(stem, actors, context).several(start, end, is_subject=True)
    # More words after the name may make another thing of it ("The Secretariat (where needed)"); a comma opens an insertion.
    is_whole = subjects and stem[subjects[-1].end : end].strip()[:1] in {"", ","}
    return tuple(dict.fromkeys(finding.ref for finding in subjects if finding.ref)) if is_whole else ()


class _Reader:
    def __init__(self, text: str, actions: Sequence[Tag], actors: Sequence[Tag], context: Context) -> None:
        self._text = text
        self._actions = actions
        self._is_stem = context.field == Field.LEAD_IN
        self._is_acting = context.role in _ACTING
        self._subjects = context.subjects
        self._body = speaker(context.body, context.symbol) or ADOPTING_BODY
        self.phrases = Phrases(text, actors, context)

    def opening(self) -> list[Finding]:
        """The "we" that opens an operative sentence, whatever its verb."""
        match = actor_pattern("addressee.we").match(self._text) if self._is_acting else None
        return _by("we", [self.phrases.speaking(*match.span(1))]) if match else []

    def with_acts(self, addressees: list[Finding]) -> list[Finding]:
        """Give a note to those who only speak ("We welcome the report"), and to a body that binds or asks itself.

        Who speaks is known from the document; only others are called upon by it. "We" are the persons of the body.
        """
        speakers = [addressee for addressee in addressees if addressee.rule in _SPEAKING]
        acts = [action for action in self._actions if not action.why]
        # The items of a stem that ends with its verb may have the speakers act ("We reaffirm:").
        is_stem = self._is_stem or self._text.rstrip().endswith(":")
        rest = self._text[acts[-1].end :] if acts else ""
        is_open = is_stem and speakers == addressees and len(rest.split()) <= _SHORT_REST
        idle = [] if is_open or not all(map(self._only_speaks, acts)) else speakers
        idle += [
            finding
            for finding in addressees
            if finding.ref == self._body and self._text[finding.start : finding.end].lower() not in _PERSONS
        ]
        return [replace(one, note=note_text(Why.NO_ACT)) if one in idle else one for one in addressees]

    def _only_speaks(self, action: Tag) -> bool:
        """Whether a verb states something or calls upon others; with a noun or an infinitive it may promise an act."""
        if action.ref in _lemmas("own_verbs"):
            return not self._is_acting and bool(actor_pattern("verb.past").search(action.text))
        if action.ref not in lemmas_of("speech") | lemmas_of("request") | lemmas_of("proposal"):
            return False
        is_passive = actor_pattern("verb.passive").match(action.text)
        return not is_passive and not actor_pattern("verb.promises").match(self._text, action.end)

    def addressees(self, action: Tag, previous: Tag | None) -> list[Finding]:
        """Return who is to act according to one operative verb."""
        is_own = action.ref in _lemmas("own_verbs")
        if action.ref in _lemmas("modals"):
            is_received = actor_pattern("verb.received").match(self._text, action.end)
            return self._agent(action) or ([] if is_received else self._subject(action, previous))
        if not is_own and actor_pattern("verb.passive").match(action.text):
            is_impersonal = bool(actor_pattern("clause.after_that").match(self._text, action.end))
            return self._clause(action.end) if is_impersonal else self._agent(action) or self._subject(action, previous)
        findings = self.object_of(action.end, "object_of_request") if action.ref in lemmas_of("request") else []
        if not findings and action.ref in lemmas_of("wish"):
            findings = self._recipient_of_recommendation(action) or self._clause(action.end)
        if is_own and not findings:
            return self._own(action, previous)
        is_explicit = is_own or self._is_acting
        return [*(self._subject(action, previous) if is_explicit else []), *findings]

    def of_relative(self, action: Tag) -> list[Finding]:
        """Return the subject of a relative clause ("which it will check", "which operators may use")."""
        if action.ref not in _lemmas("modals"):
            return []
        if noun := actor_pattern("addressee.relative_subject").search(
            self._text, max(0, action.start - 40), action.start
        ):
            return _by("relative_subject", self.phrases.several(*noun.span("who")))
        match = actor_pattern("addressee.relative_pronoun").search(self._text, max(0, action.start - 12), action.start)
        findings = self._pronoun(match.start(1), match.end(1), action) if match else []
        return _by("relative_pronoun", findings)

    def needed(self) -> Iterator[Finding]:
        """Return the actors whose action a noun, or "it is for", calls for."""
        for match in actor_rules()["addressee.need"].finditer(self._text):
            yield from self.object_of(match.end(), "need")
        for match in actor_pattern("addressee.requested_that").finditer(self._text):
            finding = self.phrases.one(match.end(), len(self._text), is_clause=True)
            yield from _by("requested_that", [finding] if finding else [])
        for match in actor_pattern("addressee.agent_of_steps").finditer(self._text):
            yield from _by("agent_of_steps", self._agents(match.end()))
        for match in actor_pattern("addressee.need_of_doing").finditer(self._text):
            yield from _by("need_of_doing", self.phrases.several(*match.span("who")))
        for match in actor_pattern("addressee.expected").finditer(self._text) if self._is_acting else ():
            yield from _by("expected", self.phrases.several(*match.span("who"), is_subject=True))

    def _own(self, action: Tag, previous: Tag | None) -> list[Finding]:
        passed = actor_pattern("addressee.passed_on").match(self._text[action.end :])
        subject = self._subject(action, previous)
        return [*subject, *self.object_of(action.end + passed.end(), "passed_on")] if passed else subject

    def _subject(self, action: Tag, previous: Tag | None) -> list[Finding]:
        start = self._clause_start(action, previous)
        if self._continues_elided(action):
            return []
        region = self._text[start : action.start]
        opening = actor_pattern("addressee.we").match(region)
        pronoun = None if opening else actor_pattern("addressee.pronoun").search(region)
        if pronoun and (
            pronoun[1].lower() != "it" or actor_pattern("pronoun.it_as_subject").search(region[: pronoun.start()])
        ):
            subject = _by("pronoun", self._pronoun(start + pronoun.start(1), start + pronoun.end(1), action))
        elif opening or not region.strip(" ,"):
            # The "we" that opens a sentence is also the subject of the later verbs.
            match = actor_pattern("addressee.we").match(
                self._text, sentence_start(self._text, action.start), action.start
            )
            subject = _by("we", [self.phrases.speaking(*match.span(1))]) if match else self._of_stem(action)
        elif actor_pattern("clause.relative_of").search(region) or actor_pattern("clause.doing").fullmatch(region):
            subject = []
        else:
            subject = _by(_subject_path(action), self.phrases.several(start, action.start, is_subject=True))
            # Another verb may follow the nouns: "services are tools that, as a rule, may".
            if subject and actor_pattern("verb.finite").match(self._text, subject[-1].end, action.start):
                subject = []
            subject = subject or self._after_adverbial(start, action) or self._persons(start, action)
            subject = subject or self._mandated(start, action)
        return subject

    def _of_stem(self, action: Tag) -> list[Finding]:
        """Return the subject of the stem for the verb that opens an item; the verb stands for it."""
        opens = self._subjects and look_left(self._text, action.start).is_opening
        return _by("subject_of_stem", [Finding(action.start, action.end, self._subjects[0])]) if opens else []

    def _after_adverbial(self, start: int, action: Tag) -> list[Finding]:
        """Return the subject after an adverbial without a comma ("In such cases the Secretariat shall …")."""
        match = actor_pattern("addressee.subject_after_adverbial").fullmatch(self._text, start, action.start)
        findings = self.phrases.several(match.start("subject"), action.start) if match else []
        return _by("subject_after_adverbial", findings)

    def _continues_elided(self, action: Tag) -> bool:
        """Whether a verb has no subject of its own and continues a clause ("Requests A to report, and urges B to act")."""
        start = sentence_start(self._text, action.start)
        first = next((action for action in self._actions if action.start >= start and not action.why), action)
        return (
            first is not action
            and action.ref not in _lemmas("modals")
            and look_left(self._text, first.start).is_opening
            and bool(actor_pattern("clause.bare_and").search(self._text, start, action.start))
        )

    def _mandated(self, start: int, action: Tag) -> list[Finding]:
        """Return the holder of a mandate that "shall include" something, or a bare abbreviation before "shall"."""
        if action.ref not in _lemmas("modals"):
            return []
        holder = actor_pattern("addressee.mandate_holder").search(self._text, start, action.start)
        if holder:
            who = next(name for name in ("who", "whose") if holder[name])
            return _by("mandate_holder", self.phrases.whoever(*holder.span(who)))
        short = actor_pattern("addressee.abbreviation").fullmatch(self._text, start, action.start)
        is_passive = actor_pattern("verb.received").match(self._text, action.end)
        return _by("abbreviation", [self.phrases.unknown(*short.span("name"))]) if short and not is_passive else []

    def _persons(self, start: int, action: Tag) -> list[Finding]:
        """Return persons outside the catalogue who are to act ("Owners must …"), but not those who undergo the act."""
        is_open = not action.why and action.ref in _lemmas("modals")
        match = (
            actor_pattern("addressee.persons_who_act").fullmatch(self._text, start, action.start) if is_open else None
        )
        is_passive = actor_pattern("verb.without_act").match(self._text, action.end) or action.text.endswith(" be")
        return _by("persons_who_act", [self.phrases.unknown(*match.span("who"))]) if match and not is_passive else []

    def _pronoun(self, start: int, end: int, action: Tag) -> list[Finding]:
        if self._text[start:end].lower() == "we":
            return [self.phrases.speaking(start, end)]
        is_of_thing = actor_pattern("pronoun.of_thing").match(self._text, action.end) and action.ref in _lemmas(
            "modals"
        )
        is_it = self._text[start:end].lower() == "it"
        # "It" or "they" may be those who speak ("Affirms that it shall").
        sentence = sentence_start(self._text, end)
        if actor_pattern("addressee.speaking_it").fullmatch(self._text, sentence, end):
            return _by("speaking_it", [Finding(start, end, self._body)])
        is_agreed = is_it and action.ref in lemmas_of("agreement") and actor_pattern("verb.passive").match(action.text)
        if is_of_thing or is_agreed or action.ref == "be the intention":
            return []
        is_speech = action.ref not in _lemmas("modals")
        spoken = self.phrases.speakers(start, end) if is_speech else None
        finding = spoken or self.phrases.pronoun(start, end, is_speech=is_speech)
        return [finding] if finding else []

    def _agent(self, action: Tag) -> list[Finding]:
        """Return the agent of a passive in the future ("will be")."""
        match = actor_pattern("addressee.agent").match(self._text, action.end)
        if not match or actor_pattern("verb.agent_of_noun").search(match.group()):
            return []
        findings = _by("agent", self._agents(match.end()))
        return list(
            takewhile(
                lambda finding: (
                    finding.ref or actor_pattern("verb.proper_agent").fullmatch(self._text, finding.start, finding.end)
                ),
                findings,
            )
        )

    def _agents(self, start: int) -> list[Finding]:
        """Return the agents after "by", also after a second one ("by A every year, and by B")."""
        end = actor_pattern("verb.agent_end").search(self._text, start)
        return self.phrases.several(start, end.start() if end else len(self._text), is_agent=True)

    def _clause_start(self, action: Tag, previous: Tag | None) -> int:
        start = sentence_start(self._text, action.start)
        if previous is None or previous.end <= start:
            conjunctions = (
                list(actor_pattern("clause.conjunction").finditer(self._text[start : action.start]))
                if action.why
                else []
            )
            return start + conjunctions[-1].end() if conjunctions else start
        between = self._text[previous.end : action.start]
        breaks = list(actor_pattern("clause.start").finditer(between))
        match = breaks[-1] if breaks else _AND.search(between)
        if not match and actor_pattern("clause.condition").match(self._text, start):
            match = next(reversed(list(_COMMA.finditer(between))), None)
        return previous.end + match.end() if match else action.start

    def object_of(self, start: int, path: str) -> list[Finding]:
        """Return the object of a verb or noun that calls for action by somebody; ``path`` names the rule."""
        for skipped in (actor_pattern("object.insertion"), actor_pattern("object.particle")):
            match = skipped.match(self._text, start)
            start = match.end() if match else start
        ends = actor_pattern("object.end").finditer(self._text, start, start + _OBJECT_REACH)
        end = next((end for end in ends if not self.phrases.is_inside_name(end.start())), None)
        if end:
            within = (start, end.start())
            findings = _by(path, self.phrases.several(*within, is_object=True) or self.phrases.proper(*within))
            return [*findings, *self._second_object(end.end())] if findings else []
        return _by(path, self.phrases.several(start, len(self._text))) if self._is_stem else []

    def _second_object(self, start: int) -> list[Finding]:
        """Return the second object of an elided verb ("requests A to …, and B to …")."""
        match = actor_pattern("addressee.second_object").match(self._text, start)
        if not match or any(match.start("object") <= action.start < match.end() for action in self._actions):
            return []
        if actor_pattern("object.of_name").search(self._text, start, match.start("object")):
            return []
        several = self.phrases.several(*match.span("object"))
        is_certain = actor_pattern("object.determined").match(match["object"])
        return _by("second_object", [finding for finding in several if finding.ref or is_certain])

    def _recipient_of_recommendation(self, action: Tag) -> list[Finding]:
        """Return the recipients of a recommendation ("recommends to X that they …")."""
        match = (
            actor_pattern("addressee.recommended_to").match(self._text, action.end)
            if action.ref in lemmas_of("advice")
            else None
        )
        return _by("recommended_to", self.phrases.several(*match.span("who"), is_object=True)) if match else []

    def _clause(self, start: int) -> list[Finding]:
        """Return the subject that directly follows "that"."""
        match = actor_pattern("clause.after_that").match(self._text, start)
        finding = self.phrases.one(match.end(), len(self._text), is_clause=True) if match else None
        if match and finding and not actor_pattern("verb.received").match(self._text, finding.end):
            return [*_by("subject_of_clause", [finding]), *self._joined(finding.end), *self._and_that(finding.end)]
        return self._agent_after(match.end()) if match else []

    def _joined(self, start: int) -> list[Finding]:
        """Return a second subject of a clause whose first one ends at an offset ("that A and, if need be, B be …")."""
        match = actor_pattern("addressee.joined_subject").match(self._text, start)
        finding = self.phrases.one(match.end(), len(self._text), is_clause=True) if match else None
        return _by("joined_subject", [finding]) if finding and finding.ref else []

    def _and_that(self, start: int) -> Iterator[Finding]:
        """Return the subjects of further that-clauses of a verb ("demands that A stop, and that B open the road")."""
        end = min((action.start for action in self._actions if action.start >= start), default=len(self._text))
        for match in actor_pattern("addressee.further_clause").finditer(self._text, start, end):
            finding = self.phrases.one(match.end(), end, is_clause=True)
            if (
                finding
                and not actor_pattern("verb.finite").match(self._text, finding.end)
                and not actor_pattern("verb.received").match(self._text, finding.end)
            ):
                yield from _by("further_clause", [finding])

    def _agent_after(self, start: int) -> list[Finding]:
        """Return the agent of the first passive in a clause ("that the Council be informed by X")."""
        match = actor_pattern("addressee.agent_of_clause").search(self._text, start)
        if not match or any(action.start < match.start() and action.start >= start for action in self._actions):
            return []
        agent = actor_pattern("addressee.agent").match(self._text, match.start())
        return (
            _by("agent_of_clause", [finding for finding in self._agents(agent.end()) if finding.ref]) if agent else []
        )


@functools.cache
def _lemmas(key: str) -> frozenset[str]:
    return frozenset(actor_words(key))


def _by(path: str, addressees: Iterable[Finding]) -> list[Finding]:
    """Return addressees with the id of a rule, unless a narrower rule has found them."""
    rule = actor_rule_id(f"addressee.{path}")
    return [addressee if addressee.rule else replace(addressee, rule=rule) for addressee in addressees]


def _subject_path(action: Tag) -> str:
    if action.ref in _lemmas("modals"):
        return "subject_of_modal"
    return "subject_of_passive" if actor_pattern("verb.passive").match(action.text) else "subject_of_verb"

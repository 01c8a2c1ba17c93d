"""Noun phrases for those who are to act: known actors, groups, common nouns that refer to them, pronouns."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from osce_commitments.catalogue import is_osce, load_catalogue
from osce_commitments.labels import ADOPTING_BODY, Why, note_text
from osce_commitments.rules import Pattern
from osce_commitments.schema import Tag
from osce_commitments.tag.actor_rules import (
    actor_pattern,
    actor_rule_id,
    actor_rules,
    actor_words,
    adopter,
    is_foreign,
    speaker,
)
from osce_commitments.tag.actors.known_actors import group_names, group_pattern, is_state
from osce_commitments.tag.memory import is_plural
from osce_commitments.tag.tag_input import Context, Finding

_UNKNOWN = note_text(Why.NOT_IN_CATALOGUE)
_LEADING_SPACE = Pattern(r"\s*")
_BROKEN_HYPHEN = re.compile(r" ?- ?")  # "Secretary -General", as some PDFs have it


class Phrases:
    """Reads the phrases of one text.

    Args:
        text: Plain text.
        actors: The actors and States in it.
        context: Body and memory that resolve pronouns and short names.
    """

    def __init__(self, text: str, actors: Sequence[Tag], context: Context) -> None:
        self._text = text
        self._actors = actors
        self._memory = context.memory
        self._body = context.body
        self._speaker = speaker(context.body, context.symbol) or adopter(context.title)
        self._is_foreign = is_foreign(context.body)
        self._is_treaty = _is_treaty(context.title)
        self.found: list[Finding] = []

    def note(self, addressees: Iterable[Finding]) -> None:
        """Remember addressees of the text as antecedents of later pronouns."""
        self.found += addressees

    def speaking(self, start: int, end: int) -> Finding:
        """Return the adopting body, with the span of the "we" that refers to it."""
        if actor_pattern("noun_phrase.we_states").match(self._text, end):
            return Finding(start, end, "participating States")
        return Finding(start, end, self._speaker, "" if self._speaker else ADOPTING_BODY)

    def speakers(self, start: int, end: int) -> Finding | None:
        """Return the earlier speakers, if a text opens with "They" and a verb that only speakers can have."""
        ref = self._memory.speakers
        is_open = self._text[start:end] == "They" and not self.found
        return Finding(start, end, ref) if is_open and ref else None

    def unknown(self, start: int, end: int) -> Finding:
        """Return an actor that is not in the catalogue."""
        return Finding(start, end, "", _UNKNOWN)

    def pronoun(self, start: int, end: int, *, is_speech: bool = False) -> Finding | None:
        """Return the antecedent of "they", "it" and the like; None without one.

        Args:
            start: Where the pronoun begins.
            end: Where it ends.
            is_speech: Whether its verb is one of a speaking body, which excludes mere "those who …".
        """
        plural = self._text[start:end].lower() not in {"it", "him", "her", "he", "she"}
        for finding in reversed(self.found):
            if finding.end <= start and is_plural(self._text[finding.start : finding.end]) == plural:
                is_described = (
                    plural
                    and not is_speech
                    and actor_pattern("noun_phrase.described_persons").search(self._text, finding.end, start)
                )
                return self.unknown(start, end) if is_described else Finding(start, end, finding.ref, finding.note)
        if plural and not is_speech and actor_pattern("noun_phrase.described_persons").search(self._text, 0, start):
            return self.unknown(start, end)
        if plural:  # "they" are the first of several co-ordinated bodies
            pairs = itertools.pairwise(one for one in self.found if one.end <= start)
            antecedent = next((here for here, there in pairs if self._are_joined(here, there)), None)
        else:
            antecedent = self._body_before(start)
        if antecedent:
            return Finding(start, end, antecedent.ref, antecedent.note)
        ref = self._memory.plural if plural else self._memory.singular
        return None if ref is None else Finding(start, end, ref, "" if ref else _UNKNOWN)

    def meant_by(self, addressee: Finding) -> Iterator[Finding]:
        """Return addressees; "they" and "them" after "A and B" refer to both."""
        yield addressee
        if self._text[addressee.start : addressee.end].lower() not in {"they", "them"}:
            return
        before = [other for other in self.found if other.end <= addressee.start]
        last = next(
            (
                index
                for index, other in enumerate(before)
                if other.ref == addressee.ref and other.note == addressee.note
            ),
            None,
        )
        for here, there in itertools.pairwise(before[last:] if last is not None else []):
            if not self._are_joined(here, there):
                return
            yield replace(there, start=addressee.start, end=addressee.end, rule=addressee.rule)

    def _are_joined(self, here: Finding, there: Finding) -> bool:
        return bool(actor_pattern("noun_phrase.joint").fullmatch(self._text, here.end, there.start))

    def _body_before(self, position: int) -> Finding | None:
        """Return the first body named before an offset, addressee or not ("Thanks A, and asks it to")."""
        for match in actor_pattern("noun_phrase.article").finditer(self._text, 0, position):
            finding = self._named(match.end(), position) or self._unnamed(match.end(), position)
            words = self._text[finding.start : finding.end] if finding else ""
            if finding and not is_plural(words) and not actor_pattern("noun_phrase.office").search(words):
                return finding
        return None

    def several(
        self, start: int, end: int, *, is_subject: bool = False, is_object: bool = False, is_agent: bool = False
    ) -> list[Finding]:
        """Return the co-ordinated phrases in a stretch of text; an adverbial with its own list ends the stretch.

        Args:
            start: Where the stretch begins.
            end: Where it ends.
            is_subject: Whether it precedes its verb.
            is_object: Whether it is called upon, so that any noun for persons is an addressee.
            is_agent: Whether it follows "by", which may be repeated.
        """
        pieces = [self._part(*piece) for piece in self._pieces(start, end)]
        again = "noun_phrase.again_by" if is_agent else "noun_phrase.again_to" if is_object else ""
        if again:
            pieces = [(self._skip(actor_pattern(again), *piece), piece[1]) for piece in pieces]
        for index, (begin, _) in enumerate(pieces):
            if actor_pattern("noun_phrase.adverbial").match(self._text[begin:end].lstrip()):
                pieces = [*pieces[:index], *self._resumed(pieces[index:])] if index or not is_subject else pieces[-1:]
                break
        return [finding for span in pieces if (finding := self.one(*span, is_object=is_object))]

    def _resumed(self, pieces: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Return the phrases after an insertion that continue the outer list ("A, in particular B, as well as C").

        In "A, in particular B, C, and D" the last conjunction ends the list of the insertion.
        """
        is_inside, listed = True, 1
        for before, piece in itertools.pairwise(pieces):
            joint = self._text[before[1] : piece[0]]
            opens = bool(actor_pattern("noun_phrase.adverbial").match(self._text[piece[0] : piece[1]].lstrip()))
            is_last = listed > 1 and actor_pattern("noun_phrase.last_of_list").match(joint)
            is_resumed = not is_last and actor_pattern("noun_phrase.resumed").search(joint)
            listed = 1 if opens else listed + 1 if joint.strip() == "," else 0
            is_inside = opens or (is_inside and not is_resumed)
            if not is_inside:
                yield piece

    def one(self, start: int, end: int, *, is_clause: bool = False, is_object: bool = False) -> Finding | None:
        """Return the actor that opens a piece, if any; a subject directly precedes its verb, an object is called upon."""
        text = self._text
        start = self._skip(_LEADING_SPACE, start, end)
        pronoun = actor_pattern("pronoun.object").match(text, start, end)
        if pronoun and (is_clause or self._is_head(pronoun.end(), end)):
            return self._person(pronoun) or self.pronoun(*pronoun.span())
        those = actor_pattern("noun_phrase.those").match(text, start, end)
        if those and not is_clause and actor_pattern("noun_phrase.after_those").match(text, those.end()):
            is_person = self._text.startswith(" who", those.end())
            ref = "" if is_person else self._memory.plural or ""
            return Finding(those.start(), those.end(), ref, "" if ref else _UNKNOWN)
        if finding := self._of_us(start, end) or self._of_them(start, end):
            return finding
        if actor_pattern("noun_phrase.adverbial_word").match(text, start, end) or actor_pattern(
            "noun_phrase.nobody"
        ).match(text, start, end):
            return None
        start = self._skip(actor_pattern("noun_phrase.determiners"), start, end)
        further = ("persons", "abbreviation") if is_object else ("abbreviation_that_acts",) if is_clause else ()
        known = (self._named, self._group, self._kind, self._others, self._unnamed)
        unknown = [functools.partial(self._unknown_by, f"noun_phrase.{name}") for name in further]
        readers: list[Callable[[int, int], Finding | None]] = [*known, *unknown]
        for read in readers:
            found = read(start, end)
            goes_on = found and actor_pattern("noun_phrase.goes_on").match(text, found.end, end)
            if found and ((is_clause and not goes_on) or self._is_head(found.end, end)):
                return found
        return None

    def _person(self, pronoun: re.Match[str]) -> Finding | None:
        """Return the holder of the office named last, for "he" or "she" ("the report of A, and requests that he")."""
        if pronoun.group() not in {"he", "she", "him", "her"} or self.found:
            return None
        offices = list(actor_pattern("noun_phrase.office").finditer(self._text, 0, pronoun.start()))
        ref = self._referent(offices[-1].group(), offices[-1].start()) if offices else ""
        return Finding(*pronoun.span(), ref) if ref else None

    def proper(self, start: int, end: int) -> list[Finding]:
        """Return an unknown proper name."""
        match = actor_pattern("addressee.proper_name").match(self._text, start, end)
        if not match or not self._is_head(match.end(), end):
            return []
        rule = actor_rule_id("addressee.proper_name")
        return [Finding(match.start("name"), match.end("name"), "", _UNKNOWN, rule)]

    def whoever(self, start: int, end: int) -> list[Finding]:
        """Return the actors named in a stretch of text, else the stretch itself."""
        return self.several(start, end) or [self.unknown(start, end)]

    def is_inside_name(self, offset: int) -> bool:
        """Whether an offset is inside the name of an actor."""
        return any(actor.start < offset < actor.end for actor in self._actors)

    def _skip(self, what: Pattern, start: int, end: int) -> int:
        match = what.match(self._text, start, end)
        return match.end() if match else start

    def _is_head(self, position: int, end: int) -> bool:
        """Whether a phrase that ends ``at`` is a whole noun phrase and not an attribute of the next noun."""
        is_last = not self._text[position:end].strip()
        return is_last or bool(actor_pattern("noun_phrase.after_head").match(self._text, position, end))

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Split co-ordinated pieces, but not at a conjunction inside a name."""
        offset = start
        for match in actor_pattern("noun_phrase.coordination").finditer(self._text, start, end):
            is_in_name = any(actor.start < match.end() and match.start() < actor.end for actor in self._actors)
            if not is_in_name and not self._joins_words(offset, *match.span(), end):
                yield offset, match.start()
                offset = match.end()
        yield offset, end

    def _joins_words(self, begin: int, start: int, position: int, end: int) -> bool:
        """Whether a conjunction joins words of one name ("international and regional organizations")."""
        before = actor_pattern("noun_phrase.joined_words").search(self._text, begin, start)
        after = actor_pattern("noun_phrase.joined_to").match(self._text, position, end)
        if before and after and bool(before["entities"]) == bool(after["entities"]):
            return True
        is_open = actor_pattern("noun_phrase.open_name").search(self._text, begin, start)
        is_another = is_open and is_open["article"] and self._text.startswith("the ", position)
        goes_on = (
            is_open and not is_another and actor_pattern("noun_phrase.name_goes_on").match(self._text, position, end)
        )
        if goes_on and not any(position <= actor.start < goes_on.end() for actor in self._actors):
            return True
        is_half = actor_pattern("noun_phrase.half_of_name").fullmatch(self._text, begin, start)
        is_named = any(begin <= actor.start < start for actor in self._actors)
        return bool(
            is_half and not is_named and actor_pattern("noun_phrase.other_half").match(self._text, position, end)
        )

    def _part(self, start: int, end: int) -> tuple[int, int]:
        """Return a body without the words that introduce it as a part of the one before it ("in particular its Unit")."""
        begin = self._skip(actor_pattern("noun_phrase.part_of"), start, end)
        named = begin > start and any(begin < actor.start < end and actor.text[0].isupper() for actor in self._actors)
        return (begin if named else start), end

    def _named(self, start: int, end: int) -> Finding | None:
        for actor in self._actors:
            if start <= actor.start and actor.end <= end:
                between = (self._text, start, actor.start)
                if start == actor.start or actor_pattern("noun_phrase.modifiers").fullmatch(*between):
                    return Finding(actor.start, actor.end, actor.ref, actor.note)
                return None
        return None

    def _group(self, start: int, end: int) -> Finding | None:
        match = group_pattern().match(self._text, start, end)
        if not match:
            return None
        return Finding(match.start(1), match.end(1), group_names()[match[1].lower()])

    def _kind(self, start: int, end: int) -> Finding | None:
        """Return the catalogue's actor for a synonym ("carriers")."""
        # Some names of groups are used only in texts of one kind.
        uses = {"treaty": self._is_treaty, "OSCE": not self._is_foreign, "other": self._is_foreign}
        rules = [one for one in actor_rules().group("noun_phrase.group") if uses.get(one.gives.get("in", ""), True)]
        found = [(rule, match) for rule in rules if (match := rule.pattern.match(self._text, start, end))]
        if not found:
            return None
        rule, match = min(found, key=lambda one: one[1].start("noun"))
        is_state = self._is_own() and actor_pattern("noun_phrase.one_state").fullmatch(match.group())
        return Finding(
            match.start("noun"), match.end(), "participating States" if is_state else str(rule.gives["actor"])
        )

    def _is_own(self) -> bool:
        """Whether the speaker is a body of the Organization."""
        return is_osce(self._body) or (not self._body and self._memory.is_osce)

    def _of_us(self, start: int, end: int) -> Finding | None:
        """Resolve a part of the speakers: in a text of the Organization, participating States."""
        match = actor_pattern("noun_phrase.of_us").match(self._text, start, end)
        is_own = is_osce(self._body) or self._memory.is_osce
        return Finding(match.start(), match.end(), "participating States" if is_own else "") if match else None

    def _of_them(self, start: int, end: int) -> Finding | None:
        match = actor_pattern("noun_phrase.of_them").match(self._text, start, end)
        return self.pronoun(*match.span()) if match else None

    def _others(self, start: int, end: int) -> Finding | None:
        match = actor_pattern("noun_phrase.others").match(self._text, start, end)
        if not match:
            return None
        before = [actor for actor in self._actors if actor.end <= start and is_plural(actor.text)]
        ref = before[-1].ref if before else self._memory.plural
        return None if ref is None else Finding(match.start(), match.end(), ref)

    def _unnamed(self, start: int, end: int) -> Finding | None:
        whole = actor_pattern("noun_phrase.whole_name").match(self._text, start, end)
        if whole and not any(start <= actor.start < whole.end() for actor in self._actors):
            return self.unknown(*whole.span())
        match = actor_pattern("noun_phrase.head").match(self._text, start, end)
        if not match:
            return None
        stands = "" if self._is_other_chair(match) else self._stands_for(match)
        rest = actor_pattern("noun_phrase.rest_of_name").match(self._text, match.end(), end)
        if stands is None and rest and match.group()[-1].islower() and match.group().split()[-1][0].isupper():
            stands = self._of_whole(match.group() + rest.group())
        ref = self._referent(match.group(), start) if stands is None else stands
        last = match.end()
        if rest and not ref:  # the name may continue: "President of the Economic and Social Council"
            last = next((actor.end for actor in self._actors if actor.start < rest.end() < actor.end), rest.end())
        return Finding(match.start(), last, ref, "" if ref else _UNKNOWN)

    def _of_whole(self, name: str) -> str:
        """Return the actor of a whole name, for a government its State ("Government of Austria"); empty if unknown."""
        actor = load_catalogue().actor(name)
        state = load_catalogue().actor(name.partition(" of ")[2].removeprefix("the ")) if "overnment" in name else None
        return actor.name if actor else state.name if state and is_state(state.name) else ""

    def _unknown_by(self, rule: str, start: int, end: int) -> Finding | None:
        match = actor_pattern(rule).match(self._text, start, end)
        return self.unknown(*match.span()) if match else None

    def _is_other_chair(self, match: re.Match[str]) -> bool:
        """Whether a chair belongs to a body without the Chairperson-in-Office."""
        if match.group() in actor_words("own_chair").get(self._body, ()):
            return True
        after = [actor.ref for actor in self._actors if self._text[match.end() : actor.start] in {" of ", " of the "}]
        return match.group().startswith("Chair") and bool(after) and after[0] not in actor_words("chaired")

    def _stands_for(self, match: re.Match[str]) -> str | None:
        """Return the body of a director or head; None for other persons."""
        if not actor_pattern("noun_phrase.stands_for").search(match.group()):
            return None
        for actor in self._actors:
            is_before = match.start() <= actor.start and actor.end < match.end()
            if actor.ref and (is_before or self._text[match.end() : actor.start] in {" of ", " of the "}):
                return actor.ref
        return None

    def _referent(self, words: str, position: int) -> str:
        """Return the referent of a noun: a State, a body named before, or the speaker."""
        state = words.rpartition(" of ")[2].removeprefix("the ")
        actor = load_catalogue().actor(state) if " of " in words else None
        if actor and is_state(actor.name):
            return actor.name
        is_own = self._is_own()
        words = _BROKEN_HYPHEN.sub("-", words)
        known = actor_words("by_body").get("OSCE" if is_own else self._body, {})
        if words in known:
            return str(known[words])
        if is_own and actor_pattern("noun_phrase.one_state").fullmatch(words):
            return "participating States"
        noun = words[0].upper() + words[1:]
        before = [actor.ref for actor in self._actors if actor.end <= position and noun in actor.ref.split()]
        if before and actor_pattern("noun_phrase.body").fullmatch(noun):
            return before[-1]
        ref = self._memory.names.get(words)
        # A body that is not of the United Nations has a Council and an Assembly of its own.
        is_of_un = ref is not None and ref.startswith("United Nations") and self._body not in {"", "UN"}
        if ref is not None and not (is_of_un and self._is_foreign):
            return ref
        is_early = self._body in {"", "CSCE"} and self._memory.is_osce
        early = str(actor_words("early").get(words, "")) if is_early else ""
        return self._speaker if words[0].isupper() and words in self._speaker.split() else early


@functools.lru_cache(maxsize=8)  # every provision asks for the title of its document
def _is_treaty(title: str) -> bool:
    return actor_pattern("noun_phrase.treaty").search(title) is not None

"""Who is to act: the object of "calls upon", the subject of "shall", or the body that speaks."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.grammar.clauses import sentence_start
from osce_commitments.labels import Field, TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.tag.action import find_actions
from osce_commitments.tag.actors import group_names
from osce_commitments.tag.component import Component, is_inside, make_tag, tags_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

    from osce_commitments.schema import Tag

ADOPTING_BODY = "adopting body"
_UNKNOWN = "not in the catalogue"
_CONTENT = "content clause"
_PASSED_OVER = frozenset({"participle", "subordinate clause"})
_OBJECT_REACH = 400
_CLAUSE = re.compile(r"\bthat\b(?! (?:have|has|are|is|were|do|host)\b)|[;:]\s|,\s+(?:and|but|while)\s", re.IGNORECASE)
_OPENING_WE = re.compile(r"\s*(?:[^,;.]{3,80},\s+)?(we)\b", re.IGNORECASE)
_OF_RELATIVE = re.compile(r"\b(?:whose|whom)\b")
_AND = re.compile(r"\band\b")
_PASSIVE = re.compile(r"(?:is|are|be)\b", re.IGNORECASE)
_PARTICLE = re.compile(r"\s*(?:to|on|upon)\b")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is to act, in plain text."""

    start: int
    end: int
    ref: str
    note: str = ""


class Addressees(Component):
    """Tags addressees beside the operative verbs that earlier components tagged, or finds those itself."""

    def process(self, doc: Doc) -> Sequence[Tag]:
        """Every addressee once, in order."""
        actions = tags_of(doc, TagKind.ACTION) or list(find_actions(text_of(doc)).tags)
        cited = tags_of(doc, TagKind.INSTRUMENT)
        actors = [tag for tag in tags_of(doc, TagKind.ACTOR, TagKind.STATE) if not is_inside(tag, cited)]
        is_stem = doc._.osce_context.field == Field.LEAD_IN
        found = find_addressees(text_of(doc), actions, actors, is_stem=is_stem)
        tags = [make_tag(doc, TagKind.ADDRESSEE, (one.start, one.end), one.ref, one.note) for one in found]
        return [tag for tag in tags if not is_inside(tag, cited)]


def find_addressees(text: str, actions: Sequence[Tag], actors: Sequence[Tag], *, is_stem: bool) -> list[Addressee]:
    """Addressees of the acts of a text.

    Args:
        text: Plain text.
        actions: Its operative verbs; those in subordinate clauses are passed over.
        actors: The actors and States in it.
        is_stem: The text is a lead-in, whose object may run to its end.
    """
    reader = _Reader(text, tuple(actors), is_stem=is_stem)
    found: dict[int, Addressee] = {}
    provisional: dict[int, Addressee] = {}
    previous, is_governed = None, False
    for action in actions:
        if action.note != _CONTENT:
            is_governed = not action.note and action.ref in _lemmas("clause_verbs") | _lemmas("stating_verbs")
        if action.note not in _PASSED_OVER and (is_governed or action.note != _CONTENT):
            for one in reader.addressees(action, previous):
                target = provisional if one.ref == ADOPTING_BODY and text.startswith(" that", action.end) else found
                target.setdefault(one.start, one)
        previous = action
    for one in (*reader.needed(), *reader.passed_on_by_item()):
        found.setdefault(one.start, one)
    chosen = found or provisional
    return [chosen[start] for start in sorted(chosen)]


class _Reader:
    def __init__(self, text: str, actors: tuple[Tag, ...], *, is_stem: bool) -> None:
        self._text = text
        self._actors = actors
        self._is_stem = is_stem

    def addressees(self, action: Tag, previous: Tag | None) -> list[Addressee]:
        """Who is to act by one operative verb."""
        if action.ref in _lemmas("modals") or (action.ref not in _lemmas("own_verbs") and _PASSIVE.match(action.text)):
            return self._agent(action) or self._subject(action, previous, _pattern("we"))
        if action.ref in _lemmas("object_verbs") and (found := self._object(action.end)):
            return found
        if action.ref in _lemmas("clause_verbs") and (found := self._clause(action.end)):
            return found
        if action.ref in _lemmas("own_verbs") or _pattern("own_promise").match(self._text[action.end :]):
            return self._own(action, previous)
        return []

    def needed(self) -> Iterator[Addressee]:
        """Actors whose acting a noun calls for."""
        for match in _pattern("needed").finditer(self._text):
            yield from self._object(match.end())

    def passed_on_by_item(self) -> list[Addressee]:
        """The object of an infinitive at the text's start."""
        match = _pattern("item_verb").match(self._text)
        return self._object(match.end()) if match else []

    def _own(self, action: Tag, previous: Tag | None) -> list[Addressee]:
        passed = _pattern("passed_on").match(self._text[action.end :])
        if passed and (found := self._object(action.end + passed.end())):
            return found
        return self._subject(action, previous, _pattern("own_subjects")) or [
            Addressee(action.start, action.end, ADOPTING_BODY)
        ]

    def _subject(self, action: Tag, previous: Tag | None, own: re.Pattern[str]) -> list[Addressee]:
        start = self._clause_start(action, previous)
        last = re.split(r",\s+", self._text[start : action.start].strip(" ,"))
        for piece in (last[0], last[-1]):
            if own.fullmatch(piece.strip()):
                at = self._text.index(piece, start)
                return [Addressee(at, at + len(piece), ADOPTING_BODY)]
        region = self._text[start : action.start]
        if not region.strip(" ,"):
            return self._elided(action)
        if _OF_RELATIVE.search(region):
            return []
        return self._actors_between(start, action.start, is_subject=True)

    def _agent(self, action: Tag) -> list[Addressee]:
        match = _pattern("agent").match(self._text[action.end :])
        found = self._addressee(action.end + match.end(), len(self._text)) if match else None
        return [found] if found and not found.note else []

    def _elided(self, action: Tag) -> list[Addressee]:
        """The "we" at the start of a sentence is the subject of its later verbs too."""
        match = _OPENING_WE.match(self._text, sentence_start(self._text, action.start), action.start)
        return [Addressee(match.start(1), match.end(1), ADOPTING_BODY)] if match else []

    def _clause_start(self, action: Tag, previous: Tag | None) -> int:
        start = sentence_start(self._text, action.start)
        if previous is None or previous.end <= start:
            conjunctions = list(
                re.finditer(r"\bthat\b(?! (?:have|has|are|is|were|do|host)\b)", self._text[start : action.start])
            )
            return start + conjunctions[-1].end() if conjunctions and action.note else start
        between = self._text[previous.end : action.start]
        breaks = list(_CLAUSE.finditer(between))
        found = breaks[-1] if breaks else _AND.search(between)
        return previous.end + found.end() if found else action.start

    def _object(self, start: int) -> list[Addressee]:
        particle = _PARTICLE.match(self._text, start)
        start = particle.end() if particle else start
        ends = _pattern("object_end").finditer(self._text, start, start + _OBJECT_REACH)
        end = next((end for end in ends if not any(at.start < end.start() < at.end for at in self._actors)), None)
        if end:
            return self._actors_between(start, end.start()) or self._proper(start, end.start())
        return self._actors_between(start, len(self._text)) if self._is_stem else []

    def _proper(self, start: int, end: int) -> list[Addressee]:
        match = _pattern("proper").match(self._text, start, end)
        if not match or not _pattern("after_actor").match(self._text, match.end(), end):
            return []
        return [Addressee(match.start("name"), match.end("name"), match["name"], _UNKNOWN)]

    def _clause(self, start: int) -> list[Addressee]:
        """The subject right behind "that"."""
        match = re.match(r",?(?: [a-z ]{0,30},)? that\b", self._text[start:])
        if not match:
            return []
        begin = start + match.end()
        found = self._addressee(begin, len(self._text), is_clause=True)
        return [found] if found else []

    def _actors_between(self, start: int, end: int, *, is_subject: bool = False) -> list[Addressee]:
        pieces = list(self._pieces(start, end))
        for at, (begin, _) in enumerate(pieces):
            if _pattern("adverbial").match(self._text[begin:end].lstrip()):
                pieces = pieces[:at] if at or not is_subject else pieces[-1:]
                break
        return [one for span in pieces if (one := self._addressee(*span))]

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Co-ordinated pieces; a conjunction inside a name does not divide."""
        at = start
        for match in _pattern("between").finditer(self._text, start, end):
            if not any(actor.start < match.end() and match.start() < actor.end for actor in self._actors):
                yield at, match.start()
                at = match.end()
        yield at, end

    def _addressee(self, start: int, end: int, *, is_clause: bool = False) -> Addressee | None:
        """Who a piece names at its start, if anybody; in a clause the verb follows at once."""
        text = self._text
        lead = re.match(r"\s*", text[start:end])
        start += lead.end() if lead else 0
        if _pattern("skip").match(text, start, end) or _pattern("never").match(text, start, end):
            return None
        determiners = _pattern("determiners").match(text, start, end)
        start = determiners.end() if determiners else start
        named = self._named(start, end, is_clause=is_clause)
        return named or self._group(start, end, is_clause=is_clause) or self._unnamed(start, end, is_clause=is_clause)

    def _named(self, start: int, end: int, *, is_clause: bool) -> Addressee | None:
        for actor in self._actors:
            is_in_place = start <= actor.start and actor.end <= end
            if is_in_place and _pattern("modifiers").fullmatch(self._text, start, actor.start):
                is_head = is_clause or _pattern("after_actor").match(self._text, actor.end, end)
                return Addressee(actor.start, actor.end, actor.ref or actor.text, actor.note) if is_head else None
        return None

    def _group(self, start: int, end: int, *, is_clause: bool) -> Addressee | None:
        match = _groups().match(self._text, start, end)
        if not match or not (is_clause or _pattern("after_actor").match(self._text, match.end(), end)):
            return None
        return Addressee(match.start(1), match.end(1), group_names()[match[1].lower()])

    def _unnamed(self, start: int, end: int, *, is_clause: bool) -> Addressee | None:
        match = _pattern("heads").match(self._text, start, end)
        if not match or not (is_clause or _pattern("after_actor").match(self._text, match.end(), end)):
            return None
        return Addressee(match.start(), match.end(), match.group(), _UNKNOWN)


@functools.cache
def _lemmas(key: str) -> frozenset[str]:
    return frozenset(load_yaml("addressees")[key])


@functools.cache
def _pattern(key: str) -> re.Pattern[str]:
    data = load_yaml("addressees")
    modifiers = rf"(?:{data['modifier']} ){{0,4}}?"
    composed = {
        "modifiers": modifiers,
        "proper": rf"\s*{data['determiners']}(?P<name>{data['proper']})",
        "heads": rf"{modifiers}(?:{data['heads']})\b",
    }
    return re.compile(composed.get(key) or data[key])


@functools.cache
def _groups() -> re.Pattern[str]:
    names = sorted(map(re.escape, group_names()), key=len, reverse=True)
    return re.compile(rf"(?:{load_yaml('addressees')['modifier']} ){{0,2}}?({'|'.join(names)})\b", re.IGNORECASE)

"""What earlier provisions of a document said: what "it" and "they" refer to, which day "that date" is."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from osce_commitments.catalogue import Instrument, load_catalogue
from osce_commitments.labels import DocumentType, TagKind
from osce_commitments.schema import Tag
from osce_commitments.tag.actor_rules import actor_pattern, actor_words
from osce_commitments.tag.time_rules import time_rules

_NAMED = frozenset({TagKind.ACTOR, TagKind.STATE, TagKind.ADDRESSEE})
_OWN = frozenset({"participating States", "Organization for Security and Co-operation in Europe"})
MANDATE = "mandate"
_NEAR = 30  # Characters between those who speak and their verb.
_MANDATE = re.compile(r"\b(?i:extend|prolong|renew|establish|deploy|appoint|set up|open|create)(?:s|es|ed)?\b")
_LASTS = re.compile(
    r"\b(?:until|till|up to|through|to|(?:ending|expiring)(?: on)?) (?:\d{1,2} [A-Z][a-z]+|[A-Z][a-z]+ \d{1,2},) \d{4}$"
)
_DAY = re.compile(r"\d{4}(?:-\d\d)?(?:-\d\d)?(?:/[\d-]+)?")


@dataclass(slots=True)
class ShortForms:
    """Symbols of cited texts by short form: empty for a text that is not in the catalogue, None for an ambiguous form.

    Attributes:
        kinds: By the kind of the text ("Charter").
        names: By a name that the document gave ("hereinafter the Guide").
        resolutions: Of the Security Council, by number alone ("9344").
        several: Kinds of which several texts were cited, each with the symbol of the last one.
        recent: For each of these kinds, the text in the last provision that cited only one.
        times: How many provisions cited a text alone of its kind, by symbol.
        titled: By kind, the texts that the document's own title cites.
    """

    kinds: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)
    resolutions: dict[str, str] = field(default_factory=dict)
    several: dict[str, str] = field(default_factory=dict)
    recent: dict[str, str] = field(default_factory=dict)
    times: dict[str, int] = field(default_factory=dict)
    titled: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether a text was cited that has a short form."""
        return bool(self.kinds or self.names or self.resolutions)


@dataclass(slots=True)
class Memory:
    """What a document has named so far; each document has one, filled as its provisions are read in order.

    Attributes:
        singular, plural: Ref of the last addressee of that number, empty if it is not in the catalogue;
            None if the last noun was a thing, or there was none.
        speakers: Ref of those who spoke last ("The participating States recall"), else the participating States where they
            are to act; None if neither was named.
        names: Last actor that a noun without a name stood for ("the Unit").
        events: When a seminar or the like takes place, by its noun.
        is_osce: Whether the Organization or its participating States were named.
        treaties: Symbols of the treaties that were cited, by year and kind ("1988 Convention").
        short: Texts that were cited, by the short forms under which they are cited again; `short_forms.keep_cited` fills it.
        last: By kind ("convention"), the symbol of the text cited last; empty if it is not in the catalogue.
        names_cited: Symbols of the texts that were cited, by name; `anaphora.keep_last` fills both.
        when: The last due date that was named; empty without one.
    """

    singular: str | None = None
    plural: str | None = None
    speakers: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    events: dict[str, str] = field(default_factory=dict)
    treaties: dict[str, str] = field(default_factory=dict)
    short: ShortForms = field(default_factory=ShortForms)
    last: dict[str, str] = field(default_factory=dict)
    names_cited: dict[str, str] = field(default_factory=dict)
    when: str = ""
    is_osce: bool = False

    def keep(self, text: str, tags: Sequence[Tag], *, is_whole: bool) -> None:
        """Record what a text names.

        Args:
            text: Plain text of a provision or stem.
            tags: Its own tags.
            is_whole: Whether it has no stem above it: only then does a thing that it names become the referent of "it".
        """
        if not tags:
            return
        actions = [tag for tag in tags if tag.kind == TagKind.ACTION and not tag.why]
        verbs = {tag.start for tag in actions}
        addressees = [
            tag for tag in tags if tag.kind == TagKind.ADDRESSEE and tag.start not in verbs and tag.text.lower() != "we"
        ]
        if is_whole and actions and not addressees and actions[0].ref in _modals():
            self.singular = self.plural = None
        for tag in addressees:
            self._keep_addressee(tag)
        self._keep_speakers(actions, addressees)
        for tag in tags:
            if tag.kind in _NAMED and tag.ref and not tag.text.isupper():
                self.is_osce = self.is_osce or tag.ref in _OWN
                self.names |= dict.fromkeys(actor_pattern("noun_phrase.body").findall(f"{tag.ref} {tag.text}"), tag.ref)
        for tag in tags:
            if tag.kind == TagKind.INSTRUMENT:
                keep_treaty(self.treaties, tag.ref)
        self._keep_dates(text, [tag for tag in tags if tag.kind == TagKind.DEADLINE])

    def _keep_addressee(self, tag: Tag) -> None:
        if is_plural(tag.text) or tag.text.endswith("of them"):
            self.plural = tag.ref
            return
        self.singular = tag.ref
        if is_plural(tag.ref):
            self.plural = tag.ref

    def _keep_speakers(self, actions: Sequence[Tag], addressees: Sequence[Tag]) -> None:
        if not actions or not addressees or addressees[0].start > actions[0].start:
            return
        first = addressees[0]
        is_passive = actions[0].text.startswith(("is ", "are ", "be "))
        is_speech = actions[0].ref not in _modals() and not is_passive and first.end + _NEAR >= actions[0].start
        if is_plural(first.ref) and (is_speech or (self.speakers is None and first.ref in _OWN)):
            self.speakers = first.ref

    def _keep_dates(self, text: str, deadlines: Iterable[Tag]) -> None:
        for tag in deadlines:
            if _DAY.fullmatch(tag.ref):
                self.when = tag.ref
                if _MANDATE.search(text) and _LASTS.search(text[: tag.start] + tag.text):
                    self.events[MANDATE] = tag.ref
                if len(tag.ref) < len("2013-05-14"):
                    continue
                if nouns := list(time_rules().pattern("anchor.occasion").finditer(text, 0, tag.start)):
                    self.events[nouns[-1].group().lower()] = tag.ref


def keep_treaty(known: dict[str, str], symbol: str) -> None:
    """Remember a treaty by its year and kind; empty if two treaties share both."""
    treaty = treaties().get(symbol)
    if treaty:
        kind = next((kind for kind in ("Protocol", "Convention", "Treaty") if kind in treaty.title), "")
        key = f"{treaty.year} {kind}"
        known[key] = symbol if known.get(key, symbol) == symbol else ""


@functools.cache
def treaties() -> dict[str, Instrument]:
    """The treaties of the catalogue by symbol."""
    return {
        instrument.symbol: instrument
        for instrument in load_catalogue().instruments
        if instrument.type == DocumentType.TREATY
    }


def is_plural(words: str) -> bool:
    """Whether a name is a plural."""
    head = re.split(r" (?:of|for|to|in|on|at) ", words)[0]
    return bool(re.search(r"(?:[a-z]{2}s|media|police|clergy)$", head)) and not head.endswith("Affairs")


@functools.cache
def _modals() -> frozenset[str]:
    return frozenset(actor_words("modals"))

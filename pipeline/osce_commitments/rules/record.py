"""A linguistic rule, and the set of rules in a file."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from osce_commitments.rules.decisions import DecisionRecord
from osce_commitments.rules.lexicon import lexicon_atom
from osce_commitments.rules.pattern import Pattern

_MARKS = {"(": "(?:", ")": ")?", "[": "(?:", "]": ")", "|": "|", "*": r"\w*"}
_CHOICE = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")


def phrase_source(phrase: str) -> str:
    """Return the regular expression of a phrase; it matches whole words, except after a final star.

    ``foreign fighter(s)``      "foreign fighter" and "foreign fighters"
    ``organi[s|z]ed crime``     one of the parts in brackets
    ``[stolen|looted] icon(s)`` the same with whole words
    ``radicali*``               any ending; inside a phrase, any ending of that word
    ``illicit <commodity>``     an atom of the file

    Raises:
        ValueError: If its brackets do not match.
    """
    rest = phrase
    while _CHOICE.search(rest):
        rest = _CHOICE.sub("", rest)
    if set(rest) & set("()[]|"):
        msg = f"brackets of {phrase!r} are not closed in order"
        raise ValueError(msg)
    words = phrase.removesuffix("*")
    source = "".join(_MARKS.get(sign) or (sign if sign in "<>" else re.escape(sign)) for sign in words)
    return rf"\b{source}" if phrase.endswith("*") else rf"\b{source}\b"


def readings(phrase: str) -> tuple[str, str]:
    """Return the shortest and the fullest text that a phrase matches, with the first option of every choice."""
    return _read(phrase, keeps=False), _read(phrase, keeps=True)


def _read(phrase: str, *, keeps: bool) -> str:
    while match := _CHOICE.search(phrase):
        optional, needed = match.groups()
        first = needed if optional is None else optional if keeps else ""
        phrase = f"{phrase[: match.start()]}{first.partition('|')[0]}{phrase[match.end() :]}"
    return phrase.replace("*", "")


# Of a pattern and of each of its lines; a longer one cannot be reviewed and is composed of atoms instead.
MAX_LINES = 8
MAX_PATTERN = 120  # characters

_PLACEHOLDER = re.compile(r"<([a-z_][a-z0-9_]*(?::[a-z_]+(?:-[a-z_]+)?(?:\.\w+)?)?)>")


# How many characters before a place a rule reads that asks what stands right before it.
REACH = 400


@dataclass(frozen=True)
class Rule:
    """A linguistic rule.

    A rule matches where one of its patterns matches and none of its exclusions does. The patterns are tried in
    order: the first that matches at a position wins, as in a regular expression.

    Attributes:
        id: Kind and name: "qualifiers.resources.own_budget".
        kind: Kind of the rule, which is also the name of its file.
        any_of: Branches: regular expressions with ``<atoms>``; a long one stands on several lines, whose breaks mean nothing.
        phrases: Further branches in the notation of `phrase_source`, tried after ``any_of``.
        unless: Patterns searched in the text before a match; if one is found, the rule does not apply.
        gives: Meaning of a match, in the vocabulary of the kind (label, level, symbol, …).
        parts: Branches of further named patterns for the code of the kind (what must follow a verb, …).
        reason: Reason for the rule, if it is not obvious.
        examples: Texts that the rule matches; a mapping also gives the expected result.
        counter_examples: Texts that the rule does not match.
        ignores_case: Whether letter case is ignored.
        atoms: Patterns of the atoms of its file, by name.
    """

    id: str
    kind: str
    any_of: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    gives: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reason: str = ""
    examples: tuple[str, ...] | Mapping[str, Any] = ()
    counter_examples: tuple[str, ...] = ()
    ignores_case: bool = False
    atoms: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Id without the kind."""
        return self.id.partition(".")[2]

    @functools.cached_property
    def pattern(self) -> Pattern:
        """All branches as one pattern."""
        return self._compiled(self.source)

    @property
    def source(self) -> str:
        """The source of `pattern`."""
        return "|".join(self.branch_sources)

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches as written: patterns, then phrases."""
        return (*self.any_of, *self.phrases)

    @functools.cached_property
    def branch_sources(self) -> tuple[str, ...]:
        """The source of each branch, with atoms expanded."""
        return tuple(fill_atoms(branch, self.atoms) for branch in (*self.any_of, *map(phrase_source, self.phrases)))

    def branch(self, index: int) -> Pattern:
        """Return a single branch, for the test of its example."""
        return self._compiled(self.branch_sources[index])

    def part(self, name: str) -> Pattern:
        """Return a further pattern of the rule by name.

        Raises:
            KeyError: If the rule has no such part.
        """
        if name not in self._parts:
            self._parts[name] = self._compiled("|".join(fill_atoms(one, self.atoms) for one in self.parts[name]))
        return self._parts[name]

    @functools.cached_property
    def _parts(self) -> dict[str, Pattern]:
        return {}

    @functools.cached_property
    def _unless(self) -> Pattern | None:
        return self._compiled("|".join(fill_atoms(one, self.atoms) for one in self.unless)) if self.unless else None

    def is_excluded(self, text: str, start: int) -> bool:
        """Whether the words before a match rule it out."""
        return bool(self._unless and self._unless.search(text, 0, start))

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Return all matches that are not excluded."""
        if not self.unless:
            return self.pattern.finditer(text)
        return (match for match in self.pattern.finditer(text) if not self.is_excluded(text, match.start()))

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Return the first match from ``start`` that is not excluded."""
        if not self.unless:
            return self.pattern.search(text, start)
        return next((m for m in self.pattern.finditer(text, start) if not self.is_excluded(text, m.start())), None)

    def _compiled(self, source: str) -> Pattern:
        return Pattern(source, re.IGNORECASE if self.ignores_case else 0)


_Found = tuple[Rule, re.Match[str]] | None


@dataclass(frozen=True)
class RuleSet:
    """The rules of a kind, in file order, with their word lists.

    Attributes:
        kind: Name of the file.
        title: Description of what the rules decide.
        rules: Rules by name, without the kind.
        words: Word lists used by code (lemmas, names), by name.
        decisions: Ordered decisions, by the name of their table.
    """

    kind: str
    title: str
    rules: Mapping[str, Rule]
    words: Mapping[str, Any] = field(default_factory=dict)
    decisions: Mapping[str, tuple[DecisionRecord, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules.values())

    def __getitem__(self, name: str) -> Rule:
        return self.rules[name]

    def pattern(self, name: str) -> Pattern:
        """Return the pattern of a rule by name."""
        return self.rules[name].pattern

    def group(self, prefix: str) -> tuple[Rule, ...]:
        """Return the rule named ``prefix`` and those whose names begin with it and a dot, in order.

        Raises:
            KeyError: If there is no such rule, so that a typing error in the caller is noticed.
        """
        if prefix not in self._groups:
            rules = (rule for name, rule in self.rules.items() if f"{name}.".startswith(f"{prefix}."))
            self._groups[prefix] = tuple(rules)
        if not self._groups[prefix]:
            raise KeyError(prefix)
        return self._groups[prefix]

    @functools.cached_property
    def _groups(self) -> dict[str, tuple[Rule, ...]]:
        return {}

    def any_pattern(self, prefix: str) -> Pattern:
        """Return one pattern for all rules of a group, for callers that need not know which rule matches."""
        if prefix not in self._joined:
            self._joined[prefix] = _any_of(self.group(prefix))
        return self._joined[prefix]

    @functools.cached_property
    def _joined(self) -> dict[str, Pattern]:
        return {}

    def first(self, prefix: str, text: str) -> _Found:
        """Return the first rule of a group, in file order, that matches in a text, and its match."""
        for rule in self.group(prefix):
            if match := rule.search(text):
                return rule, match
        return None

    def finds(self, prefix: str, text: str) -> bool:
        """Whether a rule of a group matches in a text."""
        return self.first(prefix, text) is not None

    def matches(self, prefix: str, text: str) -> list[tuple[Rule, re.Match[str]]]:
        """Return the matches of each rule of a group in a text that are not excluded, in file order of the rules."""
        return [(rule, match) for rule in self.group(prefix) for match in rule.finditer(text)]

    def finds_before(self, prefix: str, text: str, end: int, *, reach: int = REACH) -> bool:
        """Whether a rule of a group matches in the words before an offset; it reads ``reach`` characters of them."""
        start = max(0, end - reach)
        return any(rule.pattern.search(text, start, end) for rule in self.group(prefix))

    def leftmost(self, prefix: str, text: str) -> _Found:
        """Return the leftmost match of a group and its rule; exclusions are ignored."""
        match = self.any_pattern(prefix).search(text)
        if match is None:
            return None
        return next((rule, match) for rule in self.group(prefix) if rule.pattern.match(text, match.start()))


def _any_of(rules: tuple[Rule, ...]) -> Pattern:
    """Return one pattern for several rules, without compiling each; groups let the compiler share common prefixes."""
    if len({rule.ignores_case for rule in rules}) == 1:
        return Pattern("|".join(f"(?:{rule.source})" for rule in rules), re.IGNORECASE if rules[0].ignores_case else 0)
    return Pattern("|".join(f"({'?i' if rule.ignores_case else '?'}:{rule.source})" for rule in rules))


def fill_atoms(source: str, atoms: Mapping[str, str]) -> str:
    """Replace the placeholders of a pattern with atoms: ``<city>``, ``<verb:act.third>``, but not the name in ``(?P<city>…)``.

    Raises:
        KeyError: If a placeholder has no atom, which is a defect of the resource file.
        ValueError: If the lexicon has none.
    """

    def atom(match: re.Match[str]) -> str:
        if source[: match.start()].endswith("(?P"):
            return match.group()
        return lexicon_atom(match[1]) if ":" in match[1] else atoms[match[1]]

    return _PLACEHOLDER.sub(atom, source)

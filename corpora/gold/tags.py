"""Compare tags: the same kind and ref, spans that overlap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from corpora.gold.files import IMPLIED, GoldTag
from corpora.gold.spans import Printed, squash
from osce_commitments.catalogue import load_catalogue
from osce_commitments.schema import Tag

KINDS = ("instrument", "addressee", "action", "qualifier", "deadline", "periodicity", "report")
EVERYWHERE = frozenset({"instrument"})
_WEEKS = re.compile(r"((?:R/)?P)(\d+)W")
ACTING_ROLES = frozenset({"operative", "annex"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A tag with offsets that do not count white space and footnote marks."""

    kind: str
    ref: str
    start: int
    end: int
    text: str
    note: str = ""

    def overlaps(self, other: Mention) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end

    def moved(self, by: int) -> Mention:
        """Return the same, counted from another start."""
        return Mention(self.kind, self.ref, self.start + by, self.end + by, self.text, self.note)


@dataclass(frozen=True, slots=True)
class TagComparison:
    """The comparison of the tags in one stretch of words.

    Attributes:
        found: Gold and given tag of each hit.
        wrong: Gold and given tags that overlap and agree in kind, but not in ref; both are errors.
        missing, extra: Tags on one side only.
    """

    found: tuple[tuple[Mention, Mention], ...] = ()
    wrong: tuple[tuple[Mention, Mention], ...] = ()
    missing: tuple[Mention, ...] = ()
    extra: tuple[Mention, ...] = ()


def gold_mentions(text: str, tags: Iterable[GoldTag]) -> list[Mention]:
    """Tags of the gold."""
    return [
        Mention(tag.kind, tag.ref, len(squash(text[: tag.start])), len(squash(text[: tag.end])), tag.text, tag.note)
        for tag in tags
    ]


def given_mentions(text: str, tags: Iterable[Tag], printed: Printed) -> list[Mention]:
    """Return the tags of a stage on a text in a printed form."""
    return [
        Mention(
            str(tag.kind),
            tag.ref,
            printed.plain_offset(len(squash(text[: tag.start]))),
            printed.plain_offset(len(squash(text[: tag.end]))),
            " ".join(tag.text.split()),
            tag.note,
        )
        for tag in tags
        if tag.kind in KINDS
    ]


def compare_tags(gold: Sequence[Mention], mentions: Sequence[Mention]) -> TagComparison:
    """Pair tags one to one.

    An implied addressee of the gold has no words: finding it is not a hit, omitting it not a miss. The gold codes
    reporting duties only among actors of the catalogue: those of other actors are not extra tags.
    """
    implied = [tag for tag in gold if tag.note == IMPLIED]
    left = [tag for tag in mentions if not any(_is_implied(tag, other) for other in implied)]
    expected = [tag for tag in gold if tag.note != IMPLIED]
    hits = [*_take(expected, left, _is_exact), *_take(expected, left, _is_found)]
    wrong = _take(expected, left, _is_wrong)
    return TagComparison(tuple(hits), tuple(wrong), tuple(expected), tuple(tag for tag in left if not _is_uncoded(tag)))


def is_strict(gold: Mention, mention: Mention) -> bool:
    """Whether both ends agree as well."""
    return (gold.start, gold.end) == (mention.start, mention.end)


def _take(
    expected: list[Mention], left: list[Mention], agree: Callable[[Mention, Mention], bool]
) -> list[tuple[Mention, Mention]]:
    """Pair tags that agree and remove them from both lists."""
    pairs = []
    for tag in list(expected):
        other = next((mention for mention in left if agree(tag, mention)), None)
        if other is not None:
            expected.remove(tag)
            left.remove(other)
            pairs.append((tag, other))
    return pairs


def _is_exact(gold: Mention, mention: Mention) -> bool:
    return _is_found(gold, mention) and is_strict(gold, mention)


def _is_found(gold: Mention, mention: Mention) -> bool:
    return _is_same_place(gold, mention) and _days(gold.ref) == _days(mention.ref)


def _is_wrong(gold: Mention, mention: Mention) -> bool:
    return _is_same_place(gold, mention) and not _is_found(gold, mention)


def _days(ref: str) -> str:
    """Return a duration in weeks in days; other refs unchanged."""
    weeks = _WEEKS.fullmatch(ref)
    return f"{weeks[1]}{7 * int(weeks[2])}D" if weeks else ref


def _is_same_place(gold: Mention, mention: Mention) -> bool:
    return gold.kind == mention.kind and gold.overlaps(mention)


def _is_uncoded(mention: Mention) -> bool:
    """Whether a reporting duty names an actor outside the catalogue, or no sender or recipient."""
    names = mention.ref.split(" > ")
    return mention.kind == "report" and (len(names) == 1 or any(load_catalogue().actor(name) is None for name in names))


def _is_implied(mention: Mention, implied: Mention) -> bool:
    is_same = mention.kind == implied.kind and mention.ref == implied.ref
    return is_same and mention.start <= implied.start <= mention.end

"""Reporting duties: who reports, and to whom."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from osce_commitments.catalogue import ActorKind, load_catalogue
from osce_commitments.labels import TagKind
from osce_commitments.resources import load_yaml
from osce_commitments.tag.speaker import speaker

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from osce_commitments.schema import Tag
    from osce_commitments.tag.component import Context

_US = re.compile(r" us\b")
_COUNCIL = re.compile(r"(?:at|to|for) the (?:next |forthcoming )?(?:meeting of the )?(?:OSCE )?Ministerial Council\b")
_TO = re.compile(r"\bto (?:the )?$")
_SENTENCE_END = re.compile(r"[.;](?:\s|$)")
_REACH = 200


@dataclass(frozen=True, slots=True)
class Report:
    """A duty to report, over its verb; ``ref`` is "who > to whom"."""

    start: int
    end: int
    ref: str


def find_reports(text: str, tags: Sequence[Tag], context: Context) -> Iterator[Report]:
    """Reporting duties of a plain text.

    Args:
        text: Plain text.
        tags: Its verbs, addressees and actors.
        context: Body of the document, and those whom the stems above the text charge.
    """
    for pattern, where in _patterns():
        for match in pattern.finditer(text):
            who, whom = _who(match.start(), tags, context), _whom(text, match, where, tags, context)
            if who and whom and who != whom:
                yield Report(match.start(), match.end(), f"{who} > {whom}")


def _who(at: int, tags: Sequence[Tag], context: Context) -> str:
    """Who is charged with it: the last addressee before the verb, else the first of the stem's that is a body."""
    before = [tag.ref for tag in tags if tag.kind == TagKind.ADDRESSEE and tag.end <= at and tag.text.lower() != "we"]
    charged = before[-1:] or [ref for ref in context.charged if ref in _bodies()][:1]
    is_bound = bool(charged) and charged[0] in _bodies()
    return charged[0] if is_bound and charged[0] != speaker(context.body, context.symbol) else ""


def _whom(text: str, match: re.Match[str], where: str, tags: Sequence[Tag], context: Context) -> str:
    end = _SENTENCE_END.search(text, match.end())
    reach = min(end.start() if end else len(text), match.end() + _REACH)
    body = speaker(context.body, context.symbol)
    if _US.match(text, match.end()):
        return body
    actors = [tag for tag in tags if tag.kind in {TagKind.ACTOR, TagKind.STATE} and match.end() <= tag.start < reach]
    direct = [tag.ref for tag in actors if text[match.end() : tag.start] in {" ", " the "}]
    if where == "object":
        return direct[0] if direct and direct[0] in _bodies() | {"participating States"} else ""
    behind = [tag.ref for tag in actors if _TO.search(text, match.end(), tag.start)]
    if direct and where == "anywhere":
        return direct[0]
    if behind:
        return behind[0]
    if _COUNCIL.search(text, match.end(), reach):
        return "Ministerial Council"
    return str(load_yaml("addressees")["hears"].get(context.body, body))


@functools.cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["to"]) for row in load_yaml("addressees")["reporting"])


@functools.cache
def _bodies() -> frozenset[str]:
    kinds = {ActorKind.OSCE_STRUCTURE, ActorKind.INTERNATIONAL_ORG}
    return frozenset(actor.name for actor in load_catalogue().actors if actor.kind in kinds)

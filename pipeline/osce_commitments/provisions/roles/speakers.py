"""Attachments: the delegation that speaks and the decision that it speaks about."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from osce_commitments.catalogue import find_symbols, load_catalogue, normalise_symbol
from osce_commitments.catalogue.store import ActorKind
from osce_commitments.labels import BlockKind, DocumentType, Role
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.schema import Document

_SPEAKERS = frozenset({ActorKind.PARTICIPATING_STATE, ActorKind.PARTNER_STATE, ActorKind.INTERNATIONAL_ORG})
_PARAGRAPHS_READ = 2


@dataclass(frozen=True, slots=True)
class Speaker:
    """The speaker of an attachment and the subject.

    Attributes:
        delegation: Names in printed order, in the catalogue's form if it has them.
        about: Symbol of the decision; that of the document if the attachment names no other, none if it is its own document.
    """

    delegation: tuple[str, ...] = ()
    about: str = ""


def with_speakers(document: Document, pieces: Sequence[Piece]) -> tuple[list[Piece], Mapping[int, Speaker]]:
    """Return the pieces, and the speaker of every attachment that is a statement, by part number.

    Attachments that are not statements ("Attachment: list of forms") become annexes.
    """
    parts: defaultdict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.part and piece.kind != BlockKind.FOOTNOTE:
            parts[piece.part].append(piece)
    attachments = {part for part, found in parts.items() if any(piece.role == Role.ATTACHMENT for piece in found)}
    spoken = {part: _speaker(document, parts[part]) for part in sorted(attachments)}
    spoken = {part: voice for part, voice in spoken.items() if voice.delegation or _speaks(parts[part])}
    rule = role_rules()["attachment_without_speaker"].id
    read = [
        replace(piece, role=Role.ANNEX, role_rule=rule)
        if piece.role == Role.ATTACHMENT and piece.part not in spoken
        else piece
        for piece in pieces
    ]
    return read, spoken


def _speaks(pieces: Sequence[Piece]) -> bool:
    """Whether the title calls it a statement, or a person or delegation speaks in the text."""
    roles = role_rules()
    titles = _lines(pieces, is_heading=True)
    if any(roles.finds("attachment", line) and not roles.finds("marker_without_title", line) for line in titles):
        return True
    return any(roles.finds("delegation_speaks", line) for line in _lines(pieces, is_heading=False))


def _speaker(document: Document, pieces: Sequence[Piece]) -> Speaker:
    roles = role_rules()
    headings = list(_lines(pieces, is_heading=True))
    paragraphs = list(_lines(pieces, is_heading=False))[:_PARAGRAPHS_READ]
    # After "delegation of" a name must begin, known or not; in a title or in the first paragraphs it may.
    places = (
        ("speaker_name.after_delegation_of", (*paragraphs, *headings), True),
        ("speaker_name.in_title", headings, False),
        ("speaker_name.in_text", paragraphs, False),
    )
    names = (
        _names(line[match.end() :], is_named=is_named)
        for rule, lines, is_named in places
        for line in lines
        if (match := roles.pattern(rule).search(line))
    )
    return Speaker(next(filter(None, names), ()), _decision_spoken_about(document, headings, paragraphs))


def _lines(pieces: Sequence[Piece], *, is_heading: bool) -> Iterator[str]:
    for piece in pieces:
        if (piece.kind in {BlockKind.HEADING, BlockKind.TITLE}) == is_heading:
            yield " ".join(piece.printed.split())


def _names(words: str, *, is_named: bool) -> tuple[str, ...]:
    """Return the names at the start of the words, separated only by "and", "on behalf of" and the like.

    Args:
        words: The words after "the delegation of".
        is_named: Whether a name must begin there, known or not.
    """
    roles = role_rules()
    names: dict[str, None] = {}
    end = 0
    for match in _pattern_of_names().finditer(words):
        if not roles.finds("speaker_name.link", words[end : match.start()]):
            break
        if actor := load_catalogue().actor(match[0]):
            names[actor.name] = None
        end = match.end()
    if names or not is_named:
        return tuple(names)
    unknown = roles.pattern("speaker_name.unknown").match(words)
    return (unknown["name"],) if unknown else ()


@functools.cache
def _pattern_of_names() -> re.Pattern[str]:
    """Match names of States and organizations in any letter case, and their abbreviations as written."""
    actors = [actor for actor in load_catalogue().actors if actor.kind in _SPEAKERS]
    names = sorted({name for actor in actors for name in (actor.name, *actor.aliases)}, key=len, reverse=True)
    short = sorted({name for actor in actors for name in actor.abbreviations}, key=len, reverse=True)
    return re.compile(rf"\b(?:(?i:{'|'.join(map(re.escape, names))})|{'|'.join(map(re.escape, short))})(?!\w)")


def _decision_spoken_about(document: Document, headings: Sequence[str], paragraphs: Sequence[str]) -> str:
    roles = role_rules()
    links = [match[0] for line in paragraphs for match in roles.pattern("decision_spoken_about").finditer(line)]
    for words in (*headings, *links):
        named = [symbol.symbol for symbol in find_symbols(words) if ".DEC/" in symbol.symbol]
        if named:
            return named[0]
        if number := roles.pattern("decision_number").search(words):
            # The body is that of the document if the words name no other.
            named_bodies = [
                actor.abbreviations[0]
                for actor in load_catalogue().actors
                if actor.abbreviations and actor.name in words
            ]
            bodies = (body for body in named_bodies if normalise_symbol(f"{body}.DEC/{number[1]}"))
            if symbol := normalise_symbol(f"{next(bodies, document.body)}.DEC/{number[1]}"):
                return symbol
    return document.symbol if document.type != DocumentType.DELEGATION_STATEMENT else ""

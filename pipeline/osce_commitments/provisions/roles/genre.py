"""The genre of a text if its title does not give it: a binding report, a narrative, a separate annex."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from osce_commitments.labels import BlockKind, DocumentType, Role
from osce_commitments.provisions.patterns import role_rules
from osce_commitments.provisions.pieces import Piece
from osce_commitments.provisions.roles.preamble import has_preamble
from osce_commitments.schema import Document

_LEAST_ACTS = 3
_BODY_OF_REPORTS = "Secretariat"
_PART_OF_DECISION_SYMBOL = ".DEC/"
_NARRATIVE_SENTENCES_PER_ACT = 2
_LEAST_BY_NAME = 2
_SHARE_OF_ACTS = 0.2
_BEFORE_TITLE = frozenset({BlockKind.HEADER, BlockKind.HEADING, BlockKind.PARAGRAPH})
_TITLES = frozenset({BlockKind.TITLE, BlockKind.HEADING})
_LONGEST_HEADER = 80
_BLOCKS_OF_AN_OPENING = 10


class Genre(NamedTuple):
    """What kind of text a document is.

    Attributes:
        type: Its type, corrected by its content.
        whole: Role of the whole text, if it is an annex or an attachment.
    """

    type: DocumentType
    whole: Role | None = None


def genre_of(document: Document, pieces: Sequence[Piece]) -> Genre:
    """Return the genre of a document with these pieces."""
    whole = Role.ATTACHMENT if _is_attachment(document) else Role.ANNEX if _is_annex(document) else None
    return Genre(_type_by_content(document, pieces), whole)


def _type_by_content(document: Document, pieces: Sequence[Piece]) -> DocumentType:
    """Return the type of the document, corrected by its content.

    A report in which the States themselves agree on acts is binding, whatever its title. A text of unknown type is a
    report if its title calls it one, and an article if its author speaks as "I" and the States agree on little.
    """
    roles = role_rules()
    is_unknown = document.type == DocumentType.OTHER and not document.symbol
    if (is_unknown or (document.type == DocumentType.JOURNAL and not document.symbol)) and has_preamble(pieces):
        # An act with a preamble is no narrative, although the page names a gazette or an item is called "I".
        return DocumentType.OTHER
    is_report = document.type == DocumentType.REPORT or _is_called_report(document) or _only_names_decision(document)
    if not (is_report or is_unknown):
        return document.type
    texts = [piece.printed for piece in pieces if piece.kind == BlockKind.PARAGRAPH]
    acts = [match for text in texts if (match := roles.pattern("act.of_states").match(text))]
    if is_report:
        by_name = sum(act["states"] is not None for act in acts)
        is_binding = len(acts) >= max(_LEAST_ACTS, _SHARE_OF_ACTS * len(texts)) and by_name >= _LEAST_BY_NAME
        return DocumentType.OTHER if is_binding else DocumentType.REPORT
    narrative_sentences = sum(roles.finds("narrator", text) for text in texts)
    return DocumentType.ARTICLE if narrative_sentences > _NARRATIVE_SENTENCES_PER_ACT * len(acts) else document.type


def _only_names_decision(document: Document) -> bool:
    """Whether a Secretariat text only mentions a decision in its title ("… requested by Decision No. 9012")."""
    is_called_one = document.type == DocumentType.DECISION and document.body == _BODY_OF_REPORTS
    return is_called_one and bool(document.symbol) and _PART_OF_DECISION_SYMBOL not in document.symbol


def _is_called_report(document: Document) -> bool:
    """Whether a text of unknown type is called a report, or comes from the Secretariat, which adopts nothing."""
    roles = role_rules()
    if document.type != DocumentType.OTHER:
        return False
    above = takewhile(lambda block: block.kind != BlockKind.PARAGRAPH, document.blocks)
    titles = [document.text[one.start : one.end] for one in above if one.kind in _TITLES]
    is_titled = any(roles.finds("report_title", title) for title in (document.title, *titles))
    return (is_titled and not document.symbol) or document.body == _BODY_OF_REPORTS


def _is_attachment(document: Document) -> bool:
    """Whether a delegation's statement is one on a decision: an interpretative statement or a reservation."""
    roles = role_rules()
    if document.type != DocumentType.DELEGATION_STATEMENT:
        return False
    shown = [
        document.text[block.start : block.end] for block in document.blocks if block.kind in _BEFORE_TITLE | _TITLES
    ]
    return any(roles.finds("statement_on_a_decision", words) for words in shown[:_BLOCKS_OF_AN_OPENING])


def _is_annex(document: Document) -> bool:
    """Whether the header block calls the whole text an annex."""
    roles = role_rules()
    for block in document.blocks:
        if block.kind == BlockKind.TITLE:
            return False
        written = document.text[block.start : block.end].strip()
        is_header = block.kind in _BEFORE_TITLE and len(written) <= _LONGEST_HEADER
        if is_header and roles.finds("annex_in_header", written):
            return any(block.kind == BlockKind.TITLE for block in document.blocks)
    return False

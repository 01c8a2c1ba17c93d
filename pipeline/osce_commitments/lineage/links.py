"""The links of a document to the latest earlier documents that it takes up, as records."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from osce_commitments.labels import Relation
from osce_commitments.lineage.changes import cue_differs, force_differs, new_act, new_date, same_words
from osce_commitments.lineage.pairs import link
from osce_commitments.schema import LineageLink
from osce_commitments.texts.diff import changed_spans

if TYPE_CHECKING:
    from osce_commitments.lineage.worded import WordedDocument
    from osce_commitments.schema import Row


_LEAST_OUTSIDE = 0.9  # score of a link to a text that is not the last edition
_SUBSTANCE = (
    0.5  # share of what the fullest edition gave that makes an edition more than a rollover; others give nine tenths
)
_PARTS = (Relation.SPLIT, Relation.MERGED)
_SPAN = ("earlier_start", "earlier_end", "later_start", "later_end")


def document_links(earlier: WordedDocument, later: WordedDocument) -> list[LineageLink]:
    """The links between two documents; none unless the first one is older for certain."""
    if not earlier.is_before(later):
        return []
    found, same_title = [], later.has_title_of(earlier)
    for pair_link in link(earlier, later):
        before, after = earlier.provisions[pair_link.earlier], later.provisions[pair_link.later]
        # Its neighbour restates the earlier one, or that one was a mere note.
        relation = pair_link.relation
        if relation is Relation.VERBATIM and not same_words(before.reading, after.reading):
            relation = Relation.REWORDED
        is_no_change = (not pair_link.is_main and pair_link.relation not in _PARTS) or before.notes
        found.append(
            LineageLink(
                earlier=before.id,
                later=after.id,
                earlier_document=earlier.id,
                later_document=later.id,
                earlier_date=earlier.days[1],
                relation=relation,
                score=pair_link.score,
                is_main=pair_link.is_main,
                overlap=pair_link.overlap,
                same_title=same_title,
                is_procedure=bool(before.procedure and after.procedure),
                force_changed=not is_no_change
                and force_differs(before.acts, after.acts)
                and cue_differs(before.cued, after.cued),
            )
        )
    return found


def latest(links: Iterable[LineageLink]) -> list[LineageLink]:
    """The links of every provision to one earlier document: the last edition of its own text, of the same title first.

    The last edition is the last one with the substance: a rollover, which extends a mandate by some days in a few lines, gives
    the history of these lines alone. Links to other texts need nearly the same words where there is an edition: what it left
    out comes back as it was, and one form serves many subjects. The choice does not depend on the order in which documents
    become known.

    Args:
        links: All links of one later document.
    """
    known = set(links)
    least = _SUBSTANCE * max((lineage_link.overlap for lineage_link in known), default=0.0)
    last = max((_edition(one) for one in known if one.overlap >= least), default=(False,))
    by_later: defaultdict[str, list[LineageLink]] = defaultdict(list)
    for one in known:
        if _edition(one) >= last or (one.score >= _LEAST_OUTSIDE and not one.is_procedure):
            by_later[one.later].append(one)
    kept = []
    for lineage_links in by_later.values():
        chosen = max(lineage_links, key=lambda one: (*_edition(one), one.earlier_date, one.score, one.earlier_document))
        kept += [one for one in lineage_links if one.earlier_document == chosen.earlier_document]
    return sorted(kept, key=lambda one: (one.later, one.earlier))


def _edition(lineage_link: LineageLink) -> tuple[bool, bool, dt.date] | tuple[bool]:
    """What says how much the earlier document is the last edition of the text; the highest is."""
    return (True, lineage_link.same_title, lineage_link.earlier_date) if lineage_link.overlap else (False,)


def lineage_row(lineage_link: LineageLink, provisions: Mapping[str, Row]) -> Row:
    """The row of ``lineage``: the link with the differences in words, addressees and deadlines.

    Args:
        lineage_link: The link.
        provisions: Rows of ``provisions`` by id, with both of the link.
    """
    before, after = provisions[lineage_link.earlier], provisions[lineage_link.later]
    return {
        "earlier": lineage_link.earlier,
        "later": lineage_link.later,
        "earlier_document": lineage_link.earlier_document,
        "later_document": lineage_link.later_document,
        "year": after["year"],
        "earlier_date": lineage_link.earlier_date,
        "relation": lineage_link.relation.value,
        "score": lineage_link.score,
        "is_main": lineage_link.is_main,
        "overlap": lineage_link.overlap,
        "same_title": lineage_link.same_title,
        "is_procedure": lineage_link.is_procedure,
        "force_changed": lineage_link.force_changed,
        "new_act": new_act(before["reading"], after["reading"]),
        # In a merger the date may stand in another half.
        "new_date": "" if lineage_link.relation is Relation.MERGED else new_date(before["reading"], after["reading"]),
        "addressee_changed": _names(before) != _names(after),
        "deadline_changed": _deadlines(before) != _deadlines(after),
        "changed": [dict(zip(_SPAN, span, strict=True)) for span in changed_spans(before["reading"], after["reading"])],
    }


def link_of(row: Row) -> LineageLink:
    """The link that a row of ``lineage`` was made from."""
    kept = {field.name: row[field.name] for field in dataclasses.fields(LineageLink)}
    return LineageLink(**kept | {"relation": Relation(row["relation"])})


def _names(row: Row) -> list[str]:
    return sorted(name.casefold() for name in row["addressee"])


def _deadlines(row: Row) -> list[str]:
    # Yearly texts move each deadline by a year: only one that is new, dropped or of another kind is a change.
    return sorted("interval" if one["ref"].startswith(("P", "R")) else "date" for one in row["deadlines"])

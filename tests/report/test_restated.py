from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from osce_commitments.report.compare.restatements import nearest_earlier
from osce_commitments.report.statements import COMMITMENT, commitments

if TYPE_CHECKING:
    from osce_commitments.query import Reader


def test_many_at_once_answer_as_one_by_one(held: Reader) -> None:
    ids = list(commitments(held))[:20]
    together = held.more_like_each(ids, limit=5, until="2015", **COMMITMENT)
    for one, answer in zip(ids, together, strict=True):
        alone = held.more_like(one, limit=5, until="2015", **COMMITMENT)
        assert answer.total == alone.total
        assert [round(hit.score, 4) for hit in answer.hits] == [round(hit.score, 4) for hit in alone.hits]
        assert one not in {hit.id for hit in answer.hits}
    assert [found.hits for found in held.more_like_each(ids, until="1950")] == [()] * len(ids)


def test_what_later_documents_say_is_what_a_search_from_the_next_day_on_finds(held: Reader) -> None:
    dated = [one for one in commitments(held).values() if one.date][::40]
    together = held.more_like_each([one.id for one in dated], limit=3, later=True, strength=">=urging")
    assert any(answer.total for answer in together)
    for one, answer in zip(dated, together, strict=True):
        assert one.date is not None
        after = (one.date + dt.timedelta(days=1)).isoformat()
        alone = held.more_like(one.id, limit=3, since=after, strength=">=urging")
        assert answer.total == alone.total
        assert [hit.id for hit in answer.hits] == [hit.id for hit in alone.hits]


def test_paragraphs_of_one_document_restate_nothing(held: Reader) -> None:
    every = commitments(held)
    found = nearest_earlier(held, list(every.values()), every)
    assert all(one.earlier.document != one.later.document for one in found)

from __future__ import annotations

from typing import TYPE_CHECKING

from osce_commitments.report.restated import nearest_earlier
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


def test_paragraphs_of_one_document_restate_nothing(held: Reader) -> None:
    every = commitments(held)
    found = nearest_earlier(held, list(every.values()), every)
    assert all(one.earlier.document != one.later.document for one in found)

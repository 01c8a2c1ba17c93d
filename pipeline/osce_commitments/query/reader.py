"""One version of a dataset opened for search, as ``osce_commitments.open`` returns it."""

from __future__ import annotations

import bisect
import os
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.query import citing
from osce_commitments.query.cite.citation_text import citation, document_citation, document_link, provision_link
from osce_commitments.query.conditions import Conditions
from osce_commitments.query.counts import CrossCounts, DocumentCounts, count_cross, count_documents, count_facets
from osce_commitments.query.filters import Filters
from osce_commitments.query.result import Facets, ProvisionView, Reference, SearchResult, hit
from osce_commitments.query.search.embed import Embedder
from osce_commitments.query.search.index import path_of_index
from osce_commitments.query.search.language import Both, exclusions, loosen, plain_words
from osce_commitments.query.store import Store
from osce_commitments.query.where import where
from osce_commitments.schema import Row

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from osce_commitments.dataset.diff import Diff
    from osce_commitments.dataset.versions import VersionSpec
    from osce_commitments.query.search.vectors import Days, Floats, Vectors

By = Literal["words", "meaning", "both"]
Order = Literal["relevance", "date", "strength"]
_BY, _ORDERS = ("words", "meaning", "both"), ("relevance", "date", "strength")
_LIMIT = 50
_FUSED, _RANK_OFFSET = 1_000, 60  # the constant k of the paper (see fuse)


class Reader:
    """A version of a dataset to search; later writes do not change its results. Threads may share it.

    Args:
        path: Folder of the dataset.
        version: None or "latest", a number, a day or a time.
        embedder: For :meth:`more_like` and searches by meaning; None for the released encoder.

    Attributes:
        dataset: The dataset, with tables of any version.
        info: Description of the version.

    Raises:
        DatasetError: If the version does not exist, or its index cannot be built.
    """

    def __init__(
        self, path: str | os.PathLike[str], version: VersionSpec = None, embedder: Embedder | None = None
    ) -> None:
        self.dataset = Dataset(os.fspath(path))
        self.info = self.dataset.info(version)
        self._index = path_of_index(self.dataset, self.info)
        self._store = Store(self._index)
        self._embedder = embedder
        self._lock = threading.Lock()
        self._vectors: Vectors | None = None

    def __repr__(self) -> str:
        counts = ", ".join(f"{count:,} {name}" for name, count in self.info.counts.items() if name != "runs")
        return f"Reader({self.dataset.path}, version {self.version}: {counts})"

    @property
    def version(self) -> int:
        """Number of the version."""
        return self.info.version

    def search(
        self,
        text: str = "",
        *,
        by: By = "words",
        order: Order = "relevance",
        limit: int | None = _LIMIT,
        offset: int = 0,
        **conditions: Unpack[Conditions],
    ) -> SearchResult:
        """Provisions that meet the text query and every condition.

        Args:
            text: Words, "phrases", AND OR NOT, brackets, beginnings*, ``title: heading: lead_in: text:``.
            by: ``words`` matches the query; ``meaning`` ranks all provisions that meet the conditions by similarity to
                the query; ``both`` merges the two rankings.
            order: ``relevance``, ``date`` (oldest first) or ``strength`` (strongest first); without text by date.
            limit: Maximum number of hits; None for all.
            offset: Number of hits to skip.
            conditions: See :class:`Conditions`.

        Raises:
            ConfigError: If a condition is wrong; QueryError, a subclass, if the text is not a valid query.
        """
        _check_page(limit, offset)
        filters = Filters.parse(text=text, **conditions)
        if by not in _BY or order not in _ORDERS:
            msg = f"unknown search by {by!r} or order {order!r}"
            raise ConfigError(msg, f"search by {', '.join(_BY)}; order by {', '.join(_ORDERS)}")
        if by == "words" or not plain_words(filters.text):
            condition = where(filters, self._store.words)
            return self._page(self._store.find(condition, order), limit, offset, condition.match)
        return self._by_meaning(filters, by, limit, offset)

    def facets(self, text: str = "", **conditions: Unpack[Conditions]) -> Facets:
        """Counts of the provisions that :meth:`search` finds by strength, area, year, body and addressee.

        Raises:
            ConfigError: See :meth:`search`.
        """
        return count_facets(self._store, Filters.parse(text=text, **conditions))

    def cross(self, text: str = "", **conditions: Unpack[Conditions]) -> CrossCounts:
        """Counts of the provisions that :meth:`search` finds by area and strength, year or addressee.

        Raises:
            ConfigError: See :meth:`search`.
        """
        return count_cross(self._store, Filters.parse(text=text, **conditions))

    def by_document(self, text: str = "", **conditions: Unpack[Conditions]) -> Mapping[str, DocumentCounts]:
        """Counts of the provisions that :meth:`search` finds by document id, oldest document first.

        Raises:
            ConfigError: See :meth:`search`.
        """
        return count_documents(self._store, Filters.parse(text=text, **conditions))

    def provision(self, provision: str) -> Row:
        """The row of a provision with all its columns, ``citation`` and ``link``.

        Args:
            provision: Its id or an unambiguous prefix of it.

        Raises:
            DatasetError: If no provision or several match.
        """
        (row,) = self._store.records([self._store.number(provision)])
        return _described(row)

    def show(self, provision: str) -> ProvisionView:
        """A provision in context; see :meth:`provision`."""
        (row,) = self._store.records([self._store.number(provision)])
        return ProvisionView.of(row, self._document(row["document"])[1])

    def document(self, key: str) -> Row:
        """The row of a document with all its columns, ``citation`` and ``link``.

        Args:
            key: Its id, or its symbol in any printed form.

        Raises:
            DatasetError: If the version lacks it.
        """
        return self._document(key)[1]

    def documents(self) -> list[Row]:
        """The rows of all documents without text, blocks and pages, oldest first, with ``citation`` and ``link``."""
        return [_described_document(row) for row in self._store.documents()]

    def provisions(self, document: str) -> list[Row]:
        """The rows of a document's provisions in order; see :meth:`provision`.

        Raises:
            DatasetError: If the version lacks the document.
        """
        number, _ = self._document(document)
        rows = self._store.rows("SELECT number FROM provisions WHERE document = ? ORDER BY number", (number,))
        return [_described(row) for row in self._store.records([one for (one,) in rows])]

    def cites(self, document: str) -> tuple[Reference, ...]:
        """The instruments that a document cites, in order of first citation.

        Raises:
            DatasetError: If the version lacks the document.
        """
        number, row = self._document(document)
        return citing.cites(self._store, number, row["symbol"])

    def cited_by(self, symbol: str) -> tuple[Reference, ...]:
        """The documents that cite an instrument, oldest first; the dataset may lack its own text."""
        return citing.cited_by(self._store, normalise_symbol(symbol) or symbol.strip())

    def more_like(self, provision: str, *, limit: int = 10, **conditions: Unpack[Conditions]) -> SearchResult:
        """The other provisions most similar to one, among those that meet the conditions.

        Raises:
            ConfigError: See :meth:`search`.
            DatasetError: See :meth:`provision`.
        """
        _check_page(limit, 0)
        number = self._store.number(provision)
        found = self._store.find(where(Filters.parse(**conditions), self._store.words).matching, "date")
        numbers = [one for one, _ in found if one != number]
        return self._page(self._load_vectors().like_number(number, numbers, limit), limit, 0, total=len(numbers))

    def more_like_each(
        self,
        provisions: Sequence[str],
        *,
        limit: int = 10,
        later: bool = False,
        **conditions: Unpack[Conditions],
    ) -> list[SearchResult]:
        """The results of :meth:`more_like` for several provisions, in one pass over the vectors.

        Args:
            provisions: Ids.
            limit: Maximum number of hits for each.
            later: Only provisions of later documents (a year counts as its last day, undated ones as earliest).
            conditions: See :class:`Conditions`.

        Raises:
            ConfigError: See :meth:`search`.
            DatasetError: See :meth:`provision`.
        """
        import numpy as np

        _check_page(limit, 0)
        asked = [self._store.number(provision) for provision in provisions]
        found = self._store.find(where(Filters.parse(**conditions), self._store.words).matching, "date")
        numbers = [one for one, _ in found]
        days = np.asarray(self._store.last_days(), dtype=np.int64) if later else None
        ranked = self._load_vectors().like_numbers(asked, numbers, limit, days)
        wanted = sorted({number for some in ranked for number, _ in some})
        rows = dict(zip(wanted, self._store.records(wanted), strict=True))
        hits = (tuple(hit(rows[number], score) for number, score in some) for some in ranked)
        totals = _totals(asked, numbers, days)
        return [SearchResult(total, some, 0, self.version) for total, some in zip(totals, hits, strict=True)]

    def cosines(self, some: Sequence[str], others: Sequence[str]) -> Floats:
        """Cosines of some provisions with others, by id, shape ``(some, others)``.

        Raises:
            ConfigError: If the encoder is missing.
            DatasetError: See :meth:`provision`.
        """
        ours, theirs = ([self._store.number(one) for one in ids] for ids in (some, others))
        return self._load_vectors().cosines(ours, theirs)

    def changes_since(self, version: VersionSpec) -> Diff:
        """The changes from an earlier version to this one."""
        return self.dataset.diff(version, self.version)

    def _document(self, key: str) -> tuple[int, Row]:
        found = self._store.document(key.strip()) or self._store.document(normalise_symbol(key) or "")
        if found is None:
            msg = f"document {key!r} is not in this version"
            raise DatasetError(msg, "osce-commitments sql 'SELECT id, symbol, title FROM documents' lists them")
        return found[0], _described_document(found[1])

    def _by_meaning(self, filters: Filters, by: By, limit: int | None, offset: int) -> SearchResult:
        asked = filters.text
        assert asked is not None  # noqa: S101 - the caller checked
        excluded = exclusions(asked)
        candidates = replace(filters, text=Both(excluded) if excluded else None)
        numbers = [number for number, _ in self._store.find(where(candidates, self._store.words), "date")]
        condition = where(replace(filters, text=loosen(asked)), self._store.words)
        most = _FUSED if by == "both" else None if limit is None else offset + limit
        ranked = self._load_vectors().like_text(" ".join(plain_words(asked)), numbers, most)
        if by == "meaning":
            return self._page(ranked, limit, offset, condition.match, len(numbers))
        fused = fuse(self._store.find(condition, "relevance"), ranked)
        return self._page(fused, limit, offset, condition.match)

    def _load_vectors(self) -> Vectors:
        from osce_commitments.query.search.encoder import released_encoder
        from osce_commitments.query.search.vectors import Vectors

        with self._lock:
            if self._vectors is None:
                self._vectors = Vectors.of(self._index, self._store.readings, self._embedder or released_encoder())
            return self._vectors

    def _page(
        self,
        ranked: Sequence[tuple[int, float]],
        limit: int | None,
        offset: int,
        match: str = "",
        total: int | None = None,
    ) -> SearchResult:
        shown = ranked[offset : None if limit is None else offset + limit]
        numbers = [number for number, _ in shown]
        marked = self._store.highlights(numbers, match)
        rows = zip(self._store.records(numbers), shown, strict=True)
        hits = tuple(hit(row, score, marked.get(number, ())) for row, (number, score) in rows)
        return SearchResult(len(ranked) if total is None else total, hits, offset, self.version)


def fuse(*rankings: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009) of the first ranks, best first."""
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, (number, _) in enumerate(ranking[:_FUSED], 1):
            scores[number] += 1 / (_RANK_OFFSET + rank)
    return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))


def _totals(asked: Sequence[int], numbers: Sequence[int], days: Days | None) -> list[int]:
    """How many numbers each given one is compared with."""
    if days is None:
        among = set(numbers)
        return [len(numbers) - (number in among) for number in asked]
    ordered = sorted(days[number - 1] for number in numbers)
    return [len(ordered) - bisect.bisect_right(ordered, days[number - 1]) for number in asked]


def _check_page(limit: int | None, offset: int) -> None:
    if offset < 0 or (limit is not None and limit < 0):
        msg = f"limit {limit} or offset {offset} is negative"
        raise ConfigError(msg, "use limit and offset of 0 or more")


def _described(row: Row) -> Row:
    return row | {"citation": citation(row), "link": provision_link(row["id"])}


def _described_document(row: Row) -> Row:
    return row | {"citation": document_citation(row), "link": document_link(row)}

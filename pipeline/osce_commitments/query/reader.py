"""One version of a dataset opened for search, as ``osce_commitments.open`` returns it."""

from __future__ import annotations

import functools
import json
import os
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.dataset import Dataset
from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.labels import LabelsBy, Role
from osce_commitments.query import citing
from osce_commitments.query.cite import citation, document_citation, document_link, provision_link
from osce_commitments.query.conditions import Conditions
from osce_commitments.query.counts import CrossCounts, DocumentCounts, count_cross, count_documents, count_facets
from osce_commitments.query.history import History, TakenUp, lines_through, links_of
from osce_commitments.query.ranking import By, NearHit, Order, Ranking, checked_order, is_ranked
from osce_commitments.query.result import Facets, Hit, Near, ProvisionView, Reference, SearchResult, hit
from osce_commitments.query.search.embed import Embedder
from osce_commitments.query.search.index import path_of_index
from osce_commitments.query.search.language import FEW, has_near
from osce_commitments.query.search.thesaurus import broaden, concepts
from osce_commitments.query.store import Store
from osce_commitments.query.unmatched import Unmatched, unmatched_values
from osce_commitments.query.where import Filters, where
from osce_commitments.schema import Row

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from osce_commitments.dataset.versions import VersionSpec
    from osce_commitments.query.search.vectors import TextsDone, Vectors

_LIMIT = 50
_FOUND_PER_LINE = 12  # provisions searched for each line wanted: a line is as long as its years
_PROVISION_ID = re.compile(r"p[0-9a-f]{3,16}")


class Reader:
    """A version of a dataset to search; later writes do not change its results. Threads may share it.

    Args:
        path: Folder of the dataset.
        version: None or "latest", a number, a day or a time.
        embedder: For :meth:`more_like` and searches by meaning; None for the released encoder.
        labels: ``corrected`` or ``model``: whether corrections of people replace the labels of the program.

    Attributes:
        dataset: The dataset, with tables of any version.
        info: Description of the version.

    Raises:
        DatasetError: If the version does not exist, or its index cannot be built.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        version: VersionSpec = None,
        embedder: Embedder | None = None,
        labels: str = LabelsBy.CORRECTED,
    ) -> None:
        self.dataset = Dataset(os.fspath(path), labels)
        self.info = self.dataset.info(version)
        # Not a method of this object: the store would keep it alive.
        self._store = Store(functools.partial(path_of_index, self.dataset, self.info))
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
        order: Order = "",
        limit: int | None = _LIMIT,
        offset: int = 0,
        **conditions: Unpack[Conditions],
    ) -> SearchResult:
        """Provisions that meet the text query and every condition.

        Args:
            text: Words, "phrases", AND OR NOT, brackets, beginnings*, ``title: heading: lead_in: text:``.
            by: ``words`` matches the query; ``meaning`` finds, of the provisions that meet the conditions, those closest to
                the query: at most ``CLOSEST``, and none below the encoder's floor of likeness; ``both`` ranks
                what meets the query or is close to it by its concepts and its meaning.
            order: ``relevance``, ``newest``, ``oldest``, ``firmest`` or ``due`` (first deadline within the chosen days);
                by default ``relevance`` with text and ``newest`` without.
            limit: Maximum number of hits; None for all.
            offset: Number of hits to skip.
            conditions: See :class:`Conditions`.

        Raises:
            ConfigError: If a condition is wrong; QueryError, a subclass, if the text is not a valid query.
        """
        _check_page(limit, offset)
        filters = Filters.parse(text=text, **conditions)
        sort = checked_order(order) or ("relevance" if filters.text is not None else "newest")
        ranks = is_ranked(filters, by)
        condition = where(replace(filters, text=broaden(filters.text)) if ranks else filters, self._store.words)  # type: ignore[arg-type] # ranked by its words
        if not ranks:
            found, total = self._store.page(condition, sort, limit, offset)
            return self._page(found, offset, condition.match, total)
        ranked = self._ranking.closest(filters, by)
        if sort != "relevance":
            ranked = self._ranking.reordered(ranked, filters, sort)
        shown = ranked[offset : None if limit is None else offset + limit]
        return self._page(shown, offset, condition.match, len(ranked))

    def ids(self, text: str = "", *, by: By = "words", **conditions: Unpack[Conditions]) -> list[str]:
        """The ids of what :meth:`search` finds, oldest first.

        Raises:
            ConfigError: See :meth:`search`.
        """
        found = self._ranking.shown(by)(Filters.parse(text=text, **conditions))
        rows = self._store.rows(f"SELECT p.id FROM provisions p WHERE {found.sql} ORDER BY p.number", found.values)  # noqa: S608 - ours
        return [one for (one,) in rows]

    def near(self, text: str, *, found: int = 0, **conditions: Unpack[Conditions]) -> Near:
        """What is near plain words in words and meaning, surest first, but does not have all of the words.

        Args:
            text: The query. One with operators has nothing close to it.
            found: Number of provisions that have all of the words. If they fill a list, there is nothing else.
            conditions: See :class:`Conditions`.

        Raises:
            ConfigError: See :meth:`search`.
        """
        filters = Filters.parse(text=text, **conditions)
        if filters.text is None or not (has_near(text, found) and self.is_prepared):
            return Near()
        wanted = concepts(filters.text)
        match = where(replace(filters, text=broaden(filters.text, wanted)), self._store.words).match
        return Near(*(self._near_hits(hits, match) for hits in self._ranking.near(filters, wanted, FEW - found)))

    def _near_hits(self, near_hits: Sequence[NearHit], match: str) -> tuple[Hit, ...]:
        hits = self._page([(one.number, one.sureness) for one in near_hits], 0, match, len(near_hits)).hits
        return tuple(replace(one, lacks=near.lacks) for one, near in zip(hits, near_hits, strict=True))

    def facets(self, text: str = "", *, by: By = "words", **conditions: Unpack[Conditions]) -> Facets:
        """Counts of the provisions that :meth:`search` finds, by strength, area, year, body, addressee and more.

        Raises:
            ConfigError: See :meth:`search`.
        """
        return count_facets(self._store, Filters.parse(text=text, **conditions), self._ranking.shown(by))

    def cross(self, text: str = "", *, by: By = "words", **conditions: Unpack[Conditions]) -> CrossCounts:
        """Counts of the provisions that :meth:`search` finds, by area and strength, year or addressee.

        Raises:
            ConfigError: See :meth:`search`.
        """
        return count_cross(self._store, self._ranking.shown(by)(Filters.parse(text=text, **conditions)))

    def by_document(
        self, text: str = "", *, by: By = "words", **conditions: Unpack[Conditions]
    ) -> Mapping[str, DocumentCounts]:
        """Counts of the provisions that :meth:`search` finds, by document id, oldest document first.

        Raises:
            ConfigError: See :meth:`search`.
        """
        return count_documents(self._store, self._ranking.shown(by)(Filters.parse(text=text, **conditions)))

    def undated(self, text: str = "", **conditions: Unpack[Conditions]) -> int:
        """Number of provisions of undated documents that only ``since`` and ``until`` leave out; 0 without these two.

        Raises:
            ConfigError: See :meth:`search`.
        """
        filters = Filters.parse(text=text, **conditions)
        if not filters.values.keys() & {"since", "until"}:
            return 0
        rest = filters.without({"since", "until", "dated"})
        found = where(replace(rest, values={**rest.values, "dated": False}), self._store.words).matching
        return self._store.count(found)

    def unmatched(self, text: str = "", **conditions: Unpack[Conditions]) -> list[Unmatched]:
        """The plain words and the values of conditions that no provision has, each with similar values that some have.

        Raises:
            ConfigError: See :meth:`search`.
        """
        return unmatched_values(self._store, Filters.parse(text=text, **conditions), text)

    def provision(self, provision: str) -> Row:
        """The row of a provision with all its columns, ``citation`` and ``link``.

        Args:
            provision: Its id or an unambiguous prefix of it.

        Raises:
            DatasetError: If no provision or several match.
        """
        (row,) = self._store.records([citing.provision_number(self._store, provision)])
        return _described(row)

    def rows(self, ids: Iterable[str]) -> list[Row]:
        """The rows of the provisions with some ids, oldest first; see :meth:`provision`."""
        wanted = "SELECT number FROM provisions WHERE id IN (SELECT value FROM json_each(?)) ORDER BY number"
        return self._store.records([one for (one,) in self._store.rows(wanted, (json.dumps(list(ids)),))])

    def show(self, provision: str) -> ProvisionView:
        """A provision in context; see :meth:`provision`."""
        (row,) = self._store.records([citing.provision_number(self._store, provision)])
        return ProvisionView.of(row, self._document(row["document"])[1])

    def shared_places(self) -> dict[str, str]:
        """Names of the places that several provisions share ("para. 4, second item"), by the id of the provision."""
        return self._store.shared_places()

    def models(self) -> list[str]:
        """Ids of the classifiers that set the labels."""
        return [model for (model,) in self._store.rows("SELECT DISTINCT model FROM provisions ORDER BY 1")]

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
        number = citing.provision_number(self._store, provision)
        found = self._store.numbers(where(Filters.parse(**conditions), self._store.words).matching)
        numbers = found[found != number].tolist()
        return self._page(self._load_vectors().like_number(number, numbers, limit), 0, "", total=len(numbers))

    def history(self, asked: str, *, limit: int = _LIMIT, **conditions: Unpack[Conditions]) -> History:
        """The lines of a provision, of the provisions of a document, or of the commitments that a text query finds.

        Args:
            asked: Id of a provision or its beginning, id or symbol of a document in any printed form, or words.
            limit: Maximum number of lines.
            conditions: Conditions on the provisions that the words find; see :class:`Conditions`. A role, or
                ``commitments=False``, gives other text than commitments.

        Raises:
            ConfigError: If a condition or the text query is wrong.
            DatasetError: If the version lacks the provision or the document.
        """
        numbers = self._asked(asked.strip())
        if numbers is None:
            if conditions.get("commitments") is None and not conditions.get("role"):
                conditions["commitments"] = True
            return self.history_of(asked, limit=limit, **conditions)
        return lines_through(self._store, numbers, self.version, limit)

    def history_of(self, text: str = "", *, limit: int = _LIMIT, **conditions: Unpack[Conditions]) -> History:
        """The lines of the provisions that a text query and conditions find; see :meth:`history`."""
        filters = Filters.parse(text=text, **conditions)
        order, most = "relevance" if filters.text else "newest", limit * _FOUND_PER_LINE
        offset = self._store.find(where(filters, self._store.words), order, most)
        return lines_through(self._store, [number for number, _ in offset], self.version, limit)

    def taken_up(self, document: str) -> tuple[Mapping[str, Sequence[TakenUp]], Mapping[str, Row]]:
        """What the provisions of a document take up and what takes them up, by id; and the rows of all provisions concerned.

        Raises:
            DatasetError: If the version lacks the document.
        """
        number, _ = self._document(document)
        rows = self._store.rows("SELECT number FROM provisions WHERE document = ? ORDER BY number", (number,))
        return links_of(self._store, [one for (one,) in rows])

    def _asked(self, asked: str) -> list[int] | None:
        """Numbers of the recitals and acts of a document or of one provision; None for words."""
        if self._store.document(asked) or normalise_symbol(asked):
            found = "SELECT number FROM provisions WHERE document = ? AND role IN (?, ?, ?) ORDER BY number"
            rows = self._store.rows(found, (self._document(asked)[0], Role.OPERATIVE, Role.ANNEX, Role.PREAMBLE))
            return [one for (one,) in rows]
        return [self._store.number(asked)] if _PROVISION_ID.fullmatch(asked) else None

    def _document(self, key: str) -> tuple[int, Row]:
        found = self._store.document(key.strip()) or self._store.document(normalise_symbol(key) or "")
        if found is None:
            msg = f"document {key!r} is not in this version"
            raise DatasetError(msg, "osce-commitments sql 'SELECT id, symbol, title FROM documents' lists them")
        return found[0], _described_document(found[1])

    @property
    def _ranking(self) -> Ranking:
        return Ranking(self._store, self._load_vectors)

    @property
    def is_prepared(self) -> bool:
        """Whether the encoder and the vectors for searches by meaning are there."""
        from osce_commitments.query.search.vectors import Vectors

        try:
            return self._vectors is not None or Vectors.are_cached(self._store.path, self._own_embedder())
        except ConfigError:  # a search by words needs no encoder
            return False

    def prepare(self, progress: TextsDone | None = None) -> None:
        """Make the vectors for searches by meaning, which the first such search would make.

        Args:
            progress: Called with the number of new texts done and in all.

        Raises:
            ConfigError: If the encoder is missing.
            DatasetError: If they cannot be written.
        """
        self._load_vectors(progress)

    def _own_embedder(self) -> Embedder:
        from osce_commitments.query.search.encoder import released_encoder

        return self._embedder or released_encoder()

    def _load_vectors(self, progress: TextsDone | None = None) -> Vectors:
        from osce_commitments.query.search.vectors import Vectors

        with self._lock:
            if self._vectors is None:
                self._vectors = Vectors.of(
                    self._store.path, self._store.readings, self._own_embedder(), self.dataset.path, progress
                )
            return self._vectors

    def _page(self, shown: Sequence[tuple[int, float]], offset: int, match: str, total: int) -> SearchResult:
        numbers = [number for number, _ in shown]
        marked = self._store.highlights(numbers, match)
        rows = zip(self._store.records(numbers), shown, strict=True)
        hits = tuple(hit(row, score, marked.get(number, ())) for row, (number, score) in rows)
        return SearchResult(total, hits, offset, self.version)


def _check_page(limit: int | None, offset: int) -> None:
    if offset < 0 or (limit is not None and limit < 0):
        msg = f"limit {limit} or offset {offset} is negative"
        raise ConfigError(msg, "use limit and offset of 0 or more")


def _described(row: Row) -> Row:
    return row | {"citation": citation(row), "link": provision_link(row["id"])}


def _described_document(row: Row) -> Row:
    return row | {"citation": document_citation(row), "link": document_link(row)}

"""One version of a dataset opened for search, as ``osce_commitments.open`` returns it."""

from __future__ import annotations

import functools
import os
import re
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from osce_commitments.catalogue import normalise_symbol
from osce_commitments.dataset import Dataset
from osce_commitments.dataset.versions import VersionSpec
from osce_commitments.errors import ConfigError, DatasetError
from osce_commitments.labels import LabelKind, LabelsBy, Role
from osce_commitments.phrases import did_you_mean, similar
from osce_commitments.query.cite import citation, document_citation, document_link
from osce_commitments.query.conditions import BY_NAME, TEXT, Conditions
from osce_commitments.query.history import History, TakenUp, cited_row, lines_through, links_of
from osce_commitments.query.ranking import Ranking
from osce_commitments.query.result import Facets, Near, ProvisionView, SearchResult, hit
from osce_commitments.query.search.index import path_of_index
from osce_commitments.query.search.language import FEW, QueryNode, broaden, concepts, has_near, is_plain, plain_words
from osce_commitments.query.search.vectors import Embedder, TextsDone, Vectors
from osce_commitments.query.selection import USUAL_LIMIT, Asked, Selection, Where, where
from osce_commitments.query.store import Counts, Store, count_by, count_facets
from osce_commitments.schema import Row

if TYPE_CHECKING:
    from typing_extensions import Unpack

_SHOWN, _LEAST_LIKENESS, _LEAST_LIKENESS_OF_WORDS = 3, 0.6, 0.8
_BEGINNING = "SELECT word FROM words WHERE word >= ? AND word < ?"
_KNOWN = {
    "document": "SELECT symbol FROM documents WHERE symbol <> ''",
    "cites": "SELECT DISTINCT symbol FROM citations",
    "model": "SELECT DISTINCT model FROM provisions",
    "addressee": "SELECT name FROM addressees GROUP BY name ORDER BY count(*) DESC",
}
_RELATIONS = {TEXT.name: "has the word", "cites": "cites", "document": "is in the document"}


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A value of a condition, or a word of the query, that no provision has.

    Attributes:
        name: Name of the condition; "text" for a word.
        near: Similar values that some provision has, best first.
    """

    name: str
    value: str
    near: tuple[str, ...]

    @property
    def lacking(self) -> str:
        """The sentence up to the value: "No provision has the addressee"."""
        relation = _RELATIONS.get(self.name) or f"has the {BY_NAME[self.name].label.lower()}"
        return f"No provision {relation}"

    @property
    def message(self) -> str:
        """One sentence for people."""
        question = did_you_mean(self.near)
        return f"{self.lacking} {self.value!r}.{f' D{question[1:]}' if question else ''}"


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

    def search(self, selection: Selection | str = "", **keywords: Unpack[Asked]) -> SearchResult:
        """A page of the provisions of a selection, in its order.

        Args:
            selection: A :class:`Selection`, or its text.
            keywords: Its conditions, order and page as keywords.

        Raises:
            ConfigError: See :class:`Selection`.
        """
        selection = Selection.of(selection, **keywords)
        order = selection.order or ("relevance" if selection.query is not None else "newest")
        limit, offset = selection.limit, selection.offset
        if not selection.is_ranked:
            condition = self._where(selection.query, selection)
            found, total = self._store.page(condition, order, limit, offset)
            return self._page(found, offset, condition.match, total)
        ranked = self._ranking.closest(selection)
        if order != "relevance":
            ranked = self._ranking.reordered(ranked, selection)
        shown = ranked[offset : None if limit is None else offset + limit]
        return self._page(shown, offset, self._where(broaden(selection.query), selection).match, len(ranked))  # type: ignore[arg-type] # ranked by its words

    def rows(
        self, selection: Selection | str = "", columns: Sequence[str] = (), **keywords: Unpack[Asked]
    ) -> list[Row]:
        """The rows of all provisions of a selection, oldest first, with ``citation`` and ``link``; some columns, or all."""
        rows = self.stream(selection, **keywords)
        return [{name: row[name] for name in columns} if columns else row for row in rows]

    def stream(self, selection: Selection | str = "", **keywords: Unpack[Asked]) -> Iterator[Row]:
        """The rows of :meth:`rows` one after the other, for selections that are larger than memory."""
        condition = self._ranking.condition(Selection.of(selection, **keywords))
        return map(cited_row, self._store.records(self._store.numbers(condition).tolist()))

    def near(self, selection: Selection | str, *, found: int = 0, **keywords: Unpack[Asked]) -> Near:
        """What is near plain words in words and meaning, surest first, but does not have all of the words.

        Args:
            selection: The query and its conditions. One with operators has nothing close to it.
            found: Number of provisions that have all of the words. If they fill a list, there is nothing else.
            keywords: See :meth:`search`.
        """
        selection = Selection.of(selection, **keywords)
        if selection.query is None or not (has_near(selection.text, found) and self.is_prepared):
            return Near()
        wanted = concepts(selection.query)
        match = self._where(broaden(selection.query, wanted), selection).match
        close, further = self._ranking.near(selection, wanted, FEW - found)
        both = [*close, *further]
        hits = self._page([(near.number, near.sureness) for near in both], 0, match, len(both)).hits
        lacking = [replace(hit, lacks=near.lacks) for hit, near in zip(hits, both, strict=True)]
        return Near(tuple(lacking[: len(close)]), tuple(lacking[len(close) :]))

    def facets(self, selection: Selection | str = "", **keywords: Unpack[Asked]) -> Facets:
        """Counts by strength, area, year, body, addressee and more, each without its own condition."""
        return count_facets(self._store, Selection.of(selection, **keywords), self._ranking.condition)

    def count(
        self, selection: Selection | str = "", by: Sequence[str] = (), **conditions: Unpack[Conditions]
    ) -> Counts:
        """Counts of the provisions of a selection by values, such as area and strength, at once.

        A provision with several areas or addressees counts in each; one without an area as ``none``, one without a year not
        at all.

        Args:
            selection: See :meth:`search`.
            by: Some of ``strength``, ``threat_areas``, ``year``, ``addressee``, ``document``.
            conditions: Its conditions as keywords.
        """
        return count_by(self._store, self._ranking.condition(Selection.of(selection, **conditions)), by)

    def undated(self, selection: Selection | str = "", **keywords: Unpack[Asked]) -> int:
        """Number of provisions of undated documents that only ``since`` and ``until`` leave out; 0 without these two."""
        selection = Selection.of(selection, **keywords)
        if not selection.values.keys() & {"since", "until"}:
            return 0
        rest = Selection.of(selection.without({"since", "until"}), dated=False)
        return self._store.count(self._where(rest.query, rest).matching)

    def unmatched(self, selection: Selection | str = "", **keywords: Unpack[Asked]) -> list[Unmatched]:
        """The plain words and the values of conditions that no provision has, each with similar values that some have."""
        selection, store = Selection.of(selection, **keywords), self._store

        def is_met(query: QueryNode | None, values: Mapping[str, Any]) -> bool:
            return bool(store.select("1", where(query, values, store.words).matching, "LIMIT 1"))

        unmatched = []
        for name, known in _KNOWN.items():
            value = selection.values.get(name)
            if value is not None and not is_met(None, {name: value}):
                written = value[0] if isinstance(value, tuple) else value
                near = similar(written, (value for (value,) in store.rows(known)), most=_SHOWN, least=_LEAST_LIKENESS)
                unmatched.append(Unmatched(name, written, tuple(near)))
        for concept in concepts(selection.query) if selection.query and is_plain(selection.text) else ():
            if concept.weight == 1 and not concept.terms and not is_met(concept.said, {}):
                (word,) = plain_words(concept.said)
                first = word[:1].lower()  # it is seldom wrong
                words = (known for (known,) in store.rows(_BEGINNING, (first, f"{first}\U0010ffff")))
                near = similar(word, words, most=_SHOWN, least=_LEAST_LIKENESS_OF_WORDS)
                unmatched.append(Unmatched(TEXT.name, word, tuple(near)))
        return unmatched

    def _where(self, query: QueryNode | None, selection: Selection) -> Where:
        return where(query, selection.values, self._store.words)

    def provision(self, provision: str) -> Row:
        """The row of a provision with all its columns, ``citation`` and ``link``.

        Args:
            provision: Its id or an unambiguous prefix of it.

        Raises:
            DatasetError: If no provision or several match.
        """
        (row,) = self._store.records([self._number(provision)])
        return cited_row(row)

    def show(self, provision: str) -> ProvisionView:
        """A provision in context; see :meth:`provision`."""
        (row,) = self._store.records([self._number(provision)])
        return ProvisionView.of(row, self._document(row["document"])[1])

    def explain(self, provision: str) -> list[Row]:
        """All results for a provision, each with its rule, as rows.

        ``what`` is "role", "lead-in", the kind of a tag, "strength" or "threat area"; ``value`` the result; ``words`` what it
        rests on; ``rule`` the id for ``rules show``. The rule is empty where a model or an exact name of the catalogue decided,
        ``mark-up`` where that of the source did, ``person`` where somebody corrected the label.

        Raises:
            DatasetError: If no provision or several match.
        """
        row = self.provision(provision)
        by_person = {label: "person" if label in row["corrected"] else "" for label in LabelKind}
        results = [("role", row["role"], "", by_person[LabelKind.ROLE] or row["role_rule"])]
        if row["lead_in"]:
            results.append(("lead-in", row["lead_in"], "", row["lead_in_rule"]))
        results += [(tag["kind"], tag["ref"] or tag["note"], tag["text"], tag["rule"]) for tag in row["tags"]]
        cue = row["strength_cue"] or {"text": "", "rule": by_person[LabelKind.STRENGTH]}
        results.append(("strength", row["strength"], cue["text"], cue["rule"]))
        cues = {cue["area"]: cue for cue in row["area_cues"]}
        for area in row["threat_areas"]:
            cue = cues.get(area, {"text": "", "rule": by_person[LabelKind.THREAT_AREAS]})
            results.append(("threat area", area, cue["text"], cue["rule"]))
        return [dict(zip(("what", "value", "words", "rule"), result, strict=True)) for result in results]

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
        return list(map(_described_document, self._store.documents()))

    def provisions(self, document: str) -> list[Row]:
        """The rows of a document's provisions in order; see :meth:`provision`.

        Raises:
            DatasetError: If the version lacks the document.
        """
        number, _ = self._document(document)
        return list(map(cited_row, self._store.records(self._numbers_of(number))))

    def citations(self) -> dict[str, list[Row]]:
        """The rows of the provisions that cite an instrument, by its symbol, oldest first; the dataset may lack its text."""
        pairs = self._store.rows("SELECT symbol, provision FROM citations ORDER BY provision, symbol")
        numbers = list(dict.fromkeys(number for _, number in pairs))
        rows = dict(zip(numbers, map(cited_row, self._store.records(numbers)), strict=True))
        citing: defaultdict[str, list[Row]] = defaultdict(list)
        for symbol, number in pairs:
            citing[symbol].append(rows[number])
        return dict(citing)

    def more_like(self, provision: str, selection: Selection | None = None, **keywords: Unpack[Asked]) -> SearchResult:
        """The other provisions most similar to one, among those that meet the conditions of a selection; by default ten.

        Raises:
            ConfigError: See :class:`Selection`.
            DatasetError: See :meth:`provision`.
        """
        selection = Selection.of(selection or Selection(limit=10), **keywords)
        number = self._number(provision)
        found = self._store.numbers(self._where(None, selection))
        numbers = found[found != number].tolist()
        return self._page(self._load_vectors().like_number(number, numbers, selection.limit), 0, "", total=len(numbers))

    def history(self, subject: Selection | str, **keywords: Unpack[Asked]) -> History:
        """The lines of a provision, of the provisions of a document, or of what a selection or words find.

        Args:
            subject: Id of a provision or its beginning, id or symbol of a document in any printed form, words, or a selection.
            keywords: Conditions on what the words find, and ``limit``, the maximum number of lines. Of words without a role or
                ``commitments``, only commitments are found.

        Raises:
            ConfigError: See :class:`Selection`.
            DatasetError: If the version lacks the provision or the document.
        """
        limit = keywords.get("limit", USUAL_LIMIT)
        key = subject.strip() if isinstance(subject, str) else ""
        if key and (self._store.document(key) or normalise_symbol(key)):
            numbers = self._numbers_of(self._document(key)[0], (Role.OPERATIVE, Role.ANNEX, Role.PREAMBLE))
        elif _PROVISION_ID.fullmatch(key):
            numbers = [self._store.number(key)]
        else:
            selection = Selection.of(subject, **keywords)
            if isinstance(subject, str) and not selection.conditions.keys() & {"commitments", "role"}:
                selection = Selection.of(selection, commitments=True)
            order, most = "relevance" if selection.query else "newest", limit and limit * _FOUND_PER_LINE
            page, _ = self._store.page(self._where(selection.query, selection), order, most)
            numbers = [number for number, _ in page]
        return lines_through(self._store, numbers, self.version, limit)

    def taken_up(self, document: str) -> tuple[Mapping[str, Sequence[TakenUp]], Mapping[str, Row]]:
        """What the provisions of a document take up and what takes them up, by id; and the rows of all provisions concerned.

        Raises:
            DatasetError: If the version lacks the document.
        """
        number, _ = self._document(document)
        return links_of(self._store, self._numbers_of(number))

    def lineage(self) -> tuple[list[TakenUp], list[Row]]:
        """All links, and the rows of all provisions that they link, each with its ``line``; empty for one outside of lines."""
        pairs = self._store.rows("SELECT earlier, later FROM lineage")
        by_id, rows = links_of(self._store, sorted({number for pair in pairs for number in pair}))
        lines = dict(self._store.rows("SELECT p.id, l.line FROM lines l JOIN provisions p ON p.number = l.provision"))
        links = [link for key, links in by_id.items() for link in links if link.earlier == key]
        return links, [row | {"line": lines.get(key, "")} for key, row in rows.items()]

    def _numbers_of(self, document: int, roles: Collection[str] = tuple(Role)) -> list[int]:
        rows = self._store.rows("SELECT number, role FROM provisions WHERE document = ? ORDER BY number", (document,))
        return [number for number, role in rows if role in roles]

    def _number(self, key: str) -> int:
        """Number of the provision with an id, its first characters, or a citation with or without a page."""
        symbol, _, place = key.strip().partition(", ")
        document = self._store.document(symbol)
        if document and not place:
            msg = f"{symbol} is a document, not a provision"
            raise DatasetError(
                msg, f"name one of its provisions, which osce-commitments query --document {symbol} lists"
            )
        if document:
            numbers = self._numbers_of(document[0])
            rows = list(zip(numbers, self._store.records(numbers), strict=True))
            beginning = f"{document[1]['symbol']}, {place}, p. "
            # A place that several provisions share means the first of them.
            for names in ({}, {"shared_place": ""}):
                for number, row in rows:
                    if f"{citation(row | names)}, p. ".startswith(beginning):
                        return number
        return self._store.number(key)

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


def _described_document(row: Row) -> Row:
    return row | {"citation": document_citation(row), "link": document_link(row)}

"""Keeps the table ``lineage`` up to date while documents are added: only pairs with new or changed documents are compared."""

from __future__ import annotations

import contextlib
import functools
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

from osce_commitments.dataset import Writer
from osce_commitments.fields import LINEAGE, PROVISIONS
from osce_commitments.files import open_regular, replaced
from osce_commitments.lineage import Sketches, WordedDocument, document_links, latest, lineage_row, link_of, nearest
from osce_commitments.schema import LineageLink, Row
from osce_commitments.stages import stage_version

LINEAGE_FOLDER = "_lineage"
_COLUMNS = (
    "id", "document", "index", "role", "note_mark", "title", "text", "tail", "lead_in", "reading", "date", "year",
    "addressee", "deadlines", "strength_cue",
)  # fmt: skip
_OPEN_DOCUMENTS = 1_000
_READ_AT_ONCE = 100


class LineageBook:
    """The documents of a dataset as lineage compares them.

    The index of candidates is kept next to the tables in ``_lineage``; it is rebuilt from them where it lacks a document.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._rows: OrderedDict[str, list[Row]] = OrderedDict()
        self._compared: dict[str, WordedDocument | None] = {}
        self._new: frozenset[str] = frozenset()  # not in the tables yet, so they cannot be read again

    # The matrices are small: threads that wait for one another take nine times the time of the processor.
    @threadpool_limits.wrap(limits=1, user_api="blas")  # type: ignore[untyped-decorator]
    def follow(self, provisions: Sequence[Row], gone: frozenset[str]) -> tuple[frozenset[str], list[Row]]:
        """Compare new documents with the others.

        Args:
            provisions: Rows of ``provisions`` of the new and changed documents.
            gone: Ids of the documents that they replace, with those that are written again.

        Returns:
            The later documents whose rows of ``lineage`` are replaced, and their new rows.
        """
        self._new = frozenset(row["document"] for row in provisions)
        new = self._keep(provisions)
        self._sketches.remove(gone)
        self._sketches.add(new.values())
        stored = self._writer.read(LINEAGE.name, "earlier_document", gone)
        orphans = {row["later_document"] for row in stored if row["earlier_document"] in gone} - gone - new.keys()
        whole = {**new, **{document.id: document for document in self._open(orphans)}}
        links = self._links(whole, new)
        stored_rows = self._kept(links.keys() - whole.keys())
        rows = [
            row
            for document in links
            for row in self._made(
                latest([*links[document], *map(link_of, stored_rows[document])]), stored_rows[document]
            )
        ]
        return frozenset({*links, *whole, *gone}), rows

    def save(self) -> None:
        """Write the index of candidates; without it the next run builds it again."""
        import numpy as np

        if "_sketches" not in self.__dict__:
            return
        folder = self._path.parent
        ids, counts, keys, places = self._sketches.arrays()
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
            with replaced(self._path) as temporary, temporary.open("wb") as stream:
                np.savez(stream, ids=np.array(ids, np.str_), counts=counts, keys=keys, places=places)
            for other in folder.glob("*.npz"):
                if other != self._path:
                    other.unlink()

    @property
    def _path(self) -> Path:
        return self._writer.path / LINEAGE_FOLDER / f"{stage_version('lineage')}.npz"

    @functools.cached_property
    def _sketches(self) -> Sketches:
        import numpy as np

        sketches = Sketches()
        with (
            contextlib.suppress(OSError, ValueError, KeyError),
            open_regular(self._path) as stream,
            np.load(stream) as saved,
        ):
            sketches = Sketches.of_arrays(saved["ids"].tolist(), saved["counts"], saved["keys"], saved["places"])
        present = self._writer.documents
        sketches.remove(sketches.known.keys() - present)
        sketches.add(self._open(present - sketches.known.keys()))
        return sketches

    def _links(
        self, whole: Mapping[str, WordedDocument], new: Mapping[str, WordedDocument]
    ) -> dict[str, list[LineageLink]]:
        """Links by later document: of the given ones to all before them, and of all others to the new ones."""
        links: defaultdict[str, list[LineageLink]] = defaultdict(list, {document: [] for document in whole})
        for document in whole.values():
            counts = self._sketches.candidates(document)
            others = {other.id: other for other in self._open(counts)}
            before = {key: counts[key] for key, other in others.items() if other.is_before(document)}
            for key in nearest(before):
                links[document.id] += document_links(others[key], document)
            if document.id in new:
                after = {key: counts[key] for key, other in others.items() if document.is_before(other)}
                for key in nearest(after):
                    links[key] += document_links(document, others[key])
        return links

    def _kept(self, documents: Iterable[str]) -> defaultdict[str, list[Row]]:
        stored_rows: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self._writer.read(LINEAGE.name, "later_document", documents):
            stored_rows[row["later_document"]].append(row)
        return stored_rows

    def _made(self, links: Iterable[LineageLink], rows: Iterable[Row]) -> Iterator[Row]:
        known = {(row["earlier"], row["later"]): row for row in rows}
        for link in links:
            stored = known.get((link.earlier, link.later))
            yield stored or lineage_row(
                link, self._provisions(link.earlier_document) | self._provisions(link.later_document)
            )

    def _provisions(self, document: str) -> dict[str, Row]:
        list(self._open([document]))
        return {row["id"]: row for row in self._rows[document]}

    def _open(self, documents: Iterable[str]) -> Iterator[WordedDocument]:
        ids = list(documents)
        for start in range(0, len(ids), _READ_AT_ONCE):
            part = ids[start : start + _READ_AT_ONCE]
            for identifier in self._rows.keys() & part:
                self._rows.move_to_end(identifier)
            missing = [identifier for identifier in part if identifier not in self._rows]
            if missing:
                self._keep(self._writer.read(PROVISIONS.name, "document", missing, _COLUMNS))
            yield from (compared for identifier in part if (compared := self._compared.get(identifier)))

    def _keep(self, provisions: Sequence[Row]) -> dict[str, WordedDocument]:
        by_document: defaultdict[str, list[Row]] = defaultdict(list)
        for row in provisions:
            by_document[row["document"]].append({name: row[name] for name in _COLUMNS})
        for document, rows in by_document.items():
            self._rows[document] = rows
            self._compared[document] = WordedDocument.of(sorted(rows, key=lambda row: row["index"]))
        new = {identifier: compared for identifier in by_document if (compared := self._compared[identifier])}
        while len(self._rows) > _OPEN_DOCUMENTS + len(self._new):
            oldest = next(iter(self._rows))
            if oldest in self._new:
                self._rows.move_to_end(oldest)
            else:
                del self._rows[oldest], self._compared[oldest]
        return new

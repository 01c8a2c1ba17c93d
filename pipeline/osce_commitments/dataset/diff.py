"""Changes between two versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, fields
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from osce_commitments.catalogue import display_title
from osce_commitments.dataset import delta
from osce_commitments.dataset.versions import VersionInfo
from osce_commitments.schema import Row
from osce_commitments.texts.places import place, shared_places, spot

if TYPE_CHECKING:
    import pyarrow as pa

Key = Callable[[Mapping[str, Any]], tuple[Any, ...]]

ChangedPair = tuple[Row, Row]

_DOCUMENT_COLUMNS = (
    "id", "source", "part", "symbol", "body", "type", "number", "year", "date", "place", "meeting", "language",
    "title", "adopted", "provision_count",
)  # fmt: skip
_PROVISION_COLUMNS = (
    "id", "document", "index", "role", "heading", "number", "note_mark", "lead_in", "text", "page", "paragraph_id", "strength",
    "threat_areas", "model_id", "corrected", "corrected_by",
)  # fmt: skip
_PLACE_COLUMNS = ("id", "document", "index", "role", "number", "note_mark", "lead_in", "text", "paragraph_id")
_NAMES = ("source", "symbol", "title", "adopted")  # of a document, for its provisions
_LABELS = ("strength", "threat_areas")
_LABELLED = ("id", *_LABELS)
_LINK = ("earlier", "later", "relation")
_LINK_COLUMNS = ("earlier", "later", "earlier_document", "later_document", "relation", "score", "is_main")


@dataclass(frozen=True, slots=True)
class Diff:
    """Rows that differ; a pair is (before, after).

    A document is changed if the bytes of its source or its metadata differ. In a changed document, provisions with the
    same text and lead-in are the same: only edited ones are added or removed.

    Attributes:
        before, after: Numbers of the versions.
        provisions_added, provisions_removed: Rows with the name of their document, and with ``shared_place`` for
            :func:`osce_commitments.texts.places.place`.
        relabelled: Such rows of provisions whose strength or threat areas changed.
        corrections: Answers of people that were added, in order.
        links_added, links_removed: Rows of ``lineage`` with ``earlier_place`` and ``later_place``, the two in words.
        links_changed: Links of another relation.
    """

    before: int
    after: int
    documents_added: tuple[Row, ...]
    documents_removed: tuple[Row, ...]
    documents_changed: tuple[ChangedPair, ...]
    provisions_added: tuple[Row, ...]
    provisions_removed: tuple[Row, ...]
    relabelled: tuple[ChangedPair, ...]
    corrections: tuple[Row, ...] = ()
    links_added: tuple[Row, ...] = ()
    links_removed: tuple[Row, ...] = ()
    links_changed: tuple[ChangedPair, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not any(getattr(self, field.name) for field in fields(self) if field.name not in ("before", "after"))


def compare_versions(path: Path, before: VersionInfo, after: VersionInfo) -> Diff:
    """The differences between two versions of the dataset at ``path``."""
    old_documents, new_documents = _differing(path / "documents", before, after, _DOCUMENT_COLUMNS, _DOCUMENT_COLUMNS)
    documents = _match(old_documents, new_documents, (_by("id"), _by("source", "part")), _by("source", "part"))
    old, new = _differing(path / "provisions", before, after, _PROVISION_COLUMNS, _LABELLED, whole="document")
    for info, rows in ((before, old), (after, new)):
        table = delta.scan(path / "documents", info.tables["documents"], columns=("id", *_NAMES))
        names = {row.pop("id"): row for row in table.to_pylist()}
        for row in rows:
            row.update(names[row["document"]])
        _name_places(rows)
    by_place = _by("source", "document", "index")
    provisions = _match(old, new, (_by("id"), _by("source", "lead_in", "text")), by_place)
    old, new = _differing(path / "lineage", before, after, _LINK_COLUMNS, _LINK)
    _name_links(path, before, old)
    _name_links(path, after, new)
    link_keys = _by("earlier", "later"), _by("earlier_place", "later_place")
    links = _match(old, new, link_keys, _by("later_place", "later", "earlier"))
    return Diff(
        before=before.version,
        after=after.version,
        documents_added=documents.added,
        documents_removed=documents.removed,
        documents_changed=tuple(pair for pair in documents.pairs if pair[0] != pair[1]),
        provisions_added=provisions.added,
        provisions_removed=provisions.removed,
        relabelled=tuple((a, b) for a, b in provisions.pairs if any(a[name] != b[name] for name in _LABELS)),
        corrections=_added_corrections(path / "corrections", before, after),
        links_added=links.added,
        links_removed=links.removed,
        links_changed=tuple((a, b) for a, b in links.pairs if a["relation"] != b["relation"]),
    )


def _name_links(path: Path, info: VersionInfo, links: list[Row]) -> None:
    if not links:
        return
    import pyarrow.dataset as pads

    table = delta.scan(path / "documents", info.tables["documents"], columns=("id", "symbol", "title"))
    documents = {row["id"]: row["symbol"] or display_title(row["title"]) for row in table.to_pylist()}
    owners = {row[name] for row in links for name in ("earlier_document", "later_document")}
    linked = pads.field("document").isin(sorted(owners))
    table = delta.scan(path / "provisions", info.tables["provisions"], columns=_PLACE_COLUMNS, condition=linked)
    rows = table.to_pylist()
    _name_places(rows)
    places = {row["id"]: place(row) for row in rows}
    for row in links:
        for name in ("earlier", "later"):
            words = documents[row[f"{name}_document"]], places[row[name]]
            row[f"{name}_place"] = ", ".join(filter(None, words))


def _name_places(provisions: list[Row]) -> None:
    """Give the provisions of whole documents the names of places that several of them share, as their citations have them."""
    for rows in _queues(sorted(provisions, key=itemgetter("index")), _by("document")).values():
        names = shared_places(map(spot, rows))
        for index, row in enumerate(rows):
            row["shared_place"] = names.get(index)


def _added_corrections(folder: Path, before: VersionInfo, after: VersionInfo) -> tuple[Row, ...]:
    numbers = [info.tables[folder.name] for info in (before, after)]
    if numbers[0] == numbers[1]:
        return ()
    # Rows are only added; of two versions in the wrong order, the later one has nothing new.
    known, rows = (delta.scan(folder, number).to_pylist() for number in numbers)
    return tuple(sorted((row for row in rows if row["number"] > len(known)), key=lambda row: row["number"]))


def _differing(  # noqa: PLR0913 - what to compare, and by what
    folder: Path,
    before: VersionInfo,
    after: VersionInfo,
    columns: tuple[str, ...],
    compared: tuple[str, ...],
    *,
    whole: str = "",
) -> tuple[list[Row], list[Row]]:
    """Rows of two versions that differ in the compared columns; with ``whole``, all rows that share its value with one."""
    # Files that both versions share hold the same rows in both: only the others are read.
    numbers = before.tables[folder.name], after.tables[folder.name]
    if numbers[0] == numbers[1]:
        return [], []
    import pyarrow as pa
    import pyarrow.compute as pc

    shared = delta.file_names(folder, numbers[0]) & delta.file_names(folder, numbers[1])
    tables = [delta.scan(folder, number, columns=columns, skip=shared) for number in numbers]
    keys = [_keys(table, compared) for table in tables]
    rows = [
        table.filter(pc.invert(pc.is_in(own, value_set=others)))
        for table, own, others in zip(tables, keys, reversed(keys), strict=True)
    ]
    if whole:
        groups = pa.concat_arrays([table[whole].cast(pa.string()).combine_chunks() for table in rows])
        rows = [table.filter(pc.is_in(table[whole].cast(pa.string()), value_set=groups)) for table in tables]
    return rows[0].to_pylist(), rows[1].to_pylist()


def _keys(table: pa.Table, columns: tuple[str, ...]) -> pa.Array:
    """One text per row, equal where all these columns are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = []
    for name in columns:
        column = table[name]
        listed = pa.types.is_list(column.type)
        text = pc.binary_join(column.cast(pa.list_(pa.string())), ",") if listed else column.cast(pa.string())
        texts.append(pc.fill_null(text, "\0").combine_chunks())
    return pc.binary_join_element_wise(*texts, "\x1f")


@dataclass(frozen=True, slots=True)
class _Matched:
    pairs: list[ChangedPair]
    added: tuple[Row, ...]
    removed: tuple[Row, ...]


def _by(*names: str) -> Key:
    return lambda row: tuple(row[name] for name in names)


def _match(old: list[Row], new: list[Row], keys: Iterable[Key], order: Key) -> _Matched:
    """Pair rows with equal keys, one to one; rows without a partner are tried with the next key."""
    pairs: list[ChangedPair] = []
    old, new = sorted(old, key=order), sorted(new, key=order)
    for key in keys:
        waiting = _queues(old, key)
        rest = []
        for row in new:
            queue = waiting[key(row)]
            if queue:
                pairs.append((queue.pop(0), row))
            else:
                rest.append(row)
        old, new = [row for queue in waiting.values() for row in queue], rest
    pairs.sort(key=lambda pair: order(pair[1]))
    return _Matched(pairs, tuple(new), tuple(sorted(old, key=order)))


def _queues(rows: Iterable[Row], key: Key) -> defaultdict[Hashable, list[Row]]:
    queues: defaultdict[Hashable, list[Row]] = defaultdict(list)
    for row in rows:
        queues[key(row)].append(row)
    return queues

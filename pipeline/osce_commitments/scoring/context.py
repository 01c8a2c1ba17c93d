"""Labelled rows as a classifier reads them: next to the other provisions of their documents, where these are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from osce_commitments.classify import Classifier
from osce_commitments.corrections import reverted
from osce_commitments.dataset import Dataset
from osce_commitments.schema import Classification, Row, TaggedProvision
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.tables import classified_from_row
from osce_commitments.tag import load_tagger


@dataclass(frozen=True, slots=True)
class InContext:
    """Rows with their surroundings: a sentence that continues the one before has its level.

    ``places`` are the positions of the rows among the provisions.
    """

    provisions: Sequence[TaggedProvision]
    places: Sequence[int]

    @property
    def rows(self) -> list[TaggedProvision]:
        """The rows alone."""
        return [self.provisions[place] for place in self.places]

    def classified(self, classifier: Classifier) -> list[Classification]:
        """The labels that a classifier gives to the rows."""
        results = classifier.classify(self.provisions)
        return [results[place] for place in self.places]


def in_context(rows: Sequence[LabelledRow], data: Path | None = None) -> InContext:
    """Labelled rows with their surroundings in ``data``, where they are from.

    A file has nothing but the rows; a dataset has the whole documents. Rows whose provision is not in the newest
    version are judged alone.
    """
    around = _documents(rows, data) if data is not None and data.is_dir() else []
    positions: dict[str, int] = {}
    for position, row in enumerate(around):
        positions.setdefault(row["correction"], position)
    alone = [(index, row) for index, row in enumerate(rows) if row.id not in positions]
    own = {row.id: len(around) + position for position, (_, row) in enumerate(alone)}
    provisions = [classified_from_row(reverted(row)).tagged for row in around]
    provisions += load_tagger().tag([row.provision(index) for index, row in alone])
    return InContext(provisions, [positions.get(row.id, own.get(row.id, -1)) for row in rows])


def _documents(rows: Sequence[LabelledRow], folder: Path) -> list[Row]:
    """All provisions of the documents of corrected rows, in order."""
    import pyarrow as pa
    import pyarrow.dataset as pads

    dataset = Dataset(folder).pinned()
    known = dataset.read("provisions", columns=["correction", "document"]).to_pylist()
    keys = {row.id for row in rows}
    documents = sorted({entry["document"] for entry in known if entry["correction"] in keys})
    table = dataset.scan("provisions").to_table(filter=pads.field("document").isin(pa.array(documents, pa.string())))
    rows_found: list[Row] = table.sort_by([("document", "ascending"), ("index", "ascending")]).to_pylist()
    return rows_found

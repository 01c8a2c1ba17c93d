"""Provisions to be labelled, each with its document, its neighbours and the labels of the program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from osce_commitments.corrections import Subject, identity_of, reverted
from osce_commitments.dataset import Dataset
from osce_commitments.errors import DatasetError
from osce_commitments.fields import PROVISIONS
from osce_commitments.fields.column import Place
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import Row
from osce_commitments.scoring.labelled_rows import LabelledRow

# What answers and doubts are made from, besides the columns of a label sheet.
_NEEDED = (
    "index", "start", "end", "year", "number", "tail", "reading", "strength_level", "strength_cue", "area_basis", "area_cues",
    "addressee", "needs_review", "correction", "corrected", "corrected_by", "program_labels", "symbol",
)  # fmt: skip
_COLUMNS = (*_NEEDED, *(column.name for column in PROVISIONS.columns if Place.LABELS in column.shown))


@dataclass(frozen=True, slots=True)
class LabelItem:
    """One provision.

    Attributes:
        row: Its row with the labels of the program.
        document: Row of its document: id, symbol, title, source.
        before, after: Text of the provisions next to it; may be empty.
        by: Persons who checked it already.
        checked: Labels that they checked.
        answers: What persons who differ said; empty where that is not shown.
    """

    row: Row
    document: Row
    before: str
    after: str
    by: str = ""
    checked: frozenset[str] = frozenset()
    answers: str = ""

    @property
    def id(self) -> str:
        """Id of the provision."""
        return str(self.row["id"])

    @property
    def key(self) -> str:
        """Its stable key."""
        return str(self.row["key"])

    @property
    def place(self) -> str:
        """Its document: the symbol, else the title, else the source."""
        return str(self.document["symbol"] or self.document["title"] or self.document["source"])

    @property
    def subject(self) -> Subject:
        """The subject of an answer."""
        return Subject.of(self.row)

    @property
    def levels(self) -> tuple[float, ...]:
        """Probability of every strength, in the order of the scale."""
        given = self.row["strength_probabilities"]
        return tuple(given[name] for name in STRENGTHS)

    @property
    def areas(self) -> tuple[float, ...]:
        """Probability of every threat area, in the order of the label set."""
        given = self.row["area_probabilities"]
        return tuple(given[name] for name in THREAT_AREAS)

    @property
    def reasons(self) -> str:
        """The words and rules that explain the labels."""
        cue = self.row["strength_cue"]
        parts = [f"{self.row['strength']}: “{cue['text']}” in the {cue['field']} ({cue['rule']})"] if cue else []
        parts += [f"{one['area']}: “{one['text']}” in the {one['field']}" for one in self.row["area_cues"]]
        named = {one["area"] for one in self.row["area_cues"]}
        pairs = zip(self.row["threat_areas"], self.row["area_basis"], strict=True)
        parts += [f"{area}: {basis}" for area, basis in pairs if area not in named]
        return "; ".join(parts)


def load_items(dataset: Dataset, ids: Collection[str] | None = None) -> list[LabelItem]:
    """Provisions of the newest version with some ids, or all, in the order of the table.

    Raises:
        DatasetError: If there is no dataset, or an id is not in it.
    """
    documents = {
        row["id"]: row for row in dataset.read("documents", columns=["id", "symbol", "title", "source"]).to_pylist()
    }
    by_document: defaultdict[str, list[Row]] = defaultdict(list)
    for row in dataset.read("provisions", columns=_COLUMNS).to_pylist():
        by_document[row["document"]].append(row)
    items = [item for key, rows in by_document.items() for item in _items(documents[key], rows)]
    if ids is None:
        return items
    found = {item.id: item for item in items}
    if unknown := next((name for name in ids if name not in found), None):
        msg = f"provision {unknown!r} is not in the newest version"
        raise DatasetError(msg, "find ids with osce-commitments query")
    return [found[name] for name in ids]


def _items(document: Row, rows: list[Row]) -> Iterator[LabelItem]:
    for index, row in enumerate(rows):
        before = rows[index - 1]["text"] if index else ""
        after = rows[index + 1]["text"] if index + 1 < len(rows) else ""
        yield LabelItem(reverted(row), document, before, after, row["corrected_by"], frozenset(row["corrected"]))


def doubted_items(rows: Iterable[tuple[LabelledRow, str]]) -> list[LabelItem]:
    """Rows of a corpus with the reason of the doubt; their labels take the place of the program's."""
    return [_item(row, doubt) for row, doubt in rows]


def _item(row: LabelledRow, doubt: str) -> LabelItem:
    areas = [area.value for area in THREAT_AREAS if area in row.threat_areas]
    values = {
        "id": row.id,
        "key": identity_of("", row.title, row.lead_in, row.text).key,
        "symbol": "",
        "title": row.title,
        "heading": list(row.heading),
        "lead_in": row.lead_in,
        "text": row.text,
        "reading": f"{row.lead_in} {row.text}".strip(),
        "page": None,
        "role": row.role.value,
        "strength": row.strength.value,
        "strength_probabilities": {
            obligation_strength.value: float(obligation_strength == row.strength) for obligation_strength in STRENGTHS
        },
        "strength_cue": None,
        "threat_areas": areas,
        "area_probabilities": {threat_area.value: float(threat_area.value in areas) for threat_area in THREAT_AREAS},
        "area_basis": ["as coded"] * len(areas),
        "area_cues": [],
        "addressee": [],
        "model_id": "corpus",
    }
    document = {"id": row.document, "symbol": "", "title": row.title, "source": row.document}
    return LabelItem(values, document, "", "", answers=doubt)

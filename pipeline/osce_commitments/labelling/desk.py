"""The desk of one reviewer: a queue that refills itself, answers that are kept at once, and undo.

Each answer is on the disk before the next provision is shown; a version is made of many. See :mod:`dataset.waiting`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from osce_commitments.corrections import LabelAnswer, new_rows, overlaid, reverted, standing_answers
from osce_commitments.dataset import Dataset, waiting
from osce_commitments.errors import DatasetError
from osce_commitments.labelling.cells import Given
from osce_commitments.labelling.items import LabelItem, load_items
from osce_commitments.labelling.queue import ROUND, Chosen, Embed, next_items
from osce_commitments.labelling.session import answers_of, keep_answers
from osce_commitments.labels import CorrectionKind
from osce_commitments.schema import Row

PAUSE = 300.0  # seconds without an answer after which the answers become a version


@dataclass(slots=True)
class Tally:
    """Provisions answered since the page was started, and those in which the program was right about strength and areas."""

    answered: int = 0
    same: int = 0


@dataclass(slots=True)
class Desk:
    """The desk of a person. Threads may share it.

    After ``pause`` seconds without an answer, the answers become a version. For ``embed`` see :func:`next_items`.
    """

    dataset: Dataset
    name: str
    embed: Embed | None = None
    tally: Tally = field(default_factory=Tally)
    pause: float = PAUSE
    _timer: threading.Timer | None = None
    _queue: list[Chosen] = field(default_factory=list)
    _skipped: set[str] = field(default_factory=set)
    _done: list[tuple[LabelItem, bool]] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def can_undo(self) -> bool:
        """Whether there is an answer to take back."""
        return bool(self._done)

    def current(self) -> Chosen | None:
        """The provision to look at; None when all are done."""
        with self._lock:
            if not self._queue:
                self.publish()
                # What others have checked is left to them: their answers would be in sight.
                items = next_items(self.dataset, ROUND + len(self._skipped), embed=self.embed)
                self._queue = [entry for entry in items if entry.item.id not in self._skipped][:ROUND]
            return self._queue[0] if self._queue else None

    def open(self, provision: str) -> Chosen:
        """Put a provision in front of the queue.

        Raises:
            DatasetError: If the newest version does not have it.
        """
        with self._lock:
            found = next((one for one in self._queue if one.item.id == provision), None)
            chosen = found or Chosen(load_items(self.dataset, [provision])[0], 0.0, "")
            self._queue = [chosen, *(entry for entry in self._queue if entry.item.id != provision)]
            return chosen

    def answer(self, provision: str, cells: Mapping[str, str]) -> bool:
        """Keep the texts of the answer columns on the disk; returns whether the answer is new.

        Raises:
            WrongCellsError: If a label is unknown.
            DatasetError: If the dataset does not have the provision, or it cannot be written.
        """
        with self._lock:
            item = self._item(provision)
            read = answers_of(
                "the form", [Given("the form", item.id, item.key, cells)], [item], by=self.name, origin="page"
            )
            self._remove(provision)
            is_new = any(self._keep(answer) for answer in read.answers)
            if is_new:
                answer = read.answers[0]
                said = answer.strength, frozenset(answer.threat_areas or ())
                same = said == (item.subject.model_strength, frozenset(item.subject.model_areas))
                self._done.append((item, same))
                self.tally.answered += 1
                self.tally.same += same
            return is_new

    def skip(self, provision: str) -> None:
        """Look at a provision later: not before the page is started again."""
        with self._lock:
            self._skipped.add(provision)
            self._remove(provision)

    def undo(self) -> LabelItem | None:
        """Take the newest answer back and show its provision again."""
        with self._lock:
            if not self._done:
                return None
            item, same = self._done.pop()
            self._keep(LabelAnswer(item.subject, self.name, CorrectionKind.WITHDRAWAL, origin="page"))
            self.tally.answered -= 1
            self.tally.same -= same
            self._queue.insert(0, Chosen(item, 0.0, ""))
            return item

    def publish(self) -> int:
        """Make a version of the answers that wait; returns the newest version.

        Raises:
            DatasetError: If another program is writing; the answers wait on the disk.
        """
        with self._lock:
            self._stop_timer()
            if not waiting.waiting_files(self.dataset.path):
                return self.dataset.latest_version()
            _, version = keep_answers(self.dataset, [])
            return version

    def close(self) -> None:
        """Make the last version. What cannot be written now waits for the next program that writes."""
        with contextlib.suppress(DatasetError):
            self.publish()
        self._stop_timer()

    def waiting_count(self) -> int:
        """Number of answers, of all reviewers, that no version has yet."""
        return len(waiting.waiting_files(self.dataset.path))

    def _keep(self, answer: LabelAnswer) -> bool:
        row = answer.as_row() | {"made_at": None}
        known = self._answers([answer.subject.key])
        if answer.says_nothing or not new_rows(known, [row]):
            return False
        waiting.keep_waiting(self.dataset.path, answer)
        self._stop_timer()
        self._timer = threading.Timer(self.pause, self.close)
        self._timer.daemon = True
        self._timer.start()
        return True

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _answers(self, keys: list[str] | None = None) -> list[Row]:
        """Answers about some provisions, by default those with a waiting answer; the waiting answers are included."""
        import pyarrow as pa
        import pyarrow.dataset as pads

        new = waiting.read_waiting(waiting.waiting_files(self.dataset.path))
        wanted = keys if keys is not None else sorted({row["key"] for row in new})
        is_wanted = pads.field("key").isin(pa.array(wanted, pa.string()))
        known = self.dataset.scan("corrections").to_table(filter=is_wanted).to_pylist()
        known.sort(key=lambda row: int(row["number"]))
        return [*known, *new_rows(known, [row for row in new if row["key"] in wanted])]

    def document(self, item: LabelItem) -> tuple[Row, list[Row]]:
        """The row of an item's document, and the rows of its provisions in order, with the answers that wait.

        Raises:
            DatasetError: If the newest version does not have them.
        """
        import pyarrow.dataset as pads

        key = item.document["id"]
        (document, *_) = self._rows("documents", pads.field("id") == key)
        rows = self._rows("provisions", pads.field("document") == key)
        if self.waiting_count():
            standing = standing_answers(self._answers())
            standings = [standing.get(row["key"]) for row in rows]
            rows = [overlaid(reverted(row), one) if one else row for row, one in zip(rows, standings, strict=True)]
        return document, sorted(rows, key=lambda row: int(row["index"]))

    def _rows(self, table: str, condition: object) -> list[Row]:
        rows = self.dataset.scan(table).to_table(filter=condition).to_pylist(maps_as_pydicts="strict")
        if not rows:
            msg = "the document is not in the newest version"
            raise DatasetError(msg, "skip it: the documents were read again meanwhile")
        return list(rows)

    def _item(self, provision: str) -> LabelItem:
        label_item = next((chosen.item for chosen in self._queue if chosen.item.id == provision), None)
        return label_item or load_items(self.dataset, [provision])[0]

    def _remove(self, provision: str) -> None:
        self._queue = [entry for entry in self._queue if entry.item.id != provision]

"""Lineage measured on coded pairs of provisions, next to simple baselines."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from osce_commitments.analysis.lineage_baselines import baselines
from osce_commitments.analysis.loose_texts import classify_texts
from osce_commitments.errors import ConfigError
from osce_commitments.labels import Relation, Role
from osce_commitments.lineage.wording import acts_of, force_differs
from osce_commitments.scoring.metrics import Interval, bootstrap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from osce_commitments.analysis.lineage_baselines import Baseline
    from osce_commitments.query import Reader
    from osce_commitments.schema import Row


NONE = "none"
_CORE = (Relation.VERBATIM, Relation.REWORDED)


@dataclass(frozen=True, slots=True)
class CodedPair:
    """A provision whose counterparts in an earlier document were coded by a person.

    Attributes:
        later: Texts (lead-in and text) that identify it in its document.
        earlier: Texts of its counterparts; empty for none.
        relation: The coded relation; ``none`` without a counterpart.
        strength: 1 if it is firmer, -1 if it is softer.
        subject: The intervals are drawn by subject: pairs of one subject are not independent.
        near_miss: Whether it has no counterpart but looks like an earlier provision.
    """

    later_symbol: str
    earlier_symbol: str
    later: tuple[str, str]
    earlier: frozenset[tuple[str, str]]
    relation: str
    strength: int
    subject: str
    near_miss: bool


@dataclass(frozen=True, slots=True)
class PairVerdict:
    """What lineage, or a baseline, says about a coded provision.

    Attributes:
        hits: Number of right links.
        misses: Whether it has a counterpart and no right link.
        wrong: Number of wrong links.
        relation: Relation of the right link; empty if none.
        strength_change: Change of level of the right link.
    """

    pair: CodedPair
    hits: int
    wrong: int
    relation: str = ""
    strength_change: int = 0

    @property
    def misses(self) -> bool:
        """Whether it has a counterpart and no right link."""
        return bool(self.pair.earlier) and not self.hits


@dataclass(frozen=True, slots=True)
class LineageScore:
    """The measures of lineage or of a baseline; see ``lines`` for their meaning.

    Attributes:
        false_near, false_far: False links of provisions without counterpart, near misses and others, and the number of these.
    """

    name: str
    precision: Interval
    recall: Interval
    core_recall: Interval
    false_per_100: Interval
    false_near: tuple[int, int]
    false_far: tuple[int, int]
    relation_accuracy: Interval | None = None


@dataclass(frozen=True, slots=True)
class LineageReport:
    """All measures of a file of coded pairs.

    Attributes:
        scores: Of lineage, then of the baselines.
        pairs: Number of coded provisions by relation.
        missing: Coded provisions that the dataset lacks.
        false_changes: Restatements of equal strength that lineage calls firmer or softer, and their number.
        drift: true changes found, true changes, false changes, pairs of equal level of the file of drift; None without one.
        verdicts: Of lineage, for the list of errors.
    """

    scores: tuple[LineageScore, ...]
    pairs: Mapping[str, int]
    missing: int
    false_changes: tuple[int, int]
    drift: tuple[int, int, int, int] | None
    verdicts: tuple[PairVerdict, ...] = field(repr=False)

    def lines(self) -> Iterator[str]:
        """The report as Markdown."""
        yield f"{sum(self.pairs.values()):,} coded provisions: " + ", ".join(
            f"{name} {count}" for name, count in sorted(self.pairs.items(), key=lambda item: -item[1])
        )
        if self.missing:
            yield f"{self.missing:,} are not in the dataset and count as missed"
        yield ""
        yield "| | precision | recall | recall of verbatim and reworded | false links per 100 without counterpart | relation |"
        yield "|---|---|---|---|---|---|"
        for one in self.scores:
            measures = (one.precision, one.recall, one.core_recall, one.false_per_100, one.relation_accuracy)
            yield f"| {one.name} | {' | '.join(map(_shown, measures))} |"
        yield ""
        if any(one.pair.near_miss for one in self.verdicts):
            yield "False links of near misses, and of others without counterpart: " + "; ".join(
                f"{one.name} {one.false_near[0]} in {one.false_near[1]}, {one.false_far[0]} in {one.false_far[1]}"
                for one in self.scores
            )
            yield ""
        yield from self._confusion()
        wrong, total = self.false_changes
        yield f"False changes of strength: {wrong} in {total} restatements of equal strength."
        if self.drift:
            found, true, false, others = self.drift
            rate = 1000 * false / others if others else 0.0
            yield f"Drift pairs: {found} of {true} true changes found, {false} false in {others} of equal level ({rate:.1f} per 1,000)."
        yield "The threshold of each baseline is the best one for this file; lineage has none to choose."

    def _confusion(self) -> Iterator[str]:
        """Coded relations, a row each, with what lineage says of those it links."""
        counts = Counter((one.pair.relation, one.relation) for one in self.verdicts if one.hits)
        yield f"| coded | {' | '.join(Relation)} |"
        yield "|---" * (len(Relation) + 1) + "|"
        for coded in Relation:
            yield f"| {coded} | {' | '.join(str(counts[coded, told]) for told in Relation)} |"
        yield ""

    def errors(self) -> Iterator[dict[str, Any]]:
        """The coded provisions with a missed or a wrong link."""
        for one in self.verdicts:
            if one.misses or one.wrong:
                pair = one.pair
                yield {
                    "later": pair.later_symbol, "earlier": pair.earlier_symbol, "coded": pair.relation,
                    "missed": one.misses, "wrong": one.wrong, "text": pair.later[1],
                }  # fmt: skip


def read_pairs(path: Path) -> list[CodedPair]:
    """Read a file of coded pairs, one JSON object a line.

    Raises:
        ConfigError: If it cannot be read or a line is wrong; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {getattr(error, 'strerror', '') or 'it is not UTF-8'}"
        raise ConfigError(msg, "give a JSON Lines file of coded pairs") from error
    found = [_pair(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        msg = f"{path} holds no coded pair"
        raise ConfigError(msg, "see docs/explanation/lineage.md for the form of a line")
    return found


def _pair(path: Path, number: int, line: str) -> CodedPair:
    try:
        row = json.loads(line)
        relation = row["relation"]
        if relation != NONE:
            Relation(relation)
        return CodedPair(
            later_symbol=row["later"]["symbol"],
            earlier_symbol=row["earlier_symbol"],
            later=_place(row["later"]),
            earlier=frozenset(map(_place, row["earlier"])),
            relation=relation,
            strength=row.get("strength", 0),
            subject=row.get("subject", row["later"]["symbol"]),
            near_miss=bool(row.get("near_miss")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{path}, line {number} is no coded pair: {type(error).__name__} {error}"
        raise ConfigError(msg, "see docs/explanation/lineage.md for the form of a line") from error


def _place(row: Mapping[str, str]) -> tuple[str, str]:
    return " ".join(row.get("lead_in", "").split()), " ".join(row["text"].split())


def evaluate_lineage(
    pairs: Sequence[CodedPair], reader: Reader, *, drift: Path | None = None, model: str = "rules", encoder: bool = True
) -> LineageReport:
    """Measure the stored lineage of a dataset on coded pairs.

    Args:
        pairs: The coded pairs; their documents are in the dataset.
        reader: The dataset version.
        drift: CSV of pairs of texts that differ only in their act, with both levels; None to leave them out.
        model: Classifier of the texts in that file.
        encoder: Whether the sentence encoder is one of the baselines.
    """
    books = _Books(reader)
    verdicts = [_verdict(pair, books) for pair in pairs]
    known = [one for one in verdicts if one is not None]
    lost = [PairVerdict(pair, 0, 0) for pair, one in zip(pairs, verdicts, strict=True) if one is None]
    scores = [_score("lineage", [*known, *lost], with_relation=True)]
    scores += [_best(name, score, pairs, books) for name, score in baselines(encoder=encoder)]
    equal = [one for one in known if one.hits and not one.pair.strength]
    return LineageReport(
        tuple(scores),
        Counter(pair.relation for pair in pairs),
        len(lost),
        (sum(bool(one.strength_change) for one in equal), len(equal)),
        _drift(drift, model) if drift else None,
        (*known, *lost),
    )


class _Books:
    """Provisions of the documents of the pairs, and their links."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._rows: dict[str, list[Row]] = {}
        self._links: dict[str, dict[str, list[Any]]] = {}

    def rows(self, symbol: str) -> list[Row]:
        if symbol not in self._rows:
            self._rows[symbol] = self._reader.provisions(symbol)
        return self._rows[symbol]

    def at(self, symbol: str, places: frozenset[tuple[str, str]]) -> list[Row]:
        return [row for row in self.rows(symbol) if _place(row) in places]

    def links(self, symbol: str, later: str) -> list[Any]:
        if symbol not in self._links:
            found: defaultdict[str, list[Any]] = defaultdict(list)
            for link in {link for links in self._reader.taken_up(symbol)[0].values() for link in links}:
                found[link.later].append(link)
            self._links[symbol] = found
        return self._links[symbol].get(later, [])


def _verdict(pair: CodedPair, books: _Books) -> PairVerdict | None:
    found = books.at(pair.later_symbol, frozenset({pair.later}))
    if not found:
        return None
    gold = {row["id"] for row in books.at(pair.earlier_symbol, pair.earlier)}
    links = [link for row in found for link in books.links(pair.later_symbol, row["id"])]
    right = [link for link in links if link.earlier in gold]
    # The same words may stand twice in a document; then one of the two has the link.
    named = next((link for link in right if link.relation == pair.relation), right[0] if right else None)
    wrong = len({link.earlier for link in links} - gold) if len(found) == 1 else 0
    return PairVerdict(pair, len(right), wrong, named.relation if named else "", named.strength_change if named else 0)


def _score(name: str, verdicts: Sequence[PairVerdict], *, with_relation: bool = False) -> LineageScore:
    subjects = [one.pair.subject for one in verdicts]
    hit = np.array([bool(one.hits) for one in verdicts])
    wrong = np.array([one.wrong for one in verdicts])
    has = np.array([bool(one.pair.earlier) for one in verdicts])
    core = np.array([one.pair.relation in _CORE for one in verdicts])
    same = np.array([one.relation == one.pair.relation for one in verdicts])
    near = np.array([one.pair.near_miss for one in verdicts])

    def false_links(near: NDArray[np.bool_]) -> tuple[int, int]:
        return int(wrong[near & ~has].sum()), int((near & ~has).sum())

    def measured(measure: Callable[[NDArray[np.int64]], float]) -> Interval:
        return bootstrap(measure, subjects)

    return LineageScore(
        name=name,
        precision=measured(lambda at: _share(hit[at].sum(), hit[at].sum() + wrong[at].sum())),
        recall=measured(lambda at: _share(hit[at].sum(), has[at].sum())),
        core_recall=measured(lambda at: _share((hit & core)[at].sum(), core[at].sum())),
        false_per_100=measured(lambda at: 100 * _share((wrong * ~has)[at].sum(), (~has)[at].sum())),
        false_near=false_links(near),
        false_far=false_links(~near),
        relation_accuracy=measured(lambda at: _share((same & hit)[at].sum(), hit[at].sum())) if with_relation else None,
    )


def _share(part: Any, whole: Any) -> float:  # noqa: ANN401 - counts of numpy
    return float(part / whole) if whole else 0.0


def _shown(one: Interval | None) -> str:
    return f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]" if one else "\u2013"


def _best(name: str, baseline: Baseline, pairs: Sequence[CodedPair], books: _Books) -> LineageScore:
    """A baseline links a provision to its best match above a threshold, chosen to give the best F1 on this very file."""
    found = [_best_match(baseline, pair, books) for pair in pairs]
    at_best: list[PairVerdict] = []
    best = -1.0
    for threshold in np.arange(0.1, 1.0, 0.02):
        verdicts = [
            PairVerdict(pair, int(is_right and score >= threshold), int(not is_right and score >= threshold))
            for pair, (score, is_right) in zip(pairs, found, strict=True)
        ]
        hits, wrong = sum(one.hits for one in verdicts), sum(one.wrong for one in verdicts)
        f1 = _share(2 * hits, hits + wrong + sum(bool(pair.earlier) for pair in pairs))
        if f1 > best:
            best, at_best = f1, verdicts
    return _score(name, at_best)


def _best_match(baseline: Baseline, pair: CodedPair, books: _Books) -> tuple[float, bool]:
    rows = [row for row in books.rows(pair.earlier_symbol) if Role(row["role"]).is_operative]
    scores = baseline([row["reading"] for row in rows], " ".join(filter(None, pair.later)))
    best = int(np.argmax(scores))
    return float(scores[best]), _place(rows[best]) in pair.earlier


def _drift(path: Path, model: str) -> tuple[int, int, int, int]:
    """True changes found, true changes, false changes and pairs of equal level of a file of drift pairs."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        texts = [(row["text1"], row["text2"]) for row in rows]
        levels = [(row["level1"], row["level2"]) for row in rows]
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        msg = f"{path} is no file of drift pairs: {error}"
        raise ConfigError(msg, "it needs the columns text1, text2, level1 and level2") from error
    labels = classify_texts([text for pair in texts for text in pair], model, role=Role.OPERATIVE)
    told = [one.labels.strength.level for one in labels]
    changes = [
        told[2 * at + 1] - told[2 * at] if force_differs(acts_of(one), acts_of(two)) else 0
        for at, (one, two) in enumerate(texts)
    ]
    is_true = [bool(one and two and one != two) for one, two in levels]
    found = sum(bool(change) and true for change, true in zip(changes, is_true, strict=True))
    is_equal = [one == two and bool(one) for one, two in levels]  # where a level is not given, nobody knows
    false = sum(bool(change) and equal for change, equal in zip(changes, is_equal, strict=True))
    return found, sum(is_true), false, sum(is_equal)


__all__ = ["NONE", "CodedPair", "LineageReport", "LineageScore", "PairVerdict", "evaluate_lineage", "read_pairs"]

"""Measure lineage on pairs of provisions that people coded: ``python -m corpora.lineage.measure PAIRS.jsonl --data DIR``."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.errors import ConfigError, OsceCommitmentsError
from osce_commitments.files import read_regular
from osce_commitments.labels import Relation, Role
from osce_commitments.lineage.changes import force_differs
from osce_commitments.lineage.wording import acts_of
from osce_commitments.schema import Row
from osce_commitments.scoring.loose_texts import classify_texts
from osce_commitments.scoring.metrics import Interval, bootstrap

if TYPE_CHECKING:
    from osce_commitments.query import Reader

NONE = "none"
_CORE = (Relation.VERBATIM, Relation.REWORDED)
_FORM = "see docs/explanation/lineage.md for the form of a line"


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
    """The stored links of a coded provision.

    Attributes:
        hits, wrong: Numbers of right and of wrong links.
        relation: Relation of the right link; empty if none.
        strength_change: Change of level of the right link.
    """

    pair: CodedPair
    hits: int = 0
    wrong: int = 0
    relation: str = ""
    strength_change: int = 0

    @property
    def is_missed(self) -> bool:
        """Whether it has a counterpart and no right link."""
        return bool(self.pair.earlier) and not self.hits


@dataclass(frozen=True, slots=True)
class LineageReport:
    """All measures of a file of coded pairs.

    Attributes:
        measures: Precision, recall and the like, by name.
        missing: Number of coded provisions that the dataset lacks.
        drift: true changes found, true changes, false changes, pairs of equal level of the file of drift; None without one.
        verdicts: Of every coded provision.
    """

    measures: Mapping[str, Interval]
    missing: int
    drift: tuple[int, int, int, int] | None
    verdicts: tuple[PairVerdict, ...] = field(repr=False)

    def lines(self) -> Iterator[str]:
        """The report as Markdown."""
        relations = Counter(verdict.pair.relation for verdict in self.verdicts)
        yield f"{len(self.verdicts):,} coded provisions: " + ", ".join(
            f"{name} {count}" for name, count in sorted(relations.items(), key=lambda item: -item[1])
        )
        if self.missing:
            yield f"{self.missing:,} are not in the dataset and count as missed"
        yield from ("", "| measure | value |", "|---|---|")
        for name, interval in self.measures.items():
            yield f"| {name} | {interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}] |"
        yield ""
        alone = [verdict for verdict in self.verdicts if not verdict.pair.earlier]
        near = [verdict.wrong for verdict in alone if verdict.pair.near_miss]
        if near:
            far = sum(verdict.wrong for verdict in alone) - sum(near)
            yield f"False links: {sum(near)} of {len(near)} near misses, {far} of {len(alone) - len(near)} others without counterpart"
            yield ""
        counts = Counter((verdict.pair.relation, verdict.relation) for verdict in self.verdicts if verdict.hits)
        yield f"| coded | {' | '.join(Relation)} |"
        yield "|---" * (len(Relation) + 1) + "|"
        for coded in Relation:
            yield f"| {coded} | {' | '.join(str(counts[coded, relation]) for relation in Relation)} |"
        yield ""
        equal = [verdict.strength_change for verdict in self.verdicts if verdict.hits and not verdict.pair.strength]
        yield f"False changes of strength: {sum(map(bool, equal))} in {len(equal)} restatements of equal strength."
        if self.drift:
            hits, true, false, others = self.drift
            rate = 1000 * false / others if others else 0.0
            yield f"Drift pairs: {hits} of {true} true changes found, {false} false in {others} of equal level ({rate:.1f} per 1,000)."

    def errors(self) -> Iterator[dict[str, Any]]:
        """The coded provisions with a missed or a wrong link."""
        for verdict in self.verdicts:
            if verdict.is_missed or verdict.wrong:
                pair = verdict.pair
                yield {
                    "later": pair.later_symbol, "earlier": pair.earlier_symbol, "coded": pair.relation,
                    "missed": verdict.is_missed, "wrong": verdict.wrong, "text": pair.later[1],
                }  # fmt: skip


def read_pairs(path: Path) -> list[CodedPair]:
    """Read a file of coded pairs, one JSON object a line.

    Raises:
        ConfigError: If it cannot be read or a line is wrong; the message names the line.
    """
    try:
        lines = read_regular(path).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path} cannot be read: {getattr(error, 'strerror', '') or 'it is not UTF-8'}"
        raise ConfigError(msg, "give a JSON Lines file of coded pairs") from error
    pairs = [_pair(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not pairs:
        raise ConfigError(f"{path} holds no coded pair", _FORM)
    return pairs


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
        raise ConfigError(msg, _FORM) from error


def _place(row: Mapping[str, str]) -> tuple[str, str]:
    return " ".join(row.get("lead_in", "").split()), " ".join(row["text"].split())


def evaluate_lineage(
    pairs: Sequence[CodedPair], reader: Reader, *, drift: Path | None = None, model: str = "rules"
) -> LineageReport:
    """Measure the stored lineage of a dataset on coded pairs.

    Args:
        pairs: The coded pairs; their documents are in the dataset.
        reader: The dataset version.
        drift: CSV of pairs of texts that differ only in their act, with both levels; None to leave them out.
        model: Classifier of the texts in that file.
    """
    rows = {symbol: reader.provisions(symbol) for pair in pairs for symbol in (pair.later_symbol, pair.earlier_symbol)}
    links: dict[str, dict[str, list[Any]]] = {}
    for symbol in {pair.later_symbol for pair in pairs}:
        links[symbol] = defaultdict(list)
        for link in {link for taken in reader.taken_up(symbol)[0].values() for link in taken}:
            links[symbol][link.later].append(link)
    known = [_verdict(pair, rows, links[pair.later_symbol]) for pair in pairs]
    verdicts = tuple(verdict or PairVerdict(pair) for pair, verdict in zip(pairs, known, strict=True))
    return LineageReport(_measures(verdicts), known.count(None), _drift(drift, model) if drift else None, verdicts)


def _verdict(
    pair: CodedPair, rows: Mapping[str, Sequence[Row]], links: Mapping[str, Sequence[Any]]
) -> PairVerdict | None:
    """The links of a coded provision; None if the dataset lacks it."""
    later = [row["id"] for row in rows[pair.later_symbol] if _place(row) == pair.later]
    if not later:
        return None
    gold = {row["id"] for row in rows[pair.earlier_symbol] if _place(row) in pair.earlier}
    stored = [link for row_id in later for link in links.get(row_id, ())]
    right = [link for link in stored if link.earlier in gold]
    # The same words may stand twice in a document; then one of the two has the link.
    named = next((link for link in right if link.relation == pair.relation), right[0] if right else None)
    wrong = len({link.earlier for link in stored} - gold) if len(later) == 1 else 0
    return PairVerdict(pair, len(right), wrong, named.relation if named else "", named.strength_change if named else 0)


def _measures(verdicts: Sequence[PairVerdict]) -> dict[str, Interval]:
    subjects = [verdict.pair.subject for verdict in verdicts]
    hit = np.array([bool(verdict.hits) for verdict in verdicts])
    wrong = np.array([verdict.wrong for verdict in verdicts])
    linked = np.array([bool(verdict.pair.earlier) for verdict in verdicts])
    core = np.array([verdict.pair.relation in _CORE for verdict in verdicts])
    same = np.array([verdict.relation == verdict.pair.relation for verdict in verdicts])

    def share(part: NDArray[Any], whole: NDArray[Any], scale: float = 1.0) -> Interval:
        def measure(drawn: NDArray[np.int64]) -> float:
            total = whole[drawn].sum()
            return float(scale * part[drawn].sum() / total) if total else 0.0

        return bootstrap(measure, subjects)

    return {
        "precision": share(hit, hit + wrong),
        "recall": share(hit, linked),
        "recall of verbatim and reworded": share(hit & core, core),
        "false links per 100 without counterpart": share(wrong * ~linked, ~linked, 100.0),
        "relation": share(same & hit, hit),
    }


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
    labels = iter(classify_texts([text for pair in texts for text in pair], model, role=Role.OPERATIVE))
    changes = []
    for (earlier, later), first, second in zip(texts, labels, labels, strict=True):
        is_changed = first.labels.strength != second.labels.strength
        changes.append(is_changed and force_differs(acts_of(earlier), acts_of(later)))
    is_true = [bool(earlier and later and earlier != later) for earlier, later in levels]
    is_equal = [earlier == later and bool(earlier) for earlier, later in levels]  # an empty level: nobody knows
    hits = sum(change and true for change, true in zip(changes, is_true, strict=True))
    false = sum(change and equal for change, equal in zip(changes, is_equal, strict=True))
    return hits, sum(is_true), false, sum(is_equal)


def main() -> None:
    """Measure a file of coded pairs and print the report."""
    import osce_commitments

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path, help="JSON Lines file of coded pairs")
    parser.add_argument("--data", type=Path, required=True, help="dataset with their documents")
    parser.add_argument("--drift", type=Path, help="CSV file of texts that differ only in their act")
    parser.add_argument("--model", default="rules", help="classifier of the texts in --drift")
    parser.add_argument("--out", type=Path, help="file for the missed and wrong links")
    choices = parser.parse_args()
    try:
        pairs, reader = read_pairs(choices.pairs), osce_commitments.open(choices.data)
        report = evaluate_lineage(pairs, reader, drift=choices.drift, model=choices.model)
    except OsceCommitmentsError as error:
        sys.exit(f"error: {error}")
    sys.stdout.writelines(f"{line}\n" for line in report.lines())
    if choices.out:
        rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in report.errors())
        choices.out.write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main()

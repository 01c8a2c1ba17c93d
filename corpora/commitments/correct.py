"""Correct labels of the corpus from a file that a person filled in.

``osce-commitments labels suspects corpora/commitments/train.jsonl --out FILE`` writes doubted rows;
``python -m corpora.commitments.correct FILE --by NAME`` adds the answers to the adjudication, all or nothing; then
``python -m corpora.commitments.build`` writes the parts again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from corpora.commitments.corpus import AREAS, CODES, Row, read_corpus
from osce_commitments.errors import OsceCommitmentsError
from osce_commitments.labelling.cells import CellReader, Given, WrongCell, WrongCellsError
from osce_commitments.labelling.formats import read_file
from osce_commitments.labels import STRENGTHS

ANSWERS = CODES / "adjudicated-by-people.tsv"
_SHORT = {name: code for code, name in AREAS.items()}


def lines_of(name: str, given: Sequence[Given], rows: Iterable[Row], by: str) -> list[str]:
    """A line of the adjudication for each answer.

    Raises:
        WrongCellsError: If a cell is wrong or a row unknown.
    """
    known, wrong, lines = {row.id: row for row in rows}, [], []
    for one in given:
        if not any(cell.strip() for cell in one.cells.values()):
            continue
        row = known.get(one.provision)
        if row is None:
            wrong.append(WrongCell(one.where, "provision", f"the corpus has no row {one.provision!r}"))
            continue
        model = {
            "strength": STRENGTHS[row.final.strength],
            "threat_areas": row.final.areas,
            "addressee": [],
            "role": row.role,
        }
        reader = CellReader(one, model)
        labels = reader.labels()
        wrong += reader.wrong
        level = labels["strength"].level if "strength" in labels else row.final.strength
        areas = [area.value for area in labels["threat_areas"]] if "threat_areas" in labels else row.final.areas
        remark = "; ".join(part for part in (f"by {by}", labels.get("rule"), labels.get("reason")) if part)
        codes = " ".join(_SHORT[area] for area in areas)
        lines.append("\t".join((row.id, row.check, str(level), codes, " ".join(remark.split()))))
    if wrong:
        raise WrongCellsError(name, wrong)
    return lines


def main(arguments: Sequence[str]) -> int:
    """Add the answers of a file to the adjudication; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--by", required=True, help="who answered")
    options = parser.parse_args(arguments)
    try:
        lines = lines_of(options.file.name, read_file(options.file), read_corpus().rows, options.by)
    except OsceCommitmentsError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    before = ANSWERS.read_text(encoding="utf-8").splitlines() if ANSWERS.exists() else []
    changed = {line.partition("\t")[0] for line in lines}
    kept = [line for line in before if line.partition("\t")[0] not in changed]
    if lines:
        ANSWERS.write_text("".join(f"{line}\n" for line in sorted([*kept, *lines])), encoding="utf-8")
    sys.stdout.write(
        f"{len(lines)} answers in {ANSWERS.name}; write the parts again: python -m corpora.commitments.build\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Measure classifiers on the sealed part of the real rows: ``python -m corpora.real.sealed MODEL DOCUMENTS...``.

Each opening adds a line to a log: date, classifier, figures. Rows and errors are never shown, because a part whose errors
have been read chooses the next rule.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from osce_commitments.classify import load_classifier
from osce_commitments.config import Fetch, Limits
from osce_commitments.errors import InputError, OsceCommitmentsError
from osce_commitments.evaluate import evaluate
from osce_commitments.scoring.addressed_rows import hydrate
from osce_commitments.scoring.labelled_rows import LabelledRow, rows_of_file

_CORPUS = Path(__file__).parent
_SHOWN = (("strength", "accuracy"), ("strength", "macro_f1"), ("strength", "kappa_quadratic"), ("areas", "micro_f1"))


def opening(model: str, others: Sequence[str], documents: Sequence[str], corpus: Path | None = None) -> dict[str, Any]:
    """Measure a classifier and others on the sealed part.

    Returns:
        The line of the log: figures of strength and areas of the classifier, and of the others with the gain over each.

    Raises:
        InputError: If the documents have no word of the part.
    """
    rows, missing = _sealed_rows(corpus or _CORPUS, documents)
    figures = evaluate(rows, load_classifier(model), others=[load_classifier(name) for name in others]).figures
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "model": figures["model_id"],
        "model_sha256": figures["model_sha256"],
        "rows": len(rows),
        "documents": figures["data"]["documents"],
        "missing": missing,
        **{task: {name: figures[task][name] for name in _names(figures[task])} for task in ("strength", "areas")},
        "peers": figures["peers"],
    }


def _names(figures: dict[str, Any]) -> list[str]:
    return [name for name, value in figures.items() if isinstance(value, float) or name == "intervals"]


def _sealed_rows(corpus: Path, documents: Sequence[str]) -> tuple[list[LabelledRow], int]:
    result = hydrate(corpus, documents, limits=Limits(), fetch=Fetch(), parts=("sealed",))
    if not result.rows:
        raise InputError(
            "no document has the words of a sealed row", "give the folders of the documents that were coded"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sealed.jsonl")
        path.write_text("".join(f"{json.dumps(row)}\n" for row in result.rows), "utf-8")
        return rows_of_file(path), len(result.missing)


def main() -> None:
    """Measure, add a line to the log and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="classifier to measure")
    parser.add_argument("documents", nargs="+", help="documents, or folders of documents, that have the texts")
    parser.add_argument("--beside", action="append", default=[], metavar="MODEL", help="compare with it; repeat it")
    parser.add_argument("--log", type=Path, default=_CORPUS / "openings.jsonl", help="file that gets a line")
    options = parser.parse_args()
    try:
        line = opening(options.model, options.beside, options.documents)
    except OsceCommitmentsError as error:
        sys.exit(f"error: {error}")
    with options.log.open("a", encoding="utf-8") as log:
        log.write(f"{json.dumps(line, ensure_ascii=False)}\n")
    sys.stdout.writelines(f"{text}\n" for text in _lines(line))


def _lines(line: dict[str, Any]) -> Iterator[str]:
    for task, name in _SHOWN:
        low, high = line[task]["intervals"][name]
        yield f"{task} {name}: {line[task][name]:.3f} [{low:.3f}, {high:.3f}]"
        for peer, figures in line["peers"][task].items():
            gain, least, most = figures["gain_over"][name]
            yield f"  gain over {peer} ({figures[name]:.3f}): {gain:+.3f} [{least:+.3f}, {most:+.3f}]"
    yield f"{line['rows']} rows of {line['documents']} documents; {line['missing']} rows are missing"


if __name__ == "__main__":
    main()

"""Simple ways to learn the labels, next to released classifiers: ``python benchmarks/peers.py TRAIN.jsonl TEST.jsonl``.

The most frequent level; a lexicon of a few words; TF-IDF with what the rules find and logistic regression, also on parts of
the training documents. ``--model`` measures a classifier on the same rows.
"""

from __future__ import annotations

import argparse
import re
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpora.commitments.checks import modal_level
from osce_commitments.classify import load_classifier
from osce_commitments.classify.rules.areas import named_areas
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.scoring.context import in_context
from osce_commitments.scoring.corrected_rows import read_rows
from osce_commitments.scoring.judges import Judge, area_matrix, judge_of, level_numbers, plain_figures, truth_of
from osce_commitments.scoring.labelled_rows import LabelledRow

SHARES = (0.125, 0.25, 0.5, 1.0)
SHARES_OF_DOCUMENTS = 1000
# An area with a word in the text or, without any, in the title.
AREA_WORDS = (
    *(
        "transnational threat",
        "terroris",
        "violent extremis",
        "organi[sz]ed crim",
        "drug|narcotic",
        "trafficking in person",
    ),
    *("cyber-?crime", "cyber", "border|customs", "small arms|weapon", "launder", "polic"),
)


def main() -> None:
    """Print a row of figures for each judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--model", action="append", default=[], help="a classifier; may be repeated")
    choices = parser.parse_args()
    known, rows = read_rows(choices.train), read_rows(choices.test)
    truth, context = truth_of(rows), in_context(rows)
    judges = [majority(known, rows), lexicon(rows)]
    judges += [tfidf(part(known, share), rows, f"TF-IDF, rules, {share:.3g} of the documents") for share in SHARES]
    for classifier in map(load_classifier, choices.model):
        judges.append(judge_of(classifier.id, context.classified(classifier)))
    print("judge: strength accuracy, macro-F1, kappa; areas micro-F1, macro-F1")
    for judge in judges:
        figures = plain_figures(judge, truth)
        keys = [("strength", name) for name in ("accuracy", "macro_f1", "kappa_quadratic")]
        keys += [("areas", name) for name in ("micro_f1", "macro_f1")]
        print(f"{judge.name}: {', '.join(f'{figures[task][name]:.3f}' for task, name in keys)}")


def part(rows: Sequence[LabelledRow], share: float) -> list[LabelledRow]:
    """Rows of a share of the documents, the same ones in every larger share."""
    limit = share * SHARES_OF_DOCUMENTS
    return [row for row in rows if zlib.crc32(row.document.encode()) % SHARES_OF_DOCUMENTS < limit]


def majority(known: Sequence[LabelledRow], rows: Sequence[LabelledRow]) -> Judge:
    """The most frequent level, and no areas."""
    most = np.bincount(truth_of(known).levels).argmax()
    return Judge("majority", np.full(len(rows), most), np.zeros((len(rows), len(THREAT_AREAS)), dtype=bool))


def lexicon(rows: Sequence[LabelledRow]) -> Judge:
    """Levels and areas by a few words."""
    levels = [modal_level(f"{row.lead_in} {row.text}") for row in rows]
    areas = [_areas(row.text) or _areas(row.title) for row in rows]
    return Judge("lexicon", np.array(levels), area_matrix([frozenset(row) for row in areas]))


def _areas(text: str) -> list[str]:
    return [area for area, word in zip(THREAT_AREAS, AREA_WORDS, strict=True) if re.search(word, text, re.IGNORECASE)]


def tfidf(known: Sequence[LabelledRow], rows: Sequence[LabelledRow], name: str) -> Judge:
    """Words and pairs of words of text and context, and what the rules find, with logistic regression."""
    vectors = [TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2) for _ in range(2)]
    learnt, asked = _texts(known), _texts(rows)
    features = [
        hstack([*(way(vector, texts) for vector, texts in zip(vectors, both, strict=True)), csr_matrix(_hints(some))])
        for way, both, some in (
            (TfidfVectorizer.fit_transform, learnt, known),
            (TfidfVectorizer.transform, asked, rows),
        )
    ]
    truth = truth_of(known)
    levels = _chances(*features, truth.levels, len(STRENGTHS))
    areas = np.column_stack([_chances(*features, column.astype(int), 2)[:, 1] for column in truth.areas.T])
    return Judge(name, levels.argmax(axis=1), areas >= 1 / 2, levels, areas)


def _texts(rows: Sequence[LabelledRow]) -> tuple[list[str], list[str]]:
    return [row.text for row in rows], [" ".join((row.title, *row.heading, row.lead_in)) for row in rows]


def _hints(rows: Sequence[LabelledRow]) -> NDArray[np.float64]:
    context = in_context(rows)
    judged = context.classified(load_classifier("rules"))
    fields = [[*named_areas(tagged.provision).values()] for tagged in context.rows]
    areas = np.hstack([area_matrix(column) for column in zip(*fields, strict=True)])
    levels = np.eye(len(STRENGTHS))[level_numbers([result.strength for result in judged])]
    unsure = np.array([[result.needs_review] for result in judged])
    return np.hstack([areas, area_matrix([result.threat_areas for result in judged]), levels, unsure])


def _chances(known: csr_matrix, asked: csr_matrix, labels: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """Probability of every label of ``0 … size - 1``; 0 for a label without rows."""
    chances = np.zeros((asked.shape[0], size))
    present = np.unique(labels)
    if len(present) == 1:
        chances[:, present] = 1.0
    else:
        model = LogisticRegression(C=20.0, max_iter=2000, class_weight="balanced")
        chances[:, present] = model.fit(known, labels).predict_proba(asked)
    return chances


if __name__ == "__main__":
    main()

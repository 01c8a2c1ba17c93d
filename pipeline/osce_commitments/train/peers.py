"""Other ways to learn the labels from the same rows, measured with a release: what a transformer must beat."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Collection, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from osce_commitments.evaluate.classifier import Peers
from osce_commitments.labels import STRENGTHS, THREAT_AREAS
from osce_commitments.schema import TaggedProvision
from osce_commitments.scoring.judges import Judge, area_matrix, judge_of, level_numbers
from osce_commitments.scoring.labelled_rows import LabelledRow
from osce_commitments.scoring.metrics import area_micro_f1

_Peer = Callable[[Sequence[LabelledRow], Sequence[LabelledRow]], Judge]

_SEED = 20_121_206
_EPOCHS = 6
_BATCH = 32
_ITERATIONS = 2000
_HELD_OUT = 5  # one document in so many sets the threshold
_THRESHOLDS = (0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)


def named_peers(names: Sequence[str]) -> Peers:
    """Return classifiers by name or path as peers, including the rule classifier."""

    def judge(_: Sequence[LabelledRow], tagged: Sequence[TaggedProvision]) -> list[Judge]:
        from osce_commitments.classify import load_classifier

        return [judge_of(one.id, one.classify(tagged)) for one in map(load_classifier, names)]

    return judge


def witnesses(model: str) -> list[str]:
    """Return the parts of a released classifier as peers: the rules and the other poolings; none for the rules."""
    from osce_commitments.classify import RULES, load_classifier
    from osce_commitments.classify.encoder.transformer import TransformerClassifier

    one = load_classifier(model)
    if not isinstance(one, TransformerClassifier):
        return []
    return [RULES, *(f"{one.folder}:{name}" for name in one.artefact.combinations if name != one.pooling)]


def trained_peers(train: Path, names: Sequence[str]) -> Peers:
    """Return peers that learn from ``train`` (JSONL without rows that are measured) when first used, and classifiers by name."""

    def judge(rows: Sequence[LabelledRow], tagged: Sequence[TaggedProvision]) -> list[Judge]:
        from osce_commitments.scoring.row_sources import read_rows

        known = read_rows(train)
        return [*named_peers(names)(rows, tagged), *(peer(known, rows) for peer in (tfidf, textcat, frozen_encoder))]

    return judge


def tfidf(train: Sequence[LabelledRow], rows: Sequence[LabelledRow]) -> Judge:
    """TF-IDF of words and word pairs, separately for text and context, and what the rules find, with logistic regression."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.compose import ColumnTransformer
    from sklearn.feature_extraction.text import TfidfVectorizer

    def table(some: Sequence[LabelledRow]) -> NDArray[np.object_]:
        return np.array([[row.text, _context(row), row.role.value] for row in some], dtype=object)

    vectors = partial(TfidfVectorizer, ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    columns = [(name, vectors(), position) for position, name in enumerate(("text", "context", "role"))]
    made = ColumnTransformer(columns).fit(table(train))
    known, asked = (
        hstack([made.transform(table(some)), csr_matrix(rule_hints(some))]).tocsr() for some in (train, rows)
    )
    return _linear("TF-IDF + logistic regression", known, asked, train, inverse_penalty=20.0)


def frozen_encoder(
    train: Sequence[LabelledRow], rows: Sequence[LabelledRow], *, source: str = "", sha256: str = ""
) -> Judge:
    """The mean of the tokens of an encoder without fine-tuning, with logistic regression; by default the usual encoder."""
    from sklearn.preprocessing import StandardScaler

    from osce_commitments.train.settings import EncoderChoice

    usual = EncoderChoice()
    features = embeddings([*train, *rows], *((source, sha256) if source else (usual.source, usual.sha256)))
    features = StandardScaler().fit(features[: len(train)]).transform(features)
    joined = np.hstack([features, rule_hints([*train, *rows])])
    known, asked = joined[: len(train)], joined[len(train) :]
    return _linear("frozen encoder + logistic regression", known, asked, train, inverse_penalty=0.01)


def rule_hints(rows: Sequence[LabelledRow]) -> NDArray[np.float32]:
    """What the network of a release is given too: areas that each field names and the rules give, and the rules' level.

    Returns:
        Shape ``(rows, hints)``.
    """
    from osce_commitments.classify.encoder.hints import hints
    from osce_commitments.classify.rules.rule_classifier import RuleClassifier
    from osce_commitments.tag import load_tagger

    tagged = load_tagger().tag([row.provision(index) for index, row in enumerate(rows)])
    pairs = zip(tagged, RuleClassifier().classify(tagged), strict=True)
    found = [hints(one.provision, judged) for one, judged in pairs]
    return np.array([np.concatenate([one.areas.ravel(), one.levels]) for one in found], dtype=np.float32)


def embeddings(rows: Sequence[LabelledRow], source: str, sha256: str) -> NDArray[np.float32]:
    """Return means of the tokens of the context and of the text, shape ``(rows, 2 * hidden)``."""
    import torch

    from osce_commitments.classify.encoder.inputs import Composer, InputSettings, length_sorted, pad
    from osce_commitments.train.encoders import load_encoder
    from osce_commitments.train.network import TwoHeads
    from osce_commitments.train.settings import Network

    encoder = load_encoder(source, sha256, [row.text for row in rows])
    composer = Composer(encoder.tokenizer, InputSettings())
    inputs = [composer.encode(row.provision(index)) for index, row in enumerate(rows)]
    heads = TwoHeads(encoder.module, Network()).eval()
    heads.norm = torch.nn.Identity()
    features = np.zeros((len(rows), heads.level_head.in_features), dtype=np.float32)
    with torch.inference_mode():
        for at in length_sorted(inputs, _BATCH):
            batch = {name: torch.from_numpy(array) for name, array in pad([inputs[index] for index in at]).items()}
            features[at] = heads.features(**batch).numpy()
    return features


def _linear(
    name: str,
    known: Any,  # noqa: ANN401 - dense or sparse
    asked: Any,  # noqa: ANN401
    train: Sequence[LabelledRow],
    *,
    inverse_penalty: float,
) -> Judge:
    """Logistic regression from features; the penalties above were the best of a few on validation rows.

    The threshold of areas is the best one on a fifth of the documents, of a model that has not learnt from them.
    """
    chances = partial(_chances, inverse_penalty=inverse_penalty)
    levels = chances(known, asked, level_numbers([row.strength for row in train]), len(STRENGTHS))
    flags = area_matrix([row.threat_areas for row in train]).astype(np.int64)
    held = np.array([zlib.crc32(row.document.encode()) % _HELD_OUT == 0 for row in train])
    threshold = 1 / 2
    if held.any() and not held.all():
        tried = _of_areas(partial(chances, known[~held], known[held]), flags[~held])
        threshold = max(_THRESHOLDS, key=lambda at: area_micro_f1(flags[held] > 0, tried >= at))
    areas = _of_areas(partial(chances, known, asked), flags)
    return Judge(name, levels.argmax(axis=1), areas >= threshold, levels, areas)


def _of_areas(
    chances: Callable[[NDArray[np.int64], int], NDArray[np.float64]], flags: NDArray[np.int64]
) -> NDArray[np.float64]:
    return np.column_stack([chances(flags[:, at], 2)[:, 1] for at in range(len(THREAT_AREAS))])


def _chances(
    known: Any,  # noqa: ANN401 - dense or sparse
    asked: Any,  # noqa: ANN401
    labels: NDArray[np.int64],
    size: int,
    *,
    inverse_penalty: float,
) -> NDArray[np.float64]:
    """Return the probability of every label of ``0 … size - 1``; 0 for a label without rows."""
    from sklearn.linear_model import LogisticRegression

    found = np.zeros((asked.shape[0], size))
    if len(seen := np.unique(labels)) == 1:
        found[:, seen] = 1.0
        return found
    model = LogisticRegression(C=inverse_penalty, max_iter=_ITERATIONS, class_weight="balanced", random_state=_SEED)
    found[:, seen] = model.fit(known, labels).predict_proba(asked)
    return found


def textcat(train: Sequence[LabelledRow], rows: Sequence[LabelledRow]) -> Judge:
    """Text categorizers of spaCy with their default architecture, one for the level and one for the areas."""
    levels = _categories("textcat", [[row.strength] for row in train], STRENGTHS, train, rows)
    areas = _categories("textcat_multilabel", [row.threat_areas for row in train], THREAT_AREAS, train, rows)
    return Judge("spaCy textcat", levels.argmax(axis=1), areas >= 1 / 2, levels, areas)


def _categories(
    pipe: str,
    given: Sequence[Collection[StrEnum]],
    labels: Sequence[StrEnum],
    train: Sequence[LabelledRow],
    rows: Sequence[LabelledRow],
) -> NDArray[np.float64]:
    """Train one categorizer and return its probabilities, shape ``(rows, labels)``."""
    import spacy
    from spacy.training import Example
    from thinc.api import fix_random_seed

    fix_random_seed(_SEED)
    nlp: Any = spacy.blank("en")
    nlp.add_pipe(pipe)
    examples = [
        Example.from_dict(nlp.make_doc(_whole(row)), {"cats": {label.value: float(label in own) for label in labels}})
        for row, own in zip(train, given, strict=True)
    ]
    optimizer = nlp.initialize(lambda: examples)
    order = random.Random(_SEED)  # noqa: S311 - an order of rows needs no cryptography
    for _ in range(_EPOCHS):
        order.shuffle(examples)
        for at in range(0, len(examples), _BATCH):
            nlp.update(examples[at : at + _BATCH], sgd=optimizer, drop=0.1)
    found = [doc.cats for doc in nlp.pipe((_whole(row) for row in rows), batch_size=_BATCH)]
    return np.array([[cats[label.value] for label in labels] for cats in found])


def _context(row: LabelledRow) -> str:
    return " ".join((row.title, *row.heading, row.lead_in))


def _whole(row: LabelledRow) -> str:
    return f"{row.role.value} . {_context(row)} : {row.text}"

"""Classification, next to transformers' own pipeline and spaCy's textcat on the same provisions in the same run.

Every judge has one thread and is measured in CPU seconds of this process, so that the figures are per core. The peers
are not trained: the pipeline has the shape of the release's encoder in full precision, and what it costs does not hang
on its weights. Rounds alternate, so that a change of the machine's speed meets all. Needs the extra ``train``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from machine import machine

from osce_commitments.classify import load_classifier
from osce_commitments.classify.encoder.inputs import Composer, InputSettings
from osce_commitments.classify.rules import areas
from osce_commitments.config import RunConfig
from osce_commitments.labels import STRENGTHS
from osce_commitments.scoring.corrected_rows import read_rows
from osce_commitments.tag import load_tagger
from osce_commitments.train.encoders import load_encoder
from osce_commitments.train.settings import EncoderChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from osce_commitments.schema import TaggedProvision

DATA = Path(__file__).resolve().parents[1] / "corpora" / "commitments" / "test.jsonl"
BATCH = 32
WORDS = (20, 40)  # about 35 tokens of their own; the context comes on top
INPUT_TOKENS = (30, 40)  # of the whole input, context and marks included
# The level of a request in an OSCE text depends on its addressee: it alone needs tags, and spaCy for them.
SENTENCES = {
    "an appeal": "Calls upon participating States to ratify the Convention against Transnational Organized Crime.",
    "a request": "Requests the Secretary General of the OSCE to report on passport fraud by June.",
}


def main() -> None:
    """Print a row per judge, then the time of a command from its start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=RunConfig().model, help="classifier to measure")
    parser.add_argument("--beside", action="append", default=[], help="another classifier; may be repeated")
    parser.add_argument("--data", type=Path, help="JSONL with provisions of documents, instead of the test part")
    parser.add_argument("--rows", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=5)
    choices = parser.parse_args()
    print(machine())
    judges = _judges(choices.model, *choices.beside)
    for name, rows in (_own(choices.data, choices.rows) if choices.data else _samples(choices.rows)).items():
        print(f"{len(rows)} {name}, median of {choices.rounds} rounds, one thread")
        _measure(judges, rows, choices.rounds)
    for name, sentence in SENTENCES.items():
        _start(choices.model, sentence)  # compiles what is new
        starts = [_start(choices.model, sentence) for _ in range(choices.rounds)]
        took = f"{statistics.median(starts):8.2f} s, at most {max(starts):.2f} s"
        print(f"{f'classify {name}, start-up included':44}{took}")


def _measure(
    judges: dict[str, Callable[[Sequence[TaggedProvision]], object]], tagged: Sequence[TaggedProvision], rounds: int
) -> None:
    seconds: dict[str, list[float]] = {name: [] for name in judges}
    for _ in range(rounds):
        for name, judge in judges.items():
            areas._in_field.cache_clear()  # noqa: SLF001 - the rounds repeat their texts, users do not
            begin = time.process_time()
            judge(tagged)
            seconds[name].append(time.process_time() - begin)
    for name, taken in seconds.items():
        print(f"  {name:42}{len(tagged) / statistics.median(taken):8.0f} provisions per CPU second")


def _own(data: Path, number: int) -> dict[str, list[TaggedProvision]]:
    """Provisions of a file, whole documents as they stand there."""
    given = [row.provision(index) for index, row in enumerate(read_rows(data)[:number])]
    words = statistics.mean(len(one.text.split()) for one in given)
    return {f"provisions of {data.name}, {words:.0f} words on average": load_tagger().tag(given)}


def _samples(number: int) -> dict[str, list[TaggedProvision]]:
    """Provisions whose text has about 35 tokens, and such as have about 35 with all their context."""
    provisions = [row.provision(index) for index, row in enumerate(read_rows(DATA))]
    encoder = load_encoder(EncoderChoice().source, EncoderChoice().sha256)
    composer = Composer(encoder.tokenizer, InputSettings())
    sizes = [len(composer.encode(one).ids) for one in provisions]
    words = [len(one.text.split()) for one in provisions]
    long = [one for one, size in zip(provisions, words, strict=True) if WORDS[0] <= size <= WORDS[1]]
    short = [one for one, size in zip(provisions, sizes, strict=True) if INPUT_TOKENS[0] <= size <= INPUT_TOKENS[1]]
    tagger = load_tagger()
    return {
        f"provisions of {WORDS[0]} to {WORDS[1]} words, context on top": tagger.tag(long[:number]),
        f"inputs of {INPUT_TOKENS[0]} to {INPUT_TOKENS[1]} tokens, context included": tagger.tag(short[:number]),
    }


def _judges(*models: str) -> dict[str, Callable[[Sequence[TaggedProvision]], object]]:
    found = [load_classifier(name) for name in (*models, "rules")]
    return {
        **{one.id: one.classify for one in found},
        "transformers pipeline(), full precision": _pipeline(),
        "spaCy textcat + textcat_multilabel": _textcat(),
    }


def _pipeline() -> Callable[[Sequence[TaggedProvision]], object]:
    import torch
    from transformers import AutoModelForSequenceClassification, PreTrainedTokenizerFast, pipeline

    torch.set_num_threads(1)
    encoder = load_encoder(EncoderChoice().source, EncoderChoice().sha256)
    encoder.module.config.num_labels = len(STRENGTHS)
    network = AutoModelForSequenceClassification.from_config(encoder.module.config)
    marks = {"pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=encoder.tokenizer, **marks)
    judge = pipeline("text-classification", model=network, tokenizer=tokenizer, device=-1)

    def run(tagged: Sequence[TaggedProvision]) -> object:
        pairs = [{"text": _context(one), "text_pair": one.provision.text} for one in tagged]
        return judge(pairs, batch_size=BATCH, truncation=True, max_length=128)

    return run


def _textcat() -> Callable[[Sequence[TaggedProvision]], object]:
    import spacy

    nlp = spacy.blank("en")
    for name in ("textcat", "textcat_multilabel"):
        pipe: Any = nlp.add_pipe(name)
        for level in STRENGTHS:
            pipe.add_label(level.value)
    nlp.initialize()
    return lambda tagged: list(nlp.pipe([f"{_context(one)} {one.provision.text}" for one in tagged], batch_size=BATCH))


def _context(one: TaggedProvision) -> str:
    return " ".join((one.provision.title, *one.provision.heading, one.provision.lead_in))


def _start(model: str, sentence: str) -> float:
    """Seconds of a command, with compiled modules at hand, as pip leaves them."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "osce_commitments", "classify", sentence, "--model", model]
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)  # noqa: S603 - our own command
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()

"""From a corpus to a classifier that can be released, in two calls: train and export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from osce_commitments.classify import releases
from osce_commitments.classify.encoder.artefact import read_artefact
from osce_commitments.defaults import TRAINING_FOLDER
from osce_commitments.errors import ConfigError
from osce_commitments.scoring.row_sources import read_rows
from osce_commitments.train.data import Corpus, read_corpus
from osce_commitments.train.settings import require_extra

if TYPE_CHECKING:
    from osce_commitments.train.fit import Trained
    from osce_commitments.train.settings import TrainConfig

CANDIDATE = "candidate"


def train(
    config: TrainConfig,
    work: Path = TRAINING_FOLDER,
    *,
    fresh: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Trained:
    """Fine-tune on the configured corpus; an interrupted training resumes.

    ``fresh`` discards a training in the folder ``work`` and starts again.

    Raises:
        ConfigError: If the extra is not installed, the encoder is not the configured one, or the folder has other files.
        InputError: If a part of the corpus cannot be read.
    """
    require_extra()
    from osce_commitments.train.fit import fit, forget

    if fresh:
        forget(work)
    return fit(corpus_of(config), config, work, say=say)


def export_candidate(
    config: TrainConfig, work: Path = TRAINING_FOLDER, *, version: str = "", say: Callable[[str], None] = lambda _: None
) -> Path:
    """Turn the training in ``work`` into a classifier that can be released: export, calibrate, measure.

    Name, decision and export may differ from the settings of the training. The result is in the folder ``candidate`` of
    ``work``, which ``releases.add`` keeps and ``load_classifier`` loads. Without a ``version``, it gets the number
    after the highest released one.

    Raises:
        ConfigError: If there is no finished training, or small weights cost too much.
        InputError: If a part of the corpus cannot be read.
    """
    require_extra()
    from osce_commitments.train.export.candidate import release
    from osce_commitments.train.fit import RECORD_FILE, read_trained

    if not (work / RECORD_FILE).exists():
        raise ConfigError(f"{work} contains no finished training", "train first: osce-commitments train")
    folder, number = work / CANDIDATE, version or releases.next_version(releases.releases_root(), config.name)
    releases.check_name(config.name, number)
    release(read_trained(work), corpus_of(config), config, folder, version=number, say=say)
    return folder


def repool(
    config: TrainConfig, model: str, folder: Path, *, version: str = "", say: Callable[[str], None] = lambda _: None
) -> Path:
    """Write a new classifier with the network of a released one into a folder; words, rules and pooling are fitted again.

    Raises:
        ConfigError: If there is no such release, it is damaged, or the extra is not installed.
        InputError: If a part of the corpus cannot be read.
    """
    require_extra()
    from osce_commitments.train.export.candidate import repool_candidate as fit

    old = releases.locate(model).folder
    number = version or releases.next_version(releases.releases_root(), read_artefact(old).name)
    fit(old, corpus_of(config), config, folder, version=number, say=say)
    return folder


def corpus_of(config: TrainConfig) -> Corpus:
    """Return the training rows and the held-out rows of a configuration.

    Raises:
        ConfigError: If two parts are one file.
        InputError: If a part cannot be read.
    """
    data = config.data
    files = (data.train, data.further, data.corrections, data.validation, data.heads, data.test)
    parts = [path.resolve() for path in files if path]
    if len(set(parts)) < len(parts):
        msg = "data: two parts of the corpus are the same file"
        raise ConfigError(msg, "give each part its own file; further, corrections, heads and test may be null")
    if data.test:
        read_rows(data.test)  # needed only after the training, but errors in them are reported before it
    return read_corpus(
        data.train,
        data.validation,
        further=data.further,
        heads=data.heads,
        corrections=data.corrections,
        share=data.share,
    )

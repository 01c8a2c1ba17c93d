"""A released classifier on disk: its origin, how its outputs are read, and the hash of every file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from osce_commitments.classify.encoder.inputs import InputSettings
from osce_commitments.errors import ConfigError
from osce_commitments.files import open_regular, read_regular
from osce_commitments.ids import content_sha256
from osce_commitments.labels import STRENGTHS, THREAT_AREAS

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL_FILE, TOKENIZER_FILE, ARTEFACT_FILE = "model.onnx", "tokenizer.json", "artefact.json"
WORDS_FILE, HEADS_FILE, QUALITY_FILE = "words.onnx", "heads.npz", "quality.json"
METRICS_FILE, CARD_FILE, SUMS_FILE = "metrics.json", "MODEL_CARD.md", "SHA256SUMS"
SHARED_FILES = frozenset({MODEL_FILE, TOKENIZER_FILE, WORDS_FILE, HEADS_FILE})
"""Files that several versions may have in common; a folder of releases keeps them once, in ``files/``."""

_Described = TypeVar("_Described", bound=BaseModel)
_Weight = Annotated[float, Field(ge=0)]
_Share = Annotated[float, Field(ge=0, le=1)]
_Words = Annotated[float, Field(gt=0)]
_PerLevel = Annotated[tuple[float, ...], Field(min_length=len(STRENGTHS), max_length=len(STRENGTHS))]
_PerArea = Annotated[tuple[float, ...], Field(min_length=len(THREAT_AREAS), max_length=len(THREAT_AREAS))]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Labels(_Part):
    """The label sets in the order of the model's outputs."""

    strength: tuple[str, ...] = tuple(label.value for label in STRENGTHS)
    threat_areas: tuple[str, ...] = tuple(label.value for label in THREAT_AREAS)


class RuleWitness(_Part):
    """Reliability of the rule classifier: the share of every true level among the rows that a rule judged.

    Attributes:
        version: Id of the rule classifier that was measured.
        by_rule: By "level:rule"; smoothed towards the level's own shares.
        by_level: For rules that fired on no row, by the level that they give.
        by_area_cue: Share of right areas by the rule that named the area and where (`hints.cue_name`).
    """

    version: str
    by_rule: dict[str, _PerLevel]
    by_level: Annotated[tuple[_PerLevel, ...], Field(min_length=len(STRENGTHS), max_length=len(STRENGTHS))]
    by_area_cue: dict[str, float]


class Review(_Part):
    """Bounds below which a label needs review.

    Attributes:
        strength: Lowest probability of a level that needs no review if every witness gives the same level.
        disagreement: The same if one of them gives another level.
        unsure: The same where the rules doubt their own level.
        area: Smallest distance of an area's probability from its threshold that needs no review.
        area_cue: Least share of right areas by a cue that needs no review (`RuleWitness.by_area_cue`).
    """

    strength: _Share
    disagreement: _Share
    unsure: _Share = 0.0
    area: _Share
    area_cue: _Share = 0.0


class Register(_Part):
    """Weights of the witnesses for one way of writing.

    ``log p(level) ∝ level_network · log p_network + level_rules · log p_rule + level_words · log p_words + level_heads ·
    log p_heads``; of an area that a word names, ``logit p = area_network · logit_network + area_heads · logit_heads +
    area_rules · flag_rule + area_offset``; of one that no word names, ``logit p = implied_weight · logit_trees +
    implied_offset``.
    """

    level_network: _Weight
    level_rules: _Weight
    level_words: _Weight
    level_heads: _Weight
    area_network: _Weight
    area_heads: _Weight
    area_rules: _Weight
    area_offset: float
    implied_weight: _Weight = 1.0
    implied_offset: float = 0.0


class Registers(_Part):
    """Weights of the witnesses by the register of the document: formal ones name what they mean.

    A document whose provisions have ``plain_words`` words or fewer on average is judged by ``plain``, one with
    ``formal_words`` or more by ``formal``, and one between by a mean of both.

    Attributes:
        reads_all_until: Up to this share of ``formal`` in a document, the network reads every provision. Above it, the
            network reads none on which rules and words agree, and is taken to agree too.
        doubted_below: Above that share, the network also leaves unread what is questioned from one side alone: the level of
            unsure rules if the words share it, and that of sure rules if the words give it at least this probability. If
            left out, it reads both.
        implied_words: For areas that no word names, the two numbers of words instead of the first two. In documents with
            fewer words than the second, the network reads every provision in which nothing is named. As elsewhere if left out.
        formal_review: When a label in formal documents needs review; as elsewhere if left out.
    """

    plain: Register
    formal: Register
    plain_words: _Words = 22.0
    formal_words: _Words = 32.0
    reads_all_until: _Share = 1.0
    doubted_below: _Share | None = None
    implied_words: tuple[_Words, _Words] | None = None
    formal_review: Review | None = None

    def formality(self, words: NDArray[np.float64]) -> NDArray[np.float64]:
        """Share of ``formal`` for documents with so many words in a provision."""
        return _passed(words, self.plain_words, self.formal_words)

    def implied_formality(self, words: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same for areas that no word names."""
        return _passed(words, *(self.implied_words or (self.plain_words, self.formal_words)))


def _passed(words: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    return np.clip((words - low) / max(high - low, 1e-9), 0.0, 1.0)


class Pooling(_Part):
    """Turns the outputs of the witnesses into calibrated probabilities, labels and review marks.

    Older releases name further weights, which are not read.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    review: Review
    registers: Registers


class EncoderSource(_Part):
    """The fine-tuned encoder."""

    source: str
    sha256: str


class Artefact(_Part):
    """Everything except weights and tokenizer that a released classifier needs, with its origin.

    Older releases name several poolings, of which ``default`` is the one that counts.

    Attributes:
        network_of: The release whose weights it reuses; empty if it has its own.
        features: Name of the tensor in the network's file that the heads read.
        corpus: SHA-256 of every file of the corpus by its part; the first releases have the file's name instead.
        network_corpus: The same for the corpus of the network, if it was trained on another one.
        training: The settings of its training.
        precision: Number format of the weights ("int8", …).
    """

    format: Literal[1] = 1
    name: str
    version: str
    package_version: str
    labels: Labels = Labels()
    inputs: InputSettings
    encoder: EncoderSource
    rules: RuleWitness
    network_of: str = ""
    features: Annotated[str, Field(min_length=1)]
    pooling: Pooling
    corpus: dict[str, str]
    network_corpus: dict[str, str] = {}
    training: dict[str, Any]
    precision: str

    @model_validator(mode="before")
    @classmethod
    def _with_one_pooling(cls, values: Any) -> Any:  # noqa: ANN401 - the content of a JSON file
        if not isinstance(values, dict) or "combinations" not in values:
            return values
        own = {name: value for name, value in values.items() if name not in {"combinations", "default", "has_words"}}
        inputs = {name: value for name, value in values["inputs"].items() if name != "rule_hints"}
        return own | {"inputs": inputs, "pooling": values["combinations"].get(values.get("default"))}


def read_artefact(folder: Path) -> Artefact:
    """Read and check the artefact in a folder: every file's hash, the format, the label sets.

    Raises:
        ConfigError: If it is no artefact, a file is missing or changed, or it was made for other labels.
    """
    remedy = "release it again, or fetch the folder again"
    check_sums(folder)
    artefact = read_described(Artefact, folder / ARTEFACT_FILE, remedy)
    if artefact.labels != Labels():
        msg = f"the model in {folder} was made for other labels"
        raise ConfigError(msg, "train it again with this version of the package")
    return artefact


def read_id(folder: Path) -> str:
    """The id that the classifier in a folder stores with its labels; its files are not checked.

    Raises:
        ConfigError: If the folder describes no classifier.
    """
    artefact = read_described(Artefact, folder / ARTEFACT_FILE, "release it again, or fetch the folder again")
    return f"{artefact.name}@{artefact.version}"


def read_described(kind: type[_Described], path: Path, remedy: str) -> _Described:
    """Read a JSON file of a released model.

    Raises:
        ConfigError: If it has another form; the message names the file and the first wrong key.
    """
    try:
        return kind.model_validate_json(read_regular(path))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}", remedy) from error
    except ValidationError as error:
        first = error.errors()[0]
        msg = f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise ConfigError(msg, remedy) from error


def shared_file(folder: Path, name: str, digest: str) -> Path:
    """Path of a file with this hash among those that the version in a folder shares with others."""
    return folder.absolute().parents[1] / "files" / f"{digest[:12]}-{name}"


def release_file(folder: Path, name: str) -> Path:
    """A file of a release: in its own folder, or among the files that versions share, found by its listed hash."""
    digest = "" if (folder / name).exists() else listed_sums(folder).get(name, "")
    shared = shared_file(folder, name, digest)
    return shared if digest and shared.exists() else folder / name


def check_sums(
    folder: Path,
    needed: tuple[str, ...] = (ARTEFACT_FILE, MODEL_FILE, TOKENIZER_FILE, WORDS_FILE, HEADS_FILE),
    kind: str = "classifier",
) -> None:
    """Compare every file with its hash in ``SHA256SUMS``.

    Args:
        folder: The release.
        needed: Files that must be listed.
        kind: Kind of release, for messages.

    Raises:
        ConfigError: If a file is missing or differs, or a needed one is not listed; the message names it.
    """
    try:
        sums = listed_sums(folder)
    except OSError as error:
        msg = f"{folder} is not a released {kind}: {SUMS_FILE} is missing"
        raise ConfigError(msg, f"give the folder with {needed[0]} and {needed[1]}") from error
    for name, digest in (dict.fromkeys(needed, "") | sums).items():
        if _sha256(release_file(folder, name)) != digest:
            msg = f"{folder / name} is missing or is not the released file"
            raise ConfigError(msg, "fetch the folder again; released files are never edited")


def listed_sums(folder: Path) -> dict[str, str]:
    """The hashes of the files of a release by name, as ``SHA256SUMS`` lists them, without checking them."""
    lines = read_regular(folder / SUMS_FILE).splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines if line)}


def sums_sha256(folder: Path) -> str:
    """Return the identity of a classifier: a hash of the hashes of all files that its labels depend on.

    Raises:
        ConfigError: If the folder has no list of hashes.
    """
    descriptive = (METRICS_FILE, CARD_FILE, QUALITY_FILE)
    try:
        lines = read_regular(folder / SUMS_FILE).splitlines()
    except OSError as error:
        msg = f"{folder} is not a released classifier: {SUMS_FILE} is missing"
        raise ConfigError(msg, "give the folder of an exported training") from error
    return content_sha256("\n".join(line for line in lines if not line.endswith(descriptive)).encode())


def write_sums(folder: Path, names: Iterable[str]) -> None:
    """Write ``SHA256SUMS`` over the named files of a folder."""
    lines = [f"{_sha256(release_file(folder, name))}  {name}\n" for name in sorted(names)]
    (folder / SUMS_FILE).write_text("".join(lines), encoding="utf-8")


def _sha256(path: Path) -> str:
    """Hash of a file; of a missing one, what no file has."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "missing"

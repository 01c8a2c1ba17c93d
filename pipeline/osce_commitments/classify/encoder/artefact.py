"""A released classifier on disk: its origin, how its outputs are read, and the hash of every file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from osce_commitments.classify.encoder.inputs import InputSettings
from osce_commitments.errors import ConfigError
from osce_commitments.files import open_regular, read_regular
from osce_commitments.ids import content_sha256
from osce_commitments.labels import STRENGTHS, THREAT_AREAS

MODEL_FILE, TOKENIZER_FILE, ARTEFACT_FILE = "model.onnx", "tokenizer.json", "artefact.json"
QUALITY_FILE = "quality.json"
METRICS_FILE, CARD_FILE, SUMS_FILE = "metrics.json", "MODEL_CARD.md", "SHA256SUMS"
SHARED_FILES = frozenset({MODEL_FILE, TOKENIZER_FILE})
"""Files that several versions may have in common; a folder of releases keeps them once, in ``files/``."""

_Described = TypeVar("_Described", bound=BaseModel)
_Weight = Annotated[float, Field(ge=0)]
_Share = Annotated[float, Field(ge=0, le=1)]
_PerLevel = Annotated[tuple[float, ...], Field(min_length=len(STRENGTHS), max_length=len(STRENGTHS))]


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
        by_rule: By "level:rule", counted where the rules had not been read from, smoothed towards the rows that they were.
        by_level: For rules that fired on no row, by the level that they give.
    """

    version: str
    by_rule: dict[str, _PerLevel]
    by_level: Annotated[tuple[_PerLevel, ...], Field(min_length=len(STRENGTHS), max_length=len(STRENGTHS))]


class Review(_Part):
    """Bounds below which a label needs review.

    Attributes:
        strength: Lowest probability of a level that needs no review if both witnesses give it.
        disagreement: The same if one of them gives another level.
        area: Smallest distance of an area's probability from its threshold that needs no review.
    """

    strength: _Share
    disagreement: _Share
    area: _Share


class Pooling(_Part):
    """Turns the outputs of network and rules into calibrated probabilities, labels and review marks.

    ``log p(level) ∝ level_network · log p_network + level_rules · log p_rule``;
    ``logit p(area) = area_network · logit_network + area_rules · flag_rule + area_offset``.
    """

    level_network: _Weight
    level_rules: _Weight
    area_network: _Weight
    area_rules: _Weight
    area_offset: float
    review: Review


class EncoderSource(_Part):
    """What was fine-tuned: where it lay, the hash of its weights, the published encoder that it comes from, its shape."""

    source: str
    sha256: str
    base: str
    attention_heads: int


class Artefact(_Part):
    """Everything except weights and tokenizer that a released classifier needs, with its origin.

    Attributes:
        network_of: The release whose weights it reuses; empty if it has its own.
        corpus: SHA-256 of every file of the corpus by its part.
        network_corpus: The same for the corpus of the network, if it was trained on another one.
        training: The settings of its training.
        precision: Number format of the weights ("int8", …).
    """

    format: Literal[2] = 2
    name: str
    version: str
    package_version: str
    labels: Labels = Labels()
    inputs: InputSettings
    encoder: EncoderSource
    rules: RuleWitness
    network_of: str = ""
    pooling: Pooling
    corpus: dict[str, str]
    network_corpus: dict[str, str] = {}
    training: dict[str, Any]
    precision: str


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
    needed: tuple[str, ...] = (ARTEFACT_FILE, MODEL_FILE, TOKENIZER_FILE),
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

"""Released classifiers by name and version: list, add, promote, roll back.

``index.json`` in the folder of releases says which version of a name is served; each release is in ``NAME/VERSION/``, with
files that versions share in ``files/``. Only ``index.json`` is ever rewritten, in one atomic step.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from osce_commitments.classify.encoder.artefact import (
    ARTEFACT_FILE,
    SHARED_FILES,
    SUMS_FILE,
    listed_sums,
    read_artefact,
    release_file,
    shared_file,
)
from osce_commitments.errors import ConfigError
from osce_commitments.files import read_regular, write_whole

ENVIRONMENT = "OSCE_COMMITMENTS_MODELS"
INDEX_FILE = "index.json"
_PACKAGE = Path(__file__).resolve().parents[1]
_RESERVED = frozenset({"rules", "default"})
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SPEC = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*?)(?:@(?P<version>[a-z0-9._-]+))?(?::(?P<combination>[a-z]+))?")
_UNWRITABLE = f"set {ENVIRONMENT} to a folder that you may write to"


class Promotion(BaseModel):
    """A version that was served, and why; a rollback undoes the promotion before it.

    Attributes:
        date: Time as ISO 8601 in UTC; empty in entries older than this column.
        is_forced: Whether it skipped the gate.
        figures: Measured figures, by entry of the floors file and then by dotted name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    reason: str = ""
    is_rollback: bool = False
    date: str = ""
    is_forced: bool = False
    figures: dict[str, dict[str, float]] = {}


@dataclass(frozen=True, slots=True)
class Grounds:
    """The grounds of a promotion: figures that met their floors, or the reason given for forcing it."""

    reason: str = ""
    figures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    is_forced: bool = False


class Releases(BaseModel):
    """The index entry of one name: versions, oldest first, and promotions and rollbacks in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    versions: tuple[str, ...] = ()
    history: tuple[Promotion, ...] = ()

    @property
    def promoted(self) -> str:
        """The version that is served; empty if none was promoted."""
        return self.history[-1].version if self.history else ""


class Index(BaseModel):
    """The index of all released classifiers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    models: dict[str, Releases] = {}


@dataclass(frozen=True, slots=True)
class Release:
    """One released version, for lists."""

    name: str
    version: str
    is_promoted: bool
    folder: Path


@dataclass(frozen=True, slots=True)
class Located:
    """A released classifier found by name or path; ``combination`` is empty for its default."""

    folder: Path
    combination: str = ""


def releases_root() -> Path:
    """Return the folder of the releases: from the environment, else in the checkout, else in the package."""
    if named := os.environ.get(ENVIRONMENT):
        return Path(named)
    checkout = _PACKAGE.parents[1] / "models"
    is_checkout = _PACKAGE.parent.name == "pipeline" and checkout.is_dir()
    return checkout if is_checkout else _PACKAGE / "resources" / "models"


def read_index(root: Path) -> Index:
    """The index in a folder of releases; empty if there is none.

    Raises:
        ConfigError: If it cannot be read.
    """
    path = root / INDEX_FILE
    try:
        return Index.model_validate_json(read_regular(path))
    except FileNotFoundError:
        return Index()
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        msg = f"{path} cannot be read: {' '.join(str(error).split())[:200]}"
        raise ConfigError(msg, "restore it from version control") from error


def locate(model: str, root: Path | None = None) -> Located:
    """Return the folder of ``NAME``, ``NAME@VERSION`` or a path; ``:transformer`` or ``:hybrid`` may follow.

    Raises:
        ConfigError: If nothing is released under that name or version; the message lists the releases.
    """
    path, _, combination = model.rpartition(":") if re.search(r":[a-z]+$", model) else (model, "", "")
    if (Path(path) / ARTEFACT_FILE).exists():
        return Located(Path(path), combination)
    root = root or releases_root()
    match = _SPEC.fullmatch(model)
    if not match:
        raise ConfigError(f"{model} is neither a released classifier nor a folder with one", _choices(read_index(root)))
    entry = _entry(read_index(root), match["name"])
    version = match["version"] or entry.promoted
    if not version:
        msg = f"no version of {match['name']!r} is promoted"
        raise ConfigError(msg, f"name one ({match['name']}@{entry.versions[-1]}) or promote it")
    if version not in entry.versions:
        msg = f"classifier {match['name']!r} has no version {version!r}"
        raise ConfigError(msg, f"choose from: {', '.join(entry.versions)}")
    return Located(root / match["name"] / version, match["combination"] or "")


def list_releases(root: Path | None = None) -> list[Release]:
    """Every released version, by name and then oldest first."""
    root = root or releases_root()
    return [
        Release(name, version, version == entry.promoted, root / name / version)
        for name, entry in sorted(read_index(root).models.items())
        for version in entry.versions
    ]


def add_release(folder: Path, root: Path | None = None) -> Release:
    """Add the export of a training to the releases under its own name and version; it is not served yet.

    Raises:
        ConfigError: If it is damaged, or that version is already released with other files.
    """
    root = root or releases_root()
    artefact = read_artefact(folder)
    name, version = artefact.name, artefact.version
    check_name(name, version)
    target = root / name / version
    if not target.exists():
        _copy(folder, target)
    elif (target / SUMS_FILE).read_bytes() != (folder / SUMS_FILE).read_bytes():
        msg = f"{target} is released already, with other files"
        raise ConfigError(msg, f"export again: the next version is {next_version(root, name)}")
    index = read_index(root)
    entry = index.models.get(name, Releases())
    if version not in entry.versions:
        _write(root, index, name, entry.model_copy(update={"versions": (*entry.versions, version)}))
    return Release(name, version, is_promoted=False, folder=target)


def _copy(folder: Path, target: Path) -> None:
    """Copy a classifier in one step; its large files go to those that versions share, unless they are there."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        sums = listed_sums(folder)
        for name in sorted(sums.keys() | {path.name for path in folder.iterdir()}):
            source = release_file(folder, name)
            if name not in SHARED_FILES & sums.keys():
                shutil.copy(source, partial / name)
            elif not (shared := shared_file(target, name, sums[name])).exists():
                shared.parent.mkdir(exist_ok=True)
                shutil.copy(source, partial / name)
                (partial / name).replace(shared)
        partial.replace(target)
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}", _UNWRITABLE) from error


def promote_release(name: str, version: str, grounds: Grounds, *, root: Path | None = None) -> None:
    """Make a version the one that is served; `evaluate.promotion` finds the grounds.

    Raises:
        ConfigError: If that version is not released, is damaged, or the index cannot be written; if it is forced
            without a reason, or neither measured nor forced.
    """
    if grounds.is_forced and not grounds.reason.strip():
        msg = f"{name}@{version} cannot be served without the gate and without a reason"
        raise ConfigError(msg, 'give --reason "why", which the history keeps')
    if not grounds.is_forced and not grounds.figures:
        msg = f"{name}@{version} has not been measured"
        raise ConfigError(msg, "measure it against its floors, or force it with a reason")
    root = root or releases_root()
    read_artefact(locate(f"{name}@{version}", root).folder)
    if _entry(read_index(root), name).promoted == version:
        return
    figures = {data: dict(measured) for data, measured in grounds.figures.items()}
    _record(
        root,
        name,
        Promotion(version=version, reason=grounds.reason.strip(), is_forced=grounds.is_forced, figures=figures),
    )


def rollback_release(name: str, root: Path | None = None, *, reason: str = "") -> str:
    """Undo the last promotion that is still in effect; returns the version served now.

    Raises:
        ConfigError: If nothing was promoted before it, or that version is not kept.
    """
    root = root or releases_root()
    entry = _entry(read_index(root), name)
    in_effect: list[str] = []
    for promotion in entry.history:
        in_effect = in_effect[:-1] if promotion.is_rollback else [*in_effect, promotion.version]
    if len(in_effect) <= 1:
        before = f" before {entry.promoted!r}" if entry.promoted else ""
        msg = f"no version of {name!r} was promoted{before}"
        raise ConfigError(msg, f"promote one of: {', '.join(entry.versions)}")
    version = in_effect[-2]
    locate(f"{name}@{version}", root)
    _record(root, name, Promotion(version=version, reason=reason, is_rollback=True))
    return version


def is_served(name: str, root: Path | None = None) -> bool:
    """Whether a version of that name is promoted.

    Raises:
        ConfigError: If the environment names a folder of releases that does not exist, or the index cannot be read.
    """
    root = root or releases_root()
    if os.environ.get(ENVIRONMENT) and not root.is_dir():
        msg = f"{ENVIRONMENT} is {root}, which is not a folder"
        raise ConfigError(msg, "set it to the folder with index.json, or unset it")
    return bool(read_index(root).models.get(name, Releases()).promoted)


def check_name(name: str, version: str = "1") -> None:
    """Check the name and version of a release: both are names of folders, and some names are reserved.

    Raises:
        ConfigError: If it cannot.
    """
    for kind, value in (("classifier", name), ("version", version)):
        if not _NAME.fullmatch(value):
            msg = f"{value!r} cannot name a {kind}"
            raise ConfigError(msg, "use small letters, digits, '.', '_' and '-', a letter or digit first")
    if name in _RESERVED:
        raise ConfigError(f"{name!r} is reserved for a classifier without weights", "choose another name")


def next_version(root: Path, name: str) -> str:
    """The number after the highest released one, from "1".

    Raises:
        ConfigError: If nothing can be released under that name.
    """
    check_name(name)
    versions = read_index(root).models.get(name, Releases()).versions
    return str(max((int(version) for version in versions if version.isdigit()), default=0) + 1)


def _entry(index: Index, name: str) -> Releases:
    if name in _RESERVED:
        msg = f"{name!r} is not a release: it has no weights, figures or versions"
        raise ConfigError(msg, f"choose from: {', '.join(sorted(index.models)) or 'none yet'}")
    if name not in index.models:
        raise ConfigError(f"no classifier is called {name!r}", _choices(index))
    return index.models[name]


def _choices(index: Index) -> str:
    return f"choose from: {', '.join(['rules', *sorted(index.models)])}, or give a folder"


def _record(root: Path, name: str, promotion: Promotion) -> None:
    """Add a promotion or rollback to the history, with the time."""
    index = read_index(root)
    dated = promotion.model_copy(update={"date": datetime.now(UTC).isoformat(timespec="seconds")})
    entry = index.models[name]
    _write(root, index, name, entry.model_copy(update={"history": (*entry.history, dated)}))


def _write(root: Path, index: Index, name: str, entry: Releases) -> None:
    text = Index(models=index.models | {name: entry}).model_dump_json(indent=2) + "\n"
    try:
        write_whole(root / INDEX_FILE, text)
    except OSError as error:
        raise ConfigError(f"{root / INDEX_FILE} cannot be written: {error.strerror}", _UNWRITABLE) from error

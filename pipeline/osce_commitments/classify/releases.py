"""Released classifiers by name and version: list, add, promote, roll back.

``index.json`` in the folder of releases says which version of a name is served; each release is in ``NAME/VERSION/``, with
files that versions share in ``files/``. Only ``index.json`` is ever rewritten, in one atomic step.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
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
_SPEC = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*?)(?:@(?P<version>[a-z0-9._-]+))?")
_UNWRITABLE = f"set {ENVIRONMENT} to a folder that you may write to"


class Promotion(BaseModel):
    """A version that was served, and why; a rollback undoes the promotion before it.

    Attributes:
        date: Time as ISO 8601 in UTC; empty in entries older than this column.
        is_forced: Whether it skipped the gate.
        figures: Measured figures, by entry of the floors file and then by dotted name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = ""
    reason: str = ""
    is_rollback: bool = False
    date: str = ""
    is_forced: bool = False
    figures: dict[str, dict[str, float]] = {}


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

    def entry(self, name: str) -> Releases:
        """The entry of a name.

        Raises:
            ConfigError: If nothing is released under it.
        """
        if name in _RESERVED:
            msg = f"{name!r} is not a release: it has no weights, figures or versions"
            raise ConfigError(msg, f"choose from: {', '.join(sorted(self.models)) or 'none yet'}")
        if name not in self.models:
            raise ConfigError(f"no classifier is called {name!r}", self.choices)
        return self.models[name]

    @property
    def choices(self) -> str:
        """The remedy for an unknown name."""
        return f"choose from: {', '.join(['rules', *sorted(self.models)])}, or give a folder"

    def write(self, root: Path, name: str, entry: Releases) -> None:
        """Write the index with another entry for a name."""
        text = Index(models=self.models | {name: entry}).model_dump_json(indent=2) + "\n"
        try:
            write_whole(root / INDEX_FILE, text)
        except OSError as error:
            raise ConfigError(f"{root / INDEX_FILE} cannot be written: {error.strerror}", _UNWRITABLE) from error


@dataclass(frozen=True, slots=True)
class Release:
    """One released version, for lists."""

    name: str
    version: str
    is_promoted: bool
    folder: Path


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


def locate(model: str, root: Path | None = None) -> Path:
    """Return the folder of ``NAME``, ``NAME@VERSION`` or a path.

    Raises:
        ConfigError: If nothing is released under that name or version; the message lists the releases.
    """
    if (Path(model) / ARTEFACT_FILE).exists():
        return Path(model)
    root = root or releases_root()
    match = _SPEC.fullmatch(model)
    if not match:
        raise ConfigError(f"{model} is neither a released classifier nor a folder with one", read_index(root).choices)
    entry = read_index(root).entry(match["name"])
    version = match["version"] or entry.promoted
    if not version:
        msg = f"no version of {match['name']!r} is promoted"
        raise ConfigError(msg, f"name one ({match['name']}@{entry.versions[-1]}) or promote it")
    if version not in entry.versions:
        msg = f"classifier {match['name']!r} has no version {version!r}"
        raise ConfigError(msg, f"choose from: {', '.join(entry.versions)}")
    return root / match["name"] / version


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
        index.write(root, name, entry.model_copy(update={"versions": (*entry.versions, version)}))
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


def promote_release(name: str, version: str, grounds: Promotion, *, root: Path | None = None) -> None:
    """Make a version the one that is served; `evaluate.floors` finds the grounds: figures, or a reason for forcing it.

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
    read_artefact(locate(f"{name}@{version}", root))
    if read_index(root).entry(name).promoted != version:
        _record(root, name, grounds.model_copy(update={"version": version, "reason": grounds.reason.strip()}))


def rollback_release(name: str, root: Path | None = None, *, reason: str = "") -> str:
    """Undo the last promotion that is still in effect; returns the version served now.

    Raises:
        ConfigError: If nothing was promoted before it, or that version is not kept.
    """
    root = root or releases_root()
    entry = read_index(root).entry(name)
    in_effect: list[str] = []
    for promotion in entry.history:
        in_effect = in_effect[:-1] if promotion.is_rollback else [*in_effect, promotion.version]
    if len(in_effect) <= 1:
        before = f" before {entry.promoted!r}" if entry.promoted else ""
        msg = f"no version of {name!r} was promoted{before}"
        raise ConfigError(msg, f"promote one of: {', '.join(entry.versions)}")
    version = in_effect[-2]
    if version not in entry.versions:
        msg = f"{name}@{version}, which was served before {name}@{entry.promoted}, is not kept"
        raise ConfigError(msg, f"promote one of: {', '.join(entry.versions)}, or install the package of its time")
    _record(root, name, Promotion(version=version, reason=reason, is_rollback=True))
    return version


def _record(root: Path, name: str, promotion: Promotion) -> None:
    """Add a promotion or rollback to the history, with the time."""
    index = read_index(root)
    dated = promotion.model_copy(update={"date": datetime.now(UTC).isoformat(timespec="seconds")})
    entry = index.models[name]
    index.write(root, name, entry.model_copy(update={"history": (*entry.history, dated)}))


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

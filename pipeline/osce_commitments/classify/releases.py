"""Released classifiers by name and version: find, list, compare, promote, roll back.

``index.json`` in the folder of releases says which version of a name is served; the artefacts are next to it, in
``NAME/VERSION/``. Only ``index.json`` is ever rewritten, in one atomic step.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from osce_commitments.classify.encoder.artefact import (
    ARTEFACT_FILE,
    CARD_FILE,
    METRICS_FILE,
    QUALITY_FILE,
    SUMS_FILE,
    Artefact,
    read_artefact,
)
from osce_commitments.errors import ConfigError
from osce_commitments.ids import content_sha256

ENVIRONMENT = "OSCE_COMMITMENTS_MODELS"
INDEX_FILE = "index.json"
_PACKAGE = Path(__file__).resolve().parents[1]
_TAKEN = frozenset({"rules", "default"})
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SPEC = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*?)(?:@(?P<version>[a-z0-9._-]+))?(?::(?P<combination>[a-z]+))?")


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
    """The index entry of one name.

    Attributes:
        versions: Released, oldest first.
        history: Promotions and rollbacks in order; the last one is served.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    versions: tuple[str, ...] = ()
    history: tuple[Promotion, ...] = ()

    @property
    def standing(self) -> tuple[str, ...]:
        """Return the promoted versions in order, without those that a rollback undid."""
        found: tuple[str, ...] = ()
        for one in self.history:
            found = found[:-1] if one.is_rollback else (*found, one.version)
        return found

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
    if (_PACKAGE.parent.name, checkout.is_dir()) == ("pipeline", True):
        return checkout
    return _PACKAGE / "resources" / "models"


def read_index(root: Path) -> Index:
    """The index in a folder of releases; empty if there is none.

    Raises:
        ConfigError: If it cannot be read.
    """
    path = root / INDEX_FILE
    try:
        return Index.model_validate_json(path.read_text(encoding="utf-8"))
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
        msg = f"{model} is neither a released classifier nor a folder with one"
        raise ConfigError(msg, _choices(root))
    version = match["version"] or _promoted(root, match["name"])
    return Located(_folder(root, match["name"], version), match["combination"] or "")


def list_releases(root: Path | None = None) -> list[Release]:
    """Every released version, by name and then oldest first."""
    root = root or releases_root()
    return [
        Release(name, version, version == entry.promoted, root / name / version)
        for name, entry in sorted(read_index(root).models.items())
        for version in entry.versions
    ]


def sums_sha256(folder: Path) -> str:
    """Return the identity of a classifier: a hash of the hashes of all files that its labels depend on.

    Raises:
        ConfigError: If the folder has no list of hashes.
    """
    descriptive = (METRICS_FILE, CARD_FILE, QUALITY_FILE)
    try:
        lines = (folder / SUMS_FILE).read_text(encoding="utf-8").splitlines()
        return content_sha256("\n".join(line for line in lines if not line.endswith(descriptive)).encode())
    except OSError as error:
        msg = f"{folder} is not a released classifier: {SUMS_FILE} is missing"
        raise ConfigError(msg, "give the folder of an exported training") from error


def show_release(model: str, root: Path | None = None) -> tuple[Artefact, dict[str, Any]]:
    """Artefact and figures of one released version.

    Raises:
        ConfigError: If it does not exist or is damaged.
    """
    folder = locate(model, root).folder
    figures: dict[str, Any] = json.loads((folder / METRICS_FILE).read_text(encoding="utf-8"))
    return read_artefact(folder), figures


def compare_releases(one: str, other: str, root: Path | None = None) -> dict[str, tuple[float | None, float | None]]:
    """The figures of two released versions side by side, by dotted key; None where one lacks the figure.

    Raises:
        ConfigError: If one of them does not exist or is damaged.
    """
    first, second = (dict(_numbers(show_release(model, root)[1])) for model in (one, other))
    return {key: (first.get(key), second.get(key)) for key in dict.fromkeys([*first, *second])}


def add_release(folder: Path, root: Path | None = None) -> Release:
    """Add a classifier to the releases under its own name and version; it is not served yet.

    Args:
        folder: Export of a training.
        root: Folder of the releases; the usual one if left out.

    Raises:
        ConfigError: If it is damaged, or that version is already released with other files.
    """
    root = root or releases_root()
    made = read_artefact(folder)
    check_name(made.name, made.version)
    target = root / made.name / made.version
    if not target.exists():
        _copy(folder, target)
    elif (target / SUMS_FILE).read_bytes() != (folder / SUMS_FILE).read_bytes():
        msg = f"{target} is released already, with other files"
        raise ConfigError(msg, f"export again: the next version is {next_version(root, made.name)}")
    _register(root, made.name, made.version)
    return Release(made.name, made.version, is_promoted=False, folder=target)


def _copy(folder: Path, target: Path) -> None:
    """Copy to a temporary folder next to the target and move it there in one step."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(folder, partial)
        partial.replace(target)
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror}"
        raise ConfigError(msg, f"set {ENVIRONMENT} to a folder that you may write to") from error


def _register(root: Path, name: str, version: str) -> None:
    """Enter a new version in the index; it is served only once promoted."""
    index = read_index(root)
    entry = index.models.get(name, Releases())
    if version not in entry.versions:
        _write(root, index, name, Releases(versions=(*entry.versions, version), history=entry.history))


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
    read_artefact(_folder(root, name, version))
    index = read_index(root)
    entry = _entry(root, name)
    if entry.promoted == version:
        return
    made = Promotion(
        version=version,
        reason=grounds.reason.strip(),
        date=_now(),
        is_forced=grounds.is_forced,
        figures={entry: dict(figures) for entry, figures in grounds.figures.items()},
    )
    _write(root, index, name, Releases(versions=entry.versions, history=(*entry.history, made)))


def rollback_release(name: str, root: Path | None = None, *, reason: str = "") -> str:
    """Undo the last promotion that is still in effect; returns the version served now.

    Raises:
        ConfigError: If nothing was promoted before it.
    """
    root = root or releases_root()
    index = read_index(root)
    entry = _entry(root, name)
    if len(entry.standing) <= 1:
        msg = f"no version of {name!r} was promoted before {entry.promoted or 'any'!r}"
        raise ConfigError(msg, f"promote one of: {', '.join(entry.versions)}")
    version = entry.standing[-2]
    _folder(root, name, version)
    history = (*entry.history, Promotion(version=version, reason=reason, is_rollback=True, date=_now()))
    _write(root, index, name, Releases(versions=entry.versions, history=history))
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
    entry = read_index(root).models.get(name)
    return bool(entry and entry.promoted)


def check_name(name: str, version: str = "1") -> None:
    """Check the name and version of a release: both are names of folders, and some names are reserved.

    Raises:
        ConfigError: If it cannot.
    """
    for what, given in (("classifier", name), ("version", version)):
        if not _NAME.fullmatch(given):
            msg = f"{given!r} cannot name a {what}"
            raise ConfigError(msg, "use small letters, digits, '.', '_' and '-', a letter or digit first")
    if name in _TAKEN:
        msg = f"{name!r} is reserved for a classifier without weights"
        raise ConfigError(msg, "choose another name")


def next_version(root: Path, name: str) -> str:
    """The number after the highest released one, from "1".

    Raises:
        ConfigError: If nothing can be released under that name.
    """
    check_name(name)
    entry = read_index(root).models.get(name, Releases())
    return str(max((int(version) for version in entry.versions if version.isdigit()), default=0) + 1)


def _promoted(root: Path, name: str) -> str:
    entry = _entry(root, name)
    if not entry.promoted:
        msg = f"no version of {name!r} is promoted"
        raise ConfigError(msg, f"name one ({name}@{entry.versions[-1]}) or promote it")
    return entry.promoted


def _entry(root: Path, name: str) -> Releases:
    entry = read_index(root).models.get(name)
    if name in _TAKEN:
        msg = f"{name!r} is not a release: it has no weights, figures or versions"
        raise ConfigError(msg, f"choose from: {', '.join(sorted(read_index(root).models)) or 'none yet'}")
    if not entry:
        msg = f"no classifier is called {name!r}"
        raise ConfigError(msg, _choices(root))
    return entry


def _folder(root: Path, name: str, version: str) -> Path:
    entry = _entry(root, name)
    if version not in entry.versions:
        msg = f"classifier {name!r} has no version {version!r}"
        raise ConfigError(msg, f"choose from: {', '.join(entry.versions)}")
    return root / name / version


def _choices(root: Path) -> str:
    return f"choose from: {', '.join(['rules', *sorted(read_index(root).models)])}, or give a folder"


def _write(root: Path, index: Index, name: str, entry: Releases) -> None:
    text = Index(models=index.models | {name: entry}).model_dump_json(indent=2) + "\n"
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=root, delete=False) as file:
            file.write(text)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(root / INDEX_FILE)
    except OSError as error:
        msg = f"{root / INDEX_FILE} cannot be written: {error.strerror}"
        raise ConfigError(msg, f"set {ENVIRONMENT} to a folder that you may write to") from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _numbers(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for key, value in values.items():
        if isinstance(value, dict):
            found += _numbers(value, f"{prefix}{key}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found.append((prefix + key, float(value)))
    return found

"""Saved searches of a dataset, with the version that each was last compared with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from osce_commitments.errors import ConfigError
from osce_commitments.files import read_regular, write_whole
from osce_commitments.query.selection import Selection

_FILE, _LOCK = "watches.json", ".watches.lock"
_NAME = re.compile(r"[\w][\w .-]{0,79}")
_LOCK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Watch:
    """A saved search.

    Attributes:
        name: Unique in the dataset; also the name of the file that ``watch run`` writes.
        text: The text query.
        conditions: The other conditions, as a person writes them.
        seen: The dataset version of the last comparison.
    """

    name: str
    text: str
    conditions: Mapping[str, Any]
    seen: int

    @property
    def selection(self) -> Selection:
        """The search.

        Raises:
            ConfigError: If a condition is not valid, or no longer.
        """
        return Selection(self.text, self.conditions)


def load_watches(data: Path) -> tuple[Watch, ...]:
    """The saved searches of a dataset, in the order in which they were added.

    Raises:
        ConfigError: If the file is damaged.
    """
    path = data / _FILE
    try:
        values = json.loads(read_regular(path))
        return tuple(
            # A name becomes that of a file: one without a match (None) could lead out of the folder for news.
            Watch(_NAME.fullmatch(value["name"])[0], str(value["text"]), dict(value["conditions"]), int(value["seen"]))  # type: ignore[index]
            for value in values
        )
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        msg = f"{path} cannot be read ({getattr(error, 'strerror', None) or type(error).__name__})"
        raise ConfigError(msg, "restore it from a copy, or delete it and add the watches again") from error


def add_watch(data: Path, watch: Watch) -> None:
    """Save a search.

    Raises:
        ConfigError: If the name is not usable or is taken, or the file cannot be written.
    """
    if not _NAME.fullmatch(watch.name):
        msg = f"{watch.name!r} cannot be the name of a watch"
        raise ConfigError(msg, "use up to 80 letters, digits, spaces, dots, hyphens and underscores")

    def added(present: tuple[Watch, ...]) -> tuple[Watch, ...]:
        if any(one.name.casefold() == watch.name.casefold() for one in present):
            msg = f"there is a watch {watch.name!r} already"
            raise ConfigError(msg, f"choose another name, or remove it: osce-commitments watch remove {watch.name!r}")
        return (*present, watch)

    _change(data, added)


def remove_watch(data: Path, name: str) -> None:
    """Forget a saved search.

    Raises:
        ConfigError: If there is none of this name.
    """

    def without(present: tuple[Watch, ...]) -> tuple[Watch, ...]:
        (gone,) = chosen_watches(present, [name])
        return tuple(watch for watch in present if watch != gone)

    _change(data, without)


def mark_seen(data: Path, names: Sequence[str], version: int) -> None:
    """Record the version that saved searches were compared with."""
    _change(
        data, lambda present: tuple(replace(watch, seen=version) if watch.name in names else watch for watch in present)
    )


def chosen_watches(present: Sequence[Watch], names: Sequence[str]) -> list[Watch]:
    """The watches of these names, or all of them without names.

    Raises:
        ConfigError: If a name is unknown; the message lists the known ones.
    """
    by_name = {watch.name: watch for watch in present}
    for name in names:
        if name not in by_name:
            msg = f"there is no watch {name!r}"
            known = ", ".join(by_name) or "no watch is saved yet: osce-commitments watch add NAME"
            raise ConfigError(msg, f"choose from: {known}" if by_name else known)
    return [by_name[name] for name in names] if names else list(present)


def _change(data: Path, change: Callable[[tuple[Watch, ...]], tuple[Watch, ...]]) -> None:
    """Replace the file in one step, one process at a time."""
    path = data / _FILE
    try:
        with FileLock(data / _LOCK, timeout=_LOCK_SECONDS):
            watches = change(load_watches(data))
            write_whole(path, json.dumps([asdict(watch) for watch in watches], ensure_ascii=False, indent=2))
    except Timeout as error:
        msg = f"another process changes the watches of {data}"
        raise ConfigError(msg, "try again when it has ended") from error
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise ConfigError(msg, "check free disk space and permissions") from error

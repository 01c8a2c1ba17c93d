"""The folder of downloaded files, each with a JSON file about its origin."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from osce_commitments.errors import ConfigError
from osce_commitments.files import write_whole
from osce_commitments.ids import content_sha256

_KEY_DIGITS = 32


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """The record of a download.

    Attributes:
        url: Address asked for; ``final_url`` is where redirects led.
        etag, last_modified: Values to send back for revalidation; empty if the server gave none.
        content_type: Its Content-Type header.
        sha256: Hash of the bytes.
    """

    url: str
    final_url: str
    etag: str
    last_modified: str
    content_type: str
    sha256: str


class Cache:
    """Downloads by address, in a folder that the first write creates."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, url: str) -> Path:
        """File for the bytes of an address, whether it exists or not."""
        return self._folder.absolute() / f"{_key(url)}.bin"

    def lock_path(self, host: str) -> Path:
        """File whose modification time is the time of the last request to a host; processes share it.

        Raises:
            ConfigError: If the folder cannot be created.
        """
        folder = self._folder / "hosts"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unusable(error) from error
        return folder / _key(host)

    def load(self, url: str) -> tuple[CacheEntry, bytes] | None:
        """An earlier download; None if there is none or its bytes do not match the record."""
        path = self.path(url)
        try:
            values = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            content = path.read_bytes()
        except (OSError, ValueError):
            return None
        if not isinstance(values, dict) or set(values) != {field.name for field in fields(CacheEntry)}:
            return None
        entry = CacheEntry(**values)
        return (entry, content) if content_sha256(content) == entry.sha256 else None

    def save(self, entry: CacheEntry, content: bytes) -> None:
        """Keep a download.

        Raises:
            ConfigError: If the folder cannot be written.
        """
        path = self.path(entry.url)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, content, is_synced=False)
            write_whole(path.with_suffix(".json"), json.dumps(asdict(entry), indent=2), is_synced=False)
        except OSError as error:
            raise self._unusable(error) from error

    def keep(self, name: str, content: bytes) -> Path:
        """Keep bytes without an address under a name; returns their path.

        Raises:
            ConfigError: If the folder cannot be written.
        """
        path = self.path(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, content, is_synced=False)
        except OSError as error:
            raise self._unusable(error) from error
        return path

    def _unusable(self, error: OSError) -> ConfigError:
        msg = f"the download folder {self._folder} cannot be written: {error.strerror or error}"
        return ConfigError(msg, "set fetch.cache to a folder that you can write to")


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_KEY_DIGITS]

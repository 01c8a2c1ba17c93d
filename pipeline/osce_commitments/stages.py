"""The version of a stage: a hash of all code and resources that it uses, so that every change of a rule counts."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path

from osce_commitments.ids import content_sha256, fingerprint

_ROOT = Path(__file__).parent
_IMPORT = re.compile(r"from osce_commitments(?:\.([\w.]+))? import (\([^)]*\)|.*)")
_RESOURCE = re.compile(r"(?:load|resource)_(yaml|csv|rules|file)\(\s*[\"']([\w/.]+)[\"']")
_FORMS = {
    "file": "resources/{}",
    "yaml": "resources/{}.yaml",
    "csv": "resources/{}.csv",
    "rules": "resources/rules/{}.yaml",
}


@functools.cache
def stage_version(stage: str) -> str:
    """Hash of a stage's code and resources; it is the same on every machine, in a wheel and in a checkout.

    Args:
        stage: Name of its package ("documents").
    """
    return hash_of(stage_files(stage))


def hash_of(paths: Iterable[str]) -> str:
    """Hash of some files of the package; line ends do not count.

    Args:
        paths: Relative to the package, with slashes.
    """
    return fingerprint(*(part for path in sorted(paths) for part in (path, content_sha256(_content(path).encode()))))


def stage_files(package: str) -> frozenset[str]:
    """Paths of the modules that a package or module reaches by its imports, and of the resources that they load.

    Args:
        package: Dotted name below ``osce_commitments``.
    """
    found: set[str] = set()
    waiting = [package]
    while waiting:
        path = _module(waiting.pop())
        if path and path not in found:
            found.add(path)
            waiting += _imports(path)
    return frozenset(found.union(*map(_resources, found)))


@functools.cache
def _imports(path: str) -> tuple[str, ...]:
    """Dotted names that may be modules: the sources of imports and the imported names."""
    found: list[str] = []
    for source, names in _IMPORT.findall(_content(path)):
        found.append(source)
        found += [f"{source}.{name}".lstrip(".") for name in re.findall(r"\w+", names)]
    return tuple(found)


@functools.cache
def _resources(path: str) -> frozenset[str]:
    return frozenset(_FORMS[kind].format(name) for kind, name in _RESOURCE.findall(_content(path)))


@functools.cache
def _module(name: str) -> str:
    """Path of a module; empty if there is none, and for the root, which imports every stage on demand."""
    if not name or name.rpartition(".")[2][:1].isupper():
        return ""
    base = name.replace(".", "/")
    return next((path for path in (f"{base}.py", f"{base}/__init__.py") if (_ROOT / path).is_file()), "")


@functools.cache
def _content(path: str) -> str:
    return (_ROOT / path).read_text(encoding="utf-8")  # normalises line ends

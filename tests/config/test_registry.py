"""The registry: names lead to objects, wrong names to the choices, a missing package to its extra."""

from __future__ import annotations

import pytest

from osce_commitments.errors import ConfigError
from osce_commitments.registry import Registry


def test_names_lead_to_objects() -> None:
    registry = Registry("thing")
    registry.add("path", "pathlib:Path")
    assert registry["path"].__name__ == "Path"
    assert list(registry) == ["path"]


def test_unknown_names_list_the_known_ones() -> None:
    registry = Registry("thing")
    registry.add("b", "pathlib:Path")
    registry.add("a", "pathlib:Path")
    with pytest.raises(ConfigError, match=r"no thing is called 'c'\. Choose from: a, b"):
        registry["c"]


def test_a_name_is_taken_once() -> None:
    registry = Registry("thing")
    registry.add("a", "pathlib:Path")
    with pytest.raises(ValueError, match="registered twice"):
        registry.add("a", "pathlib:PurePath")


def test_a_missing_extra_is_named() -> None:
    registry = Registry("thing")
    registry.add("a", "no_such_package_at_all.module:Thing", extra="train")
    with pytest.raises(ConfigError, match=r"pip install '\.\[train\]'"):
        registry["a"]


def test_what_needs_no_extra_asks_for_none() -> None:
    registry = Registry("thing")
    registry.add("a", "no_such_package_at_all.module:Thing", extra="train")
    registry.add("b", "no_such_package_at_all.module:Thing")
    with pytest.raises(ModuleNotFoundError, match="no_such_package_at_all"):
        registry["b"]

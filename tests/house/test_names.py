"""A public name has one meaning in the whole package, and so has the name of a module below one parent."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import osce_commitments

PACKAGE = Path(osce_commitments.__file__).parent
# Names that several modules define on purpose.
SHARED = {
    "router": "every module of views has the routes that the application includes",
    "load": "spacy.load asks a package for a function of this name",
}


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id


def test_a_public_name_has_one_meaning() -> None:
    homes: dict[str, set[str]] = defaultdict(set)
    for path in PACKAGE.rglob("*.py"):
        for name in _defined(ast.parse(path.read_text(encoding="utf-8"))):
            if not name.startswith("_") and name not in SHARED:
                homes[name].add(str(path.relative_to(PACKAGE)))
    assert {name: sorted(files) for name, files in homes.items() if len(files) > 1} == {}


def test_a_module_name_has_one_meaning_below_a_parent() -> None:
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path in PACKAGE.rglob("*.py"):
        parent, *_ = path.relative_to(PACKAGE).parts
        if path.stem != "__init__":
            places[parent, path.stem].append(str(path.relative_to(PACKAGE)))
    assert {stem: files for stem, files in places.items() if len(files) > 1} == {}


def test_the_allow_list_is_short() -> None:
    assert len(SHARED) <= 10

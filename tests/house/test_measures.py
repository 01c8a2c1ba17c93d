"""How large the package is, and how plain: measures with bounds that only come down (`pytest tests/house/test_measures.py -s` prints them)."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

import osce_commitments
from osce_commitments.cli import build

PACKAGE = Path(osce_commitments.__file__).parent
# Participles and pronouns that hide what a value is.
VAGUE = frozenset(["one", "found", "at", "given", "some", "said", "held", "asked", "made", "wanted", "kept"])
# Parts of CPython and of libraries that promise nothing to their users.
PRIVATE_DOORS = re.compile(
    r"\b(?:_sre|re\._\w+|ctypes|sys\.meta_path|os\.dup2|copyreg|httpcore\._\w+|\w+\._(?:pool|transport|backend|predictors)\b)"
)
RELATIVE_CLAUSE = re.compile(r"(?:What|Who|Whose|How|Which|Where|When)\b[^?]*$")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def _modules() -> dict[Path, tuple[str, ast.Module]]:
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    return {path: (text, ast.parse(text)) for path, text in texts.items()}


def _nodes(*kinds: type[ast.AST]) -> list[Any]:
    return [node for _, tree in _modules().values() for node in ast.walk(tree) if isinstance(node, kinds)]


def _body_lines(function: Function) -> int:
    """Lines of the statements of a function, without its docstring."""
    statements = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def _mean_body() -> float:
    sizes = [_body_lines(node) for node in _nodes(ast.FunctionDef, ast.AsyncFunctionDef)]
    return sum(sizes) / len(sizes)


def _called_once() -> int:
    """Private functions whose name occurs at one place of the package besides their definition."""
    uses = Counter(node.id for node in _nodes(ast.Name)) + Counter(node.attr for node in _nodes(ast.Attribute))
    names = [node.name for node in _nodes(ast.FunctionDef, ast.AsyncFunctionDef)]
    return sum(1 for name in names if name.startswith("_") and not name.endswith("__") and uses[name] <= 1)


def _vague_per_thousand_lines() -> float:
    names = [node.id for node in _nodes(ast.Name)] + [node.arg for node in _nodes(ast.arg)]
    return 1000 * sum(name in VAGUE for name in names) / _lines()


def _lines() -> int:
    return sum(text.count("\n") for text, _ in _modules().values())


def _numbers_in_constants() -> int:
    """Numbers in the values that modules assign to names in capitals."""
    assigned = [
        node.value
        for _, tree in _modules().values()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _is_constant(node)
    ]
    numbers = [leaf.value for value in assigned for leaf in ast.walk(value) if isinstance(leaf, ast.Constant)]
    return sum(1 for number in numbers if isinstance(number, int | float) and not isinstance(number, bool))


def _is_constant(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Name) and target.id.strip("_").isupper() for target in targets)


def _word_lists() -> int:
    """Lists of words (`atoms` and `words`) in the files of rules."""
    contents = [yaml.safe_load(path.read_text("utf-8")) for path in (PACKAGE / "resources" / "rules").glob("*.yaml")]
    return sum(len(content.get(key) or {}) for content in contents for key in ("atoms", "words"))


def _comments_per_hundred_lines() -> float:
    lines = [line.strip() for text, _ in _modules().values() for line in text.splitlines()]
    return 100 * sum(line.startswith("#") for line in lines) / len(lines)


def _options(command: Any = None) -> int:  # noqa: ANN401 -- a command or a group of the framework
    command = command or typer.main.get_command(build())
    own = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    return len(own) + sum(map(_options, getattr(command, "commands", {}).values()))


def _private_doors() -> int:
    return sum(len(PRIVATE_DOORS.findall(text)) for text, _ in _modules().values())


def _relative_docstrings() -> int:
    documented = _nodes(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)
    summaries = [(ast.get_docstring(node) or "").split("\n")[0] for node in documented]
    return sum(1 for summary in summaries if RELATIVE_CLAUSE.match(summary))


# Each measure and its bound: an upper one, or a lower one where more is better.
MEASURES: dict[str, tuple[Callable[[], float], float]] = {
    "lines": (_lines, 49_750),
    "modules": (lambda: len(_modules()), 290),
    "functions": (lambda: len(_nodes(ast.FunctionDef, ast.AsyncFunctionDef)), 3_020),
    "body lines per function": (_mean_body, 7.5),
    "private functions with one use": (_called_once, 455),
    "vague names per 1,000 lines": (_vague_per_thousand_lines, 22),
    "numbers in constants": (_numbers_in_constants, 540),
    "word lists in rules": (_word_lists, 294),
    "comments per 100 lines": (_comments_per_hundred_lines, 0.9),
    "options of the command line": (_options, 240),
    "docstrings that begin with a relative clause": (_relative_docstrings, 88),
    "private parts of Python and of libraries": (_private_doors, 2),
}
MORE_IS_BETTER = {"body lines per function", "comments per 100 lines"}


@pytest.mark.parametrize("name", MEASURES)
def test_the_house_grows_no_larger(name: str) -> None:
    measure, bound = MEASURES[name]
    value = measure()
    sys.stdout.write(f"\n{name:46} {value:9,.1f}  bound {bound:9,.1f}")
    assert value >= bound if name in MORE_IS_BETTER else value <= bound

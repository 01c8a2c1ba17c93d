"""Search documents, templates, docstrings, comments and messages for the words of ``docs/words.yaml``.

Usage: ``python docs/check_words.py [FILE …]``; without files, everything that git tracks. Ends with 1 where a word is found.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import yaml

_ROOT = Path(__file__).resolve().parent.parent
_WORDS = Path(__file__).with_name("words.yaml")
_LEFT_OUT = re.compile(r"```.*?```|``.*?``|`[^`\n]*`|“[^”]*”|<[^>]*>", re.DOTALL)
# Authored documents and generated reports speak for themselves; the guide and the rules quote legal English.
_SKIPPED = (
    "corpora/",
    "evaluation/",
    "tests/",
    "models/",
    "docs/words.yaml",
    "docs/annotation-guide.md",
    "LICENSE",
)
_PROSE_KEYS = re.compile(r"^\s*(?:- )?(?:reason|title|description|desc|note|message|remedy): (?P<text>.*)$")


def main(names: list[str]) -> int:
    """Print every place; returns the exit code."""
    rules = [
        (re.compile(row["avoid"], re.IGNORECASE), row["write"]) for row in yaml.safe_load(_WORDS.read_text("utf-8"))
    ]
    found = 0
    for path in _files(names):
        for line, text in _prose(path):
            for pattern, better in rules:
                for match in pattern.finditer(_blanked(text)):
                    at = line + text.count("\n", 0, match.start())
                    sys.stdout.write(f"{path.relative_to(_ROOT)}:{at}: {match.group()!r}: write {better}\n")
                    found += 1
    if found:
        sys.stdout.write(f"{found} places to write in plainer English\n")
    return int(found > 0)


def _files(names: list[str]) -> Iterator[Path]:
    listed = (
        names
        or subprocess.run(
            ["git", "ls-files"],  # noqa: S607 - git by name
            cwd=_ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
    )
    for name in listed:
        path = (_ROOT / name).resolve()
        is_prose = path.suffix in {".md", ".html", ".j2", ".py", ".yaml", ".toml"} or path.name == "Makefile"
        if path.is_file() and is_prose and not str(path.relative_to(_ROOT)).startswith(_SKIPPED):
            yield path


def _prose(path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers and stretches of text that people read."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _of_python(text)
    elif path.suffix in {".md", ".html", ".j2"}:
        yield 1, text
    else:
        yield from _of_data(text)


def _of_python(source: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and " " in token.string):
            is_pattern = re.match(r"(?i)[fb]?r[fb]?['\"]", token.string) and not token.string.lower().startswith('r"""')
            if not is_pattern:
                yield token.start[0], token.string


def _of_data(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        comment = re.search(r"(?:^|\s)#\s(.*)$", line)
        prose = _PROSE_KEYS.match(line)
        if comment or prose:
            yield number, comment[1] if comment else prose["text"] if prose else ""


def _blanked(text: str) -> str:
    return _LEFT_OUT.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

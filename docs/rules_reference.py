"""Write a page per kind of linguistic rules below ``docs/reference/rules``: ``python docs/rules_reference.py``.

Each rule shows in how many texts one of its patterns is found: in lines of the sources of the coded corpus for rules of
documents, else in texts and lead-ins of its parts ``validation`` and ``test``. A rule that a stage tries only in some
context is found more often here than there.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from osce_commitments.rules import Rule, RuleSet
from osce_commitments.rules.kinds import rule_set, rule_sets, used_atoms

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference" / "rules"
CORPUS = ROOT / "corpora" / "commitments"
_PARTS = ("validation", "test")
_OF_DOCUMENTS = {"layout", "facts"}
_EVERY = 5  # every fifth source gives as many lines as the parts give texts
_SHOWN_EXAMPLES = 3


def pages(*, counts: bool) -> dict[Path, str]:
    """The pages by their paths, with the number of texts in which each rule is found or without."""
    texts = {kind: tuple(_lines() if kind in _OF_DOCUMENTS else _provisions()) if counts else () for kind in rule_sets}
    written = {FOLDER / f"{kind}.md": "\n".join(_page(rule_set(kind), texts[kind])) for kind in rule_sets}
    contents = [*_contents(), *(_never_found(texts) if counts else ())]
    return {FOLDER / "README.md": "\n".join(contents)} | written


@functools.cache
def _provisions() -> tuple[str, ...]:
    found: dict[str, None] = {}
    for part in _PARTS:
        with (CORPUS / f"{part}.jsonl").open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                found |= dict.fromkeys(text for text in (row["text"], row["lead_in"]) if text)
    return tuple(found)


@functools.cache
def _lines() -> tuple[str, ...]:
    sources = sorted((CORPUS / "source").glob("*.txt"))[::_EVERY]
    return tuple(
        dict.fromkeys(line.strip() for path in sources for line in path.read_text("utf-8").splitlines() if line.strip())
    )


def _contents() -> Iterator[str]:
    yield from ("# Linguistic rules", "", "Written by `python docs/rules_reference.py`: do not edit.", "")
    yield from ("| kind | decides | rules | branches |", "|---|---|---|---|")
    for kind in rule_sets:
        rules = rule_set(kind)
        branches = sum(len(rule.branches) for rule in rules)
        yield f"| [{kind}]({kind}.md) | {rules.title} | {len(rules.rules)} | {branches} |"
    yield ""


def _never_found(texts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield from (
        "## Rules found in none of these texts",
        "",
        "A printed form that the corpus lacks needs its rule all the same. A rule without such a form can go.",
        "",
    )
    for kind in rule_sets:
        silent = [rule.id for rule in rule_set(kind) if rule.branches and not _hits(rule, texts[kind])]
        if silent:
            yield from (f"- [{kind}]({kind}.md), {len(silent)}: {', '.join(f'`{one}`' for one in silent)}", "")


def _page(rules: RuleSet, texts: Sequence[str]) -> Iterator[str]:
    yield from (
        f"# {rules.title}",
        "",
        f"Kind `{rules.kind}`. Written by `python docs/rules_reference.py`: do not edit.",
    )
    for rule in rules:
        yield from ("", f"## {rule.id}", "")
        yield from _rule(rule, texts)
    yield ""


def _rule(rule: Rule, texts: Sequence[str]) -> Iterator[str]:
    if rule.reason:
        yield from (rule.reason, "")
    yield (
        f"Found in {_hits(rule, texts):,} of {len(texts):,} texts."
        if rule.branches and texts
        else "Decided without a pattern."
    )
    if rule.gives:
        yield from ("", "Gives " + ", ".join(f"{key} `{value}`" for key, value in rule.gives.items()) + ".")
    if lines := [*rule.branches, *_conditions(rule)]:
        yield from ("", "```text", *lines, "```")
    yield from ("", f"Finds: {_quoted(list(rule.examples))}. Does not find: {_quoted(rule.counter_examples)}.")


def _conditions(rule: Rule) -> Iterator[str]:
    yield from (f"unless before: {one}" for one in rule.unless)
    yield from (f"{name}: {one}" for name, branches in rule.parts.items() for one in branches)
    yield from (f"<{name}> = {source}" for name, source in used_atoms(rule).items())


def _hits(rule: Rule, texts: Sequence[str]) -> int:
    return sum(bool(rule.search(text)) for text in texts)


def _quoted(examples: Sequence[str]) -> str:
    return "; ".join(f"“{' '.join(one.split())}”" for one in examples[:_SHOWN_EXAMPLES])


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in pages(counts=True).items():
        path.write_text(text, encoding="utf-8")

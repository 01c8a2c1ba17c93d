"""Loads a file of ``resources/rules`` as a set of rules."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from osce_commitments.resources import load_yaml
from osce_commitments.rules.decisions import read_decisions
from osce_commitments.rules.lexicon import lemmas_of, organ_rows, verb_rows
from osce_commitments.rules.record import MAX_LINES, MAX_PATTERN, Rule, RuleSet, fill_atoms

_KEYS = frozenset({
    "id", "any_of", "phrases", "unless", "gives", "parts", "reason", "examples", "counter_examples", "ignore_case"
})  # fmt: skip
_FILE_KEYS = frozenset({"title", "ignore_case", "lexicon", "decisions", "atoms", "words", "rules"})
_LEXICON_ROWS: Mapping[str, Callable[[], Iterable[Mapping[str, Any]]]] = {
    "": tuple, "verbs": verb_rows, "organs": organ_rows
}  # fmt: skip
_LEMMAS = re.compile(r"<verb:([a-z_]+)>")


def load_rules(kind: str, atoms: Mapping[str, str] | None = None) -> RuleSet:
    """Load the rules of a kind.

    Args:
        kind: Name of the file in ``resources/rules``, without its extension.
        atoms: Patterns of the atoms built by code (names of the catalogue, months), by name.

    Raises:
        ValueError: If the file does not follow the schema, which is a defect of the file.
    """
    return _load(kind, tuple(sorted((atoms or {}).items())))


@functools.cache
def _load(kind: str, given: tuple[tuple[str, str], ...]) -> RuleSet:
    data = load_yaml(f"rules/{kind}")
    _check_keys(kind, data, _FILE_KEYS)
    atoms = _atoms(kind, dict(given), data.get("atoms", {}))
    rules: dict[str, Rule] = {}
    for row in (*_LEXICON_ROWS[data.get("lexicon", "")](), *data["rules"]):
        rule = _rule(kind, row, atoms, ignores_case=row.get("ignore_case", data.get("ignore_case", False)))
        if rule.name in rules:
            msg = f"rules/{kind}.yaml: {rule.name} stands twice"
            raise ValueError(msg)
        rules[rule.name] = rule
    words = {name: _words(value) for name, value in data.get("words", {}).items()}
    decisions = {
        name: read_decisions(
            f"rules/{kind}.yaml",
            [{**row, "when": {fact: _words(value) for fact, value in row.get("when", {}).items()}} for row in rows],
        )
        for name, rows in data.get("decisions", {}).items()
    }
    return RuleSet(kind, data["title"], rules, words, decisions)


def _words(value: Any) -> Any:  # noqa: ANN401 - lists and mappings, as the code of the kind needs them
    """A word list with the lemmas of each ``<verb:feature>`` in its place."""
    if isinstance(value, str) and (match := _LEMMAS.fullmatch(value)):
        return tuple(sorted(lemmas_of(match[1])))
    if not isinstance(value, list):
        return value
    return [
        word for one in value for word in (_words(one) if isinstance(one, str) and _LEMMAS.fullmatch(one) else [one])
    ]


def _rule(kind: str, row: Mapping[str, Any], atoms: Mapping[str, str], *, ignores_case: bool) -> Rule:
    where = f"rules/{kind}.yaml: {row.get('id')}"
    _check_keys(where, row, _KEYS)
    parts = {name: _branches(where, value) for name, value in row.get("parts", {}).items()}
    examples = row.get("examples", ())
    return Rule(
        id=f"{kind}.{row['id']}",
        kind=kind,
        any_of=_branches(where, row.get("any_of", ())),
        phrases=_branches(where, row.get("phrases", ())),
        unless=_branches(where, row.get("unless", ())),
        gives=row.get("gives", {}),
        parts=parts,
        reason=row.get("reason", ""),
        examples=examples if isinstance(examples, Mapping) else tuple(map(str, examples)),
        counter_examples=tuple(map(str, row.get("counter_examples", ()))),
        ignores_case=ignores_case,
        atoms=atoms,
    )


def _atoms(kind: str, given: Mapping[str, str], rows: Mapping[str, str | list[str]]) -> dict[str, str]:
    """Return the atoms as groups with inner atoms expanded; a list matches any of its words."""
    atoms = {name: f"(?:{source})" for name, source in given.items()}
    for name, value in rows.items():
        words = _branches(f"rules/{kind}.yaml: atom {name}", value)
        atoms[name] = f"(?:{fill_atoms('|'.join(words), atoms)})"
    return atoms


def _branches(where: str, value: str | Iterable[str]) -> tuple[str, ...]:
    branches = (value,) if isinstance(value, str) else tuple(value)
    for branch in branches:
        if not isinstance(branch, str):
            msg = f"{where}: {branch!r} is not text: YAML reads a word such as on or no as a truth value, quote it"
            raise ValueError(msg)  # noqa: TRY004 - a defect of the file, as load_rules documents
        lines = branch.split("\n")
        if len(lines) > MAX_LINES or max(map(len, lines)) > MAX_PATTERN:
            msg = (
                f"{where}: a pattern has more than {MAX_LINES} lines or {MAX_PATTERN} characters a line: {branch[:40]}…"
            )
            raise ValueError(msg)
    return tuple(branch.replace("\n", "") for branch in branches)


def _check_keys(where: str, row: Mapping[str, Any], known: frozenset[str]) -> None:
    if unknown := set(row) - known:
        msg = f"{where}: unknown key {', '.join(sorted(unknown))}"
        raise ValueError(msg)

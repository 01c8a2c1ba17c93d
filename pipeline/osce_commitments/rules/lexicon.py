"""The lexicon: words with their forms and features, for which rules ask instead of keeping lists of their own."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from osce_commitments.resources import load_yaml

FORMS = ("base", "third", "past", "participle", "gerund")
_NAMED_GROUP = re.compile(r"\?P<\w+>")
_GROUPS = {"present": ("base", "third"), "finite": ("base", "third", "past"), "any": FORMS}
_KEYS = frozenset({
    "lemma", "spelling", "forms", "words", "level", "is", "perfect", "any_subject", "tail", "passive", "unless", "reason",
    "senses", "examples", "counter_examples"
})  # fmt: skip
_SENSE_KEYS = frozenset({"id", "level", "tail", "passive", "unless", "reason", "examples", "counter_examples"})
_SIBILANT = re.compile(r"(?:s|sh|ch|x|z|o)$")
_CONSONANT_AND_Y = re.compile(r"[^aeiou]y$")
_SILENT_E = re.compile(r"[^eoy]e$")


@dataclass(frozen=True)
class Verb:
    """A verb of ``resources/lexicon/verbs.yaml``.

    Attributes:
        forms: Its spellings by the name of the form.
        words: Pattern of the words that belong to it ("upon"), empty for most.
        features: Those of the row and those that follow from its level.
    """

    lemma: str
    forms: Mapping[str, tuple[str, ...]]
    words: str
    features: frozenset[str]
    row: Mapping[str, Any]


@functools.cache
def verbs() -> tuple[Verb, ...]:
    """The verbs, in file order.

    Raises:
        ValueError: If a row has an unknown key, which is a defect of the file.
    """
    return tuple(map(_verb, load_yaml("lexicon/verbs")))


def _verb(row: Mapping[str, Any]) -> Verb:
    for known, part in ((_KEYS, row), *((_SENSE_KEYS, sense) for sense in row.get("senses", ()))):
        if unknown := set(part) - known:
            msg = f"lexicon/verbs.yaml: {row.get('lemma')}: unknown key {', '.join(sorted(unknown))}"
            raise ValueError(msg)
    word, _, rest = row["lemma"].partition(" ")
    spellings = [row["forms"].split()] if "forms" in row else [regular_forms(word)]
    if "spelling" in row:
        spellings.append(regular_forms(row["spelling"]))
    # The past is also the participle unless five forms are given.
    full = [(*forms[:3], forms[3] if len(forms) == len(FORMS) else forms[2], forms[-1]) for forms in spellings]
    forms = {name: tuple(dict.fromkeys(one[place] for one in full)) for place, name in enumerate(FORMS)}
    return Verb(row["lemma"], forms, row.get("words", rest), _features(row), row)


def regular_forms(base: str) -> list[str]:
    """Base, third person, past and -ing form of a regular verb."""
    if _CONSONANT_AND_Y.search(base):
        return [base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing"]
    third = f"{base}es" if _SIBILANT.search(base) else f"{base}s"
    past = f"{base}d" if base.endswith("e") else f"{base}ed"
    return [base, third, past, f"{base[:-1] if _SILENT_E.search(base) else base}ing"]


def _features(row: Mapping[str, Any]) -> frozenset[str]:
    features, level = set(row.get("is", ())), row.get("level")
    if level == "none":
        features.add("speech")
    elif level:
        features |= {"act", level}
        if not features & {"request", "proposal"}:
            features.add("own")
        if level == "committing":
            features.add("promise")
    return frozenset(features)


@functools.cache
def lemmas_of(feature: str) -> frozenset[str]:
    """The lemmas of the verbs with a feature (``act``), idioms included.

    Raises:
        ValueError: If no verb has the feature, so that a typing error is noticed.
    """
    return frozenset(verb.lemma for verb in _with(feature))


def _with(feature: str) -> list[Verb]:
    if not (chosen := [verb for verb in verbs() if feature in verb.features]):
        msg = f"no verb of lexicon/verbs.yaml is {feature!r}"
        raise ValueError(msg)
    return chosen


@functools.cache
def lexicon_atom(name: str) -> str:
    """Pattern of the atom ``verb:act.third``: the form of every verb with the feature; idioms are left out.

    ``verb:act-noun`` leaves out the verbs with a second feature.

    Raises:
        ValueError: If there is no such kind of words, feature or form, which is a defect of the rule.
    """
    kind, _, asked = name.partition(":")
    if kind in _ATOMS:
        return _ATOMS[kind](asked)
    features, _, form = asked.partition(".")
    feature, _, without = features.partition("-")
    names = _GROUPS.get(form.lower(), (form.lower() or "base",))
    if kind != "verb" or not set(names) <= set(FORMS):
        msg = f"no atom of the lexicon is called <{name}>"
        raise ValueError(msg)
    chosen = [verb for verb in _with(feature) if not verb.features & {"idiom", without}]
    single = (word for verb in chosen if not verb.words for name in names for word in verb.forms[name])
    phrases = (
        f"{_cased(word, form)} {(verb.words.upper() if form.isupper() else verb.words)}"
        for verb in chosen
        if verb.words
        for name in names
        for word in verb.forms[name]
    )
    return f"(?:{'|'.join([alternatives(dict.fromkeys(_cased(word, form) for word in single)), *phrases])})"


def _organ_atom(asked: str) -> str:
    """Pattern of names of organs: ``any``, ``enacting``, ``numbering``, or those of an organization that enact (``un``).

    ``printed`` is how their symbols are printed.

    Raises:
        ValueError: If there is no such organ, which is a defect of the rule.
    """
    rows = load_yaml("catalogue/organs")["organs"]
    if asked == "printed":
        return (
            f"(?:{'|'.join(_NAMED_GROUP.sub('?:', form['find']) for row in rows for form in row.get('printed', ()))})"
        )
    enacting = [row for row in rows if row.get("enacts", True)]
    by_feature = {
        "any": rows,
        "enacting": enacting,
        "numbering": [row for row in rows if row.get("numbers_acts")],
        **{
            row["organization"].lower(): [one for one in enacting if one["organization"] == row["organization"]]
            for row in rows
        },
    }
    if asked not in by_feature:
        msg = f"no organ of catalogue/organs.yaml is {asked!r}"
        raise ValueError(msg)
    return alternatives(sorted({name for row in by_feature[asked] for name in (row["name"], *row.get("also", ()))}))


def _noun_atom(asked: str) -> str:
    """Pattern of the nouns with a feature; with ``no_`` before it, of a place that none of them ends at.

    Raises:
        ValueError: If there is no such feature, which is a defect of the rule.
    """
    nouns = load_yaml("lexicon/nouns").get(asked.removeprefix("no_"))
    if nouns is None:
        msg = f"no noun of lexicon/nouns.yaml is {asked!r}"
        raise ValueError(msg)
    if asked == asked.removeprefix("no_"):
        return alternatives(nouns)
    # A look back needs words of one length.
    by_length = {len(noun): [other for other in nouns if len(other) == len(noun)] for noun in nouns}
    return "".join(f"(?<!{'|'.join(by_length[length])})" for length in sorted(by_length))


def _abbreviation_atom(asked: str) -> str:
    """Pattern of the abbreviations of a threat area, in the plural too.

    Raises:
        ValueError: If there is no such area, which is a defect of the rule.
    """
    words = load_yaml("lexicon/abbreviations").get(asked)
    if words is None:
        msg = f"no area of lexicon/abbreviations.yaml is {asked!r}"
        raise ValueError(msg)
    return f"{alternatives(words)}s?"


_ATOMS = {"organ": _organ_atom, "noun": _noun_atom, "abbreviation": _abbreviation_atom}


@functools.cache
def _abbreviations() -> tuple[re.Pattern[str], Mapping[str, str]]:
    words = {short: full for of_area in load_yaml("lexicon/abbreviations").values() for short, full in of_area.items()}
    return re.compile(rf"\b({alternatives(words)})(s?)\b"), words


def spelled_out(text: str) -> str:
    """A text with the words of its abbreviations in their place, for models that have not learnt the abbreviations."""
    pattern, words = _abbreviations()
    return pattern.sub(lambda match: words[match[1]] + match[2], text)


def organ_rows() -> Iterator[dict[str, Any]]:
    """Records of the symbols that are a form of one organ only; its example shows them."""
    for row in load_yaml("catalogue/organs")["organs"]:
        for form in row.get("printed", ()):
            yield {
                "id": f"printed.{form['id']}",
                "any_of": f"<start>{form['find']}<suffix>",
                "gives": {"canonical": form["canonical"]},
                "examples": form["examples"],
                "counter_examples": form["counter_examples"],
            }


def _cased(word: str, form: str) -> str:
    return word.upper() if form.isupper() else word.capitalize() if form.istitle() else word


def verb_rows() -> Iterator[dict[str, Any]]:
    """The verbs with a level as records of rules, the senses of each before it."""
    for verb in verbs():
        if "level" not in verb.row:
            continue
        name = f"verb.{verb.lemma.replace(' ', '_')}"
        for sense in verb.row.get("senses", ()):
            yield _record(f"{name}.{sense['id']}", verb, {**verb.row, **sense})
        yield _record(name, verb, verb.row)


def _record(name: str, verb: Verb, row: Mapping[str, Any]) -> dict[str, Any]:
    gives = {key: row[key] for key in ("lemma", "level", "perfect", "any_subject") if key in row}
    parts = {key: row[key] for key in ("tail", "passive") if key in row}
    kept = {key: row[key] for key in ("unless", "reason", "examples", "counter_examples") if key in row}
    forms = " ".join("/".join(spellings) for spellings in verb.forms.values())
    return {"id": name, "gives": {**gives, "forms": forms}, "parts": parts, **kept}


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, as a prefix tree for speed."""
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[:1], []).append(word[1:])
    branches = [re.escape(first) + _endings(rest) for first, rest in by_first.items() if first]
    return f"(?:{'|'.join(branches)}){'?' if '' in by_first else ''}" if branches else ""


def _endings(rest: list[str]) -> str:
    """Pattern of the rest of words that share a letter; without a group where they share the next one too, for readers."""
    source = alternatives(rest)
    return source[len("(?:") : -len(")")] if len({word[:1] for word in rest}) == 1 and source else source

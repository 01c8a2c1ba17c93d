from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from osce_commitments.catalogue.store import load_catalogue
from osce_commitments.labels import Qualifier, Role
from tests.support.corpora import CORPORA, gold_folder

SCHEMA = json.loads((CORPORA / "gold" / "schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)
KINDS = set(SCHEMA["$defs"]["tag"]["properties"]["kind"]["enum"])
DATE = r"\d{4}(?:-\d\d(?:-\d\d)?)?"
DURATION = r"P(?:\d+[YMWD]|T\d+H)"
DEADLINE = re.compile(rf"(?:{DATE}(?:/{DATE})?|{DURATION})?")
PERIODICITY = re.compile(rf"R/{DURATION}")
# The catalogue's own numbers stay below these, so that an authored symbol cannot be mistaken for a real one.
INVENTED = re.compile(
    r"/9\d\d/\d\d$|/(?:L\.)?9\d\d$|/9\d{3}(?:/\d\d)?$|/9\d$|RES 9\d E$|^A/RES/9\d/9\d\d$|^S/RES/9\d{3} |"
    r"^Resolution 9\d\d |^9\d/CR\."
)
# Real treaties of a numbered series that the catalogue lists in part.
SERIES = re.compile(r"ETS \d{1,3}")
REASONS = {"ambiguous", "not identified", "not in the catalogue", "this instrument has no symbol"}


@cache
def files() -> list[Path]:
    return sorted(gold_folder().glob("*/*.json"))


@cache
def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def document_text(path: Path) -> str:
    if path.suffix == ".pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(path) as pdf:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as archive:
            return unescape(re.sub("<[^>]+>", " ", archive.read("word/document.xml").decode()))
    if path.suffix == ".html":
        return unescape(re.sub("<[^>]+>", " ", path.read_text(encoding="utf-8")))
    return path.read_text(encoding="utf-8")


def letters(text: str) -> str:
    """Only the letters: breaks, hyphens, digits of labels and footnote marks differ between readers."""
    return "".join(char for char in text if char.isalpha())


def everything(gold: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for part in gold["parts"] for one in part["provisions"] + part["stems"]]


def every_tag(gold: dict[str, Any]) -> list[dict[str, Any]]:
    return [tag for one in everything(gold) for tag in one["tags"]]


def each_file(check: Callable[[Path], None]) -> Callable[[], None]:
    """Check all gold files in one test; the message has every file that fails and why."""

    def check_all() -> None:
        failures = []
        for path in files():
            try:
                check(path)
            except Exception as error:  # noqa: BLE001 - any is a failure of this file
                failures.append(f"{path.stem}: {error or type(error).__name__}")
        assert not failures, "\n".join(failures)

    return check_all


# Written later to see how well rules that fit dev carry over, and part of dev since then.
LATER = tuple(
    f"{name}-"
    for name in (
        "fresh",
        "other",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
    )
)


def test_every_source_has_a_document_and_its_gold() -> None:
    assert len(files()) == len(list((CORPORA / "gold" / "source").glob("*/*.txt")))
    assert all(path.with_name(load(path)["document"]).is_file() for path in files())


def test_later_documents_are_in_dev_only() -> None:
    assert {path.parent.name for path in files() if path.name.startswith(LATER)} == {"dev"}


def test_one_third_of_the_first_writing_is_the_test_part() -> None:
    first = [path for path in files() if not path.name.startswith(LATER)]
    parts = Counter(path.parent.name for path in first)
    provisions = Counter(dict.fromkeys(parts, 0))
    for path in first:
        provisions[path.parent.name] += sum(len(part["provisions"]) for part in load(path)["parts"])
    assert sum(parts.values()) >= 40
    assert sum(provisions.values()) >= 900
    assert 0.3 <= parts["test"] / sum(parts.values()) <= 0.4
    assert 0.3 <= provisions["test"] / sum(provisions.values()) <= 0.4


@pytest.mark.parametrize("split", ["dev", "test"])
def test_both_parts_hold_every_role_format_and_kind_of_tag(split: str) -> None:
    golds = [load(path) for path in files() if path.parent.name == split]
    assert {one["role"] for gold in golds for one in everything(gold) if "role" in one} == {*Role}
    assert {Path(gold["document"]).suffix for gold in golds} == {".pdf", ".docx", ".html", ".txt"}
    assert {tag["kind"] for gold in golds for tag in every_tag(gold)} == KINDS
    assert {tag["ref"] for gold in golds for tag in every_tag(gold) if tag["kind"] == "qualifier"} == {*Qualifier}
    assert any(len(one["lead_in"]) >= 3 for gold in golds for one in everything(gold) if "role" in one)
    assert any(one.get("footnote_of") is not None for gold in golds for one in everything(gold))
    assert any(one.get("tail") is not None for gold in golds for one in everything(gold))
    assert any(one.get("delegation") for gold in golds for one in everything(gold))
    assert any(len(gold["parts"]) > 2 for gold in golds)


def test_only_documents_of_lists_are_coded_for_structure_alone() -> None:
    untagged = [path for path in files() if not load(path).get("tagged", True)]
    assert {path.name.partition("-")[0] for path in untagged} == {
        "fifth",
        "sixth",
        "seventh",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
    }
    assert sum(path.name.startswith("eleventh-") for path in untagged) == 4
    assert not any(every_tag(load(path)) for path in untagged)


@each_file
def test_gold_follows_the_schema(path: Path) -> None:
    VALIDATOR.validate(load(path))


def test_the_schema_refuses_an_unknown_role() -> None:
    gold = deepcopy(load(files()[0]))
    gold["parts"][0]["provisions"][0]["role"] = "appendix"
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(gold)


@each_file
def test_every_tag_stands_at_its_offsets(path: Path) -> None:
    for one in everything(load(path)):
        for tag in one["tags"]:
            assert one["text"][tag["start"] : tag["end"]] == tag["text"]
            if tag["text"]:
                found = [match.start() for match in re.finditer(f"(?={re.escape(tag['text'])})", one["text"])]
                assert found[tag["nth"] - 1] == tag["start"]
            else:
                assert (tag["kind"], tag["note"]) == ("addressee", "implied")


@each_file
def test_stems_tails_and_footnotes_are_linked(path: Path) -> None:
    for part in load(path)["parts"]:
        used = {index for one in part["provisions"] for index in [*one["lead_in"], one["tail"]] if index is not None}
        assert used == set(range(len(part["stems"])))
        for position, one in enumerate(part["provisions"]):
            assert all(mark["at"] <= len(one["text"]) for mark in one["notes"])
            assert one.get("footnote_of") is None or one["footnote_of"] < position


@each_file
def test_references_are_of_closed_sets(path: Path) -> None:
    gold, catalogue = load(path), load_catalogue()
    names = {actor.name for actor in catalogue.actors}
    own = {part["symbol"] for part in gold["parts"]}
    checks = {
        "addressee": lambda ref: not ref or ref in names,
        "report": lambda ref: {*ref.split(" > ")} <= names,
        "qualifier": lambda ref: ref in {*Qualifier},
        "deadline": DEADLINE.fullmatch,
        "periodicity": PERIODICITY.fullmatch,
        "action": lambda ref: ref == ref.lower() != "",
        "instrument": lambda ref: (
            not ref or ref in own or catalogue.instrument(ref) or INVENTED.search(ref) or SERIES.fullmatch(ref)
        ),
    }
    wrong = [(tag["kind"], tag["ref"]) for tag in every_tag(gold) if not checks[tag["kind"]](tag["ref"])]
    assert wrong == []


@each_file
def test_cited_instruments_exist_unless_gold_says_otherwise(path: Path) -> None:
    gold, catalogue = load(path), load_catalogue()
    own = {part["symbol"] for part in gold["parts"]}
    tags = [tag for tag in every_tag(gold) if tag["kind"] == "instrument"]
    known = {tag["ref"] for tag in tags if catalogue.instrument(tag["ref"])}
    absent = {tag["ref"] for tag in tags if tag["note"] == "not in the catalogue"}
    unresolved = {tag["note"] for tag in tags if not tag["ref"]}
    assert known.isdisjoint(absent)
    assert {tag["ref"] for tag in tags if tag["ref"]} <= known | absent | own
    assert unresolved <= REASONS


@each_file
def test_authored_symbols_are_no_real_ones(path: Path) -> None:
    catalogue = load_catalogue()
    for part in load(path)["parts"]:
        assert catalogue.instrument(part["symbol"]) is None
        assert not part["symbol"] or INVENTED.search(part["symbol"])


@each_file
def test_only_acts_have_addressees_deadlines_and_qualifiers(path: Path) -> None:
    for part in load(path)["parts"]:
        for one in part["provisions"]:
            if one["role"] not in {Role.OPERATIVE, Role.ANNEX}:
                assert {tag["kind"] for tag in one["tags"]} <= {"instrument"}


@each_file
def test_the_document_holds_every_provision_in_order(path: Path) -> None:
    gold = load(path)
    text = letters(document_text(path.with_name(gold["document"])))
    for part in gold["parts"]:
        at = 0
        for one in part["provisions"]:
            words = letters(one["text"])
            if "footnote" in one:
                assert words in text
                continue
            assert text.find(words[:25], at) >= 0, one["text"]
            at = text.find(words[:25], at)
            assert text.find(words[-25:], at) >= 0, one["text"]
        for stem in part["stems"]:
            assert letters(stem["text"])[-25:] in text

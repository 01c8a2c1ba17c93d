"""Why a provision has its role, its lead-in, its tags and its labels: the rule for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from osce_commitments.query.reader import Reader
from osce_commitments.schema import Row


@dataclass(frozen=True, slots=True)
class Explanation:
    """One result and what made it.

    Attributes:
        what: "role", "lead-in", the kind of a tag, "strength" or "threat area".
        value: What was decided.
        words: The words that it rests on; empty where no words do.
        rule: Id of the rule, for ``rules show``; empty where a model decided or an exact name of the catalogue did.
    """

    what: str
    value: str
    words: str
    rule: str

    def as_row(self) -> Row:
        """The explanation as a row of a table."""
        return asdict(self)


def explain(reader: Reader, provision: str) -> list[Explanation]:
    """Every result of a provision with its rule.

    Args:
        reader: The dataset version.
        provision: Id of the provision, or a beginning of it that no other has.

    Raises:
        DatasetError: If there is none, or several begin so.
    """
    row = reader.provision(provision)
    return [*_of_place(row), *_of_tags(row), *_of_labels(row)]


def _of_place(row: Row) -> Iterator[Explanation]:
    yield Explanation("role", row["role"], "", row["role_rule"])
    if row["lead_in"]:
        yield Explanation("lead-in", row["lead_in"], "", row["lead_in_rule"])


def _of_tags(row: Row) -> Iterator[Explanation]:
    for tag in row["tags"]:
        yield Explanation(tag["kind"], tag["ref"] or tag["note"], tag["text"], tag["rule"])


def _of_labels(row: Row) -> Iterator[Explanation]:
    cue = row["strength_cue"] or {"text": "", "rule": ""}
    yield Explanation("strength", row["strength"], cue["text"], cue["rule"])
    cues = {cue["area"]: cue for cue in row["area_cues"]}
    for area in row["threat_areas"]:
        found = cues.get(area, {"text": "", "rule": ""})
        yield Explanation("threat area", area, found["text"], found["rule"])

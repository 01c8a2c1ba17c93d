"""The rules that gave a provision its role, lead-in, tags and labels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from osce_commitments.query.reader import Reader
from osce_commitments.schema import Row

PERSON = "person"  # in the place of a rule: somebody corrected the label


@dataclass(frozen=True, slots=True)
class Explanation:
    """One result and the rule that made it.

    Attributes:
        what: "role", "lead-in", the kind of a tag, "strength" or "threat area".
        value: The result.
        words: The words it rests on; may be empty.
        rule: Id of the rule, for ``rules show``; empty where a model or an exact name of the catalogue decided, and
            ``mark-up`` where that of the source did, ``person`` where somebody corrected it.
    """

    what: str
    value: str
    words: str
    rule: str

    def as_row(self) -> Row:
        """The explanation as a row of a table."""
        return asdict(self)


def explain(reader: Reader, provision: str) -> list[Explanation]:
    """All results for a provision, each with its rule.

    Args:
        reader: The dataset version.
        provision: Its id or an unambiguous prefix of it.

    Raises:
        DatasetError: If no provision or several match.
    """
    row = reader.provision(provision)
    return [*_of_place(row), *_of_tags(row), *_of_labels(row)]


def _of_place(row: Row) -> Iterator[Explanation]:
    yield Explanation("role", row["role"], "", PERSON if "role" in row["corrected"] else row["role_rule"])
    if row["lead_in"]:
        yield Explanation("lead-in", row["lead_in"], "", row["lead_in_rule"])


def _of_tags(row: Row) -> Iterator[Explanation]:
    for tag in row["tags"]:
        yield Explanation(tag["kind"], tag["ref"] or tag["note"], tag["text"], tag["rule"])


def _of_labels(row: Row) -> Iterator[Explanation]:
    cue = row["strength_cue"] or {"text": "", "rule": _by_person(row, "strength")}
    yield Explanation("strength", row["strength"], cue["text"], cue["rule"])
    cues = {cue["area"]: cue for cue in row["area_cues"]}
    for area in row["threat_areas"]:
        found = cues.get(area, {"text": "", "rule": _by_person(row, "threat_areas")})
        yield Explanation("threat area", area, found["text"], found["rule"])


def _by_person(row: Row, label: str) -> str:
    return PERSON if label in row["corrected"] else ""

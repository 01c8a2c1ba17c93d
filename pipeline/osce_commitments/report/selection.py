"""The selection of commitments for a report, and its description."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from osce_commitments.errors import ConfigError
from osce_commitments.labels import STRENGTHS, Adopted, Basis, ThreatArea
from osce_commitments.query.condition_values import NO_AREA
from osce_commitments.query.conditions import CONDITIONS, TEXT, Conditions, without_empty
from osce_commitments.query.search.language import exclusions, in_prose, parse_query
from osce_commitments.query.selection import Selection as Chosen

if TYPE_CHECKING:
    from osce_commitments.query.selection import By

# The description begins with the dates and the body; the areas are in the title of a report.
_FIRST, _IN_TITLE = ("since", "until", "body"), "area"


@dataclass(frozen=True, slots=True)
class ReportSelection:
    """Conditions on commitments; all that are given must hold.

    Attributes:
        areas: Threat areas; empty: any.
        conditions: Conditions for :meth:`Reader.search`, without the text.
        text: Text query; empty: any.
        words: The conditions as a sentence; empty for all commitments.
        bases: What an area must stand on to count; empty: anything.
        adopted: States of adoption of their documents.
        by: How the text is searched; see :meth:`Reader.search`.
        due: First and last day of the deadlines that count; None for no bound.
    """

    areas: tuple[ThreatArea, ...] = ()
    conditions: Conditions | None = None
    text: str = ""
    words: str = ""
    bases: tuple[Basis, ...] = ()
    adopted: tuple[Adopted, ...] = (Adopted.YES,)
    by: By = "words"
    due: tuple[dt.date | None, dt.date | None] = (None, None)

    @classmethod
    def of(cls, *, text: str = "", by: By = "words", **conditions: Unpack[Conditions]) -> ReportSelection:
        """Read conditions as a person writes them; see :class:`Conditions`.

        Raises:
            ConfigError: If a name or form is wrong; the message lists the choices.
            TypeError: If a condition does not exist or does not apply to reports.
        """
        given = without_empty(conditions)
        if given.get("commitments"):
            del given["commitments"]
        if fixed := [one.name for one in CONDITIONS if one.name in given and not one.in_reports]:
            msg = f"reports have no condition {fixed[0]!r}: commitments are operative text"
            raise TypeError(msg)
        asked: Conditions = {"strength": f">={STRENGTHS[1]}", **given}  # type: ignore[typeddict-item] # without_empty checks names
        read = Chosen.of(text, **asked)
        areas = read.values.get("area", ())
        if NO_AREA in areas:
            msg = f"there is no report on the area {NO_AREA!r}"
            raise ConfigError(msg, f"choose from: {', '.join(ThreatArea)}")
        words = "; ".join(part for part in _parts(given, read.values, text.strip()) if part)
        return cls(
            areas,
            asked,
            text,
            f"{words[0].upper()}{words[1:]}." if words else "",
            read.values.get("basis", ()),
            read.values.get("adopted", (Adopted.YES,)),
            by,
            (read.values.get("due_since"), read.values.get("due_until")),
        )

    @property
    def topic(self) -> str:
        """What the commitments are about, for the title of a report; empty if neither areas nor words say it."""
        if self.areas:
            names = [name_of_area(area) for area in self.areas]
            return f"{', '.join(names[:-1])}{' and ' if len(names) > 1 else ''}{names[-1]}"
        node = parse_query(self.text)
        return in_prose(node).replace("…", "") if node and not exclusions(node) else ""

    @property
    def sentence(self) -> str:
        """The areas and the other conditions, for what has no title."""
        return self.given or "All commitments."

    @property
    def given(self) -> str:
        """The areas and the other conditions, for a title that does not name them; empty for all commitments."""
        if not self.areas:
            return self.words
        rest = f"; {self.words[0].lower()}{self.words[1:]}" if self.words else "."
        return f"On {self.topic}{rest}"

    @property
    def is_all(self) -> bool:
        """Whether all commitments are selected."""
        return not self.areas and not self.words


def name_of_area(area: ThreatArea) -> str:
    """A threat area within a sentence."""
    name = area.value.replace("_", " ")
    return "ICT security" if name == "ict security" else name


def _parts(given: Mapping[str, Any], values: Mapping[str, Any], text: str) -> Iterator[str]:
    told = {_IN_TITLE}
    for one in sorted(CONDITIONS, key=lambda condition: [*_FIRST, condition.name].index(condition.name)):
        if one.name not in given or one.name not in values or one.name in told:
            continue
        said = str(given[one.name]).strip()
        if one.end in values:
            told.add(one.end)
            last = str(given[one.end]).strip()
            yield one.span.format(said, last) if said != last else one.single.format(said)
        else:
            yield one.words(said, values[one.name])
    if node := parse_query(text):
        yield TEXT.words(in_prose(node), text)

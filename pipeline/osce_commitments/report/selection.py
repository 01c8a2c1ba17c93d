"""The commitments among a selection, which reports are about, and their description."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from osce_commitments.errors import ConfigError
from osce_commitments.labels import ACT_ROLES, STRENGTHS, Adopted, TextForm, ThreatArea
from osce_commitments.query.conditions import CONDITIONS, NO_AREA, TEXT
from osce_commitments.query.search.language import exclusions, in_prose, parse_query
from osce_commitments.query.selection import Selection

# The description begins with the dates and the body; the areas are in the title of a report.
_FIRST, _IN_TITLE = ("since", "until", "body"), "area"


def commitments_of(selection: Selection) -> Selection:
    """The commitments among a selection; of adopted documents of known form, unless it names other states of these.

    Raises:
        ConfigError: If it has a condition that commitments have already, or is on provisions without an area.
    """
    conditions = {name: value for name, value in selection.conditions.items() if (name, value) != ("commitments", True)}
    if fixed := [one.name for one in CONDITIONS if one.name in conditions and not one.in_reports]:
        msg = f"reports have no condition {fixed[0]!r}: commitments are operative text"
        raise ConfigError(msg, "leave this condition out, or write rows: --out FILE.csv")
    if NO_AREA in selection.values.get("area", ()):
        msg = f"there is no report on the area {NO_AREA!r}, the provisions without one"
        raise ConfigError(msg, f"leave this condition out, or choose from: {', '.join(ThreatArea)}")
    usual = {"strength": f">={STRENGTHS[1]}", "adopted": (Adopted.YES,), "form": (TextForm.KNOWN,)}
    return replace(selection, conditions={**usual, **conditions, "role": ACT_ROLES}, order="", limit=None, offset=0)


def topic_of(selection: Selection) -> str:
    """The areas, or the words, for the title of a report; empty if neither is chosen."""
    if areas := selection.values.get("area"):
        names = [name_of_area(area) for area in areas]
        return f"{', '.join(names[:-1])}{' and ' if len(names) > 1 else ''}{names[-1]}"
    node = parse_query(selection.text)
    return in_prose(node).replace("…", "") if node and not exclusions(node) else ""


def selection_in_words(selection: Selection, usual: str = "", *, with_areas: bool = True) -> str:
    """The areas and the other conditions as a sentence, or the usual words for all commitments.

    A title names the areas already.
    """
    words = "; ".join(part for part in _parts(selection) if part)
    if with_areas and selection.values.get("area"):
        return f"On {topic_of(selection)}{f'; {words}' if words else ''}."
    return f"{words[0].upper()}{words[1:]}." if words else usual


def name_of_area(area: ThreatArea) -> str:
    """A threat area within a sentence."""
    name = area.value.replace("_", " ")
    return "ICT security" if name == "ict security" else name


def _parts(selection: Selection) -> Iterator[str]:
    given, values, told = selection.conditions, selection.values, {_IN_TITLE, "commitments"}
    for condition in sorted(CONDITIONS, key=lambda one: [*_FIRST, one.name].index(one.name)):
        if condition.name not in values or condition.name in told:
            continue
        written = str(given[condition.name]).strip()
        if condition.end in values:
            told.add(condition.end)
            last = str(given[condition.end]).strip()
            yield condition.span.format(written, last) if written != last else condition.single.format(written)
        else:
            yield condition.words(written, values[condition.name])
    if selection.query:
        yield TEXT.words(in_prose(selection.query), selection.text)

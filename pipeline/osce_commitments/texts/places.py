"""Places in a document, as citations name them: "annex, para. 21, second sentence"."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from osce_commitments.labels import Role
from osce_commitments.texts.numerals import ordinal_in_words

_PARTS = {Role.TITLE: "title", Role.PREAMBLE: "preamble", Role.ANNEX: "annex", Role.ATTACHMENT: "attachment"}


class Spot(NamedTuple):
    """What tells a provision from its neighbours.

    Attributes:
        part: Part of the document; empty for its body.
        label: "para. 3 (a)" or "note 2" as printed; empty without a number.
        is_item: It belongs to a list below a lead-in.
        is_sentence: It ends with a full stop, question or exclamation mark.
        paragraph: Identifier of its paragraph; None in older datasets.
    """

    part: str
    label: str
    is_item: bool
    is_sentence: bool
    paragraph: str | None = None


def spot(row: Mapping[str, Any]) -> Spot:
    """The spot of a row of ``provisions``."""
    is_sentence = row["text"].rstrip("\u201d\u2019\"') ").endswith((".", "?", "!"))
    return Spot(*_printed(row), bool(row["lead_in"]), is_sentence, row["paragraph_id"])


def place(row: Mapping[str, Any]) -> str:
    """The place by the printed numbers; by its unique name if the row is from the index, where several may share a place."""
    return row.get("shared_place") or _joined(*_printed(row))


def _printed(row: Mapping[str, Any]) -> tuple[str, str]:
    label = f"note {row['note_mark']}" if row["note_mark"] else f"para. {row['number']}" if row["number"] else ""
    return _PARTS.get(row["role"], ""), label


def shared_places(spots: Iterable[Spot]) -> dict[int, str]:
    """Unique names for the places that provisions of one document share, by position from 0.

    Items, sentences and recitals without a number are counted; a number that begins again is counted too ("second para. 1").
    """
    runs: defaultdict[tuple[str, str], dict[str | None, list[tuple[int, Spot]]]] = defaultdict(dict)
    for index, one in enumerate(spots):
        run = one.paragraph if one.label else ""
        runs[one.part, one.label].setdefault(run, []).append((index, one))
    return dict(named for (part, label), run in runs.items() for named in _named(part, label, [*run.values()]))


def _named(part: str, label: str, runs: list[list[tuple[int, Spot]]]) -> Iterator[tuple[int, str]]:
    for nth, run in enumerate(runs, 1):
        shown = f"{ordinal_in_words(nth)} {label}" if len(runs) > 1 else label
        if len(run) == 1 and len(runs) > 1:
            yield run[0][0], _joined(part, shown)
        elif len(run) > 1:
            counts: Counter[str] = Counter()
            # The words "Decides that:" above all paragraphs make no item of the first sentence of one.
            has_items = any(one.is_item for _, one in run[1:])
            are_sentences = bool(label) and not has_items and all(one.is_sentence for _, one in run)
            for position, one in run:
                unit = _unit(one, has_items=has_items, are_sentences=are_sentences)
                counts[unit] += 1
                yield position, _joined(part, shown, f"{ordinal_in_words(counts[unit])} {unit}")


def _unit(one: Spot, *, has_items: bool, are_sentences: bool) -> str:
    if has_items and one.is_item:
        return "item"
    if one.part == _PARTS[Role.PREAMBLE] and not one.label:
        return "recital"
    return "sentence" if are_sentences else "passage"


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))

"""Provisions for a reader: one with its place, text, labels and reasons; or a line of them through the years."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from rich.text import Text

from osce_commitments.catalogue import body_name, display_title
from osce_commitments.cli.output import near
from osce_commitments.cli.terminal import console, print_hanging
from osce_commitments.labels import STRENGTHS, THREAT_AREAS, Basis, Field, TagKind
from osce_commitments.schema import ClassifiedProvision, Row
from osce_commitments.texts.diff import Stretch, differences
from osce_commitments.texts.printable import counted_noun, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from osce_commitments.query import History, ProvisionView

_CUE = "bold reverse"
_STYLES = {
    TagKind.ADDRESSEE: "bold cyan",
    TagKind.INSTRUMENT: "underline",
    TagKind.QUALIFIER: "yellow",
    TagKind.DEADLINE: "magenta",
    TagKind.PERIODICITY: "magenta",
}
_CONTEXT = "dim"
_SET = ", set by a person"
_PARAGRAPHS_SHOWN = 2
_KEPT_WORDS = 12  # of a long stretch that did not change, on each side
_LABEL = re.compile(r"\(?\w{1,5}[.)]+|[-–—•]")  # noqa: RUF001 - dashes of real lists


def print_card(view: ProvisionView) -> None:
    """Print a provision in its context."""
    out = console()
    record = view.record
    provision = record.tagged.provision
    _print_place(out, view)
    out.print()
    before, label = _before(view)
    for paragraph in before[-_PARAGRAPHS_SHOWN:]:
        out.print(Text(paragraph, style=_CONTEXT))
    if provision.lead_in:
        out.print(_marked(record, Field.LEAD_IN))
    print_hanging(out, f"{'    ' if provision.lead_in else ''}{label}", _marked(record, Field.TEXT))
    if provision.tail:
        out.print(Text(provision.tail))
    for paragraph in _paragraphs(view.after)[:_PARAGRAPHS_SHOWN]:
        out.print(Text(paragraph, style=_CONTEXT))
    out.print()
    print_labels(out, record, _program_labels(view.provision))
    _print_correction(out, view.provision)
    tagged = record.tagged
    if tagged.action:
        _row(out, "action", f"{tagged.action} ({tagged.polarity.value}, {tagged.voice.value})")
    for tag in tagged.tags:
        if tag.kind is TagKind.ACTION:
            continue
        resolved = f" = {tag.ref}" if tag.ref and tag.ref != tag.text else ""
        note = f" ({tag.note})" if tag.note else ""
        _row(out, tag.kind.value, f"“{tag.text}”{resolved}{note}")


def _before(view: ProvisionView) -> tuple[list[str], str]:
    """The paragraphs before a provision without its own lead-in and label, and its label (``"(a) "``)."""
    before = _paragraphs(view.before)
    label = f"{before.pop()} " if before and _LABEL.fullmatch(before[-1]) else ""
    lead_in = " ".join(view.record.tagged.provision.lead_in.split())
    if lead_in and before and before[-1].endswith(lead_in):
        before.pop()
    return before, label


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _print_place(out: Console, view: ProvisionView) -> None:
    document, provision = view.document, view.record.tagged.provision
    head = Text(
        " ".join(str(value) for value in (document["symbol"], display_title(document["title"])) if value), style="bold"
    )
    out.print(head)
    parts = [
        f"{body_name(document['body'], document['symbol'])} {document['type']}".strip(),
        str(document["date"] or document["year"] or "undated"),
        f"paragraph {provision.number}" if provision.number else "",
        f"sentence {provision.sentence} of {provision.sentences}" if (provision.sentences or 0) > 1 else "",
        f"page {provision.page}" if provision.page else "",
        f"characters {provision.start} to {provision.end}",
        f"role {provision.role.value}",
        f"spoken by {', '.join(provision.delegation)}" if provision.delegation else "",
        f"about {provision.about}" if provision.about else "",
        f"note {provision.note_mark} to {provision.note_of or 'no provision'}" if provision.note_mark else "",
    ]
    out.print(Text(" · ".join(part for part in parts if part)))
    if provision.heading:
        out.print(Text(" > ".join(map(display_title, provision.heading))))
    out.print(Text(f"{visible(near(document['source']))} · {provision.id}", style=_CONTEXT))


def _marked(record: ClassifiedProvision, field: Field) -> Text:
    provision = record.tagged.provision
    text = Text(provision.text if field is Field.TEXT else provision.lead_in)
    for tag in record.tagged.tags:
        if tag.field == field and tag.kind in _STYLES:
            text.stylize(_STYLES[tag.kind], tag.start, tag.end)
    cue = record.labels.strength_cue
    if cue and cue.field == field:
        text.stylize(_CUE, cue.start, cue.end)
    return text


def print_labels(out: Console, record: ClassifiedProvision, program: Mapping[str, Any]) -> None:
    """Print the labels of a provision with their cues.

    Args:
        out: Where to print.
        record: The provision.
        program: Labels of the program that people checked, by kind; a label that it lacks was set by a person.
    """
    labels = record.labels
    level = labels.strength
    bar = "■" * level.level + "□" * (len(STRENGTHS) - 1 - level.level)
    cue = labels.strength_cue
    why = f"because of “{cue.text}” in the {_name(cue.field)} (rule {cue.rule})" if cue else "no cue"
    reason = f"{_chance(labels.strength_probabilities[level.level])}, {why}"
    is_set = program.get("strength", level) != level
    _row(out, "strength", f"{bar} {level.value}{_SET if is_set else reason}")
    for area, basis in zip(labels.threat_areas, labels.area_basis, strict=True):
        words = dict.fromkeys(
            f"“{hit.cue.text}” in the {_name(hit.cue.field)}" for hit in labels.area_cues if hit.area is area
        )
        probability = _chance(labels.area_probabilities[THREAT_AREAS.index(area)])
        unnamed = "implied: no word names it" if basis is Basis.IMPLIED else basis.in_words
        why = f"because of {', '.join(words)}" if words else unnamed
        is_set = area not in program.get("threat_areas", [area])
        _row(out, "threat area", f"{area.value}{_SET if is_set else f'{probability}, {why}'}")
    if not labels.threat_areas:
        _row(out, "threat area", "none")
    _row(out, "model", labels.model_id + (", needs review" if labels.needs_review else ""))


def _program_labels(row: Row) -> dict[str, Any]:
    return json.loads(row["program_labels"]) if row["corrected"] and row["program_labels"] else {}


def _print_correction(out: Console, row: Row) -> None:
    if row["corrected"]:
        before = _program_labels(row)
        said = ", ".join(
            f"{name.replace('_', ' ')} {_plain(before[name])}" for name in row["corrected"] if name in before
        )
        kinds = ", ".join(row["corrected"]).replace("_", " ")
        _row(out, "checked by", f"{row['corrected_by']}: {kinds}" + (f"; the program said {said}" if said else ""))


def _plain(value: str | list[str]) -> str:
    return value if isinstance(value, str) else " + ".join(value) or "none"


def _chance(probability: float) -> str:
    """A probability for a reader; empty where a rule gives the label with certainty."""
    return "" if probability == 1.0 else f" (p = {probability:.2f})"


def _name(field: Field) -> str:
    return field.replace("_", "-")


def _row(out: Console, name: str, value: str) -> None:
    print_hanging(out, f"{name:<12}", value)


def print_history(history: History) -> None:
    """Print every line, those with most appearances first; in each, oldest appearance first."""
    out = console()
    for line in sorted(history.lines, key=lambda commitment_line: commitment_line.rank):
        years = (
            f"{line.years[0]}\u2013{line.years[-1]}"
            if len(line.years) > 1
            else "".join(map(str, line.years)) or "undated"
        )
        count = len(line.appearances)
        procedure = ", procedure" if line.is_procedure else ""
        said = (
            f"{line.id}  {years}, {counted_noun(count, 'appearance')}"
            if line.id
            else f"{years}, not taken up elsewhere"
        )
        out.print(Text(f"{said}{procedure}", style="bold"))
        by_id = {row["id"]: row for row in line.appearances}
        for row in line.appearances:
            before = by_id.get(row["main"].earlier) if row["main"] else None
            _print_appearance(out, row, before, is_alone=count == 1)
        out.print()


def _print_appearance(out: Console, row: Row, before: Row | None, *, is_alone: bool) -> None:
    main = row["main"]
    facts = [str(row["date"] or row["year"] or "undated"), row["citation"], row["strength"]]
    facts += [f"“{row['strength_cue']['text']}”"] if (row["strength_cue"] or {}).get("text") else []
    facts += [", ".join(row["addressee"])] if row["addressee"] else []
    facts += [main.in_words] if main else [] if is_alone else ["first appearance"]
    facts += [row["id"]]
    print_hanging(out, "  ", Text(" · ".join(facts), style="dim"))
    words = _diff(before["reading"], row["reading"]) if before else Text(" ".join(row["reading"].split()))
    words.rstrip()
    print_hanging(out, "    ", words)
    for link in row["takes_up"]:
        if not link.is_main:
            out.print(Text(f"    also {link.relation.value} from {link.earlier}", style="dim"))


def _diff(before: str, after: str) -> Text:
    """The later wording with removed words in [-…-] and added ones in {+…+}, which also a pipe keeps."""
    parts = differences(before, after)
    if all(part.is_same for part in parts):
        return Text("same words", style="dim")
    shown = Text()
    for piece, style in _pieces(parts):
        shown.append(piece, style=style)
    return shown


def _pieces(parts: Sequence[Stretch]) -> Iterator[tuple[str, str]]:
    for part in parts:
        old, new = (" ".join(text.split()) for text in (part.before, part.after))
        if part.is_same:
            yield f"{_shortened(new)} ", ""
            continue
        if old:
            yield f"[-{old}-]", "red"
        if new:
            yield f"{{+{new}+}}", "green"
        yield " ", ""


def _shortened(text: str) -> str:
    words = text.split()
    if len(words) <= 2 * _KEPT_WORDS + 2:
        return text
    return " ".join([*words[:_KEPT_WORDS], "…", *words[-_KEPT_WORDS:]])

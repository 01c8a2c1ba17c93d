"""Lines of commitments on the terminal: a row per appearance, with the words that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from osce_commitments.cli.terminal import console, print_hanging
from osce_commitments.texts.diff import Stretch, differences
from osce_commitments.texts.printable import counted_noun

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from osce_commitments.query import History
    from osce_commitments.schema import Row

_KEPT_WORDS = 12  # of a long stretch that did not change, on each side


def print_history(history: History) -> None:
    """Print every line, those with most appearances first; in each, oldest appearance first."""
    out = console()
    for line in sorted(history.lines, key=lambda one: one.rank):
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

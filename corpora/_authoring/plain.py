"""Plain text as people save it from a viewer: lines of a fixed width, form feeds, running heads."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from corpora._authoring.markup import NOTE, NOTE_MARK, Kind, typeset

if TYPE_CHECKING:
    from corpora._authoring.markup import Block, Part, Sample


def render_text(sample: Sample) -> bytes:
    """Write the instruments of a sample one after the other."""
    return ("\n\n\n".join(_part(part) for part in sample.parts) + f"\n\n\n{NOTE}\n").encode()


def _part(part: Part) -> str:
    width = int(part.facts.get("width", "76"))
    text = _head(part, width)
    page = 1
    for block in part.blocks:
        if block.kind is Kind.PAGE:
            page += 1
            running = [row for row in part.rows("right")[:2] if row]
            head = [f"- {page} -".center(width).rstrip(), *(row.rjust(width) for row in running)]
            piece = "\f" + "\n".join(head)
        else:
            piece = _block(block, part)
        is_dense = block.kind is Kind.ITEM and part.has("dense")
        text += ("\n" if is_dense else "\n\n") * bool(text) + piece
    pattern = _note_pattern(part)
    return "\n\n".join([text, *(f"{pattern.format(mark).strip()} {note}" for mark, note in part.notes.items())])


def _note_pattern(part: Part) -> str:
    """How a footnote mark is printed: in brackets, or with a stroke as the United Nations used to."""
    return " {}/" if part.facts.get("marks") == "stroke" else "[{}]"


def _head(part: Part, width: int) -> str:
    left, right = ([], []) if part.has("no_head") else (part.left_head(), part.rows("right"))
    rows = []
    for index in range(max(len(left), len(right))):
        one = left[index] if index < len(left) else ""
        other = right[index] if index < len(right) else ""
        rows.append((one + other.rjust(max(width - len(one), len(other) + 2))).rstrip())
    extra = [row for key in ("session", "journal") for row in part.rows(key)]
    return "\n".join([*rows, *([""] if rows and extra else []), *extra])


def _block(block: Block, part: Part) -> str:
    width = int(part.facts.get("width", "76"))
    pattern = _note_pattern(part)
    lines = [typeset(NOTE_MARK.sub(lambda mark: pattern.format(mark[1]), line)) for line in block.lines]
    if block.kind is Kind.TABLE:
        return "\n".join(line.replace(" | ", "\t") for line in lines)
    if block.kind in {Kind.TITLE, Kind.CENTRED}:
        return "\n".join(line.center(width).rstrip() for line in lines)
    if block.kind is Kind.RIGHT:
        return "\n".join(line.rjust(width) for line in lines)
    indent = " " * int(part.facts.get("indent", "4")) * block.level if block.kind is not Kind.HEADING else ""
    if block.label and part.has("labels_above"):
        return f"{indent}{block.label}\n{_wrapped(indent + lines[0], width, indent)}"
    label = f"{block.label} " if block.label else ""
    hanging = "" if part.has("flush") else indent + " " * len(label)
    return _wrapped(indent + label + lines[0], width, hanging)


def _wrapped(text: str, width: int, hanging: str) -> str:
    """Lines of at most ``width`` characters; 0 keeps one line per paragraph."""
    if width == 0:
        return text
    return textwrap.fill(text, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=True)

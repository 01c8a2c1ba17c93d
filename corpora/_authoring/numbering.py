"""Checks that automatic numbering will print the labels that the source shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora._authoring.markup import Kind

if TYPE_CHECKING:
    from corpora._authoring.markup import Block

_DASH = "\u2013"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_DEEPEST = 3


def check_automatic(blocks: tuple[Block, ...]) -> None:
    """Count the items as a word processor does.

    Raises:
        ValueError: If a written label differs from the counted one, or its level has another kind of label.
    """
    counts = [0] * (_DEEPEST + 1)
    for block in blocks:
        if block.kind is not Kind.ITEM:
            continue
        counts[block.level] += 1
        counts[block.level + 1 :] = [0] * (_DEEPEST - block.level)
        expected = automatic_label(block.level, counts[block.level])
        if block.label != expected:
            msg = f"automatic numbering gives {expected}, the source has {block.label}: {block.text[:60]}"
            raise ValueError(msg)


def automatic_label(level: int, count: int) -> str:
    """Label of the ``count``-th item (from 1) at a level: "1.", "(a)", "(i)" or a dash."""
    return (f"{count}.", f"({chr(96 + count)})", f"({_ROMAN[(count - 1) % 10]})", _DASH)[level]

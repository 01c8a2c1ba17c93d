"""Characters that layout puts into text, made plain without moving any offset."""

from __future__ import annotations

# One character for one: line ends, tabs and the spaces of typesetting; hyphens that do not break.
_PLAIN = str.maketrans(
    {
        "\n": " ",
        "\t": " ",
        "\N{NO-BREAK SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
        "\N{THIN SPACE}": " ",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{HYPHEN}": "-",
    }
)


def plain(text: str) -> str:
    """The text with plain spaces and hyphens; every character stays where it is."""
    return text.translate(_PLAIN)

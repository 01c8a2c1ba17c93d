"""Words of messages that many rooms need: a text cut to length, and the name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping


def shorten(text: str, characters: int, *, between_words: bool = True) -> str:
    """A text in one line, cut to a number of characters with "…" at the end.

    Args:
        text: The text.
        characters: Of the result, without a space before "…".
        between_words: Cut between words; else anywhere, for a column of a fixed width.
    """
    text = " ".join(text.split())
    if len(text) <= characters:
        return text
    return text[:characters].rpartition(" ")[0] + " …" if between_words else text[: characters - 1].rstrip() + "…"


def similar(name: str, known: Iterable[str] | Mapping[str, str], *, most: int = 1, least: float = 0.6) -> list[str]:
    """The known names most like one that is unknown, best first; letter case, hyphens and underscores do not count.

    Args:
        name: The unknown name.
        known: The known names, or names with what each of them stands for.
        most: Number of names.
        least: Likeness from 0 to 1 that a name needs.
    """
    values = known if isinstance(known, Mapping) else {text: str(text) for text in known}
    folded = {folded_name(text): value for text, value in values.items()}
    return [folded[text] for text in difflib.get_close_matches(folded_name(name), folded, most, least)]


def folded_name(name: str) -> str:
    """A name as it is compared: in small letters, words joined by underscores."""
    return name.strip().casefold().replace("-", "_").replace(" ", "_")


def did_you_mean(names: Iterable[str]) -> str:
    """The question "did you mean 'a' or 'b'?"; empty without names."""
    listed = " or ".join(map(repr, names))
    return f"did you mean {listed}?" if listed else ""

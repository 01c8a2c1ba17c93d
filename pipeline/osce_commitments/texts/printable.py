"""Texts for a terminal: numbers with their nouns; signs that steer a terminal or turn the direction of writing."""

from __future__ import annotations

import re
import shutil
import textwrap
from typing import TextIO

_LEAST_WIDTH = 40
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""A text with these signs written out (``\x1b``): a file name must not steer the terminal."""
    return _STEERING.sub(lambda sign: sign[0].encode("unicode_escape").decode(), text)


def wrapped(text: str, stream: TextIO, indent: str = "") -> str:
    """A text as lines that fit a terminal, those after the first indented; as it is for a stream that is no terminal."""
    if not stream.isatty():
        return text
    width = max(shutil.get_terminal_size().columns, _LEAST_WIDTH)
    return textwrap.fill(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def escaped(json_text: str) -> str:
    r"""JSON with these signs as escapes (``\u009b``); its values stay the same."""
    return _STEERING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json_text)


def counted_noun(number: int, noun: str) -> str:
    """A number with its noun: "1 document", "1,204 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

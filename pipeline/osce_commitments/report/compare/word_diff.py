"""Word-by-word differences between two wordings, as runs of one text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from osce_commitments.report.model import Style, TextRun, TextRuns
from osce_commitments.texts.diff import differences


def word_diff(before: str, after: str) -> TextRuns:
    """One text with the words removed from ``before`` and the words added in ``after``.

    Letter case and white space are ignored; unchanged words are printed as in ``after``.
    """
    runs: list[TextRun] = []
    for part in differences(before, after):
        removed, added = (" ".join(text.split()) for text in (part.before, part.after))
        if part.is_same:
            runs.append(TextRun(added))
        else:
            runs += [TextRun(text, style) for text, style in ((removed, Style.REMOVED), (added, Style.ADDED)) if text]
    return tuple(_spaced(runs))


def _spaced(runs: list[TextRun]) -> Iterator[TextRun]:
    for index, run in enumerate(runs):
        is_glued = index + 1 < len(runs) and re.match(r"[,;.:)]", runs[index + 1].text)
        is_last = index + 1 == len(runs)
        yield TextRun(run.text if is_last or is_glued else run.text + " ", run.style)

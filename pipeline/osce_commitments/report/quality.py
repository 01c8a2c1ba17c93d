"""How often labels are right, in the words that each released classifier brings with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from osce_commitments.classify.quality import Quality, quality_of

_UNKNOWN = "No figures on quality are known for labels by {models}: check what you quote against the cited document."
_CHECK = "Check what you quote{marked}."
_MARKED = ", first the provisions marked “needs review”"
_FIGURES = 2
_NUMBER = re.compile(r"about \d+(?= (?:is|are) wrong)")


def quality_lines(models: Iterable[str], *, has_marks: bool, is_brief: bool = False) -> tuple[str, ...]:
    """The quality of the labels of some classifiers, a line for each kind of documents on which it was measured.

    Args:
        models: Ids that labels bear ("tnt@7").
        has_marks: Whether rows are marked for review.
        is_brief: Whether one sentence says how many levels and areas of a hundred are wrong.
    """
    names = sorted(set(models))
    known = {name: found for name in names if (found := quality_of(name))}
    unknown = [name for name in names if name not in known]
    lines: list[str] = []
    for name, found in known.items():
        title = f"{name}. " if len(names) > 1 else ""
        said = [_brief(found[:2])] if is_brief else [f"{one.heading}: {' '.join(one.sentences)}" for one in found]
        lines += (title + one for one in said)
    if unknown:
        lines.append(_UNKNOWN.format(models=", ".join(unknown)))
    if known:
        lines.append(_CHECK.format(marked=_MARKED if has_marks else ""))
    return tuple(lines)


def _brief(kinds: Sequence[Quality]) -> str:
    found = [(*_NUMBER.findall(" ".join(kind.sentences[:2])), kind.kind) for kind in kinds]
    forms = [
        "{} of 100 levels of strength and {} of 100 threat areas are wrong in {}",
        *["{} and {} in {}"] * len(found),
    ]
    measured = [one for one in found if len(one) > _FIGURES]
    said = "; ".join(form.format(*one) for form, one in zip(forms, measured, strict=False))
    return f"{said[:1].upper()}{said[1:]}." if said else ""

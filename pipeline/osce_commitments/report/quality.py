"""How often labels are right, in the words that each released classifier brings with it."""

from __future__ import annotations

from collections.abc import Iterable

from osce_commitments.classify.quality import Quality, quality_of

_UNKNOWN = "No figures on quality are known for labels by {models}: check what you quote against the cited document."
_CHECK = "Check what you quote{marked}."
_MARKED = ", first the provisions marked “needs review”"


def quality_lines(
    models: Iterable[str], *, has_marks: bool, kinds: int | None = None, is_brief: bool = False
) -> tuple[str, ...]:
    """The quality of the labels of some classifiers, one line for each kind of documents on which it was measured.

    Args:
        models: Ids that labels bear ("tnt@7").
        has_marks: Whether rows are marked for review.
        kinds: Number of kinds of documents, real ones first; all if left out.
        is_brief: Whether a line only says how many levels and areas of a hundred are wrong, and what the review mark catches.
    """
    names = sorted(set(models))
    known = {name: found for name in names if (found := quality_of(name))}
    unknown = [name for name in names if name not in known]
    lines: list[str] = []
    for name, found in known.items():
        title = f"{name}. " if len(names) > 1 else ""
        lines += (
            title + (_brief(one) if is_brief else f"{one.heading}: {' '.join(one.sentences)}") for one in found[:kinds]
        )
    if unknown:
        lines.append(_UNKNOWN.format(models=", ".join(unknown)))
    if known:
        lines.append(_CHECK.format(marked=_MARKED if has_marks else ""))
    return tuple(lines)


def _brief(quality: Quality) -> str:
    kind = quality.kind[:1].upper() + quality.kind[1:]
    wrong = (one.partition(". ")[0].rstrip(".") + "." for one in quality.sentences[:2])
    return f"{kind}: {' '.join((*wrong, *quality.sentences[2:][-1:]))}"

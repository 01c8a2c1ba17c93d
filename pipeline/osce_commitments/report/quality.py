"""How often labels are right, in one sentence for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from osce_commitments.resources import load_yaml

if TYPE_CHECKING:
    from osce_commitments.report.statements import Statement

_UNKNOWN = (
    "Labels were set by a program ({models}) for which no figures on quality are known: check what you quote against the "
    "cited document."
)
_KNOWN = (
    "Of 100 strength labels, about {authored} are right on authored test documents and {real} on real ones; threat areas score "
    "{authored_areas} and {real_areas} of 100 (F1). Check what you quote{marked}."
)


def quality_sentence(used: Iterable[Statement]) -> str:
    """The quality of the labels of some commitments."""
    listed = list(used)
    models = Counter(one.model_id for one in listed)
    return sentence_for(models, has_marks=any(one.needs_review for one in listed))


def sentence_for(models: Iterable[str], *, has_marks: bool) -> str:
    """The quality of the labels of some classifiers; of several, the lowest figures.

    Args:
        models: Ids of classifiers.
        has_marks: Whether rows are marked for review.
    """
    names = sorted({one.partition(":")[0] for one in models})
    figures = [load_yaml("quality").get(name) for name in names]
    if not figures or not all(figures):
        return _UNKNOWN.format(models=", ".join(names) or "none")
    parts = {part: [one[part] for one in figures] for part in ("authored", "real")}
    marked = ", first the provisions marked “needs review”" if has_marks else ""
    return _KNOWN.format(
        authored=_lowest(parts["authored"], "strength"),
        real=_lowest(parts["real"], "strength"),
        authored_areas=_lowest(parts["authored"], "areas"),
        real_areas=_lowest(parts["real"], "areas"),
        marked=marked,
    )


def _lowest(figures: Iterable[Mapping[str, Any]], name: str) -> int:
    return int(100 * min(one[name] for one in figures) + 0.5)

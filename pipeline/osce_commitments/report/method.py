"""The closing section of a report: edition, definitions, classifier, quality figures, limits."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from osce_commitments.classify import releases
from osce_commitments.errors import ConfigError
from osce_commitments.labels import Adopted, Basis
from osce_commitments.report.model import ReportBlock, ReportParagraph, ReportSection, Style, Table, TextRun, plain_runs
from osce_commitments.report.quality import quality_sentence
from osce_commitments.report.statements import Statement, day

if TYPE_CHECKING:
    from osce_commitments.query import Reader

_MEASURES = (
    ("strength", "accuracy", "strength: right level"),
    ("strength", "macro_f1", "strength: macro-F1"),
    ("strength", "kappa_quadratic", "strength: quadratic kappa"),
    ("areas", "micro_f1", "threat areas: micro-F1"),
    ("areas", "macro_f1", "threat areas: macro-F1"),
)
_MEASURED_ON = "test"


def edition(reader: Reader) -> str:
    """The dataset version in words."""
    return f"Dataset version {reader.version} of {day(reader.info.created_at)}"


def method(reader: Reader, used: Sequence[Statement], notes: Iterable[str]) -> ReportSection:
    """The closing section of a report.

    Args:
        reader: The dataset version.
        used: Commitments in the report.
        notes: Paragraphs on this kind of report.
    """
    documents = reader.documents()
    undated = sum(row["date"] is None and row["year"] is None for row in documents)
    states = Counter(row["adopted"] for row in documents)
    rejects = reader.info.counts.get("rejects", 0)
    review, checked = sum(one.needs_review for one in used), sum(bool(one.corrected_by) for one in used)
    lines = [
        (
            f"{edition(reader)}, created with osce-commitments {reader.info.package_version}. It contains "
            f"{counted_noun(len(documents), 'document')} with {counted_noun(reader.info.counts['provisions'], 'provision')}."
        ),
        (
            "A commitment is a provision in the operative part or an annex of a document adopted by a decision-making body "
            "that asks for or promises an act. Recitals and attachments are not counted, nor, unless a condition asks for "
            f"them, documents that are not adopted ({states[Adopted.NO]:,} here) or whose adoption is unknown "
            f"({states[Adopted.UNKNOWN]:,} here)."
        ),
        "Strength is one of five levels: permissive, encouraging, urging, committing, mandating. Strength, threat "
        "areas, addressees, qualifiers and deadlines were set by a program, not by a person"
        + (f"; persons checked labels of {counted_noun(checked, 'commitment')}" if checked else "")
        + (f"; “needs review” marks {counted_noun(review, 'commitment')} in this report." if review else "."),
        *_implied(used),
        *notes,
        "Documents outside the dataset are not covered."
        + (f" {counted_noun(rejects, 'input')} could not be read." if rejects else "")
        + (f" Selections and counts by year leave out {counted_noun(undated, 'undated document')}." if undated else ""),
        quality_sentence(used) if used else "",
    ]
    blocks: list[ReportBlock] = [ReportParagraph(plain_runs(line)) for line in lines if line]
    return ReportSection("method", "About this report", tuple(blocks) + _quality(used))


def _implied(used: Sequence[Statement]) -> Iterator[str]:
    """How many threat areas no word names."""
    bases = Counter(basis for one in used for basis in one.area_basis)
    if bases:
        verb = "is" if bases[Basis.IMPLIED] == 1 else "are"
        yield (
            f"Of {counted_noun(bases.total(), 'threat area')} given to these commitments, {bases[Basis.IMPLIED]:,} {verb} "
            "implied: no word of the text, lead-in, headings or title names the area. A search can leave such areas out "
            "(area named anywhere)."
        )


def _quality(used: Sequence[Statement]) -> tuple[ReportBlock, ...]:
    models = Counter(one.model_id for one in used)
    if not models:
        return ()
    figures = {model: _figures(model) for model in models}
    names = ", ".join(f"{model} ({counted_noun(number, 'commitment')})" for model, number in sorted(models.items()))
    sentence = (
        "Figures are measured on held-out provisions; 1 is best."
        if any(figures.values())
        else "Only released classifiers come with quality figures; for the rules, see the evaluation reports of the project."
    )
    words = ReportParagraph((TextRun("Labelled by: ", Style.STRONG), TextRun(f"{names}. {sentence}")))
    measured = sorted(model for model, found in figures.items() if found)
    if not measured:
        return (words,)
    rows = [
        (plain_runs(title), *(plain_runs(_figure(figures[model], task, name)) for model in measured))
        for task, name, title in _MEASURES
    ]
    caption = "Quality of the labels"
    numeric = frozenset(range(1, len(measured) + 1))
    return words, Table(caption, ("measure", *measured), tuple(rows), numeric)


def _figures(model: str) -> Mapping[str, Any]:
    """Figures of a released classifier on the held-out part; empty for other classifiers."""
    with contextlib.suppress(ConfigError, OSError, ValueError):
        artefact, found = releases.show_release(model)
        judge = model.rpartition(":")[2] if ":" in model else artefact.default
        part: Mapping[str, Any] = found.get("parts", {}).get(_MEASURED_ON, {}).get(judge, {})
        return part
    return {}


def _figure(figures: Mapping[str, Any], task: str, name: str) -> str:
    value = figures.get(task, {}).get(name)
    return "" if value is None else f"{value:.3f}"


def counted_noun(number: int, noun: str) -> str:
    """A number with its noun: "1 document", "1,204 documents"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

"""The closing section of a report: edition, definitions, classifier, quality figures, limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from osce_commitments.classify.quality import Quality, quality_of
from osce_commitments.labels import Adopted, Basis, TextForm
from osce_commitments.query import Reader
from osce_commitments.query.cite import document_citation
from osce_commitments.report.model import ReportBlock, ReportParagraph, ReportSection, Style, TextRun, plain_runs
from osce_commitments.report.statements import Outline, day, tally, total
from osce_commitments.texts.printable import counted_noun

_UNKNOWN = "No figures on quality are known for labels by {models}: check what you quote against the cited document."
_CHECK = "Check what you quote{marked}."
_MARKED = ", first the provisions marked “needs review”"
_FIGURES = 2
_NAMED = 5
_DOCUMENT = ("id", "symbol", "title", "source", "date", "year", "adopted", "form", "form_because")
_NUMBER = re.compile(r"about \d+(?= (?:is|are) wrong)")


def edition(reader: Reader) -> str:
    """The dataset version in words."""
    return f"Dataset version {reader.version} of {day(reader.info.created_at)}"


def method(reader: Reader, used: Sequence[Outline], notes: Iterable[str]) -> ReportSection:
    """The closing section of a report."""
    documents = reader.dataset.read("documents", reader.version, _DOCUMENT).to_pylist()
    undated = sum(row["date"] is None and row["year"] is None for row in documents)
    states = Counter(row["adopted"] for row in documents)
    rejects = reader.info.counts.get("rejects", 0)
    unread = [row for row in documents if row["form"] == TextForm.UNKNOWN]
    review, checked = (
        total(outline for outline in used if outline.needs_review),
        total(one for one in used if one.corrected_by),
    )
    lines = [
        (
            f"{edition(reader)}, created with osce-commitments {reader.info.package_version}. It contains "
            f"{counted_noun(len(documents), 'document')} with {counted_noun(reader.info.counts['provisions'], 'provision')}."
        ),
        (
            "A commitment is a provision in the operative part or an annex of a document adopted by a decision-making body "
            "that asks for or promises an act. Recitals and attachments are not counted, nor, unless a condition asks for "
            f"them, documents that are not adopted{_here(states[Adopted.NO])} or whose adoption is unknown"
            f"{_here(states[Adopted.UNKNOWN])}, or whose text known forms do not explain{_here(len(unread))}."
            + "".join(f" {document_citation(row)}: {row['form_because']}." for row in unread[:_NAMED])
            + (f" The page “About the dataset” names all {len(unread):,}." if len(unread) > _NAMED else "")
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
    ]
    blocks: list[ReportBlock] = [ReportParagraph(plain_runs(line)) for line in lines if line]
    return ReportSection("method", "About this report", (*blocks, *_labelled_by(used, has_marks=bool(review))))


def _here(number: int) -> str:
    return f" ({number:,} here)" if number else ""


def _implied(used: Sequence[Outline]) -> Iterator[str]:
    """How many threat areas no word names."""
    bases = tally((basis, outline.times) for outline in used for basis in outline.area_basis)
    if bases:
        verb = "is" if bases[Basis.IMPLIED] == 1 else "are"
        yield (
            f"Of {counted_noun(bases.total(), 'threat area')} given to these commitments, {bases[Basis.IMPLIED]:,} {verb} "
            "implied: no word of the text, lead-in, headings or title names the area. A search can leave such areas out "
            "(area named anywhere)."
        )


def _labelled_by(used: Sequence[Outline], *, has_marks: bool) -> Iterator[ReportBlock]:
    """Who labelled, and how often that is right on each kind of documents."""
    models = tally((outline.model_id, outline.times) for outline in used)
    if not models:
        return
    names = ", ".join(f"{model} ({counted_noun(number, 'commitment')})" for model, number in sorted(models.items()))
    yield ReportParagraph((TextRun("Labelled by: ", Style.STRONG), TextRun(f"{names}.")))
    yield from (ReportParagraph(plain_runs(line)) for line in quality_lines(models, has_marks=has_marks))


def quality_lines(models: Iterable[str], *, has_marks: bool, is_brief: bool = False) -> tuple[str, ...]:
    """The quality of the labels of some classifiers, a line for each kind of documents on which it was measured.

    In brief, one sentence says how many levels and areas of a hundred are wrong.
    """
    names = sorted(set(models))
    known = {name: qualities for name in names if (qualities := quality_of(name))}
    unknown = [name for name in names if name not in known]
    lines: list[str] = []
    for name, qualities in known.items():
        title = f"{name}. " if len(names) > 1 else ""
        said = (
            [_brief(qualities[:2])]
            if is_brief
            else [f"{quality.heading}: {' '.join(quality.sentences)}" for quality in qualities]
        )
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

"""Coverage of themes, years and addressees by commitments, and its gaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from osce_commitments.labels import ObligationStrength, ThreatArea
from osce_commitments.report.charts import heat, stacked_bars
from osce_commitments.report.entries import EntryMaker, theme
from osce_commitments.report.model import ReportBlock, ReportParagraph, ReportSection, Table, TextRuns, plain_runs
from osce_commitments.report.subthemes import subthemes

if TYPE_CHECKING:
    from osce_commitments.report.statements import Statement

_PERIOD_YEARS = 5
_ADDRESSEES = 4
_FIRM = ObligationStrength.COMMITTING


def coverage_section(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> ReportSection:
    """Counts by theme and year and by theme and addressee; sub-themes without commitments."""
    years = sorted({statement.year for statement in statements if statement.year is not None})
    firmness: dict[str, Counter[ObligationStrength]] = {
        theme(area): Counter(statement.strength for statement in statements if area in statement.areas)
        for area in areas
    }
    blocks: list[ReportBlock] = [stacked_bars(firmness, "Commitments by theme and strength")]
    if years:
        span = range(years[0], years[-1] + 1)
        by_year = {
            theme(area): Counter(
                statement.year for statement in statements if area in statement.areas and statement.year
            )
            for area in areas
        }
        blocks.append(heat(by_year, span, "Commitments by theme and year; empty cells are years without commitments"))
        blocks.append(_periods(by_year, years[0], years[-1]))
    blocks.append(_addressed(statements, areas))
    blocks += _untouched_blocks(statements, areas)
    return ReportSection("coverage", "Coverage", tuple(blocks))


def untouched(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> list[tuple[ThreatArea, list[str]]]:
    """The sub-themes without commitments, by area; areas without such sub-themes are left out."""
    found = []
    for area in areas:
        there = {statement.subtheme(area) for statement in statements if area in statement.areas}
        names = [name for name in subthemes(area)[:-1] if name not in there]
        if names:
            found.append((area, names))
    return found


def low_section(
    statements: Sequence[Statement], areas: Sequence[ThreatArea], shelf: EntryMaker
) -> ReportSection | None:
    """Themes and sub-themes whose strongest commitment is weaker than committing."""
    rows = [row for area in areas for row in _low(statements, area, shelf)]
    if not rows:
        return None
    caption = f"Themes and sub-themes without a {_FIRM.value} or mandating commitment"
    columns = ("theme", "sub-theme", "commitments", "strongest", "where")
    return ReportSection("low", "Low strength only", (Table(caption, columns, tuple(rows), frozenset({2})),))


def coverage_rows(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> Iterator[dict[str, Any]]:
    """Number of commitments by theme, year and addressee; the addressee is empty for commitments without one."""
    found: defaultdict[tuple[int, int, str], list[str]] = defaultdict(list)
    for statement in statements:
        for area in statement.areas:
            for name in (statement.addressee or ("",)) if area in areas else ():
                found[areas.index(area), statement.year or 0, name].append(statement.id)
    for (at, year, name), ids in sorted(found.items()):
        place = {"theme": theme(areas[at]), "year": year or None, "addressee": name}
        yield {"gap": "coverage", "count": len(ids), "provision": "; ".join(ids), **place}


def _periods(by_year: dict[str, Counter[int]], first: int, last: int) -> Table:
    starts = list(range(first - first % _PERIOD_YEARS, last + 1, _PERIOD_YEARS))
    columns = ["theme", *(f"{start}\u2013{(start + _PERIOD_YEARS - 1) % 100:02}" for start in starts), "latest"]
    rows = []
    for name, counts in by_year.items():
        figures = [sum(counts[start + later] for later in range(_PERIOD_YEARS)) for start in starts]
        latest = max((year for year, number in counts.items() if number), default=None)
        rows.append(
            (
                plain_runs(name),
                *(plain_runs(f"{figure:,}" if figure else "\u2013") for figure in figures),
                plain_runs(latest or "\u2013"),
            )
        )
    return Table("Commitments by theme and period", tuple(columns), tuple(rows), frozenset(range(1, len(columns))))


def _addressed(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> Table:
    totals = Counter(name for statement in statements for name in statement.addressee)
    names = [name for name, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:_ADDRESSEES]]
    columns = ("theme", *names, "others", "not specified")
    rows = []
    for area in areas:
        some = [statement for statement in statements if area in statement.areas]
        figures = [sum(name in one.addressee for one in some) for name in names]
        others = sum(any(name not in names for name in one.addressee) for one in some)
        nobody = sum(not one.addressee for one in some)
        cells = (plain_runs(f"{figure:,}" if figure else "\u2013") for figure in (*figures, others, nobody))
        rows.append((plain_runs(theme(area)), *cells))
    caption = "Commitments by theme and addressee; one with several addressees counts for each"
    return Table(caption, columns, tuple(rows), frozenset(range(1, len(columns))))


def _untouched_blocks(statements: Sequence[Statement], areas: Sequence[ThreatArea]) -> Iterator[ReportBlock]:
    found = untouched(statements, areas)
    if found:
        rows = tuple((plain_runs(theme(area)), plain_runs("; ".join(names))) for area, names in found)
        yield Table("Sub-themes without commitments", ("theme", "sub-themes"), rows)
    else:
        yield ReportParagraph(plain_runs("Every sub-theme has at least one commitment."))


def _low(statements: Sequence[Statement], area: ThreatArea, shelf: EntryMaker) -> Iterator[tuple[TextRuns, ...]]:
    mine = [statement for statement in statements if area in statement.areas]
    if mine and _strongest(mine) < _FIRM.level:
        yield _low_row(theme(area), "all", mine, shelf)
        return
    for name in subthemes(area):
        some = [one for one in mine if one.subtheme(area) == name]
        if some and _strongest(some) < _FIRM.level:
            yield _low_row(theme(area), name, some, shelf)


def _strongest(statements: Sequence[Statement]) -> int:
    return max(statement.strength.level for statement in statements)


def _low_row(name: str, part: str, statements: Sequence[Statement], shelf: EntryMaker) -> tuple[TextRuns, ...]:
    level = _strongest(statements)
    strongest = [one for one in statements if one.strength.level == level]
    where = shelf.references(strongest)
    return (
        plain_runs(name),
        plain_runs(part),
        plain_runs(f"{len(statements):,}"),
        plain_runs(strongest[0].strength.value),
        where,
    )

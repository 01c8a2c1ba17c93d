"""Commands that compile reports: report overview, report digest, report gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from osce_commitments.cli import options
from osce_commitments.cli.condition_options import AreaOption, SinceOption, StrengthOption, WhereOption, read_conditions
from osce_commitments.cli.output import printed, say
from osce_commitments.query.conditions import CONDITIONS, TEXT

if TYPE_CHECKING:
    from osce_commitments.query import Reader
    from osce_commitments.report import Report

_SELECTION = (*(condition for condition in CONDITIONS if condition.in_reports), TEXT)
_DIGEST_SELECTION = tuple(condition for condition in _SELECTION if condition.name not in ("since", "until", "meeting"))
_Links = Annotated[
    str, typer.Option("--links", help="Address of the page (osce-commitments serve) that links lead to.", metavar="URL")
]
_Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        "-o",
        help="Output file: .docx, .pdf, .html, .md, .csv or .ics. By default, Markdown is printed.",
        metavar="FILE",
    ),
]

report = typer.Typer(help="Write reports: overview, digest, gaps.", no_args_is_help=True)


@report.command("overview")
def overview_command(
    area: AreaOption = None,
    strength: StrengthOption = None,
    since: SinceOption = None,
    where: WhereOption = None,
    printed: options.MostPrinted = options.USUALLY_PRINTED,
    since_version: Annotated[
        str, typer.Option(help="Earlier version; mark what is new, changed or withdrawn since.", metavar="VERSION")
    ] = "",
    links: _Links = "",
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    labels: options.LabelsByOption = "corrected",
    out: _Out = None,
    cover: options.CoverOption = None,
) -> None:
    """Compile commitments by theme, sub-theme and year, with counts, charts and a note on method."""
    from osce_commitments import report as reports
    from osce_commitments.query import Selection

    conditions = read_conditions(where, _SELECTION, area=area, strength=strength, since=since)
    selection = Selection.of(**conditions)

    def make(reader: Reader) -> Report:
        most = printed if is_printed(out) else 0
        return reports.overview(reader, selection, since_version=since_version, base=links, most=most)

    emit(make, (data, as_of, labels), links, out, cover)


@report.command("digest")
def digest_command(
    since: Annotated[
        str,
        typer.Option(
            help="Version (12, 2026-03-01) or Ministerial Council ('MC' for the last one, 'MC 2011', '18th')."
        ),
    ],
    area: AreaOption = None,
    where: WhereOption = None,
    all_bodies: Annotated[
        bool,
        typer.Option(
            "--all-bodies", help="After a meeting, also documents that the Ministerial Council did not adopt."
        ),
    ] = False,
    links: _Links = "",
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    labels: options.LabelsByOption = "corrected",
    out: _Out = None,
    cover: options.CoverOption = None,
) -> None:
    """Compile what is new, firmer, softer, widened, dropped and repeated, first-time topics, deadlines (also as .ics)."""
    from osce_commitments import report as reports
    from osce_commitments.query import Selection

    selection = Selection.of(**read_conditions(where, _DIGEST_SELECTION, area=area))

    def make(reader: Reader) -> Report:
        return reports.digest(reader, since, selection, all_bodies=all_bodies, base=links)

    emit(make, (data, as_of, labels), links, out, cover)


@report.command("gaps")
def gaps_command(
    area: AreaOption = None,
    strength: StrengthOption = None,
    where: WhereOption = None,
    on: Annotated[
        str,
        typer.Option(help="Deadlines before this day have passed; by default, the day of the version.", metavar="DAY"),
    ] = "",
    links: _Links = "",
    data: options.Data = options.DEFAULT_DATA,
    as_of: options.AsOf = "latest",
    labels: options.LabelsByOption = "corrected",
    out: _Out = None,
    cover: options.CoverOption = None,
) -> None:
    """Compile gaps: coverage, deadlines and reports without follow-up, low strength, instruments not in the dataset."""
    from osce_commitments import report as reports
    from osce_commitments.query import Selection

    conditions = read_conditions(where, _SELECTION, area=area, strength=strength)
    selection, day = Selection.of(**conditions), _day(on)
    emit(lambda reader: reports.gaps(reader, selection, on=day, base=links), (data, as_of, labels), links, out, cover)


def emit(
    make: Callable[[Reader], Report],
    source: tuple[Path, str, str],
    links: str,
    out: Path | None,
    cover: list[str] | None,
) -> None:
    """Make a report on a source (folder, version, whose labels) and write it to a file, or print it as Markdown.

    Raises:
        ConfigError: If the name of the file, the links, the cover or the template do not fit.
    """
    import osce_commitments
    from osce_commitments import report as reports
    from osce_commitments.errors import ConfigError

    # Wrong options are reported before the work begins.
    file_format = out.suffix.lstrip(".").lower() if out else "md"
    reports.check_format(file_format)
    if links and not links.startswith(("http://", "https://")):
        msg = f"{links!r} is not a web address"
        raise ConfigError(msg, "give --links an address that begins with http:// or https://")
    words = dict(options.named_values("--cover", cover, (*options.COVER, "template")))
    template = Path(words.pop("template")) if "template" in words else None
    data, as_of, labels = source
    under = make(osce_commitments.open(data, as_of, labels=labels)).under(reports.Cover(**words))
    content = reports.render(under, file_format, template)
    if out is None:
        with printed() as stream:
            stream.write(content)
        return
    reports.write_report(content, out)
    say(f"{under.kind} written to {out}: {under.edition}")
    if under.left_out:
        say(f"{under.left_out:,} commitments are counted but not printed; --print 0 prints all")


def is_printed(out: Path | None) -> bool:
    """Whether a file is for paper, and so must not be too long."""
    return out is not None and out.suffix.lower() in (".docx", ".pdf")


def _day(text: str) -> dt.date | None:
    from osce_commitments.errors import ConfigError

    try:
        return dt.date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        raise ConfigError(f"--on {text!r} is not a date", "write it as 2026-03-01") from error

"""Writers of reports: HTML, Word, PDF, Markdown, CSV, iCalendar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from osce_commitments.errors import ConfigError
from osce_commitments.files import write_whole
from osce_commitments.report.calendar import as_icalendar
from osce_commitments.report.model import Report
from osce_commitments.report.writers.docx import as_docx
from osce_commitments.report.writers.html import as_html
from osce_commitments.report.writers.markdown import as_markdown
from osce_commitments.report.writers.pdf import as_pdf
from osce_commitments.report.writers.rows import as_csv, as_rss

FORMATS: dict[str, Callable[[Report], bytes]] = {
    "html": lambda report: as_html(report).encode(),
    "docx": as_docx,
    "pdf": as_pdf,
    "md": lambda report: as_markdown(report).encode(),
    "csv": as_csv,
    "ics": as_icalendar,
    "rss": as_rss,
}


def check_format(file_format: str) -> None:
    """Check the name of a format.

    Raises:
        ConfigError: If the format is unknown; the message lists the known ones.
    """
    if file_format not in FORMATS:
        msg = f"unknown report format {file_format!r}" if file_format else "no report format given"
        raise ConfigError(msg, f"give --out a name that ends in {', '.join(f'.{name}' for name in FORMATS)}")


def render(report: Report, file_format: str, template: Path | None = None) -> bytes:
    """The bytes of a report in a format; the same report gives the same bytes.

    Raises:
        ConfigError: If the format is unknown, or the template does not fit.
    """
    check_format(file_format)
    if template is None:
        return FORMATS[file_format](report)
    if file_format != "docx":
        msg = f"a template is a Word file, not for the format {file_format!r}"
        raise ConfigError(msg, "give --out a name that ends in .docx, or leave out the template")
    return as_docx(report, template)


def write_report(content: bytes, path: Path) -> None:
    """Write a file atomically; an existing file is replaced.

    Raises:
        ConfigError: If it cannot be written; an existing file is untouched.
    """
    try:
        write_whole(path, content)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}"
        raise ConfigError(msg, "give --out a file in a folder that exists and may be written") from error

"""The rows of a report as CSV, or as an RSS 2.0 feed with an item per commitment."""

from __future__ import annotations

import hashlib
import io
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from osce_commitments.query import write_rows
from osce_commitments.report.model import Report


def as_csv(report: Report) -> bytes:
    """The rows as CSV in UTF-8; without rows only the header."""
    import pyarrow as pa

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in report.columns])
    target = io.BytesIO()
    write_rows(pa.Table.from_pylist(list(report.rows), schema=schema), "csv", target)
    return target.getvalue()


def as_rss(report: Report) -> bytes:
    """The feed in UTF-8. Its date is that of the dataset version, so that the same report gives the same bytes."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    written = format_datetime(report.written_at)
    links = [str(row["link"]) for row in report.rows if row.get("link")]
    _add(channel, "title", report.title)
    # RSS wants an address, also of a report without links: the page, or the site of the first source.
    page, is_page, _ = links[0].partition("/provision/") if links else ("", "", "")
    _add(channel, "link", f"{page}/" if is_page else "/".join([*page.split("/")[:3], ""]) if page else "about:blank")
    _add(channel, "description", f"{report.subtitle} {report.edition}.".strip())
    _add(channel, "lastBuildDate", written)
    for one in report.rows:
        # Gaps have rows of another kind: what they lack is left out.
        row = {name: str(value) for name, value in one.items() if value not in {None, ""}}
        item = ET.SubElement(channel, "item")
        mark = f"{row['mark'].capitalize()}: " if "mark" in row else ""
        strength = f" ({row['strength']})" if "strength" in row else ""
        _add(item, "title", f"{mark}{row.get('citation', report.title)}{strength}")
        if "link" in row:
            _add(item, "link", row["link"])
        earlier = f"\n\nEarlier wording: {row['earlier']}" if "earlier" in row else ""
        _add(item, "description", f"{row.get('text', '')}{earlier}")
        identity = row.get("provision") or hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest()[:16]
        _add(item, "guid", f"{identity}-{report.written_at:%Y%m%d%H%M%S}").set("isPermaLink", "false")
        _add(item, "pubDate", written)
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    # XML 1.0 has no control characters.
    child.text = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    return child

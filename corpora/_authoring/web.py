"""HTML as a web site shows a decision: navigation, breadcrumbs and related links around the text."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from jinja2 import Environment

from corpora._authoring.markup import NOTE, NOTE_MARK, Kind, typeset
from corpora._authoring.numbering import check_automatic

if TYPE_CHECKING:
    from corpora._authoring.markup import Block, Part, Sample

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{ tab }}</title>
<meta name="description" content="{{ note }}">
</head>
<body>
<nav><ul><li><a href="#">Home</a></li><li><a href="#">What we do</a></li><li><a href="#">Documents</a></li>\
<li><a href="#">Contact us</a></li></ul></nav>
<div class="breadcrumb"><a href="#">Home</a> &gt; <a href="#">Documents</a> &gt; {{ tab }}</div>
<main>
<article>
{{ content }}
</article>
</main>
<aside><h2>Related documents</h2><ul><li><a href="#">All decisions of this year</a></li>\
<li><a href="#">Subscribe to the newsletter</a></li></ul></aside>
<footer><p>{{ note }}</p><p>Privacy policy | Terms of use</p></footer>
</body>
</html>
"""
_LIST_TYPES = ("1", "a", "i")


def render_html(sample: Sample) -> bytes:
    """Write one page with every instrument of the sample."""
    content = "\n".join(line for part in sample.parts for line in _part(part))
    tab = escape(typeset(sample.parts[0].facts["tab"]))
    page = Environment(autoescape=False, keep_trailing_newline=True).from_string(_PAGE)  # noqa: S701 - escaped above
    return page.render(tab=tab, note=NOTE, content=content).encode()


def _part(part: Part) -> list[str]:
    heads = [row for row in [*part.left_head(), *part.rows("right")] if row]
    lines = ['<div class="header">' + "<br>\n".join(escape(row) for row in heads) + "</div>"]
    lines += [f"<p>{escape(row)}</p>" for key in ("session", "journal") for row in part.rows(key)]
    if part.facts.get("numbering") == "automatic":
        check_automatic(part.blocks)
        lines += _nested(part.blocks)
    else:
        lines += [_block(block) for block in part.blocks]
    notes = [f"<p><sup>{mark}</sup> {escape(note)}</p>" for mark, note in part.notes.items()]
    return [*lines, *(['<div class="footnotes">', *notes, "</div>"] if notes else [])]


def _nested(blocks: tuple[Block, ...]) -> list[str]:
    """Lists inside lists; their labels are left to the browser."""
    lines: list[str] = []
    depth = 0
    counts = [0, 0, 0]
    for block in blocks:
        wanted = block.level + 1 if block.kind is Kind.ITEM else 0
        while depth > wanted:
            lines.append("</li></ol>")
            depth -= 1
        if wanted == 0:
            lines.append(_block(block))
            continue
        if depth == wanted:
            lines.append("</li>")
        else:
            counts[depth] = counts[depth] if depth == 0 else 0
            lines.append(f'<ol type="{_LIST_TYPES[depth]}" start="{counts[depth] + 1}">')
            depth += 1
        counts[depth - 1] += 1
        lines.append("<li>" + _inline(block.text))
    return [*lines, *["</li></ol>"] * depth]


def _block(block: Block) -> str:
    if block.kind is Kind.TITLE:
        return "<h1>" + "<br>\n".join(_inline(line) for line in block.lines) + "</h1>"
    if block.kind is Kind.HEADING:
        return f"<h{block.level + 1}>{_inline(block.text)}</h{block.level + 1}>"
    if block.kind is Kind.ITEM:
        return f'<p class="level-{block.level}">{escape(block.label)}\u2003{_inline(block.text)}</p>'
    if block.kind is Kind.SECTION:
        return "<hr>\n<p>" + "<br>\n".join(_inline(row.strip()) for row in block.text.split("|")) + "</p>"
    if block.kind is Kind.TABLE:
        rows = (
            "<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in line.split(" | ")) + "</tr>"
            for line in block.lines
        )
        return "<table>\n" + "\n".join(rows) + "\n</table>"
    return f"<p>{_inline(block.text)}</p>"


def _inline(text: str) -> str:
    marked = escape(typeset(text, soft_hyphen="\u00ad"), quote=False)
    return NOTE_MARK.sub(r"<sup>\1</sup>", marked.replace("\u00a0", "&nbsp;").replace("\u00ad", "&shy;"))

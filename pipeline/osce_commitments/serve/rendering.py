"""Templates and their filters: labels in words, numbers, marked text."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from importlib.resources import files
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from fastapi.responses import HTMLResponse

from osce_commitments._version import __version__
from osce_commitments.catalogue import body_name, display_title
from osce_commitments.fields.column import Place
from osce_commitments.labels import (
    STRENGTHS,
    THREAT_AREAS,
    Basis,
    ObligationStrength,
    label_in_words,
    strength_in_words,
)
from osce_commitments.query.conditions import BY_NAME, NAMED_ANYWHERE, NO_AREA
from osce_commitments.query.ranking import CLOSEST, CLOSEST_OF_BOTH
from osce_commitments.serve.parameters import TABLE_COLUMNS, Pinned
from osce_commitments.serve.shelf import OpenVersion, OpenVersions
from osce_commitments.texts.places import place
from osce_commitments.texts.printable import visible

if TYPE_CHECKING:
    import jinja2
    from fastapi import Request

_PAGE_OF_CITATION = re.compile(r", p\. \d+$")
_SIGNS = {">=": "{} or firmer", "<=": "{} or weaker", ">": "firmer than {}", "<": "weaker than {}"}
_BEFORE_MATCH = 12  # characters
_VIEWS = (
    ("/", "Explore"),
    ("/matrix", "Matrix"),
    ("/timeline", "Timeline"),
    ("/history", "History"),
    ("/compare", "Compare"),
)


@functools.cache
def environment() -> jinja2.Environment:
    """The page's templates; all values are escaped."""
    import jinja2

    found = jinja2.Environment(
        loader=jinja2.PackageLoader("osce_commitments", "resources/templates/serve"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "label": label_in_words,
        "area": area,
        "basis": basis,
        "body": body_name,
        "headline": display_title,
        "level": lambda strength: ObligationStrength(strength).level,
        "strength_name": strength_in_words,
        "without_page": lambda citation: _PAGE_OF_CITATION.sub("", citation),
        "day_in_words": day_in_words,
        "pair": attrgetter("value", "count"),
        "place": place,
        "number": "{:,}".format,
        "condition": lambda name: BY_NAME[name].chip or BY_NAME[name].label.lower(),
        "chosen": chosen,
        "file_name": short_source,
        "sentence": sentence,
        "from_match": from_match,
    }
    found.globals |= {
        "STRENGTHS": STRENGTHS,
        "AREAS": THREAT_AREAS,
        "CONDITIONS": BY_NAME,
        "VIEWS": _VIEWS,
        "asset": asset,
        "TABLE_COLUMNS": TABLE_COLUMNS,
        "PAGE": Place.PAGE,
        "MOST_CLOSEST": CLOSEST,
        "MOST_CLOSEST_OF_BOTH": CLOSEST_OF_BOTH,
        "dict": dict,
        "marked": marked,
        "zip": zip,
        "program": f"osce-commitments {__version__}",
    }
    return found


@functools.cache
def asset(name: str) -> str:
    """Address of a static file, with a part of its hash: browsers may keep it until it changes."""
    content = (files("osce_commitments.resources") / "static" / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def compile_templates() -> None:
    """Compile all templates now, so that the first visitor does not wait."""
    for name in environment().list_templates():
        environment().get_template(name)


def page(
    request: Request,
    name: str,
    ask: Pinned,
    *,
    status: int = 200,
    book: OpenVersion | None = None,
    **values: Any,  # noqa: ANN401
) -> HTMLResponse:
    """A rendered page."""
    shelf: OpenVersions = request.app.state.shelf
    shown = book or shelf.book()
    at = getattr(ask, "page", 1)
    lasting = ask.link(request.url.path, version=str(shown.reader.version), **({"page": at} if at > 1 else {}))
    text = (
        environment()
        .get_template(name)
        .render(
            ask=ask,
            here=request.url.path,
            book=shown,
            info=shown.reader.info,
            reviewing=request.app.state.reviewing,
            lasting=lasting if status < HTTPStatus.BAD_REQUEST else "",
            address=address_of_page(request),
            today=day_in_words(dt.datetime.now(tz=dt.UTC)),
            status=status,
            **values,
        )
    )
    return HTMLResponse(text, status)


def address_of_page(request: Request) -> str:
    """Address of the page as its reader sees it, without a slash at the end: for files and for print."""
    return f"{str(request.base_url).rstrip('/')}{request.app.state.base_path}"


def area(value: str) -> str:
    """A threat area in words; “(no threat area)” for none."""
    return "(no threat area)" if value == NO_AREA else label_in_words(value)


def day_in_words(day: dt.date | str) -> str:
    """A day, also in ISO form, as "31 December 2027"."""
    when = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return f"{when.day} {when:%B %Y}"


def basis(value: str) -> str:
    """What a threat area stands on, in words; a value that is no basis stays as it is."""
    return Basis(value).in_words if value in set(Basis) else value


def chosen(value: str, name: str) -> str:
    """The value of a condition in words."""
    if name == "body":
        return body_name(value)
    if name == "strength":
        for sign, words in _SIGNS.items():
            if value.startswith(sign):
                return words.format(value.removeprefix(sign).strip())
        return value.replace("..", " to ")
    if name == "basis":
        return "Named anywhere" if value == NAMED_ANYWHERE else label_in_words(basis(value))
    return (area(value) if name == "area" else label_in_words(value)) if BY_NAME[name].choices else value


def sentence(text: str) -> str:
    """A message of the program as a sentence."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "…", '"')) else ".")


def short_source(source: str) -> str:
    """The last part of a source: the file name, in which no sign turns the direction of writing."""
    return visible(source.rstrip("/").rpartition("/")[2] or source)


def from_match(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, str, list[tuple[int, int]]]:
    """What a narrow cell leaves out, and the text from a few words before the first span on, with its spans."""
    start = text.rfind(" ", 0, max(spans[0][0] - _BEFORE_MATCH, 0)) + 1 if spans else 0
    return text[:start], text[start:], [(one - start, other - start) for one, other in spans]


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether a span covers each."""
    position = 0
    for start, end in spans:
        if position < start:
            yield text[position:start], False
        if start < end:
            yield text[start:end], True
        position = max(position, end)
    if position < len(text):
        yield text[position:], False

"""Cases carry their expectation in the text: ``{kind|words|ref|note}``, ref and note may be missing."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

from osce_commitments.ids import DocumentId, ProvisionId
from osce_commitments.labels import Field, Role, TagKind
from osce_commitments.schema import Provision
from osce_commitments.tag import load_tagger

if TYPE_CHECKING:
    from collections.abc import Callable

    from osce_commitments.schema import TaggedProvision
    from osce_commitments.tag import Tagger

_MARK = re.compile(r"\{(\w+)\|([^|{}]+)(?:\|([^|{}]*))?(?:\|([^{}]*))?\}")
DOCUMENT_DATE = dt.date(2012, 12, 7)


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    return load_tagger()


@pytest.fixture(scope="session")
def tag_text(tagger: Tagger) -> Callable[..., TaggedProvision]:
    def run(text: str, lead_in: str = "", date: dt.date | None = DOCUMENT_DATE, **facts: Any) -> TaggedProvision:  # noqa: ANN401 - handed on
        return tagger.tag([make_provision(text, lead_in=lead_in, date=date, **facts)])[0]

    return run


@pytest.fixture(scope="session")
def tag_texts(tagger: Tagger) -> Callable[..., list[TaggedProvision]]:
    """Tag the provisions of one document; "stem => item" gives a lead-in."""

    def run(*texts: str, **facts: Any) -> list[TaggedProvision]:  # noqa: ANN401 - handed on
        provisions = []
        for index, text in enumerate(texts):
            lead_in, _, words = text.rpartition(" => ")
            provisions.append(make_provision(words, index, lead_in=lead_in, **({"date": DOCUMENT_DATE} | facts)))
        return tagger.tag(provisions)

    return run


def make_provision(text: str, index: int = 0, **facts: Any) -> Provision:  # noqa: ANN401 - handed on
    role = facts.pop("role", Role.OPERATIVE)
    return Provision(ProvisionId(f"p{index}"), DocumentId("d1"), index, 0, len(text), text, role, **facts)


@pytest.fixture(scope="session")
def check(tag_text: Callable[..., TaggedProvision]) -> Callable[..., None]:
    """Compare the tags of some kinds with the marks of a text; a ref or note that a mark leaves out is not compared."""

    def run(marked: str, *kinds: TagKind, **context: Any) -> None:  # noqa: ANN401 - handed on
        text, expected = _parse(marked)
        tags = [tag for tag in tag_text(text, **context).tags if tag.kind in kinds and tag.field == Field.TEXT]
        found = [(tag.kind.value, tag.start, tag.text, tag.ref, tag.note) for tag in tags]
        blurred = [
            (kind, start, words, ref if mark[3] is not None else None, note if mark[4] is not None else None)
            for (kind, start, words, ref, note), mark in zip(found, expected, strict=False)
        ]
        assert (blurred, len(found)) == (expected, len(expected)), found

    return run


def _parse(marked: str) -> tuple[str, list[tuple[str, int, str, str | None, str | None]]]:
    text, expected, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        expected.append((match[1], len(text), match[2], match[3], match[4]))
        text += match[2]
        at = match.end()
    return text + marked[at:], expected

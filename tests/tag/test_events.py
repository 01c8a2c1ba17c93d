from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import TagKind

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = [
    ("place and year", "It was welcomed by the {event|Ministerial Council in Dublin in 2012|MC(19) Dublin 2012|}."),
    ("place before", "The {event|Basel Ministerial Council|MC(21) Basel 2014|} took it up."),
    ("place of several", "The {event|Vienna Ministerial Council||ambiguous: MC(8) Vienna 2000 | MC(24) Vienna 2017 | MC(32) Vienna 2025}."),
    ("year decides", "The {event|2017 Vienna Ministerial Council|MC(24) Vienna 2017|}."),
    ("ordinal", "At the {event|Twenty-Second Meeting of the Ministerial Council|MC(22) Belgrade 2015|} it met."),
    ("year without a meeting", "The {event|2010 Ministerial Council||not in the catalogue}."),
    ("summit", "The {event|Astana Summit|OSCE Summit 2010 (Astana)|} met."),
    ("series with a year", "The {event|2016 OSCE-wide anti-drug conference|OSCE-wide anti-drug conference 2016|}."),
    ("series of many", "Holds {event|OSCE-wide counter-terrorism conferences|OSCE-wide counter-terrorism conference|}."),
    ("year that the series skipped", "The {event|2009 OSCE-wide anti-drug conference|OSCE-wide anti-drug conference 2009|not in the catalogue}."),
    ("series that the catalogue lacks", "The {event|Annual Security Review Conference|Annual Security Review Conference|}."),
    ("not a conference of any kind", "A conference of experts and a meeting of Ministers were held."),
    ("not the body alone", "The Ministerial Council welcomes the report."),
    ("not a declaration of a summit", "The Astana Summit Declaration was read."),
]  # fmt: skip


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_events(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.EVENT)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import TagKind

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = [
    ("symbol", "Recalls {instrument|MC.DEC/9/11|MC.DEC/9/11|}."),
    ("symbol in lower case, no slash", "As in {instrument|mc.dec 5/07|MC.DEC/5/07|}, it acts."),
    ("well-formed but unknown", "Recalls {instrument|MC.DEC/91/07|MC.DEC/91/07|not in the catalogue}."),
    ("prose with a body", "Recalls {instrument|Ministerial Council Decision No. 9/11|MC.DEC/9/11|}."),
    ("abbreviated body", "See {instrument|MC Decision 7/17|MC.DEC/7/17|}."),
    ("no body but a year", "In {instrument|Decision No. 5/07|MC.DEC/5/07|} it said so."),
    ("full year and numero sign", "A consensus {instrument|Decision № 9/2011|MC.DEC/9/11|} followed."),
    ("Permanent Council", "See {instrument|Permanent Council Decision No. 1106|PC.DEC/1106|}."),
    ("no body, no year", "See {instrument|Decision No. 1106|PC.DEC/1106|}."),
    ("numbered within a meeting", "See {instrument|Bucharest Ministerial Decision No. 6 of 2001|MC(9).DEC/6|}."),
    ("by meeting", "See {instrument|Decision 9, paragraph 6, of the Bucharest Ministerial Council|MC(9).DEC/9}."),
    ("a declaration is a document", "See {instrument|Ministerial Council Declaration No. 5/14|MC.DOC/5/14|}."),
    (
        "a list shares its head",
        ("Recalling {instrument|UN Security Council resolutions 2170 (2014)|S/RES/2170 (2014)} and " "{instrument|2178 (2014)|S/RES/2178 (2014)},"),
    ),
    ("UNSCR", "Under {instrument|UNSCR 1373|S/RES/1373 (2001)|} States freeze assets."),
    ("General Assembly", "Recalls {instrument|General Assembly resolution 60/288|A/RES/60/288|}."),
    ("name with a year before", "Recalls the {instrument|1999 Istanbul Charter|SUM.DOC/1/99|}."),
    ("name with a wrong year", "The {instrument|1998 Istanbul Charter|SUM.DOC/1/99|text says 1998, the catalogue 1999-11-19}."),
    ("year inside a name", "See the {instrument|Astana 2010 Commemorative Declaration|SUM.DOC/1/10|}."),
    (
        "name and year",
        "The {instrument|2005 Border Security and Management Concept|MC.DOC/2/05|} serves all.",
    ),
    ("long name", "The {instrument|OSCE Consolidated Framework for the Fight against Terrorism|PC.DEC/1063|} holds."),
    ("name without hyphens", "The {instrument|Decision on Public Private Partnerships in countering terrorism|MC.DEC/5/07|}."),
    ("description", "The {instrument|second set of confidence-building measures|PC.DEC/1202|} helps."),
    ("UN Charter", "Under {instrument|Chapter VIII of the UN Charter|[UN-CHARTER-1945]|} it acts."),
    ("self-reference", "Pursuant to {instrument|the present Decision||self-reference} it acts."),
    ("title behind a number", "See {instrument|Decision No. 5/07|MC.DEC/5/07|} on Public-Private Partnerships in Countering Terrorism."),
    (
        "foreign title behind a number",
        ("See {instrument|Decision No. 5/07|MC.DEC/5/07|the title is that of MC.DEC/6/07} on " "Protecting Critical Energy Infrastructure from Terrorist Attack."),
    ),
    ("ambiguous title", "The Decision on {instrument|Combating Trafficking in Human Beings||ambiguous: MC.DEC/2/03 | MC.DEC/13/05 | MC.DEC/3/06 | MC.DEC/7/13}."),
    (
        "attached date conflicts",
        "See {instrument|MC Decision No. 5/07|MC.DEC/5/07|text says 3 November 2007, the catalogue 2007-11-30} of 3 November 2007.",
    ),
    ("attached date agrees", "See {instrument|MC Decision No. 5/07|MC.DEC/5/07|} of 30 November 2007."),
    (
        "date behind a place conflicts",
        ("The {instrument|Decision on Public-Private Partnerships in countering terrorism|MC.DEC/5/07|" "text says 3 November 2007, the catalogue 2007-11-30} in Madrid on 3 November 2007."),
    ),
    (
        "adopting body conflicts",
        "The {instrument|first set of CBMs|PC.DEC/1106|text says MC, the catalogue PC} was adopted by the Ministerial Council.",
    ),
    ("adopting body agrees", "The {instrument|first set of CBMs|PC.DEC/1106|} was adopted by the Permanent Council."),
    ("printed body conflicts", "See {instrument|Ministerial Council Decision No. 1106|PC.DEC/1106|text says MC, the catalogue PC}."),
    ("not the word decision", "The decision on 9 May was taken by 11 States."),
    ("not a subject in lower case", "Efforts in combating trafficking in human beings continue."),
    ("not a resolution of another body", "Recalls resolution 9/1 of the Conference of the Parties."),
    ("not a code of conduct of any kind", "Each ministry adopts a code of conduct."),
    ("not a decision-making process", "Women take part in this decision-making."),
]  # fmt: skip


def test_count() -> None:
    assert len(CASES) == 38


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_instruments(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.INSTRUMENT)

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from osce_commitments.labels import TagKind

if TYPE_CHECKING:
    from collections.abc import Callable

CASES = [
    ("day", "Adopted on {date|7 December 2012|2012-12-07}."),
    ("days of one month", "Held on {date|3\u20134 December 2015|2015-12-03/2015-12-04} in Ruritania."),
    ("days across months", "From {date|30 November to 1 December 1993|1993-11-30/1993-12-01}."),
    ("month", "A workshop in {date|December 2012|2012-12} took place."),
    ("year", "Since {date|2016|2016} the network has met."),
    ("ISO", "Issued {date|2012-12-07|2012-12-07}."),
    ("no-break space", "On {date|7\u00a0December\u00a02012|2012-12-07} it met."),
    ("not a number within a symbol", "MC.DEC/91/2007 and Decision No. 9/2011 apply."),
    ("not the year of a resolution", "UN Security Council resolution 2178 (2014) applies."),
    ("not the number of a resolution", "Security Council resolution 1999 is cited."),
    ("not an amount", "It trained 2,012 officers and 2013.5 others."),
    ("not a day that does not exist", "No date: 32 Maytime and 31 of the December group."),
    ("not a modal", "States may 20 times ask."),
]


@pytest.mark.parametrize("marked", [marked for _, marked in CASES], ids=[phenomenon for phenomenon, _ in CASES])
def test_dates(check: Callable[..., None], marked: str) -> None:
    check(marked, TagKind.DATE)

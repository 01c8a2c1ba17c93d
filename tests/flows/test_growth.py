"""The work for a document grows with its length, not with the square of it: calls of functions are counted, not seconds.

Steps inside a single regular expression do not count here; ``benchmarks/growth.py`` shows them.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

from osce_commitments.classify import load_classifier
from osce_commitments.config import Limits
from osce_commitments.flows.reading import process
from tests.support.growing import PATTERNS, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from osce_commitments.schema import Source

SMALL, TIMES = 1_500, 4
# n·log n is 1.2 times as much here; a square is 4 times as much.
MOST = 1.5 * TIMES
FEWEST_CALLS = 20_000
# One for each stage and cause; the others run with the long tests.
QUICK = (
    "text '(a) '",
    "text 'will '",
    "text 'by 2012 '",
    "text 'Decisions Nos. 1, 2 and 3, '",
    "rows 'Albania\\n\\n'",
    "html <p>a",
    "html <main>a</main>",
    "html paragraphs that continue",
    "docx footnotes",
    "akn notes",
    "rows of items and tails",
    "rows of items below a long stem",
    "text '\\u201cthe States decide that \\u201cit '",
    "pdf pieces",
)
# Calls per character for all stages: the shortest lines cost most. Answers to lines are not kept: on real documents that
# saved no time, and lines that repeat cost two to three times as many calls without it.
MOST_PER_CHARACTER = {
    "rows 'a\\tb\\tc\\n'": 300,
    "rows 'The States will report;\\n\\n'": 122,
    "rows 'Decides to:\\n\\n'": 209,
    "counted 'Recalling lamp #,\\n\\n'": 171,
    "counted '(#) calls;\\n\\n'": 191,
    "counted contents": 212,
    "rows '- a\\n'": 361,
    "html <p>a": 574,
    "counted days of own texts": 77,
    "counted given names": 61,
}


def calls(source: Source) -> int:
    """Number of calls of functions, in Python and in C, for all stages."""
    count = 0

    def step(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    classifier = load_classifier("rules")
    sys.setprofile(step)
    try:
        process(source, Limits(), classifier)
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module", autouse=True)
def warm() -> Iterator[None]:
    """Compile rules, which cost once; every text counts as English, so that no stage is left out."""
    parse = importlib.import_module("osce_commitments.documents.parse")
    shares = parse.shares
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parse, "shares", lambda items: dict.fromkeys(["en"][: len(shares(items))], 1.0))
        for name in QUICK:
            process(PATTERNS[name](SMALL), Limits(), load_classifier("rules"))
        yield


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in PATTERNS]
)
def test_calls_grow_with_the_length(name: str) -> None:
    # The large one comes first: what is compiled or remembered once cannot make the small one dear.
    large, small = (calls(PATTERNS[name](SMALL * times)) for times in (TIMES, 1))
    if large >= MOST * small + FEWEST_CALLS:  # the first time may have compiled rules
        large = calls(PATTERNS[name](SMALL * TIMES))
    assert large < MOST * small + FEWEST_CALLS


@pytest.mark.parametrize("name", MOST_PER_CHARACTER)
def test_a_short_line_needs_few_calls(name: str) -> None:
    # The first half of the large one is remembered as the small one is: the difference is the price of new lines.
    calls(PATTERNS[name](SMALL))
    small, large = (calls(PATTERNS[name](SMALL * times)) for times in (1, 2))
    assert (large - small) / SMALL < MOST_PER_CHARACTER[name]


def test_the_count_sees_a_loop_in_a_loop() -> None:
    def square(length: int) -> int:
        for a in range(length):
            for b in range(length):
                max(a, b)
        return length

    source = text("and ", SMALL)
    found = []
    for length in (150, 150 * TIMES):
        before = calls(source)
        count = 0

        def step(_frame: object, event: str, _argument: object) -> None:
            nonlocal count
            count += event == "c_call"

        sys.setprofile(step)
        square(length)
        sys.setprofile(None)
        found.append(before + count)
    assert found[1] > MOST * found[0] + FEWEST_CALLS

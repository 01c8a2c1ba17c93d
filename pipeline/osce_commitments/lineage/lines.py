"""Lines: provisions that are linked to each other through the years."""

from __future__ import annotations

from collections.abc import Iterable

from osce_commitments.ids import fingerprint


def line_ids(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Id of the line of every linked provision.

    Args:
        links: Earlier and later provision of the main links, the earliest first.
    """
    parent: dict[str, str] = {}
    place: dict[str, int] = {}

    def root(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for pair in links:
        for new in pair:
            place.setdefault(new, len(place))
            parent.setdefault(new, new)
        first, second = sorted(map(root, pair), key=place.__getitem__)
        parent[second] = first
    return {one: line_id(root(one)) for one in parent}


def line_id(first: str) -> str:
    """Stable id of the line that a provision begins; it changes only if an earlier appearance becomes known."""
    return "l" + fingerprint("line", first)

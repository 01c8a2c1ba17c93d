"""The body that speaks in a document, by the catalogue's name."""

from __future__ import annotations

import functools

from osce_commitments.catalogue import organ_of_symbol, organs


@functools.cache
def speaker(body: str, symbol: str) -> str:
    """Canonical name of the body that adopted a document; empty where none is known.

    Args:
        body: Code of the body as documents have it ("MC", "UN").
        symbol: Symbol of the document, which tells the bodies of the UN apart.
    """
    found = organ_of_symbol(symbol) if symbol else None
    if found is not None and found.body == body:
        return found.actor
    actors = {one.actor for one in organs() if one.body == body}
    return actors.pop() if len(actors) == 1 else ""

"""What a parsed query asks for, in words."""

from __future__ import annotations

from collections.abc import Iterator

from osce_commitments.query.search.language import Both, Either, QueryNode, QueryWords, Without


def plain_words(node: QueryNode | None) -> tuple[str, ...]:
    """The words of a query without operators, fields and excluded words."""
    if isinstance(node, QueryWords):
        return node.words
    if node is None or isinstance(node, Without):
        return ()
    return tuple(word for part in node.parts for word in plain_words(part))


def in_prose(node: QueryNode) -> str:
    """The query as people would say it: ``"travel document*" OR passport*`` as "travel document…" or "passport…"."""
    if isinstance(node, Both | Either):
        return (" or " if isinstance(node, Either) else " and ").join(in_prose(part) for part in node.parts)
    if isinstance(node, Without):
        return f"not {in_prose(node.part)}"
    place = f" in the {node.field.replace('_', '-')}" if node.field else ""
    return f"“{' '.join(node.words)}{'…' if node.is_beginning else ''}”{place}"


def single_words(node: QueryNode) -> Iterator[QueryWords]:
    """Every wanted word alone, with its field."""
    if isinstance(node, QueryWords):
        last = len(node.words) - 1
        for index, word in enumerate(node.words):
            yield QueryWords((word,), node.field, node.is_beginning and index == last, node.position)
    elif not isinstance(node, Without):
        for part in node.parts:
            yield from single_words(part)


def exclusions(node: QueryNode) -> tuple[Without, ...]:
    """The exclusions from the whole query."""
    parts = node.parts if isinstance(node, Both) else (node,)
    return tuple(part for part in parts if isinstance(part, Without))

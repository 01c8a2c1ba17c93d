"""Graphs as GraphML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_TYPES = {bool: "boolean", int: "int", float: "double", str: "string"}


def graphml(nodes: Iterable[tuple[str, Mapping[str, Any]]], edges: Iterable[tuple[str, str, Mapping[str, Any]]]) -> str:
    """A directed graph; all nodes have the same values by name, and so have all edges."""
    from lxml import etree
    from lxml.builder import ElementMaker

    make = ElementMaker(namespace=_GRAPHML, nsmap={None: _GRAPHML})
    body = make.graph({"edgedefault": "directed"})
    keys: dict[str, Any] = {}
    for node, values in nodes:
        body.append(make.node({"id": node}, *_data(make, "node", values, keys)))
    for source, target, values in edges:
        body.append(make.edge({"source": source, "target": target}, *_data(make, "edge", values, keys)))
    root = make.graphml(*keys.values(), body)
    text: str = etree.tostring(root, pretty_print=True, encoding="unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + text.rstrip("\n")


def _data(make: Any, owner: str, values: Mapping[str, Any], keys: dict[str, Any]) -> list[Any]:  # noqa: ANN401 - lxml's element maker
    found = []
    for name, value in values.items():
        key = f"{owner}_{name}"
        if key not in keys:
            kind = _TYPES[type(value)]
            keys[key] = make.key({"id": key, "for": owner, "attr.name": name, "attr.type": kind})
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        found.append(make.data({"key": key}, shown))
    return found

"""Citations and links of lineage as graphs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from osce_commitments.catalogue import load_catalogue
from osce_commitments.errors import ConfigError
from osce_commitments.query.reader import Reader
from osce_commitments.schema import Row

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_TYPES = {bool: "boolean", int: "int", float: "double", str: "string"}


class GraphFormat(StrEnum):
    """Formats of the graph."""

    GRAPHML = "graphml"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class CitationGraph:
    """Instruments and their citations.

    Attributes:
        nodes: Instruments, most cited first, then by ``id``: their symbol, else the document's id. ``is_held``: whether the
            dataset has its text; ``in_degree``: number of other documents that cite it; ``mentions``: number of their mentions.
        edges: Citations by ``source`` and ``target``, with the number of ``mentions``.
    """

    nodes: tuple[Row, ...]
    edges: tuple[Row, ...]

    def serialise(self, file_format: str) -> str:
        """The graph as GraphML or as JSON (``nodes`` and ``edges``).

        Raises:
            ConfigError: If the format is unknown.
        """
        if file_format not in list(GraphFormat):
            msg = f"unknown graph format {file_format!r}"
            raise ConfigError(msg, f"choose from: {', '.join(GraphFormat)}")
        if file_format == GraphFormat.JSON:
            return json.dumps(asdict(self), ensure_ascii=False, indent=2)
        return graphml(self.nodes, self.edges)


def citation_graph(reader: Reader) -> CitationGraph:
    """The resolved citations of a version; a document's mentions of itself are left out."""
    mentions: Counter[tuple[str, str]] = Counter()
    for symbol, rows in reader.citations().items():
        for row in rows:
            source = row["symbol"] or row["document"]
            if source != symbol:
                mentions[source, symbol] += sum(mention["symbol"] == symbol for mention in row["mentions"])
    held = {row["symbol"] or row["id"]: row for row in reversed(reader.documents())}
    cited_by, cited = Counter(target for _, target in mentions), Counter[str]()
    for (_, target), count in mentions.items():
        cited[target] += count
    nodes = []
    for key in held.keys() | cited.keys():
        row, known = held.get(key, {}), load_catalogue().instrument(key)
        facts = {name: row.get(name) or getattr(known, name, None) for name in ("title", "body", "year")}
        node = {"id": key, "title": facts["title"] or "", "body": facts["body"] or "", "year": facts["year"] or 0}
        nodes.append(node | {"is_held": key in held, "in_degree": cited_by[key], "mentions": cited[key]})
    edges = ({"source": one, "target": other, "mentions": count} for (one, other), count in sorted(mentions.items()))
    return CitationGraph(tuple(sorted(nodes, key=lambda node: (-node["in_degree"], node["id"]))), tuple(edges))


def lineage_graphml(reader: Reader) -> str:
    """Provisions as nodes, with their lines; links as edges from the earlier to the later one."""
    links, rows = reader.lineage()
    ordered = sorted(
        rows, key=lambda row: (not row["line"], row["line"], row["line"] and str(row["date"] or "9"), row["id"])
    )
    nodes = [
        {"id": row["id"], "symbol": row["symbol"], "number": row["number"], "date": str(row["date"] or ""),
         "strength": row["strength"], "line": row["line"], "text": row["reading"]}
        for row in ordered
    ]  # fmt: skip
    edges = [
        {"source": link.earlier, "target": link.later, "relation": link.relation.value, "score": link.score,
         "strength_change": link.strength_change, "force_unsure": link.force_unsure, "new_act": link.new_act,
         "new_date": link.new_date, "is_main": link.is_main}
        for link in sorted(links, key=lambda link: (link.earlier, link.later))
    ]  # fmt: skip
    return graphml(nodes, edges) + "\n"


def graphml(nodes: Iterable[Row], edges: Iterable[Row]) -> str:
    """A directed graph; all nodes have the same values by name, and so have all edges."""
    from lxml import etree
    from lxml.builder import ElementMaker

    make: Any = ElementMaker(namespace=_GRAPHML, nsmap={None: _GRAPHML})
    body = make.graph({"edgedefault": "directed"})
    keys: dict[str, Any] = {}

    def add(kind: str, names: tuple[str, ...], item: Mapping[str, Any]) -> None:
        element = getattr(make, kind)({name: item[name] for name in names})
        for name, value in item.items():
            if name in names:
                continue
            key = f"{kind}_{name}"
            if key not in keys:
                keys[key] = make.key({"id": key, "for": kind, "attr.name": name, "attr.type": _TYPES[type(value)]})
            element.append(make.data({"key": key}, str(value).lower() if isinstance(value, bool) else str(value)))
        body.append(element)

    for node in nodes:
        add("node", ("id",), node)
    for edge in edges:
        add("edge", ("source", "target"), edge)
    text: str = etree.tostring(make.graphml(*keys.values(), body), pretty_print=True, encoding="unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + text.rstrip("\n")

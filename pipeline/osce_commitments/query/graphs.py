"""Citations and links of lineage as graphs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from osce_commitments.catalogue import load_catalogue
from osce_commitments.errors import ConfigError
from osce_commitments.query.sql import connect

if TYPE_CHECKING:
    from osce_commitments.dataset import Dataset
    from osce_commitments.dataset.versions import VersionSpec

_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_TYPES = {bool: "boolean", int: "int", float: "double", str: "string"}
_NODES = """
    SELECT p.id, {'symbol': p.symbol, 'number': p.number, 'date': coalesce(CAST(p.date AS VARCHAR), ''),
                  'strength': p.strength, 'line': n.line, 'text': p.reading} AS value
    FROM provisions p JOIN lineage_lines n ON n.provision = p.id ORDER BY n.line, p.date, p.id
"""
_EDGES = """
    SELECT earlier, later, {'relation': relation, 'score': score, 'strength_change': CAST(strength_change AS INTEGER),
                            'is_main': is_main} AS value
    FROM lineage ORDER BY earlier, later
"""
_MORE_NODES = """
    SELECT DISTINCT p.id, {'symbol': p.symbol, 'number': p.number, 'date': coalesce(CAST(p.date AS VARCHAR), ''),
                           'strength': p.strength, 'line': '', 'text': p.reading} AS value
    FROM provisions p JOIN lineage l ON p.id = l.earlier OR p.id = l.later
    WHERE p.id NOT IN (SELECT provision FROM lineage_lines) ORDER BY p.id
"""


class GraphFormat(StrEnum):
    """Formats of the graph."""

    GRAPHML = "graphml"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class GraphNode:
    """An instrument.

    Attributes:
        id: Its symbol, else the document's id.
        is_held: Whether the dataset has its text.
        in_degree: Number of other documents in the dataset that cite it.
        mentions: Number of their mentions.
    """

    id: str
    title: str
    body: str
    year: int
    is_held: bool
    in_degree: int
    mentions: int


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A document cites an instrument, ``mentions`` times."""

    source: str
    target: str
    mentions: int


@dataclass(frozen=True, slots=True)
class CitationGraph:
    """Nodes by in-degree, most cited first, then by id; edges by source and target."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]

    def serialise(self, file_format: str) -> str:
        """The graph as GraphML or as JSON (``nodes`` and ``edges``).

        Raises:
            ConfigError: If the format is unknown.
        """
        if file_format not in list(GraphFormat):
            msg = f"unknown graph format {file_format!r}"
            raise ConfigError(msg, f"choose from: {', '.join(GraphFormat)}")
        if file_format == GraphFormat.JSON:
            plain = {"nodes": [asdict(node) for node in self.nodes], "edges": [asdict(edge) for edge in self.edges]}
            return json.dumps(plain, ensure_ascii=False, indent=2)
        nodes = ((node.id, _values(node)) for node in self.nodes)
        edges = ((edge.source, edge.target, _values(edge)) for edge in self.edges)
        return graphml(nodes, edges)


def citation_graph(dataset: Dataset, version: VersionSpec = None) -> CitationGraph:
    """The resolved citations of a version; a document's mentions of itself are left out.

    Raises:
        DatasetError: If the version does not exist.
    """
    with connect(dataset, version) as connection:
        documents = connection.execute(
            "SELECT coalesce(nullif(symbol, ''), id), title, body, year FROM documents ORDER BY part, id"
        ).fetchall()
        mentions = connection.execute(
            "SELECT coalesce(nullif(citing_symbol, ''), document), symbol, count(*) FROM mentions "
            "WHERE is_resolved GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    edges = tuple(GraphEdge(*row) for row in mentions if row[0] != row[1])
    held = {row[0]: row for row in reversed(documents)}
    cited_by, cited = Counter(edge.target for edge in edges), Counter[str]()
    for edge in edges:
        cited[edge.target] += edge.mentions
    nodes = (_node(key, held.get(key), cited_by[key], cited[key]) for key in held.keys() | cited.keys())
    return CitationGraph(tuple(sorted(nodes, key=lambda node: (-node.in_degree, node.id))), edges)


def _node(key: str, row: tuple[Any, ...] | None, in_degree: int, mentions: int) -> GraphNode:
    known = load_catalogue().instrument(key)
    _, title, body, year = row or (key, "", "", None)
    return GraphNode(
        id=key,
        title=title or (known.title if known else ""),
        body=body or (known.body if known else ""),
        year=year or (known.year if known and known.year else 0),
        is_held=row is not None,
        in_degree=in_degree,
        mentions=mentions,
    )


def _values(item: GraphNode | GraphEdge) -> dict[str, Any]:
    return {name: value for name, value in asdict(item).items() if name not in ("id", "source", "target")}


def lineage_graphml(dataset: Dataset, version: VersionSpec = None) -> str:
    """Provisions as nodes, with their lines; links as edges from the earlier to the later one.

    Raises:
        DatasetError: If the version does not exist.
    """
    with connect(dataset, version) as connection:
        nodes = [*connection.execute(_NODES).fetchall(), *connection.execute(_MORE_NODES).fetchall()]
        edges = connection.execute(_EDGES).fetchall()
    return graphml(nodes, edges) + "\n"


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
    data = []
    for name, value in values.items():
        key = f"{owner}_{name}"
        if key not in keys:
            kind = _TYPES[type(value)]
            keys[key] = make.key({"id": key, "for": owner, "attr.name": name, "attr.type": kind})
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        data.append(make.data({"key": key}, shown))
    return data

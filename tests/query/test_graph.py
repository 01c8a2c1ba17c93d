"""The citation graph: nodes with in-degrees, no self-citation, two formats that say the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from osce_commitments.errors import ConfigError
from osce_commitments.query import CitationGraph, Reader, citation_graph

if TYPE_CHECKING:
    from pathlib import Path

_NAMESPACE = {"g": "http://graphml.graphdrawing.org/xmlns"}
GRAPH = CitationGraph(
    nodes=(
        {
            "id": "PC.DEC/1063",
            "title": "Framework <&>",
            "body": "PC",
            "year": 2012,
            "is_held": False,
            "in_degree": 2,
            "mentions": 3,
        },
        {"id": "MC.DEC/91/15", "title": "", "body": "MC", "year": 2015, "is_held": True, "in_degree": 0, "mentions": 0},
    ),
    edges=({"source": "MC.DEC/91/15", "target": "PC.DEC/1063", "mentions": 3},),
)


def test_samples_make_a_graph(sample_dataset: Path) -> None:
    graph = citation_graph(Reader(sample_dataset))
    nodes = {node["id"]: node for node in graph.nodes}
    degrees = [node["in_degree"] for node in graph.nodes]
    assert degrees == sorted(degrees, reverse=True)
    assert nodes["MC.DEC/93/12"]["is_held"]
    framework = nodes["PC.DEC/1049"]
    assert (framework["is_held"], framework["body"], framework["year"]) == (False, "PC", 2012)
    assert framework["in_degree"] == sum(edge["target"] == "PC.DEC/1049" for edge in graph.edges) >= 1
    assert all(edge["source"] != edge["target"] for edge in graph.edges)
    assert {edge[end] for edge in graph.edges for end in ("source", "target")} <= nodes.keys()


def test_graphml_says_what_json_says() -> None:
    plain = json.loads(GRAPH.serialise("json"))
    root = etree.fromstring(GRAPH.serialise("graphml").encode())
    assert root.xpath("//g:node/@id", namespaces=_NAMESPACE) == [node["id"] for node in plain["nodes"]]
    assert root.xpath("//g:data[@key='node_title']/text()", namespaces=_NAMESPACE) == ["Framework <&>"]
    assert root.xpath("//g:data[@key='node_is_held']/text()", namespaces=_NAMESPACE) == ["false", "true"]
    assert root.xpath("//g:edge/@target", namespaces=_NAMESPACE) == ["PC.DEC/1063"]
    assert root.xpath("//g:data[@key='edge_mentions']/text()", namespaces=_NAMESPACE) == ["3"]


def test_unknown_formats_list_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="graphml, json"):
        GRAPH.serialise("dot")

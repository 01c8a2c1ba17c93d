"""The links of lineage as a graph of provisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from osce_commitments.query.cite.graphml import graphml
from osce_commitments.query.views import connect

if TYPE_CHECKING:
    from osce_commitments.dataset import Dataset
    from osce_commitments.dataset.versions import VersionSpec

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


def lineage_graphml(dataset: Dataset, version: VersionSpec = None) -> str:
    """Provisions as nodes, with their lines; links as edges from the earlier to the later one.

    Raises:
        DatasetError: If the version does not exist.
    """
    with connect(dataset, version) as connection:
        nodes = [*connection.execute(_NODES).fetchall(), *connection.execute(_MORE_NODES).fetchall()]
        edges = connection.execute(_EDGES).fetchall()
    return graphml(nodes, edges) + "\n"

"""Nodes → which of them are stale: made, at any remove, from data or a cell of which there is a newer version now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jupyter_mlops.provenance.index import closure, nodes, short

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

_NEWEST = """
SELECT node.id, node.kind IN ('dataset', 'cell') AND node.version != '', (
  SELECT newer.id FROM node AS newer WHERE newer.name = node.name AND newer.namespace = node.namespace ORDER BY newer.seen DESC LIMIT 1
) FROM node WHERE node.id IN (SELECT value FROM json_each(?))"""
_ABOVE = "SELECT source, target FROM edge WHERE target IN (SELECT value FROM json_each(?)) ORDER BY target, source"


def stale(connection: sqlite3.Connection, ids: Iterable[int], *, depth: int = 10) -> dict[int, str]:
    """Say of each stale node why.

    Datasets and cells count: a model that is registered later does not make an older one stale. A node that has itself a newer version is
    history, and not stale. What was made from something stale is stale too: it says by way of what.

    Parameters
    ----------
    ids : iterable of int
        The nodes in question.
    depth : int
        How many edges above them to look.

    Returns
    -------
    dict
        Words by node id: ``"`raw.csv` is now 3f…"``, ``"`raw.csv` is now 3f…, by way of `features`"``.
    """
    wanted = list(ids)
    known = list(closure(connection, wanted, "up", depth))
    newest = {node: (bool(counts), latest) for node, counts, latest in connection.execute(_NEWEST, (json.dumps(known),))}
    current = {node for node, (_, latest) in newest.items() if latest == node}
    edges = [
        (source, target) for source, target in connection.execute(_ABOVE, (json.dumps(known),)) if source in newest and target in current
    ]
    causes: dict[int, list[int]] = {}
    below: dict[int, list[int]] = {}
    for source, target in edges:
        counts, latest = newest[source]
        if counts and latest != source:
            causes.setdefault(target, []).append(source)
        elif source in current:
            below.setdefault(source, []).append(target)
    through = _spread(causes, below)
    return _words(connection, {node: through[node] for node in wanted if node in through}, causes, newest)


def _spread(causes: Mapping[int, list[int]], below: Mapping[int, list[int]]) -> dict[int, tuple[int, int]]:
    """Give for each stale node the node that is directly stale, and the one just above it (0 when that is itself)."""
    found = {node: (node, 0) for node in causes}
    front = list(causes)
    while front:
        reached = []
        for node in front:
            for target in below.get(node, ()):
                if target not in found:
                    found[target] = (found[node][0], node)
                    reached.append(target)
        front = reached
    return found


def _words(
    connection: sqlite3.Connection,
    through: Mapping[int, tuple[int, int]],
    causes: Mapping[int, list[int]],
    newest: Mapping[int, tuple[bool, int]],
) -> dict[int, str]:
    roots = {root for root, _ in through.values()}
    olds = {old for root in roots for old in causes[root]}
    named = {node.id: node for node in nodes(connection, {*olds, *(newest[old][1] for old in olds), *(via for _, via in through.values())})}
    said = {
        root: ", ".join(f"`{named[old].title}` is now {short(named[newest[old][1]].version)}" for old in causes[root]) for root in roots
    }
    return {node: said[root] + (f", by way of `{named[via].title}`" if via else "") for node, (root, via) in through.items()}

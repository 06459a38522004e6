"""Nodes and edges → the plain dictionary that the report and the widget draw: places, words, marks; no clock, no path of this machine."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from jupyter_mlops.provenance.collapse import MOST_NODES, groups
from jupyter_mlops.provenance.index import NODE_KINDS, short
from jupyter_mlops.provenance.layout import layered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jupyter_mlops.provenance.index import Node

_MOST_FACTS = 12


def graph_view(
    found: Sequence[Node],
    edges: Sequence[tuple[int, int]],
    *,
    focus: Collection[int],
    stale: Mapping[int, str],
    live: Mapping[int, str],
    expanded: Collection[str] = (),
    most: int = MOST_NODES,
) -> dict[str, Any]:
    """Make the drawable graph.

    Parameters
    ----------
    found, edges
        The graph; edges are pairs of node ids.
    focus : collection of int
        Ids that the question was about.
    stale, live : mapping
        Words by node id: why it is stale, what share of requests it gets.
    expanded : collection of str
        Groups to be drawn in full.
    most : int
        More nodes than this are put into groups.

    Returns
    -------
    dict
        ``nodes`` (``name``, ``kind``, ``version``, ``x`` and ``y`` as layer and row, ``facts``, ``marks``, ``size`` of a group), ``edges`` as
        pairs of positions in ``nodes``, ``hidden`` (how many nodes are inside groups).
    """
    # Only what the question is about stays alone, and not even that when it is more than a reader can look at.
    grouped = groups(found, keep=focus if len(focus) < most // 4 else (), expanded=expanded, most=most)
    place = {node.id: index for index, (_, members) in enumerate(grouped) for node in members}
    pairs = sorted({(place[source], place[target]) for source, target in edges if place[source] != place[target]})
    drawn = []
    for (name, members), spot in zip(grouped, layered(len(grouped), pairs), strict=True):
        drawn.append({**_node(name, members, set(focus), stale, live), "x": spot.layer, "y": spot.row})
    hidden = sum(len(members) for _, members in grouped if len(members) > 1)
    return {"nodes": drawn, "edges": [list(pair) for pair in pairs], "hidden": hidden, "total": len(found)}


def counted(found: Sequence[Node]) -> str:
    """Say how many things of each kind there are, by name: ``2 datasets, 1 model``."""
    names = Counter(kind for kind, _, _ in {(node.kind, node.namespace, node.name) for node in found})
    words = [f"{names[kind]} {kind}{'s' * (names[kind] != 1)}" for kind in NODE_KINDS if names[kind]]
    return ", ".join(words) or "nothing"


def _node(name: str, members: Sequence[Node], focus: set[int], stale: Mapping[int, str], live: Mapping[int, str]) -> dict[str, Any]:
    first = members[0]
    marks = [f"live: {live[node.id]}" for node in members if node.id in live][:2]
    marks += [f"stale: {stale[node.id]}" for node in members if node.id in stale][:2]
    common = {"kind": first.kind, "marks": marks, "focus": any(node.id in focus for node in members), "size": len(members)}
    if len(members) == 1:
        return {"name": first.title, "version": short(first.version), **common, "facts": _facts(first)}
    versions = [short(node.version) or "–" for node in members]
    title = first.title if name == f"{first.kind} {first.title}" else name
    return {"name": title, "version": f"{len(members)} of them", "group": name, **common, "facts": [["holds", _listed(versions)]]}


def _facts(node: Node) -> list[list[str]]:
    facts = [["version", node.version]] if node.version and short(node.version) != node.version else []
    for name, value in node.facets.items():
        if isinstance(value, dict):
            facts += [[f"{name}.{key}", str(item)] for key, item in value.items() if isinstance(item, str | int | float | bool)]
        else:
            facts.append([name, str(value)])
    return [[key, text[:160]] for key, text in facts[:_MOST_FACTS]]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:8]) + (f" and {len(words) - 8} more" if len(words) > 8 else "")

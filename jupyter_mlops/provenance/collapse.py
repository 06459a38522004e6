"""A graph of too many nodes → one of fewer: versions of one name become one node, then names of one origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from jupyter_mlops.provenance.index import Node

MOST_NODES = 300
"""How many nodes a reader can look at."""


def groups(
    found: Sequence[Node], *, keep: Collection[int] = (), expanded: Collection[str] = (), most: int = MOST_NODES
) -> list[tuple[str, list[Node]]]:
    """Put nodes into groups, as few as needed to have at most `most` where that can be.

    Parameters
    ----------
    found : sequence of Node
        All nodes, in the order in which they shall stand.
    keep : collection of int
        Ids of nodes that stay alone.
    expanded : collection of str
        Names of groups whose nodes stay alone.
    most : int
        When there are no more nodes than this, each stays alone.

    Returns
    -------
    list of pairs
        The group's name and its nodes; a node that stays alone is a group of one whose name is "".
    """
    if len(found) <= most:
        return [("", [node]) for node in found]
    levels: list[Callable[[Node], str]] = [
        lambda node: f"{node.kind} {node.title}",
        lambda node: f"{node.kind}s of {_origin(node.title)}",
        lambda node: f"all {node.kind}s",
    ]
    grouped: list[tuple[str, list[Node]]] = []
    for name_of in levels:
        buckets: dict[tuple[str, int], list[Node]] = {}
        for node in found:
            name = name_of(node)
            alone = node.id in keep or name in expanded
            buckets.setdefault((name, node.id if alone else -1), []).append(node)
        grouped = [(name if len(members) > 1 else "", members) for (name, _), members in buckets.items()]
        if len(grouped) <= most:
            break
    return grouped


def _origin(title: str) -> str:
    """The pipeline of a step's output, the notebook of a cell, the folder of a file."""
    for separator in ("#", "/", "."):
        head, found, _ = title.rpartition(separator)
        if found and head:
            return head
    return "others"

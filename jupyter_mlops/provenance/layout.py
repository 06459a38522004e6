"""A graph → a place for each node: layers from left to right by longest path, few crossings by barycentres, even rows.

Sugiyama, Tagawa and Toda 1981, "Methods for visual understanding of hierarchical system structures", without dummy nodes: a long edge is
one curve. The order within a layer depends on the order of the input alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_SWEEPS = 6


class Spot(NamedTuple):
    """Where a node stands: its layer (0 is leftmost) and its row, in units of one row, 0 is topmost."""

    layer: int
    row: float


def layered(count: int, edges: Sequence[tuple[int, int]]) -> list[Spot]:
    """Place `count` nodes.

    Parameters
    ----------
    count : int
        Nodes are 0 … count − 1.
    edges : sequence of pairs
        From, to. A cycle is allowed: the edge that closes it points backwards.

    Returns
    -------
    list of Spot
        No two nodes of a layer are nearer than one row.
    """
    children: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        children[source].append(target)
    order, forward = _forward(count, children)
    parents: list[list[int]] = [[] for _ in range(count)]
    for source in range(count):
        for target in forward[source]:
            parents[target].append(source)
    layer = _layers(order, forward, parents)
    rows = _ordered(layer, parents, forward)
    return [Spot(layer[node], row) for node, row in enumerate(_straightened(rows, parents, forward, count))]


def _forward(count: int, children: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """A topological order, and the edges without those that close a cycle (depth first, an explicit stack)."""
    state, order = [0] * count, []
    forward: list[list[int]] = [[] for _ in range(count)]
    for root in range(count):
        stack = [(root, iter(children[root]))] if not state[root] else []
        state[root] = state[root] or 1
        while stack:
            node, rest = stack[-1]
            for child in rest:
                if state[child] != 1:
                    forward[node].append(child)
                if not state[child]:
                    state[child] = 1
                    stack.append((child, iter(children[child])))
                    break
            else:
                state[node] = 2
                order.append(node)
                stack.pop()
    return order[::-1], forward


def _layers(order: list[int], children: list[list[int]], parents: list[list[int]]) -> list[int]:
    layer = [0] * len(order)
    for node in order:
        for child in children[node]:
            layer[child] = max(layer[child], layer[node] + 1)
    for node in range(len(order)):  # what nothing made stands beside its first use, not at the far left
        if children[node] and not parents[node]:
            layer[node] = min(layer[child] for child in children[node]) - 1
    return layer


def _ordered(layer: list[int], parents: list[list[int]], children: list[list[int]]) -> list[list[int]]:
    rows: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for node, at in enumerate(layer):
        rows[at].append(node)
    place = [0.0] * len(layer)
    for row in rows:
        for index, node in enumerate(row):
            place[node] = index - len(row) / 2
    for sweep in range(_SWEEPS):
        neighbours, sequence = (parents, rows) if sweep % 2 == 0 else (children, rows[::-1])
        for row in sequence:
            key = {node: sum(place[other] for other in neighbours[node]) / len(neighbours[node]) for node in row if neighbours[node]}
            row.sort(key=lambda node: key.get(node, place[node]))
            for index, node in enumerate(row):
                place[node] = index - len(row) / 2
    return rows


def _straightened(rows: list[list[int]], parents: list[list[int]], children: list[list[int]], count: int) -> list[float]:
    """Move nodes beside their neighbours without changing the order of a layer."""
    place = [0.0] * count
    for row in rows:
        for index, node in enumerate(row):
            place[node] = index - (len(row) - 1) / 2
    for neighbours, sequence in ((parents, rows), (children, rows[::-1]), (parents, rows)):
        for row in sequence:
            wanted = [sum(place[n] for n in neighbours[node]) / len(neighbours[node]) if neighbours[node] else place[node] for node in row]
            for node, value in zip(row, _apart(wanted), strict=True):
                place[node] = value
    top = min(place, default=0.0)
    return [round(value - top, 3) for value in place]


def _apart(wanted: list[float]) -> list[float]:
    """The nearest increasing places at least 1 apart (pool adjacent violators: Barlow et al. 1972, isotonic regression)."""
    blocks: list[list[float]] = []  # mean, size
    for index, value in enumerate(wanted):
        blocks.append([value - index, 1.0])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            mean, size = blocks.pop()
            blocks[-1][0] = (blocks[-1][0] * blocks[-1][1] + mean * size) / (blocks[-1][1] + size)
            blocks[-1][1] += size
    flat = [mean for mean, size in blocks for _ in range(int(size))]
    return [value + index for index, value in enumerate(flat)]

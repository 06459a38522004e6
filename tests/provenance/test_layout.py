"""Places of nodes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jupyter_mlops.provenance.collapse import groups
from jupyter_mlops.provenance.index import Node
from jupyter_mlops.provenance.layout import layered


@st.composite
def graphs(draw):
    count = draw(st.integers(0, 25))
    ends = st.integers(0, max(0, count - 1))
    return count, draw(st.lists(st.tuples(ends, ends), max_size=40)) if count else []


@given(graphs())
def test_no_two_nodes_of_a_layer_are_nearer_than_a_row(graph):
    spots = layered(*graph)
    for layer in {spot.layer for spot in spots}:
        rows = sorted(spot.row for spot in spots if spot.layer == layer)
        assert all(b - a >= 0.99 for a, b in pairwise(rows))


@given(graphs())
def test_edges_of_a_graph_without_cycles_go_right(graph):
    count, edges = graph
    edges = [(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]]
    spots = layered(count, edges)
    assert all(spots[a].layer < spots[b].layer for a, b in edges)


def test_a_cycle_still_gets_places():
    assert len(layered(3, [(0, 1), (1, 2), (2, 0), (1, 1)])) == 3


def test_a_thousand_versions_become_few_groups_and_one_can_be_opened():
    found = [Node(i, "dataset", "nb2pipe", f"p/{i % 10}", str(i), i, {}) for i in range(1000)]
    assert len(groups(found)) == 10
    opened = groups(found, expanded=("dataset p/3",))
    assert sum(len(members) == 1 for _, members in opened) == 100

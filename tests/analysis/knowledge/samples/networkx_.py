"""Graphs of NetworkX."""

from __future__ import annotations

from knowledge.sample import Family, Sample, table

SETUP = "import networkx as nx\nedges = [(1, 5), (2, 5)]\nother = nx.path_graph(3)\n"
CALLS = """
    add_node: 9 | 1, colour=2
    remove_node degree neighbors has_node: 1
    add_nodes_from remove_nodes_from subgraph: [1, 9]
    add_edge: 0, 9
    remove_edge has_edge get_edge_data number_of_edges: 0, 1
    add_edges_from remove_edges_from: edges | [(0, 1)]
    edge_subgraph: [(0, 1)]
    add_weighted_edges_from: [(0, 2, 1.0)]
    update: edges
    nbunch_iter size order number_of_nodes copy to_directed to_undirected is_directed is_multigraph adjacency:
    clear clear_edges reverse:
"""

FAMILY = Family(
    name="networkx",
    library="networkx",
    samples=(
        *(
            Sample(owner=f"networkx.{kind}", setup=SETUP, make=f"nx.path_graph(4, nx.{kind})", calls=table(CALLS), only=True)
            for kind in ("Graph", "DiGraph")
        ),
        Sample(
            owner="networkx",
            module=True,
            setup="import networkx as x\nother = x.path_graph(3)\n",
            calls=table("""
                Graph DiGraph MultiGraph density diameter degree_centrality betweenness_centrality pagerank clustering: other
                connected_components is_connected spring_layout adjacency_matrix to_numpy_array number_of_nodes number_of_edges: other
                shortest_path shortest_path_length: other, 0, 2
                set_node_attributes set_edge_attributes: other, 1, 'w'
                get_node_attributes get_edge_attributes: other, 'w'
                add_path add_cycle: other, [0, 2]
                relabel_nodes: other, {0: 'z'} | other, {0: 'z'}, copy=False
                path_graph complete_graph: 3
                erdos_renyi_graph: 3, 0.5
                barabasi_albert_graph: 4, 2
                compose union_all: other, other | [other]
                subgraph: other, [0]
            """),
            only=True,
        ),
    ),
)

"""The graph in the IR is the pipeline's: no edge is lost, none is invented."""

from __future__ import annotations

import pytest


def expected_waits(pipeline, places: dict[str, tuple[str, ...]]) -> dict[tuple[str, ...], set]:
    """What the tasks of each DAG must wait for: every edge and `after`, seen where the two steps' paths part."""
    pairs = {(edge.consumer.step, edge.producer.step) for edge in pipeline.edges}
    pairs |= {(step.name, other) for step in pipeline.steps for other in step.control.after}
    waits: dict[tuple[str, ...], set] = {path[:depth]: set() for path in places.values() for depth in range(len(path))}
    for later, earlier in pairs:
        ours, theirs = places[later], places[earlier]
        depth = next(depth for depth in range(len(ours)) if ours[depth] != theirs[depth])
        waits[ours[:depth]].add((ours[depth], theirs[depth]))
    for path in list(waits):
        handlers = [places[step.name] for step in pipeline.steps if step.control.on_exit]
        if path == () and handlers:
            waits[path].add((handlers[0][0], "exit-handler-1"))
    return waits


@pytest.fixture
def check(documents, read_graph):
    """Compare the graph in the IR with the pipeline."""

    def compare(pipeline) -> None:
        compare_graph(pipeline, read_graph(documents(pipeline)[0]))

    return compare


def compare_graph(pipeline, graph) -> None:
    places, waits = graph.places, graph.waits
    edges = {edge for edge in graph.edges if not edge[0].startswith("<")}
    assert set(places) == {step.name for step in pipeline.steps}
    wanted = {(edge.producer.step, edge.producer.port, edge.consumer.step, edge.consumer.port) for edge in pipeline.edges}
    # The one input a step does not get as such is the list of its own fan-out.
    lists = {(step.name, step.control.foreach) for step in pipeline.steps}
    assert edges == {edge for edge in wanted if edge[2:] not in lists}
    assert waits == expected_waits(pipeline, places)


def test_edges_of_feature(feature, check):
    """Every step once, every edge and every `after`, nothing else."""
    check(feature)


@pytest.mark.parametrize("seed", range(100))
def test_edges_of_random_graph(seed, make, check):
    """The same on 100 random graphs with fan-outs, conditions, gathering and exit steps."""
    check(make.random(seed))


def test_random_graphs_have_everything(make, kfp):
    """The random graphs are worth the name: they hold every kind of group, also inside each other, and no finding spoils them."""
    seen = set()
    for seed in range(100):
        pipeline = make.random(seed)
        assert kfp.check(pipeline) == ()
        text = kfp.emit(pipeline).files[0].text
        seen |= {word for word in ("for-loop-2", "condition-2", "exit-handler-1", "isArtifactList", "parameterType: LIST") if word in text}
        seen |= {"nested" for step in pipeline.steps if step.control.foreach and step.control.when}
        seen |= {"after" for step in pipeline.steps if step.control.after}
    assert len(seen) == 7


def test_groups_that_would_wait_for_each_other_are_split(make, check, documents, read_graph):
    """Two fan-outs whose steps depend on each other crosswise are not merged into a cycle."""
    loop, other = (make.control(foreach=name) for name in ("items", "others"))
    parameters = make.random(0).parameters
    steps = [
        make.step("a", control=loop, parameters=("items",)),
        make.step("b", control=make.control(foreach="others", after=("a",)), parameters=("others",)),
        make.step("c", control=other, parameters=("others",)),
        make.step("d", control=make.control(foreach="items", after=("c",)), parameters=("items",)),
    ]
    pipeline = make.pipeline("cross", *steps, parameters=parameters)
    check(pipeline)
    assert read_graph(documents(pipeline)[0]).places == {
        "a": ("for-loop-1", "a"),
        "b": ("for-loop-2", "b"),
        "c": ("for-loop-2", "c"),
        "d": ("for-loop-3", "d"),
    }


def test_steps_join_the_fan_out_of_what_they_read(make, check, documents, read_graph):
    """A step that reads another's value of the same item stands in that one's DAG, even when a later DAG of the list exists."""
    loop, collect = make.control(foreach="items"), make.port("x", collect=make.collect.LAST)
    pipeline = make.pipeline(
        "late",
        make.step("a", outputs=(make.port("x"),), control=loop, parameters=("items",)),
        make.step("b", inputs=(collect,), outputs=(make.port("y"),)),
        make.step("c", inputs=(make.port("y"),), control=loop, parameters=("items",)),
        make.step("d", inputs=(make.port("x"),), control=loop, parameters=("items",)),
        edges=(make.edge("a", "b", "x"), make.edge("b", "c", "y"), make.edge("a", "d", "x")),
        parameters=make.random(0).parameters,
    )
    check(pipeline)
    places = read_graph(documents(pipeline)[0]).places
    assert places == {"a": ("for-loop-1", "a"), "d": ("for-loop-1", "d"), "b": ("b",), "c": ("for-loop-2", "c")}

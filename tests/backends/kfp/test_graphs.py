"""The graph in the IR is the pipeline's: no edge is lost, none is invented."""

from __future__ import annotations

import random
from graphlib import CycleError, TopologicalSorter

import pytest

from nb2pipe.ir.pipeline import Collect, Control, Edge, Parameter, ParameterType, Pipeline, Port

INT, BOOL, LIST = ParameterType.INT, ParameterType.BOOL, ParameterType.LIST
ITEMS = (Parameter(name="items", type=LIST, default="[1,2]"), Parameter(name="others", type=LIST, default="[1,2]"))


def is_legal(edges: list[Edge], controls: dict[str, Control], inputs: dict[str, list[Port]]) -> bool:
    """Whether the steps that pass items on one by one can stand in one fan-out, without waiting for themselves."""
    gathered = {(name, port.name) for name, ports in inputs.items() for port in ports if port.collect}
    unit = {name: name for name in controls}
    for each in edges:
        ours, theirs = each.producer.step, each.consumer.step
        if controls[ours].foreach and controls[ours].foreach == controls[theirs].foreach and (theirs, each.consumer.port) not in gathered:
            unit = {name: unit[ours] if at == unit[theirs] else at for name, at in unit.items()}
    pairs = [(each.consumer.step, each.producer.step) for each in edges]
    pairs += [(name, other) for name, control in controls.items() for other in control.after]
    graph: dict[str, set[str]] = {}
    for later, earlier in pairs:
        if unit[later] != unit[earlier]:
            graph.setdefault(unit[later], set()).add(unit[earlier])
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        return False
    return True


def random_pipeline(make, seed: int) -> Pipeline:
    """A random graph: data edges, `after`, conditions, fan-outs with and without gathering, exit steps."""
    chance = random.Random(seed)
    names = [f"s{number}" for number in range(chance.randint(2, 14))]
    has_exit = chance.random() < 0.3
    outputs: dict[str, list[Port]] = {name: [make.port(f"flag_{name}", parameter=BOOL)] for name in names}
    inputs: dict[str, list[Port]] = {name: [] for name in names}
    controls: dict[str, Control] = {}
    edges: list[Edge] = []

    def draw(name: str, earlier: list[str], *, with_loop: bool) -> None:
        """Give a step what it waits for, in one way or another."""
        loop = chance.choice([None, None, "items", "others"]) if with_loop else None
        when, ordered = None, []
        flags = [other for other in earlier if not controls[other].foreach]
        if flags and chance.random() < 0.25:
            source = chance.choice(flags)
            when = f"flag_{source}"
            inputs[name].append(make.port(when, parameter=BOOL))
            edges.append(make.edge(source, name, when))
        elif chance.random() < 0.1:
            when = "fast"
        for other in earlier:
            if chance.random() < 0.15:
                ordered.append(other)
            elif chance.random() < 0.3:
                crosses = controls[other].foreach is not None and controls[other].foreach != loop
                made = next((made for made in outputs[other] if made.name == f"v_{other}"), None)
                if made is None:
                    made = make.port(f"v_{other}", parameter=chance.choice([INT, None]))
                    outputs[other].append(made)
                inputs[name].append(make.port(made.name, parameter=made.parameter, collect=Collect.LAST if crosses else None))
                edges.append(make.edge(other, name, made.name))
        controls[name] = Control(after=tuple(ordered), when=when, foreach=loop)

    for index, name in enumerate(names):
        if has_exit and index == len(names) - 1:
            controls[name] = Control(on_exit=True)
            continue
        for with_loop in (True, True, True, False):
            del edges[sum(each.consumer.step != name for each in edges) :]
            inputs[name].clear()
            draw(name, names[:index], with_loop=with_loop)
            if is_legal(edges, controls, inputs):
                break
    steps = [
        make.step(
            name,
            inputs=tuple(inputs[name]),
            outputs=tuple(outputs[name]),
            control=controls[name],
            parameters=tuple(filter(None, (controls[name].foreach, "fast" if controls[name].when == "fast" else None))),
        )
        for name in names
    ]
    fast = Parameter(name="fast", type=BOOL, default="true")
    return make.pipeline(f"random-{seed}", *steps, edges=tuple(edges), parameters=(*ITEMS, fast))


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
    check(random_pipeline(make, seed))


def test_random_graphs_have_everything(make, kfp):
    """The random graphs are worth the name: they hold every kind of group, also inside each other, and no finding spoils them."""
    seen = set()
    for seed in range(100):
        pipeline = random_pipeline(make, seed)
        assert kfp.check(pipeline) == ()
        text = kfp.emit(pipeline).files[0].text
        seen |= {word for word in ("for-loop-2", "condition-2", "exit-handler-1", "isArtifactList", "parameterType: LIST") if word in text}
        seen |= {"nested" for step in pipeline.steps if step.control.foreach and step.control.when}
        seen |= {"after" for step in pipeline.steps if step.control.after}
    assert len(seen) == 7


def test_groups_that_would_wait_for_each_other_are_split(make, check, documents, read_graph):
    """Two fan-outs whose steps depend on each other crosswise are not merged into a cycle."""
    loop, other = (Control(foreach=name) for name in ("items", "others"))
    steps = [
        make.step("a", control=loop, parameters=("items",)),
        make.step("b", control=Control(foreach="others", after=("a",)), parameters=("others",)),
        make.step("c", control=other, parameters=("others",)),
        make.step("d", control=Control(foreach="items", after=("c",)), parameters=("items",)),
    ]
    pipeline = make.pipeline("cross", *steps, parameters=ITEMS)
    check(pipeline)
    assert read_graph(documents(pipeline)[0]).places == {
        "a": ("for-loop-1", "a"),
        "b": ("for-loop-2", "b"),
        "c": ("for-loop-2", "c"),
        "d": ("for-loop-3", "d"),
    }


def test_steps_join_the_fan_out_of_what_they_read(make, check, documents, read_graph):
    """A step that reads another's value of the same item stands in that one's DAG, even when a later DAG of the list exists."""
    loop, collect = Control(foreach="items"), make.port("x", collect=Collect.LAST)
    pipeline = make.pipeline(
        "late",
        make.step("a", outputs=(make.port("x"),), control=loop, parameters=("items",)),
        make.step("b", inputs=(collect,), outputs=(make.port("y"),)),
        make.step("c", inputs=(make.port("y"),), control=loop, parameters=("items",)),
        make.step("d", inputs=(make.port("x"),), control=loop, parameters=("items",)),
        edges=(make.edge("a", "b", "x"), make.edge("b", "c", "y"), make.edge("a", "d", "x")),
        parameters=ITEMS,
    )
    check(pipeline)
    places = read_graph(documents(pipeline)[0]).places
    assert places == {"a": ("for-loop-1", "a"), "d": ("for-loop-1", "d"), "b": ("b",), "c": ("for-loop-2", "c")}

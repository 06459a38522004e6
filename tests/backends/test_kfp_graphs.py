"""The graph in the IR is the pipeline's: no edge is lost, none is invented."""

from __future__ import annotations

import pytest


def read_graph(spec: dict) -> tuple[set, dict[str, tuple[str, ...]], dict[tuple[str, ...], set]]:
    """The IR → data edges between steps, where each step stands, and the waits of each DAG's tasks."""
    edges, places, waits = set(), {}, {}

    def leave(component: dict, task_id: str, kind: str, key: str) -> tuple[str, str]:
        """Which step gives output `key` of a task."""
        task = component["dag"]["tasks"][task_id]
        inner = spec["components"][task["componentRef"]["name"]]
        if "dag" not in inner:
            return task["taskInfo"]["name"], key
        output = inner["dag"]["outputs"][f"{kind}s"][key]
        [selector] = output["artifactSelectors"] if kind == "artifact" else [output["valueFromParameter"]]
        return leave(inner, selector["producerSubtask"], kind, selector[f"output{kind.title()}Key"])

    def source(stack: list, kind: str, binding: dict) -> tuple[str, str] | None:
        """Which step's output an input takes, seen from the DAG on top of the stack."""
        component, inputs = stack[-1]
        [(word, value)] = binding.items()
        if word == f"taskOutput{kind.title()}":
            return leave(component, value["producerTask"], kind, value[f"output{kind.title()}Key"])
        if word == f"componentInput{kind.title()}" and value in inputs.get(f"{kind}s", {}):
            return source(stack[:-1], kind, inputs[f"{kind}s"][value])
        return None

    def walk(stack: list, path: tuple[str, ...]) -> None:
        component = stack[-1][0]
        waits[path] = {(key, other) for key, task in component["dag"]["tasks"].items() for other in task.get("dependentTasks", ())}
        for key, task in component["dag"]["tasks"].items():
            inner, inputs = spec["components"][task["componentRef"]["name"]], task.get("inputs", {})
            if "dag" in inner:
                walk([*stack, (inner, inputs)], (*path, key))
                continue
            name = task["taskInfo"]["name"]
            assert name not in places, f"{name} is emitted twice"
            places[name] = (*path, key)
            for kind in ("parameter", "artifact"):
                for port, binding in inputs.get(f"{kind}s", {}).items():
                    found = source(stack, kind, binding)
                    if found:
                        edges.add((*found, name, port))

    walk([(spec["root"], {})], ())
    return edges, places, waits


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


def check(pipeline, documents) -> None:
    edges, places, waits = read_graph(documents(pipeline)[0])
    assert set(places) == {step.name for step in pipeline.steps}
    wanted = {(edge.producer.step, edge.producer.port, edge.consumer.step, edge.consumer.port) for edge in pipeline.edges}
    # The one input a step does not get as such is the list of its own fan-out.
    lists = {(step.name, step.control.foreach) for step in pipeline.steps}
    assert edges == {edge for edge in wanted if edge[2:] not in lists}
    assert waits == expected_waits(pipeline, places)


def test_edges_of_feature(feature, documents):
    """Every step once, every edge and every `after`, nothing else."""
    check(feature, documents)


@pytest.mark.parametrize("seed", range(100))
def test_edges_of_random_graph(seed, make, documents):
    """The same on 100 random graphs with fan-outs, conditions, gathering and exit steps."""
    check(make.random(seed), documents)


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


def test_groups_that_would_wait_for_each_other_are_split(make, documents):
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
    check(pipeline, documents)
    _, places, _ = read_graph(documents(pipeline)[0])
    assert places == {"a": ("for-loop-1", "a"), "b": ("for-loop-2", "b"), "c": ("for-loop-2", "c"), "d": ("for-loop-3", "d")}

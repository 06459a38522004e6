"""A pipeline → its steps in an order that can run: data first, then `after`, ties by notebook order."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from nb2pipe.errors import InternalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nb2pipe.ir.pipeline import Pipeline, Step


def predecessors(pipeline: Pipeline) -> Mapping[str, tuple[str, ...]]:
    """Every step's direct predecessors, by data or by `after`, each once, in notebook order.

    An exit step has none among the other steps: it runs when they all have ended.
    """
    place = {step.name: index for index, step in enumerate(pipeline.steps)}
    before: dict[str, set[str]] = {step.name: set(step.control.after) for step in pipeline.steps}
    for edge in pipeline.edges:
        before[edge.consumer.step].add(edge.producer.step)
    return {name: tuple(sorted(names, key=place.__getitem__)) for name, names in before.items()}


def topological(pipeline: Pipeline) -> tuple[Step, ...]:
    """The steps so that each one follows all its predecessors; among those ready, the first in the notebook goes first.

    Raises
    ------
    InternalError
        If there is a cycle.
    """
    before = predecessors(pipeline)
    waiting = {name: len(names) for name, names in before.items()}
    place = {step.name: index for index, step in enumerate(pipeline.steps)}
    after: dict[str, list[str]] = {name: [] for name in place}
    for name, names in before.items():
        for other in names:
            after[other].append(name)
    ready = [place[name] for name, count in waiting.items() if not count]
    heapify(ready)
    ordered = []
    while ready:
        step = pipeline.steps[heappop(ready)]
        ordered.append(step)
        for name in after[step.name]:
            waiting[name] -= 1
            if not waiting[name]:
                heappush(ready, place[name])
    if len(ordered) < len(pipeline.steps):
        stuck = ", ".join(name for name, count in waiting.items() if count)
        message = f"NB901 broken-invariant: a cycle runs through the steps {stuck}"
        raise InternalError(message)
    return tuple(ordered)

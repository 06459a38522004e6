"""The order of steps: topological, ties broken by the place in the notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nb2pipe.ir.pipeline import Pipeline


def predecessors(pipeline: Pipeline) -> dict[str, tuple[str, ...]]:
    """Return for each step the steps that must end first, by data or by `after`, in pipeline order."""
    place = {step.name: index for index, step in enumerate(pipeline.steps)}
    found: dict[str, set[str]] = {step.name: set(step.control.after) for step in pipeline.steps}
    for edge in pipeline.edges:
        found[edge.consumer.step].add(edge.producer.step)
    return {name: tuple(sorted(before, key=lambda each: place.get(each, -1))) for name, before in found.items()}


def topological(names: Sequence[str], before: Mapping[str, Iterable[str]]) -> tuple[list[str], list[str]]:
    """Order names so that each comes after those it waits for; among the free ones the first in `names` goes first.

    Returns
    -------
    ordered, cycle : lists of str
        `cycle` is empty, or names that wait for each other in a ring, in ring order; then `ordered` lacks what the ring blocks.
    """
    waiting = {name: {each for each in before.get(name, ()) if each != name} for name in names}
    ordered: list[str] = []
    while waiting:
        free = next((name for name in names if name in waiting and not waiting[name] & waiting.keys()), None)
        if free is None:
            return ordered, _ring(waiting, names)
        ordered.append(free)
        del waiting[free]
    return ordered, []


def _ring(waiting: Mapping[str, set[str]], names: Sequence[str]) -> list[str]:
    at = next(name for name in names if name in waiting)
    path: list[str] = []
    while at not in path:
        path.append(at)
        at = min((each for each in waiting[at] if each in waiting), key=names.index)
    return path[path.index(at) :][::-1]

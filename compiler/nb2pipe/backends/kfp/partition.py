"""Steps → parts that can each run as one DAG without waiting for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nb2pipe.ir.pipeline import Pipeline, Step

K = TypeVar("K")


def partition(
    steps: Sequence[Step],
    before: Mapping[str, tuple[str, ...]],
    units: Mapping[str, str],
    key: Callable[[Step], K | None],
) -> list[tuple[K | None, list[Step]]]:
    """Split steps into parts of equal key; a unit without a key is a part by itself.

    A unit joins the latest part of its key that does not wait, through other parts, for something the unit needs.

    Parameters
    ----------
    steps : sequence of Step
        In an order that can run.
    before : mapping
        Each step's direct predecessors.
    units : mapping
        Steps with the same value must stay together, if that is possible; a step that is absent is alone.
    key : function
        The fan-out or condition that a step belongs to.

    Returns
    -------
    list of pairs
        The parts with their keys, parts and steps within parts in an order that can run.
    """
    parts: list[tuple[K | None, list[Step]]] = []
    place: dict[str, int] = {}
    needs: list[set[int]] = []  # all parts that a part waits for, through others too
    of_key: dict[K, list[int]] = {}
    rank = {step.name: index for index, step in enumerate(steps)}
    for unit in _units(steps, before, units):
        name = key(unit[0])
        direct = {place[other] for step in unit for other in before[step.name] if other in place}
        candidates = of_key.setdefault(name, []) if name is not None else []
        own = next((part for part in reversed(candidates) if not any(part in needs[other] for other in direct - {part})), None)
        if own is None:
            own = len(parts)
            parts.append((name, []))
            needs.append(set())
            candidates.append(own)
        parts[own][1].extend(unit)
        place.update((step.name, own) for step in unit)
        _add(needs, own, direct.union(*(needs[part] for part in direct)) - {own})
    for _, members in parts:
        members.sort(key=lambda step: rank[step.name])
    return [parts[index] for index in _sequence(needs)]


def same_item_units(pipeline: Pipeline, steps: Iterable[Step]) -> dict[str, str]:
    """Join the steps of a fan-out that pass values on item by item: they cannot stand in two DAGs."""
    by_name = {step.name: step for step in steps}
    gathered = {(step.name, port.name) for step in pipeline.steps for port in step.inputs if port.collect}
    unit = {name: name for name, step in by_name.items() if step.control.foreach}
    for edge in pipeline.edges:
        producer, consumer = by_name[edge.producer.step], by_name[edge.consumer.step]
        is_same = producer.control.foreach is not None and producer.control.foreach == consumer.control.foreach
        if is_same and (consumer.name, edge.consumer.port) not in gathered and unit[producer.name] != unit[consumer.name]:
            old, new = unit[consumer.name], unit[producer.name]
            unit = {name: new if each == old else each for name, each in unit.items()}
    return unit


def _units(steps: Sequence[Step], before: Mapping[str, tuple[str, ...]], units: Mapping[str, str]) -> list[list[Step]]:
    """The units in an order that can run; single steps where units wait for each other."""
    members: dict[str, list[Step]] = {}
    for step in steps:
        members.setdefault(units.get(step.name, step.name), []).append(step)
    if len(members) == len(steps):
        return [[step] for step in steps]
    own = {step.name: name for name, unit in members.items() for step in unit}
    waits = {name: {own[other] for step in unit for other in before[step.name] if other in own} - {name} for name, unit in members.items()}
    ordered: list[list[Step]] = []
    done: set[str] = set()
    while len(ordered) < len(members):
        ready = next((name for name in members if name not in done and waits[name] <= done), None)
        if ready is None:
            return [[step] for step in steps]
        done.add(ready)
        ordered.append(members[ready])
    return ordered


def _sequence(needs: list[set[int]]) -> list[int]:
    """Order parts so that each follows all it needs, the first made first where there is a choice."""
    done: set[int] = set()
    ordered: list[int] = []
    waiting = list(range(len(needs)))
    while waiting:
        ready = next(part for part in waiting if needs[part] <= done)
        waiting.remove(ready)
        done.add(ready)
        ordered.append(ready)
    return ordered


def _add(needs: list[set[int]], part: int, more: set[int]) -> None:
    """Record what a part waits for, and so what everything that waits for it does."""
    more = more - needs[part]
    if more:
        needs[part] |= more
        for later in needs:
            if part in later:
                later.update(more)

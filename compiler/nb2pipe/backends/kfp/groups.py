"""A pipeline → the tree of DAGs that KFP wants: an exit handler's body, fan-outs in it, conditions in those, steps as the leaves.

Steps of one fan-out share a DAG, and so do steps of one condition, unless a step outside stands between them: then there are two DAGs,
since one would wait for itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from nb2pipe.backends.order import predecessors, topological

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from nb2pipe.ir.pipeline import Pipeline, Step

    Key = tuple["Kind", str]


class Kind(Enum):
    """What a DAG is for; the value is the stem of its task id."""

    ROOT = "root"
    BODY = "exit-handler"
    EXIT = "exit-steps"
    LOOP = "for-loop"
    BRANCH = "condition"


@dataclass(slots=True, eq=False)
class Group:
    """A DAG: `name` is the list or the flag, `members` are in an order that can run."""

    kind: Kind
    id: str = "root"
    name: str = ""
    parent: Group | None = None
    members: list[Group | Step] = field(default_factory=list)

    def child(self, kind: Kind, name: str, numbers: dict[Kind, int]) -> Group:
        """Make a group inside this one, numbered through the whole pipeline."""
        numbers[kind] = numbers.get(kind, 0) + 1
        group = Group(kind, f"{kind.value}-{numbers[kind]}", name, self)
        self.members.append(group)
        return group

    def path(self) -> tuple[Group, ...]:
        """The groups from the root to this one."""
        return (*self.parent.path(), self) if self.parent else (self,)


def group_steps(pipeline: Pipeline) -> Group:
    """Build the tree; its leaves are all the steps, each once."""
    before = predecessors(pipeline)
    steps = topological(pipeline)
    root = Group(Kind.ROOT)
    numbers: dict[Kind, int] = {}
    leaving = [step for step in steps if step.control.on_exit]
    body = [step for step in steps if not step.control.on_exit]
    _fill(root.child(Kind.BODY, "", numbers) if leaving and body else root, body, before, numbers)
    if leaving:
        # The backend keeps one exit template for a DAG: several exit steps must be one task.
        is_plain = len(leaving) == 1 and not (leaving[0].control.foreach or leaving[0].control.when)
        _fill(root if is_plain else root.child(Kind.EXIT, "", numbers), leaving, before, numbers)
    return root


def _fill(group: Group, steps: Iterable[Step], before: Mapping[str, tuple[str, ...]], numbers: dict[Kind, int]) -> None:
    """Put steps into a group: fan-outs and conditions side by side, and conditions within fan-outs."""
    for key, members in _partition(steps, before, _outer):
        if key is None:
            group.members.extend(members)
            continue
        kind, name = key
        inner = group.child(kind, name, numbers)
        if kind is Kind.LOOP:
            _fill_loop(inner, members, before, numbers)
        else:
            inner.members.extend(members)


def _fill_loop(loop: Group, steps: Iterable[Step], before: Mapping[str, tuple[str, ...]], numbers: dict[Kind, int]) -> None:
    for key, members in _partition(steps, before, _inner):
        target = loop if key is None else loop.child(key[0], key[1], numbers)
        target.members.extend(members)


def _outer(step: Step) -> Key | None:
    return (Kind.LOOP, step.control.foreach) if step.control.foreach else _inner(step)


def _inner(step: Step) -> Key | None:
    return (Kind.BRANCH, step.control.when) if step.control.when else None


def _partition(
    steps: Iterable[Step], before: Mapping[str, tuple[str, ...]], key: Callable[[Step], Key | None]
) -> list[tuple[Key | None, list[Step]]]:
    """Split steps into parts of equal key, each of which can run as one; a step without a key is a part by itself.

    A step joins the latest part of its key unless one of its predecessors, through other parts, waits for that part.
    The parts come back in an order that can run.
    """
    parts: list[tuple[Key | None, list[Step]]] = []
    place: dict[str, int] = {}
    needs: list[set[int]] = []  # all parts that a part waits for, through others too
    latest: dict[Key, int] = {}
    for step in steps:
        name = key(step)
        direct = {place[other] for other in before[step.name] if other in place}
        waits = direct.union(*(needs[part] for part in direct)) if direct else set()
        own = latest.get(name) if name else None
        if own is None or any(own in needs[part] for part in direct - {own}):
            own = len(parts)
            parts.append((name, []))
            needs.append(set())
        if name:
            latest[name] = own
        parts[own][1].append(step)
        place[step.name] = own
        _add(needs, own, waits - {own})
    return [parts[index] for index in _sequence(needs)]


def _sequence(needs: list[set[int]]) -> list[int]:
    """Order parts so that each follows all it needs, the first made first where there is a choice."""
    done: list[int] = []
    waiting = list(range(len(needs)))
    while waiting:
        ready = next(part for part in waiting if needs[part].issubset(done))
        waiting.remove(ready)
        done.append(ready)
    return done


def _add(needs: list[set[int]], part: int, more: set[int]) -> None:
    """Record what a part waits for, and so what everything that waits for it does."""
    more = more - needs[part]
    if more:
        needs[part] |= more
        for later in needs:
            if part in later:
                later.update(more)

"""A pipeline → the tree of DAGs that KFP wants: an exit handler's body, fan-outs in it, conditions in those, steps as the leaves.

Steps of one fan-out share a DAG, and so do steps of one condition, unless a step outside stands between them: then there are two DAGs,
since one would wait for itself.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from nb2pipe.backends.kfp.partition import partition, same_item_units
from nb2pipe.backends.order import ordered_steps
from nb2pipe.ir.order import predecessors
from nb2pipe.record import field, record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nb2pipe.ir.pipeline import Pipeline, Step

    Key = tuple["Kind", str]


class Kind(Enum):
    """What a DAG is for; the value is the stem of its task id."""

    ROOT = "root"
    BODY = "exit-handler"
    EXIT = "exit-steps"
    LOOP = "for-loop"
    BRANCH = "condition"


@record(frozen=False, eq=False)
class Group:
    """A DAG: `name` is the list or the flag, `members` are in an order that can run."""

    kind: Kind
    id: str = "root"
    name: str = ""
    parent: Group | None = None
    members: list[Group | Step] = field(default_factory=list)

    def path(self) -> tuple[Group, ...]:
        """The groups from the root to this one."""
        return (*self.parent.path(), self) if self.parent else (self,)


def group_steps(pipeline: Pipeline) -> Group:
    """Build the tree; its leaves are all the steps, each once."""
    steps = ordered_steps(pipeline)
    tree = _Tree(predecessors(pipeline), same_item_units(pipeline, steps))
    root = Group(Kind.ROOT)
    leaving = [step for step in steps if step.control.on_exit]
    body = [step for step in steps if not step.control.on_exit]
    tree.fill(tree.grow(root, Kind.BODY, "") if leaving and body else root, body)
    if leaving:
        # The backend keeps one exit template for a DAG: several exit steps must be one task.
        is_plain = len(leaving) == 1 and not (leaving[0].control.foreach or leaving[0].control.when)
        tree.fill(root if is_plain else tree.grow(root, Kind.EXIT, ""), leaving)
    return root


@record(frozen=False)
class _Tree:
    """The tree as it grows."""

    before: Mapping[str, tuple[str, ...]]
    units: Mapping[str, str]
    numbers: dict[Kind, int] = field(default_factory=dict)

    def grow(self, group: Group, kind: Kind, name: str) -> Group:
        """Make a group inside another, numbered through the whole pipeline."""
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        inner = Group(kind, f"{kind.value}-{self.numbers[kind]}", name, group)
        group.members.append(inner)
        return inner

    def fill(self, group: Group, steps: Sequence[Step]) -> None:
        """Put steps into a group: fan-outs and conditions side by side, and conditions within fan-outs."""
        for key, members in partition(steps, self.before, self.units, _outer):
            if key is None:
                group.members.extend(members)
                continue
            inner = self.grow(group, *key)
            if inner.kind is Kind.LOOP:
                self.fill_loop(inner, members)
            else:
                inner.members.extend(members)

    def fill_loop(self, loop: Group, steps: Sequence[Step]) -> None:
        """Put the steps of a fan-out into its group."""
        for key, members in partition(steps, self.before, {}, _inner):
            target = loop if key is None else self.grow(loop, *key)
            target.members.extend(members)


def _outer(step: Step) -> Key | None:
    return (Kind.LOOP, step.control.foreach) if step.control.foreach else _inner(step)


def _inner(step: Step) -> Key | None:
    return (Kind.BRANCH, step.control.when) if step.control.when else None
